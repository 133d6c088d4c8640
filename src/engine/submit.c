/* SPDX-License-Identifier: MIT */
/* createTask: the one step that costs money.
 *
 * The intention (state submitting) is durable before the request leaves; the answer's task id is
 * durable before anything else is done with it.  A request is made again only when it is certain
 * that the provider did not accept it; everything else is `unknown`. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define PAUSE_BUSY_FIRST_US US_PER_S
#define PAUSE_BUSY_MOST_US (10 * US_PER_S) /* the window in which services count */
#define PAUSE_MAINTENANCE_FIRST_US (30 * US_PER_S)
#define PAUSE_MAINTENANCE_MOST_US (600 * US_PER_S)

#define NOT_CHARGED "nothing was charged"

static const char *title(const struct take *take)
{
	return provider_title(take->account->provider);
}

void submit_ends(struct take *take)
{
	take->account->submissions--;
	take->account->probing = false;
	budget_release(take);
	inline_free(take->inlined, take->row.request.reference_count);
	take->inlined = NULL;
}

static void submission_ends(struct engine *engine, struct take *take)
{
	engine->submissions--;
	submit_ends(take);
}

/* A QUEUED take goes on by itself after this, as after any change of its prompt. */
static void answered_then(struct engine *engine, struct change *change)
{
	struct take *take = change->take;

	submission_ends(engine, take);
	fault_point("create.answer-stored");
	if (change->result >= 0 && take->row.state == TASK_WAITING) {
		take->accepted_us = engine_now_us(engine);
		watch_plan(engine, take);
	}
	account_step(take->account);
}

/* Stores how createTask ended. */
static void answer_commit(struct engine *engine, struct change *change)
{
	change->must = true;
	change_commit(change, answered_then);
}

static void accepted(struct engine *engine, struct take *take, const struct provider_answer *answer)
{
	struct change *change = change_begin(engine, take, TASK_EV_ACCEPTED);

	account_answers(take->account, take);
	if (!change || row_set(&change->row.task_id, answer->task_id) < 0) {
		/* Without memory for the id the answer is as good as lost, but the log has it. */
		log_error("take %s: task %s was accepted; there is no memory to record it",
		        take->row.uuid, answer->task_id);
		change_free(change);
		submission_ends(engine, take);
		return;
	}
	change->row.accepted_ms = engine_wall_ms(engine);
	answer_commit(engine, change);
}

/* Certain that it was not accepted, and it may be sent again later, unless it was cancelled or made
 * a draft while it was under way. */
static void not_sent(struct engine *engine, struct take *take)
{
	struct change *change = change_begin(engine, take, TASK_EV_NOT_SENT);
	bool cancelled = take->row.discard;

	if (!change) {
		submission_ends(engine, take);
		return;
	}
	change->row.submitted_ms = 0;
	if (cancelled || take->hold_wanted) {
		if (change_event(change, TASK_EV_HOLD) < 0 ||
		        row_set(&change->row.reason, cancelled ? REASON_CANCELLED : REASON_DRAFT) <
		                0 ||
		        row_set(&change->row.hint, HINT_RELEASE) < 0)
			log_error(
			        "take %s: no memory for the reason why it is held", take->row.uuid);
		change->row.discard = false;
	}
	take->hold_wanted = false;
	answer_commit(engine, change);
}

/* Certain that it was not accepted and never will be. */
static void refused(struct engine *engine, struct take *take, const char *words)
{
	struct change *change = change_begin(engine, take, TASK_EV_REFUSED);

	account_answers(take->account, take);
	if (!change) {
		submission_ends(engine, take);
		return;
	}
	change->row.credits_known = true;
	change->row.credits = 0;
	change->row.completed_ms = engine_wall_ms(engine);
	if (row_setf(&change->row.error, "%s refused the request: %s", title(take),
	            words ? words : "no reason was given") < 0 ||
	        row_set(&change->row.hint,
	                "change the prompt or its parameters, or write retry into "
	                "the status file to order it again") < 0)
		log_error("take %s: no memory for the reason of the refusal", take->row.uuid);
	answer_commit(engine, change);
}

static void lost(struct engine *engine, struct take *take, const char *how)
{
	struct change *change = change_begin(engine, take, TASK_EV_LOST);

	account_loses(take->account);
	if (!change) {
		submission_ends(engine, take);
		return;
	}
	change->row.completed_ms = engine_wall_ms(engine);
	if (row_setf(&change->row.error,
	            "createTask was sent and %s; %s may have made and charged the task", how,
	            title(take)) < 0 ||
	        row_set_lost_hint(&change->row, title(take)) < 0)
		log_error("take %s: no memory for the reason", take->row.uuid);
	answer_commit(engine, change);
}

static void create_answer(struct engine *engine, struct take *take,
        const struct http_result *result, const struct provider_answer *answer)
{
	struct account *account = take->account;
	const char *words = answer->error ? answer->error : "";
	char text[512];

	switch (answer->verdict) {
	case PROVIDER_ACCEPTED:
		accepted(engine, take, answer);
		return;
	case PROVIDER_BAD_KEY:
		if (take->key_number != account->key_number) {
			/* The key has been replaced meanwhile. */
			not_sent(engine, take);
			return;
		}
		account_stop(account, ACCOUNT_BAD_KEY,
		        "%s does not accept the key (%s); " NOT_CHARGED
		        "; change the key, or write "
		        "retry into the status file",
		        title(take), words);
		not_sent(engine, take);
		return;
	case PROVIDER_NO_CREDITS:
		/* The key may have been replaced meanwhile, by that of another account. */
		if (take->key_number == account->key_number)
			account_short(account, words);
		not_sent(engine, take);
		return;
	case PROVIDER_BUSY:
		snprintf(text, sizeof(text), "%s asks to slow down (%s)", title(take), words);
		account_pause(account, PAUSE_BUSY_FIRST_US, PAUSE_BUSY_MOST_US, text);
		not_sent(engine, take);
		return;
	case PROVIDER_MAINTENANCE:
		snprintf(text, sizeof(text), "%s is under maintenance (%s)", title(take), words);
		account_pause(account, PAUSE_MAINTENANCE_FIRST_US, PAUSE_MAINTENANCE_MOST_US, text);
		not_sent(engine, take);
		return;
	case PROVIDER_REFUSED:
		refused(engine, take, answer->error);
		return;
	case PROVIDER_UNCLEAR:
	case PROVIDER_RUNNING:
	case PROVIDER_FINISHED:
	case PROVIDER_FAILED:
	case PROVIDER_NOT_FOUND:
	case PROVIDER_ANSWERED:
		break;
	}
	if (*words)
		snprintf(text, sizeof(text), "the answer was not clear (HTTP %d: %s)",
		        result->status, words);
	else
		snprintf(text, sizeof(text), "the answer was not clear (HTTP %d, %zu bytes)",
		        result->status, result->size);
	lost(engine, take, text);
}

static void create_done(void *context, const struct http_result *result)
{
	struct take *take = context;
	struct engine *engine = take->account->engine;
	struct provider_answer answer = {0};
	char text[512];

	take->transfer = NULL;
	fault_point("create.answered");
	switch (result->outcome) {
	case HTTP_NOT_SENT:
		snprintf(text, sizeof(text), "%s cannot be reached (%s)", title(take),
		        result->error);
		account_pause(take->account, PAUSE_NETWORK_FIRST_US, PAUSE_NETWORK_MOST_US, text);
		not_sent(engine, take);
		return;
	case HTTP_BAD_URL:
		refused(engine, take, result->error);
		return;
	case HTTP_TOO_LONG:
		lost(engine, take, "the answer was longer than any answer can be");
		return;
	case HTTP_LOST:
	case HTTP_NO_SPACE:
	case HTTP_NO_FILE:
		snprintf(text, sizeof(text), "no answer came back (%s)", result->error);
		lost(engine, take, text);
		return;
	case HTTP_ANSWERED:
		break;
	}
	if (provider_read_create(take->account->provider, result->status, result->body,
	            result->size, &answer) < 0) {
		lost(engine, take, "there was no memory to read the answer");
		return;
	}
	create_answer(engine, take, result, &answer);
	provider_answer_done(&answer);
}

/* createTask's message.  -EAGAIN where a picture has no address any more. */
static int create_message(
        struct engine *engine, struct take *take, struct provider_message *ret_message)
{
	const struct request *request = &take->row.request;
	struct account *account = take->account;
	const char *urls[REFERENCES_MAX];
	size_t i;

	for (i = 0; i < request->reference_count; i++) {
		const struct reference *reference = &request->references[i];

		urls[i] = reference->url                      ? reference->url
		          : take->inlined && take->inlined[i] ? take->inlined[i]
		                                              : upload_address(engine, take, i);
		if (!urls[i])
			return -EAGAIN;
	}
	return provider_create_message(
	        account->provider, account->base_url, account->key, request, urls, ret_message);
}

/* The intention is durable: now the request may leave. */
static void submitting_then(struct engine *engine, struct change *change)
{
	struct take *take = change->take;
	struct account *account = take->account;
	struct provider_message message = {0};
	int r;

	if (change->result < 0) {
		submission_ends(engine, take);
		engine_due(engine, &account->due, engine_now_us(engine) + STORE_RETRY_US);
		take_wait_reason(engine, take,
		        "the task database cannot be written (%s); nothing was "
		        "sent, and it is tried again by itself",
		        strerror(-change->result));
		engine_due(engine, &take->due, engine_now_us(engine) + STORE_RETRY_US);
		return;
	}
	fault_point("create.intended");
	/* What it says may have been changed, held or taken back while it was being stored, and the
	 * key may be gone. */
	if (!engine->sending || !submit_is_wanted(engine, take) || !account_usable(account)) {
		not_sent(engine, take);
		return;
	}
	take_wait_reason(engine, take, NULL);
	take->submitted_us = engine_now_us(engine);
	take->key_number = account->key_number;
	r = create_message(engine, take, &message);
	if (r == -EAGAIN) {
		/* It is uploaded again. */
		not_sent(engine, take);
		return;
	}
	if (r == 0) {
		r = account_ask(account, &message,
		        provider_pace(account->provider)->create_timeout_ms, true, create_done,
		        take, &take->transfer);
		provider_message_done(&message);
	}
	inline_free(take->inlined, take->row.request.reference_count);
	take->inlined = NULL;
	if (r < 0 && r != -ENOMEM) {
		refused(engine, take, "the provider's definition has no such request any more");
		return;
	}
	if (r < 0) {
		/* Nothing has left. */
		account_pause(account, PAUSE_NETWORK_FIRST_US, PAUSE_NETWORK_MOST_US,
		        "the request could not be made");
		not_sent(engine, take);
		return;
	}
	fault_point("create.started");
}

void submit_intend(struct engine *engine, struct take *take)
{
	struct change *change = change_begin(engine, take, TASK_EV_SUBMIT);

	if (!change) {
		submit_ends(take);
		engine_due(engine, &take->due, engine_now_us(engine) + STORE_RETRY_US);
		engine_due(engine, &take->account->due, engine_now_us(engine) + STORE_RETRY_US);
		return;
	}
	engine_undue(engine, &take->due);
	change->row.submitted_ms = engine_wall_ms(engine);
	engine->submissions++;
	change_commit(change, submitting_then);
}

void submit_take(struct engine *engine, struct take *take)
{
	take->account->submissions++;
	queue_line(engine, take, QUEUE_NEXT);
	if (inline_is_needed(take))
		inline_begin(engine, take);
	else
		submit_intend(engine, take);
}

/* ---- before that: orders that are not sent ---- */

static void nothing_then(struct engine *engine, struct change *change)
{
	(void)engine;
	(void)change;
}

void submit_take_back(struct engine *engine, struct take *take)
{
	if (take->account)
		account_unready(take->account, take);
	upload_unwant(engine, take);
	inline_end(take);
}

/* An order that never became a createTask ends. */
static void unsent_ends(struct engine *engine, struct take *take, enum task_event event,
        const char *error, const char *hint)
{
	struct change *change = change_begin(engine, take, event);

	submit_take_back(engine, take);
	if (!change || row_set(&change->row.reason, NULL) < 0 ||
	        row_set(&change->row.error, error) < 0 || row_set(&change->row.hint, hint) < 0) {
		change_free(change);
		engine_due(engine, &take->due, engine_now_us(engine) + STORE_RETRY_US);
		return;
	}
	if (event == TASK_EV_REFUSED) {
		change->row.completed_ms = engine_wall_ms(engine);
		change->row.credits_known = true;
		change->row.credits = 0;
	}
	change->must = true;
	change_commit(change, nothing_then);
}

void submit_spoiled(struct engine *engine, struct take *take, const char *path, const char *detail)
{
	size_t length = strlen(path);
	char text[600];

	/* The detail names the file too. */
	if (strncmp(detail, path, length) == 0 && strncmp(detail + length, ": ", 2) == 0)
		detail += length + 2;
	snprintf(text, sizeof(text),
	        "%.250s was changed after it was ordered%s%.200s%s; nothing was sent to be paid",
	        path, *detail ? " (" : "", detail, *detail ? ")" : "");
	unsent_ends(engine, take, TASK_EV_REJECT, text,
	        "write retry into the status file to order it with the file as it is now");
}

void submit_invalid(struct engine *engine, struct take *take, const char *error, const char *hint)
{
	unsent_ends(engine, take, TASK_EV_REJECT, error, hint);
}

void submit_fails(struct engine *engine, struct take *take, const char *error, const char *hint)
{
	unsent_ends(engine, take, TASK_EV_REFUSED, error, hint);
}

/* An order whose prompt is gone is dropped; nothing was sent. */
static void drop_unsent(struct engine *engine, struct take *take)
{
	struct change *change = change_new(engine, take->prompt, take);

	if (!change)
		return;
	submit_take_back(engine, take);
	change->drop = true;
	change_commit(change, nothing_then);
}

bool submit_is_wanted(struct engine *engine, struct take *take)
{
	struct prompt *prompt = take->prompt;

	if (take != prompt->takes || prompt->changes > 0 || prompt->stale || take->hold_wanted ||
	        take->row.discard)
		return false;
	WITH_LOCK(&engine->index_lock);
	return prompt->writers == 0 && !prompt->row.deleted;
}

void submit_step(struct engine *engine, struct take *take)
{
	int64_t now_us = engine_now_us(engine), deleted_us = 0;
	int writers;

	/* The end of a change leads here again. */
	if (take->prompt->changes > 0 || take->in_ready || take->in_uploading || take->preparing)
		return;
	queue_line(engine, take, QUEUE_SETTLING);
	/* It was not accepted, and what the prompt says now has been ordered since. */
	if (take != take->prompt->takes) {
		drop_unsent(engine, take);
		return;
	}
	if (take->prompt->stale) {
		take_wait_reason(engine, take,
		        "the file was changed, but its text could not be put "
		        "into the task database; save it again");
		return;
	}
	if (prompt_is_deleted(engine, take->prompt, &deleted_us)) {
		if (now_us - deleted_us >= DELETED_GRACE_US)
			drop_unsent(engine, take);
		else
			engine_due(engine, &take->due, deleted_us + DELETED_GRACE_US);
		return;
	}
	{
		WITH_LOCK(&engine->index_lock);
		writers = take->prompt->writers;
	}
	if (writers > 0)
		return; /* the last one's leaving leads here again */
	if (now_us < take->ready_us) {
		engine_due(engine, &take->due, take->ready_us);
		return;
	}
	if (budget_never_allows(engine, take))
		return;
	if (upload_is_missing(engine, take)) {
		upload_want(engine, take);
		return;
	}
	account_ready(take->account, take);
	account_step(take->account);
}
