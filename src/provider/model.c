/* SPDX-License-Identifier: MIT */
/* The member "models" of a definition: each model's text, price and parameters. */
#include "definition.h"

#include <limits.h>
#include <string.h>

#define QUOTED_CHARS 40
#define PROSE_CHARS_MAX 1000

const struct model *model_find(const struct provider *provider, const char *id)
{
	size_t i;

	for (i = 0; i < provider->model_count; i++)
		if (strcmp(provider->models[i].id, id) == 0)
			return &provider->models[i];
	for (i = 0; i < provider->model_count; i++)
		if (list_has(provider->models[i].also, id))
			return &provider->models[i];
	return NULL;
}

const struct model_parameter *model_parameter_find(const struct model *model, const char *name)
{
	size_t i;

	for (i = 0; i < model->parameter_count; i++)
		if (strcmp(model->parameters[i].name, name) == 0)
			return &model->parameters[i];
	return NULL;
}

const char *parameter_known_as(const struct model *model, const struct model_parameter *parameter)
{
	size_t i;

	for (i = 0; i < parameter->common_count; i++)
		if (!model_parameter_find(model, parameter->commons[i].name))
			return parameter->commons[i].name;
	return parameter->name;
}

static const struct json *body_of(const struct provider *provider, const struct model *model)
{
	return model->create_body ? model->create_body : provider->create.body;
}

bool model_takes_text(const struct provider *provider, const struct model *model)
{
	return model->text_name || template_has(body_of(provider, model), "text");
}

const struct provider_pictures *provider_pictures(
        const struct provider *provider, const char *model_name, const char *parameter_name)
{
	const struct model *model = model_find(provider, model_name);
	const struct model_parameter *parameter =
	        model ? model_parameter_find(model, parameter_name) : NULL;

	return parameter && type_is_picture(parameter->type) ? &parameter->pictures : NULL;
}

/* ---- reading ---- */

struct model_fields {
	char *title, *about, *unverified, **also;
	const struct json *create, *status, *text, *price, *parameters, *conflicts, *together;
};

static void model_fields_done(struct model_fields *fields)
{
	free(fields->title);
	free(fields->about);
	free(fields->unverified);
	json_strings_free(fields->also);
}

static int text_read(
        const struct json *node, const char *where, struct model *model, struct err *err)
{
	static const struct json_field table[] = {
	        {"name", JSON_FIELD_STRING, offsetof(struct model, text_name)},
	        {"min_chars", JSON_FIELD_INTEGER, offsetof(struct model, text_min), false, 0,
	                TEXT_CHARS_MAX},
	        {"max_chars", JSON_FIELD_INTEGER, offsetof(struct model, text_max), false, 1,
	                TEXT_CHARS_MAX},
	        {"required", JSON_FIELD_BOOL, offsetof(struct model, text_required)},
	        {NULL},
	};

	int r;

	model->text_max = TEXT_CHARS_MAX;
	if (!node)
		return 0;
	model->text_required = true;
	r = object_read(node, table, model, where, err);
	if (r == 0 && model->text_name && !*model->text_name)
		r = err_set(err, -EINVAL, "%s: must not be empty", where_below(where, "name").text);
	if (r == 0 && model->text_min > model->text_max)
		r = err_set(err, -EINVAL, "%s: is more than max_chars",
		        where_below(where, "min_chars").text);
	return r;
}

/* The member "path" of an action. */
static int path_check(
        const char *path, const char *const *words, const char *where, struct err *err)
{
	if (*path != '/')
		return err_set(err, -EINVAL, "%s.path: must begin with a slash", where);
	return template_check(path, words, where_below(where, "path").text, err);
}

static int create_read(
        const struct json *node, const char *where, struct model *model, struct err *err)
{
	static const struct json_field table[] = {
	        {"path", JSON_FIELD_STRING, offsetof(struct model, create_path)},
	        {"body", JSON_FIELD_NODE, offsetof(struct model, create_body)},
	        {NULL},
	};
	static const char *const words[] = {"model", NULL};
	static const char *const body_words[] = {"model", "text", "input", NULL};
	int r;

	if (!node)
		return 0;
	r = object_read(node, table, model, where, err);
	if (r == 0 && model->create_path)
		r = path_check(model->create_path, words, where, err);
	if (r == 0 && model->create_body)
		r = template_check_body(
		        model->create_body, body_words, where_below(where, "body").text, err);
	return r < 0 ? r : 0;
}

static int status_read(const struct json *node, const char *where, const struct provider *provider,
        struct model *model, struct err *err)
{
	static const struct json_field table[] = {
	        {"path", JSON_FIELD_STRING, offsetof(struct model, status_path), true},
	        {NULL},
	};
	static const char *const words[] = {"task", NULL};
	int r;

	if (!node)
		return 0;
	r = object_read(node, table, model, where, err);
	if (r == 0)
		r = path_check(model->status_path, words, where, err);
	if (r == 0 && !template_text_has(model->status_path, words[0]) &&
	        !template_has(provider->status.body, words[0]))
		r = err_set(err, -EINVAL,
		        "%s: must have \"{task}\": the body of \"status\" has none either",
		        where_below(where, "path").text);
	return r < 0 ? r : 0;
}

/* Whether what the model is given is part of what is sent. */
static int body_check(const struct provider *provider, const struct model *model, const char *where,
        struct err *err)
{
	const struct json *body = body_of(provider, model);

	if (model->text_required && !model_takes_text(provider, model))
		return err_set(err, -EINVAL,
		        "%s: is required and never sent: it has no \"name\", and the body of "
		        "\"create\" no \"{text}\"",
		        where_below(where, "text").text);
	if (template_has(body, "input"))
		return 0;
	if (model->parameter_count > 0)
		return err_set(err, -EINVAL,
		        "%s: are never sent: the body of \"create\" has no \"{input}\"",
		        where_below(where, "parameters").text);
	if (model->text_name && !template_has(body, "text"))
		return err_set(err, -EINVAL,
		        "%s: is never sent: the body of \"create\" has neither \"{input}\" nor "
		        "\"{text}\"",
		        where_below(where, "text").text);
	return 0;
}

static int prose_check(const struct model *model, const char *where, struct err *err)
{
	const struct {
		const char *key, *text;
	} texts[] = {{"title", model->title}, {"about", model->about},
	        {"unverified", model->unverified}, {"price.unit", model->price_unit},
	        {"price.note", model->price_note}};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		const char *text = texts[i].text;

		if (text && (!*text || utf8_length(text, strlen(text)) > PROSE_CHARS_MAX))
			return err_set(err, -EINVAL, "%s: must have from 1 to %d characters",
			        where_below(where, texts[i].key).text, PROSE_CHARS_MAX);
	}
	return 0;
}

static int model_read(const struct json *node, const char *where, const struct provider *provider,
        struct model *model, struct err *err)
{
	static const struct json_field table[] = {
	        {"title", JSON_FIELD_STRING, offsetof(struct model_fields, title)},
	        {"about", JSON_FIELD_STRING, offsetof(struct model_fields, about)},
	        {"unverified", JSON_FIELD_STRING, offsetof(struct model_fields, unverified)},
	        {"also", JSON_FIELD_STRINGS, offsetof(struct model_fields, also)},
	        {"create", JSON_FIELD_NODE, offsetof(struct model_fields, create)},
	        {"status", JSON_FIELD_NODE, offsetof(struct model_fields, status)},
	        {"text", JSON_FIELD_NODE, offsetof(struct model_fields, text)},
	        {"price", JSON_FIELD_NODE, offsetof(struct model_fields, price)},
	        {"parameters", JSON_FIELD_NODE, offsetof(struct model_fields, parameters)},
	        {"conflicts", JSON_FIELD_NODE, offsetof(struct model_fields, conflicts)},
	        {"together", JSON_FIELD_NODE, offsetof(struct model_fields, together)},
	        {NULL},
	};
	CLEANUP(model_fields_done) struct model_fields fields = {0};
	int r;

	r = object_read(node, table, &fields, where, err);
	if (r < 0)
		return r;
	model->title = TAKE(fields.title);
	model->about = TAKE(fields.about);
	model->unverified = TAKE(fields.unverified);
	model->also = TAKE(fields.also);
	r = text_read(fields.text, where_below(where, "text").text, model, err);
	if (r == 0)
		r = create_read(fields.create, where_below(where, "create").text, model, err);
	if (r == 0)
		r = status_read(
		        fields.status, where_below(where, "status").text, provider, model, err);
	if (r == 0)
		r = parameters_read(
		        fields.parameters, where_below(where, "parameters").text, model, err);
	if (r == 0)
		r = price_read(fields.price, where_below(where, "price").text, model, err);
	if (r == 0)
		r = conflicts_read(
		        fields.conflicts, where_below(where, "conflicts").text, model, err);
	if (r == 0)
		r = together_read(fields.together, where_below(where, "together").text, model, err);
	if (r == 0)
		r = prose_check(model, where, err);
	return r < 0 ? r : body_check(provider, model, where, err);
}

/* A model's page is a file of its name. */
static int model_name_check(const char *name, const char *where, struct err *err)
{
	const unsigned char *p = (const unsigned char *)name;
	CLEANUP(free_p) char *quoted = text_line(name, strlen(name), QUOTED_CHARS);

	while (*p >= ' ' && *p != 0x7f)
		p++;
	if (*name && *name != '.' && !*p && strlen(name) <= NAME_MAX)
		return 0;
	return err_set(err, -EINVAL,
	        "%s: \"%s\" cannot be a model's name: it must have 1 to %d bytes, no control "
	        "characters, and not begin with a dot",
	        where, quoted ? quoted : "", NAME_MAX);
}

/* A name is one model's. */
static int also_check(const struct provider *provider, const char *where, struct err *err)
{
	size_t i, j;

	for (i = 0; i < provider->model_count; i++) {
		const struct model *model = &provider->models[i];
		struct where at = where_below(where_below(where, model->id).text, "also");

		for (j = 0; model->also && model->also[j]; j++) {
			const char *name = model->also[j];
			const struct model *other = model_find(provider, name);

			if (model_name_check(name, at.text, err) < 0)
				return -EINVAL;
			if (other != model || list_has(&model->also[j + 1], name) ||
			        strcmp(model->id, name) == 0)
				return err_set(err, -EINVAL,
				        "%s: \"%s\" is already a name of \"%s\"; a name is "
				        "one model's, and given once",
				        at.text, name, other->id);
		}
	}
	return 0;
}

int models_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	size_t count = json_count(node), i;

	if (json_type(node) != JSON_OBJECT || count == 0 || count > MODELS_MAX)
		return err_set(
		        err, -EINVAL, "%s: must be an object of 1 to %d models", where, MODELS_MAX);
	provider->models = calloc(count, sizeof(*provider->models));
	if (!provider->models)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		const char *key = NULL;
		const struct json *member = json_member_at(node, i, &key);
		int r;

		provider->model_count = i + 1;
		provider->models[i].id = strdup(key);
		if (!provider->models[i].id)
			return -ENOMEM;
		if (model_name_check(key, where, err) < 0)
			return -EINVAL;
		r = model_read(
		        member, where_below(where, key).text, provider, &provider->models[i], err);
		if (r < 0)
			return r;
	}
	return also_check(provider, where, err);
}

void models_free(struct model *models, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		struct model *model = &models[i];

		free(model->id);
		json_strings_free(model->also);
		free(model->title);
		free(model->about);
		free(model->unverified);
		free(model->create_path);
		free(model->status_path);
		free(model->text_name);
		free(model->price_by);
		free(model->price_unit);
		free(model->price_times);
		free(model->price_note);
		pairs_done(&model->price_of);
		combinations_done(model);
		for (j = 0; j < model->parameter_count; j++)
			model_parameter_done(&model->parameters[j]);
		free(model->parameters);
	}
	free(models);
}
