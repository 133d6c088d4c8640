/* SPDX-License-Identifier: MIT */
/* Files that providers keep for us: written, read back, forgotten. */
#include "store-private.h"

#include <string.h>

void store_upload_done(struct store_upload *upload)
{
	free(upload->provider);
	free(upload->base_url);
	free(upload->suffix);
	free(upload->url);
	*upload = (struct store_upload){0};
}

int upload_copy(const struct store_upload *from, struct store_upload *to)
{
	*to = (struct store_upload){.expires_ms = from->expires_ms};
	memcpy(to->sha256, from->sha256, sizeof(to->sha256));
	to->provider = strdup(from->provider);
	to->base_url = strdup(from->base_url);
	to->suffix = strdup(from->suffix);
	to->url = strdup(from->url);
	if (to->provider && to->base_url && to->suffix && to->url)
		return 0;
	store_upload_done(to);
	return -ENOMEM;
}

int upload_apply(struct store *store, const struct store_upload *upload)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_UPLOAD_WRITE, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":provider", upload->provider);
	if (r == 0)
		r = sql_bind_text(statement, ":base_url", upload->base_url);
	if (r == 0)
		r = sql_bind_text(statement, ":sha256", upload->sha256);
	if (r == 0)
		r = sql_bind_text(statement, ":suffix", upload->suffix);
	if (r == 0)
		r = sql_bind_text(statement, ":url", upload->url);
	if (r == 0)
		r = sql_bind_int(statement, ":expires_ms", upload->expires_ms);
	if (r == 0)
		r = sql_run(store, statement);

	if (r == 0)
		r = sql_get(store, STATEMENT_UPLOADS_TRIM, &statement);
	if (r == 0)
		r = sql_bind_int(statement, ":max", STORE_UPLOADS_MAX);
	return r < 0 ? r : sql_run(store, statement);
}

static int upload_read(sqlite3_stmt *statement, struct store_upload *ret_upload)
{
	CLEANUP(store_upload_done) struct store_upload upload = {0};
	int r = row_bytes_read(statement, 0, &upload.provider, NULL);

	if (r == 0)
		r = row_bytes_read(statement, 1, &upload.base_url, NULL);
	if (r == 0)
		r = row_digest_read(statement, 2, upload.sha256);
	if (r == 0)
		r = row_bytes_read(statement, 3, &upload.suffix, NULL);
	if (r == 0)
		r = row_bytes_read(statement, 4, &upload.url, NULL);
	if (r < 0)
		return r;
	if (!upload.provider || !upload.base_url || !upload.suffix || !upload.url ||
	        !*upload.sha256)
		return -EBADMSG;
	upload.expires_ms = sqlite3_column_int64(statement, 5);
	*ret_upload = upload;
	upload = (struct store_upload){0};
	return 0;
}

static int uploads_read(struct store *store, int64_t wall_ms,
        int (*on_upload)(void *context, struct store_upload *upload), void *context, int *ret_stop)
{
	CLEANUP(sql_reset_p) sqlite3_stmt *statement = NULL;
	int code = SQLITE_OK;
	int r = sql_get(store, STATEMENT_UPLOADS_READ, &statement);

	if (r == 0)
		r = sql_bind_int(statement, ":wall_ms", wall_ms);
	while (r == 0 && *ret_stop == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct store_upload upload;

		r = upload_read(statement, &upload);
		if (r == 0)
			*ret_stop = on_upload(context, &upload);
	}
	return r < 0 ? r : sql_errno(store->db, code);
}

static int uploads_expire(struct store *store, int64_t wall_ms)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_UPLOADS_EXPIRE, &statement);

	if (r == 0)
		r = sql_bind_int(statement, ":wall_ms", wall_ms);
	return r < 0 ? r : sql_run(store, statement);
}

int store_load_uploads(struct store *store, int64_t wall_ms,
        int (*on_upload)(void *context, struct store_upload *upload), void *context,
        struct err *err)
{
	int stop = 0;
	int r = uploads_read(store, wall_ms, on_upload, context, &stop);

	if (r < 0)
		return store_err_read(store, r, err);
	/* On a full disk they stay, and are not read the next time either. */
	(void)!uploads_expire(store, wall_ms);
	return stop;
}
