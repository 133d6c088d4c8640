/* SPDX-License-Identifier: MIT */
/* sched: when things may happen.  Pure: time is an argument in microseconds, never read. */
#pragma once

#include "darkroom/base.h"

/* A token bucket: at most `burst` at once and `count` in each `period_us` on average. */
struct bucket {
	int64_t period_us;
	int64_t count;
	int64_t burst;
	int64_t level; /* a token is period_us of it; a microsecond earns count */
	int64_t at_us;
};

/* A full bucket.  period_us, count and burst are at least 1. */
void bucket_init(
        struct bucket *bucket, int64_t period_us, int64_t count, int64_t burst, int64_t now_us);
/* Takes one token and returns 0, or returns the microseconds until there will be one.  A clock that
 * steps back gives nothing; one that leaps does not overflow. */
int64_t bucket_take(struct bucket *bucket, int64_t now_us) NODISCARD;
/* The time until a token is there, without taking it; 0 if now. */
int64_t bucket_delay(struct bucket *bucket, int64_t now_us) NODISCARD;

/* The delay before attempt number `attempt` (0 is the first repetition): first_us doubled each time
 * up to most_us, then spread by +-25 % with `random`, any 32 random bits. */
int64_t backoff_us(unsigned attempt, int64_t first_us, int64_t most_us, uint32_t random);

/* One due time in a due-time queue; embedded in the object that waits. */
struct due {
	int64_t at_us;
	size_t position; /* in the heap plus 1; 0 when not queued */
};

/* A binary heap of due times. */
struct due_queue {
	struct due **heap;
	size_t count;
	size_t capacity;
};

/* Queues or moves; -ENOMEM leaves the queue as it was.  The object is borrowed until removed. */
int due_set(struct due_queue *queue, struct due *due, int64_t at_us) NODISCARD;
void due_remove(struct due_queue *queue, struct due *due);
/* The earliest, not removed, or NULL. */
struct due *due_first(const struct due_queue *queue);
void due_queue_done(struct due_queue *queue);
