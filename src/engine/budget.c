/* SPDX-License-Identifier: MIT */
/* The budget: what orders cost or may cost counts against it for 24 hours.
 *
 * An order's price is taken out before createTask leaves, on disk in the same commit as the state
 * submitting.  What the provider reports takes its place; a refusal, and a failure that cost
 * nothing, gives it back; an order without an answer keeps it.  Where the budget does not have
 * enough for the order that comes first, all orders of all providers wait, so that cheap ones do
 * not keep a dear one waiting for ever. */
#include "engine-private.h"

#include <math.h>
#include <string.h>

#define DAY_US (BUDGET_DAY_MS * US_PER_MS)
/* Between looks at the clock, which somebody may have set, and between updates of all reasons. */
#define LOOK_US (60 * US_PER_S)

static int64_t amount_of(double credits)
{
	if (!(credits > 0))
		return 0;
	return llround(fmin(credits, ENGINE_BUDGET_MAX) * (double)BUDGET_CREDIT);
}

int64_t budget_price(const struct take *take, bool *ret_known)
{
	const struct provider *provider = take->account->provider;
	double credits = BUDGET_UNKNOWN_PRICE;
	bool known = provider_price(provider, &take->row.request, &credits);

	if (ret_known)
		*ret_known = known;
	return amount_of(credits);
}

/* ---- entries ---- */

static int64_t over_ms(const struct budget_entry *entry)
{
	return entry->at_ms + BUDGET_DAY_MS;
}

static int entry_add(struct engine *engine, struct budget_entry *entry)
{
	struct budget *budget = &engine->budget;
	int r;

	WITH_LOCK(&budget->lock);
	entry->engine = engine;
	r = due_set(&budget->by_wall, &entry->due, over_ms(entry));
	if (r < 0)
		return r;
	budget->used += entry->amount;
	budget->plan_is_old = true;
	return 0;
}

static void entry_remove(struct budget_entry *entry)
{
	struct budget *budget = &entry->engine->budget;

	{
		WITH_LOCK(&budget->lock);
		due_remove(entry->by_clock ? &budget->by_clock : &budget->by_wall, &entry->due);
		budget->used -= entry->amount;
	}
	budget->plan_is_old = true;
	if (entry->take)
		entry->take->budget_entry = NULL;
	free(entry);
}

/* Moves an entry from one queue to the other, or back where there is no memory. */
static bool entry_move(struct budget *budget, struct budget_entry *entry)
{
	struct due_queue *from = entry->by_clock ? &budget->by_clock : &budget->by_wall;
	struct due_queue *to = entry->by_clock ? &budget->by_wall : &budget->by_clock;
	int64_t was = entry->due.at_us;

	due_remove(from, &entry->due);
	if (due_set(to, &entry->due,
	            entry->by_clock ? over_ms(entry)
	            : entry->at_us  ? entry->at_us + DAY_US
	                            : 0) < 0) {
		(void)!due_set(from, &entry->due, was); /* its place is still there */
		return false;
	}
	entry->by_clock = !entry->by_clock;
	return true;
}

/* One that counts no more, or NULL. */
static struct budget_entry *entry_over(struct engine *engine)
{
	struct budget *budget = &engine->budget;
	int64_t wall_ms = engine_wall_ms(engine), now_us = engine_now_us(engine);
	struct due *due;

	WITH_LOCK(&budget->lock);
	while ((due = due_first(&budget->by_wall)) && due->at_us <= wall_ms)
		if (!entry_move(budget, CONTAINER(due, struct budget_entry, due)))
			return NULL;
	while ((due = due_first(&budget->by_clock)) && due->at_us <= now_us) {
		struct budget_entry *entry = CONTAINER(due, struct budget_entry, due);

		if (over_ms(entry) <= wall_ms)
			return entry;
		/* The wall clock has been set back since. */
		if (!entry_move(budget, entry))
			return NULL;
	}
	return NULL;
}

static void expire(struct engine *engine)
{
	struct budget_entry *entry;

	while ((entry = entry_over(engine))) {
		const struct store_change change = {.drop_spending = entry->uuid};

		/* What stays there is forgotten at the next start. */
		if (entry->stored)
			(void)!store_write(engine->store, &change, NULL, NULL);
		entry_remove(entry);
	}
}

/* ---- who waits ---- */

/* When the next entry is over, as far as the clocks can tell now. */
static int64_t next_over_us(struct engine *engine)
{
	const struct due *wall = due_first(&engine->budget.by_wall);
	const struct due *clock = due_first(&engine->budget.by_clock);
	int64_t now_us = engine_now_us(engine), next_us = now_us + LOOK_US, ms;

	if (clock && clock->at_us < next_us)
		next_us = clock->at_us;
	ms = wall ? wall->at_us - engine_wall_ms(engine) : LOOK_US / US_PER_MS;
	if (ms < LOOK_US / US_PER_MS && now_us + ms * US_PER_MS < next_us)
		next_us = now_us + ms * US_PER_MS;
	return next_us;
}

static void wait_for_time(struct engine *engine)
{
	struct budget *budget = &engine->budget;
	int64_t at_us = budget->shown_us + LOOK_US;

	if (budget->turn && next_over_us(engine) < at_us)
		at_us = next_over_us(engine);
	/* Where there is no memory to take out what is over. */
	if (at_us <= engine_now_us(engine))
		at_us = engine_now_us(engine) + US_PER_S;
	engine_due(engine, &budget->timer, at_us);
}

static void show_line(struct account *account)
{
	struct take *take;

	account->budget_shown = true;
	for (take = account->ready; take; take = take->next_ready)
		budget_show(account->engine, take);
}

/* Once a minute, for each takes time. */
static void show_all(struct engine *engine)
{
	struct account *account;

	engine->budget.shown_us = engine_now_us(engine);
	for (account = engine->accounts; account; account = account->next) {
		if (account->budget_shown && account->over_budget)
			show_line(account);
		else if (account->budget_shown)
			account_show_reason(account);
	}
}

static void budget_fire(struct engine *engine, struct timer *timer)
{
	struct budget *budget = &engine->budget;
	struct account *account;

	(void)timer;
	expire(engine);
	if (budget->turn)
		account_step(budget->turn);
	if (engine_now_us(engine) - budget->shown_us >= LOOK_US)
		show_all(engine);
	for (account = engine->accounts; account; account = account->next)
		if (account->budget_shown)
			wait_for_time(engine);
}

void budget_turn_ends(struct engine *engine)
{
	struct account *account;

	for (account = engine->accounts; account; account = account->next)
		if (account->over_budget)
			engine_due(engine, &account->due, engine_now_us(engine));
}

/* There is more than there was. */
static void eased(struct engine *engine)
{
	struct account *turn = engine->budget.turn;

	if (turn)
		engine_due(engine, &turn->due, engine_now_us(engine));
}

bool budget_never_allows(struct engine *engine, struct take *take)
{
	if (!engine->budget.limited || budget_price(take, NULL) <= engine->budget.size)
		return false;
	budget_show_never(engine, take);
	return true;
}

bool budget_allows(struct account *account, struct take *take)
{
	struct engine *engine = account->engine;
	struct budget *budget = &engine->budget;

	if (!budget->limited)
		return true;
	expire(engine);
	if ((!budget->turn || budget->turn == account) &&
	        budget_price(take, NULL) <= budget->size - budget->used) {
		/* The others are told when the line waits again, or within a minute. */
		if (account->budget_shown)
			take_wait_reason(
			        engine, take, account->reason ? "%s" : NULL, account->reason);
		return true;
	}
	if (!budget->turn)
		budget->turn = account;
	account->over_budget = true;
	if (!account->budget_shown) {
		if (!budget->timer.due.position)
			budget->shown_us = engine_now_us(engine);
		show_line(account);
	} else {
		budget_show(engine, take);
	}
	wait_for_time(engine);
	return false;
}

/* ---- what is spent ---- */

int budget_reserve(struct engine *engine, struct take *take)
{
	struct budget_entry *entry;

	if (take->budget_entry)
		return 0;
	expire(engine);
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	memcpy(entry->uuid, take->row.uuid, sizeof(entry->uuid));
	entry->at_ms = engine_wall_ms(engine);
	entry->at_us = engine_now_us(engine);
	entry->amount = budget_price(take, NULL);
	entry->take = take;
	if (entry_add(engine, entry) < 0) {
		free(entry);
		return -ENOMEM;
	}
	take->budget_entry = entry;
	return 0;
}

void budget_release(struct take *take)
{
	struct budget_entry *entry = take->budget_entry;

	if (!entry || entry->stored)
		return;
	eased(entry->engine);
	entry_remove(entry);
}

void budget_forget_take(struct take *take)
{
	budget_release(take);
	if (take->budget_entry)
		take->budget_entry->take = NULL;
	take->budget_entry = NULL;
}

void budget_change(struct change *change)
{
	const struct budget_entry *entry = change->take ? change->take->budget_entry : NULL;
	const struct store_take *row = &change->row;
	int64_t amount;
	bool reported;

	if (!entry)
		return;
	if (task_state_is_unsent(row->state) ||
	        (row->state == TASK_FAIL && row->credits_known && !(row->credits > 0))) {
		change->spends_not = entry->stored;
		return;
	}
	amount = row->credits_known ? amount_of(row->credits) : entry->amount;
	reported = row->credits_known || entry->reported;
	if (entry->stored && amount == entry->amount && reported == entry->reported)
		return;
	change->spends = true;
	memcpy(change->spending.take, entry->uuid, sizeof(change->spending.take));
	change->spending.provider = row->request.provider;
	change->spending.at_ms = entry->at_ms;
	change->spending.credits = (double)amount / (double)BUDGET_CREDIT;
	change->spending.reported = reported;
}

void budget_install(struct change *change)
{
	struct budget_entry *entry = change->take->budget_entry;
	struct engine *engine = change->engine;
	int64_t amount = amount_of(change->spending.credits);

	if (!entry)
		return;
	if (change->spends_not) {
		eased(engine);
		entry_remove(entry);
	} else if (change->spends) {
		bool less = amount < entry->amount;

		{
			WITH_LOCK(&engine->budget.lock);
			engine->budget.used += amount - entry->amount;
			entry->amount = amount;
			entry->reported = change->spending.reported;
		}
		entry->stored = true;
		engine->budget.plan_is_old = true;
		if (less)
			eased(engine);
	}
}

/* ---- beginning and end ---- */

struct entries {
	struct engine *engine;
	struct budget_entry **items;
	size_t count, capacity;
};

static int load_entry(void *context, const struct store_spending *spending)
{
	struct entries *entries = context;
	int64_t wall_ms = engine_wall_ms(entries->engine);
	struct budget_entry *entry;

	if (entries->count == entries->capacity) {
		size_t capacity = entries->capacity ? entries->capacity * 2 : 64;
		struct budget_entry **items =
		        reallocarray(entries->items, capacity, sizeof(struct budget_entry *));

		if (!items)
			return -ENOMEM;
		entries->items = items;
		entries->capacity = capacity;
	}
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	memcpy(entry->uuid, spending->take, sizeof(entry->uuid));
	entry->at_ms = spending->at_ms;
	if (entry->at_ms > wall_ms) {
		/* The clock was wrong then, or is now: it counts for 24 hours from now. */
		entry->at_ms = wall_ms;
		entry->at_us = engine_now_us(entries->engine);
	}
	entry->amount = amount_of(spending->credits);
	entry->reported = spending->reported;
	entry->stored = true;
	if (entry_add(entries->engine, entry) < 0) {
		free(entry);
		return -ENOMEM;
	}
	entries->items[entries->count++] = entry;
	return 0;
}

static int compare(const void *key, const void *item)
{
	return strcmp(key, (*(struct budget_entry *const *)item)->uuid);
}

/* The store has them in the order of their takes' UUIDs. */
static void connect_takes(struct entries *entries)
{
	struct prompt *prompt;
	struct take *take;

	for (prompt = entries->engine->prompts; prompt; prompt = prompt->next) {
		for (take = prompt->takes; take; take = take->older) {
			struct budget_entry **entry = bsearch(take->row.uuid, entries->items,
			        entries->count, sizeof(struct budget_entry *), compare);

			if (!entry)
				continue;
			take->budget_entry = *entry;
			(*entry)->take = take;
		}
	}
}

int budget_load(struct engine *engine, const struct engine_options *options, struct err *err)
{
	struct entries entries = {.engine = engine};
	int r;

	engine->budget.limited = options->limited;
	engine->budget.size = amount_of(options->budget);
	engine->budget.timer.fire = budget_fire;
	r = store_load_spending(
	        engine->store, engine_wall_ms(engine) - BUDGET_DAY_MS, load_entry, &entries, err);
	if (r == -ENOMEM)
		err_set(err, r, "no memory");
	if (r == 0 && entries.count > 0)
		connect_takes(&entries);
	free(entries.items);
	return r;
}

void budget_done(struct engine *engine)
{
	struct budget *budget = &engine->budget;
	struct due *due;

	while ((due = due_first(&budget->by_wall)) || (due = due_first(&budget->by_clock)))
		entry_remove(CONTAINER(due, struct budget_entry, due));
	due_queue_done(&budget->by_wall);
	due_queue_done(&budget->by_clock);
	free(budget->plan);
	pthread_mutex_destroy(&budget->lock);
}
