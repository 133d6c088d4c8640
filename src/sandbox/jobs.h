/* SPDX-License-Identifier: MIT */
/* Jobs: what the simulator calls a task of the API, and the list of all that were accepted. */
#pragma once

#include "darkroom/json.h"
#include "picture.h"

#define JOB_ID_SIZE 96
#define JOB_ID_CHARS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.-"

extern const char *const job_state_names[];

struct order;
struct measure;
struct side_service;

/* Nothing of it is changed after creation but opened_ms, so anyone may read it without a lock while
 * the sandbox lives. */
struct job {
	char id[JOB_ID_SIZE];
	int64_t created_ms;
	int64_t stay_ms[JOB_GENERATING + 1]; /* how long it stays in each state */
	const struct side_service *side;     /* where it was ordered; NULL: at the usual one */
	const struct hold *hold;
	int64_t opened_ms; /* atomic: when its gate was seen open; UNSET before that */
	double price;
	int pictures;
	char *model, *prompt, *seed;
	char *param; /* the request, as a query of the task gives it back */
	char ratio[24], scale[24];
	enum picture_kind kind;
	enum picture_format format;
	int width, height;
	struct reference *references; /* their labels are owned */
	size_t reference_count;
	char *lost; /* the address that could not be fetched, for which it fails; or NULL */
	const struct job_rule *rule;
};

/* Makes a job of an order, without the pictures that go into it. */
int job_new(const struct json *body, const struct order *order, bool param_is_nested,
        const struct scenario *scenario, int64_t now_ms, struct job **ret_job) NODISCARD;
/* Adds a picture that goes in; the upload is borrowed and may be NULL. */
int job_add_reference(struct job *job, const char *label, struct upload *upload) NODISCARD;
/* Takes over what the order comes to, where the scenario says nothing else. */
void job_measure(struct job *job, const struct measure *measure, const struct scenario *scenario);
void job_free(struct job *job);
void job_free_p(struct job **job);

/* Whether it ends without pictures. */
bool job_fails(const struct job *job);
enum job_state job_state(struct job *job, int64_t now_ms);
/* The moment at which it has succeeded or failed; UNSET before that. */
int64_t job_end_ms(struct job *job, int64_t now_ms);
/* What it has cost by now: its price, or nothing once it has failed. */
double job_cost(struct job *job, int64_t now_ms);
/* The file format of a picture, from 1, and its extension. */
enum picture_format job_format(const struct job *job, int index);
const char *job_extension(const struct job *job, int index);
/* What is to be drawn for that picture; borrowed from the job. */
struct picture_spec job_picture(const struct job *job, int index);

#define JOBS_MAX 20000
#define JOBS_BYTES_MAX (256u << 20)

/* All jobs in the order of their creation. */
struct jobs {
	struct job **list;
	size_t count, capacity;
	size_t bytes;
};

/* Takes the job over, also where it fails: -ENOMEM, or -ENOSPC beyond a limit. */
int jobs_add(struct jobs *jobs, struct job *job) NODISCARD;
/* Forgets the last one. */
void jobs_drop_last(struct jobs *jobs);
struct job *jobs_find(const struct jobs *jobs, const char *id);
double jobs_cost(const struct jobs *jobs, int64_t now_ms);
void jobs_done(struct jobs *jobs);
