/* SPDX-License-Identifier: MIT */
/* Pictures that go in, as they show in what comes out.  One that is not here, or that cannot be
 * drawn, is a sheet of paper with its address on it.
 */
#include <math.h>

#include "decode.h"
#include "paint.h"

#define CHECKS 24

struct box {
	double x, y, width, height;
};

static void surface_destroy_p(cairo_surface_t **surface)
{
	if (*surface)
		cairo_surface_destroy(*surface);
}

/* NULL in *ret_surface where there is nothing to draw.  -ENOMEM. */
static int reference_open(const struct reference *reference, cairo_surface_t **ret_surface)
{
	CLEANUP(blob_unref_p)
	struct blob *blob = reference->upload ? upload_blob(reference->upload) : NULL;
	int r = blob ? decode(blob->bytes, blob->size, ret_surface) : -EINVAL;

	return r == -EINVAL ? 0 : r;
}

/* The largest box of this shape in the middle of the other. */
static struct box box_fit(const struct box *around, double width, double height)
{
	double scale = fmin(around->width / width, around->height / height);
	struct box box = {.width = width * scale, .height = height * scale};

	box.x = around->x + (around->width - box.width) / 2;
	box.y = around->y + (around->height - box.height) / 2;
	return box;
}

static void box_path(cairo_t *cairo, const struct box *box)
{
	cairo_rectangle(cairo, box->x, box->y, box->width, box->height);
}

/* Fills the path with the surface, the whole of which is as large as the box. */
static void surface_fill(cairo_t *cairo, cairo_surface_t *surface, const struct box *box)
{
	cairo_pattern_t *pattern = cairo_pattern_create_for_surface(surface);
	double across = cairo_image_surface_get_width(surface) / box->width;
	double down = cairo_image_surface_get_height(surface) / box->height;
	cairo_matrix_t matrix;

	cairo_matrix_init(&matrix, across, 0, 0, down, -box->x * across, -box->y * down);
	cairo_pattern_set_matrix(pattern, &matrix);
	cairo_pattern_set_filter(pattern, CAIRO_FILTER_GOOD);
	cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD);
	cairo_set_source(cairo, pattern);
	cairo_fill(cairo);
	cairo_pattern_destroy(pattern);
}

/* A sheet of paper with the address. */
static int paint_paper(
        const struct canvas *canvas, const struct box *box, const struct reference *reference)
{
	cairo_new_path(canvas->cairo);
	box_path(canvas->cairo, box);
	paint_source(canvas, (struct color){0.96, 0.95, 0.9}, 1);
	cairo_fill(canvas->cairo);
	return paint_note(canvas, reference->label, box->x, box->y, box->width, box->height);
}

/* The ground that is seen where a picture is transparent. */
static void paint_checks(const struct canvas *canvas, const struct box *box)
{
	cairo_t *cairo = canvas->cairo;
	double side = fmax(canvas->unit / CHECKS, 1);

	cairo_save(cairo);
	cairo_new_path(cairo);
	box_path(cairo, box);
	cairo_clip(cairo);
	paint_source(canvas, (struct color){1, 1, 1}, 1);
	cairo_paint(cairo);
	for (int row = 0; row * side < box->height; row++)
		for (int column = row % 2; column * side < box->width; column += 2)
			cairo_rectangle(
			        cairo, box->x + column * side, box->y + row * side, side, side);
	paint_source(canvas, (struct color){0.8, 0.8, 0.8}, 1);
	cairo_fill(cairo);
	cairo_restore(cairo);
}

/* ---- hung up in a scene ---- */

static void paint_frame(const struct canvas *canvas, const struct box *box)
{
	double border = canvas->unit * 0.008, shadow = canvas->unit * 0.006;
	const struct box outer = {box->x - border, box->y - border, box->width + 2 * border,
	        box->height + 2 * border};
	const struct box below = {outer.x + shadow, outer.y + shadow, outer.width, outer.height};

	cairo_new_path(canvas->cairo);
	box_path(canvas->cairo, &below);
	paint_source(canvas, (struct color){0, 0, 0}, 0.35);
	cairo_fill(canvas->cairo);
	box_path(canvas->cairo, &outer);
	paint_source(canvas, (struct color){1, 1, 1}, 1);
	cairo_fill(canvas->cairo);
}

static int paint_hung(
        const struct canvas *canvas, const struct box *place, const struct reference *reference)
{
	CLEANUP(surface_destroy_p) cairo_surface_t *surface = NULL;
	int r = reference_open(reference, &surface);
	struct box box;

	if (r != 0)
		return r;
	box = surface ? box_fit(place, cairo_image_surface_get_width(surface),
	                        cairo_image_surface_get_height(surface))
	              : box_fit(place, 4, 3);
	paint_frame(canvas, &box);
	if (!surface)
		return paint_paper(canvas, &box, reference);
	paint_checks(canvas, &box);
	cairo_new_path(canvas->cairo);
	box_path(canvas->cairo, &box);
	surface_fill(canvas->cairo, surface, &box);
	return 0;
}

int paint_references(const struct canvas *canvas, const struct picture_spec *spec)
{
	int count = (int)spec->reference_count, r = 0;
	double margin = canvas->unit * 0.04;
	struct box wall = {margin, margin, canvas->width - 2 * margin, canvas->height * 0.62};
	int columns = (int)ceil(sqrt(count * wall.width / wall.height)), rows;

	columns = columns < 1 ? 1 : columns > count ? count : columns;
	rows = columns ? (count + columns - 1) / columns : 0;
	for (int i = 0; r == 0 && i < count; i++) {
		struct box place = {.width = wall.width / columns, .height = wall.height / rows};

		place.x = wall.x + place.width * (i % columns) + margin / 2;
		place.y = wall.y + place.height * (i / columns) + margin / 2;
		place.width = fmax(place.width - margin, 1);
		place.height = fmax(place.height - margin, 1);
		r = paint_hung(canvas, &place, &spec->references[i]);
	}
	return r;
}

/* ---- one picture alone ---- */

/* The part of the picture that the kind and the number of it leave. */
static void part_path(
        const struct canvas *canvas, const struct picture_spec *spec, const struct box *whole)
{
	cairo_t *cairo = canvas->cairo;
	struct box strip = *whole;

	cairo_new_path(cairo);
	if (spec->kind == PICTURE_CUTOUT) {
		cairo_save(cairo);
		cairo_translate(cairo, whole->x + whole->width / 2, whole->y + whole->height / 2);
		cairo_scale(cairo, whole->width * 0.45, whole->height * 0.45);
		cairo_arc(cairo, 0, 0, 1, 0, 2 * M_PI);
		cairo_restore(cairo);
		return;
	}
	if (spec->kind == PICTURE_LAYERS && spec->index > 1) {
		int strips = spec->count > 1 ? spec->count - 1 : 1;

		strip.width = whole->width / strips;
		strip.x = whole->x + strip.width * (spec->index - 2);
	}
	box_path(cairo, &strip);
}

int paint_alone(const struct canvas *canvas, const struct picture_spec *spec)
{
	static const struct reference none = {"no picture", NULL};
	const struct reference *reference = spec->reference_count ? spec->references : &none;
	CLEANUP(surface_destroy_p) cairo_surface_t *surface = NULL;
	struct box whole = {0, 0, canvas->width, canvas->height};
	int r = reference_open(reference, &surface);

	if (r != 0)
		return r;
	if (spec->kind == PICTURE_REFRAME && surface)
		whole = box_fit(&whole, cairo_image_surface_get_width(surface),
		        cairo_image_surface_get_height(surface));
	if (!surface)
		return paint_paper(canvas, &whole, reference);
	paint_checks(canvas, &whole);
	part_path(canvas, spec, &whole);
	surface_fill(canvas->cairo, surface, &whole);
	return 0;
}
