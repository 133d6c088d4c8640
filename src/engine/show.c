/* SPDX-License-Identifier: MIT */
/* Showing the pictures of a take when all are complete: the publisher moves them to their place,
 * one take of a prompt at a time. */
#include "engine-private.h"

#include <string.h>

#define NOT_SHOWN "the pictures cannot be put in their place"

/* Other takes of the prompt may have waited for their turn. */
static void show_ends(struct engine *engine, struct prompt *prompt)
{
	struct take *take;

	prompt->showing = false;
	for (take = prompt->takes; take && !prompt->showing; take = take->older)
		if (take->row.state == TASK_DOWNLOADING && !take->due.due.position)
			take_step(engine, take);
}

static void shown_then(struct engine *engine, struct change *change)
{
	fault_point("show.recorded");
	show_ends(engine, change->prompt);
}

/* An earlier picture was moved to takes/: its row follows; if that is lost, it is found out again.
 */
static void earlier_moved(struct engine *engine, struct job *job)
{
	size_t i;

	for (i = 0; i < job->earlier_count; i++) {
		struct take *take = job->earlier_takes[i];
		struct store_picture *picture = NULL;
		struct store_change rows = {.wall_ms = engine_wall_ms(engine), .take = &take->row};
		size_t k;

		if (!job->earlier[i].moved)
			continue;
		for (k = 0; k < take->row.picture_count; k++)
			if (take->row.pictures[k].name &&
			        strcmp(take->row.pictures[k].name, job->earlier[i].name) == 0)
				picture = &take->row.pictures[k];
		if (picture &&
		        row_setf(&picture->name, "%s/%s/%s/%lld/%s", FILES_DIRECTORY, FILES_TAKES,
		                take->row.prompt, (long long)take->row.number,
		                job->earlier[i].name) == 0 &&
		        store_write(engine->store, &rows, NULL, NULL) < 0)
			log_warning("the move of an earlier picture could not be recorded");
	}
}

/* The name that a picture has now, as its row says it. */
static int row_set_name(struct store_take *row, const struct job *job, size_t which)
{
	const struct files_show_picture *picture = &job->pictures[which];
	char **name = &row->pictures[picture->index].name;

	if (job->lost)
		return row_setf(name, "%s/%s/%s", FILES_DIRECTORY, FILES_LOST, picture->name);
	if (job->superseded || job->elsewhere)
		return row_setf(name, "%s/%s/%s/%lld/%s", FILES_DIRECTORY, FILES_TAKES, row->prompt,
		        (long long)row->number, picture->name);
	return row_set(name, picture->name);
}

static int row_set_shown(struct store_take *row, const struct job *job)
{
	size_t missing = row->picture_count - job->picture_count, i;
	int r = row_set(&row->reason, NULL);

	for (i = 0; r == 0 && i < job->picture_count; i++)
		r = row_set_name(row, job, i);
	if (r == 0 && missing > 0)
		r = row_setf(&row->reason,
		        "%zu of %zu pictures could not be had, however often they were fetched",
		        missing, row->picture_count);
	if (r == 0 && job->elsewhere)
		r = row_set(&row->reason, "the prompt lies on another filesystem than SOURCE; its "
		                          "pictures are kept here");
	return r;
}

static void show_done(struct engine *engine, struct message *message)
{
	struct job *job = (struct job *)message;
	struct take *take = job->take;
	struct change *change = NULL;
	int r = job->result;

	if (r == 0) {
		earlier_moved(engine, job);
		change = change_begin(engine, take, TASK_EV_STORED);
		r = change ? row_set_shown(&change->row, job) : -ENOMEM;
	}
	if (r < 0) {
		change_free(change);
		fetch_waits(engine, take, NOT_SHOWN, r);
		show_ends(engine, take->prompt);
	} else {
		change->row.completed_ms = engine_wall_ms(engine);
		take->failures = 0;
		change->must = true;
		change_commit(change, shown_then);
	}
	job_free(job);
}

/* A later take's pictures are already shown. */
static bool is_superseded(const struct take *take)
{
	const struct take *later;

	for (later = take->prompt->takes; later && later != take; later = later->older)
		if (later->row.state == TASK_SUCCESS && !later->row.discard)
			return true;
	return take->row.discard;
}

/* The pictures beside the prompt that come from its earlier takes. */
static int add_earlier(struct job *job, const struct take *take)
{
	struct take *older;
	size_t count = 0, i;

	for (older = take->older; older; older = older->older)
		count += older->row.picture_count;
	job->earlier = calloc(count + 1, sizeof(*job->earlier));
	job->earlier_takes = calloc(count + 1, sizeof(*job->earlier_takes));
	if (!job->earlier || !job->earlier_takes)
		return -ENOMEM;
	for (older = take->older; older; older = older->older) {
		for (i = 0; i < older->row.picture_count; i++) {
			const struct store_picture *picture = &older->row.pictures[i];
			struct files_earlier *earlier = &job->earlier[job->earlier_count];
			char *name, *uuid;

			if (!picture->name || strchr(picture->name, '/'))
				continue;
			/* Copies: the publisher reads them while the rows may change. */
			name = strdup(picture->name);
			uuid = strdup(older->row.uuid);
			*earlier = (struct files_earlier){
			        .name = name,
			        .take_uuid = uuid,
			        .inode = picture->inode,
			        .number = older->row.number,
			};
			job->earlier_takes[job->earlier_count++] = older;
			if (!name || !uuid)
				return -ENOMEM;
		}
	}
	return 0;
}

void show_begin(struct engine *engine, struct take *take)
{
	struct job *job = job_new(JOB_SHOW, take, show_done);

	if (job)
		job->superseded = is_superseded(take);
	if (!job || add_earlier(job, take) < 0) {
		job_free(job);
		fetch_waits(engine, take, NOT_SHOWN, -ENOMEM);
		return;
	}
	take->prompt->showing = true;
	take_wait_reason(engine, take, NULL);
	publisher_add(engine, job);
}
