/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "paint.h"

/* ---- mountains ---- */

#define RIDGE_POINTS 257

/* A jagged line from 0 to 1 by halving again and again. */
static void ridge_make(struct dice *dice, double roughness, double line[static RIDGE_POINTS])
{
	double low = INFINITY, high = -INFINITY, swing = 1;

	memset(line, 0, RIDGE_POINTS * sizeof(*line));
	line[0] = dice_unit(dice);
	line[RIDGE_POINTS - 1] = dice_unit(dice);
	for (int step = RIDGE_POINTS - 1; step > 1; step /= 2, swing *= roughness)
		for (int i = 0; i + step < RIDGE_POINTS; i += step)
			line[i + step / 2] = (line[i] + line[i + step]) / 2 +
			                     dice_between(dice, -0.5, 0.5) * swing;
	for (int i = 0; i < RIDGE_POINTS; i++) {
		low = fmin(low, line[i]);
		high = fmax(high, line[i]);
	}
	for (int i = 0; i < RIDGE_POINTS; i++)
		line[i] = (line[i] - low) / (high - low + 1e-9);
}

struct range {
	double base, height;
	double line[RIDGE_POINTS];
};

static double range_x(const struct canvas *canvas, int i)
{
	return canvas->width * (1.02 * i / (RIDGE_POINTS - 1) - 0.01);
}

static double range_y(const struct range *range, int i)
{
	return range->base - range->height * range->line[i];
}

static void range_path(const struct canvas *canvas, const struct range *range)
{
	cairo_move_to(canvas->cairo, range_x(canvas, 0), canvas->height);
	for (int i = 0; i < RIDGE_POINTS; i++)
		cairo_line_to(canvas->cairo, range_x(canvas, i), range_y(range, i));
	cairo_line_to(canvas->cairo, range_x(canvas, RIDGE_POINTS - 1), canvas->height);
	cairo_close_path(canvas->cairo);
}

/* The slopes away from the light: from each summit down a crooked spur. */
static void range_shade(const struct canvas *canvas, const struct range *range, struct dice *dice)
{
	int reach = 9;
	double side = canvas->scene->light_x < 0.5 ? 1 : -1;

	for (int i = reach; i < RIDGE_POINTS - reach; i++) {
		bool summit = range->line[i] > 0.3;
		double x = range_x(canvas, i), y = range_y(range, i);
		double drop = (range->base - y) * dice_between(dice, 0.75, 1.05);

		for (int k = -reach; k <= reach; k++)
			summit = summit && (k == 0 || range->line[i + k] < range->line[i]);
		if (!summit)
			continue;
		cairo_move_to(canvas->cairo, x, y);
		for (int k = 1; k <= 6; k++)
			cairo_line_to(canvas->cairo,
			        x + side * drop * (0.06 * k + dice_between(dice, -0.07, 0.05)),
			        y + drop * k / 6);
		cairo_line_to(canvas->cairo, x + side * drop * 1.7, y + drop);
		cairo_close_path(canvas->cairo);
	}
	paint_source_fade(canvas, range->base - range->height, canvas->scene->palette.sky_top, 0.38,
	        range->base, canvas->scene->palette.sky_top, 0);
	cairo_fill(canvas->cairo);
}

/* The snow line: teeth of uneven width, deeper where the ridge is higher. */
static void range_snow(const struct canvas *canvas, const struct range *range, struct dice *dice)
{
	double from = 0.4, to = 0.7, begin = canvas->width * 1.02, width = canvas->unit * 0.02;
	bool deep = true;

	cairo_move_to(canvas->cairo, range_x(canvas, 0), range_y(range, 0));
	for (int i = 1; i < RIDGE_POINTS; i++)
		cairo_line_to(canvas->cairo, range_x(canvas, i), range_y(range, i));
	for (int i = RIDGE_POINTS - 1; i >= 0; i--) {
		double above = fmax(0, range->line[i] - 0.42), x = range_x(canvas, i);
		double along = fmin((begin - x) / width, 1);

		cairo_line_to(canvas->cairo, x,
		        range_y(range, i) + range->height * above * (from + (to - from) * along));
		if (along < 1)
			continue;
		deep = !deep;
		begin = x;
		from = to;
		to = deep ? dice_between(dice, 0.50, 0.85) : dice_between(dice, 0.20, 0.50);
		width = canvas->unit * dice_between(dice, 0.008, 0.034);
	}
	cairo_close_path(canvas->cairo);
	paint_source(canvas,
	        color_mix((struct color){1, 1, 1}, canvas->scene->palette.sky_low, 0.25), 0.92);
	cairo_fill(canvas->cairo);
}

static void paint_range(
        const struct canvas *canvas, double base, double height, double nearness, const char *part)
{
	const struct palette *palette = &canvas->scene->palette;
	struct dice dice = dice_fork(&canvas->scene->dice, part);
	struct color top = color_mix(palette->sky_middle, palette->tree, 0.28 + 0.30 * nearness);
	struct range range = {.base = base, .height = height};

	ridge_make(&dice, 0.52, range.line);
	range_path(canvas, &range);
	paint_source_fade(
	        canvas, base - height, top, 1, base, color_mix(top, palette->sky_low, 0.75), 1);
	cairo_fill(canvas->cairo);
	if (nearness < 0.5)
		return;
	cairo_save(canvas->cairo);
	range_path(canvas, &range);
	cairo_clip(canvas->cairo);
	range_snow(canvas, &range, &dice);
	range_shade(canvas, &range, &dice);
	cairo_restore(canvas->cairo);
}

void paint_mountains(const struct canvas *canvas)
{
	double base = canvas->height * (canvas->scene->horizon + 0.03);

	if (!canvas->scene->mountains)
		return;
	paint_range(canvas, base, canvas->unit * 0.24, 0, "range 1");
	paint_range(canvas, base, canvas->unit * 0.36, 1, "range 2");
}

/* ---- trees ---- */

static void pine_path(cairo_t *cairo, struct dice *dice, double x, double y, double size)
{
	int tiers = 4;

	cairo_rectangle(cairo, x - size * 0.025, y - size * 0.15, size * 0.05, size * 0.17);
	for (int i = 0; i < tiers; i++) {
		double low = y - size * (0.10 + 0.20 * i), high = low - size * 0.34;
		double half = size * (0.22 - 0.042 * i) * dice_between(dice, 0.9, 1.1);

		cairo_move_to(cairo, x - half, low);
		cairo_line_to(cairo, x, high);
		cairo_line_to(cairo, x + half, low);
		cairo_curve_to(cairo, x + half * 0.4, low - size * 0.04, x - half * 0.4,
		        low - size * 0.04, x - half, low);
	}
}

static void leafy_path(cairo_t *cairo, struct dice *dice, double x, double y, double size)
{
	cairo_rectangle(cairo, x - size * 0.03, y - size * 0.4, size * 0.06, size * 0.42);
	for (int i = 0; i < 7; i++) {
		double angle = i * 2 * M_PI / 7;
		double radius = size * dice_between(dice, 0.13, 0.2);

		cairo_new_sub_path(cairo);
		cairo_arc(cairo, x + cos(angle) * size * 0.17,
		        y - size * 0.62 + sin(angle) * size * 0.19, radius, 0, 2 * M_PI);
	}
	cairo_new_sub_path(cairo);
	cairo_arc(cairo, x, y - size * 0.62, size * 0.2, 0, 2 * M_PI);
}

/* ---- hills ---- */

/* A soft line: a sum of waves, from -1 to 1. */
struct swell {
	double phase[4], length[4], weight[4];
};

static struct swell swell_make(struct dice *dice, double longest)
{
	struct swell swell;

	for (int i = 0; i < 4; i++) {
		swell.phase[i] = dice_unit(dice) * 2 * M_PI;
		swell.length[i] = longest / (1 + 1.15 * i) * dice_between(dice, 0.8, 1.25);
		swell.weight[i] = 0.55 / (1 + 1.4 * i);
	}
	return swell;
}

static double swell_at(const struct swell *swell, double x)
{
	double sum = 0;

	for (int i = 0; i < 4; i++)
		sum += swell->weight[i] * sin(x / swell->length[i] * 2 * M_PI + swell->phase[i]);
	return sum;
}

struct hill {
	struct swell swell;
	double base, height;
	double nearness; /* 0 at the horizon, 1 in the foreground */
};

static double hill_y(const struct canvas *canvas, const struct hill *hill, double x)
{
	return hill->base + hill->height * swell_at(&hill->swell, x / canvas->unit);
}

static void hill_path(const struct canvas *canvas, const struct hill *hill)
{
	double step = fmax(1, canvas->unit / 180);

	cairo_move_to(canvas->cairo, -step, canvas->height);
	for (double x = -step; x < canvas->width + 2 * step; x += step)
		cairo_line_to(canvas->cairo, x, hill_y(canvas, hill, x));
	cairo_line_to(canvas->cairo, canvas->width + 2 * step, canvas->height);
	cairo_close_path(canvas->cairo);
}

static void paint_trees(const struct canvas *canvas, const struct hill *hill, struct dice *dice)
{
	const struct palette *palette = &canvas->scene->palette;
	double size = canvas->unit * (0.022 + 0.13 * hill->nearness * hill->nearness);
	struct color color = color_mix(color_mix(palette->far, palette->sky_low, 0.2),
	        palette->tree, 0.25 + 0.75 * hill->nearness);

	for (double x = -size; x < canvas->width + size;
	        x += size * dice_between(dice, 0.16, 0.46)) {
		/* Groves and clearings: a second wave says how dense it is. */
		double density = swell_at(&hill->swell, (x + 3000) / canvas->unit * 1.7) + 0.25;
		double tall = size * dice_between(dice, 0.55, 1.15);

		if (dice_unit(dice) > density + 0.35)
			continue;
		if (canvas->scene->pines)
			pine_path(
			        canvas->cairo, dice, x, hill_y(canvas, hill, x) + tall * 0.1, tall);
		else
			leafy_path(canvas->cairo, dice, x, hill_y(canvas, hill, x) + tall * 0.1,
			        tall * 0.8);
	}
	paint_source(canvas, color, 1);
	cairo_fill(canvas->cairo);
}

/* A hamlet of gabled houses with light in their windows. */
static void paint_hamlet(const struct canvas *canvas, const struct hill *hill, struct dice *dice)
{
	cairo_t *cairo = canvas->cairo;
	const struct palette *palette = &canvas->scene->palette;
	double middle = canvas->width * (canvas->scene->light_x > 0.5 ? 0.30 : 0.70);
	double size = canvas->unit * (0.018 + 0.045 * hill->nearness);
	struct color wall =
	        color_mix(color_mix(palette->sky_low, palette->far, 0.35), palette->tree, 0.3);
	struct color roof =
	        color_mix(canvas->scene->snowfall ? (struct color){0.95, 0.97, 1} : palette->tree,
	                palette->far, 0.15);

	for (int i = 0; i < 6; i++) {
		double x = middle + size * 1.9 * (i - 2.5 + dice_between(dice, -0.3, 0.3));
		double wide = size * dice_between(dice, 0.9, 1.3), high = wide * 0.62;
		double y = hill_y(canvas, hill, x + wide / 2) + size * 0.2;

		cairo_rectangle(cairo, x, y - high, wide, high * 1.3);
		paint_source(canvas, wall, 1);
		cairo_fill(cairo);
		cairo_rectangle(cairo, x + wide * 0.72, y - high * 1.75, wide * 0.10, high * 0.5);
		cairo_move_to(cairo, x - wide * 0.12, y - high);
		cairo_line_to(cairo, x + wide * 0.5, y - high * 1.8);
		cairo_line_to(cairo, x + wide * 1.12, y - high);
		cairo_close_path(cairo);
		paint_source(canvas, roof, 1);
		cairo_fill(cairo);
		cairo_rectangle(cairo, x + wide * 0.18, y - high * 0.72, wide * 0.20, high * 0.34);
		cairo_rectangle(cairo, x + wide * 0.60, y - high * 0.72, wide * 0.20, high * 0.34);
		paint_source(canvas, (struct color){1, 0.83, 0.46}, 0.95);
		cairo_fill(cairo);
	}
}

static void paint_flowers(const struct canvas *canvas, const struct hill *hill, struct dice *dice)
{
	const struct color tints[] = {{0.95, 0.32, 0.38}, {1, 0.85, 0.35}, {0.98, 0.97, 0.95},
	        {0.72, 0.45, 0.90}, {1, 0.60, 0.72}};
	int count = (int)(520 * canvas->width / canvas->unit);

	for (int i = 0; i < count; i++) {
		double x = dice_unit(dice) * canvas->width;
		double down = dice_unit(dice);
		double y = hill_y(canvas, hill, x) + down * canvas->unit * 0.20;
		double size = canvas->unit * (0.0016 + 0.0042 * hill->nearness * (0.4 + down));

		paint_source(canvas, tints[(size_t)(dice_unit(dice) * ARRAY_SIZE(tints))], 0.9);
		cairo_arc(canvas->cairo, x, y, size, 0, 2 * M_PI);
		cairo_fill(canvas->cairo);
	}
}

static void paint_hill(const struct canvas *canvas, const struct hill *hill, struct dice *dice)
{
	const struct palette *palette = &canvas->scene->palette;
	struct color crest = color_mix(palette->far, palette->near, hill->nearness);
	struct color foot = color_mix(crest, palette->sky_low, 0.30 * (1 - hill->nearness));
	struct color lit = color_mix(crest, palette->light, 0.10);

	if (canvas->scene->trees && hill->nearness > 0.15 && hill->nearness < 0.95)
		paint_trees(canvas, hill, dice);
	if (canvas->scene->houses && hill->nearness > 0.35 && hill->nearness < 0.45)
		paint_hamlet(canvas, hill, dice);
	hill_path(canvas, hill);
	paint_source_fade(canvas, hill->base - hill->height, lit, 1,
	        hill->base + canvas->unit * 0.24, hill->nearness > 0.9 ? palette->near : foot, 1);
	cairo_fill(canvas->cairo);
	if (canvas->scene->flowers && hill->nearness > 0.4)
		paint_flowers(canvas, hill, dice);
	if (canvas->scene->fog) {
		double top = hill->base + canvas->unit * 0.01;

		cairo_rectangle(canvas->cairo, 0, top, canvas->width, canvas->unit * 0.20);
		paint_source_fade(canvas, top, palette->sky_low, 0, top + canvas->unit * 0.10,
		        palette->sky_low, 0.45 * (1 - hill->nearness));
		cairo_fill(canvas->cairo);
	}
}

void paint_hills(const struct canvas *canvas)
{
	int count = 6;
	double top = canvas->height * canvas->scene->horizon;

	for (int i = 0; i < count; i++) {
		struct dice dice = dice_fork(&canvas->scene->dice, "hill");
		double nearness = i / (count - 1.0);
		struct hill hill = {
		        .base = top + (canvas->height * 0.93 - top) * pow(nearness, 1.25),
		        .height = canvas->unit * (0.022 + 0.055 * nearness),
		        .nearness = nearness,
		};

		dice.state += (uint64_t)i * 7919;
		hill.swell = swell_make(&dice, 0.55 + 0.75 * nearness);
		paint_hill(canvas, &hill, &dice);
	}
}

/* ---- dunes ---- */

static void paint_dune(
        const struct canvas *canvas, double crest_x, double crest_y, double reach, double nearness)
{
	const struct palette *palette = &canvas->scene->palette;
	cairo_t *cairo = canvas->cairo;
	double side = canvas->scene->light_x < 0.5 ? -1 : 1;
	struct color lit = color_mix(
	        color_mix(palette->far, palette->near, nearness * 0.75), palette->light, 0.14);
	struct color dark = color_mix(palette->far, palette->near, 0.35 + 0.65 * nearness);

	cairo_move_to(cairo, crest_x - reach * 2.4, canvas->height + 1);
	cairo_line_to(cairo, crest_x - reach * 2.4, crest_y + reach * 0.5);
	cairo_curve_to(cairo, crest_x - reach, crest_y + reach * 0.42, crest_x - reach * 0.5,
	        crest_y + reach * 0.03, crest_x, crest_y);
	cairo_curve_to(cairo, crest_x + reach * 0.5, crest_y + reach * 0.03, crest_x + reach,
	        crest_y + reach * 0.42, crest_x + reach * 2.4, crest_y + reach * 0.5);
	cairo_line_to(cairo, crest_x + reach * 2.4, canvas->height + 1);
	cairo_close_path(cairo);
	paint_source_fade(canvas, crest_y, lit, 1, crest_y + reach * 0.9,
	        color_mix(lit, palette->near, 0.45 * nearness), 1);
	cairo_fill(cairo);
	/* The slip face, away from the light, under a crest that winds towards us. */
	cairo_move_to(cairo, crest_x, crest_y);
	cairo_curve_to(cairo, crest_x + side * reach * -0.5, crest_y + reach * 0.03,
	        crest_x - side * reach, crest_y + reach * 0.42, crest_x - side * reach * 2.4,
	        crest_y + reach * 0.5);
	cairo_line_to(cairo, crest_x - side * reach * 2.4, crest_y + reach);
	cairo_curve_to(cairo, crest_x - side * reach * 0.3, crest_y + reach * 0.9,
	        crest_x + side * reach * 0.45, crest_y + reach * 0.35, crest_x, crest_y);
	paint_source_fade(canvas, crest_y, dark, 0.75, crest_y + reach, dark, 0.10);
	cairo_fill(cairo);
}

void paint_dunes(const struct canvas *canvas)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "dunes");
	double top = canvas->height * canvas->scene->horizon;
	int rows = 5;

	for (int row = 0; row < rows; row++) {
		double nearness = row / (rows - 1.0);
		double reach = canvas->unit * (0.16 + 0.42 * nearness);
		double y = top + (canvas->height * 0.80 - top) * pow(nearness, 1.3);

		for (double x = -reach * dice_unit(&dice); x < canvas->width + reach;
		        x += reach * dice_between(&dice, 1.2, 2.2))
			paint_dune(canvas, x, y + reach * dice_between(&dice, -0.12, 0.12),
			        reach * dice_between(&dice, 0.8, 1.2), nearness);
	}
}
