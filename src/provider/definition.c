/* SPDX-License-Identifier: MIT */
/* Reads a merged document into a struct provider. */
#include "definition.h"

#include <string.h>

static const char *const state_words[] = {
        "waiting", "queuing", "generating", "finished", "failed", NULL};

int state_meaning_parse(const char *name)
{
	return word_read(name, state_words, "", NULL);
}

static const char *const key_words[] = {"key", NULL};
static const char *const create_words[] = {"model", NULL};
static const char *const create_body_words[] = {"model", "text", "input", NULL};
static const char *const task_words[] = {"task", NULL};
static const char *const url_words[] = {"url", NULL};
static const char *const no_words[] = {NULL};

/* Checks what was read into an action; words are those allowed in its path and body. */
static int action_check(struct action *action, const char *const *path_words,
        const char *const *body_words, const char *where, struct err *err)
{
	static const char *const methods[] = {"GET", "POST", NULL};
	int r;

	if (!action->method)
		action->method = strdup(action->body ? "POST" : "GET");
	if (!action->method)
		return -ENOMEM;
	r = word_read(action->method, methods, where_below(where, "method").text, err);
	if (r < 0)
		return r;
	if (!action->path || *action->path != '/')
		return err_set(err, -EINVAL, "%s.path: must begin with a slash", where);
	r = template_check(action->path, path_words, where_below(where, "path").text, err);
	if (r == 0 && action->body)
		r = template_check_body(
		        action->body, body_words, where_below(where, "body").text, err);
	if (r < 0)
		return r;
	action->there = true;
	return 0;
}

#define ACTION_FIELDS(member)                                                              \
	{"method", JSON_FIELD_STRING, offsetof(struct provider, member.method)},           \
	        {"path", JSON_FIELD_STRING, offsetof(struct provider, member.path), true}, \
	{                                                                                  \
		"body", JSON_FIELD_NODE, offsetof(struct provider, member.body)            \
	}
#define LIST_FIELD(key, member)                                            \
	{                                                                  \
		key, JSON_FIELD_STRINGS, offsetof(struct provider, member) \
	}
#define NEEDED_LIST_FIELD(key, member)                                           \
	{                                                                        \
		key, JSON_FIELD_STRINGS, offsetof(struct provider, member), true \
	}

static int create_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        ACTION_FIELDS(create),
	        NEEDED_LIST_FIELD("task", create_task),
	        {NULL},
	};
	int r = object_read(node, table, provider, where, err);

	return r < 0 ? r
	             : action_check(&provider->create, create_words, create_body_words, where, err);
}

static int status_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        ACTION_FIELDS(status),
	        LIST_FIELD("record", status_record),
	        NEEDED_LIST_FIELD("state", status_state),
	        NEEDED_LIST_FIELD("results", status_results),
	        LIST_FIELD("result_members", status_result_members),
	        LIST_FIELD("error_code", status_error_code),
	        LIST_FIELD("error_text", status_error_text),
	        LIST_FIELD("credits", status_credits),
	        {NULL},
	};
	int r = object_read(node, table, provider, where, err);

	return r < 0 ? r : action_check(&provider->status, task_words, task_words, where, err);
}

static int credits_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        ACTION_FIELDS(credits),
	        NEEDED_LIST_FIELD("balance", credits_balance),
	        {NULL},
	};
	int r = node ? object_read(node, table, provider, where, err) : 0;

	if (r < 0 || !node)
		return r;
	return action_check(&provider->credits, no_words, no_words, where, err);
}

static int renew_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        ACTION_FIELDS(renew),
	        NEEDED_LIST_FIELD("result", renew_result),
	        {NULL},
	};
	int r = node ? object_read(node, table, provider, where, err) : 0;

	if (r < 0 || !node)
		return r;
	return action_check(&provider->renew, url_words, url_words, where, err);
}

static int envelope_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	struct fields {
		char **code, **message;
		const struct json *ok;
	} fields = {0};
	static const struct json_field table[] = {
	        {"code", JSON_FIELD_STRINGS, offsetof(struct fields, code)},
	        {"message", JSON_FIELD_STRINGS, offsetof(struct fields, message)},
	        {"ok", JSON_FIELD_NODE, offsetof(struct fields, ok)},
	        {NULL},
	};
	int r = node ? object_read(node, table, &fields, where, err) : 0;

	/* Owned by the provider from here on, whatever was read of them. */
	provider->envelope.code = fields.code;
	provider->envelope.message = fields.message;
	if (r == 0)
		r = scalars_read(
		        fields.ok, where_below(where, "ok").text, &provider->envelope.ok, err);
	if (r == 0 && provider->envelope.code && !provider->envelope.ok)
		r = err_set(err, -EINVAL, "%s: \"ok\" is missing", where);
	return r;
}

static int states_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	size_t i;
	int r = pairs_read(node, where, &provider->states, err);

	if (r == 0 && provider->states.count == 0)
		r = err_set(err, -EINVAL, "%s: is missing or empty", where);
	for (i = 0; r >= 0 && i < provider->states.count; i++)
		r = word_read(provider->states.items[i].to, state_words,
		        where_below(where, provider->states.items[i].from).text, err);
	return r < 0 ? r : 0;
}

static bool header_is_valid(const struct pair *header)
{
	const unsigned char *p;

	if (!*header->from ||
	        header->from[strspn(header->from, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                          "abcdefghijklmnopqrstuvwxyz0123456789-_")])
		return false;
	for (p = (const unsigned char *)header->to; *p; p++)
		if (*p < ' ' || *p > '~')
			return false;
	return true;
}

static int headers_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	size_t i;
	int r = pairs_read(node, where, &provider->headers, err);

	for (i = 0; r >= 0 && i < provider->headers.count; i++) {
		const struct pair *header = &provider->headers.items[i];
		struct where below = where_below(where, header->from);

		if (!header_is_valid(header))
			return err_set(err, -EINVAL, "%s: cannot be an HTTP header", below.text);
		r = template_check(header->to, key_words, below.text, err);
	}
	return r < 0 ? r : 0;
}

static int key_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        {"env", JSON_FIELD_STRING, offsetof(struct provider, key_env), true},
	        {"page", JSON_FIELD_STRING, offsetof(struct provider, key_page)},
	        {NULL},
	};
	int r;

	if (!node)
		return 0;
	r = object_read(node, table, provider, where, err);
	if (r == 0 && (!*provider->key_env ||
	                      provider->key_env[strspn(provider->key_env,
	                              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                              "0123456789_")]))
		r = err_set(
		        err, -EINVAL, "%s.env: cannot be an environment variable's name", where);
	return r;
}

struct top_fields {
	char *name, *like, **without;
	const struct json *key, *headers, *envelope, *create, *status, *credits, *renew, *states,
	        *errors, *pace, *models;
	char *title, *base_url, *default_model;
};

static void top_fields_done(struct top_fields *fields)
{
	free(fields->name);
	free(fields->like);
	json_strings_free(fields->without);
	free(fields->title);
	free(fields->base_url);
	free(fields->default_model);
}

#define TOP(key, type, needed)                                                    \
	{                                                                         \
#key, JSON_FIELD_##type, offsetof(struct top_fields, key), needed \
	}

static const struct json_field top_table[] = {
        TOP(name, STRING, false),
        TOP(like, STRING, false),
        TOP(without, STRINGS, false),
        TOP(title, STRING, true),
        TOP(base_url, STRING, false),
        TOP(key, NODE, false),
        TOP(headers, NODE, false),
        TOP(envelope, NODE, false),
        TOP(create, NODE, true),
        TOP(status, NODE, true),
        TOP(credits, NODE, false),
        TOP(renew, NODE, false),
        TOP(states, NODE, true),
        TOP(errors, NODE, false),
        TOP(pace, NODE, false),
        TOP(default_model, STRING, true),
        TOP(models, NODE, true),
        {NULL},
};

static int members_read(const struct top_fields *fields, const char *file,
        struct provider *provider, struct err *err)
{
	static const struct {
		const char *key;
		size_t offset;
		int (*read)(const struct json *, const char *, struct provider *, struct err *);
	} members[] = {
	        {"key", offsetof(struct top_fields, key), key_read},
	        {"headers", offsetof(struct top_fields, headers), headers_read},
	        {"envelope", offsetof(struct top_fields, envelope), envelope_read},
	        {"create", offsetof(struct top_fields, create), create_read},
	        {"status", offsetof(struct top_fields, status), status_read},
	        {"credits", offsetof(struct top_fields, credits), credits_read},
	        {"renew", offsetof(struct top_fields, renew), renew_read},
	        {"states", offsetof(struct top_fields, states), states_read},
	        {"errors", offsetof(struct top_fields, errors), rules_read},
	        {"models", offsetof(struct top_fields, models), models_read},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(members); i++) {
		const struct json *const *node =
		        (const void *)((const char *)fields + members[i].offset);
		int r = members[i].read(
		        *node, where_below(file, members[i].key).text, provider, err);

		if (r < 0)
			return r;
	}
	return pace_read(fields->pace, where_below(file, "pace").text, &provider->pace, err);
}

static int top_check(
        const char *name, const struct top_fields *fields, const char *file, struct err *err)
{
	struct err why;

	if (fields->name && strcmp(fields->name, name) != 0)
		return err_set(err, -EINVAL, "%s: name: must be \"%s\", as the file is called",
		        file, name);
	if (fields->base_url && provider_check_base_url(fields->base_url, &why) < 0)
		return err_set(err, -EINVAL, "%s: base_url: %s", file, why.text);
	return 0;
}

static void provider_done_p(struct provider *provider)
{
	definition_done(provider);
}

int definition_read(const char *name, const char *file, struct json *document,
        struct provider *ret_provider, struct err *err)
{
	CLEANUP(provider_done_p) struct provider provider = {.document = document};
	CLEANUP(top_fields_done) struct top_fields fields = {0};
	int r;

	r = object_read(document, top_table, &fields, file, err);
	if (r == 0)
		r = top_check(name, &fields, file, err);
	if (r < 0)
		return r;
	provider.name = strdup(name);
	if (!provider.name)
		return -ENOMEM;
	provider.title = TAKE(fields.title);
	provider.base_url = TAKE(fields.base_url);
	provider.default_model = TAKE(fields.default_model);
	r = members_read(&fields, file, &provider, err);
	if (r < 0)
		return r;
	if (!model_find(&provider, provider.default_model))
		return err_set(err, -EINVAL, "%s: default_model: \"%s\" is not one of the models",
		        file, provider.default_model);
	*ret_provider = provider;
	provider = (struct provider){0};
	return 0;
}

void definition_done(struct provider *provider)
{
	char ***const lists[] = {&provider->envelope.code, &provider->envelope.message,
	        &provider->envelope.ok, &provider->create_task, &provider->status_record,
	        &provider->status_state, &provider->status_results,
	        &provider->status_result_members, &provider->status_error_code,
	        &provider->status_error_text, &provider->status_credits, &provider->credits_balance,
	        &provider->renew_result};
	struct action *const actions[] = {
	        &provider->create, &provider->status, &provider->credits, &provider->renew};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		json_strings_free(*lists[i]);
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		free(actions[i]->method);
		free(actions[i]->path);
	}
	free(provider->name);
	free(provider->title);
	free(provider->base_url);
	free(provider->default_model);
	free(provider->key_env);
	free(provider->key_page);
	pairs_done(&provider->headers);
	pairs_done(&provider->states);
	rules_done(&provider->errors.always);
	rules_done(&provider->errors.create);
	rules_done(&provider->errors.status);
	rules_done(&provider->errors.other);
	models_free(provider->models, provider->model_count);
	json_free(provider->document);
	*provider = (struct provider){0};
}
