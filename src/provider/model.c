/* SPDX-License-Identifier: MIT */
/* The member "models" of a definition: each model's text, price and parameters. */
#include "definition.h"

#include <math.h>
#include <string.h>

#define TEXT_CHARS_MAX 1000000

static const char *const type_words[] = {
        "string", "integer", "number", "boolean", "strings", "json", NULL};

const struct model *model_find(const struct provider *provider, const char *id)
{
	size_t i;

	for (i = 0; i < provider->model_count; i++)
		if (strcmp(provider->models[i].id, id) == 0)
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

/* ---- parameters ---- */

static bool name_is_valid(const char *name)
{
	static const char *const reserved[] = {
	        "provider", "model", "hold", "variation", "priority"};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reserved); i++)
		if (strcmp(name, reserved[i]) == 0)
			return false;
	return *name && strlen(name) <= PARAMETER_NAME_MAX && strncmp(name, "task.", 5) != 0 &&
	       name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                         "0123456789._-")] == '\0';
}

struct parameter_fields {
	char *type, *help;
	const struct json *values, *aliases, *common, *fallback;
	bool required, as_string;
	double min, max;
	int64_t min_length, max_length;
};

static void parameter_fields_done(struct parameter_fields *fields)
{
	free(fields->type);
	free(fields->help);
}

static void model_parameter_done(struct model_parameter *parameter)
{
	size_t i;

	free(parameter->name);
	free(parameter->help);
	json_strings_free(parameter->values);
	pairs_done(&parameter->aliases);
	for (i = 0; i < parameter->common_count; i++) {
		free(parameter->commons[i].name);
		pairs_done(&parameter->commons[i].map);
	}
	free(parameter->commons);
	free(parameter->fallback);
}

static int commons_read(const struct json *node, const char *where,
        struct model_parameter *parameter, struct err *err)
{
	size_t count = json_count(node), i;

	if (!node)
		return 0;
	if (json_type(node) != JSON_OBJECT)
		return err_set(err, -EINVAL, "%s: must be an object", where);
	parameter->commons = calloc(count + 1, sizeof(*parameter->commons));
	if (!parameter->commons)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct common *common = &parameter->commons[i];
		const char *key = NULL;
		const struct json *member = json_member_at(node, i, &key);
		int r;

		common->name = strdup(key);
		if (!common->name)
			return -ENOMEM;
		parameter->common_count = i + 1;
		if (!name_is_valid(key))
			return err_set(err, -EINVAL, "%s: cannot be a parameter's name",
			        where_below(where, key).text);
		r = pairs_read(member, where_below(where, key).text, &common->map, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Every value that is named must be one that the parameter can have. */
static int parameter_check(
        const struct model_parameter *parameter, const char *where, struct err *err)
{
	size_t i, j;
	int r = 0;

	for (i = 0; parameter->values && parameter->values[i] && r == 0; i++) {
		CLEANUP(free_p) char *value = NULL;

		r = value_check(parameter, NULL, where_below(where, "values").text,
		        parameter->values[i], &value, err);
	}
	for (i = 0; i < parameter->aliases.count && r == 0; i++) {
		CLEANUP(free_p) char *value = NULL;

		r = value_check(parameter, NULL, where_below(where, "aliases").text,
		        parameter->aliases.items[i].to, &value, err);
	}
	for (i = 0; i < parameter->common_count; i++) {
		const struct common *common = &parameter->commons[i];
		struct where at = where_below(where_below(where, "common").text, common->name);

		for (j = 0; j < common->map.count && r == 0; j++) {
			CLEANUP(free_p) char *value = NULL;

			r = value_check(
			        parameter, NULL, at.text, common->map.items[j].to, &value, err);
		}
	}
	return r;
}

/* The default, in its one spelling. */
static int fallback_read(const struct json *node, const char *where,
        struct model_parameter *parameter, struct err *err)
{
	CLEANUP(free_p) char *text = NULL;
	int r;

	if (!node)
		return 0;
	if (parameter->type == VALUE_JSON)
		r = (text = json_text(node)) ? 0 : -ENOMEM;
	else
		r = scalar_text(node, &text);
	if (r < 0)
		return r;
	if (!text)
		return err_set(err, -EINVAL, "%s: must be a string, number or boolean", where);
	return value_check(parameter, NULL, where, text, &parameter->fallback, err);
}

static int parameter_read(const struct json *node, const char *where,
        struct model_parameter *parameter, struct err *err)
{
	static const struct json_field table[] = {
	        {"type", JSON_FIELD_STRING, offsetof(struct parameter_fields, type), true},
	        {"help", JSON_FIELD_STRING, offsetof(struct parameter_fields, help)},
	        {"values", JSON_FIELD_NODE, offsetof(struct parameter_fields, values)},
	        {"aliases", JSON_FIELD_NODE, offsetof(struct parameter_fields, aliases)},
	        {"common", JSON_FIELD_NODE, offsetof(struct parameter_fields, common)},
	        {"default", JSON_FIELD_NODE, offsetof(struct parameter_fields, fallback)},
	        {"required", JSON_FIELD_BOOL, offsetof(struct parameter_fields, required)},
	        {"as_string", JSON_FIELD_BOOL, offsetof(struct parameter_fields, as_string)},
	        {"min", JSON_FIELD_DOUBLE, offsetof(struct parameter_fields, min)},
	        {"max", JSON_FIELD_DOUBLE, offsetof(struct parameter_fields, max)},
	        {"min_length", JSON_FIELD_INTEGER, offsetof(struct parameter_fields, min_length),
	                false, 0, TEXT_CHARS_MAX},
	        {"max_length", JSON_FIELD_INTEGER, offsetof(struct parameter_fields, max_length),
	                false, 0, TEXT_CHARS_MAX},
	        {NULL},
	};
	CLEANUP(parameter_fields_done)
	struct parameter_fields fields = {
	        .min = -INFINITY, .max = INFINITY, .max_length = INT64_MAX};
	int r;

	r = object_read(node, table, &fields, where, err);
	if (r < 0)
		return r;
	r = word_read(fields.type, type_words, where_below(where, "type").text, err);
	if (r < 0)
		return r;
	parameter->type = (enum value_type)r;
	parameter->help = TAKE(fields.help);
	parameter->required = fields.required;
	parameter->as_string = fields.as_string;
	parameter->min = fields.min;
	parameter->max = fields.max;
	parameter->min_length = fields.min_length;
	parameter->max_length = fields.max_length;
	r = scalars_read(fields.values, where_below(where, "values").text, &parameter->values, err);
	if (r == 0)
		r = pairs_read(fields.aliases, where_below(where, "aliases").text,
		        &parameter->aliases, err);
	if (r == 0)
		r = commons_read(fields.common, where_below(where, "common").text, parameter, err);
	if (r == 0)
		r = parameter_check(parameter, where, err);
	if (r == 0)
		r = fallback_read(
		        fields.fallback, where_below(where, "default").text, parameter, err);
	return r;
}

static int parameters_read(
        const struct json *node, const char *where, struct model *model, struct err *err)
{
	size_t count = json_count(node), i;

	if (!node)
		return 0;
	if (json_type(node) != JSON_OBJECT || count > PARAMETERS_MAX)
		return err_set(err, -EINVAL, "%s: must be an object of at most %d parameters",
		        where, PARAMETERS_MAX);
	model->parameters = calloc(count + 1, sizeof(*model->parameters));
	if (!model->parameters)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct model_parameter *parameter = &model->parameters[i];
		const char *key = NULL;
		const struct json *member = json_member_at(node, i, &key);
		struct where below = where_below(where, key);
		int r;

		model->parameter_count = i + 1;
		parameter->name = strdup(key);
		if (!parameter->name)
			return -ENOMEM;
		if (!name_is_valid(key) || (model->text_name && strcmp(model->text_name, key) == 0))
			return err_set(
			        err, -EINVAL, "%s: cannot be a parameter's name", below.text);
		r = parameter_read(member, below.text, parameter, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* ---- models ---- */

struct model_fields {
	char *title;
	const struct json *create, *text, *price, *parameters;
};

static void model_fields_done(struct model_fields *fields)
{
	free(fields->title);
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

	model->text_max = TEXT_CHARS_MAX;
	if (!node)
		return 0;
	model->text_required = true;
	return object_read(node, table, model, where, err);
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
	if (r == 0 && model->create_path && *model->create_path != '/')
		r = err_set(err, -EINVAL, "%s.path: must begin with a slash", where);
	if (r == 0 && model->create_path)
		r = template_check(model->create_path, words, where_below(where, "path").text, err);
	if (r == 0 && model->create_body)
		r = template_check_body(
		        model->create_body, body_words, where_below(where, "body").text, err);
	return r < 0 ? r : 0;
}

static int price_read(
        const struct json *node, const char *where, struct model *model, struct err *err)
{
	static const struct json_field table[] = {
	        {"credits", JSON_FIELD_NODE, offsetof(struct model, price_credits), true},
	        {"by", JSON_FIELD_STRING, offsetof(struct model, price_by)},
	        {"unit", JSON_FIELD_STRING, offsetof(struct model, price_unit)},
	        {NULL},
	};
	struct where at = where_below(where, "credits");
	size_t i;
	int r;

	if (!node)
		return 0;
	r = object_read(node, table, model, where, err);
	if (r < 0)
		return r;
	if (json_type(model->price_credits) == JSON_OBJECT) {
		if (!model->price_by || !model_parameter_find(model, model->price_by))
			return err_set(err, -EINVAL,
			        "%s.by: must name the parameter that the prices go by", where);
		for (i = 0; i < json_count(model->price_credits); i++) {
			const char *key = NULL;
			double credits;

			if (!json_number(json_member_at(model->price_credits, i, &key), &credits) ||
			        !(credits >= 0))
				return err_set(err, -EINVAL, "%s: must be a number from 0 on",
				        where_below(at.text, key).text);
		}
		return pairs_read(model->price_credits, at.text, &model->price_of, err);
	}
	if (model->price_by)
		return err_set(err, -EINVAL, "%s: must be an object of prices by %s", at.text,
		        model->price_by);
	if (!json_number(model->price_credits, &model->price) || !(model->price >= 0))
		return err_set(
		        err, -EINVAL, "%s: must be a number from 0 on, or an object", at.text);
	model->price_known = true;
	return 0;
}

static int model_read(
        const struct json *node, const char *where, struct model *model, struct err *err)
{
	static const struct json_field table[] = {
	        {"title", JSON_FIELD_STRING, offsetof(struct model_fields, title)},
	        {"create", JSON_FIELD_NODE, offsetof(struct model_fields, create)},
	        {"text", JSON_FIELD_NODE, offsetof(struct model_fields, text)},
	        {"price", JSON_FIELD_NODE, offsetof(struct model_fields, price)},
	        {"parameters", JSON_FIELD_NODE, offsetof(struct model_fields, parameters)},
	        {NULL},
	};
	CLEANUP(model_fields_done) struct model_fields fields = {0};
	int r;

	r = object_read(node, table, &fields, where, err);
	if (r < 0)
		return r;
	model->title = TAKE(fields.title);
	r = text_read(fields.text, where_below(where, "text").text, model, err);
	if (r == 0)
		r = create_read(fields.create, where_below(where, "create").text, model, err);
	if (r == 0)
		r = parameters_read(
		        fields.parameters, where_below(where, "parameters").text, model, err);
	if (r == 0)
		r = price_read(fields.price, where_below(where, "price").text, model, err);
	return r;
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
		if (!*key || strlen(key) > PARAMETER_VALUE_MAX)
			return err_set(
			        err, -EINVAL, "%s: a model's name is empty or too long", where);
		r = model_read(member, where_below(where, key).text, &provider->models[i], err);
		if (r < 0)
			return r;
	}
	return 0;
}

void models_free(struct model *models, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		struct model *model = &models[i];

		free(model->id);
		free(model->title);
		free(model->create_path);
		free(model->text_name);
		free(model->price_by);
		free(model->price_unit);
		pairs_done(&model->price_of);
		for (j = 0; j < model->parameter_count; j++)
			model_parameter_done(&model->parameters[j]);
		free(model->parameters);
	}
	free(models);
}
