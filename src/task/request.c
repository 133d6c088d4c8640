/* SPDX-License-Identifier: MIT */
#include "darkroom/task.h"

#include <string.h>

static bool text_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool parameters_equal(const struct parameters *a, const struct parameters *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	/* Both are sorted. */
	for (i = 0; i < a->count; i++)
		if (strcmp(a->items[i].name, b->items[i].name) != 0 ||
		        strcmp(a->items[i].value, b->items[i].value) != 0)
			return false;
	return true;
}

static bool reference_equal(const struct reference *a, const struct reference *b)
{
	return strcmp(a->parameter, b->parameter) == 0 && text_equal(a->url, b->url) &&
	       strcmp(a->sha256, b->sha256) == 0;
}

static bool references_equal(const struct request *a, const struct request *b)
{
	size_t i;

	if (a->reference_count != b->reference_count)
		return false;
	for (i = 0; i < a->reference_count; i++)
		if (!reference_equal(&a->references[i], &b->references[i]))
			return false;
	return true;
}

bool request_equal(const struct request *a, const struct request *b)
{
	return text_equal(a->provider, b->provider) && text_equal(a->model, b->model) &&
	       text_equal(a->text, b->text) && text_equal(a->variation, b->variation) &&
	       parameters_equal(&a->parameters, &b->parameters) && references_equal(a, b);
}

static int text_copy(const char *from, char **to)
{
	if (!from)
		return 0;
	*to = strdup(from);
	return *to ? 0 : -ENOMEM;
}

int request_refer(struct request *request, const char *parameter, const char *path, const char *url)
{
	struct reference *references, *reference;

	if (request->reference_count >= REFERENCES_MAX)
		return -E2BIG;
	references = reallocarray(
	        request->references, request->reference_count + 1, sizeof(*references));
	if (!references)
		return -ENOMEM;
	request->references = references;
	reference = &references[request->reference_count++];
	*reference = (struct reference){0};
	if (text_copy(parameter, &reference->parameter) < 0 ||
	        text_copy(path, &reference->path) < 0 || text_copy(url, &reference->url) < 0)
		return -ENOMEM;
	return 0;
}

static int references_copy(const struct request *from, struct request *to)
{
	size_t i;

	for (i = 0; i < from->reference_count; i++) {
		const struct reference *reference = &from->references[i];
		int r = request_refer(to, reference->parameter, reference->path, reference->url);

		if (r < 0)
			return r;
		memcpy(to->references[i].sha256, reference->sha256, sizeof(reference->sha256));
		to->references[i].size = reference->size;
	}
	return 0;
}

int request_copy(const struct request *from, struct request *to)
{
	CLEANUP(request_done) struct request copy = {0};
	int r;

	if ((r = text_copy(from->provider, &copy.provider)) < 0 ||
	        (r = text_copy(from->model, &copy.model)) < 0 ||
	        (r = text_copy(from->text, &copy.text)) < 0 ||
	        (r = text_copy(from->variation, &copy.variation)) < 0 ||
	        (r = parameters_copy(&from->parameters, &copy.parameters)) < 0 ||
	        (r = references_copy(from, &copy)) < 0)
		return r;
	*to = copy;
	copy = (struct request){0};
	return 0;
}

void request_done(struct request *request)
{
	size_t i;

	for (i = 0; i < request->reference_count; i++) {
		free(request->references[i].parameter);
		free(request->references[i].path);
		free(request->references[i].url);
	}
	free(request->references);
	free(request->provider);
	free(request->model);
	free(request->text);
	free(request->variation);
	parameters_done(&request->parameters);
	*request = (struct request){0};
}
