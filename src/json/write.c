/* SPDX-License-Identifier: MIT */
#include "node.h"
#include "number.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Whole numbers up to here are exact as doubles. */
#define EXACT_MAX 0x1p53

struct json *json_new_object(void)
{
	return node_of(json_object_new_object());
}

struct json *json_new_array(void)
{
	return node_of(json_object_new_array());
}

struct json *json_new_string(const char *text)
{
	size_t length = strlen(text);

	return length < INT_MAX ? node_of(json_object_new_string_len(text, (int)length)) : NULL;
}

struct json *json_new_double(double value)
{
	char text[NUMBER_TEXT_SIZE];

	if (!number_is_finite(value))
		return NULL;
	if (value == trunc(value) && fabs(value) <= EXACT_MAX)
		return json_new_integer((int64_t)value);
	number_text(value, text);
	return node_of(json_object_new_double_s(value, text));
}

struct json *json_new_integer(int64_t value)
{
	return node_of(json_object_new_int64(value));
}

struct json *json_new_bool(bool value)
{
	return node_of(json_object_new_boolean(value));
}

struct json *json_copy(const struct json *node)
{
	struct json_object *copy = NULL;

	if (!node || json_object_deep_copy(node_object(node), &copy, NULL) < 0)
		return NULL;
	return node_of(copy);
}

int json_set(struct json *object, const char *key, struct json *value)
{
	int r;

	if (!value)
		return -ENOMEM;
	if (json_type(object) != JSON_OBJECT || value == object)
		r = object ? -EINVAL : -ENOMEM;
	else
		r = json_object_object_add(node_object(object), key, node_object(value)) < 0
		            ? -ENOMEM
		            : 0;
	if (r < 0 && value != object)
		json_free(value);
	return r;
}

int json_append(struct json *array, struct json *value)
{
	int r;

	if (!value)
		return -ENOMEM;
	if (json_type(array) != JSON_ARRAY)
		r = array ? -EINVAL : -ENOMEM;
	else
		r = json_object_array_add(node_object(array), node_object(value)) < 0 ? -ENOMEM : 0;
	if (r < 0)
		json_free(value);
	return r;
}

/* json-c keeps the text inside the node.  A copy is written instead, so that several threads may
 * write one document that they share. */
char *json_text(const struct json *node)
{
	CLEANUP(json_free_p) struct json *copy = NULL;
	const char *text;

	if (!node)
		return strdup("null");
	copy = json_copy(node);
	if (!copy)
		return NULL;
	text = json_object_to_json_string_ext(
	        node_object(copy), JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	return text ? strdup(text) : NULL;
}
