/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "paint.h"

/* The light's path on the water: short strokes, wider and farther apart towards us. */
static void paint_glitter(const struct canvas *canvas, double horizon)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "glitter");
	double x = canvas->scene->light_x * canvas->width, depth = canvas->height - horizon;

	cairo_set_line_cap(canvas->cairo, CAIRO_LINE_CAP_ROUND);
	for (int i = 0; i < 260; i++) {
		double near = pow(dice_unit(&dice), 1.7);
		double y = horizon + depth * (0.006 + near);
		double spread = canvas->unit * (0.035 + 0.16 * near);
		double length = canvas->unit * (0.006 + 0.055 * near) * dice_between(&dice, 0.4, 1);
		double at = x + spread * (dice_unit(&dice) + dice_unit(&dice) - 1);

		paint_source(canvas, canvas->scene->palette.light,
		        (0.75 - 0.5 * near) * dice_between(&dice, 0.4, 1));
		cairo_set_line_width(canvas->cairo, canvas->unit * (0.0012 + 0.0045 * near));
		cairo_move_to(canvas->cairo, at - length, y);
		cairo_line_to(canvas->cairo, at + length, y);
		cairo_stroke(canvas->cairo);
	}
}

/* One row of waves across the picture, with a lit crest. */
static void paint_wave_row(const struct canvas *canvas, struct dice *dice, double y, double near)
{
	const struct palette *palette = &canvas->scene->palette;
	double length = canvas->unit * (0.035 + 0.20 * near);
	double lift = canvas->unit * (0.0012 + 0.020 * near);
	struct color crest = color_mix(palette->water_far, palette->light, 0.35);

	for (double x = -length * dice_unit(dice); x < canvas->width + length;) {
		double reach = length * dice_between(dice, 0.6, 1.4);
		double high = y - lift * dice_between(dice, 0.6, 1.3);

		cairo_move_to(canvas->cairo, x, y);
		cairo_curve_to(canvas->cairo, x + reach * 0.35, y, x + reach * 0.42, high,
		        x + reach * 0.58, high);
		cairo_curve_to(canvas->cairo, x + reach * 0.72, high, x + reach * 0.80, y,
		        x + reach * 1.15, y);
		cairo_curve_to(canvas->cairo, x + reach * 0.85, y + lift * 0.35, x + reach * 0.7,
		        high + lift * 0.30, x + reach * 0.56, high + lift * 0.30);
		cairo_curve_to(canvas->cairo, x + reach * 0.42, high + lift * 0.35, x + reach * 0.3,
		        y + lift * 0.35, x, y);
		x += reach * dice_between(dice, 1.0, 1.6);
	}
	paint_source(canvas, crest, 0.16 + 0.22 * near);
	cairo_fill(canvas->cairo);
}

/* A headland that runs into the sea from one side. */
static void paint_headland(const struct canvas *canvas, double horizon)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "headland");
	const struct palette *palette = &canvas->scene->palette;
	bool left = canvas->scene->light_x > 0.5;
	double edge = left ? 0 : canvas->width, side = left ? 1 : -1;

	for (int i = 0; i < 3; i++) {
		double reach = canvas->width * dice_between(&dice, 0.20, 0.34) * (1 - 0.22 * i);
		double high = canvas->unit * dice_between(&dice, 0.05, 0.085) * (1 + 0.35 * i);
		double low = horizon + canvas->unit * 0.004 * i;

		cairo_move_to(canvas->cairo, edge - side * 2, low);
		cairo_line_to(canvas->cairo, edge - side * 2, low - high);
		cairo_curve_to(canvas->cairo, edge + side * reach * 0.3, low - high * 1.15,
		        edge + side * reach * 0.45, low - high * 0.35, edge + side * reach * 0.7,
		        low - high * 0.3);
		cairo_curve_to(canvas->cairo, edge + side * reach * 0.85, low - high * 0.25,
		        edge + side * reach * 0.9, low, edge + side * reach, low);
		cairo_close_path(canvas->cairo);
		paint_source(canvas, color_mix(palette->far, palette->tree, 0.25 + 0.28 * i), 1);
		cairo_fill(canvas->cairo);
	}
}

/* The lantern's beam, out to sea. */
static void paint_beam(const struct canvas *canvas, double x, double top, double size)
{
	double reach = canvas->unit * (canvas->scene->light_x > 0.5 ? 0.75 : -0.75);
	cairo_pattern_t *beam = cairo_pattern_create_linear(x, 0, x + reach, 0);

	cairo_pattern_add_color_stop_rgba(beam, 0, 1, 0.93, 0.66, 0.42);
	cairo_pattern_add_color_stop_rgba(beam, 1, 1, 0.93, 0.66, 0);
	cairo_set_source(canvas->cairo, beam);
	cairo_pattern_destroy(beam);
	cairo_move_to(canvas->cairo, x, top + size * 0.10);
	cairo_line_to(canvas->cairo, x + reach, top - size * 0.30);
	cairo_line_to(canvas->cairo, x + reach, top + size * 0.24);
	cairo_close_path(canvas->cairo);
	cairo_fill(canvas->cairo);
}

/* A tower on the headland, lit from the sun's side, with its lantern. */
static void paint_lighthouse(const struct canvas *canvas, double horizon)
{
	cairo_t *cairo = canvas->cairo;
	const struct palette *palette = &canvas->scene->palette;
	bool left = canvas->scene->light_x > 0.5;
	double size = canvas->unit * 0.21;
	double x = left ? canvas->width * 0.085 : canvas->width * 0.915;
	double y = horizon - canvas->unit * 0.045, top = y - size;
	struct color white = color_mix((struct color){0.97, 0.95, 0.93}, palette->sky_low, 0.25);
	struct color red = color_mix((struct color){0.78, 0.20, 0.18}, palette->tree, 0.15);
	struct color lamp = {1, 0.93, 0.66};

	for (int band = 0; band < 5; band++) {
		double low = size * (0.16 * band), high = size * (0.16 * (band + 1));
		double half_low = size * (0.115 - 0.045 * low / size);
		double half_high = size * (0.115 - 0.045 * high / size);

		cairo_move_to(cairo, x - half_low, y - low + (band == 0 ? size * 0.08 : 0));
		cairo_line_to(cairo, x - half_high, y - high - 0.5);
		cairo_line_to(cairo, x + half_high, y - high - 0.5);
		cairo_line_to(cairo, x + half_low, y - low + (band == 0 ? size * 0.08 : 0));
		cairo_close_path(cairo);
		paint_source(canvas, band % 2 ? red : white, 1);
		cairo_fill(cairo);
	}
	cairo_move_to(cairo, left ? x - size * 0.115 : x + size * 0.115, y + size * 0.08);
	cairo_line_to(cairo, left ? x - size * 0.079 : x + size * 0.079, top + size * 0.2);
	cairo_line_to(cairo, x, top + size * 0.2);
	cairo_line_to(cairo, x, y + size * 0.08);
	cairo_close_path(cairo);
	paint_source(canvas, palette->tree, 0.28);
	cairo_fill(cairo);
	cairo_rectangle(cairo, x - size * 0.105, top + size * 0.18, size * 0.21, size * 0.028);
	cairo_rectangle(cairo, x - size * 0.065, top + size * 0.03, size * 0.13, size * 0.15);
	cairo_move_to(cairo, x - size * 0.085, top + size * 0.04);
	cairo_line_to(cairo, x, top - size * 0.06);
	cairo_line_to(cairo, x + size * 0.085, top + size * 0.04);
	cairo_close_path(cairo);
	paint_source(canvas, palette->tree, 1);
	cairo_fill(cairo);
	cairo_rectangle(cairo, x - size * 0.045, top + size * 0.055, size * 0.09, size * 0.11);
	paint_source(canvas, lamp, 1);
	cairo_fill(cairo);
	paint_beam(canvas, x, top, size);
}

static void paint_boat(const struct canvas *canvas, double horizon)
{
	cairo_t *cairo = canvas->cairo;
	const struct palette *palette = &canvas->scene->palette;
	double size = canvas->unit * 0.075;
	double x = canvas->width * (canvas->scene->light_x > 0.5 ? 0.40 : 0.60);
	double y = horizon + (canvas->height - horizon) * 0.14;
	struct color hull = color_mix(palette->tree, palette->near, 0.3);

	cairo_move_to(cairo, x - size * 0.42, y - size * 0.13);
	cairo_line_to(cairo, x + size * 0.46, y - size * 0.15);
	cairo_curve_to(cairo, x + size * 0.36, y, x + size * 0.2, y, x - size * 0.3, y);
	cairo_close_path(cairo);
	paint_source(canvas, hull, 1);
	cairo_fill(cairo);
	cairo_move_to(cairo, x - size * 0.02, y - size * 1.08);
	cairo_curve_to(cairo, x + size * 0.28, y - size * 0.75, x + size * 0.40, y - size * 0.45,
	        x + size * 0.40, y - size * 0.22);
	cairo_line_to(cairo, x - size * 0.02, y - size * 0.20);
	cairo_close_path(cairo);
	cairo_move_to(cairo, x - size * 0.07, y - size * 0.95);
	cairo_curve_to(cairo, x - size * 0.15, y - size * 0.6, x - size * 0.28, y - size * 0.35,
	        x - size * 0.38, y - size * 0.20);
	cairo_line_to(cairo, x - size * 0.07, y - size * 0.20);
	cairo_close_path(cairo);
	paint_source(canvas, color_mix((struct color){1, 1, 1}, palette->sky_low, 0.35), 0.96);
	cairo_fill(cairo);
	/* Its reflection. */
	cairo_move_to(cairo, x - size * 0.34, y);
	cairo_line_to(cairo, x + size * 0.36, y);
	cairo_line_to(cairo, x + size * 0.08, y + size * 0.75);
	cairo_close_path(cairo);
	paint_source_fade(canvas, y, hull, 0.45, y + size * 0.75, hull, 0);
	cairo_fill(cairo);
}

void paint_sea(const struct canvas *canvas)
{
	const struct palette *palette = &canvas->scene->palette;
	struct dice dice = dice_fork(&canvas->scene->dice, "waves");
	double horizon = canvas->height * canvas->scene->horizon;
	double depth = canvas->height - horizon;
	int rows = 22;

	if (canvas->scene->lighthouse)
		paint_lighthouse(canvas, horizon);
	if (!canvas->scene->mountains)
		paint_headland(canvas, horizon + 1);
	cairo_rectangle(canvas->cairo, 0, horizon, canvas->width, depth);
	paint_source_fade(
	        canvas, horizon, palette->water_far, 1, canvas->height, palette->water_near, 1);
	cairo_fill(canvas->cairo);
	if (canvas->scene->mood != MOOD_STORM)
		paint_glitter(canvas, horizon);
	for (int row = 1; row <= rows; row++) {
		double near = pow(row / (double)rows, 1.9);

		if (row == 6 && canvas->scene->boat)
			paint_boat(canvas, horizon);
		paint_wave_row(canvas, &dice, horizon + depth * near, near);
	}
}
