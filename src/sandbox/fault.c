/* SPDX-License-Identifier: MIT */
/* Faults: what goes wrong with which request, as the scenario file says it, and which one is due.
 */
#include <string.h>

#include "scenario-read.h"

#define BODY_BYTES_MAX (INT64_C(1) << 36)

/* The kinds that faults may name, in the order of the enum. */
static const char *const kind_names[] = {
        "create", "status", "credits", "renew", "download", "upload", "file", NULL};
static const char *const cause_names[] = {
        "no", "key", "credits", "rate", "model", "value", "task", "server", "closed", NULL};
static const char *const close_names[] = {"no", "before", "after", NULL};

struct fault_file {
	char *on, *close, *refuse;
	struct fault fault;
	const struct json *accept;
};

static const struct json_field fault_fields[] = {
        {"on", JSON_FIELD_STRING, offsetof(struct fault_file, on), .required = true},
        {"close", JSON_FIELD_STRING, offsetof(struct fault_file, close)},
        {"refuse", JSON_FIELD_STRING, offsetof(struct fault_file, refuse)},
        {"text", JSON_FIELD_STRING, offsetof(struct fault_file, fault.text)},
        {"from", JSON_FIELD_INTEGER, offsetof(struct fault_file, fault.from), .min = 1,
                .max = COUNT_MAX},
        {"to", JSON_FIELD_INTEGER, offsetof(struct fault_file, fault.to), .min = 1,
                .max = COUNT_MAX},
        {"delay_ms", JSON_FIELD_INTEGER, offsetof(struct fault_file, fault.delay_ms), .min = 0,
                .max = DURATION_MS_MAX},
        {"http", JSON_FIELD_INTEGER, offsetof(struct fault_file, fault.http), .min = 200,
                .max = 599},
        {"code", JSON_FIELD_INTEGER, offsetof(struct fault_file, fault.code), .min = 0,
                .max = COUNT_MAX},
        {"msg", JSON_FIELD_STRING, offsetof(struct fault_file, fault.msg)},
        {"body", JSON_FIELD_STRING, offsetof(struct fault_file, fault.body)},
        {"content_type", JSON_FIELD_STRING, offsetof(struct fault_file, fault.content_type)},
        {"body_bytes", JSON_FIELD_INTEGER, offsetof(struct fault_file, fault.body_bytes), .min = 1,
                .max = BODY_BYTES_MAX},
        {"accept", JSON_FIELD_NODE, offsetof(struct fault_file, accept)},
        {"truncate", JSON_FIELD_INTEGER, offsetof(struct fault_file, fault.truncate), .min = 0,
                .max = BODY_BYTES_MAX},
        {"truncate_quietly", JSON_FIELD_INTEGER,
                offsetof(struct fault_file, fault.truncate_quietly), .min = 0,
                .max = BODY_BYTES_MAX},
        {"no_length", JSON_FIELD_BOOL, offsetof(struct fault_file, fault.no_length)},
        {"stall_ms", JSON_FIELD_INTEGER, offsetof(struct fault_file, fault.stall_ms), .min = 0,
                .max = DURATION_MS_MAX},
        {"until", JSON_FIELD_STRING, offsetof(struct fault_file, fault.until)},
        {NULL},
};

void fault_done(struct fault *fault)
{
	free(fault->text);
	free(fault->msg);
	free(fault->body);
	free(fault->content_type);
	free(fault->until);
}

static void fault_file_done(struct fault_file *file)
{
	free(file->on);
	free(file->close);
	free(file->refuse);
	fault_done(&file->fault);
}

bool fault_replaces(const struct fault *fault)
{
	return fault->cause != CAUSE_NONE || fault->http != UNSET || fault->code != UNSET ||
	       fault->msg || fault->body || fault->body_bytes != UNSET;
}

static int fault_check(const struct fault *fault, const char *where, struct err *err)
{
	if (fault->to < fault->from)
		return err_set(err, -EINVAL, "%s.to: below from", where);
	if (fault->body && fault->body_bytes != UNSET)
		return err_set(err, -EINVAL, "%s.body_bytes: not together with body", where);
	if (fault->cause != CAUSE_NONE &&
	        (fault->http != UNSET || fault->code != UNSET || fault->msg || fault->body ||
	                fault->body_bytes != UNSET))
		return err_set(err, -EINVAL, "%s.refuse: not together with another answer", where);
	if (fault->cause != CAUSE_NONE && fault->on >= REQUEST_DOWNLOAD)
		return err_set(err, -EINVAL, "%s.refuse: only of create, status, credits and renew",
		        where);
	if (fault->truncate != UNSET && fault->truncate_quietly != UNSET)
		return err_set(
		        err, -EINVAL, "%s.truncate_quietly: not together with truncate", where);
	if (fault->content_type && !fault->body && fault->body_bytes == UNSET)
		return err_set(
		        err, -EINVAL, "%s.content_type: only with body or body_bytes", where);
	return 0;
}

int fault_read(const struct json *node, const char *where, struct fault *ret_fault, struct err *err)
{
	CLEANUP(fault_file_done)
	struct fault_file file = {.fault = {.from = 1,
	                                  .to = COUNT_MAX,
	                                  .http = UNSET,
	                                  .code = UNSET,
	                                  .body_bytes = UNSET,
	                                  .truncate = UNSET,
	                                  .truncate_quietly = UNSET}};
	int kind = 0, closes = 0, cause = 0;
	int r = json_read(node, fault_fields, &file, where, err);

	if (r == 0)
		r = word_index(kind_names, file.on, 0, where, "on", &kind, err);
	if (r == 0)
		r = word_index(close_names, file.close, 0, where, "close", &closes, err);
	if (r == 0)
		r = word_index(cause_names, file.refuse, 0, where, "refuse", &cause, err);
	if (r != 0)
		return r;
	file.fault.on = (enum request_kind)kind;
	file.fault.close = (enum fault_close)closes;
	file.fault.cause = (enum fault_cause)cause;
	r = fault_check(&file.fault, where, err);
	if (r != 0)
		return r;
	file.fault.accept = file.fault.close == FAULT_CLOSE_AFTER;
	if (file.accept && !json_bool(file.accept, &file.fault.accept))
		return err_set(err, -EINVAL, "%s.accept: not true or false", where);
	*ret_fault = file.fault;
	file.fault = (struct fault){0};
	return 0;
}

const char *scenario_until(const struct scenario *scenario, enum request_kind kind)
{
	for (size_t i = 0; i < scenario->fault_count; i++) {
		const struct fault *fault = &scenario->faults[i];

		if (fault->on == kind && !fault->text && fault->seen + 1 >= fault->from &&
		        fault->seen + 1 <= fault->to)
			return fault->until;
	}
	return NULL;
}

const struct fault *scenario_fault(
        struct scenario *scenario, enum request_kind kind, const char *text)
{
	const struct fault *due = NULL;

	for (size_t i = 0; i < scenario->fault_count; i++) {
		struct fault *fault = &scenario->faults[i];

		if (fault->on != kind || (fault->text && (!text || !strstr(text, fault->text))))
			continue;
		fault->seen++;
		if (!due && fault->seen >= fault->from && fault->seen <= fault->to)
			due = fault;
	}
	return due;
}
