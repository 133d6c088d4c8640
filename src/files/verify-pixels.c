/* SPDX-License-Identifier: MIT */
/* The walks through PNG, JPEG, GIF, WebP, BMP and TIFF.  Every offset is compared with what is left
 * before it is used, so that no length in a file can lead out of it. */
#include "verify.h"

#include <string.h>

/* ---- PNG ---- */

#define PNG_MARK_SIZE 8
#define PNG_LENGTH_MAX 0x7fffffffu

/* The checksum of PNG's chunks, bit by bit: it is used for a few bytes only. */
static uint32_t crc32_of(const unsigned char *bytes, size_t size)
{
	uint32_t crc = 0xffffffffu;
	size_t i;
	int bit;

	for (i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	}
	return ~crc;
}

static bool png_header_fits(const unsigned char *chunk, uint32_t length)
{
	uint32_t width, height;

	if (length != 13 || memcmp(chunk + 4, "IHDR", 4) != 0)
		return false;
	width = be32(chunk + 8);
	height = be32(chunk + 12);
	return width > 0 && height > 0 && width <= PNG_LENGTH_MAX && height <= PNG_LENGTH_MAX &&
	       crc32_of(chunk + 4, 17) == be32(chunk + 21);
}

enum whole verify_png(const unsigned char *bytes, size_t size)
{
	size_t at = PNG_MARK_SIZE;
	bool pixels = false;

	while (size - at >= 12) {
		const unsigned char *chunk = bytes + at;
		uint32_t length = be32(chunk);

		if (length > PNG_LENGTH_MAX)
			return DAMAGED;
		if (size - at - 12 < length)
			return CUT;
		if (at == PNG_MARK_SIZE && !png_header_fits(chunk, length))
			return DAMAGED;
		if (memcmp(chunk + 4, "IDAT", 4) == 0)
			pixels = true;
		if (memcmp(chunk + 4, "IEND", 4) == 0)
			return length == 0 && pixels && crc32_of(chunk + 4, 4) == be32(chunk + 8)
			               ? WHOLE
			               : DAMAGED;
		at += 12 + (size_t)length;
	}
	return CUT;
}

/* ---- JPEG ---- */

static bool jpeg_is_frame(unsigned char marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
	       marker != 0xcc;
}

/* The offset of the next marker after a scan's data; size where there is none. */
static size_t jpeg_skip_scan(const unsigned char *bytes, size_t size, size_t at)
{
	while (at < size) {
		const unsigned char *found = memchr(bytes + at, 0xff, size - at);

		if (!found)
			return size;
		at = (size_t)(found - bytes);
		if (size - at < 2)
			return size;
		/* A stuffed zero or a restart belongs to the data; so may padding. */
		if (bytes[at + 1] == 0x00 || (bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd7))
			at += 2;
		else if (bytes[at + 1] == 0xff)
			at++;
		else
			return at;
	}
	return size;
}

enum whole verify_jpeg(const unsigned char *bytes, size_t size)
{
	bool frame = false, scan = false;
	size_t at = 2;

	while (size - at >= 2) {
		unsigned char marker = bytes[at + 1];
		uint32_t length;

		if (bytes[at] != 0xff)
			return DAMAGED;
		if (marker == 0xff) {
			at++;
			continue;
		}
		if (marker == 0xd9)
			return frame && scan ? WHOLE : DAMAGED;
		at += 2;
		if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7))
			continue;
		if (size - at < 2)
			return CUT;
		length = be16(bytes + at);
		if (length < 2)
			return DAMAGED;
		if (size - at < length)
			return CUT;
		if (jpeg_is_frame(marker)) {
			/* A height of 0 is given after the first scan. */
			if (length < 8 || be16(bytes + at + 5) == 0)
				return DAMAGED;
			frame = true;
		}
		at += length;
		if (marker == 0xda) {
			scan = true;
			at = jpeg_skip_scan(bytes, size, at);
		}
	}
	return CUT;
}

/* ---- GIF ---- */

/* Skips a GIF's sub-blocks from *at, up to and with the empty one that ends them. */
static bool gif_skip_blocks(const unsigned char *bytes, size_t size, size_t *at)
{
	while (*at < size) {
		size_t length = bytes[*at];

		*at += 1;
		if (length == 0)
			return true;
		if (size - *at < length)
			return false;
		*at += length;
	}
	return false;
}

static size_t gif_colours_size(unsigned char flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* An image from its separator on. */
static enum whole gif_image(const unsigned char *bytes, size_t size, size_t *at)
{
	const unsigned char *image = bytes + *at;
	size_t skip;

	if (size - *at < 10)
		return CUT;
	if (le16(image + 5) == 0 || le16(image + 7) == 0)
		return DAMAGED;
	skip = 10 + gif_colours_size(image[9]) + 1;
	if (size - *at < skip)
		return CUT;
	*at += skip;
	return gif_skip_blocks(bytes, size, at) ? WHOLE : CUT;
}

enum whole verify_gif(const unsigned char *bytes, size_t size)
{
	bool pixels = false;
	size_t at = 13;

	if (size < at || size - at < gif_colours_size(bytes[10]))
		return CUT;
	at += gif_colours_size(bytes[10]);
	while (at < size) {
		enum whole whole;

		switch (bytes[at]) {
		case 0x3b:
			return pixels ? WHOLE : DAMAGED;
		case 0x2c:
			whole = gif_image(bytes, size, &at);
			if (whole != WHOLE)
				return whole;
			pixels = true;
			break;
		case 0x21:
			if (size - at < 2)
				return CUT;
			at += 2;
			if (!gif_skip_blocks(bytes, size, &at))
				return CUT;
			break;
		default:
			return DAMAGED;
		}
	}
	return CUT;
}

/* ---- WebP ---- */

enum whole verify_webp(const unsigned char *bytes, size_t size)
{
	uint64_t end = (uint64_t)le32(bytes + 4) + 8;
	bool pixels = false;
	uint64_t at = 12;

	if (end > size)
		return CUT;
	if (end < at)
		return DAMAGED;
	while (end - at >= 8) {
		const unsigned char *chunk = bytes + at;
		uint64_t length = le32(chunk + 4);

		if (end - at - 8 < length)
			return DAMAGED;
		if (memcmp(chunk, "VP8 ", 4) == 0 || memcmp(chunk, "VP8L", 4) == 0 ||
		        memcmp(chunk, "ANMF", 4) == 0)
			pixels = pixels || length > 0;
		at += 8 + length + (length & 1);
		/* The padding of the last one is left out by some. */
		if (at > end)
			break;
	}
	return pixels ? WHOLE : DAMAGED;
}

/* ---- BMP ---- */

enum whole verify_bmp(const unsigned char *bytes, size_t size)
{
	uint32_t whole_size, pixels, header, width, height;

	if (size < 26)
		return CUT;
	whole_size = le32(bytes + 2);
	pixels = le32(bytes + 10);
	header = le32(bytes + 14);
	if (header < 12 || header > 1024)
		return DAMAGED;
	width = header == 12 ? le16(bytes + 18) : le32(bytes + 18);
	height = header == 12 ? le16(bytes + 20) : le32(bytes + 22);
	if (width == 0 || height == 0 || pixels < 14 + header)
		return DAMAGED;
	return whole_size > size || pixels >= size ? CUT : WHOLE;
}

/* ---- TIFF ---- */

static uint32_t tiff_number(const unsigned char *bytes, bool little, unsigned width)
{
	if (width == 2)
		return little ? le16(bytes) : be16(bytes);
	return little ? le32(bytes) : be32(bytes);
}

/* The sizes of TIFF's types, by number. */
static const unsigned char tiff_sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

/* The first directory and all that it points to; strips of pixels usually lie before it. */
enum whole verify_tiff(const unsigned char *bytes, size_t size)
{
	bool little = bytes[0] == 'I';
	uint32_t at, count, i;

	if (size < 8)
		return CUT;
	at = tiff_number(bytes + 4, little, 4);
	if (at < 8)
		return DAMAGED;
	if (at > size || size - at < 2)
		return CUT;
	count = tiff_number(bytes + at, little, 2);
	if (count == 0)
		return DAMAGED;
	if ((size - at - 2) / 12 < count || size - at - 2 - 12 * (size_t)count < 4)
		return CUT;
	for (i = 0; i < count; i++) {
		const unsigned char *entry = bytes + at + 2 + 12 * (size_t)i;
		uint32_t type = tiff_number(entry + 2, little, 2);
		uint64_t length = tiff_number(entry + 4, little, 4);
		uint32_t value = tiff_number(entry + 8, little, 4);

		if (type >= ARRAY_SIZE(tiff_sizes))
			continue;
		length *= tiff_sizes[type];
		if (length > 4 && (value > size || size - value < length))
			return CUT;
	}
	return WHOLE;
}
