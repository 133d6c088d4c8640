/* SPDX-License-Identifier: MIT */
/* What people see of the budget: why an order waits, and the page .darkroom/budget. */
#include "engine-private.h"

#include <stdio.h>

#define PLAN_US US_PER_S /* the times in reasons are worked out at most so often */
#define HOUR_MS INT64_C(3600000)
#define HOURS 26 /* lines of the page; what takes longer is in the last */

const char *budget_text(int64_t amount, char text[static BUDGET_TEXT_SIZE])
{
	snprintf(text, BUDGET_TEXT_SIZE, "%.10g", (double)amount / (double)BUDGET_CREDIT);
	return text;
}

int64_t budget_entry_over_ms(const struct budget_entry *entry, int64_t wall_ms, int64_t now_us)
{
	int64_t by_wall_ms = entry->at_ms + BUDGET_DAY_MS, left_us;

	if (!entry->at_us)
		return by_wall_ms;
	left_us = entry->at_us + BUDGET_DAY_MS * US_PER_MS - now_us;
	if (left_us > 0 && wall_ms + left_us / US_PER_MS > by_wall_ms)
		return wall_ms + left_us / US_PER_MS;
	return by_wall_ms;
}

/* ---- reasons ---- */

static size_t plan_add(const struct engine *engine, const struct due_queue *queue,
        struct budget_freed *plan, size_t count)
{
	int64_t wall_ms = engine_wall_ms(engine), now_us = engine_now_us(engine);
	size_t i;

	for (i = 0; i < queue->count; i++) {
		const struct budget_entry *entry =
		        CONTAINER(queue->heap[i], struct budget_entry, due);

		plan[count++] = (struct budget_freed){
		        .at_ms = budget_entry_over_ms(entry, wall_ms, now_us),
		        .sum = entry->amount,
		};
	}
	return count;
}

static int compare(const void *one, const void *other)
{
	const struct budget_freed *a = one, *b = other;

	return a->at_ms < b->at_ms ? -1 : a->at_ms > b->at_ms;
}

/* How much is free by when, in the order of time. */
static void plan_make(struct engine *engine)
{
	struct budget *budget = &engine->budget;
	size_t count = budget->by_wall.count + budget->by_clock.count, i;
	struct budget_freed *plan =
	        reallocarray(budget->plan, count ? count : 1, sizeof(struct budget_freed));

	if (!plan)
		return; /* the one before is nearly as good */
	budget->plan = plan;
	count = plan_add(engine, &budget->by_wall, plan, 0);
	count = plan_add(engine, &budget->by_clock, plan, count);
	qsort(plan, count, sizeof(*plan), compare);
	for (i = 1; i < count; i++)
		plan[i].sum += plan[i - 1].sum;
	budget->plan_count = count;
	budget->plan_is_old = false;
	budget->planned_us = engine_now_us(engine);
}

/* When that much has become free; false where that is not known. */
static bool plan_find(const struct budget *budget, int64_t amount, int64_t *ret_ms)
{
	size_t low = 0, high = budget->plan_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (budget->plan[middle].sum < amount)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == budget->plan_count)
		return false;
	*ret_ms = budget->plan[low].at_ms;
	return true;
}

static const char *unknown_price(bool known)
{
	return known ? "" : ", since its model has no price in the definition";
}

void budget_show(struct engine *engine, struct take *take)
{
	struct budget *budget = &engine->budget;
	char used[BUDGET_TEXT_SIZE], size[BUDGET_TEXT_SIZE], costs[BUDGET_TEXT_SIZE];
	char when[TIME_TEXT_SIZE], free_at[TIME_TEXT_SIZE + 40] = "when enough of it is free";
	int64_t price, over, at_ms;
	bool known;

	price = budget_price(take, &known);
	over = price - (budget->size - budget->used);
	if (budget->plan_is_old && engine_now_us(engine) - budget->planned_us >= PLAN_US)
		plan_make(engine);
	if (over <= 0) {
		snprintf(free_at, sizeof(free_at), "after an order that comes first");
	} else {
		if (!plan_find(budget, over, &at_ms))
			plan_make(engine);
		if (plan_find(budget, over, &at_ms)) {
			time_text(at_ms, when);
			snprintf(free_at, sizeof(free_at), "when enough is free, at %s or later",
			        when);
		}
	}
	take_wait_reason(engine, take,
	        "budget: %s of %s credits of any 24 hours are used, and this order takes %s%s; "
	        "nothing was sent or charged; it goes out by itself %s; mount with a larger "
	        "budget to send it sooner",
	        budget_text(budget->used, used), budget_text(budget->size, size),
	        budget_text(price, costs), unknown_price(known), free_at);
}

void budget_show_never(struct engine *engine, struct take *take)
{
	char size[BUDGET_TEXT_SIZE], costs[BUDGET_TEXT_SIZE];
	bool known;
	int64_t price = budget_price(take, &known);

	take_wait_reason(engine, take,
	        "budget: this order takes %s credits%s, and the whole budget of any 24 hours is "
	        "%s; "
	        "nothing was sent or charged, and it never goes out by itself; mount with a larger "
	        "budget, or change the prompt",
	        budget_text(price, costs), unknown_price(known),
	        budget_text(engine->budget.size, size));
}

/* ---- the page ---- */

/* What becomes free within one hour, and when the last of it does. */
struct hour {
	int64_t amount, at_ms;
};

struct summary {
	int64_t used, reserved;
	struct hour hours[HOURS];
};

static void summarise(
        struct summary *summary, const struct due_queue *queue, int64_t wall_ms, int64_t now_us)
{
	size_t i;

	for (i = 0; i < queue->count; i++) {
		const struct budget_entry *entry =
		        CONTAINER(queue->heap[i], struct budget_entry, due);
		int64_t over_ms = budget_entry_over_ms(entry, wall_ms, now_us);
		int64_t hour = (over_ms - wall_ms) / HOUR_MS;
		struct hour *at;

		/* It is taken out when the budget is next used. */
		if (over_ms <= wall_ms || entry->amount == 0)
			continue;
		at = &summary->hours[hour < HOURS ? hour : HOURS - 1];
		summary->used += entry->amount;
		if (!entry->reported)
			summary->reserved += entry->amount;
		at->amount += entry->amount;
		if (over_ms > at->at_ms)
			at->at_ms = over_ms;
	}
}

int engine_budget_page(struct engine *engine, struct buf *page)
{
	struct budget *budget = &engine->budget;
	struct summary summary = {0};
	char text[BUDGET_TEXT_SIZE], when[TIME_TEXT_SIZE];
	int64_t left;
	size_t i;
	int r;

	{
		int64_t wall_ms = engine_wall_ms(engine), now_us = engine_now_us(engine);

		WITH_LOCK(&budget->lock);
		summarise(&summary, &budget->by_wall, wall_ms, now_us);
		summarise(&summary, &budget->by_clock, wall_ms, now_us);
	}
	left = budget->size > summary.used ? budget->size - summary.used : 0;
	r = buf_addf(
	        page, "size: %s\n", budget->limited ? budget_text(budget->size, text) : "none");
	if (r == 0)
		r = buf_addf(page, "used: %s\n", budget_text(summary.used, text));
	if (r == 0)
		r = buf_addf(page, "reserved: %s\n", budget_text(summary.reserved, text));
	if (r == 0 && budget->limited)
		r = buf_addf(page, "free: %s\n", budget_text(left, text));
	for (i = 0; r == 0 && i < HOURS; i++) {
		if (summary.hours[i].amount == 0)
			continue;
		time_text(summary.hours[i].at_ms, when);
		r = buf_addf(page, "frees: %s by %s\n", budget_text(summary.hours[i].amount, text),
		        when);
	}
	return r;
}
