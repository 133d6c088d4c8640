/* SPDX-License-Identifier: MIT */
#include "darkroom/json.h"

#include <inttypes.h>
#include <string.h>

/* So much of a wrong key is quoted in a message. */
#define QUOTED_CHARS 40

static const char *const type_words[] = {
        [JSON_FIELD_STRING] = "a string",
        [JSON_FIELD_STRINGS] = "a list of strings",
        [JSON_FIELD_DOUBLE] = "a number",
        [JSON_FIELD_INTEGER] = "a whole number",
        [JSON_FIELD_BOOL] = "true or false",
        [JSON_FIELD_NODE] = "a value",
};

static const struct json_field *field_find(const struct json_field *fields, const char *key)
{
	for (; fields->key; fields++)
		if (strcmp(fields->key, key) == 0)
			return fields;
	return NULL;
}

static int unknown_key(
        const struct json_field *fields, const char *key, const char *where, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(key, strlen(key), QUOTED_CHARS);
	CLEANUP(buf_done) struct buf allowed = BUF_INIT(sizeof(err->text));
	const struct json_field *field;

	/* What does not fit any more is left out of the message. */
	for (field = fields; field->key; field++)
		if (buf_addf(&allowed, "%s%s", field == fields ? "" : ", ", field->key) < 0)
			break;
	return err_set(err, -EINVAL, "%s: unknown key \"%s\"; known are: %s", where,
	        quoted ? quoted : "", allowed.data ? allowed.data : "none");
}

void json_strings_free(char **strings)
{
	size_t i;

	for (i = 0; strings && strings[i]; i++)
		free(strings[i]);
	free(strings);
}

static void strings_free_p(char ***strings)
{
	json_strings_free(*strings);
}

static int read_string(const struct json *node, char **target)
{
	const char *text = json_string(node);
	char *copy;

	if (!text)
		return -EINVAL;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	free(*target);
	*target = copy;
	return 0;
}

static int read_strings(const struct json *node, char ***target)
{
	CLEANUP(strings_free_p) char **strings = NULL;
	bool single = json_type(node) == JSON_STRING;
	size_t count = single ? 1 : json_count(node), i;

	if (!single && json_type(node) != JSON_ARRAY)
		return -EINVAL;
	strings = calloc(count + 1, sizeof(*strings));
	if (!strings)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		int r = read_string(single ? node : json_element(node, i), &strings[i]);

		if (r < 0)
			return r;
	}
	json_strings_free(*target);
	*target = TAKE(strings);
	return 0;
}

static bool is_number(const struct json *node)
{
	return json_type(node) == JSON_INT || json_type(node) == JSON_DOUBLE;
}

static bool has_range(const struct json_field *field)
{
	return field->min != 0 || field->max != 0;
}

static int read_integer(const struct json *node, const struct json_field *field, int64_t *target)
{
	int64_t value;

	if (!is_number(node) || !json_integer(node, &value))
		return -EINVAL;
	if (has_range(field) && (value < field->min || value > field->max))
		return -ERANGE;
	*target = value;
	return 0;
}

static int read_field(const struct json *node, const struct json_field *field, void *target)
{
	void *place = (char *)target + field->offset;

	switch (field->type) {
	case JSON_FIELD_STRING:
		return read_string(node, place);
	case JSON_FIELD_STRINGS:
		return read_strings(node, place);
	case JSON_FIELD_DOUBLE:
		return is_number(node) && json_number(node, place) ? 0 : -EINVAL;
	case JSON_FIELD_INTEGER:
		return read_integer(node, field, place);
	case JSON_FIELD_BOOL:
		return json_bool(node, place) ? 0 : -EINVAL;
	case JSON_FIELD_NODE:
		*(const struct json **)place = node;
		return 0;
	}
	return -EINVAL;
}

static int field_wrong(int r, const struct json_field *field, const char *where, struct err *err)
{
	if (r == -ENOMEM)
		return err_set(err, r, "out of memory");
	if (r == -ERANGE)
		return err_set(err, -EINVAL, "%s: \"%s\" must be from %" PRId64 " to %" PRId64,
		        where, field->key, field->min, field->max);
	return err_set(
	        err, -EINVAL, "%s: \"%s\" must be %s", where, field->key, type_words[field->type]);
}

int json_read(const struct json *object, const struct json_field *fields, void *target,
        const char *where, struct err *err)
{
	const struct json_field *field;
	size_t count = json_count(object), i;

	if (json_type(object) != JSON_OBJECT)
		return err_set(err, -EINVAL, "%s: must be an object", where);
	for (i = 0; i < count; i++) {
		const char *key = NULL;

		json_member_at(object, i, &key);
		if (!field_find(fields, key))
			return unknown_key(fields, key, where, err);
	}
	for (field = fields; field->key; field++) {
		const struct json *node = json_member(object, field->key);
		int r;

		if (!node && field->required)
			return err_set(err, -EINVAL, "%s: \"%s\" is missing", where, field->key);
		r = node ? read_field(node, field, target) : 0;
		if (r < 0)
			return field_wrong(r, field, where, err);
	}
	return 0;
}
