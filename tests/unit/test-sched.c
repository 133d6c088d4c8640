/* SPDX-License-Identifier: MIT */
#include "darkroom/sched.h"

#include "tap.h"

#include <time.h>

/* ---- bucket ---- */

static void test_bucket_steps(void)
{
	struct bucket b;

	/* Two a second, one at once. */
	bucket_init(&b, US_PER_S, 2, 1, 0);
	OK(bucket_delay(&b, 0) == 0);
	OK(bucket_delay(&b, 0) == 0);
	OK(bucket_take(&b, 0) == 0);
	OK(bucket_take(&b, 0) == 500000);
	OK(bucket_delay(&b, 1) == 499999);
	OK(bucket_take(&b, 499999) == 1);
	OK(bucket_take(&b, 500000) == 0);
	OK(bucket_take(&b, 500000) == 500000);
	/* A clock that steps back gives nothing, and has to make up for it. */
	OK(bucket_take(&b, 400000) == 600000);
	OK(bucket_take(&b, 999999) == 1);
	OK(bucket_take(&b, 1000000) == 0);
	/* Long idle: no more than the burst. */
	OK(bucket_take(&b, 3600 * US_PER_S) == 0);
	OK(bucket_take(&b, 3600 * US_PER_S) == 500000);
}

static void test_bucket_burst(void)
{
	struct bucket b;
	int i;

	/* Twenty in ten seconds, twenty at once. */
	bucket_init(&b, 10 * US_PER_S, 20, 20, 1000);
	for (i = 0; i < 20; i++)
		OK(bucket_take(&b, 1000) == 0);
	OK(bucket_take(&b, 1000) == 500000);
	OK(bucket_take(&b, 501000) == 0);
	OK(bucket_take(&b, 501000) == 500000);
	for (i = 0; i < 20; i++)
		OK(bucket_take(&b, 10501000) == 0);
	OK(bucket_take(&b, 10501000) == 500000);
}

/* 3 in 10 s is no whole number of microseconds a token; nothing is lost or won over time. */
static void test_bucket_exact(void)
{
	struct bucket b;
	int64_t now = 0, taken = 0;

	bucket_init(&b, 10 * US_PER_S, 3, 2, now);
	while (now <= 1000 * US_PER_S) {
		int64_t delay = bucket_take(&b, now);

		if (delay == 0)
			taken++;
		else
			now += delay;
	}
	OK(taken == 302);
	/* Asking often changes nothing. */
	bucket_init(&b, 1000, 7, 1, 0);
	for (now = 0, taken = 0; now <= 100000; now++)
		taken += bucket_take(&b, now) == 0;
	OK(taken >= 695 && taken <= 701);
}

/* The delay that is told is exactly the time until there is a token. */
static void test_bucket_delay_is_exact(void)
{
	static const int64_t rates[][3] = {
	        {1, 1, 1}, {10, 3, 2}, {1000, 7, 5}, {999, 1000, 1}, {1, 5, 1}, {60000000, 1, 1}};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		struct bucket b, before;
		int64_t now = 5, delay;
		bool exact = true;
		int round;

		bucket_init(&b, rates[i][0], rates[i][1], rates[i][2], now);
		for (round = 0; round < 50; round++) {
			delay = bucket_take(&b, now);
			if (delay == 0)
				continue;
			before = b;
			exact &= delay == 1 || bucket_delay(&before, now + delay - 1) > 0;
			before = b;
			exact &= bucket_delay(&before, now + delay) == 0;
			now += delay;
		}
		OK(exact);
	}
}

static void test_bucket_leaps(void)
{
	struct bucket b;

	bucket_init(&b, US_PER_S, 2, 1, 0);
	OK(bucket_take(&b, INT64_MAX) == 0);
	OK(bucket_take(&b, INT64_MAX) == 500000);
	OK(bucket_take(&b, 0) == INT64_MAX);
	OK(bucket_take(&b, INT64_MIN) == INT64_MAX);
	bucket_init(&b, US_PER_S, 2, 1, INT64_MIN);
	OK(bucket_take(&b, INT64_MIN) == 0);
	OK(bucket_take(&b, INT64_MIN) == 500000);
	OK(bucket_take(&b, INT64_MAX) == 0);
	bucket_init(&b, INT64_MAX, INT64_MAX, INT64_MAX, 0);
	OK(bucket_take(&b, 0) == 0);
	OK(bucket_take(&b, 0) == 1);
	OK(bucket_take(&b, 1) == 0);
	bucket_init(&b, INT64_MAX, 1, 1, 0);
	OK(bucket_take(&b, 0) == 0);
	OK(bucket_take(&b, 0) == INT64_MAX);
	OK(bucket_take(&b, INT64_MAX) == 0);
	bucket_init(&b, 1, 1, 1, 0);
	OK(bucket_take(&b, 0) == 0);
	OK(bucket_take(&b, 0) == 1);
	OK(bucket_take(&b, 1) == 0);
}

/* ---- back-off ---- */

#define MIDDLE (UINT32_MAX / 2)

static bool near(int64_t got, int64_t expected)
{
	return got >= expected - 1 && got <= expected + 1;
}

static void test_backoff(void)
{
	unsigned attempt;
	bool inside = true, grows = true;

	OK(near(backoff_us(0, 1000000, 60000000, MIDDLE), 1000000));
	OK(near(backoff_us(1, 1000000, 60000000, MIDDLE), 2000000));
	OK(near(backoff_us(5, 1000000, 60000000, MIDDLE), 32000000));
	OK(near(backoff_us(6, 1000000, 60000000, MIDDLE), 60000000));
	OK(near(backoff_us(7, 1000000, 60000000, MIDDLE), 60000000));
	OK(near(backoff_us(UINT32_MAX, 1000000, 60000000, MIDDLE), 60000000));
	OK(backoff_us(0, 1000000, 60000000, 0) == 750000);
	OK(backoff_us(0, 1000000, 60000000, UINT32_MAX) == 1250000);
	OK(backoff_us(99, 1000000, 60000000, 0) == 45000000);
	OK(backoff_us(99, 1000000, 60000000, UINT32_MAX) == 75000000);
	for (attempt = 0; attempt < 100; attempt++) {
		int64_t plain = attempt < 10 ? INT64_C(100) << attempt : 100000;
		uint32_t random = attempt * 2654435761u;
		int64_t delay;

		plain = plain > 100000 ? 100000 : plain;
		delay = backoff_us(attempt, 100, 100000, random);
		inside &= delay >= plain - plain / 4 && delay <= plain + plain / 4;
		grows &= backoff_us(attempt + 1, 100, 100000, random) >=
		         backoff_us(attempt, 100, 100000, random);
	}
	OK(inside);
	OK(grows);
	/* Odd arguments. */
	OK(near(backoff_us(0, 100, 50, MIDDLE), 50));
	OK(backoff_us(0, 0, 0, MIDDLE) == 0);
	OK(backoff_us(3, 0, -5, MIDDLE) == 0);
	OK(backoff_us(0, 0, 100, MIDDLE) == 1);
	OK(backoff_us(2, 0, 100, MIDDLE) == 4 || backoff_us(2, 0, 100, MIDDLE) == 3);
	OK(backoff_us(0, INT64_MAX, INT64_MAX, UINT32_MAX) == INT64_MAX);
	OK(backoff_us(200, 1, INT64_MAX, UINT32_MAX) == INT64_MAX);
	OK(backoff_us(200, 1, INT64_MAX, 0) == INT64_MAX - INT64_MAX / 4);
}

/* ---- due times ---- */

static void test_due(void)
{
	struct due_queue queue = {0};
	struct due a = {0}, b = {0}, c = {0};

	OK(!due_first(&queue));
	due_remove(&queue, &a);
	OK(due_set(&queue, &b, 20) == 0);
	OK(due_first(&queue) == &b && b.at_us == 20);
	OK(due_set(&queue, &a, 10) == 0);
	OK(due_set(&queue, &c, 30) == 0);
	OK(due_first(&queue) == &a && queue.count == 3);
	OK(due_set(&queue, &a, 40) == 0);
	OK(due_first(&queue) == &b && queue.count == 3);
	OK(due_set(&queue, &c, INT64_MIN) == 0);
	OK(due_first(&queue) == &c);
	OK(due_set(&queue, &c, INT64_MAX) == 0);
	OK(due_first(&queue) == &b);
	due_remove(&queue, &b);
	OK(b.position == 0 && queue.count == 2);
	due_remove(&queue, &b);
	OK(queue.count == 2);
	OK(due_first(&queue) == &a);
	due_remove(&queue, &a);
	OK(due_first(&queue) == &c);
	due_remove(&queue, &c);
	OK(!due_first(&queue));
	OK(due_set(&queue, &a, 1) == 0);
	due_queue_done(&queue);
	OK(!due_first(&queue));
	due_remove(&queue, &a);
	due_queue_done(&queue);
}

/* The same operations on a heap and on a plain array, compared after each. */
#define MODEL_OBJECTS 200
#define MODEL_STEPS 20000

struct model {
	struct due_queue queue;
	struct due objects[MODEL_OBJECTS];
	int64_t times[MODEL_OBJECTS];
	bool queued[MODEL_OBJECTS];
	uint64_t random;
};

static uint64_t next_random(struct model *model)
{
	model->random ^= model->random << 13;
	model->random ^= model->random >> 7;
	model->random ^= model->random << 17;
	return model->random;
}

static bool heap_is_right(const struct due_queue *queue)
{
	size_t i;

	for (i = 0; i < queue->count; i++) {
		if (queue->heap[i]->position != i + 1)
			return false;
		if (i > 0 && queue->heap[(i - 1) / 2]->at_us > queue->heap[i]->at_us)
			return false;
	}
	return queue->count <= queue->capacity;
}

static bool agrees(const struct model *model)
{
	const struct due *first = due_first(&model->queue);
	int64_t earliest = INT64_MAX;
	size_t count = 0, i;

	for (i = 0; i < MODEL_OBJECTS; i++) {
		if (model->queued[i] != (model->objects[i].position > 0))
			return false;
		if (!model->queued[i])
			continue;
		count++;
		if (model->times[i] < earliest)
			earliest = model->times[i];
		if (model->objects[i].at_us != model->times[i])
			return false;
	}
	if (count != model->queue.count || !first != (count == 0))
		return false;
	return !first || first->at_us == earliest;
}

static int64_t model_time(struct model *model)
{
	switch (next_random(model) % 8) {
	case 0:
		return INT64_MAX;
	case 1:
		return INT64_MIN;
	case 2:
		return (int64_t)next_random(model);
	default:
		return (int64_t)(next_random(model) % 50); /* many that are equal */
	}
}

static bool model_step(struct model *model)
{
	size_t i = next_random(model) % MODEL_OBJECTS;
	struct due *first;

	switch (next_random(model) % 4) {
	case 0:
		due_remove(&model->queue, &model->objects[i]);
		model->queued[i] = false;
		return true;
	case 1:
		first = due_first(&model->queue);
		if (!first)
			return true;
		due_remove(&model->queue, first);
		model->queued[first - model->objects] = false;
		return true;
	default:
		model->times[i] = model_time(model);
		model->queued[i] = true;
		return due_set(&model->queue, &model->objects[i], model->times[i]) == 0;
	}
}

static void test_due_model(uint64_t seed)
{
	static struct model model;
	bool good = true;
	int64_t last = INT64_MIN;
	struct due *first;
	int step;

	model.random = seed;
	for (step = 0; good && step < MODEL_STEPS; step++)
		good = model_step(&model) && agrees(&model) && heap_is_right(&model.queue);
	if (!good)
		printf("# seed %llu, step %d\n", (unsigned long long)seed, step);
	OK_NAMED(good, "the heap agrees with the array");
	while (good && (first = due_first(&model.queue))) {
		good = first->at_us >= last;
		last = first->at_us;
		due_remove(&model.queue, first);
	}
	OK_NAMED(good, "and is emptied in order");
	due_queue_done(&model.queue);
	memset(&model, 0, sizeof(model));
}

int main(int argc, char **argv)
{
	uint64_t seed = (uint64_t)time(NULL) | 1;

	if (argc == 2 && !text_u64(argv[1], UINT64_MAX, &seed))
		return 2;
	printf("# seed %llu; run again with it as the argument\n", (unsigned long long)seed);
	test_bucket_steps();
	test_bucket_burst();
	test_bucket_exact();
	test_bucket_delay_is_exact();
	test_bucket_leaps();
	test_backoff();
	test_due();
	test_due_model(seed);
	test_due_model(88172645463325252u);
	return tap_done();
}
