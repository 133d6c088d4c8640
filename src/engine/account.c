/* SPDX-License-Identifier: MIT */
/* Accounts: one for each provider in use, with its address, its key, its pace, and the line of
 * settled orders that wait to be sent.  What stops one order for want of a key or of credits stops
 * all of that account, until the cause is gone or somebody writes retry. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define CREDITS_TIMEOUT_MS 30000

static void account_fire(struct engine *engine, struct timer *timer)
{
	(void)engine;
	account_step(CONTAINER(timer, struct account, due));
}

static void upload_fire(struct engine *engine, struct timer *timer)
{
	(void)engine;
	upload_step(CONTAINER(timer, struct account, upload_due));
}

static void account_bucket(struct bucket *bucket, const struct provider_rate *rate, int64_t now_us)
{
	bucket_init(bucket, rate->period_ms * US_PER_MS, rate->count, rate->burst, now_us);
}

struct account *account_get(struct engine *engine, const char *name)
{
	const struct provider *provider;
	const char *base_url;
	struct account *account;

	for (account = engine->accounts; account; account = account->next)
		if (strcmp(provider_name(account->provider), name) == 0)
			return account;
	provider = provider_find(engine->providers, name);
	account = provider ? calloc(1, sizeof(*account)) : NULL;
	if (!account)
		return NULL;
	account->engine = engine;
	account->provider = provider;
	account->due.fire = account_fire;
	account->upload_due.fire = upload_fire;
	account->ready_end = &account->ready;
	account->uploading_end = &account->uploading;
	if (engine->option_base_url && strcmp(name, engine->option_provider) == 0)
		account->own_base_url = engine->option_base_url;
	base_url = account->own_base_url ? account->own_base_url : provider_base_url(provider);
	if (base_url && row_set(&account->base_url, base_url) < 0) {
		free(account);
		return NULL;
	}
	account_bucket(&account->create, &provider_pace(provider)->create, engine_now_us(engine));
	account_bucket(&account->status, &provider_pace(provider)->status, engine_now_us(engine));
	account->next = engine->accounts;
	engine->accounts = account;
	return account;
}

void account_free(struct account *account)
{
	if (!account)
		return;
	free(account->base_url);
	free(account->key);
	free(account->refused_key);
	free(account->reason);
	free(account->upload_url);
	free(account->upload_reason);
	free(account);
}

/* ---- stopping and going on ---- */

void account_show_reason(struct account *account)
{
	struct take *take;

	account->budget_shown = false;
	for (take = account->ready; take; take = take->next_ready)
		take_wait_reason(
		        account->engine, take, account->reason ? "%s" : NULL, account->reason);
	upload_show_reasons(account);
}

void account_stop(struct account *account, enum account_stop stop, const char *format, ...)
{
	CLEANUP(free_p) char *reason = NULL;
	va_list arguments;
	bool said;
	int r;

	va_start(arguments, format);
	r = vasprintf(&reason, format, arguments);
	va_end(arguments);
	if (r < 0)
		reason = NULL;
	/* Each order that comes to a stopped account leads here, and all that wait say it already. */
	said = account->stop == stop && !account->budget_shown && reason && account->reason &&
	       strcmp(reason, account->reason) == 0;
	if (account->stop != stop && reason)
		log_warning("%s", reason);
	account->stop = stop;
	account->stopped_us = engine_now_us(account->engine);
	if (stop == ACCOUNT_BAD_KEY && account->key) {
		free(account->refused_key);
		account->refused_key = TAKE(account->key);
	}
	if (said)
		return;
	free(account->reason);
	account->reason = TAKE(reason);
	account_show_reason(account);
}

void account_pause(struct account *account, int64_t first_us, int64_t most_us, const char *why)
{
	struct engine *engine = account->engine;
	int64_t delay;

	/* What only a person or time can mend is not hidden by less. */
	if (account->stop == ACCOUNT_BAD_KEY || account->stop == ACCOUNT_NO_CREDITS ||
	        account->stop == ACCOUNT_LOSING)
		return;
	delay = backoff_us(account->pauses++, first_us, most_us, engine_random(engine));
	account->pause_us = engine_now_us(engine) + delay;
	account_stop(account, ACCOUNT_PAUSED,
	        "%s; nothing was sent or charged, and it is tried again by itself", why);
	engine_due(engine, &account->due, account->pause_us);
}

/* Counted on by the next run: what was lost is lost also when the filesystem is mounted again. */
static void count_losses(struct account *account, unsigned losses)
{
	if (account->losses == losses)
		return;
	account->losses = losses;
	if (store_remember_losses(
	            account->engine->store, provider_name(account->provider), losses) < 0)
		log_warning("the lost answers of %s are not remembered: no memory",
		        provider_title(account->provider));
}

static void stop_losing(struct account *account)
{
	account_stop(account, ACCOUNT_LOSING,
	        "%s gave no clear answer to %u orders in a row, and may have charged them; this "
	        "one was not sent, and none is until somebody writes retry into a status file",
	        provider_title(account->provider), account->losses);
}

void account_loses(struct account *account)
{
	/* What swallows one answer may swallow the next: the others wait. */
	count_losses(account, account->losses + 1);
	if (account->losses >= LOSSES_MAX)
		stop_losing(account);
	else
		account_pause(account, PAUSE_NETWORK_FIRST_US, PAUSE_NETWORK_MOST_US,
		        "there was no clear answer to another order");
}

static int load_losses(void *context, const char *provider, int64_t losses)
{
	struct account *account = losses > 0 ? account_get(context, provider) : NULL;

	if (!account)
		return 0;
	account->losses = losses < LOSSES_MAX ? (unsigned)losses : LOSSES_MAX;
	if (account->losses == LOSSES_MAX)
		stop_losing(account);
	return 0;
}

int account_load(struct engine *engine, struct err *err)
{
	return store_load_losses(engine->store, load_losses, engine, err);
}

void account_open(struct account *account)
{
	account->stop = ACCOUNT_OPEN;
	account->pauses = 0;
	count_losses(account, 0);
	upload_go_on(account);
	free(account->refused_key);
	account->refused_key = NULL;
	free(account->reason);
	account->reason = NULL;
	account_show_reason(account);
	upload_soon(account);
	account_step(account);
}

void account_has_key(struct account *account)
{
	/* A key says nothing about answers that were lost. */
	if (account->losses >= LOSSES_MAX) {
		stop_losing(account);
		return;
	}
	account->stop = ACCOUNT_OPEN;
	free(account->reason);
	account->reason = NULL;
	account_show_reason(account);
}

void account_answers(struct account *account, const struct take *take)
{
	count_losses(account, 0);
	account->balance_known = account->short_known = false;
	/* What left before the pause says nothing about it. */
	if (account->stop == ACCOUNT_PAUSED && take->submitted_us >= account->stopped_us)
		account_open(account);
}

int account_ask(struct account *account, const struct provider_message *message, int64_t timeout_ms,
        bool once, http_done *done, void *context, struct http_transfer **ret)
{
	const struct http_request request = {
	        .method = message->method,
	        .url = message->url,
	        .headers = (const char *const *)message->headers,
	        .body = message->body,
	        .timeout_ms = timeout_ms,
	        .body_max = PROVIDER_ANSWER_MAX,
	        .sink = -1,
	        .once = once,
	        .allow_loopback_http = strncmp(account->base_url, "http:", 5) == 0,
	};

	return http_start(account->engine->http, &request, done, context, ret);
}

/* ---- credits ---- */

void account_short(struct account *account, const char *words)
{
	if (account->balance_known) {
		account->short_balance = account->balance;
		account->short_known = true;
		account->balance_known = false;
	}
	account_stop(account, ACCOUNT_NO_CREDITS,
	        "credits: the account at %s has too few (%s); nothing was charged; top it up, or "
	        "write retry into the status file",
	        provider_title(account->provider), words);
}

/* Whether the balance may do for the order that comes first: a refusal costs nothing, but a balance
 * that was too low before is not tried again. */
static bool balance_suffices(const struct account *account, double balance)
{
	const struct take *take = account->ready ? account->ready : account->uploading;
	double price;

	if (account->short_known && balance <= account->short_balance)
		return false;
	if (!take || !provider_price(account->provider, &take->row.request, &price))
		price = 1;
	return balance >= price;
}

static void credits_done(void *context, const struct http_result *result)
{
	struct account *account = context;
	struct provider_answer answer = {0};

	account->looking_for_credits = false;
	if (result->outcome == HTTP_ANSWERED &&
	        provider_read_credits(account->provider, result->status, result->body, result->size,
	                &answer) == 0) {
		if (answer.verdict == PROVIDER_ANSWERED && answer.credits_known &&
		        account->stop == ACCOUNT_NO_CREDITS &&
		        balance_suffices(account, answer.credits)) {
			account->balance = answer.credits;
			account->balance_known = true;
			account_open(account);
		}
		provider_answer_done(&answer);
	}
	if (account->stop == ACCOUNT_NO_CREDITS)
		engine_due(account->engine, &account->due, account->credits_look_us);
}

static void look_for_credits(struct account *account)
{
	struct engine *engine = account->engine;
	struct provider_message message = {0};

	if (account->looking_for_credits)
		return;
	if (engine_now_us(engine) < account->credits_look_us) {
		engine_due(engine, &account->due, account->credits_look_us);
		return;
	}
	account->credits_look_us = engine_now_us(engine) + CREDITS_LOOK_US;
	if (provider_credits_message(
	            account->provider, account->base_url, account->key, &message) == 0) {
		account->looking_for_credits = account_ask(account, &message, CREDITS_TIMEOUT_MS,
		                                       false, credits_done, account, NULL) == 0;
		provider_message_done(&message);
	}
	engine_due(engine, &account->due, account->credits_look_us);
}

/* ---- the line ---- */

void account_ready(struct account *account, struct take *take)
{
	if (take->in_ready)
		return;
	take->in_ready = true;
	take->next_ready = NULL;
	*account->ready_end = take;
	account->ready_end = &take->next_ready;
	queue_line(account->engine, take, QUEUE_READY);
	if (account->over_budget)
		budget_show(account->engine, take);
	else
		take_wait_reason(
		        account->engine, take, account->reason ? "%s" : NULL, account->reason);
}

void account_unready(struct account *account, struct take *take)
{
	struct take **at = &account->ready;

	if (!take->in_ready)
		return;
	while (*at != take)
		at = &(*at)->next_ready;
	*at = take->next_ready;
	if (!*at)
		account->ready_end = at;
	take->in_ready = false;
	take->next_ready = NULL;
}

bool account_is_stopped(struct account *account, bool only_uploads)
{
	struct engine *engine = account->engine;
	int64_t now_us = engine_now_us(engine);

	switch (account->stop) {
	case ACCOUNT_OPEN:
		break;
	case ACCOUNT_NO_CREDITS:
		look_for_credits(account);
		return true;
	case ACCOUNT_PAUSED:
		/* What delays createTask says nothing about where pictures go. */
		if (only_uploads)
			break;
		if (account->probing)
			return true;
		if (now_us < account->pause_us) {
			engine_due(engine, &account->due, account->pause_us);
			return true;
		}
		break;
	case ACCOUNT_NO_ADDRESS:
	case ACCOUNT_LOSING:
		return true;
	case ACCOUNT_NO_KEY:
	case ACCOUNT_BAD_KEY:
		break;
	}
	if (!account_usable(account)) {
		if (account->stop != ACCOUNT_NO_ADDRESS)
			engine_due(engine, &account->due, now_us + KEY_LOOK_US);
		return true;
	}
	if (account->stop == ACCOUNT_NO_KEY || account->stop == ACCOUNT_BAD_KEY)
		account_has_key(account);
	return account->stop == ACCOUNT_LOSING;
}

static void send_ready(struct account *account)
{
	struct engine *engine = account->engine;

	engine_undue(engine, &account->due);
	if (account->stop != ACCOUNT_OPEN && account->stop != ACCOUNT_PAUSED)
		upload_step(account);
	while (account->ready && engine->sending) {
		struct take *take = account->ready;
		int64_t delay;

		/* While it waited, an address may have expired. */
		if (!submit_is_wanted(engine, take) || upload_is_missing(engine, take)) {
			account_unready(account, take);
			submit_step(engine, take);
			continue;
		}
		/* The end of one of them leads here again. */
		if (account->submissions >= SUBMISSIONS_MAX || account_is_stopped(account, false))
			return;
		if (!budget_allows(account, take))
			return;
		delay = bucket_take(&account->create, engine_now_us(engine));
		if (delay > 0) {
			engine_due(engine, &account->due, engine_now_us(engine) + delay);
			return;
		}
		account_unready(account, take);
		if (budget_reserve(engine, take) < 0) {
			engine_due(engine, &take->due, engine_now_us(engine) + STORE_RETRY_US);
			continue;
		}
		account->probing = account->stop == ACCOUNT_PAUSED;
		submit_take(engine, take);
	}
}

void account_step(struct account *account)
{
	struct budget *budget = &account->engine->budget;
	bool turn = budget->turn == account;

	/* It keeps its turn only while it waits for the budget and for nothing else. */
	if (turn)
		budget->turn = NULL;
	account->over_budget = false;
	send_ready(account);
	if (turn && !budget->turn)
		budget_turn_ends(account->engine);
}
