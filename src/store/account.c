/* SPDX-License-Identifier: MIT */
/* What is known of each provider's account. */
#include "store-private.h"

int account_apply(struct store *store, const char *provider, int64_t losses)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_ACCOUNT_WRITE, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":provider", provider);
	if (r == 0)
		r = sql_bind_int(statement, ":losses", losses);
	return r < 0 ? r : sql_run(store, statement);
}

static int accounts_read(struct store *store,
        int (*on_losses)(void *context, const char *provider, int64_t losses), void *context,
        int *ret_stop)
{
	CLEANUP(sql_reset_p) sqlite3_stmt *statement = NULL;
	int code = SQLITE_OK;
	int r = sql_get(store, STATEMENT_ACCOUNTS_READ, &statement);

	while (r == 0 && *ret_stop == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		CLEANUP(free_p) char *provider = NULL;

		r = row_bytes_read(statement, 0, &provider, NULL);
		if (r == 0 && !provider)
			r = -EBADMSG;
		if (r == 0)
			*ret_stop =
			        on_losses(context, provider, sqlite3_column_int64(statement, 1));
	}
	return r < 0 ? r : sql_errno(store->db, code);
}

int store_load_losses(struct store *store,
        int (*on_losses)(void *context, const char *provider, int64_t losses), void *context,
        struct err *err)
{
	int stop = 0;
	int r = accounts_read(store, on_losses, context, &stop);

	return r < 0 ? store_err_read(store, r, err) : stop;
}
