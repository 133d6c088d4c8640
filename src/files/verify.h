/* SPDX-License-Identifier: MIT */
#pragma once

#include "darkroom/files.h"

enum whole { WHOLE, CUT, DAMAGED };

/* Each gets bytes that begin with its format's mark and walks the format's own structure; nothing
 * is decoded. */
enum whole verify_png(const unsigned char *bytes, size_t size);
enum whole verify_jpeg(const unsigned char *bytes, size_t size);
enum whole verify_gif(const unsigned char *bytes, size_t size);
enum whole verify_webp(const unsigned char *bytes, size_t size);
enum whole verify_bmp(const unsigned char *bytes, size_t size);
enum whole verify_tiff(const unsigned char *bytes, size_t size);
enum whole verify_svg(const unsigned char *bytes, size_t size);

/* ISO base media: AVIF, HEIC, and JPEG XL's container. */
enum whole verify_boxes(const unsigned char *bytes, size_t size, enum files_format format);
/* What the brands of an ftyp box make it; FILES_UNKNOWN for other media. */
enum files_format verify_brands(const unsigned char *bytes, size_t size);

/* What text it is, as "an HTML page"; NULL where it is no text or an SVG, for which *ret_svg is
 * set. */
const char *verify_text(const unsigned char *bytes, size_t size, bool *ret_svg);

/* What a file is by its first bytes.  FILES_UNKNOWN for what is no picture; then *ret_what is "an
 * HTML page" and the like, or NULL for what is nothing known. */
enum files_format verify_look(const unsigned char *bytes, size_t size, const char **ret_what);

static inline uint32_t be16(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 8 | bytes[1];
}

static inline uint32_t be32(const unsigned char *bytes)
{
	return be16(bytes) << 16 | be16(bytes + 2);
}

static inline uint32_t le16(const unsigned char *bytes)
{
	return (uint32_t)bytes[1] << 8 | bytes[0];
}

static inline uint32_t le32(const unsigned char *bytes)
{
	return le16(bytes + 2) << 16 | le16(bytes);
}
