/* SPDX-License-Identifier: MIT */
/* Part of test-provider.c: from settings to requests. */
#pragma once

/* Settings written as "name=value;name=value|name=value", nearest level first. */
struct levels {
	struct parameters sets[4];
	const struct parameters *pointers[4];
	struct provider_settings settings;
};

static void levels_make(struct levels *levels, const char *text)
{
	CLEANUP(free_p) char *copy = strdup(text);
	char *rest = copy, *level, *item;

	memset(levels, 0, sizeof(*levels));
	levels->settings.levels = levels->pointers;
	while (rest && (level = strsep(&rest, "|"))) {
		struct parameters *parameters = &levels->sets[levels->settings.count];

		levels->pointers[levels->settings.count++] = parameters;
		while ((item = strsep(&level, ";"))) {
			char *name = strsep(&item, "=");

			if (*name && parameters_set(parameters, name, item ? item : "") < 0)
				printf("# no memory\n");
		}
	}
}

static void levels_done(struct levels *levels)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(levels->sets); i++)
		parameters_done(&levels->sets[i]);
}

/* The request's parameters as "name=value;...". */
static char *parameters_joined(const struct parameters *parameters)
{
	struct buf out = BUF_INIT(65536);
	size_t i;

	for (i = 0; i < parameters->count; i++)
		if (buf_addf(&out, "%s%s=%s", i ? ";" : "", parameters->items[i].name,
		            parameters->items[i].value) < 0)
			break;
	return buf_take(&out);
}

static const struct resolve_case {
	const char *settings;
	const char *parameters; /* NULL: refused */
	const char *words;      /* ignored, or the error */
} resolve_cases[] = {
        {"", "aspect_ratio=1:1;quality=basic"},
        {"aspect_ratio=16:9", "aspect_ratio=16:9;quality=basic"},
        {"quality=high|quality=basic;aspect_ratio=2:3", "aspect_ratio=2:3;quality=high"},
        {"|quality=high", "aspect_ratio=1:1;quality=high"},
        {"nsfw_checker=yes", "aspect_ratio=1:1;nsfw_checker=true;quality=basic"},
        {"nsfw_checker=0", "aspect_ratio=1:1;nsfw_checker=false;quality=basic"},
        {"priority=-100;variation=x;hold=0", "aspect_ratio=1:1;quality=basic"},
        {"provider=sandbox;model=" SEEDREAM, "aspect_ratio=1:1;quality=basic"},
        {"aspect_ratio=16:10", NULL,
                "aspect_ratio: \"16:10\" is not one of 1:1, 4:3, 3:4, 16:9, 9:16, 2:3, 3:2, "
                "21:9"},
        {"quality=Basic", NULL, "quality: \"Basic\" is not one of basic, high"},
        {"quality=", NULL, "quality: \"\" is not one of basic, high"},
        {"quality=bad|quality=high", NULL, "quality: \"bad\" is not one of basic, high"},
        {"quality=high|quality=bad", "aspect_ratio=1:1;quality=high"},
        {"nsfw_checker=maybe", NULL, "nsfw_checker: \"maybe\" is not one of true, false"},
        {"qualty=high", NULL,
                "no model has a parameter \"qualty\"; " SEEDREAM
                " has aspect_ratio, quality, nsfw_checker"},
        {"prompt=x", NULL,
                "no model has a parameter \"prompt\"; " SEEDREAM
                " has aspect_ratio, quality, nsfw_checker"},
        {"provider=kiey", NULL, "provider: \"kiey\" is not one of kie, *"},
        {"model=x", NULL, "model: \"x\" is not one of those that kie.ai has: " SEEDREAM "*"},
        {"model=seedream-4.5-txt", NULL,
                "model: \"seedream-4.5-txt\" is not one of those that kie.ai has: " SEEDREAM "*"},
        {"hold=2", NULL, "hold: \"2\" is not one of 0, 1"},
        {"hold=", NULL, "hold: \"\" is not one of 0, 1"},
        {"variation=", NULL, "variation: \"\" is not a word of 1 to 64 characters"},
        {"variation=a\nb", NULL, "variation: \"a b\" is not a word of 1 to 64 characters"},
        {"priority=101", NULL, "priority: \"101\" is not a whole number from -100 to 100"},
        {"priority=-101", NULL, "priority: \"-101\" is not a whole number from -100 to 100"},
        {"priority=1.5", NULL, "priority: \"1.5\" is not a whole number from -100 to 100"},
        {"priority=-", NULL, "priority: \"-\" is not a whole number from -100 to 100"},
        {"task.state=success", NULL, "task.state: names that begin with \"task.\" cannot be set"},
};

/* Whether a text is the expected one, or where that ends with a *, begins with it. */
static bool text_like(const char *text, const char *expected)
{
	size_t length = expected ? strlen(expected) : 0;

	if (text && length > 0 && expected[length - 1] == '*')
		return strncmp(text, expected, length - 1) == 0;
	return text_same(text, expected);
}

/* Resolves one case in a set; the name of the test is its settings. */
static void resolve_one(const struct providers *in, const struct resolve_case *c)
{
	CLEANUP(free_p) char *parameters = NULL;
	struct provider_order order = {0};
	struct levels levels;
	struct err err = {{0}};
	bool good;
	int r;

	levels_make(&levels, c->settings);
	r = provider_resolve(in, &levels.settings, "a cat", &order, &err);
	parameters = r == 0 ? parameters_joined(&order.request.parameters) : NULL;
	good = r == (c->parameters ? 0 : -EINVAL) && text_same(parameters, c->parameters) &&
	       text_like(r == 0 ? order.ignored : err.text, c->words);
	OK_NAMED(good, c->settings);
	if (!good)
		printf("# %d %s, %s, %s\n", r, parameters ? parameters : "",
		        order.ignored ? order.ignored : "", err.text);
	provider_order_done(&order);
	levels_done(&levels);
}

static void test_resolve(void)
{
	struct provider_order order = {0};
	struct levels levels;
	struct err err;
	char longest[80];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(resolve_cases); i++)
		resolve_one(set, &resolve_cases[i]);

	levels_make(&levels, "variation=v;hold=1|provider=sandbox;hold=0");
	OK(provider_resolve(set, &levels.settings, "text", &order, &err) == 0);
	OK_TEXT(order.request.provider, "sandbox");
	OK_TEXT(order.request.model, SEEDREAM);
	OK_TEXT(order.request.text, "text");
	OK_TEXT(order.request.variation, "v");
	OK(order.hold && !order.ignored);
	OK_TEXT(provider_setting(&levels.settings, "hold"), "1");
	OK_TEXT(provider_setting(&levels.settings, "provider"), "sandbox");
	OK(!provider_setting(&levels.settings, "model"));
	provider_order_done(&order);
	levels_done(&levels);

	for (i = 64; i <= 65; i++) {
		snprintf(longest, sizeof(longest), "variation=%0*d", (int)i, 1);
		levels_make(&levels, longest);
		OK((provider_resolve(set, &levels.settings, "t", &order, &err) == 0) == (i == 64));
		provider_order_done(&order);
		levels_done(&levels);
	}
}

static void test_text(void)
{
	static const char *const empty[] = {"", " ", "\n", " \t\r\n "};
	struct provider_settings none = {NULL, 0};
	struct provider_order order = {0};
	char text[3 * 3001 + 1];
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(empty); i++) {
		OK(provider_resolve(set, &none, empty[i], &order, &err) == -EINVAL);
		OK_TEXT(err.text, "the prompt is empty");
	}
	for (i = 0; i < 3001; i++)
		memcpy(text + 3 * i, "\xe2\x82\xac", 3);
	text[3 * 3001] = '\0';
	OK(provider_resolve(set, &none, text, &order, &err) == -EINVAL);
	OK_TEXT(err.text, "the text has 3001 characters; " SEEDREAM " takes at most 3000");
	text[3 * 3000] = '\0';
	OK(provider_resolve(set, &none, text, &order, &err) == 0);
	provider_order_done(&order);
	OK(provider_resolve(set, &none, "\xff", &order, &err) == -EINVAL);
	OK(provider_resolve(set, &none, "x", &order, NULL) == 0);
	provider_order_done(&order);
}

static const struct check_case {
	const char *settings, *name, *value;
	const char *error; /* NULL: allowed */
} check_cases[] = {
        {"", "quality", "high"},
        {"", "quality", "ultra", "quality: \"ultra\" is not one of basic, high"},
        {"quality=bad", "aspect_ratio", "1:1"},
        {"", "nsfw_checker", "on"},
        {"", "sede", "1",
                "no model has a parameter \"sede\"; " SEEDREAM
                " has aspect_ratio, quality, nsfw_checker"},
        {"", "", "1",
                "no model has a parameter \"\"; " SEEDREAM
                " has aspect_ratio, quality, nsfw_checker"},
        {"", "provider", "sandbox"},
        {"", "provider", "", "provider: \"\" is not one of kie, *"},
        {"", "model", SEEDREAM},
        {"", "model", "seedream",
                "model: \"seedream\" is not one of those that kie.ai has: " SEEDREAM "*"},
        {"provider=wrong;model=wrong", "quality", "high"},
        {"", "hold", "1"},
        {"", "hold", "yes", "hold: \"yes\" is not one of 0, 1"},
        {"", "variation", "7"},
        {"", "priority", "5"},
        {"", "priority", "x", "priority: \"x\" is not a whole number from -100 to 100"},
        {"", "task.id", "x", "task.id: names that begin with \"task.\" cannot be set"},
};

static void check_one(const struct providers *in, const struct check_case *c)
{
	struct levels levels;
	struct err err = {{0}};
	int r;

	levels_make(&levels, c->settings);
	r = provider_check_setting(in, &levels.settings, c->name, c->value, &err);
	OK_NAMED(c->error ? r == -EINVAL && text_like(err.text, c->error) : r == 0, c->name);
	if (r != 0)
		printf("# %s\n", err.text);
	levels_done(&levels);
}

static void test_check_setting(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(check_cases); i++)
		check_one(set, &check_cases[i]);
}
