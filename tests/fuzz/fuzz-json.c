/* SPDX-License-Identifier: MIT */
/* What is read can be looked at everywhere, and what is written of it reads as the same again. */
#include "darkroom/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct target {
	char *name;
	char **list;
	double number;
	int64_t integer;
	bool flag;
	const struct json *node;
};

static const struct json_field fields[] = {
        {"name", JSON_FIELD_STRING, offsetof(struct target, name), .required = true},
        {"list", JSON_FIELD_STRINGS, offsetof(struct target, list)},
        {"number", JSON_FIELD_DOUBLE, offsetof(struct target, number)},
        {"integer", JSON_FIELD_INTEGER, offsetof(struct target, integer), .max = 9},
        {"flag", JSON_FIELD_BOOL, offsetof(struct target, flag)},
        {"node", JSON_FIELD_NODE, offsetof(struct target, node)},
        {0},
};

static void look(const struct json *node)
{
	const char *key = "", *text = json_string(node);
	size_t count = json_count(node), i;
	int64_t integer;
	double number;
	bool flag;

	if (text && !utf8_valid(text, strlen(text), NULL))
		abort();
	if (json_number(node, &number) && number != number)
		abort();
	if (json_integer(node, &integer) && !json_number(node, &number))
		abort();
	json_bool(node, &flag);
	json_path(node, "data.0.name");
	for (i = 0; i < count; i++) {
		if (json_type(node) == JSON_ARRAY)
			look(json_element(node, i));
		else
			look(json_member_at(node, i, &key));
	}
}

static void read_table(const struct json *document)
{
	struct target target = {0};
	struct err err = {""};

	if (json_read(document, fields, &target, "input", &err) < 0 && !err.text[0])
		abort();
	if (!utf8_valid(err.text, strlen(err.text), NULL))
		abort();
	free(target.name);
	json_strings_free(target.list);
}

static void round_trip(const struct json *document)
{
	struct json *again = NULL;
	char *first = json_text(document), *second;

	if (!first || json_parse(first, strlen(first), &again, NULL) < 0)
		abort();
	second = json_text(again);
	if (!second || strcmp(first, second) != 0)
		abort();
	free(first);
	free(second);
	json_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *document = NULL;
	struct err err = {""};

	if (json_parse((const char *)data, size, &document, &err) < 0) {
		if (!err.text[0] || !utf8_valid(err.text, strlen(err.text), NULL) || document)
			abort();
		return 0;
	}
	look(document);
	read_table(document);
	round_trip(document);
	json_free(document);
	return 0;
}
