/* SPDX-License-Identifier: MIT */
/* The API, whatever the dialect: who may ask and how often, and what is answered. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "server.h"

int api_refuse(
        struct sandbox *sandbox, struct answer *answer, enum trouble trouble, const char *about)
{
	const struct words *words = &sandbox->dialect->words[trouble];
	const char *blank = strstr(words->text, "%s");
	char text[700];

	if (blank)
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(blank - words->text), words->text,
		        about ? about : "", blank + 2);
	else
		snprintf(text, sizeof(text), "%s", words->text);
	return sandbox->dialect->envelope(sandbox, answer, words->http, words->code, text, NULL);
}

/* Takes data over. */
static int grant(struct sandbox *sandbox, struct answer *answer, struct json *data)
{
	return sandbox->dialect->envelope(sandbox, answer, 200, 200, "success", data);
}

/* ---- who may ask, and how often ---- */

bool api_authorized(const struct sandbox *sandbox, const struct request *request)
{
	const char *given = request->key, *prefix = sandbox->dialect->key_prefix;
	size_t size = strlen(prefix);

	if (!given)
		return !sandbox->key;
	if (strncasecmp(given, prefix, size) != 0 || !given[size])
		return false;
	return !sandbox->key || strcmp(given + size, sandbox->key) == 0;
}

static bool is_json(const struct request *request)
{
	static const char type[] = "application/json";
	size_t size = sizeof(type) - 1;
	const char *given = request->content_type;

	return given && strncasecmp(given, type, size) == 0 &&
	       (given[size] == '\0' || given[size] == ';' || given[size] == ' ');
}

/* Takes a token where there is one. */
static bool bucket_take(struct bucket *bucket, const struct rate *rate)
{
	int64_t now_us = clock_system.mono_us(clock_system.context), full = rate->count * 1000;
	double gained =
	        (double)(now_us - bucket->at_us) * (double)rate->count / (double)rate->period_ms;

	/* In thousandths: so many tokens a period of milliseconds are as many thousandths a
	 * period of microseconds. */
	if (bucket->at_us == 0 || gained >= (double)full) {
		bucket->tokens = full;
		bucket->at_us = now_us;
	} else if (gained >= 1) {
		bucket->tokens += (int64_t)gained;
		bucket->at_us = now_us;
	}
	if (bucket->tokens > full)
		bucket->tokens = full;
	if (bucket->tokens < 1000)
		return false;
	bucket->tokens -= 1000;
	return true;
}

/* ---- what is asked ---- */

static int status_answer(
        struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	CLEANUP(json_free_p) struct json *data = NULL;
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	const struct side_service *side = request->route->side;
	struct job *job = answer->job;
	int r;

	if (!request->task || !*request->task)
		return api_refuse(sandbox, answer, TROUBLE_TASK_ID, NULL);
	if (!job || job->side != side ||
	        now_ms - job->created_ms < sandbox->scenario.id_visibility_ms)
		return api_refuse(sandbox, answer, TROUBLE_TASK, NULL);
	r = (side ? side->record : sandbox->dialect->record)(sandbox, request, job, now_ms, &data);
	return r == 0 ? grant(sandbox, answer, TAKE(data)) : r;
}

static int credits_answer(struct sandbox *sandbox, struct answer *answer)
{
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	double balance = sandbox->scenario.balance - jobs_cost(&sandbox->jobs, now_ms);
	struct json *data = json_new_double(balance);

	return data ? grant(sandbox, answer, data) : -ENOMEM;
}

bool api_picture(const struct request *request, struct job *job, int64_t now_ms,
        struct picture_spec *ret_spec)
{
	if (!job || !request->result_known || job_state(job, now_ms) != JOB_SUCCESS ||
	        request->result_index > job->pictures)
		return false;
	*ret_spec = job_picture(job, request->result_index);
	return true;
}

static int renew_answer(
        struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	const char *url = json_string(json_path(request->json, "url"));
	struct picture_spec spec;
	char fresh[700];
	struct json *data;

	if (!url || strlen(url) > 500 || !api_picture(request, answer->job, now_ms, &spec))
		return api_refuse(sandbox, answer, TROUBLE_URL, NULL);
	snprintf(fresh, sizeof(fresh), "%.*s?renewed=%llu", (int)strcspn(url, "?#"), url,
	        (unsigned long long)++sandbox->renewals);
	data = json_new_string(fresh);
	return data ? grant(sandbox, answer, data) : -ENOMEM;
}

/* The picture itself is added without the lock, later. */
static int download_answer(
        struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	struct picture_spec spec;

	if (!api_picture(request, answer->job, now_ms, &spec))
		return api_refuse(sandbox, answer, TROUBLE_PATH, NULL);
	answer->http = 200;
	answer->code = UNSET;
	answer->content_type = picture_content_type(spec.format);
	return 0;
}

/* ---- all ---- */

/* Why the request is refused before it is looked at. */
static enum trouble first_trouble(const struct sandbox *sandbox, const struct request *request)
{
	const char *wanted = request->route ? request->route->method : NULL;
	bool gets = wanted && strcmp(wanted, "GET") == 0;

	if (!wanted)
		return TROUBLE_PATH;
	if (strcmp(request->method, wanted) != 0 && !(gets && strcmp(request->method, "HEAD") == 0))
		return TROUBLE_METHOD;
	if (request->body_too_large)
		return TROUBLE_LARGE;
	if (request->kind == REQUEST_DOWNLOAD || request->kind == REQUEST_FILE)
		return TROUBLE_NONE;
	if (!api_authorized(sandbox, request))
		return TROUBLE_KEY;
	if ((request->kind == REQUEST_CREATE || request->kind == REQUEST_RENEW) &&
	        !is_json(request))
		return TROUBLE_TYPE;
	return TROUBLE_NONE;
}

static int refuse_first(struct sandbox *sandbox, const struct request *request,
        struct answer *answer, enum trouble trouble)
{
	if (request->kind != REQUEST_UPLOAD)
		return api_refuse(sandbox, answer, trouble, NULL);
	if (trouble == TROUBLE_KEY)
		return upload_refuse(answer, 401, "Authentication failed: Invalid API Key");
	return upload_refuse(answer, sandbox->dialect->words[trouble].http,
	        sandbox->dialect->words[trouble].text);
}

int api_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	enum trouble trouble = first_trouble(sandbox, request);

	if (trouble != TROUBLE_NONE)
		return refuse_first(sandbox, request, answer, trouble);
	switch (request->kind) {
	case REQUEST_CREATE:
		if (!bucket_take(&sandbox->create_bucket, &sandbox->scenario.create_rate))
			return api_refuse(sandbox, answer, TROUBLE_RATE, NULL);
		return create_answer(sandbox, request, answer);
	case REQUEST_STATUS:
		if (!bucket_take(&sandbox->status_bucket, &sandbox->scenario.status_rate))
			return api_refuse(sandbox, answer, TROUBLE_RATE, NULL);
		return status_answer(sandbox, request, answer);
	case REQUEST_CREDITS:
		return credits_answer(sandbox, answer);
	case REQUEST_RENEW:
		return renew_answer(sandbox, request, answer);
	case REQUEST_DOWNLOAD:
		return download_answer(sandbox, request, answer);
	case REQUEST_UPLOAD:
		return upload_answer(sandbox, request, answer);
	case REQUEST_FILE:
		return file_answer(sandbox, request, answer);
	case REQUEST_OTHER:
	case REQUEST_KINDS:
		break;
	}
	return -EINVAL;
}
