/* SPDX-License-Identifier: MIT */
/* Looking after tasks at the provider until they end.  A bad answer to a look is never fatal. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define STATUS_TIMEOUT_MS 30000
#define NOT_FOUND_MIN 3  /* such answers in a row after the grace time */
#define FAILURES_SHOWN 2 /* failed looks in a row before the status says so */
#define HINT_FAILED \
	"change the prompt, or write retry into the status file to order it again, at its price"
#define HINT_AGAIN                                                                                \
	"the trouble was the service's own: write retry into the status file to order it again, " \
	"at its price"
#define HINT_FINAL "change the prompt or its pictures; the same again would fail again"
/* As order.c's retry does it. */
#define HINT_BOUGHT                                                                              \
	"write retry into the status file to look for its pictures again, which costs nothing, " \
	"or regenerate to order it anew, at its price"
#define HINT_BOUGHT_FINAL                                                                          \
	"change the prompt or its pictures, the same again would fail again; retry looks for its " \
	"pictures again, which costs nothing"
#define LOOK_AGAIN_US (2 * US_PER_S)

static void watch_due(struct engine *engine, struct take *take, int64_t delay_us)
{
	/* +-25 %, so that tasks made together are not looked at together */
	int64_t spread = delay_us / 4;

	delay_us +=
	        spread > 0 ? (int64_t)(engine_random(engine) % (uint64_t)(2 * spread)) - spread : 0;
	engine_due(engine, &take->due, engine_now_us(engine) + delay_us);
}

/* How old the task is, by our own clock, or after a restart by the wall clock. */
static int64_t age_ms(struct engine *engine, const struct take *take)
{
	int64_t ms;

	if (take->accepted_us)
		return (engine_now_us(engine) - take->accepted_us) / US_PER_MS;
	ms = engine_wall_ms(engine) -
	     (take->row.accepted_ms ? take->row.accepted_ms : take->row.submitted_ms);
	return ms > 0 ? ms : 0;
}

void watch_plan(struct engine *engine, struct take *take)
{
	const struct provider_pace *pace = provider_pace(take->account->provider);
	int64_t age = age_ms(engine, take);
	size_t step = 0;

	if (age < pace->poll_first_ms) {
		watch_due(engine, take, (pace->poll_first_ms - age) * US_PER_MS);
		return;
	}
	while (step + 1 < pace->poll_count && age >= pace->poll[step].age_ms)
		step++;
	watch_due(engine, take, pace->poll[step].every_ms * US_PER_MS);
}

static void moved_then(struct engine *engine, struct change *change)
{
	struct take *take = change->take;

	fault_point("status.stored");
	if (take->row.state == TASK_DOWNLOADING)
		fetch_step(engine, take);
	else if (!task_state_is_final(take->row.state))
		watch_plan(engine, take);
}

static void take_moves(struct change *change)
{
	/* Whatever else it says, an answer about the task means that the provider has it. */
	if (!change->row.accepted_ms && change->row.state != TASK_UNKNOWN)
		change->row.accepted_ms = engine_wall_ms(change->engine);
	change->must = true;
	change_commit(change, moved_then);
}

static void ended(struct engine *engine, struct take *take, enum task_event event,
        const char *error, const char *hint)
{
	struct change *change = change_begin(engine, take, event);
	int r = change ? 0 : -ENOMEM;

	if (change && row_is_claimed(&change->row)) {
		r = row_unsettle(&change->row, provider_title(take->account->provider), error);
	} else if (change) {
		r = row_set(&change->row.error, error);
		if (r == 0)
			r = row_set(&change->row.hint, hint);
	}
	if (r < 0) {
		change_free(change);
		watch_due(engine, take, LOOK_AGAIN_US);
		return;
	}
	change->row.completed_ms = engine_wall_ms(engine);
	(void)!row_set(&change->row.reason, NULL);
	take_moves(change);
}

/* Whether pictures lie where the user says, and not where they were uploaded to. */
static bool has_addresses(const struct request *request)
{
	size_t i;

	for (i = 0; i < request->reference_count; i++)
		if (request->references[i].url)
			return true;
	return false;
}

/* What to do about a task that has failed, with its row as it will be. */
static const char *failed_hint(const struct store_take *row, enum provider_prospect prospect)
{
	bool bought = row_has_bought(row);

	switch (prospect) {
	case PROVIDER_PROSPECT_GOOD:
		/* What cannot be fetched there is not the service's trouble. */
		return bought                         ? HINT_BOUGHT
		       : has_addresses(&row->request) ? HINT_FAILED
		                                      : HINT_AGAIN;
	case PROVIDER_PROSPECT_NONE:
		return bought ? HINT_BOUGHT_FINAL : HINT_FINAL;
	case PROVIDER_PROSPECT_OPEN:
		break;
	}
	return bought ? HINT_BOUGHT : HINT_FAILED;
}

static void failed(struct engine *engine, struct take *take, const struct provider_answer *answer)
{
	struct change *change = change_begin(engine, take, TASK_EV_FAILED);

	if (change && answer->credits_known) {
		change->row.credits_known = true;
		change->row.credits = answer->credits;
	}
	if (!change ||
	        row_set(&change->row.error, answer->error ? answer->error : "no reason given") <
	                0 ||
	        row_set(&change->row.hint, failed_hint(&change->row, answer->prospect)) < 0) {
		change_free(change);
		watch_due(engine, take, LOOK_AGAIN_US);
		return;
	}
	change->row.completed_ms = engine_wall_ms(engine);
	(void)!row_set(&change->row.reason, NULL);
	change->row.took_ms = answer->took_ms;
	take_moves(change);
}

static void finished(struct engine *engine, struct take *take, const struct provider_answer *answer)
{
	struct change *change = change_begin(engine, take, TASK_EV_FINISHED);

	if (!change || row_set_urls(&change->row, answer->urls) < 0) {
		change_free(change);
		watch_due(engine, take, LOOK_AGAIN_US);
		return;
	}
	change->row.took_ms = answer->took_ms;
	if (answer->credits_known) {
		change->row.credits_known = true;
		change->row.credits = answer->credits;
	}
	take_moves(change);
}

static void running(struct engine *engine, struct take *take, enum task_event event)
{
	struct change *change;

	if (task_next(take->row.state, event) == (int)take->row.state &&
	        !row_is_claimed(&take->row)) {
		watch_plan(engine, take);
		return;
	}
	change = change_begin(engine, take, event);
	if (change)
		take_moves(change);
	else
		watch_plan(engine, take);
}

/* "No such task" may mean "not yet" for a while after createTask. */
static bool may_come(struct engine *engine, const struct take *take)
{
	const struct store_take *row = &take->row;
	int64_t grace_ms = provider_pace(take->account->provider)->not_found_grace_ms;

	/* A claimed task is as old as its createTask. */
	if (row_is_claimed(row) && engine_wall_ms(engine) - row->submitted_ms >= grace_ms)
		return false;
	return age_ms(engine, take) < grace_ms;
}

static void not_found(struct engine *engine, struct take *take)
{
	char text[300];

	if (may_come(engine, take) || ++take->not_found < NOT_FOUND_MIN) {
		watch_plan(engine, take);
		return;
	}
	snprintf(text, sizeof(text), "%s does not know %s%s",
	        provider_title(take->account->provider),
	        row_is_claimed(&take->row) ? "the task" : "task ",
	        row_is_claimed(&take->row) ? "" : take->row.task_id);
	ended(engine, take, TASK_EV_EXPIRED, text,
	        "look at your account; write retry into the status file to look for it "
	        "again, which costs nothing");
}

bool take_fails(struct engine *engine, struct take *take)
{
	int64_t now_us = engine_now_us(engine);

	take->failures++;
	if (!take->failing_us)
		take->failing_us = now_us;
	return now_us - take->failing_us >=
	       provider_pace(take->account->provider)->give_up_ms * US_PER_MS;
}

/* No answer that says anything of the task: it goes on there all the same. */
static void look_failed(struct engine *engine, struct take *take, bool reached, const char *why)
{
	char text[300];

	/* Where it cannot even be asked, nothing says that the task has ended. */
	if (take_fails(engine, take) && reached) {
		snprintf(text, sizeof(text), "the task's end was never heard of (%s)", why);
		ended(engine, take, TASK_EV_EXPIRED, text,
		        "write retry into the status file to look for it again, which costs "
		        "nothing");
		return;
	}
	if (take->failures >= FAILURES_SHOWN)
		take_wait_reason(engine, take,
		        "%s; the task goes on there and is looked for again by itself", why);
	watch_plan(engine, take);
}

/* Whether what the provider says of a task that a person named may be said of this take. */
static bool claim_holds(struct engine *engine, struct take *take)
{
	CLEANUP(free_p) char *owner = NULL;
	char text[300];

	switch (claim_check(engine, take, &owner)) {
	case CLAIM_HOLDS:
		return true;
	case CLAIM_OPEN:
		watch_plan(engine, take);
		return false;
	case CLAIM_TAKEN:
		break;
	}
	snprintf(
	        text, sizeof(text), "the task belongs to %.200s", owner ? owner : "another prompt");
	ended(engine, take, TASK_EV_EXPIRED, text, NULL);
	return false;
}

static void status_answer(
        struct engine *engine, struct take *take, int status, const struct provider_answer *answer)
{
	struct account *account = take->account;
	const char *title = provider_title(account->provider);
	char text[300];

	switch (answer->verdict) {
	case PROVIDER_RUNNING:
	case PROVIDER_FINISHED:
	case PROVIDER_FAILED:
		take->failures = take->not_found = 0;
		take->failing_us = 0;
		take_wait_reason(engine, take, NULL);
		if (row_is_claimed(&take->row) && !claim_holds(engine, take))
			return;
		if (answer->verdict == PROVIDER_FINISHED)
			finished(engine, take, answer);
		else if (answer->verdict == PROVIDER_FAILED)
			failed(engine, take, answer);
		else if (!row_is_claimed(&take->row) &&
		         engine_now_us(engine) - take->watched_us >=
		                 provider_pace(account->provider)->give_up_ms * US_PER_MS)
			ended(engine, take, TASK_EV_EXPIRED, "the task did not end for very long",
			        "write retry into the status file to look for it again, "
			        "which costs nothing");
		else
			running(engine, take, answer->event);
		return;
	case PROVIDER_NOT_FOUND:
		not_found(engine, take);
		return;
	case PROVIDER_BAD_KEY:
		snprintf(text, sizeof(text), "%s does not accept the key", title);
		if (take->key_number == account->key_number)
			account_stop(account, ACCOUNT_BAD_KEY, "%s; change the key", text);
		look_failed(engine, take, true, text);
		return;
	case PROVIDER_BUSY:
		snprintf(text, sizeof(text), "%s asks to slow down", title);
		look_failed(engine, take, true, text);
		return;
	case PROVIDER_UNCLEAR:
	case PROVIDER_ACCEPTED:
	case PROVIDER_NO_CREDITS:
	case PROVIDER_MAINTENANCE:
	case PROVIDER_REFUSED:
	case PROVIDER_ANSWERED:
		break;
	}
	snprintf(text, sizeof(text), "%s gives no clear answer (HTTP %d%s%.120s)", title, status,
	        answer->error ? ": " : "", answer->error ? answer->error : "");
	look_failed(engine, take, true, text);
}

static void status_done(void *context, const struct http_result *result)
{
	struct take *take = context;
	struct engine *engine = take->account->engine;
	struct provider_answer answer = {0};
	char text[300];

	take->transfer = NULL;
	fault_point("status.answered");
	if (result->outcome != HTTP_ANSWERED) {
		snprintf(text, sizeof(text), "%s cannot be asked (%.200s)",
		        provider_title(take->account->provider), result->error);
		look_failed(engine, take, result->outcome == HTTP_LOST, text);
		return;
	}
	if (provider_read_status(take->account->provider, result->status, result->body,
	            result->size, &answer) < 0) {
		look_failed(engine, take, false, "no memory");
		return;
	}
	status_answer(engine, take, result->status, &answer);
	provider_answer_done(&answer);
}

void watch_step(struct engine *engine, struct take *take)
{
	struct account *account = take->account;
	struct provider_message message = {0};
	int64_t delay;
	int r;

	if (take->transfer)
		return;
	if (!take->watched_us)
		take->watched_us = engine_now_us(engine);
	if (!account_usable(account)) {
		take_wait_reason(engine, take, "%s; the task goes on at %s",
		        account->reason ? account->reason : "no key",
		        provider_title(account->provider));
		engine_due(engine, &take->due, engine_now_us(engine) + KEY_LOOK_US);
		return;
	}
	delay = bucket_take(&account->status, engine_now_us(engine));
	if (delay > 0) {
		engine_due(engine, &take->due, engine_now_us(engine) + delay);
		return;
	}
	take->key_number = account->key_number;
	r = provider_status_message(account->provider, account->base_url, account->key,
	        take->row.request.model, take->row.task_id, &message);
	if (r == 0) {
		r = account_ask(account, &message, STATUS_TIMEOUT_MS, false, status_done, take,
		        &take->transfer);
		provider_message_done(&message);
	}
	if (r < 0)
		engine_due(engine, &take->due, engine_now_us(engine) + LOOK_AGAIN_US);
}
