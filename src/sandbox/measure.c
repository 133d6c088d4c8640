/* SPDX-License-Identifier: MIT */
/* Models say the shape of a picture by one field and how large it is by another.  The shape becomes
 * two numbers, the size a number of pixels, and a rule of the model's makers joins them.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "measure.h"

#define SIDE_MAX 8192.0
#define K_PIXELS 1024.0
#define SIDE_STEP 8

/* Pixels by the makers of Seedream, for 2K, 3K and 4K. */
static const struct {
	const char *ratio;
	struct extent sizes[3];
} seedream_sizes[] = {
        {"1:1", {{2048, 2048}, {3072, 3072}, {4096, 4096}}},
        {"4:3", {{2304, 1728}, {3456, 2592}, {4704, 3520}}},
        {"3:4", {{1728, 2304}, {2592, 3456}, {3520, 4704}}},
        {"16:9", {{2848, 1600}, {4096, 2304}, {5504, 3040}}},
        {"9:16", {{1600, 2848}, {2304, 4096}, {3040, 5504}}},
        {"2:3", {{1664, 2496}, {2496, 3744}, {3328, 4992}}},
        {"3:2", {{2496, 1664}, {3744, 2496}, {4992, 3328}}},
        {"21:9", {{3136, 1344}, {4704, 2016}, {6240, 2656}}},
};

/* Pixels by the makers of Magnific; they have one size for each shape. */
static const struct {
	int across, down;
	struct extent size;
} magnific_sizes[] = {
        {1, 1, {2048, 2048}},
        {16, 9, {2730, 1536}},
        {9, 16, {1536, 2730}},
        {2, 3, {1672, 2508}},
        {3, 4, {1774, 2364}},
        {3, 2, {2508, 1672}},
        {4, 3, {2364, 1774}},
        {21, 9, {3062, 1312}},
};

struct shape {
	int across, down;
	bool half;    /* a plain "square", which is smaller than "square_hd" */
	bool is_auto; /* as the picture that goes in */
};

/* "16:9", "landscape_16_9", "portrait_4_3" (which is 3:4), "classic_4_3", "square_hd", "auto". */
static struct shape shape_read(const char *text)
{
	struct shape shape = {.across = 1, .down = 1};
	const char *digits = text;
	int across, down;

	if (strcmp(text, "auto") == 0) {
		shape.is_auto = true;
		return shape;
	}
	shape.half = strcmp(text, "square") == 0;
	while (*digits && !isdigit((unsigned char)*digits))
		digits++;
	if (sscanf(digits, "%d%*[:_]%d", &across, &down) != 2 || across < 1 || down < 1)
		return shape;
	shape.across = across;
	shape.down = down;
	if (strncmp(text, "portrait", strlen("portrait")) == 0 && across > down) {
		shape.across = down;
		shape.down = across;
	}
	return shape;
}

static int side(double pixels)
{
	if (pixels > SIDE_MAX)
		pixels = SIDE_MAX;
	return pixels < 1 ? 1 : (int)lround(pixels);
}

static struct extent sized(double width, double height)
{
	double over = fmax(width, height) / SIDE_MAX;

	if (over > 1) {
		width /= over;
		height /= over;
	}
	return (struct extent){side(width), side(height)};
}

static int stepped(double pixels)
{
	return side(round(pixels / SIDE_STEP) * SIDE_STEP);
}

/* The size for so many thousand pixels by the model's own rule. */
static struct extent size_by_rule(const char *rule, const char *ratio, struct shape shape, double k)
{
	double across = shape.across, down = shape.down, pixels = k * K_PIXELS;

	for (size_t i = 0; strcmp(rule, "seedream") == 0 && i < ARRAY_SIZE(seedream_sizes); i++)
		if (strcmp(seedream_sizes[i].ratio, ratio) == 0 && (k == 2 || k == 3 || k == 4))
			return seedream_sizes[i].sizes[(int)k - 2];
	for (size_t i = 0; strcmp(rule, "magnific") == 0 && i < ARRAY_SIZE(magnific_sizes); i++)
		if (magnific_sizes[i].across == shape.across &&
		        magnific_sizes[i].down == shape.down)
			return magnific_sizes[i].size;
	if (strcmp(rule, "longest") == 0) {
		double unit = pixels / fmax(across, down);

		return (struct extent){side(unit * across), side(unit * down)};
	}
	pixels *= sqrt(1 / (across * down));
	return (struct extent){stepped(pixels * across), stepped(pixels * down)};
}

/* ---- what the fields say ---- */

/* The field that says the shape: the second one only where the first was not given. */
static const char *ratio_of(const struct order *order, bool has_picture)
{
	const char *first = json_string(json_member(order->model, "ratio"));
	const char *second = json_string(json_member(order->model, "also_ratio"));
	const char *given = first ? json_string(json_member(order->input, first)) : NULL;
	bool keeps = false;

	if (!given && second)
		given = json_string(json_member(order->input, second));
	json_bool(json_member(order->model, "keeps_ratio"), &keeps);
	if (!given && keeps && has_picture)
		return "auto";
	return given ? given : json_string(order_value_of(order, "ratio"));
}

/* In thousands of pixels; 0 where no field says it ("auto" neither). */
static double scale_of(const struct order *order, const char **ret_text)
{
	const char *text = json_string(order_value_of(order, "scale"));
	const char *other =
	        text ? json_string(json_member(json_member(order->model, "scales"), text)) : NULL;
	double k = 0;

	*ret_text = text;
	if (!text || sscanf(other ? other : text, "%lfK", &k) != 1)
		return 0;
	return k;
}

static const char *member_or(const struct order *order, const char *key, const char *otherwise)
{
	const char *text = json_string(json_member(order->model, key));

	return text ? text : otherwise;
}

static void size_measure(const struct order *order, struct extent first, struct measure *measure)
{
	const char *ratio = ratio_of(order, first.width > 0), *scale;
	double k = scale_of(order, &scale), width = 0, height = 0;
	struct shape shape = shape_read(ratio ? ratio : "auto");
	struct extent size;

	snprintf(measure->ratio, sizeof(measure->ratio), "%s", ratio ? ratio : "");
	snprintf(measure->scale, sizeof(measure->scale), "%s", scale ? scale : "");
	if (shape.is_auto && first.width > 0) {
		shape.across = first.width;
		shape.down = first.height;
	}
	size = size_by_rule(
	        member_or(order, "sizes", ""), ratio ? ratio : "", shape, k > 0 ? k : 1);
	if (shape.half && k <= 0) {
		size.width /= 2;
		size.height /= 2;
	}
	if (json_number(order_value_of(order, "width"), &width) &&
	        json_number(order_value_of(order, "height"), &height))
		size = (struct extent){side(width), side(height)};
	measure->width = size.width;
	measure->height = size.height;
}

/* Upscaling, and what leaves the size alone. */
static void size_from_picture(
        const struct order *order, struct extent first, struct measure *measure)
{
	double times = 1, k;
	const char *scale;

	if (first.width <= 0)
		first = (struct extent){(int)K_PIXELS, (int)K_PIXELS};
	if (!json_number(order_value_of(order, "factor"), &times))
		json_number(json_member(order->model, "times"), &times);
	k = scale_of(order, &scale);
	if (k > 0)
		times = k * K_PIXELS / fmax(first.width, first.height);
	first = sized(first.width * times, first.height * times);
	snprintf(measure->scale, sizeof(measure->scale), "%s", scale ? scale : "");
	measure->width = first.width;
	measure->height = first.height;
	measure->from_picture = true;
}

static int pictures_of(const struct order *order)
{
	int64_t count = 0;
	bool sequential = false;

	if (json_integer(order_value_of(order, "count"), &count) && count > 0)
		return (int)count;
	json_bool(order_value(order, "enable_sequential"), &sequential);
	if (sequential && json_integer(json_member(order->model, "sequential_pictures"), &count))
		return (int)count;
	return json_integer(json_member(order->model, "pictures"), &count) ? (int)count : 1;
}

static enum picture_kind kind_of(const struct order *order)
{
	static const char *const names[] = {
	        [PICTURE_UPSCALE] = "upscale",
	        [PICTURE_CUTOUT] = "cutout",
	        [PICTURE_REFRAME] = "reframe",
	        [PICTURE_LAYERS] = "layers",
	};
	const char *makes = member_or(order, "makes", "");

	for (size_t i = PICTURE_UPSCALE; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], makes) == 0)
			return (enum picture_kind)i;
	return PICTURE_SCENE;
}

static enum picture_format format_of(const struct order *order)
{
	const char *text = json_string(order_value_of(order, "format"));

	if (text && strncmp(text, "image/", strlen("image/")) == 0)
		text += strlen("image/");
	if (text && (strcmp(text, "jpeg") == 0 || strcmp(text, "jpg") == 0))
		return PICTURE_JPEG;
	return text && strcmp(text, "webp") == 0 ? PICTURE_WEBP : PICTURE_PNG;
}

/* ---- money ---- */

static double price_by_side(const struct json *prices, int longest)
{
	double price = 0, k = 0;

	for (size_t i = 0; i < json_count(prices); i++) {
		const char *key;
		const struct json *node = json_member_at(prices, i, &key);

		json_number(node, &price);
		if (sscanf(key, "%lfK", &k) == 1 && longest <= k * K_PIXELS)
			break;
	}
	return price;
}

static double unit_price(const struct order *order, const struct measure *measure)
{
	const struct json *prices = json_member(order->model, "price"), *value;
	const char *by = json_string(json_member(order->model, "by")), *word;
	double price = 0;
	bool flag = false;

	if (!by) {
		json_number(prices, &price);
		return price;
	}
	if (strcmp(by, "long side") == 0)
		return price_by_side(prices, (int)fmax(measure->width, measure->height));
	value = order_value(order, by);
	word = json_bool(value, &flag) ? (flag ? "true" : "false") : json_string(value);
	if (word)
		json_number(json_member(prices, word), &price);
	return price;
}

static double price_of(
        const struct order *order, const struct measure *measure, int64_t pictures_in)
{
	const struct json *input = json_member(order->model, "input_price");
	const char *unit = member_or(order, "unit", "picture");
	double price = unit_price(order, measure), each = 0;
	int64_t free_ones = 0;

	if (strcmp(unit, "call") != 0)
		price *= measure->pictures;
	if (strcmp(unit, "megapixel") == 0)
		price *= round((double)measure->width * measure->height / 1e4) / 100;
	if (json_number(json_member(input, "each"), &each) &&
	        json_integer(json_member(input, "free"), &free_ones) && pictures_in > free_ones)
		price += each * (double)(pictures_in - free_ones);
	return price;
}

void order_measure(const struct order *order, struct extent first, int64_t pictures_in,
        struct measure *ret_measure)
{
	struct measure measure = {.kind = kind_of(order), .format = format_of(order)};

	measure.pictures = pictures_of(order);
	if (measure.kind == PICTURE_SCENE || measure.kind == PICTURE_REFRAME)
		size_measure(order, first, &measure);
	else
		size_from_picture(order, first, &measure);
	measure.price = price_of(order, &measure, pictures_in);
	*ret_measure = measure;
}
