/* SPDX-License-Identifier: MIT */
/* kie.ai's two older services, 4o image and Flux Kontext: a number says how a task goes, and its
 * pictures are addresses under `response`.
 */
#include <stdio.h>

#include "server.h"

/* successFlag */
enum flag {
	FLAG_GENERATING,
	FLAG_SUCCESS,
	FLAG_NOT_CREATED, /* it came to nothing before anything was drawn */
	FLAG_FAILED,
};

static enum flag flag_of(struct job *job, int64_t now_ms)
{
	enum job_state state = job_state(job, now_ms);

	if (state == JOB_SUCCESS)
		return FLAG_SUCCESS;
	if (state != JOB_FAIL)
		return FLAG_GENERATING;
	return job->lost ? FLAG_NOT_CREATED : FLAG_FAILED;
}

/* A number where it is one. */
static struct json *code_new(const char *text)
{
	uint64_t number = 0;

	return text_u64(text, INT32_MAX, &number) ? json_new_integer((int64_t)number)
	                                          : json_new_string(text);
}

/* taskId, paramJson, successFlag, errorCode, errorMessage.  lost_code is the one for a picture that
 * cannot be fetched. */
static int common_add(
        const struct job *job, enum flag flag, const char *lost_code, struct json *data)
{
	char text[FAILURE_TEXT_SIZE];
	int r = json_set(data, "taskId", json_new_string(job->id));

	if (r == 0)
		r = json_set(data, "paramJson", json_new_string(job->param));
	if (r == 0)
		r = json_set(data, "successFlag", json_new_integer(flag));
	if (r != 0 || flag == FLAG_GENERATING)
		return r;
	if (flag == FLAG_SUCCESS)
		return json_set(data, "errorMessage", json_new_string(""));
	r = json_set(data, "errorCode", code_new(job->lost ? lost_code : failure_code(job)));
	return r == 0 ? json_set(data, "errorMessage", json_new_string(failure_text(job, text)))
	              : r;
}

/* ---- 4o image ---- */

static int gpt4o_result_add(const struct sandbox *sandbox, const struct request *request,
        const struct job *job, struct json *data)
{
	struct json *result = NULL;
	int r;

	if (job->rule->result == RESULT_WRONG_TYPE)
		return json_set(data, "response", json_new_integer(42));
	r = result_make(sandbox, request, job, &result);
	return r == 0 ? json_set(data, "response", result) : r;
}

static int gpt4o_record(const struct sandbox *sandbox, const struct request *request,
        struct job *job, int64_t now_ms, struct json **ret_data)
{
	static const char *const statuses[] = {
	        "GENERATING", "SUCCESS", "CREATE_TASK_FAILED", "GENERATE_FAILED"};
	CLEANUP(json_free_p)
	struct json *data = template_new(
	        "{\"taskId\":\"\",\"paramJson\":\"\",\"completeTime\":null,\"response\":null,"
	        "\"successFlag\":0,\"status\":\"\",\"errorCode\":null,\"errorMessage\":null,"
	        "\"createTime\":0,\"progress\":\"0.00\"}");
	enum flag flag = flag_of(job, now_ms);
	int r = common_add(job, flag, "451", data);

	if (r == 0)
		r = json_set(data, "status", json_new_string(statuses[flag]));
	if (r == 0)
		r = json_set(data, "createTime", json_new_integer(job->created_ms));
	if (r == 0 && flag != FLAG_GENERATING)
		r = json_set(data, "completeTime", json_new_integer(job_end_ms(job, now_ms)));
	if (r == 0 && flag == FLAG_SUCCESS)
		r = json_set(data, "progress", json_new_string("1.00"));
	if (r == 0 && flag == FLAG_SUCCESS)
		r = gpt4o_result_add(sandbox, request, job, data);
	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

const struct side_service kie_gpt4o_image = {"4o-image-api", gpt4o_record};

/* ---- Flux Kontext ---- */

static int time_add(struct json *data, const char *key, int64_t time_ms)
{
	char text[TIME_TEXT_SIZE];

	time_text(time_ms, text);
	return json_set(data, key, json_new_string(text));
}

/* One picture at two addresses: where it was made, and here. */
static int kontext_result_add(const struct sandbox *sandbox, const struct request *request,
        const struct job *job, struct json *data)
{
	CLEANUP(json_free_p)
	struct json *response = template_new("{\"originImageUrl\":null,\"resultImageUrl\":null}");
	CLEANUP(json_free_p) struct json *result = NULL;
	const char *url;
	int r = response ? 0 : -ENOMEM;

	if (job->rule->result == RESULT_WRONG_TYPE)
		return json_set(data, "response", json_new_integer(42));
	if (r == 0)
		r = result_make(sandbox, request, job, &result);
	url = json_string(json_path(result, "resultUrls.0"));
	if (r == 0 && url) {
		CLEANUP(free_p) char *origin = NULL;

		if (asprintf(&origin, "%s?origin", url) < 0) {
			origin = NULL;
			return -ENOMEM;
		}
		r = json_set(response, "originImageUrl", json_new_string(origin));
	}
	if (r == 0 && url)
		r = json_set(response, "resultImageUrl", json_new_string(url));
	return r == 0 ? json_set(data, "response", TAKE(response)) : r;
}

static int kontext_record(const struct sandbox *sandbox, const struct request *request,
        struct job *job, int64_t now_ms, struct json **ret_data)
{
	CLEANUP(json_free_p)
	struct json *data = template_new(
	        "{\"taskId\":\"\",\"paramJson\":\"\",\"completeTime\":null,\"response\":null,"
	        "\"successFlag\":0,\"errorCode\":null,\"errorMessage\":null,\"createTime\":\"\"}");
	enum flag flag = flag_of(job, now_ms);
	int r = common_add(job, flag, "400", data);

	if (r == 0)
		r = time_add(data, "createTime", job->created_ms);
	if (r == 0 && flag != FLAG_GENERATING)
		r = time_add(data, "completeTime", job_end_ms(job, now_ms));
	if (r == 0 && flag == FLAG_SUCCESS)
		r = kontext_result_add(sandbox, request, job, data);
	if (r == 0)
		*ret_data = TAKE(data);
	return r;
}

const struct side_service kie_flux_kontext = {"flux-kontext-pro", kontext_record};
