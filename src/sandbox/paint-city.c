/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "paint.h"

struct house {
	double x, y, width, height; /* x, y: the left end of the ground line */
};

static void roof_path(const struct canvas *canvas, struct dice *dice, const struct house *house)
{
	cairo_t *cairo = canvas->cairo;
	double top = house->y - house->height, middle = house->x + house->width / 2;
	double kind = dice_unit(dice);

	if (kind < 0.18) { /* a spire */
		cairo_move_to(cairo, house->x, top + 1);
		cairo_line_to(cairo, middle, top - house->width * dice_between(dice, 0.4, 1.0));
		cairo_line_to(cairo, house->x + house->width, top + 1);
		cairo_close_path(cairo);
	} else if (kind < 0.45) { /* a set-back and a mast */
		double high = house->width * dice_between(dice, 0.15, 0.35);

		cairo_rectangle(cairo, house->x + house->width * 0.2, top - high,
		        house->width * 0.6, high + 1);
		cairo_rectangle(cairo, middle - house->width * 0.015,
		        top - high - house->width * 0.7, house->width * 0.03,
		        house->width * 0.7 + 1);
	} else if (kind < 0.65) { /* a slanted top */
		cairo_move_to(cairo, house->x, top + 1);
		cairo_line_to(cairo, house->x + house->width, top - house->width * 0.35);
		cairo_line_to(cairo, house->x + house->width, top + 1);
		cairo_close_path(cairo);
	}
}

static void windows_path(
        const struct canvas *canvas, struct dice *dice, const struct house *house, int lit_percent)
{
	double cell = canvas->unit * 0.0155;
	int across = (int)(house->width / cell) - 1, down = (int)(house->height / cell / 1.3) - 1;
	double margin = (house->width - across * cell) / 2;

	for (int row = 0; row < down; row++)
		for (int column = 0; column < across; column++)
			if (dice_percent(dice, lit_percent))
				cairo_rectangle(canvas->cairo,
				        house->x + margin + (column + 0.22) * cell,
				        house->y - house->height + (row + 0.7) * cell * 1.3,
				        cell * 0.52, cell * 0.72);
}

/* One row of houses, all in one colour, then all their lit windows. */
static void paint_row(const struct canvas *canvas, double ground, double nearness)
{
	const struct palette *palette = &canvas->scene->palette;
	struct dice dice = dice_fork(&canvas->scene->dice, "houses"), again;
	bool dark = canvas->scene->stars || canvas->scene->mood == MOOD_DUSK ||
	            canvas->scene->mood == MOOD_STORM;
	double wide = canvas->unit * (0.055 + 0.065 * nearness);
	struct color wall = color_mix(color_mix(palette->sky_middle, palette->sky_low, 0.3),
	        palette->tree, 0.20 + 0.72 * nearness);
	struct color lamp = dark ? (struct color){1, 0.84, 0.50}
	                         : color_mix(palette->sky_low, (struct color){1, 1, 1}, 0.4);

	dice.state += (uint64_t)(nearness * 1000) * 31337;
	again = dice;
	for (int pass = 0; pass < 2; pass++) {
		struct dice windows = dice_fork(&again, "windows");

		dice = again;
		for (double x = -wide * dice_unit(&dice); x < canvas->width;) {
			double near_middle = 1 - fabs(x / canvas->width - 0.5);
			struct house house = {x, ground, wide * dice_between(&dice, 0.6, 1.5), 0};

			house.height = canvas->unit * (0.30 - 0.13 * nearness) *
			               dice_between(&dice, 0.45, 1.25) * (0.45 + near_middle);
			if (pass == 0) {
				cairo_rectangle(canvas->cairo, x, ground - house.height,
				        house.width, canvas->height - ground + house.height);
				roof_path(canvas, &windows, &house);
			} else {
				windows_path(canvas, &windows, &house, dark ? 42 : 60);
			}
			x += house.width * dice_between(&dice, 0.96, 1.25);
		}
		if (pass == 0)
			paint_source_fade(canvas, ground - canvas->unit * 0.3, wall, 1, ground,
			        color_mix(wall, palette->sky_low, 0.28 * (1 - nearness)), 1);
		else
			paint_source(canvas, lamp, (dark ? 0.85 : 0.30) * (0.35 + 0.65 * nearness));
		cairo_fill(canvas->cairo);
	}
}

/* A wet quay in front, where the lights stretch downwards. */
static void paint_quay(const struct canvas *canvas, double top)
{
	const struct palette *palette = &canvas->scene->palette;
	struct dice dice = dice_fork(&canvas->scene->dice, "quay");
	bool dark = canvas->scene->stars || canvas->scene->mood == MOOD_DUSK;
	struct color ground = color_mix(palette->near, palette->tree, 0.4);

	cairo_rectangle(canvas->cairo, 0, top, canvas->width, canvas->height - top);
	paint_source_fade(canvas, top, color_mix(ground, palette->sky_middle, 0.40), 1,
	        canvas->height, ground, 1);
	cairo_fill(canvas->cairo);
	for (int i = 0; i < 130; i++) {
		double x = dice_unit(&dice) * canvas->width;
		double y = top + (canvas->height - top) * pow(dice_unit(&dice), 1.6) * 0.6;
		double length = canvas->unit * dice_between(&dice, 0.012, 0.075);
		struct color lamp = dark && dice_percent(&dice, 75) ? (struct color){1, 0.80, 0.46}
		                                                    : palette->sky_low;

		cairo_rectangle(canvas->cairo, x, y, canvas->unit * 0.0028, length);
		paint_source_fade(canvas, y, lamp, dark ? 0.42 : 0.20, y + length, lamp, 0);
		cairo_fill(canvas->cairo);
	}
}

void paint_city(const struct canvas *canvas)
{
	double top = canvas->height * (canvas->scene->horizon + 0.06);
	double step = canvas->unit * 0.045;

	paint_row(canvas, top, 0);
	paint_row(canvas, top + step, 0.5);
	paint_row(canvas, top + 2 * step, 1);
	paint_quay(canvas, top + 2 * step);
}
