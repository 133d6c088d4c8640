/* SPDX-License-Identifier: MIT */
/* From settings and text to a request.
 *
 * A setting is a reserved name, a parameter of the model, or a common word that a parameter of the
 * model stands for.  Of all levels that give a setting the nearest counts; of a parameter's own
 * name and a common word for it, the nearer one, and on one level its own name.
 */
#include "definition.h"

#include <stdio.h>
#include <string.h>

#define IGNORED_MAX 16384
#define VARIATION_CHARS_MAX 64
#define QUOTED_CHARS 60

static const char *const common_words[] = {"aspect_ratio", "quality"};

/* The first level that has the setting, or levels' count. */
static size_t level_of(const struct provider_settings *settings, const char *name)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (parameters_get(settings->levels[i], name))
			break;
	return i;
}

const char *provider_setting(const struct provider_settings *settings, const char *name)
{
	size_t level = level_of(settings, name);

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

/* Checks a setting that is no parameter: 1 where it is none of these, 0 where it is right. */
static int reserved_check(const char *name, const char *value, struct err *err)
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

static int model_wrong(const struct provider *provider, const char *id, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(id, strlen(id), QUOTED_CHARS);
	CLEANUP(buf_done) struct buf list = BUF_INIT(sizeof(err->text));
	size_t i;

	for (i = 0; i < provider->model_count; i++)
		if (buf_addf(&list, "%s%s", i ? ", " : "", provider->models[i].id) < 0)
			break;
	return err_set(err, -EINVAL, "model: \"%s\" is not one of those that %s has: %s",
	        quoted ? quoted : "", provider->title, list.data ? list.data : "");
}

static int choose(const struct providers *set, const struct provider_settings *settings,
        const struct provider **ret_provider, const struct model **ret_model, struct err *err)
{
	const char *name = provider_setting(settings, "provider");
	const char *id = provider_setting(settings, "model");
	const struct provider *provider = name ? provider_find(set, name) : &set->items[0];
	const struct model *model;

	if (!provider)
		return provider_wrong(set, name, err);
	model = model_find(provider, id ? id : provider->default_model);
	if (!model)
		return model_wrong(provider, id, err);
	*ret_provider = provider;
	*ret_model = model;
	return 0;
}

/* ---- parameters ---- */

/* The parameter that a setting's name means for a model, and the common word if that is the way. */
static const struct model_parameter *meant(
        const struct model *model, const char *name, const struct common **ret_common)
{
	const struct model_parameter *parameter = model_parameter_find(model, name);
	size_t i;

	*ret_common = NULL;
	for (i = 0; !parameter && i < model->parameter_count; i++) {
		*ret_common = parameter_common(&model->parameters[i], name);
		if (*ret_common)
			parameter = &model->parameters[i];
	}
	return parameter;
}

static bool is_known(const struct providers *set, const char *name)
{
	const struct common *common;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(common_words); i++)
		if (strcmp(name, common_words[i]) == 0)
			return true;
	for (i = 0; i < set->count; i++)
		for (j = 0; j < set->items[i].model_count; j++)
			if (meant(&set->items[i].models[j], name, &common))
				return true;
	return false;
}

static int name_wrong(const struct model *model, const char *name, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(name, strlen(name), QUOTED_CHARS);
	CLEANUP(buf_done) struct buf list = BUF_INIT(sizeof(err->text));
	size_t i;

	for (i = 0; i < model->parameter_count; i++)
		if (buf_addf(&list, "%s%s", i ? ", " : "", model->parameters[i].name) < 0)
			break;
	return err_set(err, -EINVAL, "no model has a parameter \"%s\"; %s has %s",
	        quoted ? quoted : "", model->id, list.data ? list.data : "none");
}

/* The name by which a parameter was set nearest, or NULL; *ret_common is the word if it is one. */
static const char *nearest(const struct provider_settings *settings, const struct model *model,
        const struct model_parameter *parameter, const struct common **ret_common)
{
	size_t best = level_of(settings, parameter->name), i;
	const char *name = best < settings->count ? parameter->name : NULL;

	*ret_common = NULL;
	for (i = 0; i < parameter->common_count; i++) {
		const struct common *common = &parameter->commons[i];
		size_t level = level_of(settings, common->name);
		const struct common *own;

		/* A common word that is another parameter's name means that parameter. */
		if (level >= best || meant(model, common->name, &own) != parameter)
			continue;
		best = level;
		name = common->name;
		*ret_common = common;
	}
	return name;
}

static int fill_parameter(const struct provider_settings *settings, const struct model *model,
        const struct model_parameter *parameter, struct parameters *parameters, struct err *err)
{
	CLEANUP(free_p) char *value = NULL;
	const struct common *common;
	const char *name = nearest(settings, model, parameter, &common);
	int r;

	if (name) {
		r = value_check(
		        parameter, common, name, provider_setting(settings, name), &value, err);
		if (r < 0)
			return r;
	}
	if (!value && !parameter->required)
		return 0;
	if (!value && !parameter->fallback)
		return err_set(err, -EINVAL, "%s: is required by %s", parameter->name, model->id);
	return parameters_set(parameters, parameter->name, value ? value : parameter->fallback);
}

/* Checks every name that is set, and says which the model does not have. */
static int check_names(const struct providers *set, const struct provider_settings *settings,
        const struct model *model, struct buf *ignored, struct err *err)
{
	size_t level, i;

	for (level = 0; level < settings->count; level++) {
		const struct parameters *parameters = settings->levels[level];

		for (i = 0; i < parameters->count; i++) {
			const char *name = parameters->items[i].name;
			const struct common *common;
			int r;

			if (level_of(settings, name) != level)
				continue;
			r = reserved_check(name, parameters->items[i].value, err);
			if (r < 0)
				return r;
			if (r == 0 || meant(model, name, &common))
				continue;
			if (!is_known(set, name))
				return name_wrong(model, name, err);
			r = buf_addf(ignored, "%s%s (%s has no such parameter)",
			        ignored->size ? ", " : "", name, model->id);
			if (r == -ENOMEM)
				return r;
		}
	}
	return 0;
}

static int check_text(const struct model *model, const char *text, struct err *err)
{
	size_t size = strlen(text), length;

	if (!utf8_valid(text, size, NULL))
		return err_set(err, -EINVAL, "the prompt is not UTF-8");
	if (text[strspn(text, " \t\r\n\v\f")] == '\0')
		return model->text_required ? err_set(err, -EINVAL, "the prompt is empty") : 0;
	length = utf8_length(text, size);
	if (length > (uint64_t)model->text_max)
		return err_set(err, -EINVAL, "the text has %zu characters; %s takes at most %lld",
		        length, model->id, (long long)model->text_max);
	if (length < (uint64_t)model->text_min)
		return err_set(err, -EINVAL, "the text has %zu characters; %s takes at least %lld",
		        length, model->id, (long long)model->text_min);
	return 0;
}

static int order_fill(const struct providers *set, const struct provider_settings *settings,
        const char *text, struct provider_order *order, struct err *err)
{
	CLEANUP(buf_done) struct buf ignored = BUF_INIT(IGNORED_MAX);
	const char *variation = provider_setting(settings, "variation");
	const char *hold = provider_setting(settings, "hold");
	const struct provider *provider = NULL;
	const struct model *model = NULL;
	size_t i;
	int r;

	r = choose(set, settings, &provider, &model, err);
	if (r == 0)
		r = check_names(set, settings, model, &ignored, err);
	for (i = 0; r == 0 && i < model->parameter_count; i++)
		r = fill_parameter(
		        settings, model, &model->parameters[i], &order->request.parameters, err);
	if (r == 0)
		r = check_text(model, text, err);
	if (r < 0)
		return r;
	order->hold = hold && strcmp(hold, "1") == 0;
	if (ignored.size > 0) {
		order->ignored = buf_take(&ignored);
		if (!order->ignored)
			return -ENOMEM;
	}
	order->request.provider = strdup(provider->name);
	order->request.model = strdup(model->id);
	order->request.text = strdup(text);
	order->request.variation = variation ? strdup(variation) : NULL;
	if (!order->request.provider || !order->request.model || !order->request.text ||
	        (variation && !order->request.variation))
		return -ENOMEM;
	return 0;
}

int provider_resolve(const struct providers *set, const struct provider_settings *settings,
        const char *text, struct provider_order *ret_order, struct err *err)
{
	CLEANUP(provider_order_done) struct provider_order order = {0};
	int r = order_fill(set, settings, text, &order, err);

	if (r == -ENOMEM)
		return err_set(err, r, "out of memory");
	if (r < 0)
		return r;
	*ret_order = order;
	order = (struct provider_order){0};
	return 0;
}

void provider_order_done(struct provider_order *order)
{
	request_done(&order->request);
	free(order->ignored);
	*order = (struct provider_order){0};
}

/* ---- single settings ---- */

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
static int check_value(
        const struct model *model, const char *name, const char *value, struct err *err)
{
	CLEANUP(free_p) char *spelled = NULL;
	const struct common *common;
	const struct model_parameter *parameter = meant(model, name, &common);

	if (!parameter)
		return 1;
	return value_check(parameter, common, name, value, &spelled, err);
}

int provider_check_setting(const struct providers *set, const struct provider_settings *settings,
        const char *name, const char *value, struct err *err)
{
	const char *chosen = provider_setting(settings, "provider");
	const char *id = provider_setting(settings, "model");
	const struct provider *provider = chosen ? provider_find(set, chosen) : NULL;
	const struct model *model;
	bool has_one = false;
	size_t i, j;
	int r;

	provider = provider ? provider : &set->items[0];
	model = id ? model_find(provider, id) : NULL;
	model = model ? model : model_find(provider, provider->default_model);
	if (strcmp(name, "provider") == 0)
		return provider_find(set, value) ? 0 : provider_wrong(set, value, err);
	if (strcmp(name, "model") == 0)
		return check_model(set, provider, value, err);
	r = reserved_check(name, value, err);
	if (r <= 0)
		return r;
	r = check_value(model, name, value, err);
	if (r <= 0)
		return r;
	for (i = 0; i < set->count; i++) {
		for (j = 0; j < set->items[i].model_count; j++) {
			r = check_value(&set->items[i].models[j], name, value, err);
			if (r == 0 || r == -ENOMEM)
				return r;
			has_one = has_one || r < 0;
		}
	}
	if (has_one)
		return -EINVAL;
	return is_known(set, name) ? 0 : name_wrong(model, name, err);
}
