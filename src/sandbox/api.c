/* SPDX-License-Identifier: MIT */
/* The API: what kie.ai answers.  An error is HTTP 200 with its code in the envelope; a refused key
 * has no data member; results and parameters are JSON texts within JSON.
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "server.h"

#define AUTHORIZATION_PREFIX "Bearer "

static const struct {
	int64_t code;
	const char *text;
} messages[] = {
        {200, "success"},
        {400, "taskId parameter is required"},
        {401, "Unauthorized \xe2\x80\x93 Authentication failed. Please check that your "
              "Authorization and "
              "Content-Type headers are correctly set."},
        {402, "Credits insufficient : Your current balance isn't enough to run this request. "
              "Please "
              "top up to continue."},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {413, "Payload Too Large"},
        {429, "Your call frequency is too high. Please try again later."},
        {455, "The service is under maintenance. Please try again later."},
        {500, "Internal server error"},
        {501, "Generation failed"},
        {505, "This feature is currently disabled"},
};

const char *api_message(int64_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		if (messages[i].code == code)
			return messages[i].text;
	return "error";
}

/* ---- envelopes ---- */

/* A document to be filled in; what stays null in it is written as null. */
static struct json *template_new(const char *text)
{
	struct json *document = NULL;

	return json_parse(text, strlen(text), &document, NULL) == 0 ? document : NULL;
}

/* Takes data over; a NULL one is written as null, and left out with a refused key. */
static int envelope(struct answer *answer, int64_t code, const char *message, struct json *data)
{
	CLEANUP(json_free_p) struct json *owned = data;
	CLEANUP(json_free_p)
	struct json *body = template_new(code == 401 ? "{\"code\":0,\"msg\":\"\"}"
	                                             : "{\"code\":0,\"msg\":\"\",\"data\":null}");
	char *text = NULL;
	int r = json_set(body, "code", json_new_integer(code));

	if (r == 0)
		r = json_set(body, "msg", json_new_string(message));
	if (r == 0 && owned)
		r = json_set(body, "data", TAKE(owned));
	if (r == 0)
		text = json_text(body);
	if (!text)
		return -ENOMEM;
	free(answer->body);
	answer->http = 200;
	answer->code = code;
	answer->content_type = "application/json;charset=UTF-8";
	answer->body = text;
	answer->size = strlen(text);
	return 0;
}

int api_refuse(struct answer *answer, int64_t code, const char *message)
{
	return envelope(answer, code, message, NULL);
}

static int refuse_with_status(struct answer *answer, unsigned http)
{
	int r = api_refuse(answer, http, api_message(http));

	answer->http = http;
	return r;
}

/* ---- who may ask, and how often ---- */

bool api_authorized(const struct sandbox *sandbox, const struct request *request)
{
	const char *given = request->authorization;
	size_t prefix = strlen(AUTHORIZATION_PREFIX);

	if (!given)
		return !sandbox->key;
	if (strncasecmp(given, AUTHORIZATION_PREFIX, prefix) != 0 || !given[prefix])
		return false;
	return !sandbox->key || strcmp(given + prefix, sandbox->key) == 0;
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

/* ---- createTask ---- */

static int id_make(char id[static JOB_ID_SIZE])
{
	unsigned char random[(JOB_ID_SIZE - 1) / 2];

	if (getentropy(random, sizeof(random)) != 0)
		return -errno;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(id + 2 * i, 3, "%02x", random[i]);
	return 0;
}

static int created_data(const struct job *job, struct json **ret_data)
{
	CLEANUP(json_free_p) struct json *data = json_new_object();
	int r = json_set(data, "taskId", json_new_string(job->id));

	if (r == 0)
		r = json_set(data, "recordId", json_new_string(job->id));
	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

/* Adds the job; where anything fails there is none. */
static int create_accept(struct sandbox *sandbox, struct job *job, struct answer *answer)
{
	CLEANUP(json_free_p) struct json *data = NULL;
	const struct job *added = job;
	int r = jobs_add(&sandbox->jobs, job);

	if (r == -ENOSPC)
		return api_refuse(answer, 500, "This sandbox holds as many tasks as it can");
	if (r != 0)
		return r;
	r = created_data(added, &data);
	if (r == 0)
		r = envelope(answer, 200, api_message(200), TAKE(data));
	if (r != 0) {
		jobs_drop_last(&sandbox->jobs);
		return r;
	}
	answer->accepted = true;
	answer->job = added;
	return 0;
}

static int create_answer(
        struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	CLEANUP(job_free_p) struct job *job = NULL;
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	struct refusal refusal;
	char id[JOB_ID_SIZE];
	int r;

	if (!bucket_take(&sandbox->create_bucket, &sandbox->scenario.create_rate))
		return api_refuse(answer, 429, api_message(429));
	if (!request->json)
		return api_refuse(answer, 400, "The request body is not JSON");
	r = id_make(id);
	if (r == 0)
		r = job_new(request->json, &sandbox->scenario, id, now_ms, &job, &refusal);
	if (r > 0)
		return api_refuse(answer, refusal.code, refusal.text);
	if (r != 0)
		return r;
	if (sandbox->scenario.balance - jobs_cost(&sandbox->jobs, now_ms) < job->price)
		return api_refuse(answer, 402, api_message(402));
	return create_accept(sandbox, TAKE(job), answer);
}

/* ---- recordInfo ---- */

static int urls_make(const struct sandbox *sandbox, const struct request *request,
        const struct job *job, struct json **ret_result)
{
	CLEANUP(json_free_p) struct json *result = json_new_object();
	CLEANUP(json_free_p) struct json *urls = json_new_array();
	int64_t count = job->rule->result == RESULT_NONE ? 0 : job->rule->pictures;
	int r = result && urls ? 0 : -ENOMEM;

	for (int i = 1; r == 0 && i <= count; i++) {
		char url[600];

		if (request->host)
			snprintf(url, sizeof(url), "http://%.255s/r/%s_%d.%s", request->host,
			        job->id, i, job_extension(job));
		else
			snprintf(url, sizeof(url), "%s/r/%s_%d.%s", sandbox->url, job->id, i,
			        job_extension(job));
		r = json_append(urls, json_new_string(job->rule->url ? job->rule->url : url));
	}
	if (r == 0)
		r = json_set(result, "resultUrls", TAKE(urls));
	if (r == 0)
		*ret_result = TAKE(result);
	return r;
}

/* Puts the addresses where the rule says. */
static int result_add(const struct sandbox *sandbox, const struct request *request,
        const struct job *job, struct json *data)
{
	CLEANUP(json_free_p) struct json *result = NULL;
	CLEANUP(free_p) char *text = NULL;
	int r = urls_make(sandbox, request, job, &result);

	if (r != 0)
		return r;
	switch (job->rule->result) {
	case RESULT_STRING:
	case RESULT_NONE:
		text = json_text(result);
		return text ? json_set(data, "resultJson", json_new_string(text)) : -ENOMEM;
	case RESULT_OBJECT:
		return json_set(data, "resultJson", TAKE(result));
	case RESULT_RESPONSE:
		return json_set(data, "response", TAKE(result));
	case RESULT_WRONG_TYPE:
		return json_set(data, "resultJson", json_new_integer(42));
	}
	return -EINVAL;
}

static int failure_add(const struct job *job, struct json *data)
{
	const char *code = job->rule->fail_code ? job->rule->fail_code : "500";
	const char *text = job->rule->fail_msg ? job->rule->fail_msg : "Internal server error";
	int r = json_set(data, "failCode", json_new_string(code));

	return r == 0 ? json_set(data, "failMsg", json_new_string(text)) : r;
}

static int ended_add(const struct job *job, struct json *data)
{
	int64_t end_ms = job_end_ms(job);
	int r = json_set(data, "costTime", json_new_integer((end_ms - job->created_ms) / 1000));

	return r == 0 ? json_set(data, "completeTime", json_new_integer(end_ms)) : r;
}

static int record_make(const struct sandbox *sandbox, const struct request *request,
        const struct job *job, int64_t now_ms, struct json **ret_data)
{
	CLEANUP(json_free_p)
	struct json *data = template_new(
	        "{\"taskId\":\"\",\"model\":\"\",\"state\":\"\",\"param\":\"\",\"resultJson\":\"\","
	        "\"failCode\":null,\"failMsg\":null,\"costTime\":null,\"completeTime\":null,"
	        "\"createTime\":0,\"creditsConsumed\":0}");
	enum job_state state = job_state(job, now_ms);
	int r = json_set(data, "taskId", json_new_string(job->id));

	if (r == 0)
		r = json_set(data, "model", json_new_string(job->model));
	if (r == 0)
		r = json_set(data, "state", json_new_string(job_state_names[state]));
	if (r == 0)
		r = json_set(data, "param", json_new_string(job->param));
	if (r == 0)
		r = json_set(data, "createTime", json_new_integer(job->created_ms));
	if (r == 0 && (state == JOB_SUCCESS || state == JOB_FAIL))
		r = ended_add(job, data);
	if (r == 0 && state == JOB_FAIL)
		r = failure_add(job, data);
	if (r == 0 && state == JOB_SUCCESS)
		r = result_add(sandbox, request, job, data);
	if (r == 0 && state == JOB_SUCCESS)
		r = json_set(data, "creditsConsumed", json_new_double(job->price));
	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

static int status_answer(
        struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	CLEANUP(json_free_p) struct json *data = NULL;
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	const struct job *job = answer->job;
	int r;

	if (!bucket_take(&sandbox->status_bucket, &sandbox->scenario.status_rate))
		return api_refuse(answer, 429, api_message(429));
	if (!request->task || !*request->task)
		return api_refuse(answer, 400, api_message(400));
	if (!job || now_ms - job->created_ms < sandbox->scenario.id_visibility_ms)
		return api_refuse(answer, 422, "recordInfo is null");
	r = record_make(sandbox, request, job, now_ms, &data);
	return r == 0 ? envelope(answer, 200, api_message(200), TAKE(data)) : r;
}

/* ---- credits, fresh links, pictures ---- */

static int credits_answer(struct sandbox *sandbox, struct answer *answer)
{
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	double balance = sandbox->scenario.balance - jobs_cost(&sandbox->jobs, now_ms);
	struct json *data = json_new_double(balance);

	return data ? envelope(answer, 200, api_message(200), data) : -ENOMEM;
}

bool api_picture(const struct request *request, const struct job *job, int64_t now_ms,
        struct picture_spec *ret_spec)
{
	if (!job || !request->result_known || job_state(job, now_ms) != JOB_SUCCESS ||
	        request->result_index > job->rule->pictures)
		return false;
	*ret_spec = (struct picture_spec){
	        .prompt = job->prompt,
	        .model = job->model,
	        .aspect_ratio = job->aspect_ratio,
	        .quality = job->quality,
	        .width = job->width,
	        .height = job->height,
	        .index = request->result_index,
	        .format = job->rule->format,
	};
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
		return api_refuse(answer, 422, "url is wrong");
	snprintf(fresh, sizeof(fresh), "%.*s?renewed=%llu", (int)strcspn(url, "?#"), url,
	        (unsigned long long)++sandbox->renewals);
	data = json_new_string(fresh);
	return data ? envelope(answer, 200, api_message(200), data) : -ENOMEM;
}

/* The picture itself is added without the lock, later. */
static int download_answer(const struct request *request, struct answer *answer)
{
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	struct picture_spec spec;

	if (!api_picture(request, answer->job, now_ms, &spec))
		return refuse_with_status(answer, 404);
	answer->http = 200;
	answer->code = UNSET;
	answer->content_type = picture_content_type(spec.format);
	return 0;
}

/* ---- all ---- */

/* The refusal that comes before the request is looked at, if any. */
static int refuse_first(
        const struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	bool posts = request->kind == REQUEST_CREATE || request->kind == REQUEST_RENEW;
	bool head = strcmp(request->method, "HEAD") == 0;

	if (request->kind == REQUEST_OTHER)
		return refuse_with_status(answer, 404);
	if (strcmp(request->method, posts ? "POST" : "GET") != 0 && (posts || !head))
		return refuse_with_status(answer, 405);
	if (request->body_too_large)
		return refuse_with_status(answer, 413);
	if (request->kind == REQUEST_DOWNLOAD)
		return 0;
	if (!api_authorized(sandbox, request) || (posts && !is_json(request)))
		return api_refuse(answer, 401, api_message(401));
	return 0;
}

int api_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	int r = refuse_first(sandbox, request, answer);

	if (r != 0 || answer->http != 0)
		return r;
	switch (request->kind) {
	case REQUEST_CREATE:
		return create_answer(sandbox, request, answer);
	case REQUEST_STATUS:
		return status_answer(sandbox, request, answer);
	case REQUEST_CREDITS:
		return credits_answer(sandbox, answer);
	case REQUEST_RENEW:
		return renew_answer(sandbox, request, answer);
	case REQUEST_DOWNLOAD:
		return download_answer(request, answer);
	case REQUEST_OTHER:
	case REQUEST_KINDS:
		break;
	}
	return -EINVAL;
}
