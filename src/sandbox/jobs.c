/* SPDX-License-Identifier: MIT */
/* A job is what was asked and when; its state is a function of the time that has passed since and
 * of its gate, so nothing has to happen for it to go on, and a restart only has to know when it
 * began.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "jobs.h"
#include "measure.h"
#include "order.h"

const char *const job_state_names[] = {
        [JOB_WAITING] = "waiting",
        [JOB_QUEUING] = "queuing",
        [JOB_GENERATING] = "generating",
        [JOB_SUCCESS] = "success",
        [JOB_FAIL] = "fail",
};

/* ---- making one ---- */

/* The request as a text; the input, where it has one, may be a text within it. */
static int param_write(const struct json *body, bool nested, char **ret_param)
{
	const struct json *input = json_member(body, "input");
	CLEANUP(json_free_p) struct json *param = json_copy(body);
	int r = param ? 0 : -ENOMEM;

	if (r == 0 && nested && input) {
		CLEANUP(free_p) char *text = json_text(input);

		r = text ? json_set(param, "input", json_new_string(text)) : -ENOMEM;
	}
	*ret_param = r == 0 ? json_text(param) : NULL;
	return r == 0 && !*ret_param ? -ENOMEM : r;
}

static int64_t given(int64_t value, int64_t otherwise)
{
	return value == UNSET ? otherwise : value;
}

static void job_plan(struct job *job, const struct scenario *scenario)
{
	const struct job_rule *rule = scenario_rule(scenario, job->prompt);

	job->rule = rule;
	job->stay_ms[JOB_WAITING] = given(rule->waiting_ms, scenario->waiting_ms);
	job->stay_ms[JOB_QUEUING] = given(rule->queuing_ms, scenario->queuing_ms);
	job->stay_ms[JOB_GENERATING] = given(rule->generating_ms, scenario->generating_ms);
	job->hold = rule->hold.gate ? &rule->hold : &scenario->hold;
	job->opened_ms = UNSET;
}

int job_new(const struct json *body, const struct order *order, bool param_is_nested,
        const struct scenario *scenario, int64_t now_ms, struct job **ret_job)
{
	CLEANUP(job_free_p) struct job *job = calloc(1, sizeof(*job));
	const struct json *seed = order_value(order, "seed");
	int r = job ? param_write(body, param_is_nested, &job->param) : -ENOMEM;

	if (r != 0)
		return r;
	job->created_ms = now_ms;
	job->side = order->side;
	job->model = strdup(order->model_name);
	job->prompt = strdup(order->prompt);
	job->seed = json_type(seed) == JSON_NONE ? strdup("") : json_text(seed);
	if (!job->model || !job->prompt || !job->seed)
		return -ENOMEM;
	job_plan(job, scenario);
	*ret_job = TAKE(job);
	return 0;
}

int job_add_reference(struct job *job, const char *label, struct upload *upload)
{
	struct reference *list =
	        reallocarray(job->references, job->reference_count + 1, sizeof(*list));
	char *copy;

	if (!list)
		return -ENOMEM;
	job->references = list;
	copy = strdup(label);
	if (!copy)
		return -ENOMEM;
	list[job->reference_count++] = (struct reference){copy, upload};
	return 0;
}

static int scaled(int pixels, double scale)
{
	int result = (int)lround(pixels * scale);

	return result < 1 ? 1 : result;
}

void job_measure(struct job *job, const struct measure *measure, const struct scenario *scenario)
{
	double scale =
	        measure->from_picture && job->reference_count > 0 && job->references[0].upload
	                ? 1
	                : scenario->scale;

	snprintf(job->ratio, sizeof(job->ratio), "%s", measure->ratio);
	snprintf(job->scale, sizeof(job->scale), "%s", measure->scale);
	job->kind = measure->kind;
	job->format = measure->format;
	job->price = measure->price;
	job->pictures = (int)given(job->rule->pictures, measure->pictures);
	job->width = (int)given(job->rule->width, scaled(measure->width, scale));
	job->height = (int)given(job->rule->height, scaled(measure->height, scale));
}

void job_free(struct job *job)
{
	if (!job)
		return;
	for (size_t i = 0; i < job->reference_count; i++)
		free((char *)job->references[i].label);
	free(job->references);
	free(job->model);
	free(job->prompt);
	free(job->seed);
	free(job->param);
	free(job->lost);
	free(job);
}

void job_free_p(struct job **job)
{
	job_free(*job);
}

/* ---- its life ---- */

bool job_fails(const struct job *job)
{
	return job->rule->fails || job->lost;
}

/* When the job's gate was opened: the time of the file's last change, so that it is the same after
 * a restart.  Once open it stays so for this job.  UNSET while it is closed. */
static int64_t job_opened_ms(struct job *job, int64_t now_ms)
{
	int64_t opened_ms = __atomic_load_n(&job->opened_ms, __ATOMIC_RELAXED);
	struct stat status;

	if (opened_ms != UNSET || stat(job->hold->gate, &status) != 0)
		return opened_ms;
	opened_ms = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
	if (opened_ms > now_ms)
		opened_ms = now_ms;
	if (opened_ms < 0)
		opened_ms = 0;
	__atomic_store_n(&job->opened_ms, opened_ms, __ATOMIC_RELAXED);
	return opened_ms;
}

/* Goes through the states that take time.  *ret_until_ms is the end of the one that it is in: UNSET
 * while the gate is closed, and in the past where the job has ended. */
static enum job_state job_follow(struct job *job, int64_t now_ms, int64_t *ret_until_ms)
{
	int64_t until_ms = job->created_ms;

	for (int state = JOB_WAITING; state <= JOB_GENERATING; state++) {
		until_ms += job->stay_ms[state];
		*ret_until_ms = until_ms;
		if (job->hold->gate && (int)job->hold->state == state) {
			int64_t opened_ms = job_opened_ms(job, now_ms);

			if (opened_ms > until_ms)
				until_ms = opened_ms;
			*ret_until_ms = opened_ms == UNSET ? UNSET : until_ms;
		}
		if (*ret_until_ms == UNSET || now_ms < until_ms)
			return (enum job_state)state;
	}
	return job_fails(job) ? JOB_FAIL : JOB_SUCCESS;
}

enum job_state job_state(struct job *job, int64_t now_ms)
{
	int64_t until_ms;

	return job_follow(job, now_ms, &until_ms);
}

int64_t job_end_ms(struct job *job, int64_t now_ms)
{
	int64_t until_ms;

	return job_follow(job, now_ms, &until_ms) < JOB_SUCCESS ? UNSET : until_ms;
}

double job_cost(struct job *job, int64_t now_ms)
{
	return job_fails(job) && job_state(job, now_ms) == JOB_FAIL ? 0 : job->price;
}

/* ---- its pictures ---- */

enum picture_format job_format(const struct job *job, int index)
{
	if (job->rule->format != PICTURE_FORMATS)
		return job->rule->format;
	/* Only the base of layers has a choice. */
	return job->kind == PICTURE_LAYERS && index > 1 ? PICTURE_PNG : job->format;
}

const char *job_extension(const struct job *job, int index)
{
	switch (job_format(job, index)) {
	case PICTURE_PNG:
		return "png";
	case PICTURE_JPEG:
		return "jpg";
	case PICTURE_WEBP:
		return "webp";
	case PICTURE_FORMATS:
		break;
	}
	return "bin";
}

struct picture_spec job_picture(const struct job *job, int index)
{
	return (struct picture_spec){
	        .kind = job->kind,
	        .prompt = job->prompt,
	        .model = job->model,
	        .ratio = job->ratio,
	        .scale = job->scale,
	        .seed = job->seed,
	        .width = job->width,
	        .height = job->height,
	        .index = index,
	        .count = job->pictures,
	        .format = job_format(job, index),
	        .references = job->references,
	        .reference_count = job->reference_count,
	};
}

/* ---- all jobs ---- */

static size_t job_bytes(const struct job *job)
{
	return sizeof(*job) + strlen(job->prompt) + strlen(job->param);
}

int jobs_add(struct jobs *jobs, struct job *job)
{
	CLEANUP(job_free_p) struct job *owned = job;

	if (jobs->count >= JOBS_MAX || jobs->bytes + job_bytes(owned) > JOBS_BYTES_MAX)
		return -ENOSPC;
	if (jobs->count == jobs->capacity) {
		size_t capacity = jobs->capacity ? jobs->capacity * 2 : 64;
		struct job **list = reallocarray(jobs->list, capacity, sizeof(*list));

		if (!list)
			return -ENOMEM;
		jobs->list = list;
		jobs->capacity = capacity;
	}
	jobs->bytes += job_bytes(owned);
	jobs->list[jobs->count++] = TAKE(owned);
	return 0;
}

void jobs_drop_last(struct jobs *jobs)
{
	struct job *job = jobs->list[--jobs->count];

	jobs->bytes -= job_bytes(job);
	job_free(job);
}

struct job *jobs_find(const struct jobs *jobs, const char *id)
{
	for (size_t i = jobs->count; id && i-- > 0;)
		if (strcmp(jobs->list[i]->id, id) == 0)
			return jobs->list[i];
	return NULL;
}

double jobs_cost(const struct jobs *jobs, int64_t now_ms)
{
	double cost = 0;

	for (size_t i = 0; i < jobs->count; i++)
		cost += job_cost(jobs->list[i], now_ms);
	return cost;
}

void jobs_done(struct jobs *jobs)
{
	for (size_t i = 0; i < jobs->count; i++)
		job_free(jobs->list[i]);
	free(jobs->list);
	*jobs = (struct jobs){0};
}
