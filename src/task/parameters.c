/* SPDX-License-Identifier: MIT */
#include "darkroom/task.h"

#include <string.h>

/* The place of the name, or where it would stand. */
static size_t place_of(const struct parameters *set, const char *name, bool *ret_found)
{
	size_t low = 0, high = set->count;

	*ret_found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(set->items[middle].name, name);

		if (order == 0) {
			*ret_found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int insert(struct parameters *set, size_t place, const char *name, char **value)
{
	CLEANUP(free_p) char *name_copy = NULL;
	struct parameter *items;

	if (set->count >= PARAMETERS_MAX)
		return -E2BIG;
	name_copy = strdup(name);
	if (!name_copy)
		return -ENOMEM;
	items = reallocarray(set->items, set->count + 1, sizeof(*items));
	if (!items)
		return -ENOMEM;
	set->items = items;
	memmove(items + place + 1, items + place, (set->count - place) * sizeof(*items));
	items[place] = (struct parameter){.name = TAKE(name_copy), .value = TAKE(*value)};
	set->count++;
	return 0;
}

int parameters_set(struct parameters *set, const char *name, const char *value)
{
	CLEANUP(free_p) char *copy = strdup(value);
	bool found;
	size_t place = place_of(set, name, &found);

	if (!copy)
		return -ENOMEM;
	if (!found)
		return insert(set, place, name, &copy);
	free(set->items[place].value);
	set->items[place].value = TAKE(copy);
	return 0;
}

const char *parameters_get(const struct parameters *set, const char *name)
{
	bool found;
	size_t place = place_of(set, name, &found);

	return found ? set->items[place].value : NULL;
}

int parameters_copy(const struct parameters *from, struct parameters *to)
{
	CLEANUP(parameters_done) struct parameters copy = {0};
	size_t i;

	for (i = 0; i < from->count; i++) {
		int r = parameters_set(&copy, from->items[i].name, from->items[i].value);

		if (r < 0)
			return r;
	}
	*to = copy;
	copy = (struct parameters){0};
	return 0;
}

void parameters_done(struct parameters *set)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		free(set->items[i].name);
		free(set->items[i].value);
	}
	free(set->items);
	*set = (struct parameters){0};
}
