/* SPDX-License-Identifier: MIT */
/* The queue: all takes under way, for those who ask from other threads.
 *
 * A ring under index_lock, in the order in which they came into it.  Whoever reads it leaves a mark
 * between the takes and copies a few at a time, so that nobody waits long for the lock; what comes
 * after the beginning is left out, so that it ends.  The copies are sorted without a lock.
 */
#include "engine-private.h"

#include <stdlib.h>
#include <string.h>

#define COPIES_MAX 128       /* takes that are copied under one hold of the lock */
#define ROOM_STEP (64 << 10) /* bytes of paths that are made room for each time */

void queue_init(struct engine *engine)
{
	engine->queue.next = engine->queue.previous = &engine->queue;
	engine->queue_changed_ms = engine_wall_ms(engine);
}

static void place_insert(struct queue_place *place, struct queue_place *before)
{
	place->next = before;
	place->previous = before->previous;
	before->previous->next = place;
	before->previous = place;
}

static void place_remove(struct queue_place *place)
{
	if (!place->next)
		return;
	place->previous->next = place->next;
	place->next->previous = place->previous;
	place->next = place->previous = NULL;
}

/* With the lock held. */
static void leave(struct engine *engine, struct take *take)
{
	if (!take->place.next)
		return;
	place_remove(&take->place);
	take->prompt->under_way--;
	engine->queue_changed_ms = engine_wall_ms(engine);
}

/* With the lock held. */
static void wait_in(struct engine *engine, struct take *take, enum queue_line line)
{
	struct queue_place *place = &take->place;

	/* What was sent stays where it is, whatever the provider says of it. */
	if (line != QUEUE_SENT || place->line != line || !place->turn)
		place->turn = ++engine->queue_turn;
	place->line = line;
	place->when = line == QUEUE_SETTLING ? take->ready_us
	              : line == QUEUE_SENT   ? take->row.submitted_ms
	                                     : 0;
	engine->queue_changed_ms = engine_wall_ms(engine);
}

void queue_line(struct engine *engine, struct take *take, enum queue_line line)
{
	WITH_LOCK(&engine->index_lock);
	if (take->place.next && take->place.state == TASK_QUEUED && take->place.line != line)
		wait_in(engine, take, line);
}

void queue_state(struct engine *engine, struct take *take)
{
	struct queue_place *place = &take->place;
	const struct store_take *row = &take->row;

	WITH_LOCK(&engine->index_lock);
	if (!task_state_is_under_way(row->state)) {
		leave(engine, take);
		return;
	}
	place->created_ms = row->created_ms;
	if (!place->next) {
		place->prompt = take->prompt;
		place->number = ++engine->queue_turn;
		place_insert(place, &engine->queue);
		take->prompt->under_way++;
	} else if (place->state == row->state) {
		if (place->line == QUEUE_SETTLING)
			place->when = take->ready_us;
		return;
	}
	place->state = row->state;
	wait_in(engine, take, row->state == TASK_QUEUED ? QUEUE_SETTLING : QUEUE_SENT);
}

void queue_remove(struct engine *engine, struct take *take)
{
	WITH_LOCK(&engine->index_lock);
	leave(engine, take);
}

int64_t engine_queue_changed_ms(struct engine *engine)
{
	WITH_LOCK(&engine->index_lock);
	return engine->queue_changed_ms;
}

/* ---- reading ---- */

struct copy {
	struct queue_place place; /* links are of no use */
	size_t path;              /* in paths */
};

struct copies {
	struct queue_place mark; /* in the ring, after what was copied; without a prompt */
	uint64_t last;           /* the last number when it began */
	struct copy *items;
	size_t count, capacity;
	char *paths;
	size_t used, room;
	size_t wanted; /* room for the next path */
};

/* Makes room for what one hold of the lock may copy. */
static int make_room(struct copies *copies)
{
	if (copies->capacity - copies->count < COPIES_MAX) {
		size_t capacity = copies->capacity * 2 + COPIES_MAX;
		struct copy *grown = reallocarray(copies->items, capacity, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		copies->items = grown;
		copies->capacity = capacity;
	}
	if (copies->room - copies->used < copies->wanted) {
		size_t room = copies->room * 2 + copies->wanted + ROOM_STEP;
		char *grown = realloc(copies->paths, room);

		if (!grown)
			return -ENOMEM;
		copies->paths = grown;
		copies->room = room;
	}
	return 0;
}

/* Copies the next few; true where there may be more. */
static bool copy_some(struct engine *engine, struct copies *copies)
{
	struct queue_place *place;
	size_t steps;
	bool more;

	WITH_LOCK(&engine->index_lock);
	if (!copies->mark.next) {
		place_insert(&copies->mark, engine->queue.next);
		copies->last = engine->queue_turn;
	}
	place = copies->mark.next;
	for (steps = 0; steps < COPIES_MAX && place != &engine->queue; steps++) {
		if (place->prompt) {
			const char *path = place->prompt->row.path;

			if (place->number > copies->last)
				break;
			copies->wanted = strlen(path) + 1;
			if (copies->room - copies->used < copies->wanted)
				break;
			memcpy(copies->paths + copies->used, path, copies->wanted);
			copies->items[copies->count++] = (struct copy){*place, copies->used};
			copies->used += copies->wanted;
		}
		place = place->next;
	}
	more = place != &engine->queue && (!place->prompt || place->number <= copies->last);
	place_remove(&copies->mark);
	if (more)
		place_insert(&copies->mark, place);
	return more;
}

static int copy_all(struct engine *engine, struct copies *copies)
{
	int r;

	do
		r = make_room(copies);
	while (r == 0 && copy_some(engine, copies));
	if (r < 0) {
		WITH_LOCK(&engine->index_lock);
		place_remove(&copies->mark);
	}
	return r;
}

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int copy_compare(const void *a, const void *b)
{
	const struct queue_place *first = &((const struct copy *)a)->place;
	const struct queue_place *second = &((const struct copy *)b)->place;
	int r = compare(first->line, second->line);

	if (r == 0)
		r = compare(first->when, second->when);
	return r ? r : compare((int64_t)first->turn, (int64_t)second->turn);
}

int engine_each_queued(struct engine *engine,
        int (*callback)(void *context, const struct engine_queued *queued), void *context)
{
	struct copies copies = {.wanted = 1};
	int64_t now_ms = engine_wall_ms(engine);
	int r = copy_all(engine, &copies);
	size_t i;

	if (r == 0 && copies.count > 0)
		qsort(copies.items, copies.count, sizeof(*copies.items), copy_compare);
	for (i = 0; r == 0 && i < copies.count; i++) {
		const struct queue_place *place = &copies.items[i].place;
		const struct engine_queued queued = {
		        .path = copies.paths + copies.items[i].path,
		        .state = place->state,
		        .age_ms = now_ms > place->created_ms ? now_ms - place->created_ms : 0,
		};

		r = callback(context, &queued);
	}
	free(copies.items);
	free(copies.paths);
	return r;
}
