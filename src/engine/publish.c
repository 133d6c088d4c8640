/* SPDX-License-Identifier: MIT */
/* The publisher's thread: verifying, syncing and showing pictures, reading those that go inside a
 * request, and telling the host of changes.  It touches takes only through the copies in its jobs.
 */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHOW_TRIES 3 /* a directory may be renamed at the same moment */

struct job *job_new(enum job_kind kind, struct take *take,
        void (*done)(struct engine *engine, struct message *message))
{
	CLEANUP(free_p) struct job *job = calloc(1, sizeof(*job));
	size_t i;

	if (!job || store_take_copy(&take->row, &job->row) < 0)
		return NULL;
	job->kind = kind;
	job->take = take;
	job->prompt = take->prompt;
	job->message.run = done;
	job->pictures = calloc(job->row.picture_count + 1, sizeof(*job->pictures));
	if (!job->pictures) {
		store_take_done(&job->row);
		return NULL;
	}
	for (i = 0; i < job->row.picture_count; i++) {
		const struct store_picture *picture = &job->row.pictures[i];
		struct files_show_picture *shown = &job->pictures[job->picture_count];

		if (!picture->inode)
			continue;
		shown->index = (unsigned)i;
		shown->inode = picture->inode;
		shown->format = files_format_parse(picture->suffix);
		if (picture->name && !strchr(picture->name, '/'))
			snprintf(shown->name, sizeof(shown->name), "%s", picture->name);
		job->picture_count++;
	}
	return TAKE(job);
}

void job_free(struct job *job)
{
	size_t i;

	if (!job)
		return;
	for (i = 0; i < job->earlier_count; i++) {
		free((char *)job->earlier[i].name);
		free((char *)job->earlier[i].take_uuid);
	}
	free(job->earlier);
	free(job->earlier_takes);
	free(job->pictures);
	inline_free(job->inlined, job->row.request.reference_count);
	store_take_done(&job->row);
	free(job->path);
	free(job);
}

void publisher_add(struct engine *engine, struct job *job)
{
	WITH_LOCK(&engine->publisher_lock);
	job->next = NULL;
	*engine->jobs_end = job;
	engine->jobs_end = &job->next;
	pthread_cond_signal(&engine->publisher_wake);
}

void publisher_notify(struct engine *engine, struct prompt *prompt)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		return;
	job->kind = JOB_NOTIFY;
	job->path = prompt_path(engine, prompt);
	if (job->path)
		publisher_add(engine, job);
	else
		job_free(job);
}

/* Owner, group and mode for a picture: those of its prompt, or nobody else's where that is gone. */
static void finish(struct engine *engine, struct job *job)
{
	const struct files_attributes attributes = {
	        .take_uuid = job->row.uuid,
	        .task_id = job->row.task_id,
	        .model = job->row.request.model,
	        .comment = job->row.request.text,
	};
	CLEANUP(free_p) char *path = prompt_path(engine, job->prompt);
	struct stat st = {.st_uid = geteuid(), .st_gid = getegid(), .st_mode = 0600};

	if (path && files_stat(engine->files, path, &st) < 0)
		st.st_mode = 0600;
	job->result = files_finish(engine->files, job->row.uuid, job->index, &attributes, st.st_uid,
	        st.st_gid, st.st_mode & 0666, &job->format, &job->inode, job->sha256, &job->err);
}

/* Splits a prompt's path into its directory and its name without .prompt; both within path. */
static void path_split(char *path, char **ret_directory, char **ret_stem)
{
	char *slash = strrchr(path, '/'), *dot;

	*ret_directory = slash ? path : path + strlen(path);
	*ret_stem = slash ? slash + 1 : path;
	if (slash)
		*slash = '\0';
	dot = strrchr(*ret_stem, '.');
	if (dot)
		*dot = '\0';
}

static int show_once(struct engine *engine, struct job *job)
{
	CLEANUP(free_p) char *path = prompt_path(engine, job->prompt);
	bool gone = prompt_is_deleted(engine, job->prompt, NULL);
	struct files_show show = {
	        .prompt_uuid = job->row.prompt,
	        .take_uuid = job->row.uuid,
	        .pictures = job->pictures,
	        .picture_count = job->picture_count,
	        .earlier = job->earlier,
	        .earlier_count = job->earlier_count,
	        .rename = engine->host.rename,
	        .rename_context = engine->host.rename_context,
	};
	char *directory, *stem;
	struct stat st;
	int r;

	if (!path)
		return -ENOMEM;
	if (!gone) {
		r = files_stat(engine->files, path, &st);

		if (r < 0 && r != -ENOENT && r != -ENOTDIR)
			return r;
		gone = r < 0;
	}
	path_split(path, &directory, &stem);
	job->lost = gone && !job->superseded;
	if (job->lost)
		return files_lose(
		        engine->files, stem, job->row.uuid, job->pictures, job->picture_count);
	if (job->superseded)
		return files_keep(engine->files, job->row.prompt, job->row.number, stem,
		        job->row.uuid, job->pictures, job->picture_count);
	show.directory = directory;
	show.stem = stem;
	r = files_show(engine->files, &show);
	if (r != -EXDEV)
		return r;
	job->elsewhere = true;
	return files_keep(engine->files, job->row.prompt, job->row.number, stem, job->row.uuid,
	        job->pictures, job->picture_count);
}

static void run_job(struct engine *engine, struct job *job)
{
	int tries;

	switch (job->kind) {
	case JOB_NOTIFY:
		if (engine->host.changed)
			engine->host.changed(engine->host.context, job->path);
		job_free(job);
		return;
	case JOB_FINISH:
		finish(engine, job);
		break;
	case JOB_SHOW:
		job->result = -ENOENT;
		for (tries = 0; job->result == -ENOENT && tries < SHOW_TRIES; tries++)
			job->result = show_once(engine, job);
		break;
	case JOB_INLINE:
		inline_run(engine, job);
		break;
	}
	engine_post(engine, &job->message);
}

void *publisher_main(void *context)
{
	struct engine *engine = context;
	struct job *job;

	for (;;) {
		{
			WITH_LOCK(&engine->publisher_lock);
			while (!engine->jobs && !engine->publisher_stops)
				pthread_cond_wait(&engine->publisher_wake, &engine->publisher_lock);
			if (engine->publisher_stops)
				return NULL;
			job = engine->jobs;
			engine->jobs = job->next;
			if (!engine->jobs)
				engine->jobs_end = &engine->jobs;
		}
		run_job(engine, job);
	}
}
