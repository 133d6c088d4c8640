/* SPDX-License-Identifier: MIT */
/* Templates: a {word} of lower-case letters stands for a value; every other brace is itself. */
#include "definition.h"

#include <string.h>

/* Room for the longest text that any model takes, and for what stands around it. */
#define TEMPLATE_TEXT_MAX (4u << 20)
#define BODY_DEPTH_MAX JSON_DEPTH_MAX

/* The length of the word when `text` begins with "{word}", else 0. */
static size_t word_at(const char *text)
{
	size_t length;

	if (*text != '{')
		return 0;
	length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz");
	return text[1 + length] == '}' ? length : 0;
}

static bool word_is(const char *word, size_t length, const char *name)
{
	return strlen(name) == length && memcmp(word, name, length) == 0;
}

int template_check(
        const char *template, const char *const *allowed, const char *where, struct err *err)
{
	const char *p;

	for (p = template; *p; p++) {
		size_t length = word_at(p);
		char word[32];
		int r;

		if (length == 0)
			continue;
		if (length >= sizeof(word))
			length = sizeof(word) - 1;
		memcpy(word, p + 1, length);
		word[length] = '\0';
		if (!*allowed)
			return err_set(err, -EINVAL,
			        "%s: \"{%s}\" cannot stand here, nor can another word in braces",
			        where, word);
		r = word_read(word, allowed, where, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A member "...". */
static int check_spread(
        const struct json *node, const char *const *allowed, const char *where, struct err *err)
{
	const char *text = json_string(node);

	if (json_type(node) == JSON_NONE)
		return 0;
	while (*allowed && strcmp(*allowed, "input") != 0)
		allowed++;
	if (!*allowed)
		return err_set(err, -EINVAL, "%s: \"...\" can only stand in the body of \"create\"",
		        where);
	if (!text || strcmp(text, "{input}") != 0)
		return err_set(err, -EINVAL, "%s: \"...\" takes \"{input}\" only", where);
	return 0;
}

static int check_node(const struct json *node, const char *const *allowed, const char *where,
        int depth, struct err *err)
{
	const char *text = json_string(node);
	size_t i;
	int r = 0;

	if (depth > BODY_DEPTH_MAX)
		return err_set(err, -EINVAL, "%s: is too deep", where);
	if (text && strcmp(text, "{input}") != 0 && template_has(node, "input"))
		return err_set(err, -EINVAL, "%s: \"{input}\" must be the whole string", where);
	if (text)
		return template_check(text, allowed, where, err);
	for (i = 0; i < json_count(node) && r == 0; i++) {
		const char *key = NULL;
		const struct json *member = json_member_at(node, i, &key);
		struct where below = key ? where_below(where, key) : (struct where){0};

		if (key && strcmp(key, "...") == 0)
			r = check_spread(member, allowed, where, err);
		if (r < 0)
			return r;
		if (!key)
			member = json_element(node, i);
		r = check_node(member, allowed, key ? below.text : where, depth + 1, err);
	}
	return r;
}

int template_check_body(
        const struct json *body, const char *const *allowed, const char *where, struct err *err)
{
	if (json_type(body) != JSON_OBJECT)
		return err_set(err, -EINVAL, "%s: must be an object", where);
	return check_node(body, allowed, where, 0, err);
}

bool template_text_has(const char *template, const char *word)
{
	for (; *template; template ++)
		if (word_is(template + 1, word_at(template), word))
			return true;
	return false;
}

bool template_has(const struct json *body, const char *word)
{
	const char *text = json_string(body);
	size_t i;

	if (text && template_text_has(text, word))
		return true;
	for (i = 0; i < json_count(body); i++) {
		const char *key = NULL;
		const struct json *member = json_member_at(body, i, &key);

		if (template_has(key ? member : json_element(body, i), word))
			return true;
	}
	return false;
}

static const char *value_of(const struct template_values *values, const char *word, size_t length)
{
	if (word_is(word, length, "key"))
		return values->key;
	if (word_is(word, length, "model"))
		return values->model;
	if (word_is(word, length, "task"))
		return values->task;
	if (word_is(word, length, "text"))
		return values->text;
	if (word_is(word, length, "url"))
		return values->url;
	if (word_is(word, length, "name"))
		return values->name;
	return NULL;
}

static int add_encoded(struct buf *out, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                            "0123456789-._~";

	for (; *text; text++) {
		int r = strchr(plain, *text) ? buf_add(out, text, 1)
		                             : buf_addf(out, "%%%02X", (unsigned char)*text);

		if (r < 0)
			return r;
	}
	return 0;
}

int template_text(
        const char *template, const struct template_values *values, bool encode, struct buf *out)
{
	while (*template) {
		size_t length = word_at(template);
		int r;

		if (length > 0) {
			const char *value = value_of(values, template + 1, length);

			if (!value)
				value = "";
			r = encode ? add_encoded(out, value) : buf_add_text(out, value);
			template += length + 2;
		} else {
			length = 1 + strcspn(template + 1, "{");
			r = buf_add(out, template, length);
			template += length;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int body_node(
        const struct json *node, const struct template_values *values, struct json **ret_node);

static int body_string(
        const char *text, const struct template_values *values, struct json **ret_node)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(TEMPLATE_TEXT_MAX);
	int r;

	if (strcmp(text, "{input}") == 0) {
		*ret_node = values->input ? json_copy(values->input) : json_new_object();
		return *ret_node ? 0 : -ENOMEM;
	}
	r = template_text(text, values, false, &out);
	if (r < 0)
		return r;
	*ret_node = json_new_string(out.data ? out.data : "");
	return *ret_node ? 0 : -ENOMEM;
}

/* Adds the members of the input to an object. */
static int body_spread(struct json *object, const struct json *input)
{
	size_t i;

	for (i = 0; i < json_count(input); i++) {
		const char *key = NULL;
		const struct json *member = json_member_at(input, i, &key);
		int r = member ? json_set(object, key, json_copy(member)) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

static int body_object(
        const struct json *node, const struct template_values *values, struct json **ret_node)
{
	CLEANUP(json_free_p) struct json *object = json_new_object();
	size_t i;

	if (!object)
		return -ENOMEM;
	for (i = 0; i < json_count(node); i++) {
		CLEANUP(json_free_p) struct json *value = NULL;
		const char *key = NULL, *text;
		const struct json *member = json_member_at(node, i, &key);
		int r;

		if (!member)
			continue;
		text = json_string(member);
		if (strcmp(key, "...") == 0 && text && strcmp(text, "{input}") == 0) {
			r = body_spread(object, values->input);
		} else {
			r = body_node(member, values, &value);
			if (r == 0)
				r = json_set(object, key, TAKE(value));
		}
		if (r < 0)
			return r;
	}
	*ret_node = TAKE(object);
	return 0;
}

static int body_array(
        const struct json *node, const struct template_values *values, struct json **ret_node)
{
	CLEANUP(json_free_p) struct json *array = json_new_array();
	size_t i;

	if (!array)
		return -ENOMEM;
	for (i = 0; i < json_count(node); i++) {
		CLEANUP(json_free_p) struct json *value = NULL;
		int r = body_node(json_element(node, i), values, &value);

		if (r == 0)
			r = json_append(array, TAKE(value));
		if (r < 0)
			return r;
	}
	*ret_node = TAKE(array);
	return 0;
}

static int body_node(
        const struct json *node, const struct template_values *values, struct json **ret_node)
{
	const char *text = json_string(node);

	if (text)
		return body_string(text, values, ret_node);
	if (json_type(node) == JSON_OBJECT)
		return body_object(node, values, ret_node);
	if (json_type(node) == JSON_ARRAY)
		return body_array(node, values, ret_node);
	*ret_node = json_copy(node);
	return *ret_node ? 0 : -ENOMEM;
}

int template_body(
        const struct json *body, const struct template_values *values, struct json **ret_body)
{
	return body_node(body, values, ret_body);
}
