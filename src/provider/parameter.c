/* SPDX-License-Identifier: MIT */
/* The member "parameters" of a model: what each takes. */
#include "definition.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* No picture is larger, and none inside a request: it is held in memory there. */
#define PICTURE_BYTES_MAX (INT64_C(256) << 20)
#define INLINE_BYTES_MAX (INT64_C(20) << 20)
#define INLINE_BYTES_DEFAULT (INT64_C(10) << 20)

static const char *const type_words[] = {
        "string", "integer", "number", "boolean", "strings", "json", "picture", "pictures", NULL};
/* As files_format_suffix gives them. */
static const char *const suffix_words[] = {
        "png", "jpg", "webp", "gif", "avif", "heic", "bmp", "tiff", "jxl", "svg", NULL};

static const char *const reserved_words[] = {
        "provider", "model", "hold", "variation", "priority", NULL};

/* -EINVAL and what is allowed. */
static int name_check(const char *name, const char *where, struct err *err)
{
	size_t i;

	for (i = 0; reserved_words[i]; i++)
		if (strcmp(name, reserved_words[i]) == 0)
			return err_set(err, -EINVAL,
			        "%s: cannot be a parameter's name: it has a meaning of its own",
			        where);
	if (strncmp(name, "task.", 5) == 0)
		return err_set(err, -EINVAL,
		        "%s: cannot be a parameter's name: it must not begin with \"task.\"",
		        where);
	if (*name && strlen(name) <= PARAMETER_NAME_MAX &&
	        name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                          "0123456789._-")] == '\0')
		return 0;
	return err_set(err, -EINVAL,
	        "%s: cannot be a parameter's name: it must have 1 to %d of the characters A-Z a-z "
	        "0-9 . _ -",
	        where, PARAMETER_NAME_MAX);
}

struct parameter_fields {
	char *type, *help, **formats;
	const struct json *values, *aliases, *common, *fallback;
	bool required, as_string, inline_data;
	double min, max;
	int64_t min_length, max_length, max_bytes;
};

static void parameter_fields_done(struct parameter_fields *fields)
{
	free(fields->type);
	free(fields->help);
	json_strings_free(fields->formats);
}

void model_parameter_done(struct model_parameter *parameter)
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
	json_strings_free(parameter->suffixes);
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
		struct where below = where_below(where, key);
		int r;

		common->name = strdup(key);
		if (!common->name)
			return -ENOMEM;
		parameter->common_count = i + 1;
		r = name_check(key, below.text, err);
		if (r < 0)
			return r;
		if (strcmp(key, parameter->name) == 0)
			return err_set(err, -EINVAL,
			        "%s: is the parameter's own name; other words for its values "
			        "stand in \"aliases\"",
			        below.text);
		r = pairs_read(member, below.text, &common->map, err);
		if (r < 0)
			return r;
		if (type_is_picture(parameter->type) && common->map.count > 0)
			return err_set(err, -EINVAL, "%s: must be {}: pictures have no other words",
			        below.text);
	}
	return 0;
}

/* Every value that is named must be one that the parameter can have. */
static int values_check(const struct model_parameter *parameter, const char *where, struct err *err)
{
	struct model_parameter any = *parameter;
	size_t i, j;
	int r = 0;

	any.values = NULL;
	any.aliases = (struct pairs){0};
	for (i = 0; parameter->values && parameter->values[i] && r == 0; i++) {
		struct where at = where_below(where, "values");
		CLEANUP(free_p) char *value = NULL;

		r = value_check(&any, NULL, at.text, parameter->values[i], &value, err);
		if (r == 0 && strcmp(value, parameter->values[i]) != 0)
			r = err_set(err, -EINVAL, "%s: \"%s\" must be written \"%s\"", at.text,
			        parameter->values[i], value);
		if (r == 0 && list_has(&parameter->values[i + 1], value))
			r = err_set(err, -EINVAL, "%s: \"%s\" is given twice", at.text, value);
	}
	for (i = 0; i < parameter->aliases.count && r == 0; i++) {
		CLEANUP(free_p) char *value = NULL;

		if (list_has(parameter->values, parameter->aliases.items[i].from))
			return err_set(err, -EINVAL, "%s: is one of the values itself",
			        where_below(where_below(where, "aliases").text,
			                parameter->aliases.items[i].from)
			                .text);
		r = value_check(parameter, NULL, where_below(where, "aliases").text,
		        parameter->aliases.items[i].to, &value, err);
	}
	for (i = 0; i < parameter->common_count && r == 0; i++) {
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

/* A member that means nothing for the type is a mistake. */
static int members_check(
        const struct json *node, enum value_type type, const char *where, struct err *err)
{
	enum {
		TEXTS = 1 << VALUE_STRING | 1 << VALUE_STRINGS,
		NUMBERS = 1 << VALUE_INTEGER | 1 << VALUE_NUMBER,
		PICTURES = 1 << VALUE_PICTURE | 1 << VALUE_PICTURES,
		WORDS = 1 << VALUE_STRING | NUMBERS,
		OTHERS = TEXTS | NUMBERS | 1 << VALUE_BOOLEAN | 1 << VALUE_JSON,
	};
	static const struct {
		const char *key;
		int types;
	} members[] = {
	        {"values", WORDS},
	        {"aliases", OTHERS},
	        {"default", OTHERS},
	        {"as_string", NUMBERS | 1 << VALUE_BOOLEAN},
	        {"min", NUMBERS},
	        {"max", NUMBERS},
	        {"min_length", TEXTS | 1 << VALUE_PICTURES},
	        {"max_length", TEXTS | 1 << VALUE_PICTURES},
	        {"max_bytes", PICTURES},
	        {"formats", PICTURES},
	        {"inline", PICTURES},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(members); i++)
		if (json_member(node, members[i].key) && !(members[i].types & 1 << type))
			return err_set(err, -EINVAL, "%s: a parameter of the type %s has none",
			        where_below(where, members[i].key).text, type_words[type]);
	return 0;
}

static int range_check(const struct model_parameter *parameter, const char *where, struct err *err)
{
	if (parameter->min > parameter->max)
		return err_set(
		        err, -EINVAL, "%s: is more than max", where_below(where, "min").text);
	if (parameter->min_length > parameter->max_length)
		return err_set(err, -EINVAL, "%s: is more than max_length",
		        where_below(where, "min_length").text);
	return 0;
}

static int pictures_read(struct parameter_fields *fields, const char *where,
        struct model_parameter *parameter, struct err *err)
{
	struct provider_pictures *pictures = &parameter->pictures;
	int64_t most = fields->inline_data ? INLINE_BYTES_MAX : PICTURE_BYTES_MAX;
	size_t i;

	if (!type_is_picture(parameter->type))
		return 0;
	if (parameter->type == VALUE_PICTURE)
		parameter->max_length = 1;
	if (parameter->min_length < 1)
		parameter->min_length = 1;
	if (parameter->max_length == INT64_MAX)
		parameter->max_length = REFERENCES_MAX;
	if (parameter->max_length < 1 || parameter->max_length > REFERENCES_MAX)
		return err_set(err, -EINVAL, "%s: must be from 1 to %d",
		        where_below(where, "max_length").text, REFERENCES_MAX);
	if (fields->max_bytes > most)
		return err_set(err, -EINVAL, "%s: must be at most %" PRId64 "%s",
		        where_below(where, "max_bytes").text, most,
		        fields->inline_data ? " where inline is true" : "");
	pictures->bytes_max = fields->max_bytes;
	if (pictures->bytes_max == 0)
		pictures->bytes_max = fields->inline_data ? INLINE_BYTES_DEFAULT : most;
	pictures->inline_data = fields->inline_data;
	for (i = 0; fields->formats && fields->formats[i]; i++)
		if (word_read(fields->formats[i], suffix_words, where_below(where, "formats").text,
		            err) < 0)
			return -EINVAL;
	if (fields->formats && i == 0)
		return err_set(err, -EINVAL, "%s: must have at least one element",
		        where_below(where, "formats").text);
	parameter->suffixes = TAKE(fields->formats);
	pictures->suffixes = (const char *const *)parameter->suffixes;
	return 0;
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
	        {"max_bytes", JSON_FIELD_INTEGER, offsetof(struct parameter_fields, max_bytes),
	                false, 1, PICTURE_BYTES_MAX},
	        {"formats", JSON_FIELD_STRINGS, offsetof(struct parameter_fields, formats)},
	        {"inline", JSON_FIELD_BOOL, offsetof(struct parameter_fields, inline_data)},
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
	r = members_check(node, parameter->type, where, err);
	if (r == 0)
		r = pictures_read(&fields, where, parameter, err);
	if (r == 0)
		r = range_check(parameter, where, err);
	if (r == 0)
		r = scalars_read(
		        fields.values, where_below(where, "values").text, &parameter->values, err);
	if (r == 0)
		r = pairs_read(fields.aliases, where_below(where, "aliases").text,
		        &parameter->aliases, err);
	if (r == 0)
		r = commons_read(fields.common, where_below(where, "common").text, parameter, err);
	if (r == 0)
		r = values_check(parameter, where, err);
	if (r == 0)
		r = fallback_read(
		        fields.fallback, where_below(where, "default").text, parameter, err);
	return r;
}

int parameters_read(
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
		r = name_check(key, below.text, err);
		if (r == 0 && model->text_name && strcmp(model->text_name, key) == 0)
			r = err_set(err, -EINVAL,
			        "%s: cannot be a parameter's name: the text is sent under it",
			        below.text);
		if (r < 0)
			return r;
		r = parameter_read(member, below.text, parameter, err);
		if (r < 0)
			return r;
	}
	return 0;
}
