/* SPDX-License-Identifier: MIT */
/* Takes in memory, their rows, and small things done to them. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>
#include <uuid/uuid.h>

void uuid_text_make(char text[static UUID_TEXT_SIZE])
{
	uuid_t uuid;

	uuid_generate(uuid);
	uuid_unparse_lower(uuid, text);
}

static void take_fire(struct engine *engine, struct timer *timer)
{
	take_step(engine, CONTAINER(timer, struct take, due));
}

struct take *take_new(struct prompt *prompt)
{
	struct take *take = calloc(1, sizeof(*take));

	if (take) {
		take->prompt = prompt;
		take->fetch_fd = -1;
		take->due.fire = take_fire;
	}
	return take;
}

void take_free(struct take *take)
{
	if (!take)
		return;
	budget_forget_take(take);
	close_p(&take->fetch_fd);
	inline_free(take->inlined, take->row.request.reference_count);
	store_take_done(&take->row);
	free(take->wait_reason);
	free(take);
}

void take_link(struct take *take)
{
	struct take **at = &take->prompt->takes;

	while (*at && (*at)->row.number > take->row.number)
		at = &(*at)->older;
	take->older = *at;
	*at = take;
}

void take_unlink(struct take *take)
{
	struct take **at = &take->prompt->takes;

	while (*at && *at != take)
		at = &(*at)->older;
	if (*at)
		*at = take->older;
}

void row_begin(struct store_take *row, struct engine *engine, struct prompt *prompt, int64_t number)
{
	uuid_text_make(row->uuid);
	memcpy(row->prompt, prompt->row.uuid, sizeof(row->prompt));
	row->number = number;
	row->state = TASK_HELD;
	row->created_ms = engine_wall_ms(engine);
}

int row_set(char **field, const char *text)
{
	char *copy = NULL;

	if (text) {
		copy = strdup(text);
		if (!copy)
			return -ENOMEM;
	}
	free(*field);
	*field = copy;
	return 0;
}

int row_setf(char **field, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	int r;

	va_start(arguments, format);
	r = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (r < 0)
		return -ENOMEM;
	free(*field);
	*field = text;
	return 0;
}

bool row_has_bought(const struct store_take *row)
{
	if (!row->task_id)
		return false;
	return row->state != TASK_FAIL || row->picture_count > 0 ||
	       (row->credits_known && row->credits > 0);
}

int row_set_urls(struct store_take *row, char *const *urls)
{
	struct store_picture *pictures;
	size_t count = 0, i;

	while (urls && urls[count])
		count++;
	/* The same number of pictures: fresh links for the same ones, some of which may be
	 * complete. */
	if (count == row->picture_count) {
		for (i = 0; i < count; i++)
			if (row_set(&row->pictures[i].url, urls[i]) < 0)
				return -ENOMEM;
		return 0;
	}
	pictures = calloc(count ? count : 1, sizeof(*pictures));
	if (!pictures)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		pictures[i].url = strdup(urls[i]);
		if (!pictures[i].url) {
			while (i-- > 0)
				free(pictures[i].url);
			free(pictures);
			return -ENOMEM;
		}
	}
	for (i = 0; i < row->picture_count; i++) {
		free(row->pictures[i].url);
		free(row->pictures[i].name);
		free(row->pictures[i].suffix);
	}
	free(row->pictures);
	row->pictures = pictures;
	row->picture_count = count;
	return 0;
}

void take_looks_anew(struct engine *engine, struct take *take)
{
	take->accepted_us = engine_now_us(engine);
	take->failures = take->not_found = take->unusable = 0;
	take->failing_us = take->watched_us = 0;
	take->useless = 0;
}

void take_wait_reason(struct engine *engine, struct take *take, const char *format, ...)
{
	CLEANUP(free_p) char *text = NULL;
	va_list arguments;
	int r;

	if (format) {
		va_start(arguments, format);
		r = vasprintf(&text, format, arguments);
		va_end(arguments);
		if (r < 0)
			return;
	}
	if (!text && !take->wait_reason)
		return;
	if (text && take->wait_reason && strcmp(text, take->wait_reason) == 0)
		return;
	free(take->wait_reason);
	take->wait_reason = TAKE(text);
	if (take == take->prompt->takes)
		view_publish(engine, take->prompt);
}
