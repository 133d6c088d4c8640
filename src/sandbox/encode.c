/* SPDX-License-Identifier: MIT */
/* The libraries report errors by a jump.  Each jump ends in a function that owns nothing itself:
 * its state is in a struct of the caller, who frees it.
 */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include "encode.h"

struct encoding {
	cairo_surface_t *surface;
	const struct give_up *give_up;
	struct buf *file;
	int width, height, stride;
	const unsigned char *pixels;
	unsigned char *row; /* RGB */
	int error;
};

static int encoding_init(struct encoding *encoding, cairo_surface_t *surface,
        const struct give_up *give_up, struct buf *file)
{
	*encoding = (struct encoding){
	        .surface = surface,
	        .give_up = give_up,
	        .file = file,
	        .width = cairo_image_surface_get_width(surface),
	        .height = cairo_image_surface_get_height(surface),
	        .stride = cairo_image_surface_get_stride(surface),
	        .pixels = cairo_image_surface_get_data(surface),
	};
	encoding->row = malloc((size_t)encoding->width * 3);
	return encoding->row ? 0 : -ENOMEM;
}

static void encoding_done(struct encoding *encoding)
{
	free(encoding->row);
}

/* A cairo pixel is a native 32-bit number, blue in its lowest byte. */
static void row_convert(const struct encoding *encoding, int y, unsigned char *rgb)
{
	const unsigned char *line = encoding->pixels + (size_t)y * (size_t)encoding->stride;

	for (int x = 0; x < encoding->width; x++) {
		uint32_t pixel;

		memcpy(&pixel, line + 4 * (size_t)x, sizeof(pixel));
		*rgb++ = pixel >> 16 & 255;
		*rgb++ = pixel >> 8 & 255;
		*rgb++ = pixel & 255;
	}
}

static bool given_up(struct encoding *encoding)
{
	if (!encoding->give_up->asked(encoding->give_up->context))
		return false;
	encoding->error = -ECANCELED;
	return true;
}

/* ---- PNG ---- */

static void png_on_write(png_structp png, png_bytep bytes, png_size_t size)
{
	struct encoding *encoding = png_get_io_ptr(png);

	encoding->error = buf_add(encoding->file, bytes, size);
	if (encoding->error != 0)
		png_error(png, "no room");
}

static void png_on_flush(png_structp png)
{
}

static void png_on_error(png_structp png, png_const_charp message)
{
	png_longjmp(png, 1);
}

static void png_on_warning(png_structp png, png_const_charp message)
{
}

static int png_rows_write(struct encoding *encoding, png_structp png, png_infop info)
{
	if (setjmp(png_jmpbuf(png)))
		return encoding->error ? encoding->error : -EIO;
	png_set_write_fn(png, encoding, png_on_write, png_on_flush);
	png_set_IHDR(png, info, (png_uint_32)encoding->width, (png_uint_32)encoding->height, 8,
	        PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
	        PNG_FILTER_TYPE_DEFAULT);
	png_set_compression_level(png, 1);
	png_set_filter(png, 0, PNG_FILTER_UP);
	png_write_info(png, info);
	for (int y = 0; y < encoding->height; y++) {
		if (y % 64 == 0 && given_up(encoding))
			return encoding->error;
		row_convert(encoding, y, encoding->row);
		png_write_row(png, encoding->row);
	}
	png_write_end(png, info);
	return 0;
}

int encode_png(cairo_surface_t *surface, const struct give_up *give_up, struct buf *file)
{
	CLEANUP(encoding_done) struct encoding encoding;
	int r = encoding_init(&encoding, surface, give_up, file);
	png_structp png = NULL;
	png_infop info = NULL;

	if (r != 0)
		return r;
	png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, png_on_error, png_on_warning);
	if (png)
		info = png_create_info_struct(png);
	r = info ? png_rows_write(&encoding, png, info) : -ENOMEM;
	png_destroy_write_struct(&png, &info);
	return r;
}

/* ---- JPEG ---- */

struct jpeg_errors {
	struct jpeg_error_mgr manager; /* first, so that the library's pointer is ours */
	jmp_buf jump;
};

static void jpeg_on_error(j_common_ptr common)
{
	longjmp(((struct jpeg_errors *)(void *)common->err)->jump, 1);
}

static void jpeg_on_message(j_common_ptr common)
{
}

struct jpeg {
	struct jpeg_compress_struct compress;
	struct jpeg_errors errors;
	unsigned char *bytes;
	unsigned long size;
};

static int jpeg_rows_write(struct encoding *encoding, struct jpeg *jpeg)
{
	if (setjmp(jpeg->errors.jump))
		return -EIO;
	jpeg_create_compress(&jpeg->compress);
	jpeg_mem_dest(&jpeg->compress, &jpeg->bytes, &jpeg->size);
	jpeg->compress.image_width = (JDIMENSION)encoding->width;
	jpeg->compress.image_height = (JDIMENSION)encoding->height;
	jpeg->compress.input_components = 3;
	jpeg->compress.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg->compress);
	jpeg_set_quality(&jpeg->compress, 90, TRUE);
	jpeg_start_compress(&jpeg->compress, TRUE);
	for (int y = 0; y < encoding->height; y++) {
		JSAMPROW rows[1] = {encoding->row};

		if (y % 64 == 0 && given_up(encoding))
			return encoding->error;
		row_convert(encoding, y, encoding->row);
		jpeg_write_scanlines(&jpeg->compress, rows, 1);
	}
	jpeg_finish_compress(&jpeg->compress);
	return 0;
}

int encode_jpeg(cairo_surface_t *surface, const struct give_up *give_up, struct buf *file)
{
	CLEANUP(encoding_done) struct encoding encoding;
	struct jpeg jpeg = {.bytes = NULL};
	int r = encoding_init(&encoding, surface, give_up, file);

	if (r != 0)
		return r;
	jpeg.compress.err = jpeg_std_error(&jpeg.errors.manager);
	jpeg.errors.manager.error_exit = jpeg_on_error;
	jpeg.errors.manager.output_message = jpeg_on_message;
	r = jpeg_rows_write(&encoding, &jpeg);
	if (r == 0)
		r = buf_add(file, jpeg.bytes, jpeg.size);
	jpeg_destroy_compress(&jpeg.compress);
	free(jpeg.bytes);
	return r;
}

/* ---- WebP ---- */

static int webp_on_write(const uint8_t *bytes, size_t size, const WebPPicture *picture)
{
	struct encoding *encoding = picture->custom_ptr;

	encoding->error = buf_add(encoding->file, bytes, size);
	return encoding->error == 0;
}

static int webp_on_progress(int percent, const WebPPicture *picture)
{
	return !given_up(picture->user_data);
}

static int webp_write(struct encoding *encoding, const unsigned char *rgb, WebPPicture *picture)
{
	WebPConfig config;

	if (!WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, 82))
		return -EIO;
	config.method = 1; /* quick */
	picture->width = encoding->width;
	picture->height = encoding->height;
	picture->writer = webp_on_write;
	picture->custom_ptr = encoding;
	picture->progress_hook = webp_on_progress;
	picture->user_data = encoding;
	if (!WebPPictureImportRGB(picture, rgb, encoding->width * 3))
		return -ENOMEM;
	if (!WebPEncode(&config, picture))
		return encoding->error ? encoding->error : -EIO;
	return 0;
}

int encode_webp(cairo_surface_t *surface, const struct give_up *give_up, struct buf *file)
{
	CLEANUP(encoding_done) struct encoding encoding;
	CLEANUP(free_p) unsigned char *rgb = NULL;
	WebPPicture picture;
	int r = encoding_init(&encoding, surface, give_up, file);

	if (r != 0)
		return r;
	if (!WebPPictureInit(&picture))
		return -EIO;
	rgb = malloc((size_t)encoding.width * 3 * (size_t)encoding.height);
	if (!rgb)
		return -ENOMEM;
	for (int y = 0; y < encoding.height; y++)
		row_convert(&encoding, y, rgb + (size_t)y * (size_t)encoding.width * 3);
	r = webp_write(&encoding, rgb, &picture);
	WebPPictureFree(&picture);
	return r;
}
