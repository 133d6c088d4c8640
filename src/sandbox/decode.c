/* SPDX-License-Identifier: MIT */
/* Files that strangers sent: sizes are looked at before any memory is taken for them, and a library
 * that reports errors by a jump does so into a function that owns nothing itself.
 */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>
#include <webp/decode.h>

#include "decode.h"

#define PNG_SIGNATURE "\x89PNG\r\n\x1a\n"

/* ---- what it is ---- */

static bool has(const char *bytes, size_t size, size_t at, const char *text)
{
	size_t length = strlen(text);

	return size >= at + length && memcmp(bytes + at, text, length) == 0;
}

static int big_endian(const char *at)
{
	const unsigned char *bytes = (const unsigned char *)at;

	return bytes[0] & 0x80 ? 0 : bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/* Goes from marker to marker up to the one with the size. */
static void jpeg_size(const char *bytes, size_t size, struct file_kind *kind)
{
	const unsigned char *at = (const unsigned char *)bytes + 2, *end = at + size - 2;

	while (end - at >= 9 && at[0] == 0xff) {
		unsigned marker = at[1], length = (unsigned)at[2] << 8 | at[3];

		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
		        marker != 0xcc) {
			kind->height = at[5] << 8 | at[6];
			kind->width = at[7] << 8 | at[8];
			return;
		}
		if (marker == 0xff) {
			at++;
			continue;
		}
		if (length < 2 || (size_t)(end - at) < length + 2)
			return;
		at += length + 2;
	}
}

struct file_kind file_kind_of(const char *bytes, size_t size)
{
	struct file_kind kind = {"application/octet-stream", "bin", 0, 0};

	if (size >= 24 && has(bytes, size, 0, PNG_SIGNATURE)) {
		kind = (struct file_kind){
		        "image/png", "png", big_endian(bytes + 16), big_endian(bytes + 20)};
	} else if (has(bytes, size, 0, "\xff\xd8\xff")) {
		kind = (struct file_kind){"image/jpeg", "jpg", 0, 0};
		jpeg_size(bytes, size, &kind);
	} else if (has(bytes, size, 0, "RIFF") && has(bytes, size, 8, "WEBP")) {
		kind = (struct file_kind){"image/webp", "webp", 0, 0};
		if (!WebPGetInfo((const uint8_t *)bytes, size, &kind.width, &kind.height))
			kind.width = kind.height = 0;
	} else if (has(bytes, size, 0, "GIF8")) {
		kind = (struct file_kind){"image/gif", "gif", 0, 0};
	} else if (has(bytes, size, 0, "BM")) {
		kind = (struct file_kind){"image/bmp", "bmp", 0, 0};
	}
	if (kind.width <= 0 || kind.height <= 0 || kind.width > DECODE_SIDE_MAX ||
	        kind.height > DECODE_SIDE_MAX || kind.width > DECODE_PIXELS_MAX / kind.height)
		kind.width = kind.height = 0;
	return kind;
}

/* ---- pixels ---- */

/* The surface's memory, filled with red, green, blue, alpha in this order. */
struct raster {
	const char *bytes;
	size_t size;
	int width, height;
	unsigned char *pixels;
	size_t stride;
};

/* To cairo's native 32-bit numbers, in which the colours are multiplied by alpha. */
static void raster_convert(struct raster *raster)
{
	for (int y = 0; y < raster->height; y++) {
		unsigned char *at = raster->pixels + (size_t)y * raster->stride;

		for (int x = 0; x < raster->width; x++, at += 4) {
			uint32_t alpha = at[3], pixel = alpha << 24;

			for (int i = 0; i < 3; i++)
				pixel |= (at[i] * alpha + 127) / 255 << (16 - 8 * i);
			memcpy(at, &pixel, sizeof(pixel));
		}
	}
}

static int png_read(struct raster *raster)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	int r = -EINVAL;

	if (png_image_begin_read_from_memory(&image, raster->bytes, raster->size) &&
	        image.width == (png_uint_32)raster->width &&
	        image.height == (png_uint_32)raster->height) {
		image.format = PNG_FORMAT_RGBA;
		if (png_image_finish_read(
		            &image, NULL, raster->pixels, (png_int_32)raster->stride, NULL))
			r = 0;
	}
	png_image_free(&image);
	return r;
}

struct jpeg_errors {
	struct jpeg_error_mgr manager; /* first, so that the library's pointer is ours */
	jmp_buf jump;
};

struct jpeg {
	struct jpeg_decompress_struct decompress;
	struct jpeg_errors errors;
	unsigned char *row;
};

static void jpeg_on_error(j_common_ptr common)
{
	longjmp(((struct jpeg_errors *)(void *)common->err)->jump, 1);
}

static void jpeg_on_message(j_common_ptr common)
{
}

static void jpeg_row_spread(const unsigned char *row, unsigned char *to, int width)
{
	for (int x = 0; x < width; x++, row += 3, to += 4) {
		memcpy(to, row, 3);
		to[3] = 255;
	}
}

/* From printing inks to light.  Adobe's programs write how much ink is missing. */
static void jpeg_row_print(const unsigned char *row, unsigned char *to, int width, bool is_missing)
{
	for (int x = 0; x < width; x++, row += 4, to += 4) {
		unsigned black = is_missing ? row[3] : 255u - row[3];

		for (int i = 0; i < 3; i++)
			to[i] = (unsigned char)((is_missing ? row[i] : 255u - row[i]) * black /
			                        255);
		to[3] = 255;
	}
}

static int jpeg_rows_read(struct raster *raster, struct jpeg *jpeg)
{
	bool inks;

	if (setjmp(jpeg->errors.jump))
		return -EINVAL;
	jpeg_create_decompress(&jpeg->decompress);
	jpeg_mem_src(&jpeg->decompress, (const unsigned char *)raster->bytes, raster->size);
	jpeg_read_header(&jpeg->decompress, TRUE);
	inks = jpeg->decompress.jpeg_color_space == JCS_CMYK ||
	       jpeg->decompress.jpeg_color_space == JCS_YCCK;
	jpeg->decompress.out_color_space = inks ? JCS_CMYK : JCS_RGB;
	jpeg_start_decompress(&jpeg->decompress);
	if (jpeg->decompress.output_width != (JDIMENSION)raster->width ||
	        jpeg->decompress.output_height != (JDIMENSION)raster->height)
		return -EINVAL;
	for (int y = 0; y < raster->height; y++) {
		JSAMPROW rows[1] = {jpeg->row};
		unsigned char *to = raster->pixels + (size_t)y * raster->stride;

		jpeg_read_scanlines(&jpeg->decompress, rows, 1);
		if (inks)
			jpeg_row_print(
			        jpeg->row, to, raster->width, jpeg->decompress.saw_Adobe_marker);
		else
			jpeg_row_spread(jpeg->row, to, raster->width);
	}
	return 0;
}

static int jpeg_read(struct raster *raster)
{
	CLEANUP(free_p) unsigned char *row = malloc((size_t)raster->width * 4);
	struct jpeg jpeg = {.row = row};
	int r;

	if (!row)
		return -ENOMEM;
	jpeg.decompress.err = jpeg_std_error(&jpeg.errors.manager);
	jpeg.errors.manager.error_exit = jpeg_on_error;
	jpeg.errors.manager.output_message = jpeg_on_message;
	r = jpeg_rows_read(raster, &jpeg);
	jpeg_destroy_decompress(&jpeg.decompress);
	return r;
}

static int webp_read(struct raster *raster)
{
	return WebPDecodeRGBAInto((const uint8_t *)raster->bytes, raster->size, raster->pixels,
	               raster->stride * (size_t)raster->height, (int)raster->stride)
	               ? 0
	               : -EINVAL;
}

int decode(const char *bytes, size_t size, cairo_surface_t **ret_surface)
{
	struct file_kind kind = file_kind_of(bytes, size);
	struct raster raster = {bytes, size, kind.width, kind.height, NULL, 0};
	cairo_surface_t *surface;
	int r;

	if (kind.width == 0)
		return -EINVAL;
	surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, kind.width, kind.height);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(surface);
		return -ENOMEM;
	}
	cairo_surface_flush(surface);
	raster.pixels = cairo_image_surface_get_data(surface);
	raster.stride = (size_t)cairo_image_surface_get_stride(surface);
	r = strcmp(kind.extension, "png") == 0   ? png_read(&raster)
	    : strcmp(kind.extension, "jpg") == 0 ? jpeg_read(&raster)
	                                         : webp_read(&raster);
	if (r != 0) {
		cairo_surface_destroy(surface);
		return r;
	}
	raster_convert(&raster);
	cairo_surface_mark_dirty(surface);
	*ret_surface = surface;
	return 0;
}
