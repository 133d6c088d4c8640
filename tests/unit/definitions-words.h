/* SPDX-License-Identifier: MIT */
/* Part of test-definitions.c: what each model makes of the common words. */
#pragma once

/* What the definition makes of a common word: the parameter, and its value or NULL. */
static const struct chosen *word_meant(
        struct chosens *chosens, const char *word, const char *value, char **ret_value)
{
	struct chosen *chosen = chosen_find(chosens, word);
	const struct json *map = NULL;
	const char *own = value;
	size_t i;

	for (i = 0; !chosen && i < chosens->count; i++) {
		map = json_member(json_member(chosens->items[i].node, "common"), word);
		if (map)
			chosen = &chosens->items[i];
	}
	if (!chosen)
		return NULL;
	if (json_count(map) > 0)
		own = json_string(json_member(map, value));
	else if (json_member(json_member(chosen->node, "aliases"), value))
		own = json_string(json_member(json_member(chosen->node, "aliases"), value));
	if (own && json_member(chosen->node, "values") &&
	        !has_text(json_member(chosen->node, "values"), own))
		own = NULL;
	*ret_value = own ? strdup(own) : NULL;
	return chosen;
}

/* A word resolves to what the definition says, is refused with what is allowed, or ignored. */
static bool word_is_right(
        const struct one_level *level, struct chosens *chosens, const char *word, const char *value)
{
	CLEANUP(provider_order_done) struct provider_order order = {0};
	CLEANUP(free_p) char *own = NULL;
	const struct chosen *chosen = word_meant(chosens, word, value, &own);
	char begin[80], listed[80];
	struct err err;
	int r = resolve(level, &order, &err);
	bool good;

	snprintf(begin, sizeof(begin), "%s: \"%s\" is not one of ", word, value);
	snprintf(listed, sizeof(listed), "%s (", word);
	if (!chosen) {
		good = r == 0 && order.ignored && strstr(order.ignored, listed);
	} else if (!own) {
		good = r == -EINVAL && strncmp(err.text, begin, strlen(begin)) == 0;
	} else {
		const char *sent = parameters_get(&order.request.parameters, chosen->name);

		good = r == 0 && sent && strcmp(sent, own) == 0 &&
		       !(order.ignored && strstr(order.ignored, listed));
	}
	if (!good)
		printf("# %s=%s: %d %s; ignored %s\n", word, value, r, err.text,
		        order.ignored ? order.ignored : "nothing");
	return good;
}

static void test_words(const struct provider *provider, const char *id, const struct json *model)
{
	static const struct {
		const char *word, *value;
	} words[] = {{"aspect_ratio", "16:9"}, {"aspect_ratio", "9:16"}, {"aspect_ratio", "2:3"},
	        {"aspect_ratio", "landscape_16_9"}, {"quality", "basic"}, {"quality", "high"},
	        {"quality", "ultra"}, {"quality", "4K"}};
	CLEANUP(chosens_done) struct chosens chosens;
	size_t i;

	chosens_make(&chosens, model);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		CLEANUP(level_done) struct one_level level;
		CLEANUP(free_p) char *wide = NULL;
		char name[200];

		level_begin(&level, provider_name(provider), id, &chosens);
		/* Some make large pictures only of a shape that is given. */
		word_meant(&chosens, "aspect_ratio", "16:9", &wide);
		if (wide)
			level_set(&level, "aspect_ratio", "16:9");
		level_set(&level, words[i].word, words[i].value);
		snprintf(name, sizeof(name), "%s %s: %s=%s", provider_name(provider), id,
		        words[i].word, words[i].value);
		OK_NAMED(word_is_right(&level, &chosens, words[i].word, words[i].value), name);
	}
}

/* Where quality is a word for something, both of its words are. */
static void test_words_pair(
        const struct provider *provider, const char *id, const struct json *model)
{
	CLEANUP(chosens_done) struct chosens chosens;
	CLEANUP(free_p) char *basic = NULL;
	CLEANUP(free_p) char *high = NULL;
	const struct chosen *chosen;
	char name[200];

	chosens_make(&chosens, model);
	chosen = word_meant(&chosens, "quality", "basic", &basic);
	if (!chosen)
		return;
	word_meant(&chosens, "quality", "high", &high);
	snprintf(name, sizeof(name), "%s %s: quality is basic or high, and they differ",
	        provider_name(provider), id);
	OK_NAMED(basic && high && strcmp(basic, high) != 0, name);
	/* Unset and basic are the same, so that basic on a directory costs nothing. */
	if (has_member(chosen->node, "default")) {
		CLEANUP(free_p) char *text = text_of(json_member(chosen->node, "default"));

		snprintf(name, sizeof(name), "%s %s: quality=basic is the default",
		        provider_name(provider), id);
		OK_NAMED(basic && strcmp(basic, text) == 0, name);
	}
}

/* Pictures have a common word where there are any, and one parameter has it. */
static void test_pictures(const struct provider *provider, const char *id, const struct json *model)
{
	CLEANUP(chosens_done) struct chosens chosens;
	size_t i, pictures = 0, main = 0, masks = 0;
	bool good = true;
	char name[200];

	chosens_make(&chosens, model);
	for (i = 0; i < chosens.count; i++) {
		const struct chosen *chosen = &chosens.items[i];
		const struct json *common = json_member(chosen->node, "common");
		const struct provider_pictures *limits =
		        provider_pictures(provider, id, chosen->name);
		int64_t bytes = 0;

		good = good && !limits == !is_picture(chosen);
		if (!is_picture(chosen))
			continue;
		pictures++;
		main += has_member(common, "images");
		masks += has_member(common, "mask");
		if (json_integer(json_member(chosen->node, "max_bytes"), &bytes))
			good = good && limits && limits->bytes_max == bytes;
		good = good && limits && limits->inline_data == is_true(chosen->node, "inline");
	}
	snprintf(name, sizeof(name), "%s %s: images and mask", provider_name(provider), id);
	OK_NAMED(good && main == (pictures > 0) && masks <= 1, name);
}
