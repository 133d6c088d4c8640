/* SPDX-License-Identifier: MIT */
/* The journal's line about a request: what was asked and what came of it, never a key and never the
 * bytes of a picture.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "server.h"

#define BODY_CHARS_MAX 10000
#define TEXT_CHARS_MAX 1000
#define DATA_HEAD_CHARS_MAX 40
#define DATA_CHARS_MIN 200

/* ---- bodies without bytes ---- */

static struct json *text_slim(const char *text)
{
	size_t size = strlen(text);
	char short_text[DATA_HEAD_CHARS_MAX + 60];

	if (strncasecmp(text, "data:", 5) != 0 || size < DATA_CHARS_MIN)
		return json_new_string(text);
	snprintf(short_text, sizeof(short_text), "%.*s... (%zu characters)", DATA_HEAD_CHARS_MAX,
	        text, size);
	return json_new_string(short_text);
}

static int array_slim(const struct json *array, struct json **ret_slim)
{
	CLEANUP(json_free_p) struct json *slim = json_new_array();
	int r = slim ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < json_count(array); i++) {
		const struct json *item = json_element(array, i);
		const char *text = json_string(item);

		if (text)
			r = json_append(slim, text_slim(text));
		else if (json_type(item) != JSON_NONE)
			r = json_append(slim, json_copy(item));
	}
	if (r == 0)
		*ret_slim = TAKE(slim);
	return r;
}

/* Addresses are texts, or in lists, right in the input, or in a body without one. */
static int input_slim(const struct json *input, struct json *slim)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_count(input); i++) {
		const char *key;
		const struct json *node = json_member_at(input, i, &key);
		struct json *list = NULL;

		if (json_string(node)) {
			r = json_set(slim, key, text_slim(json_string(node)));
		} else if (json_type(node) == JSON_ARRAY) {
			r = array_slim(node, &list);
			if (r == 0)
				r = json_set(slim, key, list);
		}
	}
	return r;
}

int body_slim(const struct json *body, struct json **ret_slim)
{
	CLEANUP(json_free_p) struct json *slim = json_copy(body);
	const struct json *input = json_member(body, "input");
	int r = slim ? 0 : -ENOMEM;

	if (r == 0 && json_type(input) == JSON_OBJECT)
		r = input_slim(input, json_member(slim, "input"));
	else if (r == 0 && json_type(body) == JSON_OBJECT)
		r = input_slim(body, slim);
	if (r == 0)
		*ret_slim = TAKE(slim);
	return r;
}

/* ---- lines ---- */

static struct json *line_text(const char *text, size_t size, size_t max_chars)
{
	CLEANUP(free_p) char *clean = text_line(text, size, max_chars);

	return clean ? json_new_string(clean) : NULL;
}

static int line_set_text(struct json *line, const char *key, const char *text)
{
	return text ? json_set(line, key, line_text(text, strlen(text), TEXT_CHARS_MAX)) : 0;
}

/* What was sent: the JSON, or the bytes as a text. */
static int line_set_body(struct json *line, const struct request *request)
{
	if (request->slim && json_type(request->slim) != JSON_NONE)
		return json_set(line, "body", json_copy(request->slim));
	return json_set(line, "body",
	        line_text(request->body ? request->body : "", request->body_size, BODY_CHARS_MAX));
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

static int reference_note(const struct reference *reference, struct json *list)
{
	CLEANUP(json_free_p) struct json *note = json_new_object();
	int r = json_set(note, "address", json_new_string(reference->label));

	if (r == 0 && reference->upload)
		r = json_set(note, "sha256", json_new_string(reference->upload->digest));
	return r == 0 ? json_append(list, TAKE(note)) : r;
}

static int line_set_references(struct json *line, const struct job *job)
{
	CLEANUP(json_free_p) struct json *list = json_new_array();
	int r = list ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < job->reference_count; i++)
		r = reference_note(&job->references[i], list);
	return r == 0 ? json_set(line, "references", TAKE(list)) : r;
}

static int line_set_create(
        struct json *line, const struct request *request, const struct answer *answer)
{
	const struct job *job = answer->accepted ? answer->job : NULL;
	int r = json_set(line, "accepted", json_new_bool(answer->accepted));

	if (r == 0)
		r = json_set(line, "charged", json_new_double(job ? job->price : 0));
	if (r == 0)
		r = json_set(line, "ignored",
		        answer->ignored ? json_copy(answer->ignored) : json_new_array());
	if (r == 0 && job)
		r = line_set_references(line, job);
	if (r == 0 && job && job->lost)
		r = line_set_text(line, "lost", job->lost);
	return r == 0 ? line_set_body(line, request) : r;
}

/* The texts beside the file. */
static int fields_make(const struct request *request, struct json **ret_fields)
{
	CLEANUP(json_free_p) struct json *fields = json_new_object();
	const struct form *form = &request->parcel.form;
	int r = fields ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < form->count; i++) {
		const struct form_part *part = &form->parts[i];

		if (!part->file_name)
			r = json_set(fields, part->name,
			        line_text(part->bytes, part->size, TEXT_CHARS_MAX));
	}
	for (size_t i = 0; r == 0 && i < json_count(request->json); i++) {
		const char *key;
		const char *text = json_string(json_member_at(request->json, i, &key));

		if (text && strcmp(key, "base64Data") != 0)
			r = line_set_text(fields, key, text);
	}
	if (r == 0)
		*ret_fields = TAKE(fields);
	return r;
}

static int line_set_upload(
        struct json *line, const struct request *request, const struct answer *answer)
{
	const struct parcel *parcel = &request->parcel;
	struct json *fields = NULL;
	int r = json_set(line, "stored", json_new_bool(answer->upload != NULL));

	if (r == 0)
		r = fields_make(request, &fields);
	if (r == 0)
		r = json_set(line, "fields", fields);
	if (r == 0 && parcel->blob)
		r = json_set(line, "size", json_new_integer((int64_t)parcel->size));
	if (r == 0 && parcel->blob)
		r = json_set(line, "sha256", json_new_string(parcel->digest));
	return r == 0 ? line_set_text(line, "file_name", parcel->file_name) : r;
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

static int line_set_asked(
        struct json *line, const struct request *request, const struct answer *answer)
{
	int r = line_set_text(line, "request", request_kind_names[request->kind]);

	if (r == 0)
		r = line_set_text(line, "method", request->method);
	if (r == 0)
		r = line_set_text(line, "path", request->path);
	if (r == 0)
		r = json_set(line, "authorized", json_new_bool(answer->authorized));
	if (r == 0)
		r = json_set(line, "has_key", json_new_bool(request->has_key));
	if (r == 0)
		r = line_set_text(line, "user_agent", request->user_agent);
	return r;
}

int line_make(const struct sandbox *sandbox, const struct request *request,
        const struct answer *answer, struct json **ret_line)
{
	static const char template[] =
	        "{\"time_ms\":0,\"request\":\"\",\"method\":\"\",\"path\":\"\",\"authorized\":"
	        "false,\"has_key\":false,\"user_agent\":null,\"http\":0,\"code\":null,\"task\":"
	        "null,"
	        "\"fault\":null}";
	CLEANUP(json_free_p) struct json *line = template_new(template);
	int64_t time_ms = answer->accepted ? answer->job->created_ms
	                                   : clock_system.wall_ms(clock_system.context);
	int r = json_set(line, "time_ms", json_new_integer(time_ms));

	if (r == 0)
		r = line_set_asked(line, request, answer);
	if (r == 0)
		r = line_set_outcome(sandbox, line, answer);
	if (r == 0)
		r = line_set_task(line, request, answer);
	if (r == 0 && request->kind == REQUEST_CREATE)
		r = line_set_create(line, request, answer);
	if (r == 0 && request->kind == REQUEST_UPLOAD)
		r = line_set_upload(line, request, answer);
	if (r == 0)
		*ret_line = TAKE(line);
	return r;
}
