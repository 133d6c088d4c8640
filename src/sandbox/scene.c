/* SPDX-License-Identifier: MIT */
/* The prompt's words become features by a table; what no word decides, the hash of the prompt does.
 * Each mood has a palette, whose hue the hash turns a little so that two prompts rarely look alike.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "scene.h"

#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

/* ---- chance ---- */

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	if (hash == 0)
		hash = FNV_BASIS;
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * FNV_PRIME;
	return hash;
}

uint64_t hash_text(uint64_t hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text) + 1);
}

static uint64_t dice_next(struct dice *dice)
{
	uint64_t z = (dice->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

double dice_unit(struct dice *dice)
{
	return (double)(dice_next(dice) >> 11) / 9007199254740992.0;
}

double dice_between(struct dice *dice, double low, double high)
{
	return low + (high - low) * dice_unit(dice);
}

bool dice_percent(struct dice *dice, int percent)
{
	return dice_unit(dice) * 100 < percent;
}

struct dice dice_fork(const struct dice *dice, const char *part)
{
	return (struct dice){hash_text(dice->state, part)};
}

/* ---- words ---- */

enum feature {
	FEATURE_SNOW = 1 << 0,
	FEATURE_NIGHT = 1 << 1,
	FEATURE_SEA = 1 << 2,
	FEATURE_FOREST = 1 << 3,
	FEATURE_SUN = 1 << 4,
	FEATURE_CITY = 1 << 5,
	FEATURE_MOUNTAIN = 1 << 6,
	FEATURE_DUSK = 1 << 7,
	FEATURE_DAWN = 1 << 8,
	FEATURE_STORM = 1 << 9,
	FEATURE_AUTUMN = 1 << 10,
	FEATURE_SPACE = 1 << 11,
	FEATURE_DESERT = 1 << 12,
	FEATURE_FOG = 1 << 13,
	FEATURE_FLOWER = 1 << 14,
	FEATURE_MOON = 1 << 15,
	FEATURE_BIRD = 1 << 16,
	FEATURE_CLOUD = 1 << 17,
	FEATURE_BOAT = 1 << 18,
	FEATURE_PINE = 1 << 19,
	FEATURE_HILL = 1 << 20,
	FEATURE_LIGHTHOUSE = 1 << 21,
	FEATURE_HOUSE = 1 << 22,
};

/* In lower case; what does not begin in ASCII is looked for inside words too. */
static const struct {
	const char *word;
	unsigned features;
} vocabulary[] = {
        {"snow", FEATURE_SNOW},
        {"snowfall", FEATURE_SNOW},
        {"winter", FEATURE_SNOW},
        {"ice", FEATURE_SNOW},
        {"frost", FEATURE_SNOW},
        {"christmas", FEATURE_SNOW},
        {"arctic", FEATURE_SNOW},
        {"schnee", FEATURE_SNOW},
        {"neige", FEATURE_SNOW},
        {"nieve", FEATURE_SNOW},
        {"雪", FEATURE_SNOW},
        {"снег", FEATURE_SNOW},
        {"зим", FEATURE_SNOW},
        {"night", FEATURE_NIGHT},
        {"midnight", FEATURE_NIGHT},
        {"dark", FEATURE_NIGHT},
        {"nacht", FEATURE_NIGHT},
        {"nuit", FEATURE_NIGHT},
        {"noche", FEATURE_NIGHT},
        {"夜", FEATURE_NIGHT},
        {"ноч", FEATURE_NIGHT},
        {"neon", FEATURE_NIGHT | FEATURE_CITY},
        {"lantern", FEATURE_NIGHT},
        {"moon", FEATURE_MOON | FEATURE_NIGHT},
        {"mond", FEATURE_MOON | FEATURE_NIGHT},
        {"月", FEATURE_MOON | FEATURE_NIGHT},
        {"sea", FEATURE_SEA},
        {"ocean", FEATURE_SEA},
        {"beach", FEATURE_SEA},
        {"lake", FEATURE_SEA},
        {"river", FEATURE_SEA},
        {"harbor", FEATURE_SEA | FEATURE_BOAT},
        {"harbour", FEATURE_SEA | FEATURE_BOAT},
        {"coast", FEATURE_SEA},
        {"wave", FEATURE_SEA},
        {"water", FEATURE_SEA},
        {"island", FEATURE_SEA},
        {"meer", FEATURE_SEA},
        {"海", FEATURE_SEA},
        {"湖", FEATURE_SEA},
        {"море", FEATURE_SEA},
        {"fjord", FEATURE_SEA | FEATURE_MOUNTAIN},
        {"boat", FEATURE_SEA | FEATURE_BOAT},
        {"ship", FEATURE_SEA | FEATURE_BOAT},
        {"sail", FEATURE_SEA | FEATURE_BOAT},
        {"lighthouse", FEATURE_SEA | FEATURE_LIGHTHOUSE},
        {"forest", FEATURE_FOREST},
        {"woodland", FEATURE_FOREST},
        {"tree", FEATURE_FOREST},
        {"wood", FEATURE_FOREST},
        {"jungle", FEATURE_FOREST},
        {"wald", FEATURE_FOREST},
        {"森", FEATURE_FOREST},
        {"林", FEATURE_FOREST},
        {"лес", FEATURE_FOREST},
        {"fox", FEATURE_FOREST},
        {"deer", FEATURE_FOREST},
        {"pine", FEATURE_FOREST | FEATURE_PINE},
        {"spruce", FEATURE_FOREST | FEATURE_PINE},
        {"sun", FEATURE_SUN},
        {"sunny", FEATURE_SUN},
        {"sunlight", FEATURE_SUN},
        {"summer", FEATURE_SUN},
        {"sonne", FEATURE_SUN},
        {"солнц", FEATURE_SUN},
        {"太陽", FEATURE_SUN},
        {"太阳", FEATURE_SUN},
        {"sunset", FEATURE_DUSK},
        {"dusk", FEATURE_DUSK},
        {"evening", FEATURE_DUSK},
        {"twilight", FEATURE_DUSK},
        {"abend", FEATURE_DUSK},
        {"закат", FEATURE_DUSK},
        {"夕", FEATURE_DUSK},
        {"sunrise", FEATURE_DAWN},
        {"dawn", FEATURE_DAWN},
        {"morning", FEATURE_DAWN},
        {"city", FEATURE_CITY},
        {"street", FEATURE_CITY},
        {"town", FEATURE_CITY},
        {"skyline", FEATURE_CITY},
        {"building", FEATURE_CITY},
        {"tower", FEATURE_CITY},
        {"cafe", FEATURE_CITY},
        {"café", FEATURE_CITY},
        {"shop", FEATURE_CITY},
        {"metropolis", FEATURE_CITY},
        {"cyberpunk", FEATURE_CITY | FEATURE_NIGHT},
        {"stadt", FEATURE_CITY},
        {"ville", FEATURE_CITY},
        {"城", FEATURE_CITY},
        {"город", FEATURE_CITY},
        {"街", FEATURE_CITY},
        {"mountain", FEATURE_MOUNTAIN},
        {"cityscape", FEATURE_CITY},
        {"alps", FEATURE_MOUNTAIN},
        {"alpine", FEATURE_MOUNTAIN},
        {"peak", FEATURE_MOUNTAIN},
        {"cliff", FEATURE_MOUNTAIN},
        {"volcano", FEATURE_MOUNTAIN},
        {"berg", FEATURE_MOUNTAIN},
        {"山", FEATURE_MOUNTAIN},
        {"гор", FEATURE_MOUNTAIN},
        {"storm", FEATURE_STORM},
        {"thunderstorm", FEATURE_STORM},
        {"snowstorm", FEATURE_SNOW},
        {"rain", FEATURE_STORM},
        {"thunder", FEATURE_STORM},
        {"雨", FEATURE_STORM},
        {"autumn", FEATURE_AUTUMN},
        {"golden", FEATURE_AUTUMN},
        {"harvest", FEATURE_AUTUMN},
        {"october", FEATURE_AUTUMN},
        {"herbst", FEATURE_AUTUMN},
        {"秋", FEATURE_AUTUMN},
        {"space", FEATURE_SPACE},
        {"galaxy", FEATURE_SPACE},
        {"planet", FEATURE_SPACE},
        {"cosmos", FEATURE_SPACE},
        {"cosmic", FEATURE_SPACE},
        {"nebula", FEATURE_SPACE},
        {"star", FEATURE_NIGHT},
        {"astronaut", FEATURE_SPACE},
        {"alien", FEATURE_SPACE},
        {"desert", FEATURE_DESERT},
        {"dune", FEATURE_DESERT},
        {"sand", FEATURE_DESERT},
        {"sahara", FEATURE_DESERT},
        {"camel", FEATURE_DESERT},
        {"fog", FEATURE_FOG},
        {"foggy", FEATURE_FOG},
        {"mist", FEATURE_FOG},
        {"haze", FEATURE_FOG},
        {"flower", FEATURE_FLOWER},
        {"meadow", FEATURE_FLOWER},
        {"garden", FEATURE_FLOWER},
        {"spring", FEATURE_FLOWER},
        {"field", FEATURE_FLOWER},
        {"tulip", FEATURE_FLOWER},
        {"花", FEATURE_FLOWER},
        {"bird", FEATURE_BIRD},
        {"gull", FEATURE_BIRD},
        {"swan", FEATURE_BIRD},
        {"eagle", FEATURE_BIRD},
        {"cloud", FEATURE_CLOUD},
        {"sky", FEATURE_CLOUD},
        {"hill", FEATURE_HILL},
        {"valley", FEATURE_HILL},
        {"village", FEATURE_HILL | FEATURE_HOUSE},
        {"cottage", FEATURE_HILL | FEATURE_HOUSE},
        {"cabin", FEATURE_HILL | FEATURE_HOUSE},
        {"house", FEATURE_HILL | FEATURE_HOUSE},
        {"hut", FEATURE_HILL | FEATURE_HOUSE},
        {"farm", FEATURE_HILL | FEATURE_HOUSE},
        {"村", FEATURE_HILL | FEATURE_HOUSE},
};

/* Whether the letters that follow a word are only an ending of it. */
static bool word_ends(const char *rest)
{
	static const char *const endings[] = {"", "s", "es", "y", "ed", "ing", "en"};
	size_t size = 0;

	while (isalpha((unsigned char)rest[size]))
		size++;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (size == strlen(endings[i]) && strncasecmp(rest, endings[i], size) == 0)
			return true;
	return false;
}

static bool word_occurs(const char *prompt, const char *word)
{
	size_t size = strlen(word);

	for (const char *at = strcasestr(prompt, word); at; at = strcasestr(at + 1, word)) {
		if ((unsigned char)word[0] >= 0x80)
			return true;
		if ((at == prompt || !isalpha((unsigned char)at[-1])) && word_ends(at + size))
			return true;
	}
	return false;
}

static unsigned features_read(const char *prompt)
{
	unsigned features = 0;

	for (size_t i = 0; i < ARRAY_SIZE(vocabulary); i++)
		if (word_occurs(prompt, vocabulary[i].word))
			features |= vocabulary[i].features;
	return features;
}

/* ---- colours ---- */

#define HEX(value)                                                                                 \
	{                                                                                          \
		((value) >> 16 & 255) / 255.0, ((value) >> 8 & 255) / 255.0, ((value)&255) / 255.0 \
	}

static const struct palette palettes[MOODS] = {
        [MOOD_DAY] = {HEX(0x2f74c8), HEX(0x7fbbec), HEX(0xe3f4fb), HEX(0xfff6d8), HEX(0x9dc3cf),
                HEX(0x24613f), HEX(0xa9d8e6), HEX(0x14577f), HEX(0x1b4a36)},
        [MOOD_DAWN] = {HEX(0x35477d), HEX(0xb77a93), HEX(0xffd3b0), HEX(0xfff0cf), HEX(0xb08ba3),
                HEX(0x352f52), HEX(0xf0bfa9), HEX(0x39406f), HEX(0x2a2744)},
        [MOOD_DUSK] = {HEX(0x2a1b52), HEX(0xb8436c), HEX(0xffb45c), HEX(0xffe6a3), HEX(0xa85672),
                HEX(0x1d1230), HEX(0xff9f62), HEX(0x2c1c4c), HEX(0x170d26)},
        [MOOD_NIGHT] = {HEX(0x050a20), HEX(0x12234f), HEX(0x40639a), HEX(0xf2efdc), HEX(0x2f4a78),
                HEX(0x070d1d), HEX(0x3d5f94), HEX(0x081129), HEX(0x050914)},
        [MOOD_STORM] = {HEX(0x27303d), HEX(0x54616f), HEX(0xaab4b8), HEX(0xe6ecec), HEX(0x74858a),
                HEX(0x1c2a2b), HEX(0x8c9ba1), HEX(0x1f2e38), HEX(0x15201f)},
        [MOOD_WINTER] = {HEX(0x6b98c4), HEX(0xb6d2e7), HEX(0xfaf0ea), HEX(0xfffaf0), HEX(0xbccfe0),
                HEX(0xf1f6fb), HEX(0xcfe2ee), HEX(0x4b7a9d), HEX(0x2c4a4f)},
        [MOOD_GOLDEN] = {HEX(0x557fa6), HEX(0xe0bf92), HEX(0xffedc8), HEX(0xfff3c9), HEX(0xd0a06c),
                HEX(0x6a3517), HEX(0xe9cfa4), HEX(0x4c5a5e), HEX(0x9c4415)},
        [MOOD_MIST] = {HEX(0x7b9f9b), HEX(0xb9cfc6), HEX(0xf2f5ec), HEX(0xffffff), HEX(0xb4cbc0),
                HEX(0x21453a), HEX(0xd5e3dd), HEX(0x3f6a66), HEX(0x1b3a32)},
        [MOOD_SPACE] = {HEX(0x04030d), HEX(0x1c1040), HEX(0x6b3b86), HEX(0xf6e2ff), HEX(0x4a2e6d),
                HEX(0x0b0818), HEX(0x6b4b9a), HEX(0x0d0920), HEX(0x080613)},
        [MOOD_DESERT] = {HEX(0x3a86c8), HEX(0xa6cfe2), HEX(0xffe9cc), HEX(0xfff7dc), HEX(0xe9b98a),
                HEX(0x9d4a28), HEX(0xbfe0e0), HEX(0x2d7a8c), HEX(0x55602a)},
};

struct color color_mix(struct color a, struct color b, double share)
{
	return (struct color){
	        a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share};
}

static double within_unit(double value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* Turns the hue by an angle around the grey axis. */
static struct color color_turn(struct color color, double angle)
{
	double c = cos(angle), s = sin(angle) / sqrt(3.0), third = (1 - c) / 3;
	double self = c + third, next = third - s, last = third + s;

	return (struct color){
	        within_unit(color.r * self + color.g * next + color.b * last),
	        within_unit(color.r * last + color.g * self + color.b * next),
	        within_unit(color.r * next + color.g * last + color.b * self),
	};
}

static void palette_turn(struct palette *palette, double angle)
{
	struct color *colors[] = {&palette->sky_top, &palette->sky_middle, &palette->sky_low,
	        &palette->far, &palette->near, &palette->water_far, &palette->water_near,
	        &palette->tree};

	for (size_t i = 0; i < ARRAY_SIZE(colors); i++)
		*colors[i] = color_turn(*colors[i], angle);
}

/* Snow lies on the ground at night and at dusk too. */
static void palette_snow(struct palette *palette)
{
	palette->far = color_mix(palette->far, palette->sky_low, 0.35);
	palette->near = color_mix(palette->sky_low, (struct color){0.86, 0.91, 0.98}, 0.35);
}

/* ---- the scene ---- */

static enum scene_mood mood_choose(unsigned features, struct dice *dice)
{
	static const enum scene_mood any[] = {MOOD_DAY, MOOD_DAWN, MOOD_DUSK, MOOD_GOLDEN,
	        MOOD_MIST, MOOD_NIGHT, MOOD_DAY, MOOD_DUSK};

	if (features & FEATURE_SPACE)
		return MOOD_SPACE;
	if (features & FEATURE_NIGHT)
		return MOOD_NIGHT;
	if (features & FEATURE_DUSK)
		return MOOD_DUSK;
	if (features & FEATURE_DAWN)
		return MOOD_DAWN;
	if (features & FEATURE_STORM)
		return MOOD_STORM;
	if (features & FEATURE_SNOW)
		return MOOD_WINTER;
	if (features & FEATURE_DESERT)
		return MOOD_DESERT;
	if (features & FEATURE_AUTUMN)
		return MOOD_GOLDEN;
	if (features & FEATURE_FOG)
		return MOOD_MIST;
	if (features & (FEATURE_SUN | FEATURE_FLOWER))
		return MOOD_DAY;
	return any[(size_t)(dice_unit(dice) * ARRAY_SIZE(any))];
}

static enum scene_ground ground_choose(unsigned features, struct dice *dice)
{
	if (features & FEATURE_CITY)
		return GROUND_CITY;
	if (features & FEATURE_SEA)
		return GROUND_SEA;
	if (features & FEATURE_DESERT)
		return GROUND_DESERT;
	if (features & (FEATURE_FOREST | FEATURE_MOUNTAIN | FEATURE_FLOWER | FEATURE_HILL |
	                       FEATURE_SNOW | FEATURE_AUTUMN))
		return GROUND_HILLS;
	return dice_percent(dice, 30) ? GROUND_SEA : GROUND_HILLS;
}

static void scene_details(struct scene *scene, unsigned features, struct dice *dice)
{
	bool dark = scene->mood == MOOD_NIGHT || scene->mood == MOOD_SPACE;

	scene->mountains = features & FEATURE_MOUNTAIN ||
	                   (scene->ground != GROUND_CITY && dice_percent(dice, 45));
	scene->pines = features & (FEATURE_PINE | FEATURE_SNOW | FEATURE_MOUNTAIN) ||
	               dice_percent(dice, 55);
	scene->trees = features & FEATURE_FOREST || dice_percent(dice, 60);
	if (scene->mood == MOOD_SPACE)
		scene->trees = features & FEATURE_FOREST;
	scene->snowfall = features & FEATURE_SNOW;
	scene->rain = features & FEATURE_STORM && !(features & FEATURE_SNOW);
	scene->stars = dark;
	scene->moon = scene->mood == MOOD_NIGHT;
	scene->clouds = !dark || features & FEATURE_CLOUD;
	scene->birds = features & FEATURE_BIRD || (!dark && !scene->rain && dice_percent(dice, 45));
	scene->boat = features & FEATURE_BOAT || dice_percent(dice, 50);
	scene->flowers = features & FEATURE_FLOWER;
	scene->lighthouse = features & FEATURE_LIGHTHOUSE;
	scene->houses =
	        features & FEATURE_HOUSE || (scene->mood != MOOD_SPACE && dice_percent(dice, 25));
	if (scene->lighthouse)
		scene->mountains = false;
	scene->fog = features & FEATURE_FOG || scene->mood == MOOD_MIST;
}

void scene_imagine(const char *prompt, uint64_t seed, struct scene *ret_scene)
{
	unsigned features = features_read(prompt);
	struct dice dice = {hash_text(seed, prompt)};
	struct scene scene = {.mood = mood_choose(features, &dice)};

	scene.ground = ground_choose(features, &dice);
	scene.palette = palettes[scene.mood];
	scene_details(&scene, features, &dice);
	if (features & FEATURE_SNOW && scene.mood != MOOD_WINTER)
		palette_snow(&scene.palette);
	palette_turn(&scene.palette, dice_between(&dice, -0.22, 0.22));
	scene.horizon = dice_between(&dice, 0.50, 0.58);
	scene.light_x = dice_percent(&dice, 50) ? dice_between(&dice, 0.16, 0.36)
	                                        : dice_between(&dice, 0.62, 0.84);
	scene.light_y = scene.mood == MOOD_DUSK || scene.mood == MOOD_DAWN
	                        ? scene.horizon - dice_between(&dice, 0.06, 0.14)
	                        : dice_between(&dice, 0.14, 0.27);
	scene.dice = dice;
	*ret_scene = scene;
}
