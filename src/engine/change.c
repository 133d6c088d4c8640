/* SPDX-License-Identifier: MIT */
/* Changes: a transition is made as a new row, committed by the store, and only then true. */
#include "engine-private.h"

#include <string.h>

static void change_stored(struct engine *engine, struct message *message);
static void write_change(struct change *change);

static void change_fire(struct engine *engine, struct timer *timer)
{
	(void)engine;
	write_change(CONTAINER(timer, struct change, due));
}

struct change *change_new(struct engine *engine, struct prompt *prompt, struct take *take)
{
	struct change *change = calloc(1, sizeof(*change));

	if (!change)
		return NULL;
	change->message.run = change_stored;
	change->due.fire = change_fire;
	change->engine = engine;
	change->prompt = prompt;
	change->take = take;
	if (take && store_take_copy(&take->row, &change->row) < 0) {
		free(change);
		return NULL;
	}
	return change;
}

void change_free(struct change *change)
{
	if (!change)
		return;
	if (change->new_take)
		take_free(change->take);
	store_take_done(&change->row);
	store_prompt_done(&change->prompt_row);
	free(change);
}

int change_event(struct change *change, enum task_event event)
{
	int next = task_next(change->row.state, event);

	if (next < 0)
		return -EINVAL;
	change->row.state = next;
	change->note = task_event_name(event);
	return 0;
}

struct change *change_begin(struct engine *engine, struct take *take, enum task_event event)
{
	struct change *change = change_new(engine, take->prompt, take);

	if (change && change_event(change, event) == 0)
		return change;
	if (change)
		log_error("take %s: %s must not happen while it is %s", take->row.uuid,
		        task_event_name(event), task_state_name(take->row.state));
	else
		log_error("take %s: no memory for %s", take->row.uuid, task_event_name(event));
	change_free(change);
	return NULL;
}

int change_with_prompt(struct change *change, const char *content, size_t size, int64_t ctime_ns)
{
	CLEANUP(free_p) char *copy = NULL;
	int r;

	if (content) {
		copy = malloc(size + 1);
		if (!copy)
			return -ENOMEM;
		memcpy(copy, content, size);
		copy[size] = '\0';
	}
	WITH_LOCK(&change->engine->index_lock);
	r = store_prompt_copy(&change->prompt->row, &change->prompt_row);
	if (r < 0)
		return r;
	change->with_prompt = true;
	if (copy) {
		free(change->prompt_row.content);
		change->prompt_row.content = TAKE(copy);
		change->prompt_row.content_size = size;
		change->prompt_row.ctime_ns = ctime_ns;
		change->prompt_row.deleted = false;
	}
	return 0;
}

/* On the store's thread. */
static void stored(void *context, int result)
{
	struct change *change = context;

	change->result = result;
	engine_post(change->engine, &change->message);
}

static void write_change(struct change *change)
{
	struct store_change rows = {
	        .note = change->note,
	        .wall_ms = engine_wall_ms(change->engine),
	};
	int r;

	if (change->with_prompt) {
		/* The file may have been renamed since the row was copied. */
		char *path = prompt_path(change->engine, change->prompt);

		if (path) {
			free(change->prompt_row.path);
			change->prompt_row.path = path;
		}
		rows.prompt = &change->prompt_row;
	}
	if (change->spends)
		rows.spending = &change->spending;
	if (change->spends_not)
		rows.drop_spending = change->row.uuid;
	if (change->drop)
		rows.drop_take = change->row.uuid;
	else if (change->take)
		rows.take = &change->row;
	r = store_write(change->engine->store, &rows, stored, change);
	if (r < 0)
		stored(change, r);
}

void change_commit(struct change *change, change_then *then)
{
	struct engine *engine = change->engine;
	struct take *take = change->take;

	/* What was sent and failed.  Uploads cost nothing: whatever was the reason, what is ordered
	 * next does not meet with the same address.  Stored before the failure is. */
	if (take && change->row.state == TASK_FAIL && take->row.state != TASK_FAIL &&
	        change->row.submitted_ms)
		upload_forget(take);
	budget_change(change);
	change->then = then;
	change->prompt->changes++;
	change->next = engine->changes;
	engine->changes = change;
	write_change(change);
}

static void install_prompt(struct change *change)
{
	struct prompt *prompt = change->prompt;

	WITH_LOCK(&change->engine->index_lock);
	free(prompt->row.content);
	prompt->row.content = TAKE(change->prompt_row.content);
	prompt->row.content_size = change->prompt_row.content_size;
	prompt->row.ctime_ns = change->prompt_row.ctime_ns;
	if (!prompt->given_up)
		prompt->row.deleted = change->prompt_row.deleted;
}

static void install(struct change *change)
{
	struct take *take = change->take;

	if (change->with_prompt)
		install_prompt(change);
	if (!take)
		return;
	budget_install(change);
	if (change->row.state != take->row.state) {
		/* Why it waited is over. */
		free(take->wait_reason);
		take->wait_reason = NULL;
	}
	if (change->drop) {
		take_unlink(take);
		queue_remove(change->engine, take);
		engine_undue(change->engine, &take->due);
		take_free(take);
		change->take = NULL;
		return;
	}
	store_take_done(&take->row);
	take->row = change->row;
	change->row = (struct store_take){0};
	if (change->new_take) {
		change->new_take = false;
		take_link(take);
	}
	queue_state(change->engine, take);
}

static void forget(struct change *change)
{
	struct change **at = &change->engine->changes;

	while (*at && *at != change)
		at = &(*at)->next;
	if (*at)
		*at = change->next;
	change->prompt->changes--;
}

/* What must not be lost is kept in memory and tried again; the log has the task's id meanwhile. */
static void try_later(struct engine *engine, struct change *change)
{
	struct prompt *prompt = change->prompt;

	if (!change->tried && change->row.task_id)
		log_error("task %s could not be recorded (%s); trying again", change->row.task_id,
		        strerror(-change->result));
	change->tried = true;
	prompt->change_error = change->result;
	prompt_goes_on(engine, prompt);
	if (change->take && !change->new_take)
		take_wait_reason(engine, change->take,
		        "the task database cannot be written: %s; tried again every few seconds, "
		        "nothing is lost as long as the filesystem stays mounted",
		        strerror(-change->result));
	engine_due(engine, &change->due, engine_now_us(engine) + STORE_RETRY_US);
}

static void change_stored(struct engine *engine, struct message *message)
{
	struct change *change = (struct change *)message;
	struct prompt *prompt = change->prompt;

	if (change->result < 0 && change->must &&
	        (!engine->stopping || engine_now_us(engine) < engine->stop_us)) {
		try_later(engine, change);
		return;
	}
	forget(change);
	if (change->result < 0 && change->row.task_id)
		log_error("task %s of take %s is not recorded: %s", change->row.task_id,
		        change->row.uuid, strerror(-change->result));
	if (change->result >= 0) {
		if (prompt->change_error && change->take && !change->new_take)
			take_wait_reason(engine, change->take, NULL);
		prompt->change_error = 0;
		install(change);
		/* Before anybody is answered, so that the status is right from that moment. */
		view_publish(engine, prompt);
	}
	change->then(engine, change);
	change_free(change);
	prompt_goes_on(engine, prompt);
}
