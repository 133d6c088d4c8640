/* SPDX-License-Identifier: MIT */
/* One page for people on a model. */
#include "definition.h"

#include <inttypes.h>
#include <string.h>

static int add_text(const struct model *model, struct buf *page)
{
	int r = buf_add_text(page, "Text: ");

	if (r == 0 && model->text_min > 0)
		r = buf_addf(page, "%" PRId64 " to %" PRId64 " characters\n", model->text_min,
		        model->text_max);
	else if (r == 0)
		r = buf_addf(page, "at most %" PRId64 " characters\n", model->text_max);
	return r;
}

static int add_price(const struct model *model, struct buf *page)
{
	const char *unit = model->price_unit ? model->price_unit : "task";
	size_t i;
	int r = 0;

	if (model->price_known)
		return buf_addf(page, "Price: %.15g credits for each %s\n", model->price, unit);
	if (model->price_of.count == 0)
		return buf_add_text(page, "Price: not known\n");
	r = buf_addf(page, "Price in credits for each %s, by %s:", unit, model->price_by);
	for (i = 0; r == 0 && i < model->price_of.count; i++)
		r = buf_addf(page, "%s %s: %s", i ? "," : "", model->price_of.items[i].from,
		        model->price_of.items[i].to);
	return r < 0 ? r : buf_add_text(page, "\n");
}

static int add_common(const struct common *common, struct buf *page)
{
	size_t i;
	int r = buf_addf(page, "    also set as %s", common->name);

	for (i = 0; r == 0 && i < common->map.count; i++)
		r = buf_addf(page, "%s %s is %s", i ? "," : ":", common->map.items[i].from,
		        common->map.items[i].to);
	return r < 0 ? r : buf_add_text(page, "\n");
}

static int add_parameter(const struct model_parameter *parameter, struct buf *page)
{
	CLEANUP(free_p) char *range = value_range(parameter, NULL);
	size_t i;
	int r;

	if (!range)
		return -ENOMEM;
	r = buf_addf(page, "\n%s: %s\n", parameter->name, range);
	if (r == 0 && parameter->help)
		r = buf_addf(page, "    %s\n", parameter->help);
	if (r == 0 && parameter->fallback)
		r = buf_addf(page, "    default %s\n", parameter->fallback);
	else if (r == 0 && parameter->required)
		r = buf_add_text(page, "    must be set\n");
	for (i = 0; r == 0 && i < parameter->aliases.count; i++)
		r = buf_addf(page, "    %s means %s\n", parameter->aliases.items[i].from,
		        parameter->aliases.items[i].to);
	for (i = 0; r == 0 && i < parameter->common_count; i++)
		r = add_common(&parameter->commons[i], page);
	return r;
}

static int add_example(const struct model *model, struct buf *page)
{
	const struct model_parameter *parameter = model->parameters;
	const char *value;
	size_t i;

	if (model->parameter_count == 0)
		return buf_add_text(page, "\nThis model has no parameters.\n");
	value = parameter->fallback ? parameter->fallback : "VALUE";
	/* A value that is not the default shows more. */
	for (i = 0; parameter->values && parameter->values[i]; i++)
		if (strcmp(parameter->values[i], value) != 0)
			value = parameter->values[i];
	return buf_addf(page,
	        "\nTo set a parameter, write it into the prompt's header (\"%s: %s\"), or\n"
	        "    setfattr -n user.darkroom.%s -v '%s' NAME.prompt\n",
	        parameter->name, value, parameter->name, value);
}

int provider_model_page(const struct provider *provider, const char *model_id, struct buf *page)
{
	const struct model *model = model_find(provider, model_id);
	size_t i;
	int r;

	if (!model)
		return -ENOENT;
	r = buf_addf(page, "%s\n", model->id);
	if (r == 0)
		r = buf_addf(page, "%s%sat %s%s\n\n", model->title ? model->title : "",
		        model->title ? ", " : "", provider->title,
		        strcmp(model->id, provider->default_model) == 0 ? ", the default" : "");
	if (r == 0)
		r = add_text(model, page);
	if (r == 0)
		r = add_price(model, page);
	for (i = 0; r == 0 && i < model->parameter_count; i++)
		r = add_parameter(&model->parameters[i], page);
	return r < 0 ? r : add_example(model, page);
}
