/* SPDX-License-Identifier: MIT */
/* The statements, and SQLite's errors in ours. */
#include "store-private.h"

static const char *const statement_text[STATEMENTS] = {
        [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
        [STATEMENT_COMMIT] = "COMMIT",
        [STATEMENT_ROLLBACK] = "ROLLBACK",

        [STATEMENT_PROMPT_UNCLAIM] = "UPDATE prompts SET deleted = 1"
                                     " WHERE path = :path AND deleted = 0 AND uuid <> :uuid",
        [STATEMENT_PROMPT_WRITE] = "INSERT INTO prompts (uuid, path, deleted, ctime_ns, content)"
                                   " VALUES (:uuid, :path, :deleted, :ctime_ns, :content)"
                                   " ON CONFLICT (uuid) DO UPDATE SET path = excluded.path,"
                                   " deleted = excluded.deleted, ctime_ns = excluded.ctime_ns,"
                                   " content = excluded.content",
        [STATEMENT_PROMPT_DROP] = "DELETE FROM prompts WHERE uuid = :uuid",
        [STATEMENT_PROMPTS_READ] = "SELECT uuid, path, deleted, ctime_ns, content FROM prompts"
                                   " ORDER BY path, uuid",

        [STATEMENT_TAKE_WRITE] =
                "INSERT INTO takes (uuid, prompt, number, state, provider, model, text,"
                " variation, ignored, reason, error, hint, task_id, discard, created_ms,"
                " submitted_ms, accepted_ms, completed_ms, took_ms, credits)"
                " VALUES (:uuid, :prompt, :number, :state, :provider, :model, :text,"
                " :variation, :ignored, :reason, :error, :hint, :task_id, :discard, :created_ms,"
                " :submitted_ms, :accepted_ms, :completed_ms, :took_ms, :credits)"
                " ON CONFLICT (uuid) DO UPDATE SET prompt = excluded.prompt,"
                " number = excluded.number, state = excluded.state,"
                " provider = excluded.provider, model = excluded.model, text = excluded.text,"
                " variation = excluded.variation, ignored = excluded.ignored,"
                " reason = excluded.reason, error = excluded.error, hint = excluded.hint,"
                " task_id = excluded.task_id, discard = excluded.discard,"
                " created_ms = excluded.created_ms, submitted_ms = excluded.submitted_ms,"
                " accepted_ms = excluded.accepted_ms, completed_ms = excluded.completed_ms,"
                " took_ms = excluded.took_ms, credits = excluded.credits",
        [STATEMENT_TAKE_STATE] = "SELECT state FROM takes WHERE uuid = :uuid",
        [STATEMENT_TAKE_DROP] = "DELETE FROM takes WHERE uuid = :uuid",
        [STATEMENT_TAKES_READ] =
                "SELECT uuid, prompt, number, state, provider, model, text, variation, ignored,"
                " reason, error, hint, task_id, discard, created_ms, submitted_ms, accepted_ms,"
                " completed_ms, took_ms, credits FROM takes WHERE prompt = :uuid ORDER BY number",

        [STATEMENT_PARAMETERS_CLEAR] = "DELETE FROM take_parameters WHERE take = :uuid",
        [STATEMENT_PARAMETER_WRITE] = "INSERT INTO take_parameters (take, name, value)"
                                      " VALUES (:take, :name, :value)",
        [STATEMENT_PARAMETERS_READ] = "SELECT name, value FROM take_parameters"
                                      " WHERE take = :uuid ORDER BY name",

        [STATEMENT_REFERENCES_CLEAR] = "DELETE FROM take_references WHERE take = :uuid",
        [STATEMENT_REFERENCE_WRITE] =
                "INSERT INTO take_references (take, position, parameter, path, url, sha256, size)"
                " VALUES (:take, :position, :parameter, :path, :url, :sha256, :size)",
        [STATEMENT_REFERENCES_READ] = "SELECT parameter, path, url, sha256, size"
                                      " FROM take_references WHERE take = :uuid ORDER BY position",

        [STATEMENT_PICTURES_CLEAR] = "DELETE FROM take_pictures WHERE take = :uuid",
        [STATEMENT_PICTURE_WRITE] = "INSERT INTO take_pictures (take, position, url, name, suffix,"
                                    " inode, sha256) VALUES"
                                    " (:take, :position, :url, :name, :suffix, :inode, :sha256)",
        [STATEMENT_PICTURES_READ] = "SELECT url, name, suffix, inode, sha256 FROM take_pictures"
                                    " WHERE take = :uuid ORDER BY position",

        [STATEMENT_EVENT_WRITE] = "INSERT OR IGNORE INTO take_events (take, at_ms, state, note)"
                                  " VALUES (:take, :at_ms, :state, :note)",
        [STATEMENT_EVENTS_TRIM] = "DELETE FROM take_events WHERE take = :take AND id <="
                                  " (SELECT id FROM take_events WHERE take = :take"
                                  " ORDER BY id DESC LIMIT 1 OFFSET :max)",

        /* Below a path is the range from it and a slash up to, but without, it and the byte after
         * the slash. */
        [STATEMENT_MOVE_UNCLAIM] =
                "UPDATE prompts SET deleted = 1 WHERE deleted = 0 AND (path = :from"
                " OR (path >= CAST(:from || '/' AS BLOB) AND path < CAST(:from || '0' AS BLOB)))",
        [STATEMENT_MOVE] =
                "UPDATE prompts SET path = CAST(:to || substr(path, length(:from) + 1) AS BLOB)"
                " WHERE (path = :from AND deleted = 0)"
                " OR (path >= CAST(:from || '/' AS BLOB) AND path < CAST(:from || '0' AS BLOB))",
        [STATEMENT_MOVE_REFERENCES] =
                "UPDATE take_references"
                " SET path = CAST(:to || substr(path, length(:from) + 1) AS BLOB)"
                " WHERE (path = :from OR (path >= CAST(:from || '/' AS BLOB)"
                " AND path < CAST(:from || '0' AS BLOB)))",

        [STATEMENT_UPLOAD_WRITE] =
                "INSERT OR REPLACE INTO uploads"
                " (provider, base_url, sha256, suffix, url, expires_ms)"
                " VALUES (:provider, :base_url, :sha256, :suffix, :url, :expires_ms)",
        [STATEMENT_UPLOADS_TRIM] =
                "DELETE FROM uploads WHERE (provider, base_url, sha256, suffix) IN"
                " (SELECT provider, base_url, sha256, suffix FROM uploads"
                " ORDER BY expires_ms DESC LIMIT -1 OFFSET :max)",
        [STATEMENT_UPLOADS_READ] = "SELECT provider, base_url, sha256, suffix, url, expires_ms"
                                   " FROM uploads WHERE expires_ms > :wall_ms ORDER BY expires_ms",
        [STATEMENT_UPLOADS_EXPIRE] = "DELETE FROM uploads WHERE expires_ms <= :wall_ms",

        [STATEMENT_ACCOUNT_WRITE] = "INSERT OR REPLACE INTO accounts (provider, losses)"
                                    " VALUES (:provider, :losses)",
        [STATEMENT_ACCOUNTS_READ] = "SELECT provider, losses FROM accounts",

        [STATEMENT_SPENDING_WRITE] = "INSERT OR REPLACE INTO spending"
                                     " (take, provider, at_ms, credits, reported)"
                                     " VALUES (:take, :provider, :at_ms, :credits, :reported)",
        [STATEMENT_SPENDING_DROP] = "DELETE FROM spending WHERE take = :uuid",
        [STATEMENT_SPENDING_READ] =
                "SELECT take, provider, at_ms, credits, reported FROM spending ORDER BY take",
        [STATEMENT_SPENDING_EXPIRE] = "DELETE FROM spending WHERE at_ms <= :since_ms",
};

/* Why a file operation failed.  Commits write to the log only, and each file remembers the error of
 * its own last failure; sqlite3_system_errno() is not set by a commit. */
static int sql_system_errno(sqlite3 *db)
{
	sqlite3_file *log = NULL;
	int system = 0;

	sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (log && log->pMethods)
		log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &system);
	if (system == 0)
		sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &system);
	return system;
}

static int sql_file_errno(int system)
{
	switch (system) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG: /* a limit on the size of files is a full disk to us */
		return -ENOSPC;
	case EROFS:
		return -EROFS;
	case ENOMEM:
		return -ENOMEM;
	case EACCES:
	case EPERM:
		return -EACCES;
	default:
		return -EIO;
	}
}

int sql_errno(sqlite3 *db, int code)
{
	switch (code) {
	case SQLITE_IOERR_NOMEM:
		return -ENOMEM;
	case SQLITE_IOERR_READ:
	case SQLITE_IOERR_SHORT_READ:
		return -EIO;
	default:
		break;
	}
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
		return -EINVAL;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return -EBADMSG;
	case SQLITE_IOERR:
		return sql_file_errno(sql_system_errno(db));
	case SQLITE_CANTOPEN:
		return sql_file_errno(sqlite3_system_errno(db));
	default:
		return -EIO;
	}
}

int sql_get(struct store *store, enum statement which, sqlite3_stmt **ret_statement)
{
	if (!store->statements[which]) {
		int code = sqlite3_prepare_v3(store->db, statement_text[which], -1,
		        SQLITE_PREPARE_PERSISTENT, &store->statements[which], NULL);
		if (code != SQLITE_OK)
			return sql_errno(store->db, code);
	}
	*ret_statement = store->statements[which];
	return 0;
}

void sql_reset_p(sqlite3_stmt **statement)
{
	if (*statement) {
		sqlite3_reset(*statement);
		sqlite3_clear_bindings(*statement);
	}
}

int sql_run(struct store *store, sqlite3_stmt *statement)
{
	CLEANUP(sql_reset_p) sqlite3_stmt *running = statement;

	return sql_errno(store->db, sqlite3_step(statement));
}

int sql_run_plain(struct store *store, enum statement which)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, which, &statement);

	return r < 0 ? r : sql_run(store, statement);
}

int sql_run_uuid(struct store *store, enum statement which, const char *uuid)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, which, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":uuid", uuid);
	return r < 0 ? r : sql_run(store, statement);
}

static int bound(sqlite3_stmt *statement, int code)
{
	return sql_errno(sqlite3_db_handle(statement), code);
}

int sql_bind_text(sqlite3_stmt *statement, const char *name, const char *text)
{
	return bound(statement,
	        sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, name), text,
	                -1, SQLITE_STATIC));
}

int sql_bind_blob(sqlite3_stmt *statement, const char *name, const void *bytes, size_t size)
{
	return bound(statement,
	        sqlite3_bind_blob64(statement, sqlite3_bind_parameter_index(statement, name), bytes,
	                size, SQLITE_STATIC));
}

int sql_bind_int(sqlite3_stmt *statement, const char *name, int64_t value)
{
	return bound(statement, sqlite3_bind_int64(statement,
	                                sqlite3_bind_parameter_index(statement, name), value));
}

int sql_bind_double(sqlite3_stmt *statement, const char *name, double value)
{
	return bound(statement, sqlite3_bind_double(statement,
	                                sqlite3_bind_parameter_index(statement, name), value));
}
