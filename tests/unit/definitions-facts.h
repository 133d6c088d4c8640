/* SPDX-License-Identifier: MIT */
/* Part of test-definitions.c: the definitions as plain JSON, and what a request must be according
 * to them.  Nothing here uses the reader that is tested. */
#pragma once

#include "darkroom/json.h"
#include "darkroom/provider.h"

#include <fcntl.h>
#include <stdlib.h>

#define CANDIDATES_MAX 24
#define TEXT "A lighthouse on a rock"

static const char *definitions_directory;

/* A service's definition, and the one that it is like (itself where it is like none). */
struct facts {
	struct json *own, *liked;
};

static struct json *facts_file(const char *name)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(PROVIDER_DEFINITION_MAX);
	struct json *document = NULL;
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.json", definitions_directory, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read_all(fd, PROVIDER_DEFINITION_MAX, &bytes) < 0 ||
	        json_parse(bytes.data, bytes.size, &document, NULL) < 0)
		printf("# %s cannot be read\n", path);
	if (fd >= 0)
		close(fd);
	return document;
}

static struct facts facts_read(const char *name)
{
	struct facts facts = {.own = facts_file(name)};
	const char *like = json_string(json_member(facts.own, "like"));

	facts.liked = facts_file(like ? like : name);
	return facts;
}

static void facts_done(struct facts *facts)
{
	json_free(facts->own);
	json_free(facts->liked);
}

static const struct json *facts_models(const struct facts *facts)
{
	const struct json *own = json_member(facts->own, "models");

	return own ? own : json_member(facts->liked, "models");
}

/* A path's node in the definition, or in the one that it is like. */
static const struct json *facts_path(const struct facts *facts, const char *path)
{
	const struct json *own = json_path(facts->own, path);

	return own ? own : json_path(facts->liked, path);
}

static bool has_member(const struct json *object, const char *key)
{
	size_t i;

	for (i = 0; i < json_count(object); i++) {
		const char *name = NULL;

		json_member_at(object, i, &name);
		if (strcmp(name, key) == 0)
			return true;
	}
	return false;
}

static bool is_true(const struct json *object, const char *key)
{
	bool value = false;

	return json_bool(json_member(object, key), &value) && value;
}

/* A string, number or boolean as the text that a person would set; owned. */
static char *text_of(const struct json *node)
{
	return json_type(node) == JSON_STRING ? strdup(json_string(node)) : json_text(node);
}

/* Whether a list, or a single value, has the text. */
static bool has_text(const struct json *list, const char *text)
{
	bool single = json_type(list) != JSON_ARRAY;
	size_t i;

	for (i = 0; i < (single ? 1 : json_count(list)); i++) {
		CLEANUP(free_p) char *one = text_of(single ? list : json_element(list, i));

		if (strcmp(one, text) == 0)
			return true;
	}
	return false;
}

/* ---- parameters with the values that a test gives them ---- */

struct chosen {
	const char *name;
	const struct json *node;
	char *candidates[CANDIDATES_MAX]; /* in the order in which they are tried */
	size_t count, at;
};

/* A model's parameters. */
struct chosens {
	struct chosen items[PARAMETERS_MAX];
	size_t count;
};

static const char *type_of(const struct chosen *chosen)
{
	return json_string(json_member(chosen->node, "type"));
}

static bool is_picture(const struct chosen *chosen)
{
	return strncmp(type_of(chosen), "picture", 7) == 0;
}

/* The value now; NULL where all were tried. */
static const char *chosen_value(const struct chosen *chosen)
{
	return chosen->at < chosen->count ? chosen->candidates[chosen->at] : NULL;
}

static void candidate(struct chosen *chosen, char *text)
{
	if (chosen->count < CANDIDATES_MAX)
		chosen->candidates[chosen->count++] = text;
	else
		free(text);
}

static void candidate_number(struct chosen *chosen, double number)
{
	char *text = NULL;

	if (asprintf(&text, "%.15g", number) >= 0)
		candidate(chosen, text);
}

/* Addresses of pictures, which tell parameter and place. */
static char *addresses(const char *name, size_t count)
{
	struct buf out = BUF_INIT(PARAMETER_VALUE_MAX);
	size_t i;

	for (i = 1; i <= count; i++)
		if (buf_addf(&out, "%shttps://example.com/%s-%zu.png", i > 1 ? ", " : "", name, i) <
		        0)
			printf("# too many addresses\n");
	return buf_take(&out);
}

static void candidates_pictures(struct chosen *chosen)
{
	int64_t most = 3, least = 1;

	if (strcmp(type_of(chosen), "picture") == 0)
		most = 1;
	json_integer(json_member(chosen->node, "max_length"), &most);
	json_integer(json_member(chosen->node, "min_length"), &least);
	candidate(chosen, addresses(chosen->name, (size_t)most));
	if (least < most)
		candidate(chosen, addresses(chosen->name, (size_t)least));
}

static void candidates_free(struct chosen *chosen)
{
	const char *type = type_of(chosen);
	double number;

	if (strcmp(type, "boolean") == 0) {
		candidate(chosen, strdup("true"));
		candidate(chosen, strdup("false"));
	} else if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0) {
		if (json_number(json_member(chosen->node, "max"), &number))
			candidate_number(chosen, number);
		if (json_number(json_member(chosen->node, "min"), &number))
			candidate_number(chosen, number);
		if (chosen->count == 0)
			candidate_number(chosen, 7);
	} else if (strcmp(type, "json") == 0) {
		candidate(chosen, strdup("[1,2]"));
	} else {
		candidate(chosen, strdup("words"));
	}
}

/* Puts the default behind the other candidates. */
static void candidates_order(struct chosen *chosen)
{
	CLEANUP(free_p)
	char *fallback = has_member(chosen->node, "default")
	                         ? text_of(json_member(chosen->node, "default"))
	                         : NULL;
	size_t i;

	for (i = 0; fallback && i + 1 < chosen->count; i++) {
		char *text = chosen->candidates[i];

		if (strcmp(text, fallback) != 0)
			continue;
		memmove(&chosen->candidates[i], &chosen->candidates[i + 1],
		        (chosen->count - i - 1) * sizeof(*chosen->candidates));
		chosen->candidates[chosen->count - 1] = text;
		break;
	}
}

static void chosens_make(struct chosens *chosens, const struct json *model)
{
	const struct json *parameters = json_member(model, "parameters");
	size_t i, j;

	memset(chosens, 0, sizeof(*chosens));
	for (i = 0; i < json_count(parameters); i++) {
		struct chosen *chosen = &chosens->items[chosens->count++];
		const struct json *values;

		chosen->node = json_member_at(parameters, i, &chosen->name);
		values = json_member(chosen->node, "values");
		for (j = json_count(values); j-- > 0;)
			candidate(chosen, text_of(json_element(values, j)));
		if (is_picture(chosen))
			candidates_pictures(chosen);
		else if (!values)
			candidates_free(chosen);
		candidates_order(chosen);
	}
}

static void chosens_done(struct chosens *chosens)
{
	size_t i, j;

	for (i = 0; i < chosens->count; i++)
		for (j = 0; j < chosens->items[i].count; j++)
			free(chosens->items[i].candidates[j]);
}

static struct chosen *chosen_find(struct chosens *chosens, const char *name)
{
	size_t i;

	for (i = 0; i < chosens->count; i++)
		if (strcmp(chosens->items[i].name, name) == 0)
			return &chosens->items[i];
	return NULL;
}

static bool condition_holds(const struct chosen *chosen, const struct json *values)
{
	const char *value = chosen_value(chosen), *p;
	char count[24];
	size_t commas = 0;

	if (!value || !is_picture(chosen))
		return value && has_text(values, value);
	for (p = value; *p; p++)
		commas += *p == ',';
	snprintf(count, sizeof(count), "%zu", commas + 1);
	return has_text(values, count);
}

/* Goes to other values until the service takes them together. */
static void chosens_settle(struct chosens *chosens, const struct json *model)
{
	const struct json *conflicts = json_member(model, "conflicts");
	size_t i, j;

	for (i = 0; i < json_count(conflicts); i++) {
		const struct json *when = json_member(json_element(conflicts, i), "when");
		struct chosen *movable = NULL;
		bool holds = true;

		for (j = 0; j < json_count(when) && holds; j++) {
			const char *name = NULL;
			const struct json *values = json_member_at(when, j, &name);
			struct chosen *chosen = chosen_find(chosens, name);

			holds = chosen && condition_holds(chosen, values);
			if (holds && chosen->at + 1 < chosen->count)
				movable = chosen;
		}
		if (!holds || !movable)
			continue;
		movable->at++;
		i = (size_t)-1; /* begin again */
	}
}

/* ---- what is sent ---- */

static struct json *expected_value(const struct chosen *chosen, const char *value)
{
	const char *type = type_of(chosen);
	struct json *node = NULL;
	CLEANUP(free_p) char *copy = NULL;
	char *rest, *item;

	if (strcmp(type, "pictures") == 0) {
		node = json_new_array();
		rest = copy = strdup(value);
		while ((item = strsep(&rest, ",")))
			if (json_append(node, json_new_string(item + (*item == ' '))) < 0)
				printf("# no memory\n");
		return node;
	}
	if (strcmp(type, "string") == 0 || strcmp(type, "picture") == 0 ||
	        is_true(chosen->node, "as_string"))
		return json_new_string(value);
	/* Numbers, booleans and JSON are written as they are set. */
	if (json_parse(value, strlen(value), &node, NULL) < 0)
		printf("# %s: %s is no JSON\n", chosen->name, value);
	return node;
}

/* The whole body of createTask for the values, as text; NULL stands for what is not sent. */
static char *expected_body(const struct facts *facts, const char *id, const struct json *model,
        const struct chosens *chosens, const char *const *values)
{
	const struct json *own = json_path(model, "create.body");
	const struct json *body = own ? own : facts_path(facts, "create.body");
	const char *text = json_string(json_path(model, "text.name"));
	bool flat = has_member(body, "...");
	bool nameless = !has_member(body, "model");
	CLEANUP(json_free_p) struct json *whole = json_new_object();
	struct json *input = flat ? whole : json_new_object();
	size_t i;
	int r = 0;

	if (!nameless)
		r |= json_set(whole, "model", json_new_string(id));
	if (text)
		r |= json_set(input, text, json_new_string(TEXT));
	for (i = 0; i < chosens->count; i++)
		if (values[i])
			r |= json_set(input, chosens->items[i].name,
			        expected_value(&chosens->items[i], values[i]));
	if (!flat)
		r |= json_set(whole, "input", input);
	return r == 0 ? json_text(whole) : NULL;
}
