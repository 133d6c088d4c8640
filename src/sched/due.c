/* SPDX-License-Identifier: MIT */
/* A binary heap whose elements know their place: heap[i] is not later than heap[2i+1] and
 * heap[2i+2], and heap[i]->position is i + 1. */
#include "darkroom/sched.h"

#define DUE_FIRST_CAPACITY 16

static void place(struct due_queue *queue, size_t at, struct due *due)
{
	queue->heap[at] = due;
	due->position = at + 1;
}

static void rise(struct due_queue *queue, size_t at, struct due *due)
{
	while (at > 0) {
		size_t parent = (at - 1) / 2;

		if (queue->heap[parent]->at_us <= due->at_us)
			break;
		place(queue, at, queue->heap[parent]);
		at = parent;
	}
	place(queue, at, due);
}

static void sink(struct due_queue *queue, size_t at, struct due *due)
{
	for (;;) {
		size_t child = at * 2 + 1;

		if (child >= queue->count)
			break;
		if (child + 1 < queue->count &&
		        queue->heap[child + 1]->at_us < queue->heap[child]->at_us)
			child++;
		if (due->at_us <= queue->heap[child]->at_us)
			break;
		place(queue, at, queue->heap[child]);
		at = child;
	}
	place(queue, at, due);
}

/* Puts it where it belongs, at or around the place `at`. */
static void settle(struct due_queue *queue, size_t at, struct due *due)
{
	if (at > 0 && queue->heap[(at - 1) / 2]->at_us > due->at_us)
		rise(queue, at, due);
	else
		sink(queue, at, due);
}

static int grow(struct due_queue *queue)
{
	size_t capacity = queue->capacity ? queue->capacity * 2 : DUE_FIRST_CAPACITY;
	struct due **heap = reallocarray(queue->heap, capacity, sizeof(struct due *));

	if (!heap)
		return -ENOMEM;
	queue->heap = heap;
	queue->capacity = capacity;
	return 0;
}

int due_set(struct due_queue *queue, struct due *due, int64_t at_us)
{
	if (due->position > 0) {
		due->at_us = at_us;
		settle(queue, due->position - 1, due);
		return 0;
	}
	if (queue->count == queue->capacity) {
		int r = grow(queue);

		if (r < 0)
			return r;
	}
	due->at_us = at_us;
	rise(queue, queue->count++, due);
	return 0;
}

void due_remove(struct due_queue *queue, struct due *due)
{
	struct due *last;
	size_t at;

	/* The queue may be done before those who waited in it. */
	if (due->position == 0 || due->position > queue->count)
		return;
	at = due->position - 1;
	due->position = 0;
	last = queue->heap[--queue->count];
	if (last != due)
		settle(queue, at, last);
}

struct due *due_first(const struct due_queue *queue)
{
	return queue->count > 0 ? queue->heap[0] : NULL;
}

void due_queue_done(struct due_queue *queue)
{
	free(queue->heap);
	*queue = (struct due_queue){0};
}
