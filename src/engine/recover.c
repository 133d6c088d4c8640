/* SPDX-License-Identifier: MIT */
/* After a start the store is the truth: everything is read, and what was under way is taken up. */
#include "engine-private.h"

#include <string.h>

struct loading {
	struct engine *engine;
	struct prompt *prompt; /* the one whose takes are coming */
};

static int load_prompt(void *context, struct store_prompt *row)
{
	struct loading *loading = context;
	struct prompt *prompt = prompt_new();

	if (!prompt) {
		store_prompt_done(row);
		return -ENOMEM;
	}
	prompt->row = *row;
	prompt->recorded = true;
	prompt->next = loading->engine->prompts;
	loading->engine->prompts = prompt;
	loading->prompt = prompt;
	return index_add(loading->engine, prompt);
}

static int load_take(void *context, struct store_take *row)
{
	struct loading *loading = context;
	struct take *take = loading->prompt ? take_new(loading->prompt) : NULL;

	if (!take) {
		store_take_done(row);
		return loading->prompt ? -ENOMEM : -EINVAL;
	}
	take->row = *row;
	take_link(take);
	return 0;
}

/* The request may have left before the daemon ended, and no answer was recorded. */
static int settle_submitting(struct engine *engine, struct take *take)
{
	const struct provider *provider =
	        provider_find(engine->providers, take->row.request.provider);
	int next = task_next(take->row.state, TASK_EV_LOST);

	if (next < 0)
		return -EINVAL;
	take->row.state = next;
	take->row.completed_ms = engine_wall_ms(engine);
	take->unstored = true;
	if (row_set(&take->row.error, "the filesystem ended while createTask was under way; the "
	                              "task may have been made "
	                              "and charged") < 0)
		return -ENOMEM;
	return row_set_lost_hint(&take->row, provider ? provider_title(provider) : NULL);
}

static void unstored_then(struct engine *engine, struct change *change)
{
	(void)engine;
	change->take->unstored = false;
}

/* What recovery found is stored as soon as that is possible; until then every start finds it. */
static void store_settled(struct engine *engine, struct take *take)
{
	struct change *change = change_new(engine, take->prompt, take);

	if (!change)
		return;
	change->note = task_event_name(TASK_EV_LOST);
	change->must = true;
	change_commit(change, unstored_then);
}

int recover_load(struct engine *engine, struct err *err)
{
	struct loading loading = {.engine = engine};
	struct prompt *prompt;
	struct take *take;
	int r = store_load(engine->store, load_prompt, load_take, &loading, err);

	if (r == 0)
		r = upload_load(engine, err);
	if (r == 0)
		r = account_load(engine, err);
	if (r < 0)
		return r;
	for (prompt = engine->prompts; prompt; prompt = prompt->next) {
		for (take = prompt->takes; take; take = take->older) {
			r = take->row.state == TASK_SUBMITTING ? settle_submitting(engine, take)
			                                       : 0;
			if (r < 0)
				return err_set(err, r, "no memory");
			queue_state(engine, take);
		}
		view_publish(engine, prompt);
	}
	return 0;
}

void recover_resume(struct engine *engine)
{
	struct prompt *prompt;
	struct take *take;

	for (prompt = engine->prompts; prompt; prompt = prompt->next) {
		for (take = prompt->takes; take; take = take->older) {
			if (take->unstored)
				store_settled(engine, take);
			if (!task_state_is_under_way(take->row.state))
				continue;
			if (take->row.state == TASK_QUEUED)
				take->ready_us = engine_now_us(engine) + engine->settle_us;
			engine_due(engine, &take->due, engine_now_us(engine));
		}
	}
}
