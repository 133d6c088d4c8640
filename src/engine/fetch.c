/* SPDX-License-Identifier: MIT */
/* Fetching what was paid for: each picture of a finished task is received into incoming/, verified
 * and synced by the publisher, recorded, and when all are complete, shown.  Failures never end this
 * but for what is no picture, or at no address that may be used, after several tries, or a very
 * long time. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define FETCH_STALL_MS 60000
/* For all of one picture.  A server that sends a byte now and then never stalls, and would keep a
 * place of FETCHES_MAX for as long as it likes. */
#define FETCH_TIMEOUT_MS (60 * 60 * INT64_C(1000))
#define FETCH_FIRST_US US_PER_S
#define FETCH_MOST_US (300 * US_PER_S)
#define FULL_FIRST_US (2 * US_PER_S)
#define FULL_MOST_US (30 * US_PER_S)
#define RENEW_TIMEOUT_MS 30000
#define NOT_STORED "the picture cannot be stored"
#define LOST_TRIES 3 /* broken downloads in a row before a fresh link is asked for */

static void fetch_again(struct engine *engine, struct take *take);
static void fetch_renew(struct engine *engine, struct take *take, const char *why);

/* ---- the line of those that wait for a download's place ---- */

static void fetch_begin(struct engine *engine, struct take *take);

void fetch_next(struct engine *engine)
{
	/* What fails at once ends up here again. */
	if (engine->in_fetch_next)
		return;
	engine->in_fetch_next = true;
	while (engine->fetch_ready && engine->fetches < FETCHES_MAX && !engine->stopping) {
		struct take *take = engine->fetch_ready;

		engine->fetch_ready = take->next_ready;
		if (!engine->fetch_ready)
			engine->fetch_ready_end = &engine->fetch_ready;
		take->in_ready = false;
		take->next_ready = NULL;
		take->fetching = true;
		engine->fetches++;
		fetch_begin(engine, take);
	}
	engine->in_fetch_next = false;
}

static void fetch_stop(struct engine *engine, struct take *take)
{
	close_p(&take->fetch_fd);
	if (!take->fetching)
		return;
	take->fetching = false;
	engine->fetches--;
	fetch_next(engine);
}

/* ---- when something went wrong ---- */

static void fetch_later(struct engine *engine, struct take *take, int64_t first_us, int64_t most_us,
        const char *why)
{
	int64_t delay = backoff_us(take->failures, first_us, most_us, engine_random(engine));

	fetch_stop(engine, take);
	(void)take_fails(engine, take);
	take_wait_reason(
	        engine, take, "%s; the pictures are paid for and are fetched again by itself", why);
	engine_due(engine, &take->due, engine_now_us(engine) + delay);
}

void fetch_waits(struct engine *engine, struct take *take, const char *what, int error)
{
	char text[300];

	snprintf(text, sizeof(text), "%s (%s)", what, strerror(-error));
	fetch_later(engine, take, FULL_FIRST_US, FULL_MOST_US, text);
}

static void nothing_then(struct engine *engine, struct change *change)
{
	(void)engine;
	(void)change;
}

/* The pictures that are left cannot be had. */
static void fetch_ends(
        struct engine *engine, struct take *take, enum task_event event, const char *why)
{
	struct change *change = change_begin(engine, take, event);

	if (!change ||
	        row_setf(&change->row.error, "%s delivered no picture: %s",
	                provider_title(take->account->provider), why) < 0 ||
	        row_setf(&change->row.hint,
	                "write retry into the status file to look for it again, which costs "
	                "nothing; your account at %s shows task %s with its picture too",
	                provider_title(take->account->provider), take->row.task_id) < 0) {
		change_free(change);
		engine_due(engine, &take->due, engine_now_us(engine) + FETCH_FIRST_US);
		return;
	}
	(void)!row_set(&change->row.reason, NULL);
	change->row.completed_ms = engine_wall_ms(engine);
	change->must = true;
	change_commit(change, nothing_then);
}

static bool has_complete(const struct take *take)
{
	size_t i;

	for (i = 0; i < take->row.picture_count; i++)
		if (take->row.pictures[i].inode)
			return true;
	return false;
}

static bool is_useless(const struct take *take, size_t index)
{
	return take->useless >> index & 1;
}

/* What came is no picture, or its address is none that may be used.  After several tries it is
 * given up; the others are shown without it. */
static void fetch_unusable(struct engine *engine, struct take *take, const char *why)
{
	size_t i;

	files_discard(engine->files, take->row.uuid, take->fetch_index);
	if (++take->unusable < UNUSABLE_TRIES) {
		fetch_renew(engine, take, why);
		return;
	}
	fetch_stop(engine, take);
	take->unusable = take->failures = 0;
	take->useless |= UINT64_C(1) << take->fetch_index;
	for (i = 0; i < take->row.picture_count; i++)
		if (!take->row.pictures[i].inode && !is_useless(take, i))
			break;
	if (i < take->row.picture_count || has_complete(take))
		fetch_step(engine, take);
	else
		fetch_ends(engine, take, TASK_EV_UNUSABLE, why);
}

/* ---- links that have expired ---- */

static void urls_then(struct engine *engine, struct change *change)
{
	struct take *take = change->take;

	fetch_again(engine, take);
}

/* Fresh links: recorded, then used after the back-off. */
static void urls_commit(struct engine *engine, struct take *take, char *const *urls)
{
	struct change *change = change_begin(engine, take, TASK_EV_FINISHED);

	if (!change || row_set_urls(&change->row, urls) < 0) {
		change_free(change);
		fetch_again(engine, take);
		return;
	}
	change->must = true;
	change_commit(change, urls_then);
}

/* Back to the line after the back-off that `failures` asks for. */
static void fetch_again(struct engine *engine, struct take *take)
{
	engine_due(engine, &take->due,
	        engine_now_us(engine) + backoff_us(take->failures, FETCH_FIRST_US / 4,
	                                        FETCH_MOST_US, engine_random(engine)));
}

static void status_done(void *context, const struct http_result *result)
{
	struct take *take = context;
	struct engine *engine = take->account->engine;
	struct provider_answer answer = {0};

	take->transfer = NULL;
	if (result->outcome == HTTP_ANSWERED &&
	        provider_read_status(take->account->provider, result->status, result->body,
	                result->size, &answer) == 0 &&
	        answer.verdict == PROVIDER_FINISHED)
		urls_commit(engine, take, answer.urls);
	else
		fetch_again(engine, take);
	provider_answer_done(&answer);
}

static void renew_done(void *context, const struct http_result *result)
{
	struct take *take = context;
	struct engine *engine = take->account->engine;
	struct provider_answer answer = {0};
	struct change *change = NULL;

	take->transfer = NULL;
	if (result->outcome == HTTP_ANSWERED &&
	        provider_read_renew(take->account->provider, result->status, result->body,
	                result->size, &answer) == 0 &&
	        answer.verdict == PROVIDER_ANSWERED && answer.urls && answer.urls[0] &&
	        take->fetch_index < take->row.picture_count)
		change = change_begin(engine, take, TASK_EV_FINISHED);
	if (change && row_set(&change->row.pictures[take->fetch_index].url, answer.urls[0]) == 0) {
		change->must = true;
		change_commit(change, urls_then);
	} else {
		change_free(change);
		fetch_again(engine, take);
	}
	provider_answer_done(&answer);
}

/* Asks for a fresh link; where the provider has no such request, or it did not help last time, for
 * the task's answer again. */
static void fetch_renew(struct engine *engine, struct take *take, const char *why)
{
	struct account *account = take->account;
	struct provider_message message = {0};
	http_done *done = renew_done;
	int r = -ENOTSUP;

	fetch_stop(engine, take);
	take_wait_reason(
	        engine, take, "%s; the pictures are paid for and are fetched again by itself", why);
	if (take_fails(engine, take)) {
		fetch_ends(engine, take, TASK_EV_EXPIRED, why);
		return;
	}
	if (!account_usable(account)) {
		fetch_again(engine, take);
		return;
	}
	if (take->failures % 2 == 1)
		r = provider_renew_message(account->provider, account->base_url, account->key,
		        take->row.pictures[take->fetch_index].url, &message);
	if (r == -ENOTSUP) {
		done = status_done;
		r = provider_status_message(account->provider, account->base_url, account->key,
		        take->row.request.model, take->row.task_id, &message);
	}
	if (r == 0) {
		r = account_ask(
		        account, &message, RENEW_TIMEOUT_MS, false, done, take, &take->transfer);
		provider_message_done(&message);
	}
	if (r < 0)
		fetch_again(engine, take);
}

/* ---- one picture ---- */

static void picture_then(struct engine *engine, struct change *change)
{
	struct take *take = change->take;

	fault_point("fetch.recorded");
	take->failures = take->unusable = 0;
	take->failing_us = 0;
	fetch_step(engine, take);
}

static void finish_done(struct engine *engine, struct message *message)
{
	struct job *job = (struct job *)message;
	struct take *take = job->take;
	struct change *change;

	if (job->result == -EBADMSG) {
		fetch_unusable(engine, take, job->err.text);
	} else if (job->result < 0) {
		fetch_waits(engine, take, NOT_STORED, job->result);
	} else {
		fetch_stop(engine, take);
		change = change_begin(engine, take, TASK_EV_FINISHED);
		if (change && row_set(&change->row.pictures[job->index].suffix,
		                      files_format_suffix(job->format)) == 0) {
			change->row.pictures[job->index].inode = job->inode;
			memcpy(change->row.pictures[job->index].sha256, job->sha256,
			        sizeof(job->sha256));
			change->must = true;
			change_commit(change, picture_then);
		} else {
			change_free(change);
			fetch_again(engine, take);
		}
	}
	job_free(job);
}

static void fetch_done(void *context, const struct http_result *result)
{
	struct take *take = context;
	struct engine *engine = take->account->engine;
	struct job *job;
	char text[300];

	take->transfer = NULL;
	close_p(&take->fetch_fd);
	fault_point("fetch.received");
	if (result->outcome == HTTP_NO_SPACE) {
		files_discard(engine->files, take->row.uuid, take->fetch_index);
		fetch_waits(engine, take, NOT_STORED, -result->sink_errno);
		return;
	}
	if (result->outcome == HTTP_TOO_LONG) {
		snprintf(text, sizeof(text), "it is larger than %lld MiB",
		        (long long)(FILES_PICTURE_MAX >> 20));
		fetch_unusable(engine, take, text);
		return;
	}
	if (result->outcome == HTTP_BAD_URL) {
		snprintf(text, sizeof(text), "the picture's address cannot be used (%.200s)",
		        result->error);
		fetch_unusable(engine, take, text);
		return;
	}
	if (result->outcome != HTTP_ANSWERED) {
		snprintf(text, sizeof(text), "the picture did not arrive (%.200s)", result->error);
		/* An address that does not answer may have been replaced by another one. */
		if (result->outcome == HTTP_LOST && take->failures < LOST_TRIES)
			fetch_later(engine, take, FETCH_FIRST_US, FETCH_MOST_US, text);
		else
			fetch_renew(engine, take, text);
		return;
	}
	if (result->status != 200) {
		snprintf(text, sizeof(text), "the picture's link gives HTTP %d", result->status);
		fetch_renew(engine, take, text);
		return;
	}
	job = job_new(JOB_FINISH, take, finish_done);
	if (!job) {
		fetch_later(engine, take, FETCH_FIRST_US, FETCH_MOST_US, "no memory");
		return;
	}
	job->index = take->fetch_index;
	publisher_add(engine, job);
}

static void fetch_begin(struct engine *engine, struct take *take)
{
	const char *url = take->row.pictures[take->fetch_index].url;
	struct http_request request = {
	        .method = "GET",
	        .url = url,
	        .timeout_ms = FETCH_TIMEOUT_MS,
	        .stall_ms = FETCH_STALL_MS,
	        .body_max = FILES_PICTURE_MAX,
	        .follow = true,
	};
	int r;

	r = files_receive(engine->files, take->row.uuid, take->fetch_index, &take->fetch_fd);
	if (r < 0) {
		fetch_waits(engine, take, NOT_STORED, r);
		return;
	}
	request.sink = take->fetch_fd;
	request.allow_loopback_http =
	        take->account->base_url && strncmp(take->account->base_url, "http:", 5) == 0;
	fault_point("fetch.begin");
	r = http_start(engine->http, &request, fetch_done, take, &take->transfer);
	if (r < 0)
		fetch_later(engine, take, FETCH_FIRST_US, FETCH_MOST_US, "no memory");
}

void fetch_step(struct engine *engine, struct take *take)
{
	size_t i;

	if (take->transfer || take->fetching || take->in_ready)
		return;
	for (i = 0; i < take->row.picture_count; i++)
		if (!take->row.pictures[i].inode && !is_useless(take, i))
			break;
	if (i == take->row.picture_count) {
		int64_t deleted_us = 0;

		/* One at a time, so that each knows which pictures are the earlier ones. */
		if (take->prompt->showing)
			return;
		/* An editor may be writing it again at this moment. */
		if (prompt_is_deleted(engine, take->prompt, &deleted_us) &&
		        engine_now_us(engine) - deleted_us < DELETED_GRACE_US) {
			engine_due(engine, &take->due, deleted_us + DELETED_GRACE_US);
			return;
		}
		show_begin(engine, take);
		return;
	}
	take->fetch_index = (unsigned)i;
	take->in_ready = true;
	take->next_ready = NULL;
	*engine->fetch_ready_end = take;
	engine->fetch_ready_end = &take->next_ready;
	fetch_next(engine);
}
