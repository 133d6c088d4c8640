/* SPDX-License-Identifier: MIT */
#include "text.h"

#include "darkroom/base.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define ELLIPSIS "\xe2\x80\xa6"
#define UTF8_BYTES_MAX 4

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* The second byte's range is narrower after some first bytes: nothing over-long, no surrogates,
 * nothing above U+10FFFF. */
static bool second_fits(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf;
	case 0xed:
		return second >= 0x80 && second <= 0x9f;
	case 0xf0:
		return second >= 0x90 && second <= 0xbf;
	case 0xf4:
		return second >= 0x80 && second <= 0x8f;
	default:
		return is_continuation(second);
	}
}

static size_t length_by_first(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 0;
}

size_t utf8_step(const char *bytes, size_t size)
{
	const unsigned char *byte = (const unsigned char *)bytes;
	size_t length, i;

	if (size == 0)
		return 0;
	length = length_by_first(byte[0]);
	if (length <= 1)
		return length;
	if (length > size || !second_fits(byte[0], byte[1]))
		return 0;
	for (i = 2; i < length; i++)
		if (!is_continuation(byte[i]))
			return 0;
	return length;
}

size_t utf8_cut(const char *bytes, size_t size)
{
	size_t start = size;

	while (start > 0 && size - start < UTF8_BYTES_MAX - 1 &&
	        is_continuation((unsigned char)bytes[start - 1]))
		start--;
	if (start == 0)
		return size;
	start--;
	return length_by_first((unsigned char)bytes[start]) > size - start ? start : size;
}

bool utf8_valid(const char *bytes, size_t size, size_t *ret_offset)
{
	size_t at = 0;

	while (at < size) {
		size_t step = utf8_step(bytes + at, size - at);

		if (step == 0) {
			if (ret_offset)
				*ret_offset = at;
			return false;
		}
		at += step;
	}
	return true;
}

size_t utf8_length(const char *bytes, size_t size)
{
	size_t count = 0, i;

	for (i = 0; i < size; i++)
		count += !is_continuation((unsigned char)bytes[i]);
	return count;
}

/* What stands in a line for a character of `step` bytes, 0 for a byte that is no UTF-8. */
static const char *line_character(const char *bytes, size_t step)
{
	const unsigned char *byte = (const unsigned char *)bytes;

	if (step == 0)
		return REPLACEMENT;
	if (step == 1 && (byte[0] < 0x20 || byte[0] == 0x7f))
		return " ";
	if (step == 2 && byte[0] == 0xc2 && byte[1] < 0xa0)
		return " ";
	/* U+2028 and U+2029 end a line for many readers. */
	if (step == 3 && byte[0] == 0xe2 && byte[1] == 0x80 && (byte[2] == 0xa8 || byte[2] == 0xa9))
		return " ";
	return NULL;
}

char *text_line(const char *bytes, size_t size, size_t max_chars)
{
	size_t room = size < max_chars ? size : max_chars, at = 0, used = 0, last = 0, chars = 0;
	char *line;

	if (room > (PTRDIFF_MAX - 1) / UTF8_BYTES_MAX)
		return NULL;
	line = malloc(room * UTF8_BYTES_MAX + 1);
	if (!line)
		return NULL;
	for (; at < size && chars < max_chars; chars++) {
		size_t step = utf8_step(bytes + at, size - at);
		const char *instead = line_character(bytes + at, step);
		const char *from = instead ? instead : bytes + at;
		size_t length = instead ? strlen(instead) : step;

		last = used;
		memcpy(line + used, from, length);
		used += length;
		at += step ? step : 1;
	}
	if (at < size && chars > 0) {
		memcpy(line + last, ELLIPSIS, strlen(ELLIPSIS));
		used = last + strlen(ELLIPSIS);
	}
	line[used] = '\0';
	return line;
}

int buf_add_column(struct buf *buf, const char *text)
{
	size_t size = strlen(text), plain = 0, at = 0, i;
	int r = 0;

	while (r == 0 && at < size) {
		size_t step = utf8_step(text + at, size - at), bytes = step ? step : 1;

		if (text[at] == ' ' || text[at] == '\\' || line_character(text + at, step)) {
			r = buf_add(buf, text + plain, at - plain);
			for (i = at; r == 0 && i < at + bytes; i++)
				r = buf_addf(buf, "\\%03o", (unsigned)(unsigned char)text[i]);
			plain = at + bytes;
		}
		at += bytes;
	}
	return r == 0 ? buf_add(buf, text + plain, size - plain) : r;
}

bool text_u64(const char *text, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;
	const char *p;

	if (!text || !*text)
		return false;
	for (p = text; *p; p++) {
		unsigned digit = (unsigned)(unsigned char)*p - '0';

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > max)
		return false;
	*ret_value = value;
	return true;
}

void size_text(int64_t bytes, char text[static SIZE_TEXT_SIZE])
{
	if (bytes > 0 && bytes % (1 << 30) == 0)
		snprintf(text, SIZE_TEXT_SIZE, "%" PRId64 " GiB", bytes >> 30);
	else if (bytes > 0 && bytes % (1 << 20) == 0)
		snprintf(text, SIZE_TEXT_SIZE, "%" PRId64 " MiB", bytes >> 20);
	else if (bytes > 0 && bytes % (1 << 10) == 0)
		snprintf(text, SIZE_TEXT_SIZE, "%" PRId64 " KiB", bytes >> 10);
	else if (bytes >= 1000000000)
		snprintf(text, SIZE_TEXT_SIZE, "%.1f GB", (double)bytes / 1e9);
	else if (bytes >= 1000000)
		snprintf(text, SIZE_TEXT_SIZE, "%.1f MB", (double)bytes / 1e6);
	else if (bytes >= 1000)
		snprintf(text, SIZE_TEXT_SIZE, "%.1f kB", (double)bytes / 1e3);
	else
		snprintf(text, SIZE_TEXT_SIZE, "%" PRId64 " byte%s", bytes, bytes == 1 ? "" : "s");
}
