/* SPDX-License-Identifier: MIT */
/* One page for people on a model, in lines that fit a terminal. */
#include "definition.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 78
#define PARAGRAPH_MAX 65536

/* ---- paragraphs ---- */

static int add_spaces(struct buf *page, size_t count)
{
	return buf_addf(page, "%*s", (int)count, "");
}

/* Adds text as lines that are broken at spaces, the first after `first` spaces and the others after
 * `indent`. */
static int add_filled(struct buf *page, size_t first, size_t indent, const char *text)
{
	size_t column = first;
	bool begins = true;
	int r = add_spaces(page, first);

	text += strspn(text, " \n");
	while (r == 0 && *text) {
		size_t size = strcspn(text, " \n"), length = utf8_length(text, size);

		if (!begins && column + 1 + length > WIDTH) {
			r = buf_add_text(page, "\n");
			if (r == 0)
				r = add_spaces(page, indent);
			column = indent;
		} else if (!begins) {
			r = buf_add_text(page, " ");
			column++;
		}
		if (r == 0)
			r = buf_add(page, text, size);
		column += length;
		begins = false;
		text += size;
		text += strspn(text, " \n");
	}
	return r < 0 ? r : buf_add_text(page, "\n");
}

/* The same of a paragraph that was put together, which is emptied. */
static int add_paragraph(struct buf *page, size_t first, size_t indent, struct buf *paragraph)
{
	int r = add_filled(page, first, indent, paragraph->data ? paragraph->data : "");

	buf_clear(paragraph);
	return r;
}

/* ---- the head ---- */

static int add_title(const struct provider *provider, const struct model *model, struct buf *page)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
	bool is_default = model_find(provider, provider->default_model) == model;
	int r = buf_addf(page, "%s: %s\n", provider->title, model->id);

	if (r == 0 && model->title)
		r = buf_addf(&text, "%s. ", model->title);
	if (r == 0 && model->about)
		r = buf_addf(&text, "%s ", model->about);
	if (r == 0 && is_default)
		r = buf_add_text(&text, "The one for prompts that name no model.");
	if (r == 0 && text.size > 0) {
		r = buf_add_text(page, "\n");
		if (r == 0)
			r = add_paragraph(page, 0, 0, &text);
	}
	if (r == 0 && model->unverified) {
		r = buf_addf(&text, "Not verified: %s", model->unverified);
		if (r == 0)
			r = buf_add_text(page, "\n");
		if (r == 0)
			r = add_paragraph(page, 0, 0, &text);
	}
	return r < 0 ? r : buf_add_text(page, "\n");
}

static int add_names(const struct provider *provider, const struct model *model, struct buf *page)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
	size_t i;
	int r = buf_addf(page, "Provider: %s\n", provider->name);

	if (r < 0 || !model->also || !model->also[0])
		return r;
	r = buf_add_text(&text, "Other names: ");
	for (i = 0; r == 0 && model->also[i]; i++)
		r = buf_addf(&text, "%s%s", i ? ", " : "", model->also[i]);
	return r < 0 ? r : add_paragraph(page, 0, 4, &text);
}

static int add_text(const struct provider *provider, const struct model *model, struct buf *page)
{
	const char *need = model->text_required ? "needed" : "may be empty";

	if (!model_takes_text(provider, model))
		return buf_add_text(page, "Text: none; what the prompt says is not sent\n");
	if (model->text_min > 1)
		return buf_addf(page, "Text: %" PRId64 " to %" PRId64 " characters, %s\n",
		        model->text_min, model->text_max, need);
	if (model->text_max == TEXT_CHARS_MAX)
		return buf_addf(page, "Text: %s\n", need);
	return buf_addf(page, "Text: at most %" PRId64 " characters, %s\n", model->text_max, need);
}

static int add_price(const struct model *model, struct buf *page)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
	const char *unit = model->price_unit ? model->price_unit : "task";
	size_t i;
	int r;

	if (model->price_known) {
		r = buf_addf(&text, "Price: %.15g credits for each %s", model->price, unit);
	} else if (model->price_of.count == 0) {
		return buf_add_text(page, "Price: not known\n");
	} else {
		r = buf_addf(&text, "Price in credits for each %s, by %s:", unit, model->price_by);
		for (i = 0; r == 0 && i < model->price_of.count; i++)
			r = buf_addf(&text, "%s %s: %s", i ? "," : "",
			        model->price_of.items[i].from, model->price_of.items[i].to);
	}
	if (r == 0 && model->price_times)
		r = buf_addf(&text, ", times %s", model->price_times);
	if (r == 0 && model->price_note)
		r = buf_addf(&text, "; %s", model->price_note);
	return r < 0 ? r : add_paragraph(page, 0, 4, &text);
}

/* ---- parameters ---- */

static int add_common(const struct common *common, struct buf *page)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
	size_t i;
	int r = buf_addf(&text, "also set as %s", common->name);

	for (i = 0; r == 0 && i < common->map.count; i++)
		r = buf_addf(&text, "%s %s is %s", i ? "," : ":", common->map.items[i].from,
		        common->map.items[i].to);
	return r < 0 ? r : add_paragraph(page, 4, 8, &text);
}

/* Whether files go to any model of the provider. */
static bool takes_files(const struct provider *provider)
{
	size_t i, j;

	for (i = 0; i < provider->model_count; i++)
		for (j = 0; j < provider->models[i].parameter_count; j++)
			if (provider->models[i].parameters[j].pictures.inline_data)
				return true;
	return provider->upload.there;
}

static int add_pictures(
        const struct provider *provider, const struct model_parameter *parameter, struct buf *page)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
	const struct provider_pictures *pictures = &parameter->pictures;
	char size[SIZE_TEXT_SIZE];
	const char *commas = parameter->max_length > 1 ? "; with commas between them" : "";
	size_t i;
	int r;

	if (!provider->upload.there && !pictures->inline_data) {
		r = buf_addf(&text, "https addresses only: this %s takes no files%s",
		        takes_files(provider) ? "model" : "service", commas);
		return r < 0 ? r : add_paragraph(page, 4, 4, &text);
	}
	size_text(pictures->bytes_max, size);
	r = buf_addf(&text,
	        "files, named as seen from the prompt, or https addresses%s; a file has at most %s",
	        commas, size);
	for (i = 0; r == 0 && pictures->suffixes && pictures->suffixes[i]; i++)
		r = buf_addf(&text, "%s %s",
		        i                       ? ","
		        : pictures->suffixes[1] ? " and is one of"
		                                : " and is",
		        pictures->suffixes[i]);
	return r < 0 ? r : add_paragraph(page, 4, 4, &text);
}

static int add_default(const struct model_parameter *parameter, struct buf *page)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
	int r = 0;

	if (parameter->fallback)
		r = buf_addf(&text, "default %s", parameter->fallback);
	else if (parameter->required)
		r = buf_add_text(&text, "must be set");
	return r < 0 || text.size == 0 ? r : add_paragraph(page, 4, 8, &text);
}

static int add_parameter(const struct provider *provider, const struct model *model,
        const struct model_parameter *parameter, struct buf *page)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
	CLEANUP(free_p) char *range = value_range(parameter, NULL);
	size_t i;
	int r;

	if (!range)
		return -ENOMEM;
	r = buf_addf(&text, "%s: %s", parameter->name, range);
	if (r == 0)
		r = buf_add_text(page, "\n");
	if (r == 0)
		r = add_paragraph(page, 0, 4, &text);
	if (r == 0 && parameter->help)
		r = add_filled(page, 4, 4, parameter->help);
	if (r == 0)
		r = add_default(parameter, page);
	if (r == 0 && type_is_picture(parameter->type))
		r = add_pictures(provider, parameter, page);
	for (i = 0; r == 0 && i < parameter->aliases.count; i++)
		r = buf_addf(&text, "%s%s means %s", i ? ", " : "",
		        parameter->aliases.items[i].from, parameter->aliases.items[i].to);
	if (r == 0 && text.size > 0)
		r = add_paragraph(page, 4, 8, &text);
	for (i = 0; r == 0 && i < parameter->common_count; i++)
		if (!model_parameter_find(model, parameter->commons[i].name))
			r = add_common(&parameter->commons[i], page);
	return r;
}

/* ---- what goes together ---- */

static int add_conflict(const struct conflict *conflict, struct buf *page)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
	size_t i, j;
	int r = 0;

	for (i = 0; r == 0 && i < conflict->count; i++) {
		const struct condition *condition = &conflict->conditions[i];

		r = buf_addf(&text, "%s%s", i ? " with " : "", condition->parameter->name);
		for (j = 0; r == 0 && condition->values[j]; j++)
			r = buf_addf(&text, "%s%s", j ? " or " : " ", condition->values[j]);
	}
	if (r == 0)
		r = buf_addf(&text, ": %s", conflict->why);
	return r < 0 ? r : add_paragraph(page, 4, 8, &text);
}

static int add_combinations(const struct model *model, struct buf *page)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && model->together && model->together[i]; i++) {
		CLEANUP(buf_done) struct buf text = BUF_INIT(PARAGRAPH_MAX);
		CLEANUP(free_p) char *list = list_join(model->together[i]);

		if (!list)
			return -ENOMEM;
		r = buf_addf(&text, "Set all of these, or none: %s", list);
		if (r == 0 && i == 0)
			r = buf_add_text(page, "\n");
		if (r == 0)
			r = add_paragraph(page, 0, 4, &text);
	}
	if (r == 0 && model->conflict_count > 0)
		r = buf_add_text(page, "\nRefused:\n");
	for (i = 0; r == 0 && i < model->conflict_count; i++)
		r = add_conflict(&model->conflicts[i], page);
	return r;
}

int provider_model_page(const struct provider *provider, const char *model_id, struct buf *page)
{
	const struct model *model = model_find(provider, model_id);
	size_t i;
	int r;

	if (!model)
		return -ENOENT;
	r = add_title(provider, model, page);
	if (r == 0)
		r = add_names(provider, model, page);
	if (r == 0)
		r = add_text(provider, model, page);
	if (r == 0)
		r = add_price(model, page);
	if (r == 0 && model->parameter_count == 0)
		r = buf_add_text(page, "\nThis model has no parameters.\n");
	for (i = 0; r == 0 && i < model->parameter_count; i++)
		r = add_parameter(provider, model, &model->parameters[i], page);
	if (r == 0)
		r = add_combinations(model, page);
	return r < 0 ? r : page_example(provider, model, page);
}
