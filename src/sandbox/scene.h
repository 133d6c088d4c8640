/* SPDX-License-Identifier: MIT */
/* What is to be painted: read from the prompt's words, and from their hash where they are silent.
 */
#pragma once

#include "darkroom/base.h"

enum scene_mood {
	MOOD_DAY,
	MOOD_DAWN,
	MOOD_DUSK,
	MOOD_NIGHT,
	MOOD_STORM,
	MOOD_WINTER,
	MOOD_GOLDEN,
	MOOD_MIST,
	MOOD_SPACE,
	MOOD_DESERT,
	MOODS,
};

enum scene_ground { GROUND_HILLS, GROUND_SEA, GROUND_CITY, GROUND_DESERT, GROUNDS };

struct color {
	double r, g, b;
};

struct palette {
	struct color sky_top, sky_middle, sky_low;
	struct color light;     /* the sun or moon, and what it colours */
	struct color far, near; /* the ground, from the horizon to the foreground */
	struct color water_far, water_near;
	struct color tree;
};

/* A small generator of repeatable numbers. */
struct dice {
	uint64_t state;
};

struct scene {
	enum scene_mood mood;
	enum scene_ground ground;
	bool mountains, trees, pines, houses, lighthouse, boat, flowers;
	bool snowfall, rain, fog, stars, moon, clouds, birds;
	struct palette palette;
	double horizon; /* share of the height above it */
	double light_x, light_y;
	struct dice dice;
};

/* Reads the prompt; other seeds give other pictures of it. */
void scene_imagine(const char *prompt, uint64_t seed, struct scene *ret_scene);

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size);
uint64_t hash_text(uint64_t hash, const char *text);

/* From 0 up to 1. */
double dice_unit(struct dice *dice);
double dice_between(struct dice *dice, double low, double high);
/* True in so many of 100 cases. */
bool dice_percent(struct dice *dice, int percent);
/* Dice of their own for a part of the picture, so that parts do not disturb one another. */
struct dice dice_fork(const struct dice *dice, const char *part);

/* From a (0) to b (1). */
struct color color_mix(struct color a, struct color b, double share);
