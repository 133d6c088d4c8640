/* SPDX-License-Identifier: MIT */
/* store: prompts, takes and their history, durable.  The only user of SQLite.
 *
 * One thread of the store owns the database connection; it commits what is queued in groups, with
 * synchronous=FULL.  Any thread may queue.  A row is written whole and may be written again: every
 * write is idempotent.  Rows are keyed by UUIDs (36 characters) that the caller makes.
 */
#pragma once

#include "darkroom/task.h"

struct store;

#define UUID_TEXT_SIZE 37

/* A prompt file as it was last seen through the mount. */
struct store_prompt {
	char uuid[UUID_TEXT_SIZE];
	char *path;       /* below SOURCE, any bytes, no slash at either end */
	bool deleted;     /* the file is gone; its takes are kept */
	int64_t ctime_ns; /* of the file, to notice quickly that nothing changed while unmounted */
	char *content;    /* its bytes and own settings as last committed, to notice what changed */
	size_t content_size;
};

/* A picture of a take. */
struct store_picture {
	char *url;    /* the provider's link */
	char *name;   /* its name beside the prompt or in takes/ or lost+found/; NULL: not shown */
	char *suffix; /* that belongs to its bytes, "png"; NULL: not complete */
	uint64_t inode;                /* of the complete, verified file; 0: not complete */
	char sha256[DIGEST_TEXT_SIZE]; /* of its bytes as they were delivered; "": not known */
};

struct store_take {
	char uuid[UUID_TEXT_SIZE];
	char prompt[UUID_TEXT_SIZE];
	int64_t number;
	enum task_state state;
	struct request
	        request; /* all NULL and empty for an invalid one that never became a request */
	char *ignored;
	char *reason; /* why it waits */
	char *error;  /* why it failed or cannot be sent */
	char *hint;   /* what to do */
	char *task_id;
	bool discard; /* the result goes to takes/ only: cancelled after it was sent */
	bool credits_known;
	double credits;
	int64_t created_ms, submitted_ms, completed_ms; /* 0: not yet */
	int64_t accepted_ms; /* when the provider said that it has the task; 0: it has not, and the
	                      * task_id, if any, is a person's word */
	int64_t took_ms;     /* the provider's own time for the task; 0: unknown */
	struct store_picture *pictures;
	size_t picture_count;
};

/* A file that a provider keeps for us. */
struct store_upload {
	char *provider;
	char *base_url; /* where it was uploaded to */
	char sha256[DIGEST_TEXT_SIZE];
	char *suffix; /* "png": services look at the name */
	char *url;
	int64_t expires_ms;
};

/* What an order costs or may cost, and when it was sent. */
struct store_spending {
	char take[UUID_TEXT_SIZE];
	char *provider;
	int64_t at_ms;
	double credits;
	bool reported; /* by the provider; else the price that was expected */
};

void store_prompt_done(struct store_prompt *prompt);
void store_take_done(struct store_take *take);
int store_prompt_copy(const struct store_prompt *from, struct store_prompt *to) NODISCARD;
int store_take_copy(const struct store_take *from, struct store_take *to) NODISCARD;

/* Opens or creates the database DIRECTORY/tasks.db, brings its schema up to date (numbered
 * migrations in src/store/schema/, each in a transaction), and starts the thread, so call it after
 * the last fork(2).  `directory` is a path; what it names is held open, and it does not matter what
 * is mounted there later.  The database is locked until it is closed.  -errno, with a sentence:
 * also for a database made by a newer version (-ENOTSUP), a damaged one (-EBADMSG), or one that
 * another process has (-EBUSY, after a short wait). */
int store_open(const char *directory, struct store **ret_store, struct err *err) NODISCARD;
/* Commits what is queued, ends the thread, closes. */
void store_close(struct store *store);
void store_close_p(struct store **store);

/* Reads everything: each prompt, then its takes by number.  Call before anything is queued, from
 * the thread that opened it.  What a row points to belongs to the callback from then on, whatever
 * it returns.  A callback that returns non-zero ends the reading with that value. */
int store_load(struct store *store, int (*on_prompt)(void *context, struct store_prompt *prompt),
        int (*on_take)(void *context, struct store_take *take), void *context, struct err *err)
        NODISCARD;

void store_upload_done(struct store_upload *upload);
/* Reads the uploads that have not expired at wall_ms, and forgets the others; as store_load. */
int store_load_uploads(struct store *store, int64_t wall_ms,
        int (*on_upload)(void *context, struct store_upload *upload), void *context,
        struct err *err) NODISCARD;
/* Queues an upload to be remembered in the place of an earlier one of the same file; copied.  Of
 * very many, those that expire first are forgotten.  What is lost by a crash is uploaded again, so
 * nobody waits for it.  -ENOMEM. */
int store_remember_upload(struct store *store, const struct store_upload *upload) NODISCARD;

/* Reads how many answers to orders each provider lost one after the other; as store_load.  The name
 * is borrowed. */
int store_load_losses(struct store *store,
        int (*on_losses)(void *context, const char *provider, int64_t losses), void *context,
        struct err *err) NODISCARD;
/* Queues such a number to be remembered; copied.  Nobody waits for it.  -ENOMEM. */
int store_remember_losses(struct store *store, const char *provider, int64_t losses) NODISCARD;

/* Forgets what was spent at since_ms or before, and reads the rest, by take; as store_load.  The
 * provider is borrowed. */
int store_load_spending(struct store *store, int64_t since_ms,
        int (*on_spending)(void *context, const struct store_spending *spending), void *context,
        struct err *err) NODISCARD;

/* Changes that are committed together; what is dropped goes first.  A live prompt that is written
 * at another live prompt's path marks that one deleted. */
struct store_change {
	const struct store_prompt *prompt; /* written unless NULL */
	const struct store_take *take;     /* written unless NULL, its pictures with it */
	const char *note;        /* with a take: a line for its history, e.g. the event; or NULL */
	int64_t wall_ms;         /* the time of the note */
	const char *drop_take;   /* UUID of an unsent take to delete, or NULL */
	const char *drop_prompt; /* UUID of a prompt to delete with its takes, or NULL */
	const struct store_spending *spending; /* written unless NULL; it outlives its take */
	const char *drop_spending; /* UUID of the take whose spending is deleted, or NULL */
};

/* Called on the store's thread, in the order of queueing, when the change is durable (0) or failed
 * (-errno: -ENOSPC, -EIO, -EROFS, -ENOMEM; -EINVAL for one that contradicts what is there: a take
 * without its prompt, two takes with one number, a drop of a take that was sent); must not block.
 */
typedef void store_done(void *context, int result);

/* Queues a change; everything in it is copied before it returns.  done may be NULL.  -ENOMEM, or
 * -EINVAL for a row without UUID or with a path of the wrong form: nothing was queued and done is
 * not called. */
int store_write(struct store *store, const struct store_change *change, store_done *done,
        void *context) NODISCARD;
/* The same, and waits until it is durable.  Not for the engine's thread. */
int store_write_wait(struct store *store, const struct store_change *change) NODISCARD;

/* Makes the prompts' paths, and those of pictures that takes refer to, follow a rename of a
 * file or directory: `from` and everything below it becomes `to`, and what was live at `to` or
 * below it is marked deleted.  With `exchange`, also the reverse, and nothing is.  Queued like
 * store_write; -EINVAL where one path is below the other. */
int store_move(struct store *store, const char *from, const char *to, bool exchange,
        store_done *done, void *context) NODISCARD;
