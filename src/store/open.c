/* SPDX-License-Identifier: MIT */
/* Opening: the file, SQLite's settings, the schema.  And closing.
 *
 * The database is locked for as long as it is open, so that no second process takes up the same
 * tasks and pays for them again.
 */
#include "store-private.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define STORE_FILE "tasks.db"
/* In the file's header: tells our databases from others. */
#define STORE_APPLICATION_ID 0x6461726b
/* A daemon that has just been unmounted may still be writing its last changes. */
#define OPEN_BUSY_MS 3000

/* ---- sentences ---- */

int store_err_damaged(const struct store *store, struct err *err)
{
	return err_set(err, -EBADMSG,
	        "%s is damaged, or not a task database. Restore it from a backup, or move it and "
	        "its -wal file away to begin with an empty one: finished pictures stay, but tasks "
	        "under way are forgotten",
	        store->file);
}

int store_err_read(const struct store *store, int error, struct err *err)
{
	if (error == -EBADMSG)
		return store_err_damaged(store, err);
	return err_set(err, error, "%s cannot be read: %s", store->file, strerrordesc_np(-error));
}

/* For a code of SQLite's, while opening. */
static int open_failed(const struct store *store, int code, struct err *err)
{
	int r = sql_errno(store->db, code);

	switch (r) {
	case -EBADMSG:
		return store_err_damaged(store, err);
	case -EBUSY:
		return err_set(err, r,
		        "%s is in use by another process: unmount the darkroomfs that has it first",
		        store->file);
	case -EROFS:
		return err_set(err, r, "%s cannot be written: it, or where it is, is read-only",
		        store->file);
	case -ENOSPC:
		return err_set(err, r, "%s cannot be written: the disk is full", store->file);
	default:
		return err_set(err, r, "%s cannot be opened: %s", store->file,
		        r == -ENOMEM ? "out of memory" : sqlite3_errstr(code));
	}
}

/* ---- the file ---- */

static int file_failed(const struct store *store, const char *what, int error, struct err *err)
{
	return err_set(
	        err, -error, "%s cannot be %s: %s", store->file, what, strerrordesc_np(error));
}

/* SQLite would make it with the umask's permissions; prompts are their owner's.  An existing file
 * is not opened here: closing it again would drop the locks that this process has on it. */
static int file_prepare(struct store *store, struct err *err)
{
	CLEANUP(close_p)
	int fd = openat(store->dir_fd, STORE_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat st;

	if (fd >= 0)
		return fsync(store->dir_fd) < 0 ? file_failed(store, "made", errno, err) : 0;
	if (errno != EEXIST)
		return file_failed(store, "made", errno, err);
	if (fstatat(store->dir_fd, STORE_FILE, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return file_failed(store, "opened", errno, err);
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s is not a regular file: move it away", store->file);
	if ((st.st_mode & 0077) && fchmodat(store->dir_fd, STORE_FILE, 0600, 0) < 0)
		return file_failed(store, "made private", errno, err);
	return 0;
}

/* ---- the connection ---- */

static int pragma_read(struct store *store, const char *sql, int64_t *ret_number, char text[32])
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		const unsigned char *word = sqlite3_column_text(statement, 0);

		if (ret_number)
			*ret_number = sqlite3_column_int64(statement, 0);
		if (text)
			snprintf(text, 32, "%s", word ? (const char *)word : "");
	}
	sqlite3_finalize(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static int connection_open(struct store *store, struct err *err)
{
	char path[64], word[32] = "";
	int code;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/" STORE_FILE, store->dir_fd);
	code = sqlite3_open_v2(
	        path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, STORE_VFS);
	if (code != SQLITE_OK)
		return open_failed(store, code, err);
	/* SQLite is content with reading when it may not write. */
	if (sqlite3_db_readonly(store->db, "main") != 0)
		return open_failed(store, SQLITE_READONLY, err);
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, OPEN_BUSY_MS);
	/* The lock has to be asked for before the log is opened: the log's index is then memory of
	 * this process, and no other can join. */
	code = sqlite3_exec(store->db,
	        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;"
	        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL",
	        NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = pragma_read(store, "PRAGMA journal_mode = WAL", NULL, word);
	if (code != SQLITE_OK)
		return open_failed(store, code, err);
	if (strcmp(word, "wal") != 0)
		return err_set(
		        err, -ENOTSUP, "%s cannot have a write-ahead log where it is", store->file);
	return 0;
}

/* ---- the schema ---- */

static int schema_check(struct store *store, int *ret_version, struct err *err)
{
	int64_t version = 0, application = 0, tables = 0;
	char word[32] = "";
	int code = pragma_read(store, "PRAGMA user_version", &version, NULL);

	if (code == SQLITE_OK)
		code = pragma_read(store, "PRAGMA application_id", &application, NULL);
	if (code == SQLITE_OK)
		code = pragma_read(store, "SELECT count(*) FROM sqlite_schema", &tables, NULL);
	if (code == SQLITE_OK)
		code = pragma_read(store, "PRAGMA quick_check(1)", NULL, word);
	if (code != SQLITE_OK)
		return open_failed(store, code, err);
	if (strcmp(word, "ok") != 0)
		return store_err_damaged(store, err);
	if (application == 0 && version == 0 && tables == 0) {
		*ret_version = 0;
		return 0;
	}
	if (application != STORE_APPLICATION_ID || version < 1)
		return err_set(err, -EBADMSG,
		        "%s is a database of another program: move it away to begin with an empty "
		        "one",
		        store->file);
	if (version > store_schema_count)
		return err_set(err, -ENOTSUP,
		        "%s was made by a newer darkroomfs (schema %lld; this one knows up to %d): "
		        "use that version, or move the file away to begin with an empty one",
		        store->file, (long long)version, store_schema_count);
	*ret_version = (int)version;
	return 0;
}

static int migrate(struct store *store, int number, struct err *err)
{
	char set[80];
	int code;

	snprintf(set, sizeof(set), "PRAGMA application_id = %d; PRAGMA user_version = %d",
	        STORE_APPLICATION_ID, number);
	code = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(store->db, store_schema[number - 1], NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(store->db, set, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : open_failed(store, code, err);
}

static int schema_prepare(struct store *store, struct err *err)
{
	int version = 0;
	int r = schema_check(store, &version, err);

	while (r == 0 && version < store_schema_count)
		r = migrate(store, ++version, err);
	return r;
}

/* ---- the store ---- */

int store_open(const char *directory, struct store **ret_store, struct err *err)
{
	CLEANUP(store_close_p) struct store *store = calloc(1, sizeof(*store));
	int r;

	if (!store)
		return err_set(err, -ENOMEM, "out of memory");
	store->dir_fd = -1;
	store->tail = &store->head;
	pthread_mutex_init(&store->mutex, NULL);
	pthread_cond_init(&store->queued, NULL);
	if (asprintf(&store->file, "%s/" STORE_FILE, directory) < 0) {
		store->file = NULL;
		return err_set(err, -ENOMEM, "out of memory");
	}
	store->dir_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->dir_fd < 0) {
		r = -errno;
		return err_set(err, r, "%s cannot be opened: %s", directory, strerrordesc_np(-r));
	}
	r = store_vfs_register();
	if (r < 0)
		return err_set(err, r, "SQLite cannot be set up: %s", strerrordesc_np(-r));
	r = file_prepare(store, err);
	if (r == 0)
		r = connection_open(store, err);
	if (r == 0)
		r = schema_prepare(store, err);
	if (r < 0)
		return r;
	r = writer_start(store);
	if (r < 0)
		return err_set(err, r, "a thread cannot be started: %s", strerrordesc_np(-r));
	*ret_store = TAKE(store);
	return 0;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	writer_stop(store);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(store->statements[i]);
	/* Brings the log into the database and removes it. */
	sqlite3_close(store->db);
	close_p(&store->dir_fd);
	pthread_cond_destroy(&store->queued);
	pthread_mutex_destroy(&store->mutex);
	free(store->file);
	free(store);
}

void store_close_p(struct store **store)
{
	store_close(*store);
	*store = NULL;
}
