/* SPDX-License-Identifier: MIT */
/* One request: which fault is due, what the API says to it, what is answered instead, and the
 * journal's line.  Everything but the drawing happens in one go under the lock, so that a job is in
 * the journal before anybody can see it, and not at all where the line could not be written.
 */
#include <stdio.h>
#include <string.h>

#include "order.h"
#include "server.h"

void answer_done(struct answer *answer)
{
	free(answer->body);
	blob_unref(answer->print);
	json_free(answer->ignored);
	answer->body = NULL;
	answer->print = NULL;
	answer->ignored = NULL;
}

static int line_write(
        struct sandbox *sandbox, const struct request *request, const struct answer *answer)
{
	CLEANUP(json_free_p) struct json *line = NULL;
	int r;

	if (sandbox->journal.fd < 0)
		return 0;
	r = line_make(sandbox, request, answer, &line);
	return r == 0 ? journal_add(&sandbox->journal, line) : r;
}

/* ---- faults ---- */

/* The text that faults are chosen by. */
static const char *text_of(const struct request *request, const struct job *job)
{
	if (job)
		return job->prompt;
	if (request->kind == REQUEST_UPLOAD)
		return request->parcel.file_name;
	return request->kind == REQUEST_CREATE ? order_prompt(request->json) : NULL;
}

static int fault_body(const struct fault *fault, struct answer *answer)
{
	free(answer->body);
	answer->body = fault->body ? strdup(fault->body) : NULL;
	answer->size = fault->body ? strlen(fault->body) : 0;
	answer->blanks = fault->body_bytes;
	answer->http = fault->http != UNSET ? (unsigned)fault->http : 200;
	answer->code = UNSET;
	answer->content_type = fault->content_type ? fault->content_type : "text/html";
	return fault->body && !answer->body ? -ENOMEM : 0;
}

/* The status for a code that the fault gives without one. */
static unsigned http_of(const struct sandbox *sandbox, const struct request *request, int64_t code)
{
	bool real = sandbox->dialect->http_is_code || request->kind == REQUEST_UPLOAD;

	return real && code >= 400 && code <= 599 ? (unsigned)code : 200;
}

static const enum trouble fault_troubles[] = {
        [CAUSE_KEY] = TROUBLE_KEY,
        [CAUSE_CREDITS] = TROUBLE_CREDITS,
        [CAUSE_RATE] = TROUBLE_RATE,
        [CAUSE_MODEL] = TROUBLE_MODEL,
        [CAUSE_VALUE] = TROUBLE_VALUE,
        [CAUSE_TASK] = TROUBLE_TASK,
        [CAUSE_SERVER] = TROUBLE_SERVER,
        [CAUSE_CLOSED] = TROUBLE_CLOSED,
};

/* The fault's own answer in the place of the right one. */
static int fault_answer(struct sandbox *sandbox, const struct request *request,
        const struct fault *fault, struct answer *answer)
{
	const struct dialect *dialect = sandbox->dialect;
	int64_t code = fault->code != UNSET   ? fault->code
	               : fault->http != UNSET ? fault->http
	                                      : 200;
	unsigned http =
	        fault->http != UNSET ? (unsigned)fault->http : http_of(sandbox, request, code);
	const char *message = fault->msg ? fault->msg : dialect_message(dialect, code);
	int r;

	if (fault->body_bytes != UNSET || fault->body)
		return fault_body(fault, answer);
	if (fault->cause != CAUSE_NONE)
		return api_refuse(sandbox, answer, fault_troubles[fault->cause], "input");
	if (request->kind == REQUEST_UPLOAD) {
		r = upload_refuse(answer, (unsigned)code, message);
		answer->http = http;
		return r;
	}
	return dialect->envelope(sandbox, answer, http, code, message, NULL);
}

/* ---- a visit ---- */

static int decide(struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	const char *task = request->result_known ? request->result_task : request->task;
	const struct fault *fault;
	int r = 0;

	answer->number = ++sandbox->answers[request->kind];
	answer->authorized = api_authorized(sandbox, request);
	answer->job = jobs_find(&sandbox->jobs, task);
	fault = scenario_fault(&sandbox->scenario, request->kind, text_of(request, answer->job));
	answer->fault = fault;
	if (fault && fault->close == FAULT_CLOSE_BEFORE) {
		answer->closes = true;
		return 0;
	}
	if (!fault || !fault_replaces(fault) || fault->accept)
		r = api_answer(sandbox, request, answer);
	if (r == 0 && fault && fault_replaces(fault)) {
		blob_unref(TAKE(answer->print));
		r = fault_answer(sandbox, request, fault, answer);
	}
	if (fault && fault->close == FAULT_CLOSE_AFTER) {
		answer->closes = true;
		answer->http = 0;
		answer->code = UNSET;
	}
	return r;
}

/* Without memory or room for the journal, nothing is accepted and the connection is closed. */
static void visit_fail(struct sandbox *sandbox, struct answer *answer, int error)
{
	if (answer->accepted)
		jobs_drop_last(&sandbox->jobs);
	answer_done(answer);
	*answer = (struct answer){.closes = true, .code = UNSET, .blanks = UNSET};
	log_error("a request was dropped: %s", strerror(-error));
}

static void visit_record(
        struct sandbox *sandbox, const struct request *request, struct answer *answer, int r)
{
	if (r == 0)
		r = line_write(sandbox, request, answer);
	if (r != 0)
		visit_fail(sandbox, answer, r);
}

/* Whether the answer is a picture that is still to be fetched from the studio. */
static bool wants_picture(const struct request *request, const struct answer *answer)
{
	return request->kind == REQUEST_DOWNLOAD && answer->http == 200 && !answer->closes &&
	       answer->blanks == UNSET && !answer->body;
}

static int picture_fetch(
        struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	struct picture_spec spec;
	char name[JOB_ID_SIZE + 16];

	if (!api_picture(request, answer->job, now_ms, &spec))
		return -ENOENT;
	snprintf(name, sizeof(name), "%s_%d", answer->job->id, spec.index);
	return studio_print(sandbox->studio, name, &spec, &answer->print);
}

void visit_decide(struct sandbox *sandbox, struct request *request, struct answer *answer)
{
	int r;

	*answer = (struct answer){.code = UNSET, .blanks = UNSET};
	{
		WITH_LOCK(&sandbox->lock);
		r = decide(sandbox, request, answer);
		if (r != 0 || !wants_picture(request, answer)) {
			visit_record(sandbox, request, answer, r);
			return;
		}
	}
	r = picture_fetch(sandbox, request, answer);
	if (r != 0) { /* for want of memory, or because the sandbox ends */
		answer->closes = true;
		answer->http = 0;
	}

	WITH_LOCK(&sandbox->lock);

	visit_record(sandbox, request, answer, 0);
}

/* ---- an earlier run ---- */

static enum request_kind kind_of(const struct json *line)
{
	const char *name = json_string(json_member(line, "request"));

	for (int kind = 0; name && kind < REQUEST_OTHER; kind++)
		if (strcmp(request_kind_names[kind], name) == 0)
			return (enum request_kind)kind;
	return REQUEST_OTHER;
}

/* Jobs and the faults' counters go on where the earlier run left them; uploads are gone. */
int visit_recall(void *context, const struct json *line, struct err *err)
{
	struct sandbox *sandbox = context;
	const char *task = json_string(json_member(line, "task"));
	const char *text = order_prompt(json_member(line, "body"));
	const struct job *job = jobs_find(&sandbox->jobs, task);
	bool accepted = false;

	if (json_type(line) != JSON_OBJECT)
		return err_set(err, -EINVAL, "not an object");
	if (!text)
		text = json_string(json_member(line, "file_name"));
	scenario_fault(&sandbox->scenario, kind_of(line), job ? job->prompt : text);
	json_bool(json_member(line, "accepted"), &accepted);
	return accepted ? create_recall(sandbox, line, task, err) : 0;
}
