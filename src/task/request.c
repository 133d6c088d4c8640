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

bool request_equal(const struct request *a, const struct request *b)
{
	return text_equal(a->provider, b->provider) && text_equal(a->model, b->model) &&
	       text_equal(a->text, b->text) && text_equal(a->variation, b->variation) &&
	       parameters_equal(&a->parameters, &b->parameters);
}

static int text_copy(const char *from, char **to)
{
	if (!from)
		return 0;
	*to = strdup(from);
	return *to ? 0 : -ENOMEM;
}

int request_copy(const struct request *from, struct request *to)
{
	CLEANUP(request_done) struct request copy = {0};
	int r;

	if ((r = text_copy(from->provider, &copy.provider)) < 0 ||
	        (r = text_copy(from->model, &copy.model)) < 0 ||
	        (r = text_copy(from->text, &copy.text)) < 0 ||
	        (r = text_copy(from->variation, &copy.variation)) < 0 ||
	        (r = parameters_copy(&from->parameters, &copy.parameters)) < 0)
		return r;
	*to = copy;
	copy = (struct request){0};
	return 0;
}

void request_done(struct request *request)
{
	free(request->provider);
	free(request->model);
	free(request->text);
	free(request->variation);
	parameters_done(&request->parameters);
	*request = (struct request){0};
}
