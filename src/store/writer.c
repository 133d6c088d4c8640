/* SPDX-License-Identifier: MIT */
/* The queue and the thread that empties it.
 *
 * The thread takes all that is queued and commits it as one group: many changes, one fsync.  When
 * that fails, each job is tried in a transaction of its own, so that one that cannot be written
 * does not fail the others.  Either way done is called in the order of the queue, after the commit
 * and without the mutex.
 */
#include "store-private.h"

#include <signal.h>
#include <string.h>

static void job_free(struct job *job)
{
	if (!job)
		return;
	store_prompt_done(&job->prompt);
	store_take_done(&job->take);
	free(job->note);
	free(job->from);
	free(job->to);
	store_upload_done(&job->upload);
	spending_done(&job->spending);
	free(job->provider);
	free(job);
}

static void job_free_p(struct job **job)
{
	job_free(*job);
}

/* ---- the thread ---- */

/* Waits for jobs; NULL when the store closes and all are done. */
static struct job *queue_take_all(struct store *store)
{
	WITH_LOCK(&store->mutex);
	while (!store->head && !store->closing)
		pthread_cond_wait(&store->queued, &store->mutex);
	store->tail = &store->head;
	return TAKE(store->head);
}

static void queue_put(struct store *store, struct job *job)
{
	WITH_LOCK(&store->mutex);
	*store->tail = job;
	store->tail = &job->next;
	pthread_cond_signal(&store->queued);
}

/* Reports, frees the job and returns the next one. */
static struct job *job_end(struct job *job, int result)
{
	struct job *next = job->next;

	/* A page that cannot be read is a failing disk to those who only wait for a write. */
	if (job->done)
		job->done(job->context, result == -EBADMSG ? -EIO : result);
	job_free(job);
	return next;
}

static void jobs_do(struct store *store, struct job *jobs)
{
	int r = jobs_commit(store, jobs, NULL);

	if (r == 0 || !jobs->next) {
		while (jobs)
			jobs = job_end(jobs, r);
		return;
	}
	while (jobs)
		jobs = job_end(jobs, jobs_commit(store, jobs, jobs->next));
}

static void *writer_main(void *argument)
{
	struct store *store = argument;
	struct job *jobs;

	while ((jobs = queue_take_all(store)))
		jobs_do(store, jobs);
	return NULL;
}

int writer_start(struct store *store)
{
	sigset_t all, before;
	int r;

	/* Signals are for the main thread; and a limit on the size of files shall be an error. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&store->thread, NULL, writer_main, store);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r != 0)
		return -r;
	store->thread_started = true;
	pthread_setname_np(store->thread, "darkroom-store");
	return 0;
}

void writer_stop(struct store *store)
{
	if (!store->thread_started)
		return;
	{
		WITH_LOCK(&store->mutex);
		store->closing = true;
		pthread_cond_signal(&store->queued);
	}
	pthread_join(store->thread, NULL);
	store->thread_started = false;
}

/* ---- queueing ---- */

static bool uuid_is_good(const char *uuid)
{
	size_t size = strnlen(uuid, UUID_TEXT_SIZE);

	return size > 0 && size < UUID_TEXT_SIZE;
}

static bool path_is_good(const char *path)
{
	size_t size = path ? strlen(path) : 0;

	return size > 0 && path[0] != '/' && path[size - 1] != '/';
}

static bool change_is_good(const struct store_change *change)
{
	if (change->prompt &&
	        (!uuid_is_good(change->prompt->uuid) || !path_is_good(change->prompt->path)))
		return false;
	if (change->take &&
	        (!uuid_is_good(change->take->uuid) || !uuid_is_good(change->take->prompt) ||
	                !task_state_name(change->take->state)))
		return false;
	if (change->note && !change->take)
		return false;
	if (change->spending &&
	        (!uuid_is_good(change->spending->take) || !change->spending->provider))
		return false;
	if (change->drop_spending && !uuid_is_good(change->drop_spending))
		return false;
	return (!change->drop_take || uuid_is_good(change->drop_take)) &&
	       (!change->drop_prompt || uuid_is_good(change->drop_prompt));
}

static int job_fill(struct job *job, const struct store_change *change)
{
	int r = 0;

	if (change->prompt)
		r = store_prompt_copy(change->prompt, &job->prompt);
	if (r == 0 && change->take)
		r = store_take_copy(change->take, &job->take);
	if (r == 0 && change->spending)
		r = spending_copy(change->spending, &job->spending);
	if (r < 0)
		return r;
	job->has_prompt = change->prompt != NULL;
	job->has_take = change->take != NULL;
	job->has_spending = change->spending != NULL;
	job->wall_ms = change->wall_ms;
	if (change->drop_take)
		memcpy(job->drop_take, change->drop_take, strlen(change->drop_take) + 1);
	if (change->drop_prompt)
		memcpy(job->drop_prompt, change->drop_prompt, strlen(change->drop_prompt) + 1);
	if (change->drop_spending)
		memcpy(job->drop_spending, change->drop_spending,
		        strlen(change->drop_spending) + 1);
	if (change->note) {
		job->note = strdup(change->note);
		if (!job->note)
			return -ENOMEM;
	}
	return 0;
}

int store_write(
        struct store *store, const struct store_change *change, store_done *done, void *context)
{
	CLEANUP(job_free_p) struct job *job = NULL;
	int r;

	if (!change_is_good(change))
		return -EINVAL;
	job = calloc(1, sizeof(*job));
	if (!job)
		return -ENOMEM;
	job->done = done;
	job->context = context;
	r = job_fill(job, change);
	if (r < 0)
		return r;
	queue_put(store, TAKE(job));
	return 0;
}

int store_move(struct store *store, const char *from, const char *to, bool exchange,
        store_done *done, void *context)
{
	CLEANUP(job_free_p) struct job *job = NULL;

	if (!path_is_good(from) || !path_is_good(to))
		return -EINVAL;
	/* Nothing can be moved into itself, and nothing full be replaced by what was in it. */
	if (strcmp(from, to) != 0 && (path_is_within(to, from) || path_is_within(from, to)))
		return -EINVAL;
	job = calloc(1, sizeof(*job));
	if (!job)
		return -ENOMEM;
	job->done = done;
	job->context = context;
	job->exchange = exchange;
	job->from = strdup(from);
	job->to = strdup(to);
	if (!job->from || !job->to)
		return -ENOMEM;
	queue_put(store, TAKE(job));
	return 0;
}

int store_remember_upload(struct store *store, const struct store_upload *upload)
{
	CLEANUP(job_free_p) struct job *job = calloc(1, sizeof(*job));

	if (!job || upload_copy(upload, &job->upload) < 0)
		return -ENOMEM;
	job->has_upload = true;
	queue_put(store, TAKE(job));
	return 0;
}

int store_remember_losses(struct store *store, const char *provider, int64_t losses)
{
	CLEANUP(job_free_p) struct job *job = calloc(1, sizeof(*job));

	if (job)
		job->provider = strdup(provider);
	if (!job || !job->provider)
		return -ENOMEM;
	job->losses = losses;
	queue_put(store, TAKE(job));
	return 0;
}

/* ---- waiting ---- */

struct waiter {
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	bool done;
	int result;
};

static void waiter_done(void *context, int result)
{
	struct waiter *waiter = context;

	WITH_LOCK(&waiter->mutex);
	waiter->done = true;
	waiter->result = result;
	pthread_cond_signal(&waiter->ended);
}

int store_write_wait(struct store *store, const struct store_change *change)
{
	struct waiter waiter = {
	        .mutex = PTHREAD_MUTEX_INITIALIZER,
	        .ended = PTHREAD_COND_INITIALIZER,
	};
	int r = store_write(store, change, waiter_done, &waiter);

	if (r < 0)
		return r;
	{
		WITH_LOCK(&waiter.mutex);
		while (!waiter.done)
			pthread_cond_wait(&waiter.ended, &waiter.mutex);
		r = waiter.result;
	}
	pthread_cond_destroy(&waiter.ended);
	pthread_mutex_destroy(&waiter.mutex);
	return r;
}
