/* SPDX-License-Identifier: MIT */
/* An order: checked, its pictures found, measured, paid for. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "measure.h"
#include "order.h"
#include "server.h"

#define ID_ATTEMPTS 1000
#define LABEL_CHARS_MAX 120
#define DATA_BYTES_MAX ((size_t)48 << 20)

/* ---- pictures that go in ---- */

struct finding {
	struct sandbox *sandbox;
	const struct request *request; /* NULL: an earlier run has looked at them */
	struct job *job;
	int64_t now_ms;
};

/* "data:image/png;base64,..." -EINVAL where it is not that. */
static int data_read(const char *address, struct buf *bytes)
{
	const char *comma = strchr(address, ',');
	static const char end[] = ";base64";
	size_t size = sizeof(end) - 1, head = comma ? (size_t)(comma - address) : 0;

	if (head <= size || strncasecmp(comma - size, end, size) != 0)
		return -EINVAL;
	return base64_read(comma + 1, strlen(comma + 1), bytes);
}

/* A picture within the order.  1 where it is none. */
static int data_find(struct finding *finding, const char *address, struct upload **ret_upload)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(DATA_BYTES_MAX);
	CLEANUP(blob_unref_p) struct blob *blob = NULL;
	int r = data_read(address, &bytes);

	if (r == 0)
		r = blob_new(&bytes, &blob);
	if (r == 0)
		r = uploads_add(&finding->sandbox->uploads, NULL, blob, 0, ret_upload);
	return r == -EINVAL || r == -EMSGSIZE || r == -ENOSPC ? 1 : r;
}

/* Gives the picture where it was sent here, and *ret_lost where it ought to be here and is not. */
static int upload_find(
        struct finding *finding, const char *address, struct upload **ret_upload, bool *ret_lost)
{
	static const char below[] = "/uploads/";
	CLEANUP(free_p) char *decoded = NULL;
	const char *path;
	int r = 0;

	if (strncasecmp(address, "data:", 5) == 0) {
		r = data_find(finding, address, ret_upload);
		*ret_lost = r == 1;
		return r == 1 ? 0 : r;
	}
	if (!address_is_own(finding->sandbox, finding->request, address, &path) ||
	        strncmp(path, below, sizeof(below) - 1) != 0)
		return 0;
	decoded = path_decode(path + sizeof(below) - 1);
	if (!decoded)
		return -ENOMEM;
	*ret_upload = uploads_find(&finding->sandbox->uploads, decoded, finding->now_ms);
	*ret_lost = !*ret_upload;
	return 0;
}

static bool is_too_large(const struct upload *upload, const struct json *row)
{
	int64_t mb = 0;

	return json_integer(json_member(row, "mb"), &mb) && upload->size > (size_t)mb << 20;
}

static int reference_add(void *context, const char *field, const struct json *row,
        const char *address, struct complaint *complaint)
{
	struct finding *finding = context;
	CLEANUP(free_p) char *label = text_line(address, strlen(address), LABEL_CHARS_MAX);
	struct upload *upload = NULL;
	bool lost = false;
	int r = label ? 0 : -ENOMEM;

	if (r == 0 && finding->request)
		r = upload_find(finding, address, &upload, &lost);
	if (r != 0)
		return r;
	lost = lost || (upload && (upload->kind.width == 0 || is_too_large(upload, row)));
	if (lost && finding->sandbox->dialect->refuses_pictures)
		return complain(complaint, TROUBLE_PICTURE, field);
	if (lost && !finding->job->lost) {
		finding->job->lost = strdup(label);
		if (!finding->job->lost)
			return -ENOMEM;
	}
	return job_add_reference(finding->job, label, upload);
}

/* ---- tasks that orders refer to ---- */

static int tasks_check(
        const struct sandbox *sandbox, const struct order *order, struct complaint *complaint)
{
	const struct json *fields = json_member(order->model, "fields");

	for (size_t i = 0; i < json_count(fields); i++) {
		const char *field;
		const struct json *row = json_member_at(fields, i, &field);
		const char *task = json_string(json_member(order->input, field));

		if (strcmp(json_string(json_member(row, "type")), "task") == 0 && task &&
		        !jobs_find(&sandbox->jobs, task))
			return complain(complaint, TROUBLE_VALUE, field);
	}
	return 0;
}

/* ---- the job ---- */

static void extent_of_first(const struct job *job, struct extent *extent)
{
	const struct upload *upload = job->reference_count ? job->references[0].upload : NULL;

	if (upload)
		*extent = (struct extent){upload->kind.width, upload->kind.height};
}

/* Without id.  0, -errno, or 1 with *complaint filled. */
static int job_make(struct finding *finding, const struct json *body, const struct order *order,
        struct job **ret_job, struct complaint *complaint)
{
	struct sandbox *sandbox = finding->sandbox;
	CLEANUP(job_free_p) struct job *job = NULL;
	struct extent first = {0, 0};
	struct measure measure;
	int r = job_new(body, order, sandbox->dialect->param_is_nested, &sandbox->scenario,
	        finding->now_ms, &job);

	finding->job = job;
	if (r == 0)
		r = order_each_address(order, reference_add, finding, complaint);
	if (r != 0)
		return r;
	extent_of_first(job, &first);
	order_measure(order, first, (int64_t)job->reference_count, &measure);
	job_measure(job, &measure, &sandbox->scenario);
	*ret_job = TAKE(job);
	return 0;
}

/* An id that no task has. */
static int id_give(const struct sandbox *sandbox, struct job *job)
{
	for (int attempt = 0; attempt < ID_ATTEMPTS; attempt++) {
		int r = sandbox->dialect->id_make(job->model, job->created_ms, attempt, job->id);

		if (r != 0 || !jobs_find(&sandbox->jobs, job->id))
			return r;
	}
	return -EEXIST;
}

/* Adds the job; where anything fails there is none. */
static int create_accept(struct sandbox *sandbox, struct job *job, struct answer *answer)
{
	CLEANUP(json_free_p) struct json *data = NULL;
	struct job *added = job;
	int r = jobs_add(&sandbox->jobs, job);

	if (r == -ENOSPC)
		return api_refuse(sandbox, answer, TROUBLE_FULL, NULL);
	if (r != 0)
		return r;
	r = sandbox->dialect->created(added, &data);
	if (r == 0)
		r = sandbox->dialect->envelope(sandbox, answer, 200, 200, "success", TAKE(data));
	if (r != 0) {
		jobs_drop_last(&sandbox->jobs);
		return r;
	}
	answer->accepted = true;
	answer->job = added;
	return 0;
}

int create_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	CLEANUP(order_done) struct order order = {.input = NULL};
	CLEANUP(job_free_p) struct job *job = NULL;
	struct finding finding = {
	        sandbox, request, NULL, clock_system.wall_ms(clock_system.context)};
	struct complaint complaint;
	int r;

	if (!request->json)
		return api_refuse(sandbox, answer, TROUBLE_BODY, NULL);
	r = order_read(sandbox->dialect, sandbox->models, request->route, request->json, &order,
	        &complaint);
	if (r == 0)
		r = tasks_check(sandbox, &order, &complaint);
	if (r == 0)
		r = job_make(&finding, request->slim, &order, &job, &complaint);
	if (r > 0)
		return api_refuse(sandbox, answer, complaint.trouble, complaint.about);
	if (r == 0)
		r = id_give(sandbox, job);
	if (r != 0)
		return r;
	answer->ignored = TAKE(order.ignored);
	if (sandbox->scenario.balance - jobs_cost(&sandbox->jobs, finding.now_ms) < job->price)
		return api_refuse(sandbox, answer, TROUBLE_CREDITS, NULL);
	return create_accept(sandbox, TAKE(job), answer);
}

/* ---- an earlier run ---- */

int create_recall(
        struct sandbox *sandbox, const struct json *line, const char *task, struct err *err)
{
	const struct json *body = json_member(line, "body");
	const char *lost = json_string(json_member(line, "lost"));
	const char *path = json_string(json_member(line, "path"));
	const struct route *route = path ? dialect_route(sandbox->dialect, path) : NULL;
	CLEANUP(order_done) struct order order = {.input = NULL};
	CLEANUP(job_free_p) struct job *job = NULL;
	struct finding finding = {.sandbox = sandbox};
	struct complaint complaint;
	int r;

	if (!task || !*task || strlen(task) >= JOB_ID_SIZE ||
	        strspn(task, JOB_ID_CHARS) != strlen(task) ||
	        !json_integer(json_member(line, "time_ms"), &finding.now_ms))
		return err_set(err, -EINVAL, "an accepted task without its id or time");
	if (!route || route->kind != REQUEST_CREATE)
		return err_set(err, -EINVAL, "an accepted task that was not ordered at %s",
		        sandbox->dialect->name);
	r = order_read(sandbox->dialect, sandbox->models, route, body, &order, &complaint);
	if (r == 0)
		r = job_make(&finding, body, &order, &job, &complaint);
	if (r > 0)
		return err_set(
		        err, -EINVAL, "an accepted task that is no good: %s", complaint.about);
	if (r != 0)
		return r;
	snprintf(job->id, sizeof(job->id), "%s", task);
	json_number(json_member(line, "charged"), &job->price);
	if (lost) {
		job->lost = strdup(lost);
		if (!job->lost)
			return -ENOMEM;
	}
	return jobs_add(&sandbox->jobs, TAKE(job));
}
