/* SPDX-License-Identifier: MIT */
/* Rules for tasks: how long those with a certain text take, and what comes of them. */
#include <string.h>

#include "scenario-read.h"

#define PICTURES_MAX 16
#define PIXELS_MAX 8192

static const char *const format_names[] = {"png", "jpeg", "webp", NULL};
static const char *const end_names[] = {"success", "fail", NULL};
static const char *const hold_names[] = {"waiting", "queuing", "generating", NULL};
static const char *const result_names[] = {
        "string", "object", "response", "none", "wrong_type", NULL};

struct rule_file {
	char *state, *format, *result, *hold_in, *gate;
	struct job_rule rule;
};

static const struct json_field rule_fields[] = {
        {"text", JSON_FIELD_STRING, offsetof(struct rule_file, rule.text)},
        {"state", JSON_FIELD_STRING, offsetof(struct rule_file, state)},
        {"fail_code", JSON_FIELD_STRING, offsetof(struct rule_file, rule.fail_code)},
        {"fail_msg", JSON_FIELD_STRING, offsetof(struct rule_file, rule.fail_msg)},
        {"pictures", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.pictures), .min = 1,
                .max = PICTURES_MAX},
        {"format", JSON_FIELD_STRING, offsetof(struct rule_file, format)},
        {"waiting_ms", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.waiting_ms), .min = 0,
                .max = DURATION_MS_MAX},
        {"queuing_ms", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.queuing_ms), .min = 0,
                .max = DURATION_MS_MAX},
        {"generating_ms", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.generating_ms),
                .min = 0, .max = DURATION_MS_MAX},
        {"hold_in", JSON_FIELD_STRING, offsetof(struct rule_file, hold_in)},
        {"gate", JSON_FIELD_STRING, offsetof(struct rule_file, gate)},
        {"result", JSON_FIELD_STRING, offsetof(struct rule_file, result)},
        {"url", JSON_FIELD_STRING, offsetof(struct rule_file, rule.url)},
        {"width", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.width), .min = 1,
                .max = PIXELS_MAX},
        {"height", JSON_FIELD_INTEGER, offsetof(struct rule_file, rule.height), .min = 1,
                .max = PIXELS_MAX},
        {NULL},
};

const struct job_rule rule_defaults = {
        .pictures = UNSET,
        .format = PICTURE_FORMATS,
        .waiting_ms = UNSET,
        .queuing_ms = UNSET,
        .generating_ms = UNSET,
        .width = UNSET,
        .height = UNSET,
};

void rule_done(struct job_rule *rule)
{
	free(rule->text);
	free(rule->fail_code);
	free(rule->fail_msg);
	free(rule->url);
	free(rule->hold.gate);
}

static void rule_file_done(struct rule_file *file)
{
	free(file->state);
	free(file->format);
	free(file->result);
	free(file->hold_in);
	free(file->gate);
	rule_done(&file->rule);
}

int hold_read(char **state, char **gate, const char *where, struct hold *ret_hold, struct err *err)
{
	int index = 0, r = word_index(hold_names, *state, 0, where, "hold_in", &index, err);

	if (r != 0)
		return r;
	if (!*state != !*gate)
		return err_set(err, -EINVAL, "%s: hold_in and gate go together", where);
	ret_hold->state = (enum job_state)index;
	ret_hold->gate = TAKE(*gate);
	return 0;
}

int rule_read(
        const struct json *node, const char *where, struct job_rule *ret_rule, struct err *err)
{
	CLEANUP(rule_file_done) struct rule_file file = {.rule = rule_defaults};
	int state = 0, format = PICTURE_FORMATS, result = RESULT_STRING;
	int r = json_read(node, rule_fields, &file, where, err);

	if (r == 0)
		r = word_index(end_names, file.state, 0, where, "state", &state, err);
	if (r == 0)
		r = word_index(
		        format_names, file.format, PICTURE_FORMATS, where, "format", &format, err);
	if (r == 0)
		r = word_index(
		        result_names, file.result, RESULT_STRING, where, "result", &result, err);
	if (r == 0)
		r = hold_read(&file.hold_in, &file.gate, where, &file.rule.hold, err);
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
