/* SPDX-License-Identifier: MIT */
/* Composes a picture back to front.  Everything about it follows from the spec, by a hash. */
#include <stdio.h>

#include "encode.h"
#include "paint.h"
#include "picture.h"

const char *picture_content_type(enum picture_format format)
{
	switch (format) {
	case PICTURE_PNG:
		return "image/png";
	case PICTURE_JPEG:
		return "image/jpeg";
	case PICTURE_WEBP:
		return "image/webp";
	case PICTURE_FORMATS:
		break;
	}
	return "application/octet-stream";
}

static void paint_ground(const struct canvas *canvas)
{
	switch (canvas->scene->ground) {
	case GROUND_HILLS:
		paint_hills(canvas);
		break;
	case GROUND_SEA:
		paint_sea(canvas);
		break;
	case GROUND_CITY:
		paint_city(canvas);
		break;
	case GROUND_DESERT:
		paint_dunes(canvas);
		break;
	case GROUNDS:
		break;
	}
}

static int scene_paint(const struct canvas *canvas, const struct give_up *give_up)
{
	static void (*const parts[])(const struct canvas *canvas) = {paint_sky, paint_light,
	        paint_clouds, paint_mountains, paint_birds, paint_ground, paint_weather,
	        paint_vignette};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (give_up->asked(give_up->context))
			return -ECANCELED;
		cairo_new_path(canvas->cairo);
		parts[i](canvas);
	}
	return 0;
}

/* The prompt, and a line that says what made the picture. */
static int words_paint(const struct canvas *canvas, const struct picture_spec *spec)
{
	static const char dot[] = " \302\267 ";
	char caption[300];

	snprintf(caption, sizeof(caption), "darkroom sandbox%s%.150s%s%s%s%s", dot, spec->model,
	        *spec->ratio ? dot : "", spec->ratio, *spec->scale ? dot : "", spec->scale);
	return paint_lettering(canvas, spec->prompt, caption);
}

static int picture_paint(
        const struct canvas *canvas, const struct picture_spec *spec, const struct give_up *give_up)
{
	bool has_scene = spec->kind == PICTURE_SCENE || spec->kind == PICTURE_REFRAME;
	int r = has_scene ? scene_paint(canvas, give_up) : 0;

	if (r == 0 && give_up->asked(give_up->context))
		r = -ECANCELED;
	if (r == 0 && spec->kind != PICTURE_SCENE)
		return paint_alone(canvas, spec);
	if (r == 0)
		r = paint_references(canvas, spec);
	return r == 0 ? words_paint(canvas, spec) : r;
}

static uint64_t spec_seed(const struct picture_spec *spec)
{
	uint64_t seed = hash_text(0, spec->model);

	seed = hash_text(seed, spec->ratio);
	if (*spec->seed)
		seed = hash_text(seed, spec->seed);
	return hash_bytes(seed, &spec->index, sizeof(spec->index));
}

static int surface_error(cairo_status_t status)
{
	return status == CAIRO_STATUS_SUCCESS     ? 0
	       : status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM
	                                          : -EIO;
}

static int surface_encode(cairo_surface_t *surface, enum picture_format format,
        const struct give_up *give_up, struct buf *file)
{
	switch (format) {
	case PICTURE_PNG:
		return encode_png(surface, give_up, file);
	case PICTURE_JPEG:
		return encode_jpeg(surface, give_up, file);
	case PICTURE_WEBP:
		return encode_webp(surface, give_up, file);
	case PICTURE_FORMATS:
		break;
	}
	return -EINVAL;
}

int picture_draw(const struct picture_spec *spec, const struct give_up *give_up, struct buf *file)
{
	cairo_surface_t *surface =
	        cairo_image_surface_create(CAIRO_FORMAT_RGB24, spec->width, spec->height);
	cairo_t *cairo = cairo_create(surface);
	struct scene scene;
	struct canvas canvas = {
	        .cairo = cairo, .width = spec->width, .height = spec->height, .scene = &scene};
	int r = surface_error(cairo_status(cairo));

	canvas.unit = spec->width < spec->height ? spec->width : spec->height;
	buf_clear(file);
	file->limit = PICTURE_BYTES_MAX;
	if (r == 0) {
		scene_imagine(spec->prompt, spec_seed(spec), &scene);
		r = picture_paint(&canvas, spec, give_up);
	}
	if (r == 0)
		r = surface_error(cairo_status(cairo));
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	if (r == 0)
		r = surface_encode(surface, spec->format, give_up, file);
	cairo_surface_destroy(surface);
	return r;
}

void picture_thread_done(void)
{
	lettering_thread_done();
}
