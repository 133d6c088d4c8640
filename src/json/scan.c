/* SPDX-License-Identifier: MIT */
/* json-c takes NaN, single quotes, comments, raw control characters in strings, commas before a
 * closing bracket and numbers such as "1.", and its versions differ about integers that are too
 * large.  So each token is looked at before json-c sees it. */
#include "scan.h"

#include "darkroom/json.h"

#include <string.h>

#define TEXT(macro) #macro
#define TEXT_OF(macro) TEXT(macro)

struct scan {
	const char *bytes;
	size_t size;
	size_t at;
	size_t depth;
	bool after_comma; /* but for white space */
};

static int peek(const struct scan *scan)
{
	return scan->at < scan->size ? (unsigned char)scan->bytes[scan->at] : -1;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(int c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static size_t skip_digits(struct scan *scan)
{
	size_t start = scan->at;

	while (is_digit(peek(scan)))
		scan->at++;
	return scan->at - start;
}

static const char *scan_escape(struct scan *scan)
{
	int c = peek(scan), i;

	if (c < 0x20 || !strchr("\"\\/bfnrtu", c))
		return "unknown escape in a string";
	scan->at++;
	for (i = 0; c == 'u' && i < 4; i++, scan->at++)
		if (!is_hex(peek(scan)))
			return "\\u needs four hexadecimal digits";
	return NULL;
}

static const char *scan_string(struct scan *scan)
{
	const char *wrong;
	int c;

	scan->at++;
	while ((c = peek(scan)) != '"') {
		if (c < 0)
			return "string without an end";
		if (c < 0x20)
			return "control character in a string";
		scan->at++;
		wrong = c == '\\' ? scan_escape(scan) : NULL;
		if (wrong)
			return wrong;
	}
	scan->at++;
	return NULL;
}

/* The digits are an integer that 64 bits hold. */
static bool integer_fits(const char *digits, size_t count, bool negative)
{
	uint64_t most = negative ? (uint64_t)1 << 63 : UINT64_MAX, value = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		unsigned digit = (unsigned)(digits[i] - '0');

		if (value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	return true;
}

/* *ret_whole as for json_scan_is_number; false where the grammar is broken. */
static bool scan_number_form(struct scan *scan, bool *ret_whole)
{
	size_t first, count;

	*ret_whole = true;
	if (peek(scan) == '-')
		scan->at++;
	first = scan->at;
	count = skip_digits(scan);
	if (count == 0 || (count > 1 && scan->bytes[first] == '0'))
		return false;
	if (peek(scan) == '.') {
		*ret_whole = false;
		scan->at++;
		if (skip_digits(scan) == 0)
			return false;
	}
	if (peek(scan) == 'e' || peek(scan) == 'E') {
		*ret_whole = false;
		scan->at++;
		if (peek(scan) == '+' || peek(scan) == '-')
			scan->at++;
		if (skip_digits(scan) == 0)
			return false;
	}
	return true;
}

static const char *scan_number(struct scan *scan)
{
	const char *start = scan->bytes + scan->at;
	bool negative = *start == '-', whole;
	size_t begin = scan->at;

	if (!scan_number_form(scan, &whole))
		return "malformed number";
	if (whole && !integer_fits(start + negative, scan->at - begin - negative, negative))
		return "integer too large";
	return NULL;
}

static const char *scan_word(struct scan *scan)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t length = 0, i;

	while (scan->at + length < scan->size) {
		char c = scan->bytes[scan->at + length];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			break;
		length++;
	}
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (length == strlen(words[i]) &&
		        memcmp(scan->bytes + scan->at, words[i], length) == 0) {
			scan->at += length;
			return NULL;
		}
	}
	return "unexpected character";
}

static const char *scan_token(struct scan *scan, int c)
{
	bool after_comma = scan->after_comma;

	if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		scan->at++;
		return NULL;
	}
	scan->after_comma = c == ',';
	switch (c) {
	case ',':
	case ':':
		scan->at++;
		return NULL;
	case '[':
	case '{':
		if (++scan->depth > JSON_DEPTH_MAX)
			return "nested more than " TEXT_OF(JSON_DEPTH_MAX) " deep";
		scan->at++;
		return NULL;
	case ']':
	case '}':
		if (scan->depth == 0)
			return "closing bracket without an opening one";
		if (after_comma)
			return "nothing between a comma and a closing bracket";
		scan->depth--;
		scan->at++;
		return NULL;
	case '"':
		return scan_string(scan);
	default:
		return c == '-' || is_digit(c) ? scan_number(scan) : scan_word(scan);
	}
}

const char *json_scan(const char *bytes, size_t size, size_t *ret_offset)
{
	struct scan scan = {.bytes = bytes, .size = size};
	int c;

	while ((c = peek(&scan)) >= 0) {
		const char *wrong = scan_token(&scan, c);

		if (wrong) {
			*ret_offset = scan.at;
			return wrong;
		}
	}
	return NULL;
}

bool json_scan_is_number(const char *text, size_t size, bool *ret_whole)
{
	struct scan scan = {.bytes = text, .size = size};

	return scan_number_form(&scan, ret_whole) && scan.at == size;
}
