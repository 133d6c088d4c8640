/* SPDX-License-Identifier: MIT */
#include "node.h"
#include "scan.h"

#include <limits.h>
#include <string.h>

static void tokener_free_p(struct json_tokener **tokener)
{
	if (*tokener)
		json_tokener_free(*tokener);
}

static size_t line_at(const char *bytes, size_t offset)
{
	size_t line = 1, i;

	for (i = 0; i < offset; i++)
		line += bytes[i] == '\n';
	return line;
}

static int wrong_at(
        struct err *err, const char *bytes, size_t size, size_t offset, const char *reason)
{
	return err_set(err, -EINVAL, "line %zu: not JSON: %s",
	        line_at(bytes, offset < size ? offset : size), reason);
}

static int parse(const char *bytes, size_t size, struct json **ret_document, struct err *err)
{
	CLEANUP(tokener_free_p) struct json_tokener *tokener = NULL;
	struct json_object *object;
	enum json_tokener_error error;
	size_t end;

	/* One level more for the values in the deepest container. */
	tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	if (!tokener)
		return err_set(err, -ENOMEM, "out of memory");
	/* Not JSON_TOKENER_STRICT: json-c 0.17 and later then refuse every byte above 127 in a
	 * string where char is signed.  What it would find, json_scan has found. */
	object = json_tokener_parse_ex(tokener, bytes, (int)size);
	error = json_tokener_get_error(tokener);
	end = json_tokener_get_parse_end(tokener);
	if (error == json_tokener_continue) {
		/* A number may only end here, anything else was cut: a NUL byte says so. */
		object = json_tokener_parse_ex(tokener, "", 1);
		error = json_tokener_get_error(tokener);
		end = size;
	}
	while (error == json_tokener_success && end < size && strchr(" \t\r\n", bytes[end]) &&
	        bytes[end])
		end++;
	if (error == json_tokener_success && end == size) {
		*ret_document = node_of(object);
		return 0;
	}
	json_object_put(object);
	if (error == json_tokener_success)
		return wrong_at(err, bytes, size, end, "more follows after its end");
	return wrong_at(err, bytes, size, end, json_tokener_error_desc(error));
}

int json_parse(const char *bytes, size_t size, struct json **ret_document, struct err *err)
{
	const char *wrong;
	size_t offset = 0;

	if (size > INT_MAX - 1)
		return err_set(err, -EINVAL, "not JSON: too large");
	if (!utf8_valid(bytes, size, &offset))
		return wrong_at(err, bytes, size, offset, "not UTF-8");
	wrong = json_scan(bytes, size, &offset);
	if (wrong)
		return wrong_at(err, bytes, size, offset, wrong);
	return parse(bytes, size, ret_document, err);
}

void json_free(struct json *document)
{
	json_object_put(node_object(document));
}

void json_free_p(struct json **document)
{
	json_free(*document);
}
