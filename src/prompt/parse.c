/* SPDX-License-Identifier: MIT */
/* A prompt file is taken apart in two looks: first where its header ends, then line by line what is
 * in it.  So a header without an end is told as that, and not as a strange first line of it. */
#include "darkroom/prompt.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
/* So much of a wrong line is quoted in a message. */
#define QUOTED_CHARS 40

/* Bytes of the file that belong together. */
struct span {
	const char *at;
	size_t size;
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct span trim_end(struct span span)
{
	while (span.size > 0 && is_space(span.at[span.size - 1]))
		span.size--;
	return span;
}

static struct span trim(struct span span)
{
	span = trim_end(span);
	while (span.size > 0 && is_space(span.at[0])) {
		span.at++;
		span.size--;
	}
	return span;
}

/* Takes the first line off the rest; the line is without its end. */
static struct span take_line(struct span *rest)
{
	struct span line = *rest;
	const char *end = rest->size ? memchr(rest->at, '\n', rest->size) : NULL;

	if (end)
		line.size = (size_t)(end - rest->at);
	rest->at += line.size + (end != NULL);
	rest->size -= line.size + (end != NULL);
	return line;
}

static bool is_fence(struct span line)
{
	line = trim_end(line);
	return line.size == 3 && memcmp(line.at, "---", 3) == 0;
}

static size_t line_of(struct span file, const char *at)
{
	size_t line = 1;
	const char *p;

	for (p = file.at; p < at; p++)
		line += *p == '\n';
	return line;
}

static char *quote(struct span span)
{
	return text_line(span.at, span.size, QUOTED_CHARS);
}

/* ---- lines of the header ---- */

static bool is_key_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

static bool has_upper_case(struct span span)
{
	size_t i;

	for (i = 0; i < span.size; i++)
		if (span.at[i] >= 'A' && span.at[i] <= 'Z')
			return true;
	return false;
}

static int check_key(struct span key, size_t line, struct err *err)
{
	CLEANUP(free_p) char *quoted = NULL;
	size_t i;

	if (key.size == 0)
		return err_set(err, -EINVAL, "line %zu: nothing before the colon", line);
	if (key.size > PARAMETER_NAME_MAX)
		return err_set(err, -EINVAL, "line %zu: name longer than %d characters", line,
		        PARAMETER_NAME_MAX);
	for (i = 0; i < key.size && is_key_character(key.at[i]); i++)
		;
	if (i == key.size)
		return 0;
	quoted = quote(key);
	if (!quoted)
		return err_set(err, -ENOMEM, "out of memory");
	if (has_upper_case(key))
		return err_set(err, -EINVAL, "line %zu: \"%s\": names are written in lower case",
		        line, quoted);
	return err_set(err, -EINVAL,
	        "line %zu: \"%s\" is no name: allowed are a-z, 0-9, underscore, dot and dash", line,
	        quoted);
}

static int unquote(struct span *value, size_t line, struct err *err)
{
	const char *end;
	char mark;

	if (value->size == 0 || (value->at[0] != '"' && value->at[0] != '\''))
		return 0;
	mark = value->at[0];
	end = memchr(value->at + 1, mark, value->size - 1);
	if (!end)
		return err_set(
		        err, -EINVAL, "line %zu: quotation mark %c without its end", line, mark);
	if (end != value->at + value->size - 1)
		return err_set(err, -EINVAL, "line %zu: more follows after the quotation mark %c",
		        line, mark);
	value->at++;
	value->size -= 2;
	return 0;
}

static int check_value(struct span value, size_t line, struct err *err)
{
	size_t i;

	if (value.size > PARAMETER_VALUE_MAX)
		return err_set(err, -EINVAL, "line %zu: value longer than %d bytes", line,
		        PARAMETER_VALUE_MAX);
	for (i = 0; i < value.size; i++)
		if (((unsigned char)value.at[i] < 0x20 && value.at[i] != '\t') ||
		        value.at[i] == 0x7f)
			return err_set(
			        err, -EINVAL, "line %zu: control character in the value", line);
	return 0;
}

static int add_parameter(
        struct parameters *header, struct span key, struct span value, size_t line, struct err *err)
{
	CLEANUP(free_p) char *name = strndup(key.at, key.size);
	CLEANUP(free_p) char *text = strndup(value.at, value.size);
	int r;

	if (!name || !text)
		return err_set(err, -ENOMEM, "out of memory");
	if (parameters_get(header, name))
		return err_set(err, -EINVAL, "line %zu: \"%s\" is there twice", line, name);
	r = parameters_set(header, name, text);
	if (r == -E2BIG)
		return err_set(err, -EINVAL, "line %zu: more than %d names", line, PARAMETERS_MAX);
	return r < 0 ? err_set(err, r, "out of memory") : 0;
}

static int parse_line(struct parameters *header, struct span text, size_t line, struct err *err)
{
	struct span all = trim(text), key, value;
	const char *colon;
	int r;

	if (all.size == 0 || all.at[0] == '#')
		return 0;
	colon = memchr(all.at, ':', all.size);
	if (!colon) {
		CLEANUP(free_p) char *quoted = quote(all);

		return err_set(err, -EINVAL,
		        "line %zu: \"%s\" is not \"name: value\", as lines of the header are", line,
		        quoted ? quoted : "");
	}
	key = trim((struct span){all.at, (size_t)(colon - all.at)});
	value = trim((struct span){colon + 1, all.size - (size_t)(colon + 1 - all.at)});
	r = check_key(key, line, err);
	if (r == 0)
		r = unquote(&value, line, err);
	if (r == 0)
		r = check_value(value, line, err);
	return r < 0 ? r : add_parameter(header, key, value, line, err);
}

/* ---- the file ---- */

static int check_bytes(struct span file, struct err *err)
{
	const char *nul;
	size_t offset = 0;

	if (file.size > PROMPT_FILE_MAX)
		return err_set(err, -EINVAL, "larger than %u bytes", PROMPT_FILE_MAX);
	nul = file.size ? memchr(file.at, '\0', file.size) : NULL;
	if (nul)
		return err_set(err, -EINVAL, "line %zu: not text: a NUL byte; save it as UTF-8",
		        line_of(file, nul));
	if (!utf8_valid(file.at, file.size, &offset))
		return err_set(err, -EINVAL, "line %zu: not UTF-8; save it as UTF-8",
		        line_of(file, file.at + offset));
	return 0;
}

/* The number of lines up to the fence at the end; -EINVAL where there is none. */
static int count_header_lines(struct span rest, size_t *ret_count, struct err *err)
{
	size_t count = 0;

	while (rest.size > 0) {
		if (is_fence(take_line(&rest))) {
			if (count > PROMPT_HEADER_LINES_MAX)
				return err_set(err, -EINVAL,
				        "line 1: the header that begins here has more than %d "
				        "lines",
				        PROMPT_HEADER_LINES_MAX);
			*ret_count = count;
			return 0;
		}
		count++;
	}
	return err_set(err, -EINVAL,
	        "line 1: the header that begins here has no end; end it with a line ---");
}

/* Takes the header, if there is one, off the rest. */
static int parse_header(struct span *rest, struct parameters *header, struct err *err)
{
	struct span after = *rest;
	size_t count = 0, i;
	int r;

	if (!is_fence(take_line(&after)))
		return 0;
	r = count_header_lines(after, &count, err);
	for (i = 0; r == 0 && i < count; i++)
		r = parse_line(header, take_line(&after), i + 2, err);
	if (r < 0)
		return r;
	take_line(&after);
	*rest = after;
	return 0;
}

/* A copy with line feeds only. */
static char *copy_text(struct span text)
{
	char *copy = malloc(text.size + 1);
	size_t i, used = 0;

	if (!copy)
		return NULL;
	for (i = 0; i < text.size; i++) {
		if (text.at[i] == '\r' && i + 1 < text.size && text.at[i + 1] == '\n')
			continue;
		copy[used++] = text.at[i];
	}
	copy[used] = '\0';
	return copy;
}

int prompt_parse(const char *bytes, size_t size, struct prompt *ret_prompt, struct err *err)
{
	CLEANUP(prompt_done) struct prompt prompt = {0};
	struct span rest = {size ? bytes : "", size};
	int r = check_bytes(rest, err);

	if (r < 0)
		return r;
	if (size >= 3 && memcmp(rest.at, BYTE_ORDER_MARK, 3) == 0)
		rest = (struct span){rest.at + 3, size - 3};
	r = parse_header(&rest, &prompt.header, err);
	if (r < 0)
		return r;
	prompt.text = copy_text(trim(rest));
	if (!prompt.text)
		return err_set(err, -ENOMEM, "out of memory");
	*ret_prompt = prompt;
	prompt = (struct prompt){0};
	return 0;
}

void prompt_done(struct prompt *prompt)
{
	parameters_done(&prompt->header);
	free(prompt->text);
	*prompt = (struct prompt){0};
}
