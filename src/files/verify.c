/* SPDX-License-Identifier: MIT */
/* What a picture is, from its first bytes, and whether it is whole. */
#include "verify.h"

#include <string.h>

struct kind {
	const char *name;
	enum files_format format;
	enum whole (*verify)(const unsigned char *bytes, size_t size);
	unsigned offset;
	unsigned size;
	const char *mark;
};

static enum whole verify_jxl_stream(const unsigned char *bytes, size_t size)
{
	/* A bare codestream does not say where it ends. */
	return size > 4 ? WHOLE : CUT;
}

static enum whole verify_jxl_boxes(const unsigned char *bytes, size_t size)
{
	return verify_boxes(bytes, size, FILES_JXL);
}

static const struct kind kinds[] = {
        {"a PNG", FILES_PNG, verify_png, 0, 8, "\x89PNG\r\n\x1a\n"},
        {"a JPEG", FILES_JPEG, verify_jpeg, 0, 3, "\xff\xd8\xff"},
        {"a WebP", FILES_WEBP, verify_webp, 8, 4, "WEBP"},
        {"a GIF", FILES_GIF, verify_gif, 0, 6, "GIF87a"},
        {"a GIF", FILES_GIF, verify_gif, 0, 6, "GIF89a"},
        {"a TIFF", FILES_TIFF, verify_tiff, 0, 4, "II*\0"},
        {"a TIFF", FILES_TIFF, verify_tiff, 0, 4, "MM\0*"},
        {"a JPEG XL", FILES_JXL, verify_jxl_boxes, 0, 12, "\0\0\0\x0cJXL \r\n\x87\n"},
        {"a JPEG XL", FILES_JXL, verify_jxl_stream, 0, 2, "\xff\x0a"},
        {"a BMP", FILES_BMP, verify_bmp, 0, 2, "BM"},
};

static int tell(const char *name, enum whole whole, struct err *err)
{
	switch (whole) {
	case WHOLE:
		return 0;
	case CUT:
		return err_set(err, -EBADMSG, "%s that is cut short", name);
	case DAMAGED:
		break;
	}
	return err_set(err, -EBADMSG, "%s that is damaged", name);
}

static const struct kind *kind_of(const unsigned char *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct kind *kind = &kinds[i];

		if (size < (size_t)kind->offset + kind->size)
			continue;
		if (memcmp(bytes + kind->offset, kind->mark, kind->size) != 0)
			continue;
		if (kind->format == FILES_WEBP && memcmp(bytes, "RIFF", 4) != 0)
			continue;
		return kind;
	}
	return NULL;
}

/* The first bytes of a format's mark and no more. */
static const struct kind *kind_begun(const unsigned char *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct kind *kind = &kinds[i];

		if (size >= 2 && kind->offset == 0 && size < kind->size &&
		        memcmp(bytes, kind->mark, size) == 0)
			return kind;
	}
	return NULL;
}

static int verify_media(
        const unsigned char *bytes, size_t size, enum files_format *ret_format, struct err *err)
{
	enum files_format format = verify_brands(bytes, size);
	int r;

	if (format == FILES_UNKNOWN)
		return err_set(err, -EBADMSG, "a film or sound, not a picture");
	r = tell(format == FILES_AVIF ? "an AVIF" : "a HEIC", verify_boxes(bytes, size, format),
	        err);
	if (r == 0)
		*ret_format = format;
	return r;
}

int files_verify_bytes(
        const unsigned char *bytes, size_t size, enum files_format *ret_format, struct err *err)
{
	const struct kind *kind;
	const char *text;
	bool svg = false;
	int r;

	if (size == 0)
		return err_set(err, -EBADMSG, "an empty file");
	kind = kind_of(bytes, size);
	if (kind) {
		r = tell(kind->name, kind->verify(bytes, size), err);
		if (r == 0)
			*ret_format = kind->format;
		return r;
	}
	if (size >= 8 && memcmp(bytes + 4, "ftyp", 4) == 0)
		return verify_media(bytes, size, ret_format, err);
	kind = kind_begun(bytes, size);
	if (kind)
		return tell(kind->name, CUT, err);
	text = verify_text(bytes, size, &svg);
	if (svg) {
		r = tell("an SVG", verify_svg(bytes, size), err);
		if (r == 0)
			*ret_format = FILES_SVG;
		return r;
	}
	if (text)
		return err_set(err, -EBADMSG, "%s, not a picture", text);
	return err_set(err, -EBADMSG, "no kind of picture that is known");
}

enum files_format verify_look(const unsigned char *bytes, size_t size, const char **ret_what)
{
	const struct kind *kind = kind_of(bytes, size);
	enum files_format format;
	bool svg = false;

	*ret_what = NULL;
	/* Two letters are a mark that texts may have too. */
	if (kind && (kind->format != FILES_BMP || verify_bmp(bytes, size) != DAMAGED))
		return kind->format;
	if (size >= 8 && memcmp(bytes + 4, "ftyp", 4) == 0) {
		format = verify_brands(bytes, size);
		if (format == FILES_UNKNOWN)
			*ret_what = "a film or sound";
		return format;
	}
	*ret_what = verify_text(bytes, size, &svg);
	return svg ? FILES_SVG : FILES_UNKNOWN;
}
