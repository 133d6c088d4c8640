/* SPDX-License-Identifier: MIT */
/* engine: the life of every order, from the text that was committed to the pictures that are shown.
 *
 * One thread owns all takes, their timers and the network; a second one, the publisher, does the
 * blocking work on pictures and tells the host of changes.  Other threads talk to the engine
 * through the functions below, which may be called from any thread and never wait for the network;
 * those that wait for the disk say so.  Prompts are named by their path below SOURCE (bytes, no
 * slash at either end); renames are told to the engine, which moves their records along.
 */
#pragma once

#include "darkroom/files.h"
#include "darkroom/provider.h"
#include "darkroom/store.h"

struct engine;

/* ---- views ---- */

/* What is shown of a prompt: an immutable snapshot, shared by reference count. */
struct view {
	unsigned refs; /* atomic */
	enum task_state state;
	char *status; /* the text of NAME.status */
	size_t status_size;
	char *pictures; /* the pictures' names, one a line; "" while there are none */
	char prompt_uuid[UUID_TEXT_SIZE];
	char take_uuid[UUID_TEXT_SIZE]; /* "" where there is no take yet */
	char *task_id;                  /* NULL: none yet */
	char *error;                    /* NULL: none */
	bool credits_known;
	double credits;
	int64_t created_ms, completed_ms; /* wall clock; 0: not yet */
	int64_t changed_ms;               /* wall clock of this snapshot: the status file's mtime */
};

struct view *view_ref(struct view *view);
struct view *view_unref(struct view *view); /* NULL is fine; returns NULL */
void view_unref_p(struct view **view);
/* Nothing more will happen by itself: a reader of NAME.wait gets its answer. */
bool view_has_ended(const struct view *view);
/* The view of a prompt that was never ordered through the mount: invalid where it is empty, with
 * what it lacks (NULL: a text), else held, "changed while unmounted".  Owned (one reference); NULL
 * without memory. */
struct view *view_unordered(bool empty, const char *lacks, int64_t changed_ms) NODISCARD;

/* The current view of a prompt, with a reference for the caller; NULL where the engine knows none.
 */
struct view *engine_view(struct engine *engine, const char *path) NODISCARD;

/* Appends the budget's page: "key: value" lines. */
int engine_budget_page(struct engine *engine, struct buf *page) NODISCARD;

/* ---- making ---- */

/* What the engine asks of the mount.  Called on the publisher's thread, with no lock held. */
struct engine_host {
	void *context;
	/* The view of the prompt at this path changed: wake those who wait, invalidate caches. */
	void (*changed)(void *context, const char *path);
	/* How pictures get to their place. */
	files_rename *rename;
	void *rename_context;
};

#define ENGINE_BUDGET_MAX 1e7

struct engine_options {
	const struct providers *providers; /* borrowed for the engine's life, as are all below */
	const char *base_url;              /* for `provider`; NULL: the definition's */
	const char *provider;   /* the mount's provider: base_url and key_file belong to it */
	const char *key_file;   /* or NULL */
	const char *config_dir; /* $XDG_CONFIG_HOME/darkroom, or NULL */
	int64_t settle_ms;
	bool limited;  /* at most `budget` credits are spent in any 24 hours */
	double budget; /* from 0 to ENGINE_BUDGET_MAX */
	const struct clock *clock;
};

/* Reads the store and prepares to take up what was under way; no thread is started and nothing is
 * sent.  store and files are borrowed for the engine's life.  -errno with a sentence. */
int engine_new(const struct engine_options *options, struct store *store, struct files *files,
        struct engine **ret_engine, struct err *err) NODISCARD;
/* Starts the threads.  host is copied. */
int engine_start(struct engine *engine, const struct engine_host *host) NODISCARD;
/* Sends nothing any more, waits up to linger_ms for answers to createTask that are under way,
 * stores what is known, and ends the threads.  The host is not called again. */
void engine_stop(struct engine *engine, int64_t linger_ms);
void engine_free(struct engine *engine);
void engine_free_p(struct engine **engine);

/* Looks again at once where keys come from, for all services in use: what is there is the key from
 * then on, and where there is none, nothing is sent.  Says in the log what came of it.  Does not
 * wait for that. */
void engine_look_for_keys(struct engine *engine);
/* Logs one line: how many prompts there are, how many takes are in each state that has not ended,
 * and what stops each service in use.  Does not wait for that. */
void engine_log_summary(struct engine *engine);

/* ---- orders ---- */

enum engine_cause {
	ENGINE_WRITTEN,   /* written, truncated, a setting changed, renamed to a prompt's name */
	ENGINE_UNMOUNTED, /* found changed at mount: held */
};

/* A prompt file's content as it stands, and what it comes to. */
struct engine_order {
	const char *path;
	const char
	        *content; /* its bytes and own settings, for comparison: vfs makes and reads it */
	size_t content_size;
	int64_t ctime_ns;
	enum engine_cause cause;
	bool empty; /* no text: orders nothing; error, if any, says what else it lacks */
	const struct provider_order *order; /* NULL where it can never be sent; error says why */
	const char *error;
};

/* Commits an order: waits until it is in the database (the disk, never the network).  The same
 * request as the prompt's latest take changes nothing.  It is sent when no writer is left and it
 * has been left alone for the settle time.  -ENOSPC, -EIO, -EROFS, -ENOMEM from the store: nothing
 * was changed. */
int engine_order(struct engine *engine, const struct engine_order *order) NODISCARD;

/* A writer opened (+1) or released (-1) the prompt. */
void engine_writers(struct engine *engine, const char *path, int change);

enum engine_command {
	ENGINE_RETRY,
	ENGINE_REGENERATE,
	ENGINE_CANCEL,
	ENGINE_RELEASE,
};
/* The command's word, or -1. */
int engine_command_parse(const char *word);

/* Carries out a command for a prompt that was just read.  ENGINE_RETRY: where it comes to a new
 * take, that is what the prompt and its pictures are now; -EINVAL where they cannot be sent, which
 * is shown.  Where what was bought is looked for again, `now` is not used.  ENGINE_REGENERATE: the
 * latest take's request with those of its pictures that the prompt still names as they are now.
 * Other errors as of engine_command. */
int engine_command_now(struct engine *engine, enum engine_command command,
        const struct engine_order *now) NODISCARD;

/* Carries out a command; waits for the disk.  -EINVAL where it has no meaning in the prompt's
 * state, -ENOENT where the engine does not know the prompt; errors of the store. */
int engine_command(struct engine *engine, const char *path, enum engine_command command) NODISCARD;

/* Settles an unknown take with the id of its task, which a person found at the provider: it goes on
 * as an accepted one, and nothing is bought.  A provider that does not know the id makes it unknown
 * again.  Waits for the disk.  -EINVAL for what is no task id, where the prompt's latest take is
 * not unknown or has its task already, and for the task of another take (which is logged); -ENOENT
 * where the engine does not know the prompt; errors of the store. */
int engine_settle(struct engine *engine, const char *path, const char *task_id) NODISCARD;

/* ---- the queue ---- */

/* A take under way: ordered, and not ended. */
struct engine_queued {
	const char *path; /* of its prompt; of one that was deleted the last one it had */
	enum task_state state;
	int64_t age_ms; /* since it was created */
};
/* Every take that was under way when it began, in the order in which they were sent, then that in
 * which they will be, as far as that is known.  It copies first and calls back without a lock; ends
 * with the first answer that is not 0.  -ENOMEM. */
int engine_each_queued(struct engine *engine,
        int (*callback)(void *context, const struct engine_queued *queued), void *context)
        NODISCARD;
/* When a take last came, went, moved or got another state: wall clock. */
int64_t engine_queue_changed_ms(struct engine *engine);

/* ---- the name space ---- */

/* A prompt or a directory was renamed (both exist before, with exchange).  A prompt's record moves;
 * records of prompts below a directory move with it, and so do the pictures there that orders
 * refer to; a record at `to` is given up when a prompt's record takes its place.  For a
 * prompt renamed to an ordinary name use engine_deleted. */
void engine_moved(struct engine *engine, const char *from, const char *to, bool exchange);
/* The prompt file is gone, or no longer has a prompt's name.  Its record waits for a file that
 * takes the name again, as when an editor saves; an unsent order is dropped when it comes due. */
void engine_deleted(struct engine *engine, const char *path);

/* Every prompt on record whose file was there when last seen, for comparison after a mount.  The
 * callback may call engine_order and engine_deleted. */
struct engine_known {
	const char *path;
	int64_t ctime_ns;
	const char *content;
	size_t content_size;
};
int engine_each_known(struct engine *engine,
        int (*callback)(void *context, const struct engine_known *known), void *context) NODISCARD;
