/* SPDX-License-Identifier: MIT */
/* json: the only user of json-c.  Strict reading with limits, reading by field table, writing.
 *
 * Nodes below a document are borrowed from it and live as long as it does.  A NULL node stands for
 * "not there", and JSON's null reads as not there too: every reading function takes NULL and finds
 * nothing, so paths can be followed without checks between the steps.
 */
#pragma once

#include "darkroom/base.h"

#define JSON_DEPTH_MAX 32

struct json; /* a node; opaque */

enum json_type {
	JSON_NONE, /* null, or not there */
	JSON_BOOL,
	JSON_INT,
	JSON_DOUBLE,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* Parses one document.  -EINVAL with line and reason where it is not JSON in UTF-8, deeper than
 * JSON_DEPTH_MAX, or followed by more; -ENOMEM.  The document is owned: json_free. */
int json_parse(const char *bytes, size_t size, struct json **ret_document, struct err *err)
        NODISCARD;
/* Looks through the text of a document that json_parse took, where a person wrote it: -EINVAL with
 * the line for an object that has a name twice, or more than members_max names; -ENOMEM. */
int json_check_names(const char *bytes, size_t size, size_t members_max, struct err *err) NODISCARD;
/* Frees a document or a value that was made here; NULL is fine. */
void json_free(struct json *document);
void json_free_p(struct json **document);

/* ---- looking ---- */

enum json_type json_type(const struct json *node);
/* A member of an object, or NULL. */
struct json *json_member(const struct json *node, const char *key);
/* An element of an array, or NULL. */
struct json *json_element(const struct json *node, size_t index);
/* The number of members of an object or elements of an array; 0 otherwise. */
size_t json_count(const struct json *node);
/* The index-th member of an object in the document's order: its node, and its key in *ret_key. */
struct json *json_member_at(const struct json *node, size_t index, const char **ret_key);
/* Follows keys joined by dots from the node ("data.taskId"); a decimal number picks an element of
 * an array. */
struct json *json_path(const struct json *node, const char *path);
/* The string's bytes, borrowed, or NULL where the node is no string or has a NUL in it. */
const char *json_string(const struct json *node);
/* The value where it is a number, or a string that is one (integers as strings are common on the
 * wire); false otherwise. */
bool json_number(const struct json *node, double *ret_value);
bool json_integer(const struct json *node, int64_t *ret_value);
bool json_bool(const struct json *node, bool *ret_value);

/* ---- reading by field table ---- */

enum json_field_type {
	JSON_FIELD_STRING,  /* char *, owned by the struct */
	JSON_FIELD_STRINGS, /* char **, NULL-terminated, owned; a single string counts as one */
	JSON_FIELD_DOUBLE,  /* double */
	JSON_FIELD_INTEGER, /* int64_t; min and max apply unless both are 0 */
	JSON_FIELD_BOOL,    /* bool */
	JSON_FIELD_NODE,    /* const struct json *, borrowed from the document */
};

struct json_field {
	const char *key;
	enum json_field_type type;
	size_t offset;
	bool required;
	int64_t min, max;
};

/* Reads an object into *target by a table that ends with a NULL key.  Fields that are absent keep
 * what was in *target.  A key that is not in the table, a wrong type, a missing required key or a
 * value out of range is -EINVAL, with `where` and the key in the message.  What was stored before
 * an error stays in *target: free the struct as usual. */
int json_read(const struct json *object, const struct json_field *fields, void *target,
        const char *where, struct err *err) NODISCARD;
/* Frees a NULL-terminated list of strings; NULL is fine. */
void json_strings_free(char **strings);

/* ---- writing ---- */

/* New values, owned by the caller until added to a container; NULL without memory. */
struct json *json_new_object(void) NODISCARD;
struct json *json_new_array(void) NODISCARD;
struct json *json_new_string(const char *text) NODISCARD;
struct json *json_new_double(double value) NODISCARD; /* whole numbers are written without a dot */
struct json *json_new_integer(int64_t value) NODISCARD;
struct json *json_new_bool(bool value) NODISCARD;
struct json *json_copy(const struct json *node) NODISCARD; /* deep */

/* Adds value to the container, which owns it from then on, also where this fails (it is freed).
 * A NULL value is -ENOMEM, so that calls can be nested.  An equal key is replaced. */
int json_set(struct json *object, const char *key, struct json *value) NODISCARD;
int json_append(struct json *array, struct json *value) NODISCARD;

/* The document as text on one line, owned by the caller; NULL without memory. */
char *json_text(const struct json *node) NODISCARD;
