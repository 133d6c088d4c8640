/* SPDX-License-Identifier: MIT */
/* What the dialects have in common. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "server.h"

static const struct dialect *const dialects[] = {
        &dialect_kie, &dialect_revidapi, &dialect_liangxin, &dialect_apikley};

const struct dialect *dialect_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++)
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	return NULL;
}

const char *dialect_names(void)
{
	return "kie, revidapi, liangxin, apikley";
}

const struct route *dialect_route(const struct dialect *dialect, const char *path)
{
	static const struct route files[] = {
	        {"GET", "/r/", REQUEST_DOWNLOAD},
	        {"GET", "/uploads/", REQUEST_FILE},
	};

	for (const struct route *route = dialect->routes; route->path; route++)
		if (strcmp(route->path, path) == 0)
			return route;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strncmp(files[i].path, path, strlen(files[i].path)) == 0)
			return &files[i];
	return NULL;
}

const char *dialect_message(const struct dialect *dialect, int64_t code)
{
	static const enum trouble general[] = {TROUBLE_KEY, TROUBLE_CREDITS, TROUBLE_RATE,
	        TROUBLE_SERVER, TROUBLE_CLOSED, TROUBLE_PATH, TROUBLE_METHOD, TROUBLE_LARGE};
	static const struct words others[] = {
	        {0, 200, "success"},
	        {0, 501, "Generation failed"},
	        {0, 505, "This feature is currently disabled"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(general); i++)
		if (dialect->words[general[i]].code == code)
			return dialect->words[general[i]].text;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i].code == code)
			return others[i].text;
	return "error";
}

/* ---- documents ---- */

struct json *template_new(const char *text)
{
	struct json *document = NULL;

	return json_parse(text, strlen(text), &document, NULL) == 0 ? document : NULL;
}

int answer_body(struct answer *answer, unsigned http, int64_t code, struct json *document)
{
	char *text = document ? json_text(document) : NULL;

	json_free(document);
	if (!text)
		return -ENOMEM;
	free(answer->body);
	answer->http = http;
	answer->code = code;
	answer->content_type = "application/json;charset=UTF-8";
	answer->body = text;
	answer->size = strlen(text);
	return 0;
}

int envelope_make(int64_t code, const char *message, bool with_data, struct json *data,
        struct json **ret_document)
{
	CLEANUP(json_free_p) struct json *owned = data;
	CLEANUP(json_free_p)
	struct json *document = template_new(with_data ? "{\"code\":0,\"msg\":\"\",\"data\":null}"
	                                               : "{\"code\":0,\"msg\":\"\"}");
	int r = json_set(document, "code", json_new_integer(code));

	if (r == 0)
		r = json_set(document, "msg", json_new_string(message));
	if (r == 0 && owned)
		r = json_set(document, "data", TAKE(owned));
	if (r == 0)
		*ret_document = TAKE(document);
	return r;
}

/* ---- ids ---- */

int id_make_hex(const char *model, int64_t now_ms, int attempt, char id[static JOB_ID_SIZE])
{
	unsigned char random[16];

	if (getentropy(random, sizeof(random)) != 0)
		return -errno;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(id + 2 * i, 3, "%02x", random[i]);
	return 0;
}

int id_make_task(const char *word, size_t word_size, int64_t now_ms, int attempt,
        char id[static JOB_ID_SIZE])
{
	snprintf(id, JOB_ID_SIZE, "task_%.*s_%lld", (int)word_size, word,
	        (long long)(now_ms + attempt));
	return 0;
}

/* ---- records ---- */

int created_plain(const struct job *job, struct json **ret_data)
{
	CLEANUP(json_free_p) struct json *data = json_new_object();
	int r = json_set(data, "taskId", json_new_string(job->id));

	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

int result_make(const struct sandbox *sandbox, const struct request *request, const struct job *job,
        struct json **ret_result)
{
	CLEANUP(json_free_p) struct json *result = json_new_object();
	CLEANUP(json_free_p) struct json *urls = json_new_array();
	int count = job->rule->result == RESULT_NONE ? 0 : job->pictures;
	int r = result && urls ? 0 : -ENOMEM;

	for (int i = 1; r == 0 && i <= count; i++) {
		char url[ADDRESS_SIZE];

		address_make(sandbox, request, url);
		snprintf(url + strlen(url), sizeof(url) - strlen(url), "/r/%s_%d.%s", job->id, i,
		        job_extension(job, i));
		r = json_append(urls, json_new_string(job->rule->url ? job->rule->url : url));
	}
	if (r == 0)
		r = json_set(result, "resultUrls", TAKE(urls));
	if (r == 0)
		*ret_result = TAKE(result);
	return r;
}

int record_add_result(const struct sandbox *sandbox, const struct request *request,
        const struct job *job, struct json *data)
{
	CLEANUP(json_free_p) struct json *result = NULL;
	CLEANUP(free_p) char *text = NULL;
	int r = result_make(sandbox, request, job, &result);

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

const char *failure_text(const struct job *job, char text[static FAILURE_TEXT_SIZE])
{
	if (!job->lost)
		return job->rule->fail_msg ? job->rule->fail_msg : "Internal server error";
	snprintf(text, FAILURE_TEXT_SIZE,
	        "Failed to fetch the image. Please check that the image url is accessible: %.200s",
	        job->lost);
	return text;
}

const char *failure_code(const struct job *job)
{
	if (job->lost)
		return "422";
	return job->rule->fail_code ? job->rule->fail_code : "500";
}

int record_add_failure(const struct job *job, struct json *data)
{
	char text[FAILURE_TEXT_SIZE];
	int r = json_set(data, "failCode", json_new_string(failure_code(job)));

	return r == 0 ? json_set(data, "failMsg", json_new_string(failure_text(job, text))) : r;
}

int record_add_job(const struct job *job, const char *state, struct json *data)
{
	int r = json_set(data, "taskId", json_new_string(job->id));

	if (r == 0)
		r = json_set(data, "model", json_new_string(job->model));
	if (r == 0)
		r = json_set(data, "state", json_new_string(state));
	if (r == 0)
		r = json_set(data, "param", json_new_string(job->param));
	if (r == 0)
		r = json_set(data, "createTime", json_new_integer(job->created_ms));
	return r;
}
