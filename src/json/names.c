/* SPDX-License-Identifier: MIT */
/* Names that stand twice in one object.  json-c keeps the last of them without a word, which is
 * right for what comes over the wire and wrong for what a person wrote. */
#include "darkroom/json.h"

#include <string.h>

#define QUOTED_CHARS 40

/* An object or array that is open. */
struct level {
	bool is_object, wants_name;
	struct name {
		char *text;
		size_t line;
	} * names;
	size_t count;
};

struct names {
	struct level levels[JSON_DEPTH_MAX + 1];
	size_t depth, line, members_max;
};

static void level_done(struct level *level)
{
	while (level->count > 0)
		free(level->names[--level->count].text);
	free(level->names);
	*level = (struct level){0};
}

static void names_done(struct names *names)
{
	size_t i;

	for (i = 0; i <= JSON_DEPTH_MAX; i++)
		level_done(&names->levels[i]);
}

/* The length of the string that begins here, with its quotation marks. */
static size_t string_length(const char *bytes, size_t size)
{
	size_t length = 1;

	while (length < size && bytes[length] != '"')
		length += bytes[length] == '\\' ? 2 : 1;
	return length < size ? length + 1 : size;
}

/* What a name is, whichever way it is written; -EINVAL for one that no reader would find. */
static int name_read(
        const struct names *names, const char *bytes, size_t size, char **ret_text, struct err *err)
{
	CLEANUP(json_free_p) struct json *node = NULL;
	const char *text;
	int r;

	if (!memchr(bytes, '\\', size) && size >= 2) {
		*ret_text = strndup(bytes + 1, size - 2);
		return *ret_text ? 0 : -ENOMEM;
	}
	r = json_parse(bytes, size, &node, err);
	if (r < 0)
		return r;
	text = json_string(node);
	if (!text)
		return err_set(err, -EINVAL, "line %zu: a name has a NUL in it", names->line);
	*ret_text = strdup(text);
	return *ret_text ? 0 : -ENOMEM;
}

static int name_add(
        struct names *names, struct level *level, const char *bytes, size_t size, struct err *err)
{
	CLEANUP(free_p) char *text = NULL;
	struct name *grown;
	size_t i;
	int r = name_read(names, bytes, size, &text, err);

	if (r < 0)
		return r;
	for (i = 0; i < level->count; i++) {
		CLEANUP(free_p) char *quoted = NULL;

		if (strcmp(level->names[i].text, text) != 0)
			continue;
		quoted = text_line(text, strlen(text), QUOTED_CHARS);
		return err_set(err, -EINVAL,
		        "line %zu: the name \"%s\" is there twice; it is in line %zu already",
		        names->line, quoted ? quoted : "", level->names[i].line);
	}
	if (level->count >= names->members_max)
		return err_set(err, -EINVAL, "line %zu: more than %zu names in one object",
		        names->line, names->members_max);
	grown = reallocarray(level->names, level->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	level->names = grown;
	level->names[level->count++] = (struct name){TAKE(text), names->line};
	return 0;
}

static void token(struct names *names, char c)
{
	struct level *level = &names->levels[names->depth];

	switch (c) {
	case '\n':
		names->line++;
		break;
	case '{':
	case '[':
		if (names->depth == JSON_DEPTH_MAX)
			break;
		level = &names->levels[++names->depth];
		level->is_object = level->wants_name = c == '{';
		break;
	case '}':
	case ']':
		level_done(level);
		names->depth -= names->depth > 0;
		break;
	case ',':
		level->wants_name = level->is_object;
		break;
	case ':':
		level->wants_name = false;
		break;
	default:
		break;
	}
}

int json_check_names(const char *bytes, size_t size, size_t members_max, struct err *err)
{
	CLEANUP(names_done) struct names names = {.line = 1, .members_max = members_max};
	size_t at = 0;

	while (at < size) {
		struct level *level = &names.levels[names.depth];
		size_t length;

		if (bytes[at] != '"') {
			token(&names, bytes[at++]);
			continue;
		}
		length = string_length(bytes + at, size - at);
		if (level->wants_name) {
			int r = name_add(&names, level, bytes + at, length, err);

			if (r < 0)
				return r;
		}
		at += length;
	}
	return 0;
}
