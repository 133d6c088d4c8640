/* SPDX-License-Identifier: MIT */
/* The example at the end of a model's page: commands that work when they are pasted. */
#include "setting.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 78
#define WORD_MAX 4096
#define INDENT "    "

/* A word as the shell takes it. */
static int add_quoted(struct buf *out, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                            "0123456789_-./:,+@%";
	int r;

	if (*word && word[strspn(word, plain)] == '\0')
		return buf_add_text(out, word);
	r = buf_add_text(out, "'");
	for (; r == 0 && *word; word++)
		r = *word == '\'' ? buf_add_text(out, "'\\''") : buf_add(out, word, 1);
	return r < 0 ? r : buf_add_text(out, "'");
}

static int add_setting(struct buf *page, const char *name, const char *value)
{
	CLEANUP(buf_done) struct buf word = BUF_INIT(WORD_MAX);
	size_t length;
	int r = add_quoted(&word, value);

	if (r < 0)
		return r;
	length = strlen(INDENT "setfattr -n user.darkroom. -v  hero.prompt") + strlen(name) +
	         word.size;
	return buf_addf(page, INDENT "setfattr -n user.darkroom.%s %s-v %s hero.prompt\n", name,
	        length > WIDTH ? "\\\n" INDENT INDENT : "", word.data);
}

/* The index-th value to try of a parameter, in the words of `common` if that is not NULL;
 * *ret_value stays NULL behind the last. */
static int candidate(const struct model_parameter *parameter, const struct common *common,
        size_t index, char **ret_value)
{
	static const char *const words[][2] = {
	        [VALUE_BOOLEAN] = {"true", "false"},
	        [VALUE_JSON] = {"[]", "{}"},
	};
	bool number = parameter->type == VALUE_INTEGER || parameter->type == VALUE_NUMBER;
	bool low = isfinite(parameter->min), high = isfinite(parameter->max);
	const char *value = NULL;
	size_t count = 0;
	char text[32];

	*ret_value = NULL;
	while (parameter->values && parameter->values[count])
		count++;
	if (common && common->map.count > 0) {
		if (index < common->map.count)
			value = common->map.items[index].from;
	} else if (parameter->values) {
		value = parameter->values[index < count ? index : count];
	} else if (number && index < 2) {
		snprintf(text, sizeof(text), "%.15g",
		        index == 0 && high ? parameter->max
		        : low              ? parameter->min
		                           : 7);
		value = text;
	} else if (index < 2) {
		value = words[parameter->type][index];
	}
	if (!value)
		return 0;
	*ret_value = strdup(value);
	return *ret_value ? 0 : -ENOMEM;
}

/* What the example sets. */
struct example {
	const struct choice choice;
	struct parameters set;
	bool has_own; /* a value in it stands for one that only its reader knows */
};

static void example_done(struct example *example)
{
	parameters_done(&example->set);
}

/* Whether what is set can be ordered; -ENOMEM. */
static int is_allowed(const struct example *example)
{
	CLEANUP(request_done) struct request request = {0};
	const struct parameters *levels[] = {&example->set};
	const struct provider_settings settings = {levels, 1};
	int r = request_fill(&example->choice, &settings, &request, NULL);

	return r == -ENOMEM ? r : r == 0;
}

/* As many pictures as are needed. */
static int set_pictures(struct example *example, const struct model_parameter *parameter)
{
	CLEANUP(buf_done) struct buf list = BUF_INIT(PARAMETER_VALUE_MAX);
	const struct model *model = example->choice.model;
	const char *name = parameter_known_as(model, parameter);
	const char *suffix = "png";
	bool mask = strcmp(name, "mask") == 0;
	bool files = example->choice.provider->upload.there || parameter->pictures.inline_data;
	int64_t i;
	int r = 0;

	if (parameter->suffixes && !list_has(parameter->suffixes, suffix))
		suffix = parameter->suffixes[0];
	for (i = 1; r == 0 && i <= parameter->min_length; i++) {
		r = buf_addf(&list, "%s%s%s", i > 1 ? "," : "", files ? "" : "https://example.org/",
		        mask ? "mask" : "photo");
		if (r == 0 && i > 1)
			r = buf_addf(&list, "-%" PRId64, i);
		if (r == 0)
			r = buf_addf(&list, ".%s", suffix);
	}
	return r < 0 ? r : parameters_set(&example->set, name, list.data);
}

/* A word that cannot be made up, such as a task's id: the parameter's name in capitals. */
static int set_own(struct example *example, const struct model_parameter *parameter)
{
	CLEANUP(free_p) char *value = strdup(parameter->name);

	if (!value)
		return -ENOMEM;
	for (char *at = value; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	example->has_own = true;
	return parameters_set(&example->set, parameter->name, value);
}

static bool is_free_word(const struct model_parameter *parameter)
{
	return !parameter->values &&
	       (parameter->type == VALUE_STRING || parameter->type == VALUE_STRINGS);
}

/* What must be set, and the pictures to start from. */
static int set_needed(struct example *example)
{
	const struct model *model = example->choice.model;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < model->parameter_count; i++) {
		const struct model_parameter *parameter = &model->parameters[i];
		CLEANUP(free_p) char *value = NULL;

		if (type_is_picture(parameter->type)) {
			if (parameter->required ||
			        strcmp(parameter_known_as(model, parameter), "images") == 0)
				r = set_pictures(example, parameter);
			continue;
		}
		if (!parameter->required || parameter->fallback)
			continue;
		if (is_free_word(parameter)) {
			r = set_own(example, parameter);
			continue;
		}
		r = candidate(parameter, NULL, 0, &value);
		if (r == 0 && value)
			r = parameters_set(&example->set, parameter->name, value);
	}
	return r;
}

static const struct common *common_of(
        const struct model *model, const struct model_parameter *parameter)
{
	return parameter_common(parameter, parameter_known_as(model, parameter));
}

/* Whether a value is the default; -ENOMEM. */
static int is_default(
        const struct model_parameter *parameter, const struct common *common, const char *value)
{
	CLEANUP(free_p) char *spelled = NULL;
	int r = value_check(parameter, common, parameter->name, value, &spelled, NULL);

	if (r == -ENOMEM)
		return r;
	return r == 0 && parameter->fallback && strcmp(parameter->fallback, spelled) == 0;
}

/* Whether a value that nobody needs tells something.  An example need not be dear; words and lists
 * cannot be made up; and a shape may count only where there are no pictures, where it starts from
 * some that are not needed. */
static bool is_telling(const struct example *example, const struct model_parameter *parameter)
{
	const struct model *model = example->choice.model;
	bool has_shape = strcmp(parameter_known_as(model, parameter), "aspect_ratio") == 0;
	size_t i;

	if (type_is_picture(parameter->type) || is_free_word(parameter) ||
	        parameter->type == VALUE_JSON ||
	        (model->price_by && strcmp(model->price_by, parameter->name) == 0) ||
	        (model->price_times && strcmp(model->price_times, parameter->name) == 0))
		return false;
	for (i = 0; has_shape && i < model->parameter_count; i++) {
		const struct model_parameter *other = &model->parameters[i];

		if (type_is_picture(other->type) && !other->required &&
		        parameters_get(&example->set, parameter_known_as(model, other)))
			return false;
	}
	return true;
}

/* One more parameter, by the name that people know, at another value than its default: 1 where the
 * example has one now. */
static int set_other(struct example *example, const struct model_parameter *parameter)
{
	const struct model *model = example->choice.model;
	const struct common *common = common_of(model, parameter);
	const char *name = parameter_known_as(model, parameter);
	size_t i;

	if (parameters_get(&example->set, parameter->name) || !is_telling(example, parameter))
		return 0;
	for (i = 0;; i++) {
		CLEANUP(example_done) struct example changed = {.choice = example->choice};
		CLEANUP(free_p) char *value = NULL;
		int r = candidate(parameter, common, i, &value);

		if (r < 0 || !value)
			return r;
		r = is_default(parameter, common, value);
		if (r > 0)
			continue;
		if (r == 0)
			r = parameters_copy(&example->set, &changed.set);
		if (r == 0)
			r = parameters_set(&changed.set, name, value);
		if (r == 0)
			r = is_allowed(&changed);
		if (r < 0)
			return r;
		if (r > 0) {
			parameters_done(&example->set);
			example->set = changed.set;
			changed.set = (struct parameters){0};
			return 1;
		}
	}
}

static int add_settings(const struct example *example, struct buf *page)
{
	const struct model *model = example->choice.model;
	size_t i;
	int pass, r;

	r = add_setting(page, "provider", example->choice.provider->name);
	if (r == 0)
		r = add_setting(page, "model", model->id);
	/* Where no text follows, the picture is what orders, and comes last. */
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; r == 0 && i < model->parameter_count; i++) {
			const struct model_parameter *parameter = &model->parameters[i];
			const char *name = parameter->name, *value;

			if (type_is_picture(parameter->type) != (pass == 1))
				continue;
			value = parameters_get(&example->set, name);
			if (!value) {
				name = parameter_known_as(model, parameter);
				value = parameters_get(&example->set, name);
			}
			if (value)
				r = add_setting(page, name, value);
		}
	}
	return r;
}

int page_example(const struct provider *provider, const struct model *model, struct buf *page)
{
	CLEANUP(example_done) struct example example = {.choice = {provider, model, NULL}};
	size_t i;
	int r = set_needed(&example), done = 0;

	for (i = 0; r == 0 && !done && i < model->parameter_count; i++) {
		done = set_other(&example, &model->parameters[i]);
		r = done < 0 ? done : 0;
	}
	if (r == 0)
		r = buf_add_text(page, "\nAn example:\n\n" INDENT "touch hero.prompt\n");
	if (r == 0)
		r = add_settings(&example, page);
	if (r == 0 && model_takes_text(provider, model) && model->text_required)
		r = buf_add_text(page, INDENT "echo 'a lighthouse in the fog' > hero.prompt\n");
	if (r == 0)
		r = buf_add_text(page, "\nThe last line orders the picture.\n");
	return r < 0 || !example.has_own
	               ? r
	               : buf_add_text(
	                         page, "Write values of your own for the words in capitals.\n");
}
