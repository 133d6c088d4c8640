/* SPDX-License-Identifier: MIT */
/* What the parts of the running simulator share. */
#pragma once

#include "darkroom/sandbox.h"
#include "jobs.h"
#include "journal.h"
#include "studio.h"

/* A token bucket: `tokens` are thousandths, filled up to the rate's count. */
struct bucket {
	int64_t tokens, at_us;
};

struct sandbox {
	struct scenario scenario;
	char *key;
	char url[64];
	struct studio *studio;
	struct MHD_Daemon *daemon;

	pthread_mutex_t lock; /* guards what follows, the faults' counters too */
	pthread_cond_t stop;
	bool stopping;
	struct jobs jobs;
	struct journal journal;
	struct bucket create_bucket, status_bucket;
	uint64_t renewals;
};

/* A request, all borrowed; NULL where it has none. */
struct request {
	enum request_kind kind;
	const char *method, *path;
	const char *authorization, *content_type, *host, *user_agent;
	const char *task; /* of the query */
	const char *body;
	size_t body_size;
	bool body_too_large;
	struct json *json;             /* the body, where it is JSON */
	char result_task[JOB_ID_SIZE]; /* download and renew: what the address of the result names
	                                */
	int result_index;
	bool result_known;
};

/* What is to be sent. */
struct answer {
	unsigned http;            /* 0: close the connection */
	int64_t code;             /* of the envelope; UNSET: it has none */
	const char *content_type; /* borrowed */
	char *body;               /* owned */
	size_t size;
	struct print *print; /* the body instead, owned */
	int64_t blanks;      /* the body instead: so many bytes that mean nothing; UNSET */
	const struct fault *fault;
	const struct job *job; /* the one that the request is about */
	bool authorized, accepted, closes;
};

/* ---- api.c ---- */

/* Processes the request as the API does, under the lock.  -ENOMEM. */
int api_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
        NODISCARD;
bool api_authorized(const struct sandbox *sandbox, const struct request *request);
/* The envelope with that message and no data. */
int api_refuse(struct answer *answer, int64_t code, const char *message) NODISCARD;
/* The message that belongs to a code. */
const char *api_message(int64_t code);
/* The picture that a download wants; 0 where there is none. */
bool api_picture(const struct request *request, const struct job *job, int64_t now_ms,
        struct picture_spec *ret_spec);

/* ---- visit.c: one request from its arrival to its answer ---- */

/* Decides, and writes the journal.  Afterwards the answer may leave. */
void visit_decide(struct sandbox *sandbox, struct request *request, struct answer *answer);
/* Takes over a line of an earlier run; a journal_line_fn. */
int visit_recall(void *sandbox, const struct json *line, struct err *err);
void answer_done(struct answer *answer);

/* ---- serve.c: HTTP ---- */

int serve_start(struct sandbox *sandbox, const char *listen, struct err *err) NODISCARD;
void serve_stop(struct sandbox *sandbox);
/* Waits so long; false where the sandbox stops in the meantime. */
bool serve_wait(struct sandbox *sandbox, int64_t duration_ms);

/* ---- deliver.c ---- */

struct MHD_Connection;
/* Sends the answer in the way that its fault says.  Empties the answer.  An MHD_Result. */
int deliver(struct sandbox *sandbox, struct MHD_Connection *connection, struct answer *answer);
