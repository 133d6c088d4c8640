/* SPDX-License-Identifier: MIT */
/* revidapi: a path for each family of models, errors with their real HTTP status and a text under
 * `detail`, and every second answer inside an array.  Tasks are `waiting` until they end, with a
 * result already written down.
 */
#include "server.h"

static const struct words words[TROUBLES] = {
        [TROUBLE_PATH] = {404, 404, "Resource not found"},
        [TROUBLE_METHOD] = {405, 405, "Method Not Allowed"},
        [TROUBLE_LARGE] = {413, 413, "Request body too large"},
        [TROUBLE_KEY] = {401, 401, "Authentication failed, please check API Key"},
        [TROUBLE_TYPE] = {422, 422, "Parameter validation failed: the body is not JSON"},
        [TROUBLE_BODY] = {422, 422, "Parameter validation failed: the body is not JSON"},
        [TROUBLE_SHAPE] = {422, 422, "Parameter validation failed: %s is required"},
        [TROUBLE_MODEL] = {422, 422, "Parameter validation failed: model %s is not supported here"},
        [TROUBLE_CALL_BACK] = {422, 422, "Parameter validation failed: callBackUrl"},
        [TROUBLE_MISSING] = {422, 422, "Parameter validation failed: %s is required"},
        [TROUBLE_VALUE] = {422, 422, "Parameter validation failed: %s"},
        [TROUBLE_LENGTH] = {422, 422, "Parameter validation failed: length of %s"},
        [TROUBLE_RULE] = {422, 422, "Parameter validation failed: %s"},
        [TROUBLE_PICTURE] = {422, 422, "Parameter validation failed: image in %s"},
        [TROUBLE_TASK_ID] = {400, 400, "Invalid request parameters: taskId"},
        [TROUBLE_TASK] = {404, 404, "Resource not found"},
        [TROUBLE_URL] = {400, 400, "Invalid request parameters: url"},
        [TROUBLE_CREDITS] = {402, 402, "Insufficient account balance"},
        [TROUBLE_RATE] = {429, 429, "Request rate limit exceeded"},
        [TROUBLE_SERVER] = {500, 500, "Internal server error"},
        [TROUBLE_CLOSED] = {503, 503, "Service Unavailable"},
        [TROUBLE_FULL] = {500, 500, "This sandbox holds as much as it can"},
};

static int envelope(struct sandbox *sandbox, struct answer *answer, unsigned http, int64_t code,
        const char *message, struct json *data)
{
	CLEANUP(json_free_p) struct json *document = NULL;
	CLEANUP(json_free_p) struct json *owned = data;
	int r;

	if (http >= 400) {
		document = json_new_object();
		r = json_set(document, "detail", json_new_string(message));
	} else {
		r = envelope_make(code, message, true, TAKE(owned), &document);
	}
	if (r == 0 && answer->number % 2 == 0) {
		CLEANUP(json_free_p) struct json *array = json_new_array();

		r = json_append(array, TAKE(document));
		document = TAKE(array);
	}
	if (r != 0)
		return r;
	return answer_body(answer, http, http >= 400 ? UNSET : code, TAKE(document));
}

/* costTime is in milliseconds. */
static int ended_add(struct job *job, int64_t end_ms, struct json *data)
{
	int r = json_set(data, "costTime", json_new_integer(end_ms - job->created_ms));

	return r == 0 ? json_set(data, "completeTime", json_new_integer(end_ms)) : r;
}

static int record(const struct sandbox *sandbox, const struct request *request, struct job *job,
        int64_t now_ms, struct json **ret_data)
{
	CLEANUP(json_free_p)
	struct json *data = template_new(
	        "{\"taskId\":\"\",\"model\":\"\",\"state\":\"\",\"param\":\"\",\"resultJson\":\"\","
	        "\"failCode\":null,\"failMsg\":null,\"costTime\":null,\"completeTime\":null,"
	        "\"createTime\":0}");
	enum job_state state = job_state(job, now_ms);
	int r = record_add_job(
	        job, job_state_names[state < JOB_SUCCESS ? JOB_WAITING : state], data);

	if (r == 0 && state >= JOB_SUCCESS)
		r = ended_add(job, job_end_ms(job, now_ms), data);
	if (r == 0 && state == JOB_FAIL)
		r = record_add_failure(job, data);
	if (r == 0 && state != JOB_FAIL)
		r = record_add_result(sandbox, request, job, data);
	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

static const struct route routes[] = {
        {"POST", "/paid/seedream/create", REQUEST_CREATE, "seedream"},
        {"POST", "/paid/nano/banana/create", REQUEST_CREATE, "nano/banana"},
        {"POST", "/paid/get/taskid", REQUEST_STATUS},
        {NULL},
};

const struct dialect dialect_revidapi = {
        .name = "revidapi",
        .key_header = "x-api-key",
        .key_prefix = "",
        .routes = routes,
        .words = words,
        .body_max = (size_t)1 << 20,
        .http_is_code = true,
        .id_make = id_make_hex,
        .envelope = envelope,
        .created = created_plain,
        .record = record,
};
