/* SPDX-License-Identifier: MIT */
/* The scenario: how long things take, what goes wrong and when, as read from a file. */
#pragma once

#include "darkroom/base.h"

enum request_kind {
	REQUEST_CREATE,
	REQUEST_STATUS,
	REQUEST_CREDITS,
	REQUEST_RENEW,
	REQUEST_DOWNLOAD,
	REQUEST_UPLOAD,
	REQUEST_FILE, /* an upload is fetched again */
	REQUEST_OTHER,
	REQUEST_KINDS,
};

extern const char *const request_kind_names[REQUEST_KINDS];

enum fault_close { FAULT_CLOSE_NO, FAULT_CLOSE_BEFORE, FAULT_CLOSE_AFTER };

/* What a fault refuses a request for, in the service's own words. */
enum fault_cause {
	CAUSE_NONE,
	CAUSE_KEY,
	CAUSE_CREDITS,
	CAUSE_RATE,
	CAUSE_MODEL,
	CAUSE_VALUE,
	CAUSE_TASK,
	CAUSE_SERVER,
	CAUSE_CLOSED,
};

/* A number that may be absent. */
#define UNSET INT64_C(-1)

/* One rule of what goes wrong.  Numbers are UNSET where the file says nothing. */
struct fault {
	enum request_kind on;
	char *text;
	int64_t from, to;
	int64_t delay_ms;
	int64_t http, code;
	enum fault_cause cause;
	char *msg;
	char *body, *content_type;
	int64_t body_bytes;
	bool accept; /* the request is processed although something else is answered */
	enum fault_close close;
	int64_t truncate, truncate_quietly;
	bool no_length;
	int64_t stall_ms;
	char *until;  /* the path of a file for which the answer waits */
	int64_t seen; /* requests so far that match `on` and `text` */
};

enum picture_format { PICTURE_PNG, PICTURE_JPEG, PICTURE_WEBP, PICTURE_FORMATS };
enum result_form { RESULT_STRING, RESULT_OBJECT, RESULT_RESPONSE, RESULT_NONE, RESULT_WRONG_TYPE };

enum job_state { JOB_WAITING, JOB_QUEUING, JOB_GENERATING, JOB_SUCCESS, JOB_FAIL };

/* A state that tasks do not leave before a file exists. */
struct hold {
	enum job_state state;
	char *gate; /* the file's path; NULL: nothing is held */
};

/* How tasks go whose prompt has the text. */
struct job_rule {
	char *text;
	bool fails;
	char *fail_code, *fail_msg;
	int64_t pictures;                              /* UNSET: what the order says */
	enum picture_format format;                    /* PICTURE_FORMATS: the same */
	int64_t waiting_ms, queuing_ms, generating_ms; /* UNSET: the scenario's */
	struct hold hold;                              /* nothing: the scenario's */
	enum result_form result;
	char *url;
	int64_t width, height; /* UNSET: the same */
};

struct rate {
	int64_t count, period_ms;
};

struct scenario {
	int64_t waiting_ms, queuing_ms, generating_ms;
	struct hold hold;
	double balance;
	struct rate create_rate, status_rate;
	int64_t id_visibility_ms, upload_keep_ms;
	double scale;
	struct fault *faults;
	size_t fault_count;
	struct job_rule *rules;
	size_t rule_count;
	struct job_rule plain_rule; /* for a task that no rule names */
};

/* Every default. */
void scenario_init(struct scenario *scenario);
/* Reads the file into *scenario, which scenario_init has prepared.  -errno with a sentence that
 * names the file and the member. */
int scenario_load(const char *path, struct scenario *scenario, struct err *err) NODISCARD;
void scenario_done(struct scenario *scenario);

/* Counts the request in every fault that it matches and gives the first one that is due, or NULL.
 */
const struct fault *scenario_fault(
        struct scenario *scenario, enum request_kind kind, const char *text);
/* The file for which a request of this kind waits that has just begun to arrive; NULL: none. Counts
 * nothing. */
const char *scenario_until(const struct scenario *scenario, enum request_kind kind);
/* The first rule for tasks with this prompt; never NULL. */
const struct job_rule *scenario_rule(const struct scenario *scenario, const char *prompt);
/* Whether the fault answers something else than the right answer. */
bool fault_replaces(const struct fault *fault);
