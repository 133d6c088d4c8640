/* SPDX-License-Identifier: MIT */
/* The parts of a painting, back to front.  Sizes follow `unit`, the shorter side. */
#pragma once

#include <cairo.h>

#include "picture.h"
#include "scene.h"

struct canvas {
	cairo_t *cairo;
	double width, height, unit;
	const struct scene *scene;
};

void paint_source(const struct canvas *canvas, struct color color, double alpha);
/* A vertical gradient as the source, from top to bottom. */
void paint_source_fade(const struct canvas *canvas, double top, struct color top_color,
        double top_alpha, double bottom, struct color bottom_color, double bottom_alpha);

/* paint-sky.c */
void paint_sky(const struct canvas *canvas);
void paint_light(const struct canvas *canvas);
void paint_clouds(const struct canvas *canvas);
void paint_birds(const struct canvas *canvas);
void paint_weather(const struct canvas *canvas);
void paint_vignette(const struct canvas *canvas);

/* paint-land.c */
void paint_mountains(const struct canvas *canvas);
void paint_hills(const struct canvas *canvas);
void paint_dunes(const struct canvas *canvas);

/* paint-water.c */
void paint_sea(const struct canvas *canvas);

/* paint-city.c */
void paint_city(const struct canvas *canvas);

/* compose.c: the pictures that go in, each in a frame; or the first one alone, as the kind of the
 * picture wants it.  -ENOMEM. */
int paint_references(const struct canvas *canvas, const struct picture_spec *spec) NODISCARD;
int paint_alone(const struct canvas *canvas, const struct picture_spec *spec) NODISCARD;

/* lettering.c: the prompt and a line that says what made the picture. */
int paint_lettering(const struct canvas *canvas, const char *prompt, const char *caption);
/* A text in a box, dark on what is there. */
int paint_note(const struct canvas *canvas, const char *text, double x, double y, double width,
        double height) NODISCARD;
void lettering_thread_done(void);
