/* SPDX-License-Identifier: MIT */
/* What the files of the store share.
 *
 * The connection and the statements belong to the store's thread from the first queued job on, and
 * to the thread that opened the store before that and after the store's thread has ended.  The
 * queue is between them, under the mutex.
 */
#pragma once

#include "darkroom/store.h"

#include <sqlite3.h>

/* Lines of history kept for one take; older ones are dropped. */
#define STORE_EVENTS_MAX 256
/* Uploads that are remembered; those that expire first are forgotten first. */
#define STORE_UPLOADS_MAX 10000

/* The migrations in order; generated from schema/. */
extern const char *const store_schema[];
extern const int store_schema_count;

/* Every statement that is run more than once; their text is in sql.c. */
enum statement {
	STATEMENT_BEGIN,
	STATEMENT_COMMIT,
	STATEMENT_ROLLBACK,
	STATEMENT_PROMPT_UNCLAIM,
	STATEMENT_PROMPT_WRITE,
	STATEMENT_PROMPT_DROP,
	STATEMENT_PROMPTS_READ,
	STATEMENT_TAKE_WRITE,
	STATEMENT_TAKE_STATE,
	STATEMENT_TAKE_DROP,
	STATEMENT_TAKES_READ,
	STATEMENT_PARAMETERS_CLEAR,
	STATEMENT_PARAMETER_WRITE,
	STATEMENT_PARAMETERS_READ,
	STATEMENT_REFERENCES_CLEAR,
	STATEMENT_REFERENCE_WRITE,
	STATEMENT_REFERENCES_READ,
	STATEMENT_PICTURES_CLEAR,
	STATEMENT_PICTURE_WRITE,
	STATEMENT_PICTURES_READ,
	STATEMENT_EVENT_WRITE,
	STATEMENT_EVENTS_TRIM,
	STATEMENT_MOVE_UNCLAIM,
	STATEMENT_MOVE,
	STATEMENT_MOVE_REFERENCES,
	STATEMENT_UPLOAD_WRITE,
	STATEMENT_UPLOADS_TRIM,
	STATEMENT_UPLOADS_READ,
	STATEMENT_UPLOADS_EXPIRE,
	STATEMENT_ACCOUNT_WRITE,
	STATEMENT_ACCOUNTS_READ,
	STATEMENT_SPENDING_WRITE,
	STATEMENT_SPENDING_DROP,
	STATEMENT_SPENDING_READ,
	STATEMENT_SPENDING_EXPIRE,
};
#define STATEMENTS 35

/* One queued change, move, upload or account, with copies of all that it needs. */
struct job {
	struct job *next;
	store_done *done;
	void *context;

	struct store_prompt prompt;
	bool has_prompt;
	struct store_take take;
	bool has_take;
	char *note;
	int64_t wall_ms;
	char drop_take[UUID_TEXT_SIZE];   /* empty: none */
	char drop_prompt[UUID_TEXT_SIZE]; /* empty: none */
	struct store_spending spending;
	bool has_spending;
	char drop_spending[UUID_TEXT_SIZE]; /* empty: none */

	char *from; /* set in a move, which has nothing of the above */
	char *to;
	bool exchange;

	struct store_upload upload; /* an upload has nothing of the above */
	bool has_upload;

	char *provider; /* set in an account, which has nothing of the above */
	int64_t losses;
};

struct store {
	char *file; /* the database as messages name it */
	int dir_fd; /* its directory: SQLite reaches its files through this descriptor */
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];

	pthread_t thread;
	bool thread_started;
	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t queued;
	struct job *head, **tail;
	bool closing;
};

/* The VFS that opens the database by the descriptor of its directory (directory.c). */
#define STORE_VFS "darkroom-store"
int store_vfs_register(void) NODISCARD;

/* ---- open.c ---- */

/* Says that the database is damaged and what to do; returns -EBADMSG. */
int store_err_damaged(const struct store *store, struct err *err);
/* The same for any trouble with reading; returns the error. */
int store_err_read(const struct store *store, int error, struct err *err);

/* ---- sql.c ---- */

/* The -errno for a result code of the connection; 0 for SQLITE_OK, SQLITE_ROW and SQLITE_DONE. */
int sql_errno(sqlite3 *db, int code);
/* The prepared statement, borrowed, ready to be bound. */
int sql_get(struct store *store, enum statement which, sqlite3_stmt **ret_statement) NODISCARD;
/* Steps a statement that gives no rows and makes it ready for its next use. */
int sql_run(struct store *store, sqlite3_stmt *statement) NODISCARD;
/* Both, for one without parameters, or with a single text called :uuid. */
int sql_run_plain(struct store *store, enum statement which) NODISCARD;
int sql_run_uuid(struct store *store, enum statement which, const char *uuid) NODISCARD;
/* Binds by name; bytes are borrowed until the statement has run; NULL is NULL. */
int sql_bind_text(sqlite3_stmt *statement, const char *name, const char *text) NODISCARD;
int sql_bind_blob(sqlite3_stmt *statement, const char *name, const void *bytes, size_t size)
        NODISCARD;
int sql_bind_int(sqlite3_stmt *statement, const char *name, int64_t value) NODISCARD;
int sql_bind_double(sqlite3_stmt *statement, const char *name, double value) NODISCARD;
/* For CLEANUP: makes a statement that was stepped by hand ready for its next use. */
void sql_reset_p(sqlite3_stmt **statement);

/* ---- row.c ---- */

int row_prompt_write(struct store *store, const struct store_prompt *prompt) NODISCARD;
int row_take_write(struct store *store, const struct store_take *take) NODISCARD;
int row_event_write(struct store *store, const struct store_take *take, int64_t wall_ms,
        const char *note) NODISCARD;
/* The row that a statement stands on; -EBADMSG where it cannot be one of ours. */
int row_prompt_read(sqlite3_stmt *statement, struct store_prompt *ret_prompt) NODISCARD;
/* The same with the take's parameters, references and pictures. */
int row_take_read(struct store *store, sqlite3_stmt *statement, struct store_take *ret_take)
        NODISCARD;

/* The bytes of a text or a blob with a NUL behind them; NULL for NULL.  ret_size may be NULL. */
int row_bytes_read(sqlite3_stmt *statement, int column, char **ret_bytes, size_t *ret_size)
        NODISCARD;
/* A digest; -EBADMSG for what cannot be one. */
int row_digest_read(sqlite3_stmt *statement, int column, char sha256[static DIGEST_TEXT_SIZE])
        NODISCARD;

/* ---- upload.c ---- */

int upload_copy(const struct store_upload *from, struct store_upload *to) NODISCARD;
int account_apply(struct store *store, const char *provider, int64_t losses) NODISCARD;
int upload_apply(struct store *store, const struct store_upload *upload) NODISCARD;

/* ---- spending.c ---- */

int spending_copy(const struct store_spending *from, struct store_spending *to) NODISCARD;
void spending_done(struct store_spending *spending);
int spending_apply(struct store *store, const struct store_spending *spending) NODISCARD;

/* ---- move.c, commit.c ---- */

/* Whether path is `above` or something below it. */
bool path_is_within(const char *path, const char *above);
int move_apply(struct store *store, const char *from, const char *to, bool exchange) NODISCARD;
/* Commits the jobs from first up to but without end in one transaction. */
int jobs_commit(struct store *store, const struct job *first, const struct job *end) NODISCARD;

/* ---- writer.c ---- */

int writer_start(struct store *store) NODISCARD;
/* Lets the thread finish what is queued, and joins it. */
void writer_stop(struct store *store);
