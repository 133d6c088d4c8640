/* SPDX-License-Identifier: MIT */
/* The walks through boxes (AVIF, HEIC, JPEG XL) and text (SVG and what is none). */
#include "verify.h"

#include <string.h>
#include <strings.h>

/* ---- boxes ---- */

/* How a box begins at `at`: its size with its header, which is in bounds. */
static enum whole box_size(const unsigned char *bytes, size_t size, size_t at, uint64_t *ret_size)
{
	uint64_t length, header = 8;

	if (size - at < 8)
		return CUT;
	length = be32(bytes + at);
	if (length == 1) {
		if (size - at < 16)
			return CUT;
		length = (uint64_t)be32(bytes + at + 8) << 32 | be32(bytes + at + 12);
		header = 16;
	} else if (length == 0) {
		length = size - at;
	}
	if (length < header)
		return DAMAGED;
	if (length > size - at)
		return CUT;
	*ret_size = length;
	return WHOLE;
}

enum whole verify_boxes(const unsigned char *bytes, size_t size, enum files_format format)
{
	bool description = format == FILES_JXL, pixels = false;
	size_t at = 0;

	while (at < size) {
		const unsigned char *type = bytes + at + 4;
		uint64_t length;
		enum whole whole = box_size(bytes, size, at, &length);

		if (whole != WHOLE)
			return whole;
		if (memcmp(type, "meta", 4) == 0 || memcmp(type, "moov", 4) == 0)
			description = true;
		if (memcmp(type, "mdat", 4) == 0 || memcmp(type, "jxlc", 4) == 0 ||
		        memcmp(type, "jxlp", 4) == 0)
			pixels = pixels || length > 8;
		at += (size_t)length;
	}
	/* Where a box is missing at the end, what there was ended between two of them. */
	return description && pixels ? WHOLE : CUT;
}

static bool is_brand(const unsigned char *brand, const char *const *brands, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (memcmp(brand, brands[i], 4) == 0)
			return true;
	}
	return false;
}

enum files_format verify_brands(const unsigned char *bytes, size_t size)
{
	static const char *const avif[] = {"avif", "avis"};
	static const char *const heic[] = {
	        "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"};
	size_t end = be32(bytes), at;
	enum files_format format = FILES_UNKNOWN;

	if (end > size)
		end = size;
	/* The major brand, its version, and the brands it is compatible with. */
	for (at = 8; at + 4 <= end; at += at == 8 ? 8 : 4) {
		if (is_brand(bytes + at, avif, ARRAY_SIZE(avif)))
			return FILES_AVIF;
		if (is_brand(bytes + at, heic, ARRAY_SIZE(heic)))
			format = FILES_HEIC;
	}
	return format;
}

/* ---- text ---- */

struct text {
	const char *at;
	size_t size;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void skip(struct text *text, size_t count)
{
	text->at += count;
	text->size -= count;
}

static void skip_space(struct text *text)
{
	while (text->size && is_space(*text->at))
		skip(text, 1);
}

static bool begins(const struct text *text, const char *with)
{
	size_t size = strlen(with);

	return text->size >= size && strncasecmp(text->at, with, size) == 0;
}

/* Skips up to and with the end; everything where it is not found. */
static void skip_to(struct text *text, const char *end)
{
	const char *found = memmem(text->at, text->size, end, strlen(end));

	skip(text, found ? (size_t)(found - text->at) + strlen(end) : text->size);
}

/* Skips a byte order mark, XML's declaration, comments and a document type. */
static void skip_prologue(struct text *text, bool *ret_xml)
{
	if (begins(text, "\xef\xbb\xbf"))
		skip(text, 3);
	for (;;) {
		skip_space(text);
		if (begins(text, "<?")) {
			*ret_xml = *ret_xml || begins(text, "<?xml");
			skip_to(text, "?>");
		} else if (begins(text, "<!--")) {
			skip_to(text, "-->");
		} else if (begins(text, "<!doctype svg")) {
			struct text subset = *text;

			skip_to(&subset, ">");
			/* Declarations in brackets have marks of their own. */
			if (memchr(text->at, '[', (size_t)(subset.at - text->at)))
				skip_to(text, "]");
			skip_to(text, ">");
		} else {
			return;
		}
	}
}

static bool is_plain_text(const unsigned char *bytes, size_t size)
{
	size_t i, wrong = size;

	for (i = 0; i < size; i++) {
		if (bytes[i] < 0x20 && !is_space((char)bytes[i]))
			return false;
	}
	/* A character may be cut at the end. */
	return utf8_valid((const char *)bytes, size, &wrong) || (wrong > 0 && size - wrong < 4);
}

static bool begins_tag(const struct text *text, const char *tag)
{
	size_t size = strlen(tag);

	return begins(text, tag) && (text->size == size || is_space(text->at[size]) ||
	                                    text->at[size] == '>' || text->at[size] == '/');
}

const char *verify_text(const unsigned char *bytes, size_t size, bool *ret_svg)
{
	static const char *const html[] = {"<html", "<head", "<body", "<title"};
	struct text text = {(const char *)bytes, size};
	bool xml = false;
	size_t i;

	skip_prologue(&text, &xml);
	if (begins_tag(&text, "<svg")) {
		*ret_svg = true;
		return NULL;
	}
	for (i = 0; i < ARRAY_SIZE(html); i++) {
		if (begins_tag(&text, html[i]))
			return "an HTML page";
	}
	if (begins(&text, "<!doctype html"))
		return "an HTML page";
	if (!is_plain_text(bytes, size))
		return NULL;
	if (xml)
		return "an XML document";
	if (text.size && (*text.at == '{' || *text.at == '['))
		return "JSON";
	return "text";
}

enum whole verify_svg(const unsigned char *bytes, size_t size)
{
	static const char end[] = "</svg>";
	size_t length = sizeof(end) - 1;

	if (memchr(bytes, '\0', size))
		return DAMAGED;
	while (size && is_space((char)bytes[size - 1]))
		size--;
	return size >= length && memcmp(bytes + size - length, end, length) == 0 ? WHOLE : CUT;
}
