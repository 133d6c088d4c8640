/* SPDX-License-Identifier: MIT */
/* Settling unknown takes: a person writes the id of the task, as it was found at the provider.
 *
 * Such a take goes on as one that was accepted, but only a person says so: its accepted_ms stays 0
 * until an answer shows that the provider has the task.  Until then the id can be taken back.
 *
 * The takes are looked through one by one here.  This is done for a person's command only, and
 * LOSSES_MAX keeps unknown takes few. */
#include "engine-private.h"

#include <string.h>

bool row_is_claimed(const struct store_take *row)
{
	return row->task_id && !row->accepted_ms;
}

int row_set_lost_hint(struct store_take *row, const char *title)
{
	return row_setf(&row->hint,
	        "look for the task in your account%s%s; if it is there, write task and its id into "
	        "the status file to fetch its pictures, which costs nothing; if not, write retry "
	        "to order it again, at its price",
	        title ? " at " : "", title ? title : "");
}

int row_unsettle(struct store_take *row, const char *title, const char *why)
{
	int r = row_setf(&row->error,
	        "%s; its id, %s, was written into the status file, and looking for it cost nothing",
	        why, row->task_id);

	if (r == 0)
		r = row_set_lost_hint(row, title);
	/* retry buys again, as before. */
	return r == 0 ? row_set(&row->task_id, NULL) : r;
}

static bool is_task_of(const struct store_take *row, const char *provider, const char *task_id)
{
	return row->task_id && strcmp(row->task_id, task_id) == 0 && row->request.provider &&
	       strcmp(row->request.provider, provider) == 0;
}

/* Another prompt or take that the task belongs to, or is about to, or NULL. */
static struct prompt *owner_of(struct engine *engine, const struct take *but, const char *task_id)
{
	const char *provider = but->row.request.provider;
	struct change *change;
	struct prompt *prompt;
	struct take *take;

	for (change = engine->changes; change; change = change->next)
		if (change->take != but && is_task_of(&change->row, provider, task_id))
			return change->prompt;
	for (prompt = engine->prompts; prompt; prompt = prompt->next)
		for (take = prompt->takes; take; take = take->older)
			if (take != but && is_task_of(&take->row, provider, task_id))
				return prompt;
	return NULL;
}

/* Whether the answer to a createTask that left before the id was written is still to come: it may
 * have that id. */
static bool may_be_answered(struct engine *engine, const struct take *claimed)
{
	struct prompt *prompt;
	struct take *take;

	for (prompt = engine->prompts; prompt; prompt = prompt->next)
		for (take = prompt->takes; take; take = take->older)
			if (take->row.state == TASK_SUBMITTING &&
			        take->account == claimed->account &&
			        take->submitted_us <= claimed->accepted_us)
				return true;
	return false;
}

enum claim claim_check(struct engine *engine, struct take *take, char **ret_owner)
{
	struct prompt *owner = owner_of(engine, take, take->row.task_id);

	if (owner) {
		*ret_owner = prompt_path(engine, owner);
		return CLAIM_TAKEN;
	}
	return may_be_answered(engine, take) ? CLAIM_OPEN : CLAIM_HOLDS;
}

static int settle_decide(
        struct engine *engine, struct take *take, const char *task_id, struct change **ret_change)
{
	CLEANUP(free_p) char *path = NULL;
	struct change *change;
	struct prompt *owner;

	/* Where the provider itself gave an id, that is the task. */
	if (!take || take->row.state != TASK_UNKNOWN || take->row.task_id ||
	        !take->row.request.provider)
		return -EINVAL;
	owner = owner_of(engine, take, task_id);
	if (owner) {
		path = prompt_path(engine, owner);
		log_warning("task %s is not taken for take %s: it is the task of %s", task_id,
		        take->row.uuid, path ? path : "another prompt");
		return -EINVAL;
	}
	change = change_begin(engine, take, TASK_EV_ACCEPTED);
	if (!change)
		return -ENOMEM;
	change->row.completed_ms = change->row.accepted_ms = 0;
	change->row.discard = false;
	if (row_set(&change->row.task_id, task_id) < 0 || row_set(&change->row.reason, NULL) < 0 ||
	        row_set(&change->row.error, NULL) < 0 || row_set(&change->row.hint, NULL) < 0) {
		change_free(change);
		return -ENOMEM;
	}
	take_looks_anew(engine, take);
	*ret_change = change;
	return 0;
}

static void settled_then(struct engine *engine, struct change *change)
{
	fault_point("settle.stored");
	call_answer(change->call, change->result);
	if (change->result >= 0)
		take_step(engine, change->take);
}

void settle_begin(struct engine *engine, struct call *call)
{
	struct prompt *prompt = index_find(engine, call->path);
	struct change *change = NULL;
	int r;

	if (!prompt) {
		call_answer(call, -ENOENT);
		return;
	}
	if (call_waits_for_changes(prompt, call))
		return;
	r = settle_decide(engine, prompt->takes, call->task_id, &change);
	if (r < 0) {
		call_answer(call, r);
		return;
	}
	fault_point("settle.decided");
	change->call = call;
	change_commit(change, settled_then);
}
