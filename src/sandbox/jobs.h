/* SPDX-License-Identifier: MIT */
/* Jobs: what the simulator calls a task of the API, and the list of all that were accepted. */
#pragma once

#include "darkroom/json.h"
#include "scenario.h"

#define JOB_ID_SIZE 33 /* 32 hex digits */
#define JOB_PRICE 6.5

enum job_state { JOB_WAITING, JOB_QUEUING, JOB_GENERATING, JOB_SUCCESS, JOB_FAIL };

extern const char *const job_state_names[];

/* What is never changed after creation; so anyone may read it without a lock while the sandbox
 * lives. */
struct job {
	char id[JOB_ID_SIZE];
	int64_t created_ms;
	int64_t waiting_ms, queuing_ms, generating_ms;
	double price;
	char *model, *prompt, *aspect_ratio, *quality;
	char *param; /* the request, as recordInfo gives it back */
	int width, height;
	const struct job_rule *rule;
};

/* Why a request makes no job: what the envelope says. */
struct refusal {
	int code;
	char text[200];
};

/* Checks the body of createTask as the API does and makes the job, whose id and time the caller
 * gives.  0, -ENOMEM, or 1 with *refusal filled. */
int job_new(const struct json *body, const struct scenario *scenario, const char *id,
        int64_t now_ms, struct job **ret_job, struct refusal *refusal) NODISCARD;
void job_free(struct job *job);
void job_free_p(struct job **job);

enum job_state job_state(const struct job *job, int64_t now_ms);
/* The moment at which it succeeds or fails. */
int64_t job_end_ms(const struct job *job);
/* What it has cost by now: its price, or nothing once it has failed. */
double job_cost(const struct job *job, int64_t now_ms);
const char *job_extension(const struct job *job);

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
