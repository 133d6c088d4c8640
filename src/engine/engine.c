/* SPDX-License-Identifier: MIT */
/* The engine's thread: mailbox, timers, network; its beginning and end. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define USER_AGENT "Mozilla/5.0 (X11; Linux) darkroomfs"
#define IDLE_US (3600 * US_PER_S) /* with nothing due */

int64_t engine_now_us(const struct engine *engine)
{
	return engine->clock->mono_us(engine->clock->context);
}

int64_t engine_wall_ms(const struct engine *engine)
{
	return engine->clock->wall_ms(engine->clock->context);
}

/* xorshift64*: spreads retries, nothing more. */
uint32_t engine_random(struct engine *engine)
{
	engine->random ^= engine->random >> 12;
	engine->random ^= engine->random << 25;
	engine->random ^= engine->random >> 27;
	return (uint32_t)(engine->random * UINT64_C(0x2545f4914f6cdd1d) >> 32);
}

bool engine_post(struct engine *engine, struct message *message)
{
	{
		WITH_LOCK(&engine->mailbox_lock);
		if (engine->closed)
			return false;
		message->next = NULL;
		*engine->mailbox_end = message;
		engine->mailbox_end = &message->next;
		pthread_cond_signal(&engine->mailbox_wake);
	}
	http_wake(engine->http);
	return true;
}

void engine_tell(struct engine *engine, void (*run)(struct engine *, struct message *))
{
	struct message *message = calloc(1, sizeof(*message));

	if (!message) {
		log_error("no memory for what a signal asked for");
		return;
	}
	message->run = run;
	if (!engine_post(engine, message))
		free(message);
}

void engine_due(struct engine *engine, struct timer *timer, int64_t at_us)
{
	if (due_set(&engine->due, &timer->due, at_us) < 0)
		log_error("no memory for a timer; something waits until the next start");
}

void engine_undue(struct engine *engine, struct timer *timer)
{
	due_remove(&engine->due, &timer->due);
}

void take_step(struct engine *engine, struct take *take)
{
	/* Before engine_start nothing goes out. */
	if (!engine->sending)
		return;
	if (!take->row.request.provider)
		return;
	if (!take->account)
		take->account = account_get(engine, take->row.request.provider);
	if (!take->account) {
		take_wait_reason(engine, take, "there is no provider %s any more",
		        take->row.request.provider);
		return;
	}
	switch (take->row.state) {
	case TASK_QUEUED:
		submit_step(engine, take);
		break;
	case TASK_WAITING:
	case TASK_QUEUING:
	case TASK_GENERATING:
		watch_step(engine, take);
		break;
	case TASK_DOWNLOADING:
		fetch_step(engine, take);
		break;
	case TASK_HELD:
	case TASK_INVALID:
	case TASK_SUBMITTING:
	case TASK_SUCCESS:
	case TASK_FAIL:
	case TASK_UNKNOWN:
		break;
	}
}

/* ---- the loop ---- */

static void run_mailbox(struct engine *engine)
{
	struct message *message, *next;

	{
		WITH_LOCK(&engine->mailbox_lock);
		message = engine->mailbox;
		engine->mailbox = NULL;
		engine->mailbox_end = &engine->mailbox;
	}
	for (; message; message = next) {
		next = message->next;
		message->run(engine, message);
	}
}

static void run_timers(struct engine *engine)
{
	struct due *due;

	while ((due = due_first(&engine->due)) && due->at_us <= engine_now_us(engine)) {
		struct timer *timer = CONTAINER(due, struct timer, due);

		due_remove(&engine->due, due);
		timer->fire(engine, timer);
	}
}

static int64_t wait_ms(struct engine *engine)
{
	struct due *due = due_first(&engine->due);
	int64_t now_us = engine_now_us(engine), end_us = now_us + IDLE_US;

	if (due && due->at_us < end_us)
		end_us = due->at_us;
	if (engine->stopping && engine->stop_us < end_us)
		end_us = engine->stop_us;
	return end_us <= now_us ? 0 : (end_us - now_us + US_PER_MS - 1) / US_PER_MS;
}

/* One turn: waits for the network, a message or a timer, and does what there is to do. */
static int engine_turn(struct engine *engine)
{
	int r = http_run(engine->http, wait_ms(engine));

	run_mailbox(engine);
	run_timers(engine);
	return r;
}

/* Nothing is left that must be waited for. */
static bool has_ended(struct engine *engine)
{
	if (!engine->stopping || engine->changes)
		return false;
	return engine->submissions == 0 || engine_now_us(engine) >= engine->stop_us;
}

/* Without the network library only what is local goes on. */
static void wait_for_mail(struct engine *engine)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	WITH_LOCK(&engine->mailbox_lock);
	if (!engine->mailbox)
		pthread_cond_timedwait(&engine->mailbox_wake, &engine->mailbox_lock, &until);
}

/* Nobody can reach the engine from here on, unless there still is something to do first. */
static bool close_mailbox(struct engine *engine)
{
	WITH_LOCK(&engine->mailbox_lock);
	engine->closed = !engine->mailbox;
	return engine->closed;
}

static void *engine_main(void *context)
{
	struct engine *engine = context;
	bool broken = false;

	while (!has_ended(engine) || !close_mailbox(engine)) {
		if (engine_turn(engine) == 0)
			continue;
		if (!broken)
			log_error("the network library has failed; nothing is sent until the next "
			          "mount");
		broken = true;
		engine->sending = false;
		wait_for_mail(engine);
	}
	return NULL;
}

/* ---- calls from other threads ---- */

static void call_run(struct engine *engine, struct message *message)
{
	struct call *call = (struct call *)message;

	call->begin(engine, call);
}

static bool call_is_done(struct call *call)
{
	WITH_LOCK(&call->mutex);
	return call->done;
}

static int call_wait(struct engine *engine, struct call *call)
{
	int result;

	pthread_mutex_init(&call->mutex, NULL);
	pthread_cond_init(&call->answered, NULL);
	call->message.run = call_run;
	if (!engine_post(engine, &call->message)) {
		pthread_cond_destroy(&call->answered);
		pthread_mutex_destroy(&call->mutex);
		return -ENOTCONN;
	}
	/* Before the thread is there, its work is done here. */
	while (!engine->started && !call_is_done(call))
		if (engine_turn(engine) < 0)
			log_error("the network library does not work");
	{
		WITH_LOCK(&call->mutex);
		while (!call->done)
			pthread_cond_wait(&call->answered, &call->mutex);
		result = call->result;
	}
	pthread_cond_destroy(&call->answered);
	pthread_mutex_destroy(&call->mutex);
	return result;
}

int engine_order(struct engine *engine, const struct engine_order *order)
{
	struct call call = {.begin = order_begin, .order = order, .path = order->path};

	return call_wait(engine, &call);
}

int engine_command(struct engine *engine, const char *path, enum engine_command command)
{
	struct call call = {.begin = command_begin, .path = path, .command = command};

	return call_wait(engine, &call);
}

int engine_command_now(
        struct engine *engine, enum engine_command command, const struct engine_order *now)
{
	struct call call = {
	        .begin = command_begin,
	        .command = command,
	        .path = now->path,
	        .order = now,
	};

	return call_wait(engine, &call);
}

int engine_settle(struct engine *engine, const char *path, const char *task_id)
{
	struct call call = {.begin = settle_begin, .path = path, .task_id = task_id};

	if (!provider_task_id_is_valid(task_id))
		return -EINVAL;
	return call_wait(engine, &call);
}

int engine_command_parse(const char *word)
{
	static const char *const words[] = {
	        [ENGINE_RETRY] = "retry",
	        [ENGINE_REGENERATE] = "regenerate",
	        [ENGINE_CANCEL] = "cancel",
	        [ENGINE_RELEASE] = "release",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(word, words[i]) == 0)
			return (int)i;
	return -1;
}

/* ---- beginning and end ---- */

static int set_options(struct engine *engine, const struct engine_options *options)
{
	engine->providers = options->providers;
	engine->clock = options->clock;
	engine->settle_us = options->settle_ms * US_PER_MS;
	if (row_set(&engine->option_provider, options->provider) < 0 ||
	        row_set(&engine->option_base_url, options->base_url) < 0 ||
	        row_set(&engine->option_key_file, options->key_file) < 0 ||
	        row_set(&engine->config_dir, options->config_dir) < 0)
		return -ENOMEM;
	return 0;
}

int engine_new(const struct engine_options *options, struct store *store, struct files *files,
        struct engine **ret_engine, struct err *err)
{
	CLEANUP(engine_free_p) struct engine *engine = calloc(1, sizeof(*engine));
	int r;

	if (!engine)
		return err_set(err, -ENOMEM, "no memory");
	pthread_mutex_init(&engine->index_lock, NULL);
	pthread_mutex_init(&engine->mailbox_lock, NULL);
	pthread_mutex_init(&engine->publisher_lock, NULL);
	pthread_mutex_init(&engine->budget.lock, NULL);
	pthread_cond_init(&engine->publisher_wake, NULL);
	pthread_cond_init(&engine->mailbox_wake, NULL);
	engine->mailbox_end = &engine->mailbox;
	engine->jobs_end = &engine->jobs;
	engine->fetch_ready_end = &engine->fetch_ready;
	engine->store = store;
	engine->files = files;
	r = set_options(engine, options);
	if (r < 0)
		return err_set(err, r, "no memory");
	queue_init(engine);
	engine->random = ((uint64_t)engine_wall_ms(engine) << 20 ^ (uint64_t)getpid()) | 1;
	r = http_client_new(USER_AGENT, &engine->http);
	if (r < 0)
		return err_set(err, r, "the network library does not work: %s", strerror(-r));
	r = recover_load(engine, err);
	if (r == 0)
		r = budget_load(engine, options, err);
	if (r < 0)
		return r;
	*ret_engine = TAKE(engine);
	return 0;
}

int engine_start(struct engine *engine, const struct engine_host *host)
{
	int r;

	engine->host = *host;
	engine->sending = true;
	recover_resume(engine);
	engine->started = true;
	r = pthread_create(&engine->publisher, NULL, publisher_main, engine);
	if (r != 0) {
		engine->started = false;
		return -r;
	}
	r = pthread_create(&engine->thread, NULL, engine_main, engine);
	if (r != 0) {
		WITH_LOCK(&engine->publisher_lock);
		engine->publisher_stops = true;
		pthread_cond_signal(&engine->publisher_wake);
	}
	if (r != 0) {
		pthread_join(engine->publisher, NULL);
		engine->started = false;
	}
	return -r;
}

struct stop {
	struct message message;
	int64_t linger_us;
};

static void stop_run(struct engine *engine, struct message *message)
{
	struct stop *stop = (struct stop *)message;

	engine->sending = false;
	engine->stopping = true;
	engine->stop_us = engine_now_us(engine) + stop->linger_us;
}

void engine_stop(struct engine *engine, int64_t linger_ms)
{
	struct stop stop = {.message.run = stop_run, .linger_us = linger_ms * US_PER_MS};

	if (!engine->started || engine->stopped)
		return;
	engine->stopped = true;
	{
		WITH_LOCK(&engine->publisher_lock);
		engine->publisher_stops = true;
		pthread_cond_signal(&engine->publisher_wake);
	}
	pthread_join(engine->publisher, NULL);
	(void)engine_post(engine, &stop.message);
	pthread_join(engine->thread, NULL);
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	http_client_free(engine->http);
	engine->http = NULL;
	upload_free_all(engine);
	budget_done(engine);
	while (engine->changes) {
		struct change *change = engine->changes;

		engine->changes = change->next;
		change_free(change);
	}
	while (engine->jobs) {
		struct job *job = engine->jobs;

		engine->jobs = job->next;
		job_free(job);
	}
	index_free(engine);
	while (engine->prompts) {
		struct prompt *prompt = engine->prompts;

		engine->prompts = prompt->next;
		prompt_free(prompt);
	}
	while (engine->accounts) {
		struct account *account = engine->accounts;

		engine->accounts = account->next;
		account_free(account);
	}
	due_queue_done(&engine->due);
	free(engine->option_provider);
	free(engine->option_base_url);
	free(engine->option_key_file);
	free(engine->config_dir);
	pthread_cond_destroy(&engine->publisher_wake);
	pthread_cond_destroy(&engine->mailbox_wake);
	pthread_mutex_destroy(&engine->publisher_lock);
	pthread_mutex_destroy(&engine->mailbox_lock);
	pthread_mutex_destroy(&engine->index_lock);
	free(engine);
}

void engine_free_p(struct engine **engine)
{
	engine_free(*engine);
	*engine = NULL;
}
