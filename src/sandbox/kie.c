/* SPDX-License-Identifier: MIT */
/* kie.ai: an error is HTTP 200 with its code in the envelope, a refused key has no data member,
 * results and parameters are JSON texts within JSON.  Two older services have paths and words of
 * their own (kie-older.c).
 */
#include "server.h"

#define UNAUTHORIZED                                                               \
	"Unauthorized \xe2\x80\x93 Authentication failed. Please check that your " \
	"Authorization and Content-Type headers are correctly set."

const struct words kie_words[TROUBLES] = {
        [TROUBLE_PATH] = {404, 404, "Not Found"},
        [TROUBLE_METHOD] = {405, 405, "Method Not Allowed"},
        [TROUBLE_LARGE] = {413, 413, "Payload Too Large"},
        [TROUBLE_KEY] = {200, 401, UNAUTHORIZED},
        [TROUBLE_TYPE] = {200, 401, UNAUTHORIZED},
        [TROUBLE_BODY] = {200, 400, "The request body is not JSON"},
        [TROUBLE_SHAPE] = {200, 422, "This field is required"},
        [TROUBLE_MODEL] = {200, 422,
                "The model name you specified is not supported. Please verify your input and use "
                "one of the supported models provided by KIE."},
        [TROUBLE_CALL_BACK] = {200, 422, "Please enter callBackUrl."},
        [TROUBLE_MISSING] = {200, 500, "%s is required"},
        [TROUBLE_VALUE] = {200, 422, "%s is not within the range of allowed options"},
        [TROUBLE_LENGTH] = {200, 422, "The text length cannot exceed the maximum limit"},
        [TROUBLE_RULE] = {200, 422, "%s"},
        [TROUBLE_PICTURE] = {200, 422, "Failed to fetch the image in %s"},
        [TROUBLE_TASK_ID] = {200, 400, "taskId parameter is required"},
        [TROUBLE_TASK] = {200, 422, "recordInfo is null"},
        [TROUBLE_URL] = {200, 422, "url is wrong"},
        [TROUBLE_CREDITS] = {200, 402,
                "Credits insufficient : Your current balance isn't enough to run this request. "
                "Please top up to continue."},
        [TROUBLE_RATE] = {200, 429, "Your call frequency is too high. Please try again later."},
        [TROUBLE_SERVER] = {200, 500, "Internal server error"},
        [TROUBLE_CLOSED] = {200, 455, "The service is under maintenance. Please try again later."},
        [TROUBLE_FULL] = {200, 500, "This sandbox holds as much as it can"},
};

int kie_envelope(struct sandbox *sandbox, struct answer *answer, unsigned http, int64_t code,
        const char *message, struct json *data)
{
	struct json *document = NULL;
	int r = envelope_make(code, message, code != 401, data, &document);

	return r == 0 ? answer_body(answer, http, code, document) : r;
}

int kie_created(const struct job *job, struct json **ret_data)
{
	CLEANUP(json_free_p) struct json *data = NULL;
	int r = created_plain(job, &data);

	if (r == 0 && !job->side)
		r = json_set(data, "recordId", json_new_string(job->id));
	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

/* Times, of which costTime is in seconds. */
static int ended_add(struct job *job, int64_t end_ms, struct json *data)
{
	int r = json_set(data, "costTime", json_new_integer((end_ms - job->created_ms) / 1000));

	return r == 0 ? json_set(data, "completeTime", json_new_integer(end_ms)) : r;
}

int kie_record(const struct sandbox *sandbox, const struct request *request, struct job *job,
        int64_t now_ms, struct json **ret_data)
{
	CLEANUP(json_free_p)
	struct json *data = template_new(
	        "{\"taskId\":\"\",\"model\":\"\",\"state\":\"\",\"param\":\"\",\"resultJson\":\"\","
	        "\"failCode\":null,\"failMsg\":null,\"costTime\":null,\"completeTime\":null,"
	        "\"createTime\":0,\"creditsConsumed\":0}");
	enum job_state state = job_state(job, now_ms);
	int r = record_add_job(job, job_state_names[state], data);

	if (r == 0 && state >= JOB_SUCCESS)
		r = ended_add(job, job_end_ms(job, now_ms), data);
	if (r == 0 && state == JOB_FAIL)
		r = record_add_failure(job, data);
	if (r == 0 && state == JOB_SUCCESS)
		r = record_add_result(sandbox, request, job, data);
	if (r == 0 && state == JOB_SUCCESS)
		r = json_set(data, "creditsConsumed", json_new_double(job->price));
	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

static const struct route routes[] = {
        {"POST", "/api/v1/jobs/createTask", REQUEST_CREATE},
        {"GET", "/api/v1/jobs/recordInfo", REQUEST_STATUS},
        {"GET", "/api/v1/chat/credit", REQUEST_CREDITS},
        {"POST", "/api/v1/common/download-url", REQUEST_RENEW},
        {"POST", "/api/file-stream-upload", REQUEST_UPLOAD},
        {"POST", "/api/file-base64-upload", REQUEST_UPLOAD},
        {"POST", "/api/v1/gpt4o-image/generate", REQUEST_CREATE, "gpt4o-image", &kie_gpt4o_image},
        {"GET", "/api/v1/gpt4o-image/record-info", REQUEST_STATUS, NULL, &kie_gpt4o_image},
        {"POST", "/api/v1/flux/kontext/generate", REQUEST_CREATE, "flux-kontext",
                &kie_flux_kontext},
        {"GET", "/api/v1/flux/kontext/record-info", REQUEST_STATUS, NULL, &kie_flux_kontext},
        {NULL},
};

const struct dialect dialect_kie = {
        .name = "kie",
        .key_header = "Authorization",
        .key_prefix = "Bearer ",
        .routes = routes,
        .words = kie_words,
        .body_max = (size_t)1 << 20,
        .param_is_nested = true,
        .id_make = id_make_hex,
        .envelope = kie_envelope,
        .created = kie_created,
        .record = kie_record,
};
