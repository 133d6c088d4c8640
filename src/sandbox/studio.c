/* SPDX-License-Identifier: MIT */
/* A sheet is a picture that somebody asked for: wanted, then being drawn, then finished or failed.
 * Sheets stand in the order in which they were asked for; the drawing thread takes the first wanted
 * one.  A finished sheet stays until the memory is needed for others (the longest unused first), a
 * failed one until its last waiter has gone.  One drawing at a time bounds the memory that surfaces
 * take.  The lock guards everything but the prints' reference counts.
 */
#include <stdio.h>
#include <string.h>

#include "studio.h"

#define KEPT_BYTES_MAX ((size_t)192 << 20)
#define KEPT_SHEETS_MAX 256

enum sheet_state { SHEET_WANTED, SHEET_DRAWING, SHEET_FINISHED, SHEET_FAILED };

struct sheet {
	struct sheet *next;
	char name[64];
	struct picture_spec spec;
	enum sheet_state state;
	int error;
	struct blob *print;
	unsigned waiters;
	uint64_t used;
};

struct studio {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	struct sheet *sheets;
	uint64_t uses;
	bool stopping;
};

/* ---- sheets, under the lock ---- */

static void sheet_remove(struct studio *studio, struct sheet *sheet)
{
	for (struct sheet **link = &studio->sheets; *link; link = &(*link)->next) {
		if (*link == sheet) {
			*link = sheet->next;
			break;
		}
	}
	blob_unref(sheet->print);
	free(sheet);
}

/* Removes unused sheets until the rest is within the limits. */
static void sheets_trim(struct studio *studio)
{
	for (;;) {
		struct sheet *oldest = NULL;
		size_t bytes = 0, count = 0;

		for (struct sheet *sheet = studio->sheets; sheet; sheet = sheet->next) {
			count++;
			bytes += sheet->print ? sheet->print->size : 0;
			if (sheet->waiters == 0 && sheet->state == SHEET_FINISHED &&
			        (!oldest || sheet->used < oldest->used))
				oldest = sheet;
		}
		if (!oldest || (bytes <= KEPT_BYTES_MAX && count <= KEPT_SHEETS_MAX))
			return;
		sheet_remove(studio, oldest);
	}
}

static struct sheet *sheet_find(struct studio *studio, const char *name)
{
	for (struct sheet *sheet = studio->sheets; sheet; sheet = sheet->next)
		if (sheet->state != SHEET_FAILED && strcmp(sheet->name, name) == 0)
			return sheet;
	return NULL;
}

static struct sheet *sheet_add(
        struct studio *studio, const char *name, const struct picture_spec *spec)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet)), **end = &studio->sheets;

	if (!sheet)
		return NULL;
	snprintf(sheet->name, sizeof(sheet->name), "%s", name);
	sheet->spec = *spec;
	while (*end)
		end = &(*end)->next;
	*end = sheet;
	return sheet;
}

static struct sheet *sheet_wanted(struct studio *studio)
{
	for (struct sheet *sheet = studio->sheets; sheet; sheet = sheet->next)
		if (sheet->state == SHEET_WANTED)
			return sheet;
	return NULL;
}

/* ---- the thread ---- */

static bool stop_asked(void *context)
{
	struct studio *studio = context;
	WITH_LOCK(&studio->lock);

	return studio->stopping;
}

/* Draws without the lock, which the caller holds before and after. */
static void sheet_draw(struct studio *studio, struct sheet *sheet)
{
	const struct give_up give_up = {stop_asked, studio};
	CLEANUP(buf_done) struct buf file = {0};
	struct blob *print = NULL;
	int r;

	sheet->state = SHEET_DRAWING;
	pthread_mutex_unlock(&studio->lock);
	r = picture_draw(&sheet->spec, &give_up, &file);
	if (r == 0)
		r = blob_new(&file, &print);
	pthread_mutex_lock(&studio->lock);
	sheet->print = print;
	sheet->error = r;
	sheet->state = r == 0 ? SHEET_FINISHED : SHEET_FAILED;
	sheet->used = ++studio->uses;
	pthread_cond_broadcast(&studio->changed);
}

static void *studio_thread(void *context)
{
	struct studio *studio = context;

	pthread_mutex_lock(&studio->lock);
	while (!studio->stopping) {
		struct sheet *sheet = sheet_wanted(studio);

		if (sheet)
			sheet_draw(studio, sheet);
		else
			pthread_cond_wait(&studio->changed, &studio->lock);
	}
	pthread_mutex_unlock(&studio->lock);
	picture_thread_done();
	return NULL;
}

/* ---- from outside ---- */

int studio_new(struct studio **ret_studio)
{
	struct studio *studio = calloc(1, sizeof(*studio));
	int r;

	if (!studio)
		return -ENOMEM;
	pthread_mutex_init(&studio->lock, NULL);
	pthread_cond_init(&studio->changed, NULL);
	r = pthread_create(&studio->thread, NULL, studio_thread, studio);
	if (r != 0) {
		pthread_cond_destroy(&studio->changed);
		pthread_mutex_destroy(&studio->lock);
		free(studio);
		return -r;
	}
	*ret_studio = studio;
	return 0;
}

int studio_print(struct studio *studio, const char *name, const struct picture_spec *spec,
        struct blob **ret_print)
{
	WITH_LOCK(&studio->lock);
	struct sheet *sheet = sheet_find(studio, name);
	int r;

	if (!sheet)
		sheet = sheet_add(studio, name, spec);
	if (!sheet)
		return -ENOMEM;
	sheet->waiters++;
	pthread_cond_broadcast(&studio->changed);
	while (!studio->stopping && sheet->state != SHEET_FINISHED && sheet->state != SHEET_FAILED)
		pthread_cond_wait(&studio->changed, &studio->lock);
	sheet->waiters--;
	sheet->used = ++studio->uses;
	r = studio->stopping ? -ECANCELED : sheet->error;
	if (r == 0)
		*ret_print = blob_ref(sheet->print);
	if (sheet->state == SHEET_FAILED && sheet->waiters == 0)
		sheet_remove(studio, sheet);
	sheets_trim(studio);
	return r;
}

void studio_stop(struct studio *studio)
{
	WITH_LOCK(&studio->lock);

	studio->stopping = true;
	pthread_cond_broadcast(&studio->changed);
}

void studio_free(struct studio *studio)
{
	if (!studio)
		return;
	pthread_join(studio->thread, NULL);
	while (studio->sheets)
		sheet_remove(studio, studio->sheets);
	pthread_cond_destroy(&studio->changed);
	pthread_mutex_destroy(&studio->lock);
	free(studio);
}
