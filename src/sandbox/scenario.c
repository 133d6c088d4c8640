/* SPDX-License-Identifier: MIT */
/* Reads the scenario file.  People write it, so every member that is not known is an error with its
 * path, and every number has a range.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "darkroom/json.h"
#include "scenario.h"

#define SCENARIO_BYTES_MAX (4 << 20)
#define RULES_MAX 1000
#define DURATION_MS_MAX INT64_C(86400000)
#define COUNT_MAX INT64_C(1000000000)
#define BODY_BYTES_MAX (INT64_C(1) << 36)
#define PICTURES_MAX 16
#define PIXELS_MAX 8192
#define BALANCE_MAX 1e12

const char *const request_kind_names[REQUEST_KINDS] = {
        [REQUEST_CREATE] = "create",
        [REQUEST_STATUS] = "status",
        [REQUEST_CREDITS] = "credits",
        [REQUEST_RENEW] = "renew",
        [REQUEST_DOWNLOAD] = "download",
        [REQUEST_OTHER] = "other",
};

/* The kinds that faults may name, in the order of the enum. */
static const char *const fault_kind_names[] = {
        "create", "status", "credits", "renew", "download", NULL};
static const char *const close_names[] = {"no", "before", "after", NULL};
static const char *const format_names[] = {"png", "jpeg", "webp", NULL};
static const char *const state_names[] = {"success", "fail", NULL};
static const char *const result_names[] = {
        "string", "object", "response", "none", "wrong_type", NULL};

/* A member that must be one of a few words, as it stands in the file. */
struct words {
	char *on, *close, *state, *format, *result;
};

static void words_done(struct words *words)
{
	free(words->on);
	free(words->close);
	free(words->state);
	free(words->format);
	free(words->result);
}

/* The index of the word in the list; `otherwise` where it is absent. */
static int word_index(const char *const *list, const char *word, int otherwise, const char *where,
        const char *key, int *ret_index, struct err *err)
{
	CLEANUP(buf_done) struct buf known = BUF_INIT(200);

	if (!word) {
		*ret_index = otherwise;
		return 0;
	}
	for (int i = 0; list[i]; i++) {
		if (strcmp(list[i], word) == 0) {
			*ret_index = i;
			return 0;
		}
		if (buf_addf(&known, "%s%s", i ? ", " : "", list[i]) != 0)
			return -ENOMEM;
	}
	return err_set(
	        err, -EINVAL, "%s.%s: \"%.40s\" is none of %s", where, key, word, known.data);
}

#define FIELD_INTEGER(type, member, low, high)                                                   \
	{                                                                                        \
#member, JSON_FIELD_INTEGER, offsetof(type, member), .min = (low), .max = (high) \
	}

/* ---- faults ---- */

struct fault_file {
	struct words words;
	struct fault fault;
	const struct json *accept;
};

static const struct json_field fault_fields[] = {
        {"on", JSON_FIELD_STRING, offsetof(struct fault_file, words.on), .required = true},
        {"close", JSON_FIELD_STRING, offsetof(struct fault_file, words.close)},
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
        {NULL},
};

static void fault_done(struct fault *fault)
{
	free(fault->text);
	free(fault->msg);
	free(fault->body);
	free(fault->content_type);
}

static void fault_file_done(struct fault_file *file)
{
	words_done(&file->words);
	fault_done(&file->fault);
}

bool fault_replaces(const struct fault *fault)
{
	return fault->http != UNSET || fault->code != UNSET || fault->msg || fault->body ||
	       fault->body_bytes != UNSET;
}

static int fault_check(const struct fault *fault, const char *where, struct err *err)
{
	if (fault->to < fault->from)
		return err_set(err, -EINVAL, "%s.to: below from", where);
	if (fault->body && fault->body_bytes != UNSET)
		return err_set(err, -EINVAL, "%s.body_bytes: not together with body", where);
	if (fault->truncate != UNSET && fault->truncate_quietly != UNSET)
		return err_set(
		        err, -EINVAL, "%s.truncate_quietly: not together with truncate", where);
	if (fault->content_type && !fault->body && fault->body_bytes == UNSET)
		return err_set(
		        err, -EINVAL, "%s.content_type: only with body or body_bytes", where);
	return 0;
}

static int fault_read(
        const struct json *node, const char *where, struct fault *ret_fault, struct err *err)
{
	CLEANUP(fault_file_done)
	struct fault_file file = {.fault = {.from = 1,
	                                  .to = COUNT_MAX,
	                                  .http = UNSET,
	                                  .code = UNSET,
	                                  .body_bytes = UNSET,
	                                  .truncate = UNSET,
	                                  .truncate_quietly = UNSET}};
	int kind = 0, closes = 0;
	int r = json_read(node, fault_fields, &file, where, err);

	if (r == 0)
		r = word_index(fault_kind_names, file.words.on, 0, where, "on", &kind, err);
	if (r == 0)
		r = word_index(close_names, file.words.close, 0, where, "close", &closes, err);
	if (r != 0)
		return r;
	file.fault.on = (enum request_kind)kind;
	file.fault.close = (enum fault_close)closes;
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

/* ---- rules for tasks ---- */

struct rule_file {
	struct words words;
	struct job_rule rule;
};

static const struct json_field rule_fields[] = {
        {"text", JSON_FIELD_STRING, offsetof(struct rule_file, rule.text)},
        {"state", JSON_FIELD_STRING, offsetof(struct rule_file, words.state)},
        {"fail_code", JSON_FIELD_STRING, offsetof(struct rule_file, rule.fail_code)},
        {"fail_msg", JSON_FIELD_STRING, offsetof(struct rule_file, rule.fail_msg)},
        {"pictures", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.pictures), .min = 1,
                .max = PICTURES_MAX},
        {"format", JSON_FIELD_STRING, offsetof(struct rule_file, words.format)},
        {"waiting_ms", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.waiting_ms), .min = 0,
                .max = DURATION_MS_MAX},
        {"queuing_ms", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.queuing_ms), .min = 0,
                .max = DURATION_MS_MAX},
        {"generating_ms", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.generating_ms),
                .min = 0, .max = DURATION_MS_MAX},
        {"result", JSON_FIELD_STRING, offsetof(struct rule_file, words.result)},
        {"url", JSON_FIELD_STRING, offsetof(struct rule_file, rule.url)},
        {"width", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.width), .min = 1,
                .max = PIXELS_MAX},
        {"height", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.height), .min = 1,
                .max = PIXELS_MAX},
        {NULL},
};

static const struct job_rule rule_defaults = {
        .pictures = 1,
        .waiting_ms = UNSET,
        .queuing_ms = UNSET,
        .generating_ms = UNSET,
        .width = UNSET,
        .height = UNSET,
};

static void rule_done(struct job_rule *rule)
{
	free(rule->text);
	free(rule->fail_code);
	free(rule->fail_msg);
	free(rule->url);
}

static void rule_file_done(struct rule_file *file)
{
	words_done(&file->words);
	rule_done(&file->rule);
}

static int rule_read(
        const struct json *node, const char *where, struct job_rule *ret_rule, struct err *err)
{
	CLEANUP(rule_file_done) struct rule_file file = {.rule = rule_defaults};
	int state = 0, format = PICTURE_PNG, result = RESULT_STRING;
	int r = json_read(node, rule_fields, &file, where, err);

	if (r == 0)
		r = word_index(state_names, file.words.state, 0, where, "state", &state, err);
	if (r == 0)
		r = word_index(format_names, file.words.format, PICTURE_PNG, where, "format",
		        &format, err);
	if (r == 0)
		r = word_index(result_names, file.words.result, RESULT_STRING, where, "result",
		        &result, err);
	if (r != 0)
		return r;
	file.rule.fails = state == 1;
	file.rule.format = (enum picture_format)format;
	file.rule.result = (enum result_form)result;
	*ret_rule = file.rule;
	file.rule = (struct job_rule){0};
	return 0;
}

const struct job_rule *scenario_rule(const struct scenario *scenario, const char *prompt)
{
	for (size_t i = 0; i < scenario->rule_count; i++) {
		const struct job_rule *rule = &scenario->rules[i];

		if (!rule->text || strstr(prompt, rule->text))
			return rule;
	}
	return &scenario->plain_rule;
}

/* ---- the whole ---- */

struct scenario_file {
	const struct json *rate, *status_rate, *faults, *tasks;
	int64_t waiting_ms, queuing_ms, generating_ms, strict_id_visibility_ms;
	double balance, scale;
};

static const struct json_field scenario_fields[] = {
        FIELD_INTEGER(struct scenario_file, waiting_ms, 0, DURATION_MS_MAX),
        FIELD_INTEGER(struct scenario_file, queuing_ms, 0, DURATION_MS_MAX),
        FIELD_INTEGER(struct scenario_file, generating_ms, 0, DURATION_MS_MAX),
        FIELD_INTEGER(struct scenario_file, strict_id_visibility_ms, 0, DURATION_MS_MAX),
        {"balance", JSON_FIELD_DOUBLE, offsetof(struct scenario_file, balance)},
        {"scale", JSON_FIELD_DOUBLE, offsetof(struct scenario_file, scale)},
        {"rate", JSON_FIELD_NODE, offsetof(struct scenario_file, rate)},
        {"status_rate", JSON_FIELD_NODE, offsetof(struct scenario_file, status_rate)},
        {"faults", JSON_FIELD_NODE, offsetof(struct scenario_file, faults)},
        {"tasks", JSON_FIELD_NODE, offsetof(struct scenario_file, tasks)},
        {NULL},
};

static const struct json_field rate_fields[] = {
        {"count", JSON_FIELD_INTEGER, offsetof(struct rate, count), .required = true, .min = 1,
                .max = COUNT_MAX},
        {"period_ms", JSON_FIELD_INTEGER, offsetof(struct rate, period_ms), .required = true,
                .min = 1, .max = DURATION_MS_MAX},
        {NULL},
};

static int rate_read(const struct json *node, const char *path, const char *key, struct rate *rate,
        struct err *err)
{
	char where[300];

	if (json_type(node) == JSON_NONE)
		return 0;
	snprintf(where, sizeof(where), "%.200s: %s", path, key);
	return json_read(node, rate_fields, rate, where, err);
}

static int list_check(const struct json *list, const char *path, const char *key, struct err *err)
{
	if (json_type(list) == JSON_NONE)
		return 0;
	if (json_type(list) != JSON_ARRAY)
		return err_set(err, -EINVAL, "%.200s: %s: not a list", path, key);
	if (json_count(list) > RULES_MAX)
		return err_set(err, -EINVAL, "%.200s: %s: more than %d", path, key, RULES_MAX);
	return 0;
}

static int faults_read(
        const struct json *list, const char *path, struct scenario *scenario, struct err *err)
{
	size_t count = json_count(list);
	int r = list_check(list, path, "faults", err);

	if (r != 0 || count == 0)
		return r;
	scenario->faults = calloc(count, sizeof(*scenario->faults));
	if (!scenario->faults)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		char where[300];

		snprintf(where, sizeof(where), "%.200s: faults[%zu]", path, i);
		r = fault_read(json_element(list, i), where, &scenario->faults[i], err);
		if (r != 0)
			return r;
		scenario->fault_count++;
	}
	return 0;
}

static int rules_read(
        const struct json *list, const char *path, struct scenario *scenario, struct err *err)
{
	size_t count = json_count(list);
	int r = list_check(list, path, "tasks", err);

	if (r != 0 || count == 0)
		return r;
	scenario->rules = calloc(count, sizeof(*scenario->rules));
	if (!scenario->rules)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		char where[300];

		snprintf(where, sizeof(where), "%.200s: tasks[%zu]", path, i);
		r = rule_read(json_element(list, i), where, &scenario->rules[i], err);
		if (r != 0)
			return r;
		scenario->rule_count++;
	}
	return 0;
}

void scenario_init(struct scenario *scenario)
{
	*scenario = (struct scenario){
	        .waiting_ms = 400,
	        .queuing_ms = 400,
	        .generating_ms = 800,
	        .balance = 1000,
	        .create_rate = {20, 10000},
	        .status_rate = {10, 1000},
	        .scale = 1.0,
	        .plain_rule = rule_defaults,
	};
}

static int scenario_read(
        const struct json *document, const char *path, struct scenario *scenario, struct err *err)
{
	struct scenario_file file = {
	        .waiting_ms = scenario->waiting_ms,
	        .queuing_ms = scenario->queuing_ms,
	        .generating_ms = scenario->generating_ms,
	        .balance = scenario->balance,
	        .scale = scenario->scale,
	};
	int r = json_read(document, scenario_fields, &file, path, err);

	if (r != 0)
		return r;
	if (!(file.balance >= 0 && file.balance <= BALANCE_MAX))
		return err_set(err, -EINVAL, "%.200s: balance: not a number from 0 to 1e12", path);
	if (!(file.scale >= 0.005 && file.scale <= 1.0))
		return err_set(err, -EINVAL, "%.200s: scale: not a number from 0.005 to 1", path);
	scenario->waiting_ms = file.waiting_ms;
	scenario->queuing_ms = file.queuing_ms;
	scenario->generating_ms = file.generating_ms;
	scenario->id_visibility_ms = file.strict_id_visibility_ms;
	scenario->balance = file.balance;
	scenario->scale = file.scale;
	r = rate_read(file.rate, path, "rate", &scenario->create_rate, err);
	if (r == 0)
		r = rate_read(file.status_rate, path, "status_rate", &scenario->status_rate, err);
	if (r == 0)
		r = faults_read(file.faults, path, scenario, err);
	if (r == 0)
		r = rules_read(file.tasks, path, scenario, err);
	return r;
}

int scenario_load(const char *path, struct scenario *scenario, struct err *err)
{
	CLEANUP(close_p) int fd = open(path, O_RDONLY | O_CLOEXEC);
	CLEANUP(buf_done) struct buf text = BUF_INIT(SCENARIO_BYTES_MAX);
	CLEANUP(json_free_p) struct json *document = NULL;
	struct err inner = {{0}};

	if (fd < 0)
		return err_set(err, -errno, "%.200s: %s", path, strerror(errno));

	int r = read_all(fd, SCENARIO_BYTES_MAX, &text);

	if (r != 0)
		return err_set(err, r, "%.200s: %s", path, strerror(-r));
	r = json_parse(text.data ? text.data : "", text.size, &document, &inner);
	if (r != 0)
		return err_set(err, r, "%.200s: %s", path, inner.text);
	r = scenario_read(document, path, scenario, err);
	if (r == -ENOMEM)
		return err_set(err, r, "%.200s: out of memory", path);
	return r;
}

void scenario_done(struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->fault_count; i++)
		fault_done(&scenario->faults[i]);
	for (size_t i = 0; i < scenario->rule_count; i++)
		rule_done(&scenario->rules[i]);
	free(scenario->faults);
	free(scenario->rules);
	*scenario = (struct scenario){0};
}
