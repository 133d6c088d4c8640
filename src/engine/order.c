/* SPDX-License-Identifier: MIT */
/* Orders and commands: what a prompt's text or a word from its user comes to. */
#include "engine-private.h"

#include <string.h>

#define REASON_UNMOUNTED "changed while unmounted"
#define NOTE_DISCARD "discard"
#define REASON_DISCARD "cancelled after it was sent: its pictures go to .darkroom/takes"

void call_answer(struct call *call, int result)
{
	/* The sender may free the call as soon as the mutex is free. */
	WITH_LOCK(&call->mutex);
	call->result = result;
	call->done = true;
	pthread_cond_signal(&call->answered);
}

void prompt_goes_on(struct engine *engine, struct prompt *prompt)
{
	struct take *take, *older;

	while (prompt->waiting && (prompt->changes == 0 || prompt->change_error)) {
		struct call *call = prompt->waiting;

		prompt->waiting = call->next;
		if (!prompt->waiting)
			prompt->waiting_end = &prompt->waiting;
		if (prompt->changes > 0)
			call_answer(call, prompt->change_error);
		else
			call->begin(engine, call);
	}
	for (take = prompt->takes; take && prompt->changes == 0; take = older) {
		older = take->older;
		if (take->row.state == TASK_QUEUED)
			take_step(engine, take);
	}
}

bool call_waits_for_changes(struct prompt *prompt, struct call *call)
{
	if (prompt->changes == 0)
		return false;
	if (prompt->change_error) {
		call_answer(call, prompt->change_error);
		return true;
	}
	call->next = NULL;
	*prompt->waiting_end = call;
	prompt->waiting_end = &call->next;
	return true;
}

static void answer_then(struct engine *engine, struct change *change)
{
	/* An older text must not go out for one that could not be stored. */
	change->prompt->stale = change->result < 0;
	call_answer(change->call, change->result);
}

/* Takes an unsent order out of every queue while it is being changed. */
static void unsent_take_back(struct engine *engine, struct take *take)
{
	engine_undue(engine, &take->due);
	submit_take_back(engine, take);
	take->account = NULL; /* the order may go to another provider now */
}

/* A change of the prompt's unsent take, or of a new one; an error of memory is the caller's. */
static struct change *unsent_change(struct engine *engine, struct prompt *prompt)
{
	struct take *latest = prompt->takes, *take;
	struct change *change;

	if (latest && task_state_is_unsent(latest->row.state)) {
		change = change_new(engine, prompt, latest);
		if (change)
			unsent_take_back(engine, latest);
		return change;
	}
	take = take_new(prompt);
	change = take ? change_new(engine, prompt, take) : NULL;
	if (!change) {
		take_free(take);
		return NULL;
	}
	change->new_take = true;
	row_begin(&change->row, engine, prompt, latest ? latest->row.number + 1 : 1);
	return change;
}

static int row_set_order(struct store_take *row, const struct provider_order *order)
{
	request_done(&row->request);
	row->request = (struct request){0};
	free(row->ignored);
	row->ignored = NULL;
	if (!order)
		return 0;
	if (request_copy(&order->request, &row->request) < 0)
		return -ENOMEM;
	return row_set(&row->ignored, order->ignored);
}

/* The three notes of a row that has not been sent. */
static int row_set_notes(
        struct store_take *row, const char *reason, const char *error, const char *hint)
{
	int r = row_set(&row->reason, reason);

	if (r == 0)
		r = row_set(&row->error, error);
	if (r == 0)
		r = row_set(&row->hint, hint);
	return r;
}

/* Fills the unsent row of a text that can never be sent.  A shell that truncates a cancelled prompt
 * and writes the same again does not order it: what it said is kept over the moment in which it is
 * empty. */
static int fill_invalid(struct change *change, const struct engine_order *order)
{
	bool keep = order->empty && row_is_cancelled(&change->row);
	int r = change_event(change, TASK_EV_REJECT);

	if (r == 0 && !keep)
		r = row_set_order(&change->row, NULL);
	if (r == 0)
		r = row_set_notes(&change->row, keep ? REASON_CANCELLED : NULL,
		        order->error ? order->error : "the prompt is empty",
		        !order->error ? "write a text into it"
		        : order->empty
		                ? NULL
		                : "nothing was sent and nothing was charged; a prompt that is "
		                  "corrected is ordered when it is saved; where something else had "
		                  "to be corrected, write retry into the status file");
	return r;
}

static int fill_order(struct change *change, const struct engine_order *order)
{
	bool unmounted = order->cause == ENGINE_UNMOUNTED;
	bool cancelled = row_is_cancelled(&change->row) && change->row.request.text &&
	                 request_equal(&change->row.request, &order->order->request);
	bool held = unmounted || order->order->hold || cancelled;
	int r = change_event(change, held ? TASK_EV_HOLD : TASK_EV_ORDER);

	if (r == 0)
		r = row_set_order(&change->row, order->order);
	if (r == 0)
		r = row_set_notes(&change->row,
		        !held       ? NULL
		        : cancelled ? REASON_CANCELLED
		        : unmounted ? REASON_UNMOUNTED
		                    : REASON_DRAFT,
		        NULL, held ? HINT_RELEASE : NULL);
	return r;
}

static struct take *latest_sent(struct prompt *prompt)
{
	struct take *take = prompt->takes;

	while (take && task_state_is_unsent(take->row.state))
		take = take->older;
	return take;
}

/* What an order changes, or NULL in *ret_change where it changes nothing. */
static int order_decide(struct engine *engine, struct prompt *prompt,
        const struct engine_order *order, struct change **ret_change)
{
	struct take *unsent = prompt->takes, *sent = latest_sent(prompt);
	struct change *change;
	int r;

	if (unsent == sent)
		unsent = NULL;
	if (order->order && sent && same_as_sent(engine, prompt, sent, order)) {
		change = change_new(engine, prompt, unsent);
		if (!change)
			return -ENOMEM;
		change->drop = unsent != NULL;
		if (unsent)
			unsent_take_back(engine, unsent);
		sent->hold_wanted = sent->row.state == TASK_SUBMITTING && order->order->hold;
	} else if (order->order && unsent && same_as_unsent(unsent, order)) {
		change = change_new(engine, prompt, NULL);
		if (!change)
			return -ENOMEM;
	} else {
		change = unsent_change(engine, prompt);
		if (!change)
			return -ENOMEM;
		r = order->order ? fill_order(change, order) : fill_invalid(change, order);
		if (r < 0) {
			change_free(change);
			return r;
		}
		change->take->ready_us = engine_now_us(engine) + engine->settle_us;
	}
	r = change_with_prompt(change, order->content, order->content_size, order->ctime_ns);
	if (r < 0) {
		change_free(change);
		return r;
	}
	*ret_change = change;
	return 0;
}

void order_begin(struct engine *engine, struct call *call)
{
	const struct engine_order *order = call->order;
	struct prompt *prompt = index_find(engine, order->path);
	struct change *change = NULL;
	int r;

	/* An empty file that never was a prompt's text is no reason for a record. */
	if (order->empty && (!prompt || !prompt->takes)) {
		call_answer(call, 0);
		return;
	}
	prompt = index_claim(engine, order->path);
	if (!prompt) {
		call_answer(call, -ENOMEM);
		return;
	}
	if (call_waits_for_changes(prompt, call))
		return;
	r = order_decide(engine, prompt, order, &change);
	if (r < 0) {
		prompt->stale = true;
		call_answer(call, r);
		prompt_goes_on(engine, prompt);
		return;
	}
	change->call = call;
	change_commit(change, answer_then);
}

/* ---- commands ---- */

/* Fills the unsent row of a request that goes out at once, also where it is a draft. */
static int fill_again(struct change *change, const struct provider_order *order)
{
	int r = change_event(change, TASK_EV_ORDER);

	return r == 0 ? row_set_order(&change->row, order) : r;
}

/* A new take: of what the prompt says now, or where that was not read, of another take's request.
 */
static int begin_again(struct engine *engine, struct prompt *prompt, struct take *from,
        const struct engine_order *now, struct change **ret_change)
{
	const struct provider_order same = {
	        .request = from->row.request,
	        .ignored = from->row.ignored,
	};
	struct change *change;
	int r;

	if (!now && !from->row.request.text)
		return -EINVAL;
	change = unsent_change(engine, prompt);
	if (!change)
		return -ENOMEM;
	if (now && !now->order) {
		r = fill_invalid(change, now);
		change->answer = -EINVAL;
	} else {
		r = fill_again(change, now ? now->order : &same);
	}
	if (r == 0 && now)
		r = change_with_prompt(change, now->content, now->content_size, now->ctime_ns);
	if (r < 0) {
		change_free(change);
		return r;
	}
	*ret_change = change;
	return 0;
}

static int decide_retry(struct engine *engine, struct prompt *prompt, struct take *latest,
        const struct engine_order *now, struct change **ret_change)
{
	struct store_take *row = &latest->row;
	struct change *change;

	if (row->state == TASK_QUEUED) {
		/* Whatever stopped the sending may be over. */
		if (latest->account)
			account_open(latest->account);
		take_step(engine, latest);
		return 0;
	}
	if (row->state != TASK_FAIL && row->state != TASK_UNKNOWN)
		return -EINVAL;
	if (latest->account)
		account_open(latest->account);
	/* What was bought is looked for again; only where nothing was, it is bought anew. */
	if (!row_has_bought(row))
		return begin_again(engine, prompt, latest, now, ret_change);
	change = change_begin(engine, latest, TASK_EV_RETRY);
	if (!change)
		return -ENOMEM;
	change->row.completed_ms = 0;
	change->row.discard = false;
	if (row_set_notes(&change->row, NULL, NULL, NULL) < 0) {
		change_free(change);
		return -ENOMEM;
	}
	take_looks_anew(engine, latest);
	*ret_change = change;
	return 0;
}

/* The same request, of the pictures that the prompt still names as they are now. */
static int decide_regenerate(struct engine *engine, struct prompt *prompt, struct take *latest,
        const struct engine_order *now, struct change **ret_change)
{
	int r;

	if (!task_state_is_final(latest->row.state))
		return -EINVAL;
	r = begin_again(engine, prompt, latest, NULL, ret_change);
	if (r == 0 && now && now->order)
		same_but_pictures(&(*ret_change)->row.request, &now->order->request);
	return r;
}

static int decide_cancel(struct engine *engine, struct take *latest, struct change **ret_change)
{
	struct store_take *row = &latest->row;
	struct change *change;
	int r;

	if (row->state == TASK_QUEUED) {
		change = change_begin(engine, latest, TASK_EV_HOLD);
		if (!change)
			return -ENOMEM;
		r = row_set_notes(&change->row, REASON_CANCELLED, NULL, HINT_RELEASE);
		if (r == 0)
			unsent_take_back(engine, latest);
	} else if (task_state_is_unsent(row->state) || task_state_is_final(row->state)) {
		return -EINVAL;
	} else {
		/* True at once, so that rows that are being made meanwhile have it too. */
		row->discard = true;
		r = row_set(&row->reason, REASON_DISCARD);
		change = r == 0 ? change_new(engine, latest->prompt, latest) : NULL;
		if (!change)
			return -ENOMEM;
		change->note = NOTE_DISCARD;
	}
	if (r < 0) {
		change_free(change);
		return r;
	}
	*ret_change = change;
	return 0;
}

static int decide_release(struct engine *engine, struct take *latest, struct change **ret_change)
{
	struct change *change;

	if (latest->row.state != TASK_HELD || !latest->row.request.text)
		return -EINVAL;
	change = change_begin(engine, latest, TASK_EV_ORDER);
	if (!change)
		return -ENOMEM;
	if (row_set_notes(&change->row, NULL, NULL, NULL) < 0) {
		change_free(change);
		return -ENOMEM;
	}
	latest->ready_us = 0;
	*ret_change = change;
	return 0;
}

static int command_decide(struct engine *engine, struct prompt *prompt, const struct call *call,
        struct change **ret_change)
{
	struct take *latest = prompt->takes;

	if (!latest)
		return -EINVAL;
	switch (call->command) {
	case ENGINE_RETRY:
		return decide_retry(engine, prompt, latest, call->order, ret_change);
	case ENGINE_REGENERATE:
		return decide_regenerate(engine, prompt, latest, call->order, ret_change);
	case ENGINE_CANCEL:
		return decide_cancel(engine, latest, ret_change);
	case ENGINE_RELEASE:
		return decide_release(engine, latest, ret_change);
	}
	return -EINVAL;
}

static void command_then(struct engine *engine, struct change *change)
{
	struct take *take = change->take;
	bool retried = change->call->command == ENGINE_RETRY;

	/* What was true at once is true no more. */
	if (change->result < 0 && change->note && strcmp(change->note, NOTE_DISCARD) == 0) {
		take->row.discard = false;
		(void)!row_set(&take->row.reason, NULL);
	}
	/* What the prompt says now is stored: an older text that could not be matters no more. */
	if (change->with_prompt && change->result >= 0)
		change->prompt->stale = false;
	call_answer(change->call, change->result < 0 ? change->result : change->answer);
	if (retried && change->result >= 0 && take->row.state == TASK_WAITING)
		take_step(engine, take);
}

void command_begin(struct engine *engine, struct call *call)
{
	struct prompt *prompt = index_find(engine, call->path);
	struct change *change = NULL;
	int r;

	if (!prompt || !prompt->recorded) {
		call_answer(call, -ENOENT);
		return;
	}
	if (call_waits_for_changes(prompt, call))
		return;
	r = command_decide(engine, prompt, call, &change);
	if (r < 0 || !change) {
		call_answer(call, r);
		return;
	}
	change->call = call;
	change_commit(change, command_then);
}
