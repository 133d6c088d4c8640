/* SPDX-License-Identifier: MIT */
/* Fetching what was paid for: each picture of a finished task is received into incoming/, verified
 * and synced by the publisher, recorded, and when all are complete, shown.  Failures never end this
 * but for what is no picture after several tries, or a very long time. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define FETCH_STALL_MS 60000
#define FETCH_FIRST_US US_PER_S
#define FETCH_MOST_US (300 * US_PER_S)
#define FULL_FIRST_US (2 * US_PER_S)
#define FULL_MOST_US (30 * US_PER_S)
#define RENEW_TIMEOUT_MS 30000
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
	                "write retry into the status file to fetch it again, which costs nothing; "
	                "task %s is also listed in your account",
	                take->row.task_id) < 0) {
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

/* What came is no picture.  After several tries it is given up; the others are shown without it. */
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
		        take->row.task_id, &message);
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
		char text[300];

		snprintf(text, sizeof(text), "the picture cannot be stored (%s)",
		        strerror(-job->result));
		fetch_later(engine, take, FULL_FIRST_US, FULL_MOST_US, text);
	} else {
		fetch_stop(engine, take);
		change = change_begin(engine, take, TASK_EV_FINISHED);
		if (change && row_set(&change->row.pictures[job->index].suffix,
		                      files_format_suffix(job->format)) == 0) {
			change->row.pictures[job->index].inode = job->inode;
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
		snprintf(text, sizeof(text), "the picture cannot be stored (%s)",
		        strerror(result->sink_errno));
		fetch_later(engine, take, FULL_FIRST_US, FULL_MOST_US, text);
		return;
	}
	if (result->outcome == HTTP_TOO_LONG) {
		snprintf(text, sizeof(text), "it is larger than %lld MiB",
		        (long long)(FILES_PICTURE_MAX >> 20));
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
	        .stall_ms = FETCH_STALL_MS,
	        .body_max = FILES_PICTURE_MAX,
	        .follow = true,
	};
	char text[300];
	int r;

	r = files_receive(engine->files, take->row.uuid, take->fetch_index, &take->fetch_fd);
	if (r < 0) {
		snprintf(text, sizeof(text), "the picture cannot be stored (%s)", strerror(-r));
		fetch_later(engine, take, FULL_FIRST_US, FULL_MOST_US, text);
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

/* ---- all pictures are complete ---- */

/* Other takes of the prompt may have waited for their turn. */
static void show_ends(struct engine *engine, struct prompt *prompt)
{
	struct take *take;

	prompt->showing = false;
	for (take = prompt->takes; take && !prompt->showing; take = take->older)
		if (take->row.state == TASK_DOWNLOADING && !take->due.due.position)
			take_step(engine, take);
}

static void shown_then(struct engine *engine, struct change *change)
{
	fault_point("show.recorded");
	show_ends(engine, change->prompt);
}

/* An earlier picture was moved to takes/: its row follows; if that is lost, it is found out again.
 */
static void earlier_moved(struct engine *engine, struct job *job)
{
	size_t i;

	for (i = 0; i < job->earlier_count; i++) {
		struct take *take = job->earlier_takes[i];
		struct store_picture *picture = NULL;
		struct store_change rows = {.wall_ms = engine_wall_ms(engine), .take = &take->row};
		size_t k;

		if (!job->earlier[i].moved)
			continue;
		for (k = 0; k < take->row.picture_count; k++)
			if (take->row.pictures[k].name &&
			        strcmp(take->row.pictures[k].name, job->earlier[i].name) == 0)
				picture = &take->row.pictures[k];
		if (picture &&
		        row_setf(&picture->name, "%s/%s/%s/%lld/%s", FILES_DIRECTORY, FILES_TAKES,
		                take->row.prompt, (long long)take->row.number,
		                job->earlier[i].name) == 0 &&
		        store_write(engine->store, &rows, NULL, NULL) < 0)
			log_warning("the move of an earlier picture could not be recorded");
	}
}

/* The name that a picture has now, as its row says it. */
static int row_set_name(struct store_take *row, const struct job *job, size_t which)
{
	const struct files_show_picture *picture = &job->pictures[which];
	char **name = &row->pictures[picture->index].name;

	if (job->lost)
		return row_setf(name, "%s/%s/%s", FILES_DIRECTORY, FILES_LOST, picture->name);
	if (job->superseded || job->elsewhere)
		return row_setf(name, "%s/%s/%s/%lld/%s", FILES_DIRECTORY, FILES_TAKES, row->prompt,
		        (long long)row->number, picture->name);
	return row_set(name, picture->name);
}

static int row_set_shown(struct store_take *row, const struct job *job)
{
	size_t missing = row->picture_count - job->picture_count, i;
	int r = row_set(&row->reason, NULL);

	for (i = 0; r == 0 && i < job->picture_count; i++)
		r = row_set_name(row, job, i);
	if (r == 0 && missing > 0)
		r = row_setf(&row->reason,
		        "%zu of %zu pictures were none, however often they were fetched", missing,
		        row->picture_count);
	if (r == 0 && job->elsewhere)
		r = row_set(&row->reason, "the prompt lies on another filesystem than SOURCE; its "
		                          "pictures are kept here");
	return r;
}

static void show_done(struct engine *engine, struct message *message)
{
	struct job *job = (struct job *)message;
	struct take *take = job->take;
	struct change *change = NULL;
	int r = job->result;

	if (r == 0) {
		earlier_moved(engine, job);
		change = change_begin(engine, take, TASK_EV_STORED);
		r = change ? row_set_shown(&change->row, job) : -ENOMEM;
	}
	if (r < 0) {
		char text[300];

		change_free(change);
		snprintf(text, sizeof(text), "the pictures cannot be put in their place (%s)",
		        strerror(-r));
		fetch_later(engine, take, FULL_FIRST_US, FULL_MOST_US, text);
		show_ends(engine, take->prompt);
	} else {
		change->row.completed_ms = engine_wall_ms(engine);
		take->failures = 0;
		change->must = true;
		change_commit(change, shown_then);
	}
	job_free(job);
}

/* A later take's pictures are already shown. */
static bool is_superseded(const struct take *take)
{
	const struct take *later;

	for (later = take->prompt->takes; later && later != take; later = later->older)
		if (later->row.state == TASK_SUCCESS && !later->row.discard)
			return true;
	return take->row.discard;
}

/* The pictures beside the prompt that come from its earlier takes. */
static int add_earlier(struct job *job, const struct take *take)
{
	struct take *older;
	size_t count = 0, i;

	for (older = take->older; older; older = older->older)
		count += older->row.picture_count;
	job->earlier = calloc(count + 1, sizeof(*job->earlier));
	job->earlier_takes = calloc(count + 1, sizeof(*job->earlier_takes));
	if (!job->earlier || !job->earlier_takes)
		return -ENOMEM;
	for (older = take->older; older; older = older->older) {
		for (i = 0; i < older->row.picture_count; i++) {
			const struct store_picture *picture = &older->row.pictures[i];
			struct files_earlier *earlier = &job->earlier[job->earlier_count];
			char *name, *uuid;

			if (!picture->name || strchr(picture->name, '/'))
				continue;
			/* Copies: the publisher reads them while the rows may change. */
			name = strdup(picture->name);
			uuid = strdup(older->row.uuid);
			*earlier = (struct files_earlier){
			        .name = name,
			        .take_uuid = uuid,
			        .inode = picture->inode,
			        .number = older->row.number,
			};
			job->earlier_takes[job->earlier_count++] = older;
			if (!name || !uuid)
				return -ENOMEM;
		}
	}
	return 0;
}

static void show(struct engine *engine, struct take *take)
{
	struct job *job = job_new(JOB_SHOW, take, show_done);

	if (job)
		job->superseded = is_superseded(take);
	if (!job || add_earlier(job, take) < 0) {
		job_free(job);
		fetch_later(engine, take, FETCH_FIRST_US, FETCH_MOST_US, "no memory");
		return;
	}
	take->prompt->showing = true;
	take_wait_reason(engine, take, NULL);
	publisher_add(engine, job);
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
		show(engine, take);
		return;
	}
	take->fetch_index = (unsigned)i;
	take->in_ready = true;
	take->next_ready = NULL;
	*engine->fetch_ready_end = take;
	engine->fetch_ready_end = &take->next_ready;
	fetch_next(engine);
}
