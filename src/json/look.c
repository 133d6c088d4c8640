/* SPDX-License-Identifier: MIT */
#include "node.h"
#include "number.h"

#include <limits.h>
#include <string.h>

#define KEY_MAX 128

enum json_type json_type(const struct json *node)
{
	switch (json_object_get_type(node_object(node))) {
	case json_type_null:
		return JSON_NONE;
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_int:
		return JSON_INT;
	case json_type_double:
		return JSON_DOUBLE;
	case json_type_string:
		return JSON_STRING;
	case json_type_array:
		return JSON_ARRAY;
	case json_type_object:
		return JSON_OBJECT;
	}
	return JSON_NONE;
}

struct json *json_member(const struct json *node, const char *key)
{
	struct json_object *member = NULL;

	if (json_type(node) != JSON_OBJECT)
		return NULL;
	json_object_object_get_ex(node_object(node), key, &member);
	return node_of(member);
}

struct json *json_element(const struct json *node, size_t index)
{
	if (index >= json_count(node) || json_type(node) != JSON_ARRAY)
		return NULL;
	return node_of(json_object_array_get_idx(node_object(node), index));
}

size_t json_count(const struct json *node)
{
	if (json_type(node) == JSON_OBJECT)
		return (size_t)json_object_object_length(node_object(node));
	if (json_type(node) == JSON_ARRAY)
		return json_object_array_length(node_object(node));
	return 0;
}

struct json *json_member_at(const struct json *node, size_t index, const char **ret_key)
{
	if (json_type(node) != JSON_OBJECT)
		return NULL;
	json_object_object_foreach(node_object(node), key, value)
	{
		if (index-- == 0) {
			*ret_key = key;
			return node_of(value);
		}
	}
	return NULL;
}

static struct json *step(const struct json *node, const char *key)
{
	uint64_t index;

	if (json_type(node) == JSON_ARRAY && text_u64(key, SIZE_MAX, &index))
		return json_element(node, (size_t)index);
	return json_member(node, key);
}

struct json *json_path(const struct json *node, const char *path)
{
	char key[KEY_MAX];

	for (;;) {
		size_t length = strcspn(path, ".");

		if (length >= sizeof(key))
			return NULL;
		memcpy(key, path, length);
		key[length] = '\0';
		node = step(node, key);
		if (!path[length])
			return (struct json *)(uintptr_t)node;
		path += length + 1;
	}
}

const char *json_string(const struct json *node)
{
	const char *text;

	if (json_type(node) != JSON_STRING)
		return NULL;
	text = json_object_get_string(node_object(node));
	return strlen(text) == (size_t)json_object_get_string_len(node_object(node)) ? text : NULL;
}

bool json_number(const struct json *node, double *ret_value)
{
	const char *text;
	double value;

	switch (json_type(node)) {
	case JSON_INT:
	case JSON_DOUBLE:
		value = json_object_get_double(node_object(node));
		break;
	case JSON_STRING:
		text = json_string(node);
		if (!text || !number_parse(text, &value))
			return false;
		break;
	case JSON_NONE:
	case JSON_BOOL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		return false;
	}
	if (!number_is_finite(value))
		return false;
	*ret_value = value;
	return true;
}

bool json_integer(const struct json *node, int64_t *ret_value)
{
	const char *text;

	switch (json_type(node)) {
	case JSON_INT:
		if (json_object_get_uint64(node_object(node)) > INT64_MAX)
			return false;
		*ret_value = json_object_get_int64(node_object(node));
		return true;
	case JSON_DOUBLE:
		return number_to_integer(json_object_get_double(node_object(node)), ret_value);
	case JSON_STRING:
		text = json_string(node);
		return text && number_parse_integer(text, ret_value);
	case JSON_NONE:
	case JSON_BOOL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		return false;
	}
	return false;
}

bool json_bool(const struct json *node, bool *ret_value)
{
	if (json_type(node) != JSON_BOOL)
		return false;
	*ret_value = json_object_get_boolean(node_object(node));
	return true;
}
