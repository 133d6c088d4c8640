/* SPDX-License-Identifier: MIT */
/* Deep copies of rows, and their end. */
#include "store-private.h"

#include <string.h>

void store_prompt_done(struct store_prompt *prompt)
{
	free(prompt->path);
	free(prompt->content);
	*prompt = (struct store_prompt){0};
}

void store_take_done(struct store_take *take)
{
	request_done(&take->request);
	free(take->ignored);
	free(take->reason);
	free(take->error);
	free(take->hint);
	free(take->task_id);
	for (size_t i = 0; i < take->picture_count; i++) {
		free(take->pictures[i].url);
		free(take->pictures[i].name);
		free(take->pictures[i].suffix);
	}
	free(take->pictures);
	*take = (struct store_take){0};
}

static int text_copy(const char *from, char **to)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? -ENOMEM : 0;
}

int store_prompt_copy(const struct store_prompt *from, struct store_prompt *to)
{
	CLEANUP(store_prompt_done) struct store_prompt copy = *from;

	copy.content = NULL;
	if (text_copy(from->path, &copy.path) < 0)
		return -ENOMEM;
	if (from->content) {
		copy.content = malloc(from->content_size + 1);
		if (!copy.content)
			return -ENOMEM;
		memcpy(copy.content, from->content, from->content_size);
		copy.content[from->content_size] = '\0';
	}
	*to = copy;
	copy = (struct store_prompt){0};
	return 0;
}

static int pictures_copy(const struct store_take *from, struct store_take *to)
{
	if (from->picture_count == 0)
		return 0;
	to->pictures = calloc(from->picture_count, sizeof(*to->pictures));
	if (!to->pictures)
		return -ENOMEM;
	to->picture_count = from->picture_count;
	for (size_t i = 0; i < from->picture_count; i++) {
		to->pictures[i].inode = from->pictures[i].inode;
		memcpy(to->pictures[i].sha256, from->pictures[i].sha256,
		        sizeof(to->pictures[i].sha256));
		if (text_copy(from->pictures[i].url, &to->pictures[i].url) < 0 ||
		        text_copy(from->pictures[i].name, &to->pictures[i].name) < 0 ||
		        text_copy(from->pictures[i].suffix, &to->pictures[i].suffix) < 0)
			return -ENOMEM;
	}
	return 0;
}

int store_take_copy(const struct store_take *from, struct store_take *to)
{
	CLEANUP(store_take_done) struct store_take copy = *from;
	int r;

	copy.request = (struct request){0};
	copy.ignored = copy.reason = copy.error = copy.hint = copy.task_id = NULL;
	copy.pictures = NULL;
	copy.picture_count = 0;
	r = request_copy(&from->request, &copy.request);
	if (r < 0)
		return r;
	if (text_copy(from->ignored, &copy.ignored) < 0 ||
	        text_copy(from->reason, &copy.reason) < 0 ||
	        text_copy(from->error, &copy.error) < 0 || text_copy(from->hint, &copy.hint) < 0 ||
	        text_copy(from->task_id, &copy.task_id) < 0 || pictures_copy(from, &copy) < 0)
		return -ENOMEM;
	*to = copy;
	copy = (struct store_take){0};
	return 0;
}
