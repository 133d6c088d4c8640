/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "paint.h"

void paint_source(const struct canvas *canvas, struct color color, double alpha)
{
	cairo_set_source_rgba(canvas->cairo, color.r, color.g, color.b, alpha);
}

static void stop_add(cairo_pattern_t *pattern, double at, struct color color, double alpha)
{
	cairo_pattern_add_color_stop_rgba(pattern, at, color.r, color.g, color.b, alpha);
}

void paint_source_fade(const struct canvas *canvas, double top, struct color top_color,
        double top_alpha, double bottom, struct color bottom_color, double bottom_alpha)
{
	cairo_pattern_t *fade = cairo_pattern_create_linear(0, top, 0, bottom);

	stop_add(fade, 0, top_color, top_alpha);
	stop_add(fade, 1, bottom_color, bottom_alpha);
	cairo_set_source(canvas->cairo, fade);
	cairo_pattern_destroy(fade);
}

static void paint_stars(const struct canvas *canvas)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "stars");
	double area = canvas->width * canvas->height / (canvas->unit * canvas->unit);
	int count = (int)(220 * area);

	for (int i = 0; i < count; i++) {
		double x = dice_unit(&dice) * canvas->width;
		double y = dice_unit(&dice) * canvas->height * canvas->scene->horizon;
		double size = canvas->unit * (0.0006 + 0.0016 * pow(dice_unit(&dice), 5));
		double alpha = dice_between(&dice, 0.25, 0.95);

		paint_source(canvas, (struct color){1, 1, dice_between(&dice, 0.8, 1)}, alpha);
		cairo_arc(canvas->cairo, x, y, size, 0, 2 * M_PI);
		cairo_fill(canvas->cairo);
	}
}

/* A round glow that fades to nothing. */
static void paint_glow(const struct canvas *canvas, double x, double y, double radius,
        struct color color, double alpha)
{
	cairo_pattern_t *glow = cairo_pattern_create_radial(x, y, 0, x, y, radius);

	stop_add(glow, 0, color, alpha);
	stop_add(glow, 0.25, color, alpha * 0.55);
	stop_add(glow, 0.55, color, alpha * 0.18);
	stop_add(glow, 1, color, 0);
	cairo_set_source(canvas->cairo, glow);
	cairo_pattern_destroy(glow);
	cairo_rectangle(canvas->cairo, x - radius, y - radius, 2 * radius, 2 * radius);
	cairo_fill(canvas->cairo);
}

static void paint_nebula(const struct canvas *canvas)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "nebula");
	const struct color tints[] = {{0.85, 0.30, 0.62}, {0.32, 0.42, 0.95}, {0.25, 0.75, 0.80}};

	for (int i = 0; i < 14; i++) {
		double along = i / 13.0;
		double x = canvas->width * (along + dice_between(&dice, -0.08, 0.08));
		double y =
		        canvas->height * (0.42 - 0.28 * along + dice_between(&dice, -0.08, 0.08));

		paint_glow(canvas, x, y, canvas->unit * dice_between(&dice, 0.18, 0.42),
		        tints[i % 3], dice_between(&dice, 0.12, 0.26));
	}
}

void paint_sky(const struct canvas *canvas)
{
	const struct palette *palette = &canvas->scene->palette;
	double low = canvas->height * (canvas->scene->horizon + 0.06);
	cairo_pattern_t *sky = cairo_pattern_create_linear(0, 0, 0, low);

	stop_add(sky, 0, palette->sky_top, 1);
	stop_add(sky, 0.30, color_mix(palette->sky_top, palette->sky_middle, 0.45), 1);
	stop_add(sky, 0.62, palette->sky_middle, 1);
	stop_add(sky, 0.84, color_mix(palette->sky_middle, palette->sky_low, 0.6), 1);
	stop_add(sky, 1, palette->sky_low, 1);
	cairo_set_source(canvas->cairo, sky);
	cairo_pattern_destroy(sky);
	cairo_paint(canvas->cairo);
	if (canvas->scene->mood == MOOD_SPACE)
		paint_nebula(canvas);
	if (canvas->scene->stars)
		paint_stars(canvas);
}

static void paint_disc(const struct canvas *canvas, double x, double y, double radius)
{
	paint_source(canvas, canvas->scene->palette.light, 1);
	cairo_arc(canvas->cairo, x, y, radius, 0, 2 * M_PI);
	cairo_fill(canvas->cairo);
}

static void paint_moon(const struct canvas *canvas, double x, double y, double radius)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "moon");
	struct color shade =
	        color_mix(canvas->scene->palette.light, canvas->scene->palette.sky_middle, 0.45);

	paint_disc(canvas, x, y, radius);
	cairo_save(canvas->cairo);
	cairo_arc(canvas->cairo, x, y, radius, 0, 2 * M_PI);
	cairo_clip(canvas->cairo);
	for (int i = 0; i < 9; i++) {
		double size = radius * dice_between(&dice, 0.08, 0.30);
		double angle = dice_unit(&dice) * 2 * M_PI;
		double out = radius * dice_between(&dice, 0.05, 0.85);

		paint_source(canvas, shade, 0.30);
		cairo_arc(canvas->cairo, x + cos(angle) * out, y + sin(angle) * out, size, 0,
		        2 * M_PI);
		cairo_fill(canvas->cairo);
	}
	cairo_restore(canvas->cairo);
}

/* A planet with rings, in the place of the sun. */
static void paint_planet(const struct canvas *canvas, double x, double y, double radius)
{
	cairo_t *cairo = canvas->cairo;
	const struct palette *palette = &canvas->scene->palette;
	cairo_pattern_t *ball = cairo_pattern_create_radial(
	        x - radius * 0.4, y - radius * 0.4, radius * 0.1, x, y, radius * 1.15);

	stop_add(ball, 0, palette->light, 1);
	stop_add(ball, 0.5, (struct color){0.93, 0.62, 0.48}, 1);
	stop_add(ball, 1, (struct color){0.25, 0.10, 0.30}, 1);
	cairo_arc(cairo, x, y, radius, 0, 2 * M_PI);
	cairo_set_source(cairo, ball);
	cairo_pattern_destroy(ball);
	cairo_fill(cairo);
	for (int half = 0; half < 3; half++) {
		cairo_save(cairo);
		cairo_translate(cairo, x, y);
		cairo_rotate(cairo, -0.38);
		cairo_scale(cairo, 1, 0.24);
		cairo_arc(cairo, 0, 0, radius * (1.5 + 0.17 * half), -0.42, M_PI + 0.42);
		cairo_restore(cairo);
		paint_source(canvas, palette->light, 0.65 - 0.17 * half);
		cairo_set_line_width(cairo, radius * 0.085);
		cairo_stroke(cairo);
	}
}

void paint_light(const struct canvas *canvas)
{
	const struct scene *scene = canvas->scene;
	double x = scene->light_x * canvas->width, y = scene->light_y * canvas->height;
	bool low = scene->mood == MOOD_DUSK || scene->mood == MOOD_DAWN;
	double radius = canvas->unit * (low ? 0.085 : 0.052);
	double strength = scene->mood == MOOD_STORM ? 0.35 : 0.85;

	paint_glow(canvas, x, y, canvas->unit * (low ? 1.15 : 0.75), scene->palette.light,
	        strength * (scene->stars ? 0.42 : 0.8));
	if (scene->mood == MOOD_STORM)
		return;
	if (scene->mood == MOOD_SPACE)
		paint_planet(canvas, x, y, radius * 1.7);
	else if (scene->moon)
		paint_moon(canvas, x, y, radius * 1.15);
	else
		paint_disc(canvas, x, y, radius);
}

/* One cloud: round heads on a flat base. */
static void paint_cloud(const struct canvas *canvas, struct dice *dice, double x, double y,
        double size, double alpha)
{
	const struct palette *palette = &canvas->scene->palette;
	struct color top = color_mix(palette->light, palette->sky_low, 0.25);
	int heads = 7 + (int)(dice_unit(dice) * 6);

	cairo_save(canvas->cairo);
	cairo_rectangle(canvas->cairo, x - size * 2, y - size * 2, size * 4, size * 2);
	cairo_clip(canvas->cairo);
	for (int i = 0; i < heads; i++) {
		double along = (i + 0.5) / heads * 2 - 1;
		double swell = 1 - along * along;
		double radius = size * (0.14 + 0.26 * swell * dice_between(dice, 0.6, 1));

		cairo_new_sub_path(canvas->cairo);
		cairo_arc(canvas->cairo, x + along * size, y - size * 0.10 * swell, radius, 0,
		        2 * M_PI);
	}
	paint_source_fade(canvas, y - size * 0.5, top, alpha, y, palette->sky_middle, alpha * 0.28);
	cairo_fill(canvas->cairo);
	cairo_restore(canvas->cairo);
}

void paint_clouds(const struct canvas *canvas)
{
	const struct scene *scene = canvas->scene;
	struct dice dice = dice_fork(&scene->dice, "clouds");
	int count = scene->mood == MOOD_STORM ? 16 : 6;

	if (!scene->clouds)
		return;
	for (int i = 0; i < count; i++) {
		double x = dice_between(&dice, -0.05, 1.05) * canvas->width;
		double share = dice_between(&dice, 0.10, 0.86);
		double size = canvas->unit * dice_between(&dice, 0.10, 0.24) * (1.15 - share * 0.6);

		paint_cloud(canvas, &dice, x, share * canvas->height * scene->horizon, size,
		        dice_between(&dice, 0.35, 0.75));
	}
}

void paint_birds(const struct canvas *canvas)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "birds");
	double x = (1 - canvas->scene->light_x) * canvas->width;
	double y = canvas->height * dice_between(&dice, 0.16, 0.30);

	if (!canvas->scene->birds)
		return;
	paint_source(canvas,
	        color_mix(canvas->scene->palette.tree, canvas->scene->palette.far, 0.2), 0.85);
	cairo_set_line_cap(canvas->cairo, CAIRO_LINE_CAP_ROUND);
	for (int i = 0; i < 7; i++) {
		double size = canvas->unit * dice_between(&dice, 0.009, 0.019);
		double bx = x + canvas->unit * dice_between(&dice, -0.17, 0.17);
		double by = y + canvas->unit * dice_between(&dice, -0.07, 0.07);

		cairo_set_line_width(canvas->cairo, size * 0.17);
		cairo_move_to(canvas->cairo, bx - size, by - size * 0.35);
		cairo_curve_to(canvas->cairo, bx - size * 0.6, by - size * 0.75, bx - size * 0.2,
		        by - size * 0.3, bx, by);
		cairo_curve_to(canvas->cairo, bx + size * 0.2, by - size * 0.3, bx + size * 0.6,
		        by - size * 0.75, bx + size, by - size * 0.35);
		cairo_stroke(canvas->cairo);
	}
}

static void paint_snowfall(const struct canvas *canvas)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "snow");
	double area = canvas->width * canvas->height / (canvas->unit * canvas->unit);
	int count = (int)(420 * area);

	for (int i = 0; i < count; i++) {
		double depth = pow(dice_unit(&dice), 3);

		paint_source(canvas, (struct color){1, 1, 1}, 0.8 - 0.45 * depth);
		cairo_arc(canvas->cairo, dice_unit(&dice) * canvas->width,
		        dice_unit(&dice) * canvas->height, canvas->unit * (0.0013 + 0.0052 * depth),
		        0, 2 * M_PI);
		cairo_fill(canvas->cairo);
	}
}

static void paint_rain(const struct canvas *canvas)
{
	struct dice dice = dice_fork(&canvas->scene->dice, "rain");
	double area = canvas->width * canvas->height / (canvas->unit * canvas->unit);
	int count = (int)(360 * area);

	cairo_set_line_width(canvas->cairo, canvas->unit * 0.0012);
	for (int i = 0; i < count; i++) {
		double x = dice_between(&dice, -0.05, 1.05) * canvas->width;
		double y = dice_between(&dice, -0.05, 1) * canvas->height;
		double length = canvas->unit * dice_between(&dice, 0.018, 0.045);

		cairo_move_to(canvas->cairo, x, y);
		cairo_line_to(canvas->cairo, x - length * 0.22, y + length);
	}
	paint_source(canvas, (struct color){0.92, 0.96, 1}, 0.30);
	cairo_stroke(canvas->cairo);
}

void paint_weather(const struct canvas *canvas)
{
	if (canvas->scene->snowfall)
		paint_snowfall(canvas);
	if (canvas->scene->rain)
		paint_rain(canvas);
}

void paint_vignette(const struct canvas *canvas)
{
	const struct color black = {0, 0, 0};
	double x = canvas->width / 2, y = canvas->height / 2;
	double radius = hypot(x, y);
	cairo_pattern_t *edge = cairo_pattern_create_radial(x, y, radius * 0.55, x, y, radius);

	stop_add(edge, 0, black, 0);
	stop_add(edge, 1, black, 0.30);
	cairo_set_source(canvas->cairo, edge);
	cairo_pattern_destroy(edge);
	cairo_paint(canvas->cairo);
}
