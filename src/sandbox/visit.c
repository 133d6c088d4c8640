/* SPDX-License-Identifier: MIT */
/* One request: which fault is due, what the API says to it, what is answered instead, and the
 * journal's line.  Everything but the drawing happens in one go under the lock, so that a job is in
 * the journal before anybody can see it, and not at all where the line could not be written.
 */
#include <stdio.h>
#include <string.h>

#include "server.h"

#define JOURNAL_BODY_CHARS_MAX 10000
#define JOURNAL_TEXT_CHARS_MAX 1000

void answer_done(struct answer *answer)
{
	free(answer->body);
	print_unref(answer->print);
	answer->body = NULL;
	answer->print = NULL;
}

/* ---- the journal ---- */

static struct json *line_text(const char *text, size_t size, size_t max_chars)
{
	CLEANUP(free_p) char *clean = text_line(text, size, max_chars);

	return clean ? json_new_string(clean) : NULL;
}

static int line_set_text(struct json *line, const char *key, const char *text)
{
	return text ? json_set(line, key, line_text(text, strlen(text), JOURNAL_TEXT_CHARS_MAX))
	            : 0;
}

/* What was sent: the JSON, or the bytes as a text. */
static int line_set_body(struct json *line, const struct request *request)
{
	if (request->json && json_type(request->json) != JSON_NONE)
		return json_set(line, "body", json_copy(request->json));
	return json_set(line, "body",
	        line_text(request->body ? request->body : "", request->body_size,
	                JOURNAL_BODY_CHARS_MAX));
}

static int line_set_task(
        struct json *line, const struct request *request, const struct answer *answer)
{
	if (answer->job)
		return line_set_text(line, "task", answer->job->id);
	if (request->task && *request->task)
		return line_set_text(line, "task", request->task);
	return request->result_known ? line_set_text(line, "task", request->result_task) : 0;
}

static int line_set_create(
        struct json *line, const struct request *request, const struct answer *answer)
{
	int r = json_set(line, "accepted", json_new_bool(answer->accepted));

	if (r == 0)
		r = json_set(line, "charged",
		        json_new_double(answer->accepted ? answer->job->price : 0));
	return r == 0 ? line_set_body(line, request) : r;
}

static int line_set_outcome(
        const struct sandbox *sandbox, struct json *line, const struct answer *answer)
{
	int r = json_set(line, "http", json_new_integer(answer->http));

	if (r == 0 && answer->code != UNSET)
		r = json_set(line, "code", json_new_integer(answer->code));
	if (r == 0 && answer->fault)
		r = json_set(
		        line, "fault", json_new_integer(answer->fault - sandbox->scenario.faults));
	return r;
}

static int line_make(const struct sandbox *sandbox, const struct request *request,
        const struct answer *answer, struct json **ret_line)
{
	static const char template[] =
	        "{\"time_ms\":0,\"request\":\"\",\"method\":\"\",\"path\":\"\",\"authorized\":"
	        "false,"
	        "\"has_key\":false,\"user_agent\":null,\"http\":0,\"code\":null,\"task\":null,"
	        "\"fault\":null}";
	CLEANUP(json_free_p) struct json *line = NULL;
	int64_t time_ms = answer->accepted ? answer->job->created_ms
	                                   : clock_system.wall_ms(clock_system.context);
	int r = json_parse(template, sizeof(template) - 1, &line, NULL);

	if (r == 0)
		r = json_set(line, "time_ms", json_new_integer(time_ms));
	if (r == 0)
		r = line_set_text(line, "request", request_kind_names[request->kind]);
	if (r == 0)
		r = line_set_text(line, "method", request->method);
	if (r == 0)
		r = line_set_text(line, "path", request->path);
	if (r == 0)
		r = json_set(line, "authorized", json_new_bool(answer->authorized));
	if (r == 0)
		r = json_set(line, "has_key", json_new_bool(request->authorization != NULL));
	if (r == 0)
		r = line_set_text(line, "user_agent", request->user_agent);
	if (r == 0)
		r = line_set_outcome(sandbox, line, answer);
	if (r == 0)
		r = line_set_task(line, request, answer);
	if (r == 0 && request->kind == REQUEST_CREATE)
		r = line_set_create(line, request, answer);
	if (r == 0)
		*ret_line = TAKE(line);
	return r;
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

static const char *prompt_of(const struct request *request, const struct job *job)
{
	if (job)
		return job->prompt;
	return request->kind == REQUEST_CREATE
	               ? json_string(json_path(request->json, "input.prompt"))
	               : NULL;
}

/* The fault's own answer in the place of the right one. */
static int fault_answer(const struct fault *fault, struct answer *answer)
{
	int64_t http = fault->http != UNSET ? fault->http : 200;
	int64_t code = fault->code != UNSET ? fault->code : http;
	int r = 0;

	if (fault->body_bytes != UNSET || fault->body) {
		free(answer->body);
		answer->body = fault->body ? strdup(fault->body) : NULL;
		answer->size = fault->body ? strlen(fault->body) : 0;
		answer->blanks = fault->body_bytes;
		answer->code = UNSET;
		answer->content_type = fault->content_type ? fault->content_type : "text/html";
		r = fault->body && !answer->body ? -ENOMEM : 0;
	} else {
		r = api_refuse(answer, code, fault->msg ? fault->msg : api_message(code));
	}
	answer->http = (unsigned)http;
	return r;
}

/* ---- a visit ---- */

static int decide(struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	const char *task = request->result_known ? request->result_task : request->task;
	const struct fault *fault;
	int r = 0;

	answer->authorized = api_authorized(sandbox, request);
	answer->job = jobs_find(&sandbox->jobs, task);
	fault = scenario_fault(&sandbox->scenario, request->kind, prompt_of(request, answer->job));
	answer->fault = fault;
	if (fault && fault->close == FAULT_CLOSE_BEFORE) {
		answer->closes = true;
		return 0;
	}
	if (!fault || !fault_replaces(fault) || fault->accept)
		r = api_answer(sandbox, request, answer);
	if (r == 0 && fault && fault_replaces(fault))
		r = fault_answer(fault, answer);
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
	char name[64];

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

/* Makes the job again that the line says was accepted. */
static int job_recall(
        struct sandbox *sandbox, const struct json *line, const char *task, struct err *err)
{
	struct job *job = NULL;
	struct refusal refusal;
	int64_t time_ms = 0;
	int r;

	if (!task || strlen(task) != JOB_ID_SIZE - 1 ||
	        !json_integer(json_member(line, "time_ms"), &time_ms))
		return err_set(err, -EINVAL, "an accepted task without its id or time");
	r = job_new(json_member(line, "body"), &sandbox->scenario, task, time_ms, &job, &refusal);
	if (r > 0)
		return err_set(err, -EINVAL, "an accepted task that is no good: %s", refusal.text);
	if (r != 0)
		return r;
	json_number(json_member(line, "charged"), &job->price);
	return jobs_add(&sandbox->jobs, job);
}

/* Jobs and the faults' counters go on where the earlier run left them. */
int visit_recall(void *context, const struct json *line, struct err *err)
{
	struct sandbox *sandbox = context;
	const char *task = json_string(json_member(line, "task"));
	const char *prompt = json_string(json_path(line, "body.input.prompt"));
	const struct job *job = jobs_find(&sandbox->jobs, task);
	bool accepted = false;

	if (json_type(line) != JSON_OBJECT)
		return err_set(err, -EINVAL, "not an object");
	scenario_fault(&sandbox->scenario, kind_of(line), job ? job->prompt : prompt);
	json_bool(json_member(line, "accepted"), &accepted);
	return accepted ? job_recall(sandbox, line, task, err) : 0;
}
