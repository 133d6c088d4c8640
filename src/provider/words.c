/* SPDX-License-Identifier: MIT */
/* The words of a service's messages: where they stand, and whether a phrase is among them. */
#include "definition.h"

#include <string.h>

#define WORDS_DEPTH_MAX 4
#define PLACE_PARTS_MAX 8
#define GAP " ... "

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* ---- plain text ---- */

/* Puts one space in the place of the bytes between two pointers into a text. */
static void cut(char *from, const char *to)
{
	*from = ' ';
	memmove(from + 1, to, strlen(to) + 1);
}

static char *last(char *text, const char *mark)
{
	char *found = NULL, *p;

	for (p = strstr(text, mark); p; p = strstr(p + 1, mark))
		found = p;
	return found;
}

/* From the first mark to the last, since what is quoted may have such marks of its own. */
static void cut_quoted(char *text, const char *open, const char *close)
{
	char *from = strstr(text, open), *to;

	if (!from)
		return;
	to = last(from + strlen(open), close);
	if (to)
		cut(from, to + strlen(close));
}

/* The same for a mark that is also an apostrophe: it opens at the beginning of a word and closes at
 * the end of one. */
static void cut_single_quoted(char *text)
{
	char *from, *to = NULL, *p;

	for (from = strchr(text, '\''); from; from = strchr(from + 1, '\''))
		if ((from == text || !is_word_char(from[-1])) && from[1] != ' ' && from[1] != '\0')
			break;
	if (!from)
		return;
	for (p = strchr(from + 1, '\''); p; p = strchr(p + 1, '\''))
		if (!is_word_char(p[1]))
			to = p;
	if (to)
		cut(from, to + 1);
}

void words_plain(char *text)
{
	static const char *const quotes[][2] = {
	        {"\"", "\""},
	        {"`", "`"},
	        {"\xe2\x80\x9c", "\xe2\x80\x9d"},
	        {"\xe2\x80\x98", "\xe2\x80\x99"},
	        {"\xc2\xab", "\xc2\xbb"},
	        {"\xe3\x80\x8c", "\xe3\x80\x8d"},
	};
	char *out = text;
	const char *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(quotes); i++)
		cut_quoted(text, quotes[i][0], quotes[i][1]);
	cut_single_quoted(text);
	for (p = text; *p; p++) {
		if (strchr(" \t\r\n_-", *p)) {
			if (out > text && out[-1] != ' ')
				*out++ = ' ';
		} else {
			*out++ = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
		}
	}
	if (out > text && out[-1] == ' ')
		out--;
	*out = '\0';
}

/* ---- phrases ---- */

/* The first place from `from` on where the words stand as whole words; NULL where there is none
 * before `end`. */
static const char *find_words(
        const char *text, const char *from, const char *end, const char *words, size_t length)
{
	for (; length <= (size_t)(end - from); from++) {
		if (memcmp(from, words, length) != 0)
			continue;
		if (from > text && is_word_char(from[-1]) && is_word_char(words[0]))
			continue;
		if (is_word_char(from[length]) && is_word_char(words[length - 1]))
			continue;
		return from;
	}
	return NULL;
}

static bool line_has(const char *line, const char *end, const char *phrase)
{
	const char *at = line;

	while (at) {
		const char *gap = strstr(phrase, GAP);
		size_t length = gap ? (size_t)(gap - phrase) : strlen(phrase);

		at = find_words(line, at, end, phrase, length);
		if (!gap)
			break;
		phrase = gap + strlen(GAP);
		at = at ? at + length : NULL;
	}
	return at != NULL;
}

bool words_have(const char *text, const char *phrase)
{
	const char *end;

	if (!*phrase)
		return false;
	for (;; text = end + 1) {
		end = text + strcspn(text, "\n");
		if (line_has(text, end, phrase))
			return true;
		if (!*end)
			return false;
	}
}

/* ---- messages ---- */

static int find(const struct json *node, int depth, char **ret_text);

/* A message that is JSON itself says what that says, or else what it is. */
static int find_in_string(const char *string, int depth, char **ret_text)
{
	CLEANUP(json_free_p) struct json *document = NULL;
	int r = 0;

	if (*string == '{' || *string == '[')
		r = json_parse(string, strlen(string), &document, NULL);
	if (r == -ENOMEM)
		return r;
	if (document) {
		r = find(document, depth + 1, ret_text);
		if (r < 0 || *ret_text)
			return r;
	}
	if (!*string)
		return 0;
	*ret_text = strdup(string);
	return *ret_text ? 0 : -ENOMEM;
}

/* "input.prompt: " of {"loc": ["body", "input", "prompt"], ...}. */
static int add_place(const struct json *object, struct buf *out)
{
	const struct json *place = json_member(object, "loc");
	size_t count = json_type(place) == JSON_ARRAY ? json_count(place) : 0;
	size_t i, before = out->size;
	int r = 0;

	for (i = 0; i < count && i < PLACE_PARTS_MAX && r == 0; i++) {
		CLEANUP(free_p) char *part = NULL;

		r = scalar_text(json_element(place, i), &part);
		if (r < 0 || !part || (i == 0 && strcmp(part, "body") == 0))
			continue;
		r = buf_addf(out, "%s%s", out->size > before ? "." : "", part);
	}
	return r == 0 && out->size > before ? buf_add_text(out, ": ") : r;
}

static int find_in_object(const struct json *object, int depth, char **ret_text)
{
	static const char *const members[] = {"message", "msg", "detail", "error"};
	CLEANUP(buf_done) struct buf out = BUF_INIT(2 * PROVIDER_ANSWER_MAX);
	CLEANUP(free_p) char *text = NULL;
	size_t i;
	int r = 0;

	for (i = 0; i < ARRAY_SIZE(members) && r == 0 && !text; i++)
		r = find(json_member(object, members[i]), depth + 1, &text);
	if (r < 0 || !text)
		return r;
	if (add_place(object, &out) < 0 || buf_add_text(&out, text) < 0)
		return -ENOMEM;
	*ret_text = buf_take(&out);
	return *ret_text ? 0 : -ENOMEM;
}

static int find(const struct json *node, int depth, char **ret_text)
{
	const char *string = json_string(node);
	size_t i;
	int r = 0;

	*ret_text = NULL;
	if (depth > WORDS_DEPTH_MAX)
		return 0;
	if (string)
		return find_in_string(string, depth, ret_text);
	if (json_type(node) == JSON_OBJECT)
		return find_in_object(node, depth, ret_text);
	for (i = 0; json_type(node) == JSON_ARRAY && i < json_count(node) && r == 0 && !*ret_text;
	        i++)
		r = find(json_element(node, i), depth + 1, ret_text);
	return r;
}

int words_of(const struct json *node, char **ret_text)
{
	return find(node, 0, ret_text);
}
