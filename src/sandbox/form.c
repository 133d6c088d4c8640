/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "form.h"

#define BOUNDARY_CHARS_MAX 70

/* A place in the body. */
struct cursor {
	const char *at, *end;
};

static bool skip(struct cursor *cursor, const char *text, size_t size)
{
	if ((size_t)(cursor->end - cursor->at) < size || memcmp(cursor->at, text, size) != 0)
		return false;
	cursor->at += size;
	return true;
}

/* The value of ; name="value" or ; name=value in a header, owned.  NULL where it is not there, or
 * without memory. */
static char *parameter(const char *header, size_t size, const char *name)
{
	const char *end = header + size, *at = header;
	size_t length = strlen(name);

	while ((at = memchr(at, ';', (size_t)(end - at)))) {
		const char *stop;

		for (at++; at < end && (*at == ' ' || *at == '\t'); at++)
			;
		if ((size_t)(end - at) <= length || strncasecmp(at, name, length) != 0 ||
		        at[length] != '=')
			continue;
		at += length + 1;
		if (at < end && *at == '"') {
			at++;
			stop = memchr(at, '"', (size_t)(end - at));
			return stop ? strndup(at, (size_t)(stop - at)) : NULL;
		}
		for (stop = at; stop < end && *stop != ';' && *stop != ' '; stop++)
			;
		return strndup(at, (size_t)(stop - at));
	}
	return NULL;
}

/* One line of a part's head; the last one is empty. */
static void header_read(struct form_part *part, const char *line, size_t size)
{
	static const char disposition[] = "Content-Disposition:", type[] = "Content-Type:";
	size_t length = sizeof(type) - 1;

	if (size > sizeof(disposition) &&
	        strncasecmp(line, disposition, sizeof(disposition) - 1) == 0) {
		free(part->name);
		free(part->file_name);
		part->name = parameter(line, size, "name");
		part->file_name = parameter(line, size, "filename");
	} else if (size > length && strncasecmp(line, type, length) == 0) {
		while (length < size && line[length] == ' ')
			length++;
		free(part->content_type);
		part->content_type = strndup(line + length, size - length);
	}
}

static bool head_read(struct cursor *cursor, struct form_part *part)
{
	for (;;) {
		const char *line = cursor->at;
		const char *end = memmem(line, (size_t)(cursor->end - line), "\r\n", 2);

		if (!end)
			return false;
		cursor->at = end + 2;
		if (end == line)
			return part->name != NULL;
		header_read(part, line, (size_t)(end - line));
	}
}

/* From after a boundary to after the next one. */
static int part_read(struct cursor *cursor, const char *boundary, struct form *form)
{
	size_t length = strlen(boundary);
	struct form_part *part;
	const char *end;

	if (form->count == FORM_PARTS_MAX)
		return -EINVAL;
	part = &form->parts[form->count++];
	if (!head_read(cursor, part))
		return -EINVAL;
	end = memmem(cursor->at, (size_t)(cursor->end - cursor->at), boundary, length);
	if (!end)
		return -EINVAL;
	part->bytes = cursor->at;
	part->size = (size_t)(end - cursor->at);
	cursor->at = end + length;
	return 0;
}

static int boundary_make(const char *content_type, char boundary[static BOUNDARY_CHARS_MAX + 5])
{
	static const char type[] = "multipart/form-data";
	CLEANUP(free_p) char *word = NULL;

	if (!content_type || strncasecmp(content_type, type, sizeof(type) - 1) != 0)
		return -EINVAL;
	word = parameter(content_type, strlen(content_type), "boundary");
	if (!word || !*word || strlen(word) > BOUNDARY_CHARS_MAX)
		return -EINVAL;
	memcpy(boundary, "\r\n--", 4);
	memcpy(boundary + 4, word, strlen(word) + 1);
	return 0;
}

void form_done(struct form *form)
{
	for (size_t i = 0; i < form->count; i++) {
		free(form->parts[i].name);
		free(form->parts[i].file_name);
		free(form->parts[i].content_type);
	}
	form->count = 0;
}

int form_read(const char *content_type, const char *body, size_t size, struct form *form)
{
	char boundary[BOUNDARY_CHARS_MAX + 5];
	struct cursor cursor = {body, body + size};
	int r = boundary_make(content_type, boundary);

	*form = (struct form){.count = 0};
	/* The first boundary has no line before it. */
	if (r == 0 && (!body || !skip(&cursor, boundary + 2, strlen(boundary + 2))))
		r = -EINVAL;
	while (r == 0) {
		if (skip(&cursor, "--", 2))
			return 0;
		r = skip(&cursor, "\r\n", 2) ? part_read(&cursor, boundary, form) : -EINVAL;
	}
	form_done(form); /* nothing of a body that is wrong somewhere */
	return r;
}

const struct form_part *form_part(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->parts[i].name && strcmp(form->parts[i].name, name) == 0)
			return &form->parts[i];
	return NULL;
}

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int base64_read(const char *text, size_t size, struct buf *bytes)
{
	size_t padding = 0;

	if (size % 4 != 0)
		return -EINVAL;
	while (padding < 2 && size > 0 && text[size - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < size; i += 4) {
		size_t digits = i + 4 == size ? 4 - padding : 4;
		unsigned char three[3];
		uint32_t group = 0;
		int r;

		for (size_t j = 0; j < 4; j++) {
			int value = j < digits ? sextet(text[i + j]) : 0;

			if (value < 0)
				return -EINVAL;
			group = group << 6 | (uint32_t)value;
		}
		for (int j = 0; j < 3; j++)
			three[j] = group >> (16 - 8 * j) & 255;
		r = buf_add(bytes, three, digits - 1);
		if (r != 0)
			return r;
	}
	return 0;
}
