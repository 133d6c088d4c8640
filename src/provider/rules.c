/* SPDX-License-Identifier: MIT */
/* The members "errors" (what answers mean) and "pace" (how often to ask) of a definition. */
#include "definition.h"

#include <stdio.h>
#include <string.h>

/* No pace is slower, and no wait longer, than 30 days. */
#define PACE_MS_MAX INT64_C(2592000000)

static const char *const verdict_words[] = {
        "key", "credits", "busy", "maintenance", "unclear", "refused", "not_found", "failed", NULL};
static const enum provider_verdict verdicts[] = {PROVIDER_BAD_KEY, PROVIDER_NO_CREDITS,
        PROVIDER_BUSY, PROVIDER_MAINTENANCE, PROVIDER_UNCLEAR, PROVIDER_REFUSED, PROVIDER_NOT_FOUND,
        PROVIDER_FAILED};
/* Of errors.failed, in the order of prospects. */
static const char *const prospect_words[] = {"again", "final", NULL};
static const enum provider_prospect prospects[] = {PROVIDER_PROSPECT_GOOD, PROVIDER_PROSPECT_NONE};

struct rule_fields {
	const struct json *http, *code;
	char **text;
	char *verdict;
};

static void rule_fields_done(struct rule_fields *fields)
{
	json_strings_free(fields->text);
	free(fields->verdict);
}

static int rule_read(const struct json *node, const char *const *allowed, const char *where,
        struct rule *rule, struct err *err)
{
	static const struct json_field table[] = {
	        {"http", JSON_FIELD_NODE, offsetof(struct rule_fields, http)},
	        {"code", JSON_FIELD_NODE, offsetof(struct rule_fields, code)},
	        {"text", JSON_FIELD_STRINGS, offsetof(struct rule_fields, text)},
	        {"verdict", JSON_FIELD_STRING, offsetof(struct rule_fields, verdict), true},
	        {NULL},
	};
	CLEANUP(rule_fields_done) struct rule_fields fields = {0};
	uint64_t status;
	size_t i;
	int r;

	r = object_read(node, table, &fields, where, err);
	if (r < 0)
		return r;
	rule->text = TAKE(fields.text);
	r = scalars_read(fields.http, where_below(where, "http").text, &rule->http, err);
	if (r == 0)
		r = scalars_read(fields.code, where_below(where, "code").text, &rule->code, err);
	if (r < 0)
		return r;
	for (i = 0; rule->http && rule->http[i]; i++)
		if (!text_u64(rule->http[i], 599, &status) || status < 400)
			return err_set(
			        err, -EINVAL, "%s.http: must be statuses from 400 to 599", where);
	for (i = 0; rule->text && rule->text[i]; i++) {
		words_plain(rule->text[i]);
		if (!*rule->text[i])
			return err_set(err, -EINVAL, "%s.text: must not be empty", where);
	}
	if (rule->http && allowed == prospect_words)
		return err_set(
		        err, -EINVAL, "%s.http: a failed task has a code and a text only", where);
	if (!rule->http && !rule->code && !(rule->text && rule->text[0]))
		return err_set(err, -EINVAL, "%s: needs one of %scode, text", where,
		        allowed == prospect_words ? "" : "http, ");
	r = word_read(fields.verdict, allowed, where_below(where, "verdict").text, err);
	if (r < 0)
		return r;
	if (allowed == prospect_words)
		rule->prospect = prospects[r];
	else
		rule->verdict = verdicts[r];
	return 0;
}

/* Codes and texts of an answer must be found somewhere. */
static int rule_check(const struct rule *rule, const struct provider *provider, const char *where,
        struct err *err)
{
	size_t i;

	for (i = 0; rule->code && rule->code[i]; i++)
		if (!provider->envelope.code && strcmp(rule->code[i], "none") != 0)
			return err_set(err, -EINVAL,
			        "%s.code: can only be \"none\": \"envelope.code\" is missing",
			        where);
	if (rule->text && rule->text[0] && !provider->envelope.message)
		return err_set(err, -EINVAL,
		        "%s.text: matches nothing: \"envelope.message\" is missing", where);
	return 0;
}

static int list_read(const struct json *node, const char *const *allowed, const char *where,
        const struct provider *provider, struct rules *rules, struct err *err)
{
	size_t count = json_count(node), i;
	int r = 0;

	if (!node)
		return 0;
	if (json_type(node) != JSON_ARRAY || count > RULES_MAX)
		return err_set(
		        err, -EINVAL, "%s: must be a list of at most %d rules", where, RULES_MAX);
	rules->items = calloc(count + 1, sizeof(*rules->items));
	if (!rules->items)
		return -ENOMEM;
	for (i = 0; i < count && r == 0; i++) {
		struct where below;
		char index[24];

		snprintf(index, sizeof(index), "%zu", i);
		below = where_below(where, index);
		rules->count = i + 1;
		r = rule_read(json_element(node, i), allowed, below.text, &rules->items[i], err);
		if (r == 0 && allowed != prospect_words)
			r = rule_check(&rules->items[i], provider, below.text, err);
	}
	return r;
}

void rules_done(struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		json_strings_free(rules->items[i].http);
		json_strings_free(rules->items[i].code);
		json_strings_free(rules->items[i].text);
	}
	free(rules->items);
	*rules = (struct rules){0};
}

int rules_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const char *const everywhere[] = {
	        "key", "credits", "busy", "maintenance", "unclear", NULL};
	static const char *const once[] = {
	        "key", "credits", "busy", "maintenance", "unclear", "refused", NULL};
	struct fields {
		const struct json *always, *create, *status, *other, *failed;
	} fields = {0};
	static const struct json_field table[] = {
	        {"always", JSON_FIELD_NODE, offsetof(struct fields, always)},
	        {"create", JSON_FIELD_NODE, offsetof(struct fields, create)},
	        {"status", JSON_FIELD_NODE, offsetof(struct fields, status)},
	        {"other", JSON_FIELD_NODE, offsetof(struct fields, other)},
	        {"failed", JSON_FIELD_NODE, offsetof(struct fields, failed)},
	        {NULL},
	};
	int r;

	if (!node)
		return 0;
	r = object_read(node, table, &fields, where, err);
	if (r == 0)
		r = list_read(fields.always, everywhere, where_below(where, "always").text,
		        provider, &provider->errors.always, err);
	if (r == 0)
		r = list_read(fields.create, once, where_below(where, "create").text, provider,
		        &provider->errors.create, err);
	if (r == 0)
		r = list_read(fields.status, verdict_words, where_below(where, "status").text,
		        provider, &provider->errors.status, err);
	if (r == 0)
		r = list_read(fields.other, once, where_below(where, "other").text, provider,
		        &provider->errors.other, err);
	if (r == 0)
		r = list_read(fields.failed, prospect_words, where_below(where, "failed").text,
		        provider, &provider->errors.failed, err);
	return r;
}

static int rate_read(
        const struct json *node, const char *where, struct provider_rate *rate, struct err *err)
{
	static const struct json_field table[] = {
	        {"count", JSON_FIELD_INTEGER, offsetof(struct provider_rate, count), true, 1,
	                1000000},
	        {"period_ms", JSON_FIELD_INTEGER, offsetof(struct provider_rate, period_ms), true,
	                1, PACE_MS_MAX},
	        {"burst", JSON_FIELD_INTEGER, offsetof(struct provider_rate, burst), false, 1,
	                1000000},
	        {NULL},
	};
	int r;

	if (!node)
		return 0;
	rate->burst = 0;
	r = object_read(node, table, rate, where, err);
	if (r == 0 && rate->burst == 0)
		rate->burst = rate->count;
	return r;
}

static int poll_read(
        const struct json *node, const char *where, struct provider_pace *pace, struct err *err)
{
	struct step {
		int64_t until_ms, every_ms;
	};
	static const struct json_field table[] = {
	        {"until_ms", JSON_FIELD_INTEGER, offsetof(struct step, until_ms), false, 1,
	                PACE_MS_MAX},
	        {"every_ms", JSON_FIELD_INTEGER, offsetof(struct step, every_ms), true, 10,
	                PACE_MS_MAX},
	        {NULL},
	};
	size_t count = json_count(node), i;
	int64_t before = 0;

	if (!node)
		return 0;
	if (json_type(node) != JSON_ARRAY || count == 0 || count > ARRAY_SIZE(pace->poll))
		return err_set(err, -EINVAL, "%s: must be a list of 1 to %zu steps", where,
		        ARRAY_SIZE(pace->poll));
	for (i = 0; i < count; i++) {
		struct step step = {.until_ms = INT64_MAX};
		struct where below;
		char index[24];
		int r;

		snprintf(index, sizeof(index), "%zu", i);
		below = where_below(where, index);
		r = object_read(json_element(node, i), table, &step, below.text, err);
		if (r < 0)
			return r;
		if ((step.until_ms == INT64_MAX) != (i == count - 1))
			return err_set(err, -EINVAL,
			        "%s.until_ms: every step but the last must have one, and the last "
			        "none",
			        below.text);
		if (step.until_ms <= before)
			return err_set(err, -EINVAL,
			        "%s.until_ms: must be more than the step's before", below.text);
		before = step.until_ms;
		pace->poll[i] = (struct provider_poll_step){step.until_ms, step.every_ms};
	}
	pace->poll_count = count;
	return 0;
}

int pace_read(
        const struct json *node, const char *where, struct provider_pace *pace, struct err *err)
{
	struct fields {
		const struct json *create, *status, *poll;
		int64_t poll_first_ms, grace_ms, give_up_ms, create_timeout_ms;
	} fields = {NULL, NULL, NULL, 3000, 90000, 86400000, 150000};
	static const struct json_field table[] = {
	        {"create", JSON_FIELD_NODE, offsetof(struct fields, create)},
	        {"status", JSON_FIELD_NODE, offsetof(struct fields, status)},
	        {"poll", JSON_FIELD_NODE, offsetof(struct fields, poll)},
	        {"poll_first_ms", JSON_FIELD_INTEGER, offsetof(struct fields, poll_first_ms), false,
	                0, PACE_MS_MAX},
	        {"not_found_grace_ms", JSON_FIELD_INTEGER, offsetof(struct fields, grace_ms), false,
	                0, PACE_MS_MAX},
	        {"give_up_ms", JSON_FIELD_INTEGER, offsetof(struct fields, give_up_ms), false,
	                60000, PACE_MS_MAX},
	        {"create_timeout_ms", JSON_FIELD_INTEGER,
	                offsetof(struct fields, create_timeout_ms), false, 1000, PACE_MS_MAX},
	        {NULL},
	};
	int r;

	/* What counts where a definition says nothing: slow enough for anybody. */
	*pace = (struct provider_pace){
	        .create = {10000, 5, 5},
	        .status = {2000, 2, 2},
	        .poll = {{30000, 3000}, {INT64_MAX, 20000}},
	        .poll_count = 2,
	};
	r = node ? object_read(node, table, &fields, where, err) : 0;
	if (r == 0)
		r = rate_read(fields.create, where_below(where, "create").text, &pace->create, err);
	if (r == 0)
		r = rate_read(fields.status, where_below(where, "status").text, &pace->status, err);
	if (r == 0)
		r = poll_read(fields.poll, where_below(where, "poll").text, pace, err);
	if (r < 0)
		return r;
	pace->poll_first_ms = fields.poll_first_ms;
	pace->not_found_grace_ms = fields.grace_ms;
	pace->give_up_ms = fields.give_up_ms;
	pace->create_timeout_ms = fields.create_timeout_ms;
	return 0;
}
