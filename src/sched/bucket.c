/* SPDX-License-Identifier: MIT */
/* A token costs period_us of the level and a microsecond earns `count` of it, so that nothing is
 * ever rounded: 3 in 10 s stays exactly that. */
#include "darkroom/sched.h"

static int64_t capped_product(int64_t a, int64_t b)
{
	int64_t product;

	return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

static int64_t full(const struct bucket *bucket)
{
	return capped_product(bucket->period_us, bucket->burst);
}

static void refill(struct bucket *bucket, int64_t now_us)
{
	int64_t passed, missing = full(bucket) - bucket->level;

	if (now_us <= bucket->at_us)
		return;
	if (__builtin_sub_overflow(now_us, bucket->at_us, &passed))
		passed = INT64_MAX;
	bucket->at_us = now_us;
	passed = capped_product(passed, bucket->count);
	bucket->level += passed < missing ? passed : missing;
}

void bucket_init(
        struct bucket *bucket, int64_t period_us, int64_t count, int64_t burst, int64_t now_us)
{
	*bucket = (struct bucket){
	        .period_us = period_us, .count = count, .burst = burst, .at_us = now_us};
	bucket->level = full(bucket);
}

int64_t bucket_delay(struct bucket *bucket, int64_t now_us)
{
	int64_t missing, back = 0, delay;

	refill(bucket, now_us);
	missing = bucket->period_us - bucket->level;
	if (missing <= 0)
		return 0;
	/* Nothing is earned until a clock that stepped back is where it was. */
	if (now_us < bucket->at_us && __builtin_sub_overflow(bucket->at_us, now_us, &back))
		back = INT64_MAX;
	delay = (missing - 1) / bucket->count + 1;
	return __builtin_add_overflow(delay, back, &delay) ? INT64_MAX : delay;
}

int64_t bucket_take(struct bucket *bucket, int64_t now_us)
{
	int64_t delay = bucket_delay(bucket, now_us);

	if (delay == 0)
		bucket->level -= bucket->period_us;
	return delay;
}
