/* SPDX-License-Identifier: MIT */
/* Reads a merged document into a struct provider. */
#include "setting.h"

#include <string.h>

/* How long an upload is kept: from a minute to a year. */
#define KEEP_MS_MIN 60000
#define KEEP_MS_MAX INT64_C(31622400000)

static const char *const state_words[] = {
        "waiting", "queuing", "generating", "finished", "failed", NULL};

int state_meaning_parse(const char *name)
{
	return word_read(name, state_words, "", NULL);
}

static const char *const key_words[] = {"key", NULL};
static const char *const name_words[] = {"name", NULL};
static const char *const no_words[] = {NULL};

static bool part_name_is_valid(const char *name)
{
	return *name && name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                                  "0123456789-_.[]")] == '\0';
}

static int form_check(
        const struct pairs *form, const char *file, const char *where, struct err *err)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < form->count; i++) {
		const struct pair *part = &form->items[i];
		struct where below = where_below(where, part->from);

		if (!part_name_is_valid(part->from) || strcmp(part->from, file) == 0)
			return err_set(err, -EINVAL, "%s: cannot be the name of a form's part",
			        below.text);
		r = template_check(part->to, name_words, below.text, err);
	}
	return r;
}

static int upload_check(struct provider *provider, const char *where, struct err *err)
{
	static const char *const methods[] = {"POST", NULL};
	struct err why;
	int r;

	if (provider->upload.base_url &&
	        provider_check_base_url(provider->upload.base_url, &why) < 0)
		return err_set(
		        err, -EINVAL, "%s: %s", where_below(where, "base_url").text, why.text);
	if (!provider->upload.method)
		provider->upload.method = strdup(methods[0]);
	if (!provider->upload.method)
		return -ENOMEM;
	r = word_read(provider->upload.method, methods, where_below(where, "method").text, err);
	if (r < 0)
		return r;
	if (*provider->upload.path != '/')
		return err_set(err, -EINVAL, "%s.path: must begin with a slash", where);
	if (!part_name_is_valid(provider->upload.file))
		return err_set(err, -EINVAL, "%s.file: cannot be the name of a form's part", where);
	return template_check(
	        provider->upload.path, no_words, where_below(where, "path").text, err);
}

static int upload_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	struct fields {
		char *base_url, *method, *path, *file;
		const struct json *form;
		char **result;
		int64_t keep_ms;
	} fields = {0};
	static const struct json_field table[] = {
	        {"base_url", JSON_FIELD_STRING, offsetof(struct fields, base_url)},
	        {"method", JSON_FIELD_STRING, offsetof(struct fields, method)},
	        {"path", JSON_FIELD_STRING, offsetof(struct fields, path), true},
	        {"file", JSON_FIELD_STRING, offsetof(struct fields, file), true},
	        {"form", JSON_FIELD_NODE, offsetof(struct fields, form)},
	        {"result", JSON_FIELD_STRINGS, offsetof(struct fields, result), true},
	        {"keep_ms", JSON_FIELD_INTEGER, offsetof(struct fields, keep_ms), true, KEEP_MS_MIN,
	                KEEP_MS_MAX},
	        {NULL},
	};
	struct where form = where_below(where, "form");
	int r = node ? object_read(node, table, &fields, where, err) : 0;

	/* Owned by the provider from here on, whatever was read of them. */
	provider->upload.base_url = fields.base_url;
	provider->upload.method = fields.method;
	provider->upload.path = fields.path;
	provider->upload.file = fields.file;
	provider->upload.keep_ms = fields.keep_ms;
	provider->upload_result = fields.result;
	if (r < 0 || !node)
		return r;
	r = pairs_read(fields.form, form.text, &provider->upload.form, err);
	if (r == 0)
		r = upload_check(provider, where, err);
	if (r == 0)
		r = form_check(&provider->upload.form, provider->upload.file, form.text, err);
	provider->upload.there = r == 0;
	return r;
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
	if (r == 0 && provider->envelope.ok && !provider->envelope.code)
		r = err_set(err, -EINVAL, "%s: is for an envelope that has \"code\"",
		        where_below(where, "ok").text);
	return r;
}

/* A task must be able to end. */
static int states_check(const struct pairs *states, const char *where, struct err *err)
{
	static const enum state_meaning needed[] = {STATE_FINISHED, STATE_FAILED};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		for (j = 0; j < states->count; j++)
			if (strcmp(states->items[j].to, state_words[needed[i]]) == 0)
				break;
		if (j == states->count)
			return err_set(err, -EINVAL, "%s: must have a word that means %s", where,
			        state_words[needed[i]]);
	}
	return 0;
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
	return r < 0 ? r : states_check(&provider->states, where, err);
}

static int header_check(const struct pair *header, const char *where, struct err *err)
{
	const unsigned char *p;

	if (!*header->from ||
	        header->from[strspn(header->from, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                          "abcdefghijklmnopqrstuvwxyz0123456789-_")])
		return err_set(err, -EINVAL,
		        "%s: cannot be an HTTP header: its name must have one or more of the "
		        "characters A-Z a-z 0-9 - _",
		        where);
	for (p = (const unsigned char *)header->to; *p; p++)
		if (*p < ' ' || *p > '~')
			return err_set(err, -EINVAL,
			        "%s: cannot be an HTTP header: its value must have printable ASCII "
			        "characters only",
			        where);
	return 0;
}

static int headers_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	size_t i;
	int r = pairs_read(node, where, &provider->headers, err);

	for (i = 0; r >= 0 && i < provider->headers.count; i++) {
		const struct pair *header = &provider->headers.items[i];
		struct where below = where_below(where, header->from);

		r = header_check(header, below.text, err);
		if (r < 0)
			return r;
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
	const struct json *key, *headers, *envelope, *create, *status, *credits, *renew, *upload,
	        *states, *errors, *pace, *models;
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
        TOP(upload, NODE, false),
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
	        {"create", offsetof(struct top_fields, create), action_create_read},
	        {"status", offsetof(struct top_fields, status), action_status_read},
	        {"credits", offsetof(struct top_fields, credits), action_credits_read},
	        {"renew", offsetof(struct top_fields, renew), action_renew_read},
	        {"upload", offsetof(struct top_fields, upload), upload_read},
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

static int key_check(const struct provider *provider, const char *file, struct err *err)
{
	size_t i;

	for (i = 0; i < provider->headers.count; i++)
		if (template_text_has(provider->headers.items[i].to, "key"))
			return 0;
	return err_set(err, -EINVAL, "%s: is never sent: no header has \"{key}\"",
	        where_below(file, "key").text);
}

static int top_check(
        const char *name, const struct top_fields *fields, const char *file, struct err *err)
{
	struct err why;

	if (fields->name && strcmp(fields->name, name) != 0)
		return err_set(err, -EINVAL, "%s: name: must be \"%s\", as the file is called",
		        file, name);
	if (!*fields->title)
		return err_set(err, -EINVAL, "%s: title: must not be empty", file);
	if (fields->base_url && provider_check_base_url(fields->base_url, &why) < 0)
		return err_set(err, -EINVAL, "%s: base_url: %s", file, why.text);
	return 0;
}

static int default_wrong(const struct provider *provider, const char *file, struct err *err)
{
	const char *id = provider->default_model;
	CLEANUP(free_p) char *quoted = text_line(id, strlen(id), QUOTED_CHARS);
	CLEANUP(buf_done) struct buf list = {0};
	bool all = models_like(provider, id, &list);

	return err_set(err, -EINVAL, "%s: default_model: \"%s\" is not one of the models: %s%s",
	        file, quoted ? quoted : "", list.data ? list.data : "", all ? "" : ", ...");
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
	if (r == 0 && provider.key_env)
		r = key_check(&provider, file, err);
	if (r < 0)
		return r;
	if (!model_find(&provider, provider.default_model))
		return default_wrong(&provider, file, err);
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
	        &provider->status_error_text, &provider->status_credits, &provider->status_created,
	        &provider->status_completed, &provider->status_cost_time,
	        &provider->credits_balance, &provider->renew_result, &provider->upload_result};
	struct action *const actions[] = {
	        &provider->create, &provider->status, &provider->credits, &provider->renew};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		json_strings_free(*lists[i]);
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		free(actions[i]->method);
		free(actions[i]->path);
	}
	free(provider->upload.base_url);
	free(provider->upload.method);
	free(provider->upload.path);
	free(provider->upload.file);
	pairs_done(&provider->upload.form);
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
	rules_done(&provider->errors.failed);
	models_free(provider->models, provider->model_count);
	json_free(provider->document);
	*provider = (struct provider){0};
}
