/* SPDX-License-Identifier: MIT */
/* Prompts by path, a hash table under index_lock; and what the name space tells the engine. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define BUCKETS_FIRST 256

static size_t path_hash(const char *path)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	return (size_t)(hash ^ hash >> 32);
}

static struct prompt **bucket_of(struct engine *engine, const char *path)
{
	return &engine->buckets[path_hash(path) & (engine->bucket_count - 1)];
}

static struct prompt *find_locked(struct engine *engine, const char *path)
{
	struct prompt *prompt;

	if (!engine->bucket_count)
		return NULL;
	for (prompt = *bucket_of(engine, path); prompt; prompt = prompt->next_in_bucket)
		if (strcmp(prompt->row.path, path) == 0)
			return prompt;
	return NULL;
}

static void insert_locked(struct engine *engine, struct prompt *prompt)
{
	struct prompt **bucket = bucket_of(engine, prompt->row.path);

	prompt->next_in_bucket = *bucket;
	*bucket = prompt;
	engine->prompt_count++;
}

static void remove_locked(struct engine *engine, struct prompt *prompt)
{
	struct prompt **at = bucket_of(engine, prompt->row.path);

	while (*at && *at != prompt)
		at = &(*at)->next_in_bucket;
	if (*at) {
		*at = prompt->next_in_bucket;
		prompt->next_in_bucket = NULL;
		engine->prompt_count--;
	}
}

/* Makes room for one more; with less memory than wanted the chains just get longer. */
static int grow_locked(struct engine *engine)
{
	size_t count = engine->bucket_count ? engine->bucket_count * 2 : BUCKETS_FIRST, i;
	struct prompt **old = engine->buckets, *prompt;
	size_t old_count = engine->bucket_count;

	if (engine->prompt_count < old_count)
		return 0;
	engine->buckets = calloc(count, sizeof(*engine->buckets));
	if (!engine->buckets) {
		engine->buckets = old;
		return old ? 0 : -ENOMEM;
	}
	engine->bucket_count = count;
	engine->prompt_count = 0;
	for (i = 0; i < old_count; i++) {
		while ((prompt = old[i])) {
			old[i] = prompt->next_in_bucket;
			insert_locked(engine, prompt);
		}
	}
	free(old);
	return 0;
}

struct prompt *prompt_new(void)
{
	struct prompt *prompt = calloc(1, sizeof(*prompt));

	if (prompt)
		prompt->waiting_end = &prompt->waiting;
	return prompt;
}

void prompt_free(struct prompt *prompt)
{
	if (!prompt)
		return;
	while (prompt->takes) {
		struct take *take = prompt->takes;

		prompt->takes = take->older;
		take_free(take);
	}
	view_unref(prompt->view);
	store_prompt_done(&prompt->row);
	free(prompt);
}

bool prompt_is_deleted(struct engine *engine, struct prompt *prompt, int64_t *ret_since_us)
{
	WITH_LOCK(&engine->index_lock);
	if (ret_since_us)
		*ret_since_us = prompt->deleted_us;
	return prompt->row.deleted;
}

char *prompt_path(struct engine *engine, struct prompt *prompt)
{
	WITH_LOCK(&engine->index_lock);
	return strdup(prompt->row.path);
}

int index_add(struct engine *engine, struct prompt *prompt)
{
	struct prompt *other;
	int r;

	WITH_LOCK(&engine->index_lock);
	r = grow_locked(engine);
	if (r < 0)
		return r;
	/* Several records of files that are gone may have one path; the newest is the one to wait.
	 */
	other = find_locked(engine, prompt->row.path);
	if (other && !other->row.deleted && prompt->row.deleted) {
		prompt->given_up = true;
		return 0;
	}
	if (other) {
		remove_locked(engine, other);
		other->given_up = true;
	}
	insert_locked(engine, prompt);
	return 0;
}

struct prompt *index_find(struct engine *engine, const char *path)
{
	struct prompt *prompt;

	WITH_LOCK(&engine->index_lock);
	prompt = find_locked(engine, path);
	/* One that is no record may be freed by whoever has it open. */
	return prompt && prompt->recorded ? prompt : NULL;
}

/* A prompt without a row in the store, known here only because somebody has it open. */
static struct prompt *make_locked(struct engine *engine, const char *path)
{
	struct prompt *prompt;

	if (grow_locked(engine) < 0)
		return NULL;
	prompt = prompt_new();
	if (!prompt)
		return NULL;
	prompt->row.path = strdup(path);
	if (!prompt->row.path) {
		prompt_free(prompt);
		return NULL;
	}
	insert_locked(engine, prompt);
	return prompt;
}

struct prompt *index_claim(struct engine *engine, const char *path)
{
	struct prompt *prompt;

	WITH_LOCK(&engine->index_lock);
	prompt = find_locked(engine, path);
	if (!prompt)
		prompt = make_locked(engine, path);
	if (prompt && !prompt->recorded) {
		prompt->recorded = true;
		uuid_text_make(prompt->row.uuid);
		prompt->next = engine->prompts;
		engine->prompts = prompt;
	}
	return prompt;
}

void index_free(struct engine *engine)
{
	size_t i;

	for (i = 0; i < engine->bucket_count; i++) {
		struct prompt *prompt = engine->buckets[i], *next;

		for (; prompt; prompt = next) {
			next = prompt->next_in_bucket;
			if (!prompt->recorded)
				prompt_free(prompt);
		}
	}
	free(engine->buckets);
}

/* Forgets a prompt that nobody has open and that never became a record. */
static void drop_if_unused_locked(struct engine *engine, struct prompt *prompt)
{
	if (prompt->recorded || prompt->writers > 0)
		return;
	remove_locked(engine, prompt);
	prompt_free(prompt);
}

struct view *engine_view(struct engine *engine, const char *path)
{
	struct prompt *prompt;

	WITH_LOCK(&engine->index_lock);
	prompt = find_locked(engine, path);
	if (!prompt || prompt->row.deleted || !prompt->view)
		return NULL;
	return view_ref(prompt->view);
}

/* The settle time may end now. */
struct release {
	struct message message;
	char *path;
};

static void release_run(struct engine *engine, struct message *message)
{
	struct release *release = (struct release *)message;
	struct prompt *prompt = index_find(engine, release->path);

	if (prompt)
		prompt_goes_on(engine, prompt);
	free(release->path);
	free(release);
}

void engine_writers(struct engine *engine, const char *path, int change)
{
	struct release *release = NULL;

	{
		struct prompt *prompt;

		WITH_LOCK(&engine->index_lock);
		prompt = find_locked(engine, path);
		if (!prompt && change > 0)
			prompt = make_locked(engine, path);
		if (!prompt)
			return;
		prompt->writers += change;
		if (prompt->writers > 0)
			return;
		prompt->writers = 0;
		prompt->released_us = engine_now_us(engine);
		if (!prompt->recorded) {
			drop_if_unused_locked(engine, prompt);
			return;
		}
	}
	release = calloc(1, sizeof(*release));
	if (!release)
		return; /* the order's own timer looks again */
	release->path = strdup(path);
	if (!release->path) {
		free(release);
		return;
	}
	release->message.run = release_run;
	if (!engine_post(engine, &release->message)) {
		free(release->path);
		free(release);
	}
}

/* The part of path below directory, beginning with its slash; "" for the same; NULL for neither. */
static const char *path_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	if (strncmp(path, directory, length) != 0)
		return NULL;
	return path[length] == '\0' || path[length] == '/' ? path + length : NULL;
}

/* Takes all prompts at or below `from` out of the table, with their new paths in row.path. */
static struct prompt *detach_locked(struct engine *engine, const char *from, const char *to)
{
	struct prompt *moved = NULL, **at, *prompt;
	size_t i;

	for (i = 0; i < engine->bucket_count; i++) {
		for (at = &engine->buckets[i]; (prompt = *at);) {
			const char *rest = path_below(prompt->row.path, from);
			char *path = NULL;

			/* A file that is gone does not come along when its name moves. */
			if (rest && !*rest && prompt->row.deleted)
				rest = NULL;
			if (!rest || asprintf(&path, "%s%s", to, rest) < 0) {
				at = &prompt->next_in_bucket;
				continue;
			}
			*at = prompt->next_in_bucket;
			engine->prompt_count--;
			free(prompt->row.path);
			prompt->row.path = path;
			if (prompt->under_way)
				engine->queue_changed_ms = engine_wall_ms(engine);
			prompt->next_in_bucket = moved;
			moved = prompt;
		}
	}
	return moved;
}

static void attach_locked(struct engine *engine, struct prompt *moved)
{
	struct prompt *prompt, *other;

	while ((prompt = moved)) {
		moved = prompt->next_in_bucket;
		other = find_locked(engine, prompt->row.path);
		if (other) {
			remove_locked(engine, other);
			other->given_up = true;
			other->row.deleted = true;
			other->deleted_us = engine_now_us(engine);
			if (!other->recorded)
				prompt_free(other);
		}
		insert_locked(engine, prompt);
	}
}

/* The files that takes refer to move along, on the engine's thread. */
struct moved {
	struct message message;
	char *from, *to;
	bool exchange;
};

static void moved_free(struct moved *moved)
{
	free(moved->from);
	free(moved->to);
	free(moved);
}

static bool move_reference(struct reference *reference, const char *from, const char *to)
{
	const char *rest = reference->path ? path_below(reference->path, from) : NULL;
	char *path = NULL;

	if (!rest || asprintf(&path, "%s%s", to, rest) < 0)
		return false;
	free(reference->path);
	reference->path = path;
	return true;
}

static bool move_references(struct store_take *row, const struct moved *moved)
{
	bool any = false;
	size_t i;

	for (i = 0; i < row->request.reference_count; i++) {
		struct reference *reference = &row->request.references[i];

		any |= move_reference(reference, moved->from, moved->to) ||
		       (moved->exchange && move_reference(reference, moved->to, moved->from));
	}
	return any;
}

static void moved_run(struct engine *engine, struct message *message)
{
	struct moved *moved = (struct moved *)message;
	struct change *change;
	struct prompt *prompt;
	struct take *take;

	for (change = engine->changes; change; change = change->next)
		move_references(&change->row, moved);
	for (prompt = engine->prompts; prompt; prompt = prompt->next) {
		bool any = false;

		for (take = prompt->takes; take; take = take->older)
			any |= move_references(&take->row, moved);
		if (any)
			view_publish(engine, prompt);
	}
	moved_free(moved);
}

static void moved_post(struct engine *engine, const char *from, const char *to, bool exchange)
{
	struct moved *moved = calloc(1, sizeof(*moved));

	if (!moved)
		return;
	moved->message.run = moved_run;
	moved->exchange = exchange;
	if (row_set(&moved->from, from) < 0 || row_set(&moved->to, to) < 0 ||
	        !engine_post(engine, &moved->message))
		moved_free(moved);
}

void engine_moved(struct engine *engine, const char *from, const char *to, bool exchange)
{
	int r;

	{
		struct prompt *there = NULL, *back = NULL;

		WITH_LOCK(&engine->index_lock);
		there = detach_locked(engine, from, to);
		if (exchange)
			back = detach_locked(engine, to, from);
		attach_locked(engine, there);
		attach_locked(engine, back);
	}
	moved_post(engine, from, to, exchange);
	r = store_move(engine->store, from, to, exchange, NULL, NULL);
	if (r < 0)
		log_warning("a rename could not be recorded: %s", strerror(-r));
}

void engine_deleted(struct engine *engine, const char *path)
{
	struct store_change change = {.wall_ms = engine_wall_ms(engine)};
	struct prompt *prompt;

	WITH_LOCK(&engine->index_lock);
	prompt = find_locked(engine, path);
	if (!prompt || prompt->row.deleted)
		return;
	prompt->row.deleted = true;
	prompt->deleted_us = engine_now_us(engine);
	if (!prompt->recorded)
		return;
	change.prompt = &prompt->row;
	if (store_write(engine->store, &change, NULL, NULL) < 0)
		log_warning("the removal of a prompt could not be recorded: no memory");
}

int engine_each_known(struct engine *engine,
        int (*callback)(void *context, const struct engine_known *known), void *context)
{
	struct store_prompt *rows = NULL;
	size_t count = 0, i;
	int r = 0;

	{
		struct prompt *prompt;

		WITH_LOCK(&engine->index_lock);
		rows = calloc(engine->prompt_count + 1, sizeof(*rows));
		if (!rows)
			return -ENOMEM;
		for (i = 0; i < engine->bucket_count && r == 0; i++)
			for (prompt = engine->buckets[i]; prompt && r == 0;
			        prompt = prompt->next_in_bucket)
				if (prompt->recorded && !prompt->row.deleted)
					r = store_prompt_copy(&prompt->row, &rows[count++]);
	}
	for (i = 0; i < count; i++) {
		const struct engine_known known = {
		        .path = rows[i].path,
		        .ctime_ns = rows[i].ctime_ns,
		        .content = rows[i].content,
		        .content_size = rows[i].content_size,
		};

		if (r == 0)
			r = callback(context, &known);
		store_prompt_done(&rows[i]);
	}
	free(rows);
	return r;
}
