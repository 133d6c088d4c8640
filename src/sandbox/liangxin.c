/* SPDX-License-Identifier: MIT */
/* LiangXin: errors with their real HTTP status, in one envelope for tasks and another, the
 * platform's, for keys and addresses.  Pictures may be sent within the order.
 */
#include <string.h>

#include "server.h"

static const struct words words[TROUBLES] = {
        [TROUBLE_PATH] = {404, 404, "Invalid URL"},
        [TROUBLE_METHOD] = {404, 404, "Invalid URL"},
        [TROUBLE_LARGE] = {413, 413, "request body too large"},
        [TROUBLE_KEY] = {401, 401, "invalid token"},
        [TROUBLE_TYPE] = {400, 400, "invalid request: the body is not JSON"},
        [TROUBLE_BODY] = {400, 400, "invalid request: the body is not JSON"},
        [TROUBLE_SHAPE] = {400, 400, "%s is required"},
        [TROUBLE_MODEL] = {400, 400, "unsupported model: %s"},
        [TROUBLE_CALL_BACK] = {400, 400, "callBackUrl is invalid"},
        [TROUBLE_MISSING] = {400, 400, "input.%s is required"},
        [TROUBLE_VALUE] = {400, 400, "input.%s is invalid"},
        [TROUBLE_LENGTH] = {400, 400, "input.%s is too short or too long"},
        [TROUBLE_RULE] = {400, 400, "%s"},
        [TROUBLE_PICTURE] = {422, 422, "input.%s: the image cannot be fetched"},
        [TROUBLE_TASK_ID] = {400, 400, "taskId is required"},
        [TROUBLE_TASK] = {404, 404, "task not found"},
        [TROUBLE_URL] = {400, 400, "invalid url"},
        [TROUBLE_CREDITS] = {403, 403, "insufficient quota"},
        [TROUBLE_RATE] = {429, 429, "current group upstream load is saturated"},
        [TROUBLE_SERVER] = {500, 500, "upstream or internal task error"},
        [TROUBLE_CLOSED] = {503, 503, "the service is under maintenance"},
        [TROUBLE_FULL] = {500, 500, "this sandbox holds as much as it can"},
};

/* What is said before the task layer is reached. */
static int platform_error(struct answer *answer, unsigned http, const char *message)
{
	CLEANUP(json_free_p)
	struct json *document = template_new(
	        "{\"error\":{\"message\":\"\",\"type\":\"new_api_error\",\"code\":\"\"}}");
	int r = json_set(json_member(document, "error"), "message", json_new_string(message));

	return r == 0 ? answer_body(answer, http, UNSET, TAKE(document)) : r;
}

static int envelope(struct sandbox *sandbox, struct answer *answer, unsigned http, int64_t code,
        const char *message, struct json *data)
{
	bool platform =
	        code == 401 || (code == 404 && strcmp(message, words[TROUBLE_PATH].text) == 0);
	struct json *document = NULL;
	int r;

	if (platform) {
		json_free(data);
		return platform_error(answer, http, message);
	}
	r = envelope_make(code, message, true, data, &document);
	return r == 0 ? answer_body(answer, http, code, document) : r;
}

static int record(const struct sandbox *sandbox, const struct request *request, struct job *job,
        int64_t now_ms, struct json **ret_data)
{
	CLEANUP(json_free_p)
	struct json *data = template_new(
	        "{\"taskId\":\"\",\"model\":\"\",\"state\":\"\",\"param\":\"\",\"resultJson\":\"\","
	        "\"failCode\":\"\",\"failMsg\":\"\",\"createTime\":0}");
	enum job_state state = job_state(job, now_ms);
	int r = record_add_job(job, job_state_names[state], data);

	if (r == 0 && state >= JOB_SUCCESS)
		r = json_set(data, "completeTime", json_new_integer(job_end_ms(job, now_ms)));
	if (r == 0 && state == JOB_FAIL)
		r = record_add_failure(job, data);
	if (r == 0 && state == JOB_SUCCESS)
		r = record_add_result(sandbox, request, job, data);
	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

/* Names the model: task_seedream-v4-5_1777600000000. */
static int id_make(const char *model, int64_t now_ms, int attempt, char id[static JOB_ID_SIZE])
{
	return id_make_task(model, strlen(model), now_ms, attempt, id);
}

static const struct route routes[] = {
        {"POST", "/api/v1/jobs/createTask", REQUEST_CREATE},
        {"GET", "/api/v1/jobs/recordInfo", REQUEST_STATUS},
        {NULL},
};

const struct dialect dialect_liangxin = {
        .name = "liangxin",
        .key_header = "Authorization",
        .key_prefix = "Bearer ",
        .routes = routes,
        .words = words,
        .body_max = (size_t)64 << 20,
        .takes_data = true,
        .refuses_pictures = true,
        .http_is_code = true,
        .id_make = id_make,
        .envelope = envelope,
        .created = created_plain,
        .record = record,
};
