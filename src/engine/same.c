/* SPDX-License-Identifier: MIT */
/* Whether an order asks for what was ordered already. */
#include "engine-private.h"

#include <string.h>

bool row_is_cancelled(const struct store_take *row)
{
	return row->reason && strcmp(row->reason, REASON_CANCELLED) == 0;
}

/* Whether the pictures of a take are still where they were shown. */
static bool pictures_are_there(struct engine *engine, struct prompt *prompt, struct take *take)
{
	CLEANUP(free_p) char *path = prompt_path(engine, prompt);
	CLEANUP(free_p) const char **names = calloc(take->row.picture_count + 1, sizeof(*names));
	char *slash;
	size_t i, count = 0;

	if (!path || !names)
		return true;
	for (i = 0; i < take->row.picture_count; i++)
		if (take->row.pictures[i].name)
			names[count++] = take->row.pictures[i].name;
	slash = strrchr(path, '/');
	*(slash ? slash : path) = '\0';
	return files_shown(engine->files, path, names, count, take->row.uuid);
}

/* The prompt's file was removed and somebody wrote the name anew: where nothing is left of what was
 * bought, and nothing is under way, that asks for a picture. */
static bool asks_anew(struct engine *engine, struct prompt *prompt, struct take *sent)
{
	int64_t deleted_us;

	if (!prompt_is_deleted(engine, prompt, &deleted_us) ||
	        !task_state_is_final(sent->row.state) || sent->row.state == TASK_UNKNOWN)
		return false;
	/* An editor's way of saving. */
	if (engine_now_us(engine) - deleted_us < DELETED_GRACE_US)
		return false;
	return sent->row.state != TASK_SUCCESS || !pictures_are_there(engine, prompt, sent);
}

/* Whether the pictures that two equal requests refer to are in the same places. */
static bool same_files(const struct request *a, const struct request *b)
{
	for (size_t i = 0; i < a->reference_count; i++)
		if (a->references[i].path &&
		        strcmp(a->references[i].path, b->references[i].path) != 0)
			return false;
	return true;
}

bool same_as_unsent(const struct take *unsent, const struct engine_order *order)
{
	const struct store_take *row = &unsent->row;

	if (!row->request.text || !request_equal(&row->request, &order->order->request) ||
	        !same_files(&row->request, &order->order->request))
		return false;
	if (order->cause == ENGINE_UNMOUNTED)
		return true;
	if (row->state == TASK_QUEUED)
		return !order->order->hold;
	return row->state == TASK_HELD && (order->order->hold || row_is_cancelled(row));
}

/* ---- a prompt that refers to its own picture ---- */

/* Whether the file is a picture that the take made, still beside its prompt and as it was made. */
static bool is_own_picture(
        const struct take *take, const char *prompt_path, const struct reference *reference)
{
	const char *slash = strrchr(prompt_path, '/');
	size_t above = slash ? (size_t)(slash + 1 - prompt_path) : 0, i;

	if (!reference->path || strncmp(reference->path, prompt_path, above) != 0)
		return false;
	for (i = 0; i < take->row.picture_count; i++) {
		const struct store_picture *picture = &take->row.pictures[i];

		if (picture->name && strcmp(picture->name, reference->path + above) == 0)
			return !*picture->sha256 || strcmp(picture->sha256, reference->sha256) == 0;
	}
	return false;
}

/* Every take of such a prompt replaces its own reference: that alone is no new request. */
static bool is_equal_but_own(struct engine *engine, struct prompt *prompt, const struct take *sent,
        const struct request *request)
{
	const struct request *before = &sent->row.request;
	CLEANUP(free_p) char *path = prompt_path(engine, prompt);
	struct reference references[REFERENCES_MAX];
	struct request as_before = *request;
	size_t i;

	if (!path || request->reference_count == 0 ||
	        request->reference_count != before->reference_count)
		return false;
	memcpy(references, request->references, request->reference_count * sizeof(*references));
	for (i = 0; i < request->reference_count; i++)
		if (before->references[i].path && is_own_picture(sent, path, &references[i]) &&
		        strcmp(before->references[i].path, references[i].path) == 0)
			memcpy(references[i].sha256, before->references[i].sha256,
			        sizeof(references[i].sha256));
	as_before.references = references;
	return request_equal(before, &as_before);
}

bool same_as_sent(struct engine *engine, struct prompt *prompt, struct take *sent,
        const struct engine_order *order)
{
	const struct request *request = &order->order->request;

	return (request_equal(&sent->row.request, request) ||
	               is_equal_but_own(engine, prompt, sent, request)) &&
	       !asks_anew(engine, prompt, sent);
}

void same_but_pictures(struct request *request, const struct request *now)
{
	size_t i;

	for (i = 0; i < request->reference_count && i < now->reference_count; i++) {
		struct reference *reference = &request->references[i];
		const struct reference *there = &now->references[i];

		if (!reference->path || !there->path || strcmp(reference->path, there->path) != 0 ||
		        strcmp(reference->parameter, there->parameter) != 0)
			continue;
		memcpy(reference->sha256, there->sha256, sizeof(reference->sha256));
		reference->size = there->size;
	}
}
