/* SPDX-License-Identifier: MIT */
/* A job is what was asked and when; its state is a function of the time that has passed since, so
 * nothing has to happen for it to go on, and a restart only has to know when it began.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "jobs.h"

#define PROMPT_CHARS_MAX 3000
#define MODEL "seedream/4.5-text-to-image"

const char *const job_state_names[] = {
        [JOB_WAITING] = "waiting",
        [JOB_QUEUING] = "queuing",
        [JOB_GENERATING] = "generating",
        [JOB_SUCCESS] = "success",
        [JOB_FAIL] = "fail",
};

/* Pixels of the model's pictures. */
static const struct {
	const char *aspect_ratio;
	int basic_width, basic_height;
	int high_width, high_height;
} sizes[] = {
        {"1:1", 2048, 2048, 4096, 4096},
        {"4:3", 2304, 1728, 4704, 3520},
        {"3:4", 1728, 2304, 3520, 4704},
        {"16:9", 2848, 1600, 5504, 3040},
        {"9:16", 1600, 2848, 3040, 5504},
        {"2:3", 1664, 2496, 3328, 4992},
        {"3:2", 2496, 1664, 4992, 3328},
        {"21:9", 3136, 1344, 6240, 2656},
};

/* ---- checking a request ---- */

static int refuse(struct refusal *refusal, int code, const char *text)
{
	refusal->code = code;
	snprintf(refusal->text, sizeof(refusal->text), "%s", text);
	return 1;
}

static int refuse_missing(struct refusal *refusal, const char *key)
{
	refusal->code = 500;
	snprintf(refusal->text, sizeof(refusal->text), "%s is required", key);
	return 1;
}

static int refuse_range(struct refusal *refusal, const char *key)
{
	refusal->code = 422;
	snprintf(refusal->text, sizeof(refusal->text),
	        "%s is not within the range of allowed options", key);
	return 1;
}

/* A required text of the input. */
static int input_text(
        const struct json *input, const char *key, const char **ret_text, struct refusal *refusal)
{
	const struct json *node = json_member(input, key);
	const char *text = json_string(node);

	if (json_type(node) == JSON_NONE || (text && !*text))
		return refuse_missing(refusal, key);
	if (!text)
		return refuse_range(refusal, key);
	*ret_text = text;
	return 0;
}

static int size_find(
        const char *aspect_ratio, const char *quality, struct job *job, struct refusal *refusal)
{
	bool high = strcmp(quality, "high") == 0;

	if (!high && strcmp(quality, "basic") != 0)
		return refuse_range(refusal, "quality");
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (strcmp(sizes[i].aspect_ratio, aspect_ratio) == 0) {
			job->width = high ? sizes[i].high_width : sizes[i].basic_width;
			job->height = high ? sizes[i].high_height : sizes[i].basic_height;
			return 0;
		}
	}
	return refuse_range(refusal, "aspect_ratio");
}

static int body_check(const struct json *body, struct refusal *refusal)
{
	const char *model = json_string(json_member(body, "model"));
	const struct json *call_back = json_member(body, "callBackUrl");

	if (json_type(body) != JSON_OBJECT || json_type(json_member(body, "model")) == JSON_NONE)
		return refuse(refusal, 422, "This field is required");
	if (!model || strcmp(model, MODEL) != 0)
		return refuse(refusal, 422,
		        "The model name you specified is not supported. Please verify your input "
		        "and use one "
		        "of the supported models provided by KIE.");
	if (json_type(json_member(body, "input")) != JSON_OBJECT)
		return refuse(refusal, 422, "This field is required");
	if (json_type(call_back) != JSON_NONE && !json_string(call_back))
		return refuse(refusal, 422, "Please enter callBackUrl.");
	return 0;
}

static int input_check(const struct json *input, struct job *job, struct refusal *refusal)
{
	const struct json *checker = json_member(input, "nsfw_checker");
	const char *prompt = NULL, *aspect_ratio = NULL, *quality = NULL;
	int r = input_text(input, "prompt", &prompt, refusal);

	if (r == 0)
		r = input_text(input, "aspect_ratio", &aspect_ratio, refusal);
	if (r == 0)
		r = input_text(input, "quality", &quality, refusal);
	if (r == 0)
		r = size_find(aspect_ratio, quality, job, refusal);
	if (r != 0)
		return r;
	if (utf8_length(prompt, strlen(prompt)) > PROMPT_CHARS_MAX)
		return refuse(refusal, 422, "The text length cannot exceed the maximum limit");
	if (json_type(checker) != JSON_NONE && json_type(checker) != JSON_BOOL)
		return refuse_range(refusal, "nsfw_checker");
	job->prompt = strdup(prompt);
	job->aspect_ratio = strdup(aspect_ratio);
	job->quality = strdup(quality);
	return job->prompt && job->aspect_ratio && job->quality ? 0 : -ENOMEM;
}

/* ---- one job ---- */

/* The request as text whose input is again a text, as the API hands it back. */
static int param_write(const struct json *body, char **ret_param)
{
	CLEANUP(json_free_p) struct json *param = json_new_object();
	CLEANUP(free_p) char *input = json_text(json_member(body, "input"));
	const char *call_back = json_string(json_member(body, "callBackUrl"));
	int r = param && input ? 0 : -ENOMEM;

	if (r == 0 && call_back)
		r = json_set(param, "callBackUrl", json_new_string(call_back));
	if (r == 0)
		r = json_set(param, "input", json_new_string(input));
	if (r == 0)
		r = json_set(param, "model", json_new_string(MODEL));
	if (r != 0)
		return r;
	*ret_param = json_text(param);
	return *ret_param ? 0 : -ENOMEM;
}

static int scaled(int pixels, double scale)
{
	int result = (int)lround(pixels * scale);

	return result < 1 ? 1 : result;
}

static int64_t given(int64_t value, int64_t otherwise)
{
	return value == UNSET ? otherwise : value;
}

static void job_plan(struct job *job, const struct scenario *scenario)
{
	const struct job_rule *rule = scenario_rule(scenario, job->prompt);

	job->rule = rule;
	job->waiting_ms = given(rule->waiting_ms, scenario->waiting_ms);
	job->queuing_ms = given(rule->queuing_ms, scenario->queuing_ms);
	job->generating_ms = given(rule->generating_ms, scenario->generating_ms);
	job->width = (int)given(rule->width, scaled(job->width, scenario->scale));
	job->height = (int)given(rule->height, scaled(job->height, scenario->scale));
}

int job_new(const struct json *body, const struct scenario *scenario, const char *id,
        int64_t now_ms, struct job **ret_job, struct refusal *refusal)
{
	CLEANUP(job_free_p) struct job *job = calloc(1, sizeof(*job));
	int r = job ? body_check(body, refusal) : -ENOMEM;

	if (r == 0)
		r = input_check(json_member(body, "input"), job, refusal);
	if (r == 0)
		r = param_write(body, &job->param);
	if (r != 0)
		return r;
	job->model = strdup(MODEL);
	if (!job->model)
		return -ENOMEM;
	snprintf(job->id, sizeof(job->id), "%s", id);
	job->created_ms = now_ms;
	job->price = JOB_PRICE;
	job_plan(job, scenario);
	*ret_job = TAKE(job);
	return 0;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	free(job->model);
	free(job->prompt);
	free(job->aspect_ratio);
	free(job->quality);
	free(job->param);
	free(job);
}

void job_free_p(struct job **job)
{
	job_free(*job);
}

int64_t job_end_ms(const struct job *job)
{
	return job->created_ms + job->waiting_ms + job->queuing_ms + job->generating_ms;
}

enum job_state job_state(const struct job *job, int64_t now_ms)
{
	int64_t passed = now_ms - job->created_ms;

	if (passed < job->waiting_ms)
		return JOB_WAITING;
	if (passed < job->waiting_ms + job->queuing_ms)
		return JOB_QUEUING;
	if (now_ms < job_end_ms(job))
		return JOB_GENERATING;
	return job->rule->fails ? JOB_FAIL : JOB_SUCCESS;
}

double job_cost(const struct job *job, int64_t now_ms)
{
	return job_state(job, now_ms) == JOB_FAIL ? 0 : job->price;
}

const char *job_extension(const struct job *job)
{
	switch (job->rule->format) {
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
