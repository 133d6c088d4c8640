/* SPDX-License-Identifier: MIT */
/* From settings and text to a request.
 *
 * A setting is a reserved name, a parameter of the model, or a common word that a parameter of the
 * model stands for.  Of all levels that set a parameter the nearest counts; what is said twice on
 * that level, by its own name and by a common word, must be the same.
 */
#include "setting.h"

#include <string.h>

#define IGNORED_MAX 16384

/* ---- parameters ---- */

/* A parameter's value, and the name that set it. */
struct chosen {
	char *value; /* in the parameter's own terms; NULL: it was not set */
	const char *name, *written;
};

static void chosen_done(struct chosen *chosen)
{
	free(chosen->value);
}

/* The nearest level that sets the parameter. */
static size_t level_of_parameter(const struct provider_settings *settings,
        const struct model *model, const struct model_parameter *parameter)
{
	size_t best = setting_level(settings, parameter->name), i;

	for (i = 0; i < parameter->common_count; i++) {
		const char *name = parameter->commons[i].name;
		size_t level = setting_level(settings, name);
		const struct common *common;

		if (level < best && setting_means(model, parameter, name, &common))
			best = level;
	}
	return best;
}

/* Reads the value that a name gives, which must be the same as what another one gave. */
static int choose_name(const struct parameters *level, const struct model *model,
        const struct model_parameter *parameter, const char *name, struct chosen *chosen,
        struct err *err)
{
	CLEANUP(free_p) char *value = NULL;
	const char *written = parameters_get(level, name);
	const struct common *common;
	int r;

	if (!written || !setting_means(model, parameter, name, &common))
		return 0;
	r = value_check(parameter, common, name, written, &value, err);
	if (r < 0)
		return r;
	if (chosen->value && strcmp(chosen->value, value) != 0) {
		CLEANUP(free_p) char *a = text_line(written, strlen(written), QUOTED_CHARS);
		CLEANUP(free_p)
		char *b = text_line(chosen->written, strlen(chosen->written), QUOTED_CHARS);

		return err_set(err, -EINVAL,
		        "%s and %s disagree: they are two names of one parameter, and \"%s\" is "
		        "not \"%s\"; set only one of them",
		        name, chosen->name, a ? a : "", b ? b : "");
	}
	if (!chosen->value)
		*chosen = (struct chosen){TAKE(value), name, written};
	return 0;
}

static int choose_value(const struct provider_settings *settings, const struct model *model,
        const struct model_parameter *parameter, struct chosen *chosen, struct err *err)
{
	size_t level = level_of_parameter(settings, model, parameter), i;
	int r;

	if (level == settings->count)
		return 0;
	r = choose_name(settings->levels[level], model, parameter, parameter->name, chosen, err);
	for (i = 0; i < parameter->common_count && r == 0; i++)
		r = choose_name(settings->levels[level], model, parameter,
		        parameter->commons[i].name, chosen, err);
	return r;
}

static int required(const struct provider *provider, const struct model *model,
        const struct model_parameter *parameter, struct err *err)
{
	CLEANUP(free_p) char *range = NULL;
	const char *name = parameter_known_as(model, parameter);

	if (type_is_picture(parameter->type))
		return err_set(err, -EINVAL, "%s: is required by %s: %s", name, model->id,
		        provider->upload.there || parameter->pictures.inline_data
		                ? "the path of a picture, relative to the prompt, or an https "
		                  "address"
		                : "the https address of a picture");
	range = value_range(parameter, NULL);
	return err_set(err, -EINVAL, "%s: is required by %s: %s", parameter->name, model->id,
	        range ? range : "");
}

static int fill_parameter(const struct provider_settings *settings, const struct choice *choice,
        const struct model_parameter *parameter, struct request *request, struct err *err)
{
	CLEANUP(chosen_done) struct chosen chosen = {0};
	const char *value;
	int r;

	r = choose_value(settings, choice->model, parameter, &chosen, err);
	if (r < 0)
		return r;
	value = chosen.value ? chosen.value : parameter->required ? parameter->fallback : NULL;
	if (!value)
		return parameter->required
		               ? required(choice->provider, choice->model, parameter, err)
		               : 0;
	if (!type_is_picture(parameter->type))
		return parameters_set(&request->parameters, parameter->name, value);
	r = pictures_check_files(choice->provider, parameter, chosen.name, value, err);
	return r < 0 ? r : pictures_refer(parameter, value, request, err);
}

int request_fill(const struct choice *choice, const struct provider_settings *settings,
        struct request *request, struct err *err)
{
	const struct model *model = choice->model;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < model->parameter_count; i++)
		r = fill_parameter(settings, choice, &model->parameters[i], request, err);
	return r < 0 ? r : combinations_check(model, request, err);
}

/* ---- names and text ---- */

static int ignore(struct buf *ignored, const char *name, const char *why, const struct model *model)
{
	int r = buf_addf(ignored, "%s%s (%s %s)", ignored->size ? ", " : "", name, model->id, why);

	/* What does not fit any more goes without saying. */
	return r == -EMSGSIZE ? 0 : r;
}

/* A picture made without what it was to be made from would be paid for in vain. */
static int no_pictures(const struct model *model, const char *name, struct err *err)
{
	return err_set(err, -EINVAL,
	        "%s: %s has no such parameter; take a model that does (the pages in "
	        ".darkroom/models/ say which), or remove \"%s\"",
	        name, model->id, name);
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
			int r;

			if (setting_level(settings, name) != level)
				continue;
			r = setting_check_reserved(name, parameters->items[i].value, err);
			if (r < 0)
				return r;
			if (r == 0 || setting_is_had(model, name))
				continue;
			if (!setting_is_known(set, name))
				return setting_unknown(model, name, err);
			if (level < settings->own_count && setting_is_picture(set, name))
				return no_pictures(model, name, err);
			r = ignore(ignored, name, "has no such parameter", model);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n\v\f")] == '\0';
}

static int check_text(const struct model *model, const char *text, struct err *err)
{
	size_t size = strlen(text), length;

	if (!utf8_valid(text, size, NULL))
		return err_set(err, -EINVAL, "the prompt is not UTF-8");
	if (is_blank(text))
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

/* ---- the order ---- */

static int request_name(const struct choice *choice, const struct provider_settings *settings,
        const char *text, struct request *request)
{
	const char *variation = provider_setting(settings, "variation");

	request->provider = strdup(choice->provider->name);
	request->model = strdup(choice->model->id);
	request->text = strdup(
	        is_blank(text) || !model_takes_text(choice->provider, choice->model) ? "" : text);
	request->variation = variation ? strdup(variation) : NULL;
	return request->provider && request->model && request->text &&
	                       (request->variation || !variation)
	               ? 0
	               : -ENOMEM;
}

static int order_fill(const struct providers *set, const struct provider_settings *settings,
        const char *text, struct provider_order *order, struct err *err)
{
	CLEANUP(buf_done) struct buf ignored = BUF_INIT(IGNORED_MAX);
	const char *hold = provider_setting(settings, "hold");
	struct request *request = &order->request;
	struct choice choice;
	int r;

	r = setting_choose(set, settings, &choice, err);
	if (r == 0 && choice.left_out)
		r = buf_addf(
		        &ignored, "model (%s has no %s)", choice.provider->title, choice.left_out);
	if (r == 0)
		r = check_names(set, settings, choice.model, &ignored, err);
	if (r == 0)
		r = request_fill(&choice, settings, request, err);
	if (r == 0)
		r = check_text(choice.model, text, err);
	if (r == 0 && !is_blank(text) && !model_takes_text(choice.provider, choice.model))
		r = ignore(&ignored, "text", "takes no text", choice.model);
	if (r == 0)
		r = request_name(&choice, settings, text, request);
	if (r < 0)
		return r;
	order->hold = hold && strcmp(hold, "1") == 0;
	if (ignored.size > 0) {
		order->ignored = buf_take(&ignored);
		if (!order->ignored)
			return -ENOMEM;
	}
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

/* The picture that the model needs, or the first that it takes; NULL: it takes none. */
static const struct model_parameter *main_picture(const struct model *model)
{
	const struct model_parameter *first = NULL;
	size_t i;

	for (i = 0; i < model->parameter_count; i++) {
		const struct model_parameter *parameter = &model->parameters[i];

		if (!type_is_picture(parameter->type))
			continue;
		if (parameter->required)
			return parameter;
		first = first ? first : parameter;
	}
	return first;
}

bool provider_lacks_own_picture(
        const struct providers *set, const struct provider_settings *settings, struct err *err)
{
	const struct model_parameter *picture;
	struct choice choice;

	if (setting_choose(set, settings, &choice, NULL) < 0 ||
	        model_takes_text(choice.provider, choice.model))
		return false;
	picture = main_picture(choice.model);
	if (!picture)
		return false;
	err_set(err, -EINVAL,
	        "the prompt names no picture, and %s takes no text: name the picture in \"%s\" of "
	        "the prompt itself; one that a directory names orders nothing",
	        choice.model->id, parameter_known_as(choice.model, picture));
	return true;
}

bool provider_orders_without_text(
        const struct providers *set, const struct provider_settings *settings)
{
	struct choice choice;
	size_t i;

	if (setting_choose(set, settings, &choice, NULL) < 0 || choice.model->text_required)
		return false;
	for (i = 0; i < choice.model->parameter_count; i++) {
		const struct model_parameter *parameter = &choice.model->parameters[i];

		if (type_is_picture(parameter->type) &&
		        level_of_parameter(settings, choice.model, parameter) < settings->own_count)
			return true;
	}
	return false;
}
