/* SPDX-License-Identifier: MIT */
/* Small parts that definitions are read with: places, pairs, lists, words. */
#include "definition.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A list in a definition is not longer than this. */
#define LIST_MAX 256
#define LIST_TEXT_MAX 16384
#define QUOTED_CHARS 40

struct where where_below(const char *parent, const char *key)
{
	struct where where;
	bool top = strstr(parent, ".json") && !strstr(parent, ".json: ");

	snprintf(where.text, sizeof(where.text), "%s%s%s", parent, top ? ": " : ".", key);
	return where;
}

const char *pairs_get(const struct pairs *pairs, const char *from)
{
	size_t i;

	for (i = 0; i < pairs->count; i++)
		if (strcmp(pairs->items[i].from, from) == 0)
			return pairs->items[i].to;
	return NULL;
}

void pairs_done(struct pairs *pairs)
{
	size_t i;

	for (i = 0; i < pairs->count; i++) {
		free(pairs->items[i].from);
		free(pairs->items[i].to);
	}
	free(pairs->items);
	*pairs = (struct pairs){0};
}

bool list_has(char *const *list, const char *text)
{
	for (; list && *list; list++)
		if (strcmp(*list, text) == 0)
			return true;
	return false;
}

char *list_join(char *const *list)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(LIST_TEXT_MAX);
	size_t i;

	for (i = 0; list && list[i]; i++) {
		int r = buf_addf(&out, "%s%s", i ? ", " : "", list[i]);

		if (r == -ENOMEM)
			return NULL;
		if (r < 0)
			break;
	}
	return buf_take(&out);
}

int scalar_text(const struct json *node, char **ret_text)
{
	char text[64];
	const char *string = text;
	int64_t integer;
	double number;
	bool truth;

	switch (json_type(node)) {
	case JSON_STRING:
		string = json_string(node);
		break;
	case JSON_BOOL:
		string = json_bool(node, &truth) ? truth ? "true" : "false" : NULL;
		break;
	case JSON_INT:
	case JSON_DOUBLE:
		if (json_integer(node, &integer))
			snprintf(text, sizeof(text), "%" PRId64, integer);
		else if (json_number(node, &number) && isfinite(number))
			snprintf(text, sizeof(text), "%.15g", number);
		else
			string = NULL;
		break;
	case JSON_NONE:
	case JSON_ARRAY:
	case JSON_OBJECT:
		string = NULL;
		break;
	}
	*ret_text = NULL;
	if (!string)
		return 0;
	*ret_text = strdup(string);
	return *ret_text ? 0 : -ENOMEM;
}

int object_read(const struct json *node, const struct json_field *fields, void *target,
        const char *where, struct err *err)
{
	const struct json_field *field;
	int r;

	if (!node)
		return err_set(err, -EINVAL, "%s: is missing", where);
	r = json_read(node, fields, target, where, err);
	/* A list that is needed is not there when it is empty. */
	for (field = fields; r == 0 && field->key; field++) {
		const struct json *list = json_member(node, field->key);

		if (field->required && field->type == JSON_FIELD_STRINGS &&
		        json_type(list) == JSON_ARRAY && json_count(list) == 0)
			return err_set(err, -EINVAL, "%s: must have at least one element",
			        where_below(where, field->key).text);
	}
	return r;
}

int pairs_read(const struct json *node, const char *where, struct pairs *pairs, struct err *err)
{
	size_t count = json_count(node), i;

	if (!node)
		return 0;
	if (json_type(node) != JSON_OBJECT)
		return err_set(err, -EINVAL, "%s: must be an object", where);
	if (count > LIST_MAX)
		return err_set(err, -EINVAL, "%s: has more than %d members", where, LIST_MAX);
	pairs->items = calloc(count + 1, sizeof(*pairs->items));
	if (!pairs->items)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct pair *pair = &pairs->items[i];
		const char *key = NULL;
		const struct json *member = json_member_at(node, i, &key);
		int r = scalar_text(member, &pair->to);

		if (r < 0)
			return r;
		if (!pair->to)
			return err_set(
			        err, -EINVAL, "%s: must be a string", where_below(where, key).text);
		pairs->count = i + 1;
		pair->from = strdup(key);
		if (!pair->from)
			return -ENOMEM;
	}
	return 0;
}

static void list_free_p(char ***list)
{
	json_strings_free(*list);
}

int scalars_read(const struct json *node, const char *where, char ***ret_list, struct err *err)
{
	CLEANUP(list_free_p) char **list = NULL;
	bool single = json_type(node) != JSON_ARRAY;
	size_t count = single ? 1 : json_count(node), i;

	if (!node)
		return 0;
	if (count == 0 || count > LIST_MAX)
		return err_set(
		        err, -EINVAL, "%s: must have from 1 to %d elements", where, LIST_MAX);
	list = calloc(count + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		int r = scalar_text(single ? node : json_element(node, i), &list[i]);

		if (r < 0)
			return r;
		if (!list[i])
			return err_set(
			        err, -EINVAL, "%s: must be a list of strings or numbers", where);
	}
	json_strings_free(*ret_list);
	*ret_list = TAKE(list);
	return 0;
}

int word_read(const char *word, const char *const *allowed, const char *where, struct err *err)
{
	CLEANUP(buf_done) struct buf list = BUF_INIT(sizeof(err->text));
	CLEANUP(free_p) char *quoted = NULL;
	int i;

	for (i = 0; allowed[i]; i++)
		if (strcmp(allowed[i], word) == 0)
			return i;
	quoted = text_line(word, strlen(word), QUOTED_CHARS);
	for (i = 0; allowed[i]; i++)
		if (buf_addf(&list, "%s%s", i ? ", " : "", allowed[i]) < 0)
			break;
	return err_set(err, -EINVAL, "%s: \"%s\" is not %s%s", where, quoted ? quoted : "",
	        i > 1 ? "one of " : "", list.data ? list.data : "");
}
