/* SPDX-License-Identifier: MIT */
#include "setting.h"

#include <string.h>

#define VARIATION_CHARS_MAX 64

static const char *const common_words[] = {"aspect_ratio", "quality", "images", "mask"};

size_t setting_level(const struct provider_settings *settings, const char *name)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (parameters_get(settings->levels[i], name))
			break;
	return i;
}

const char *provider_setting(const struct provider_settings *settings, const char *name)
{
	size_t level = setting_level(settings, name);

	return level < settings->count ? parameters_get(settings->levels[level], name) : NULL;
}

/* ---- reserved names ---- */

static bool is_priority(const char *value)
{
	uint64_t number;

	return text_u64(value + (*value == '-'), 100, &number);
}

static bool is_variation(const char *value)
{
	size_t size = strlen(value);
	const unsigned char *p;

	if (!utf8_valid(value, size, NULL) || size == 0 ||
	        utf8_length(value, size) > VARIATION_CHARS_MAX)
		return false;
	for (p = (const unsigned char *)value; *p; p++)
		if (*p < ' ' || *p == 0x7f)
			return false;
	return true;
}

int setting_check_reserved(const char *name, const char *value, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(value, strlen(value), QUOTED_CHARS);
	const char *allowed = NULL;

	if (strcmp(name, "provider") == 0 || strcmp(name, "model") == 0)
		return 0;
	if (strncmp(name, "task.", 5) == 0)
		return err_set(err, -EINVAL, "%.*s: names that begin with \"task.\" cannot be set",
		        PARAMETER_NAME_MAX, name);
	if (strcmp(name, "hold") == 0)
		allowed = strcmp(value, "0") != 0 && strcmp(value, "1") != 0 ? "one of 0, 1" : NULL;
	else if (strcmp(name, "variation") == 0)
		allowed = is_variation(value) ? NULL : "a word of 1 to 64 characters";
	else if (strcmp(name, "priority") == 0)
		allowed = is_priority(value) ? NULL : "a whole number from -100 to 100";
	else
		return 1;
	if (!allowed)
		return 0;
	return err_set(err, -EINVAL, "%s: \"%s\" is not %s", name, quoted ? quoted : "", allowed);
}

/* ---- provider and model ---- */

static int provider_wrong(const struct providers *set, const char *name, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(name, strlen(name), QUOTED_CHARS);

	return err_set(err, -EINVAL, "provider: \"%s\" is not one of %s", quoted ? quoted : "",
	        set->names);
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
/* Names of models in one message; more are left out of it. */
#define LIST_SIZE 240

/* Lists the models whose names have the word; whether all fit. */
static bool list_models(const struct provider *provider, const char *word, struct buf *list)
{
	size_t i;

	buf_clear(list);
	for (i = 0; i < provider->model_count; i++) {
		const char *id = provider->models[i].id;

		if (strcasestr(id, word) && buf_addf(list, "%s%s", list->size ? ", " : "", id) < 0)
			return false;
	}
	return true;
}

/* The longest run of letters. */
static char *longest_word(const char *text)
{
	const char *best = text;
	size_t best_length = 0;

	while (*text) {
		size_t length = strspn(text, LETTERS);

		if (length > best_length) {
			best = text;
			best_length = length;
		}
		text += length + (text[length] != '\0');
	}
	return strndup(best, best_length);
}

bool models_like(const struct provider *provider, const char *meant, struct buf *list)
{
	CLEANUP(free_p) char *word = longest_word(meant);
	bool all;

	*list = BUF_INIT(LIST_SIZE);
	all = list_models(provider, "", list);
	if (!all && word && *word) {
		list_models(provider, word, list);
		if (list->size == 0)
			list_models(provider, "", list);
	}
	return all;
}

static int model_wrong(const struct provider *provider, const char *id, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(id, strlen(id), QUOTED_CHARS);
	CLEANUP(buf_done) struct buf list = {0};
	bool all = models_like(provider, id, &list);

	return err_set(err, -EINVAL, "model: \"%s\" is not one of those that %s has: %s%s",
	        quoted ? quoted : "", provider->title, list.data ? list.data : "",
	        all ? "" : ", ...; .darkroom/models/ has a page on each");
}

int setting_choose(const struct providers *set, const struct provider_settings *settings,
        struct choice *ret_choice, struct err *err)
{
	const char *name = provider_setting(settings, "provider");
	const char *id = provider_setting(settings, "model");
	const struct provider *provider = name ? provider_find(set, name) : &set->items[0];
	const struct model *model;

	*ret_choice = (struct choice){0};
	if (!provider)
		return provider_wrong(set, name, err);
	model = model_find(provider, id ? id : provider->default_model);
	if (!model) {
		/* Who names a provider nearer means that one, not what was said for another. */
		if (setting_level(settings, "model") <= setting_level(settings, "provider"))
			return model_wrong(provider, id, err);
		ret_choice->left_out = id;
		model = model_find(provider, provider->default_model);
	}
	ret_choice->provider = provider;
	ret_choice->model = model;
	return 0;
}

/* ---- names ---- */

bool setting_means(const struct model *model, const struct model_parameter *parameter,
        const char *name, const struct common **ret_common)
{
	*ret_common = NULL;
	if (strcmp(parameter->name, name) == 0)
		return true;
	*ret_common = parameter_common(parameter, name);
	return *ret_common && !model_parameter_find(model, name);
}

bool setting_is_had(const struct model *model, const char *name)
{
	const struct common *common;
	size_t i;

	for (i = 0; i < model->parameter_count; i++)
		if (setting_means(model, &model->parameters[i], name, &common))
			return true;
	return false;
}

bool setting_is_known(const struct providers *set, const char *name)
{
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(common_words); i++)
		if (strcmp(name, common_words[i]) == 0)
			return true;
	for (i = 0; i < set->count; i++)
		for (j = 0; j < set->items[i].model_count; j++)
			if (setting_is_had(&set->items[i].models[j], name))
				return true;
	return false;
}

bool setting_is_picture(const struct providers *set, const char *name)
{
	const struct common *common;
	size_t i, j, k;

	for (i = 0; i < set->count; i++)
		for (j = 0; j < set->items[i].model_count; j++) {
			const struct model *model = &set->items[i].models[j];

			for (k = 0; k < model->parameter_count; k++)
				if (type_is_picture(model->parameters[k].type) &&
				        setting_means(model, &model->parameters[k], name, &common))
					return true;
		}
	return false;
}

int setting_unknown(const struct model *model, const char *name, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(name, strlen(name), QUOTED_CHARS);
	CLEANUP(buf_done) struct buf list = BUF_INIT(LIST_SIZE);
	size_t i;

	for (i = 0; i < model->parameter_count; i++)
		if (buf_addf(&list, "%s%s", i ? ", " : "", model->parameters[i].name) < 0)
			break;
	return err_set(err, -EINVAL, "no model has a parameter \"%s\"; %s has %s",
	        quoted ? quoted : "", model->id, list.data ? list.data : "none");
}

/* ---- checking one setting ---- */

/* A model may be set before its provider is, so one of any provider is right. */
static int check_model(const struct providers *set, const struct provider *provider,
        const char *value, struct err *err)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (model_find(&set->items[i], value))
			return 0;
	return model_wrong(provider, value, err);
}

/* Whether a model takes the value: 1 where it has no such parameter. */
static int check_value(const struct provider *provider, const struct model *model, const char *name,
        const char *value, struct err *err)
{
	bool had = false;
	size_t i;

	for (i = 0; i < model->parameter_count; i++) {
		const struct model_parameter *parameter = &model->parameters[i];
		CLEANUP(free_p) char *spelled = NULL;
		const struct common *common;
		int r;

		if (!setting_means(model, parameter, name, &common))
			continue;
		had = true;
		r = value_check(parameter, common, name, value, &spelled, err);
		if (r == 0 && type_is_picture(parameter->type))
			r = pictures_check_files(provider, parameter, name, spelled, err);
		if (r < 0)
			return r;
	}
	return had ? 0 : 1;
}

/* Whether any model takes the value: 1 where none has such a parameter. */
static int check_any(
        const struct providers *set, const char *name, const char *value, struct err *err)
{
	int result = 1;
	size_t i, j;

	for (i = 0; i < set->count; i++) {
		const struct provider *provider = &set->items[i];

		for (j = 0; j < provider->model_count; j++) {
			int r = check_value(provider, &provider->models[j], name, value, err);

			if (r == 0 || r == -ENOMEM)
				return r;
			if (r < 0)
				result = r;
		}
	}
	return result;
}

int provider_check_setting(const struct providers *set, const struct provider_settings *settings,
        const char *name, const char *value, struct err *err)
{
	struct choice choice;
	int r;

	/* What is in force where the other settings choose nothing that there is. */
	if (setting_choose(set, settings, &choice, NULL) < 0) {
		const char *named = provider_setting(settings, "provider");

		choice.provider = named ? provider_find(set, named) : NULL;
		choice.provider = choice.provider ? choice.provider : &set->items[0];
		choice.model = model_find(choice.provider, choice.provider->default_model);
	}
	if (strcmp(name, "provider") == 0)
		return provider_find(set, value) ? 0 : provider_wrong(set, value, err);
	if (strcmp(name, "model") == 0)
		return check_model(set, choice.provider, value, err);
	r = setting_check_reserved(name, value, err);
	if (r <= 0)
		return r;
	r = check_value(choice.provider, choice.model, name, value, err);
	if (r <= 0)
		return r;
	r = check_any(set, name, value, err);
	if (r <= 0)
		return r;
	return setting_is_known(set, name) ? 0 : setting_unknown(choice.model, name, err);
}
