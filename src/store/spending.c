/* SPDX-License-Identifier: MIT */
/* What orders cost or may cost: written with the state that spends it, read back, forgotten. */
#include "store-private.h"

#include <string.h>

void spending_done(struct store_spending *spending)
{
	free(spending->provider);
	*spending = (struct store_spending){0};
}

int spending_copy(const struct store_spending *from, struct store_spending *to)
{
	struct store_spending copy = *from;

	copy.provider = strdup(from->provider);
	if (!copy.provider)
		return -ENOMEM;
	*to = copy;
	return 0;
}

int spending_apply(struct store *store, const struct store_spending *spending)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_SPENDING_WRITE, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":take", spending->take);
	if (r == 0)
		r = sql_bind_text(statement, ":provider", spending->provider);
	if (r == 0)
		r = sql_bind_int(statement, ":at_ms", spending->at_ms);
	if (r == 0)
		r = sql_bind_double(statement, ":credits", spending->credits);
	if (r == 0)
		r = sql_bind_int(statement, ":reported", spending->reported);
	return r < 0 ? r : sql_run(store, statement);
}

static int spending_read(sqlite3_stmt *statement,
        int (*on_spending)(void *context, const struct store_spending *spending), void *context,
        int *ret_stop)
{
	CLEANUP(free_p) char *take = NULL, *provider = NULL;
	struct store_spending spending = {0};
	int r = row_bytes_read(statement, 0, &take, NULL);

	if (r == 0)
		r = row_bytes_read(statement, 1, &provider, NULL);
	if (r < 0)
		return r;
	if (!take || !provider || !*take || strlen(take) >= sizeof(spending.take))
		return -EBADMSG;
	memcpy(spending.take, take, strlen(take) + 1);
	spending.provider = provider;
	spending.at_ms = sqlite3_column_int64(statement, 2);
	spending.credits = sqlite3_column_double(statement, 3);
	spending.reported = sqlite3_column_int64(statement, 4) != 0;
	*ret_stop = on_spending(context, &spending);
	return 0;
}

static int spendings_read(struct store *store,
        int (*on_spending)(void *context, const struct store_spending *spending), void *context,
        int *ret_stop)
{
	CLEANUP(sql_reset_p) sqlite3_stmt *statement = NULL;
	int code = SQLITE_OK;
	int r = sql_get(store, STATEMENT_SPENDING_READ, &statement);

	while (r == 0 && *ret_stop == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW)
		r = spending_read(statement, on_spending, context, ret_stop);
	return r < 0 ? r : sql_errno(store->db, code);
}

static int spendings_expire(struct store *store, int64_t since_ms)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_SPENDING_EXPIRE, &statement);

	if (r == 0)
		r = sql_bind_int(statement, ":since_ms", since_ms);
	return r < 0 ? r : sql_run(store, statement);
}

int store_load_spending(struct store *store, int64_t since_ms,
        int (*on_spending)(void *context, const struct store_spending *spending), void *context,
        struct err *err)
{
	int stop = 0;
	int r;

	/* On a full disk they stay; who reads them sees how old they are. */
	(void)!spendings_expire(store, since_ms);
	r = spendings_read(store, on_spending, context, &stop);
	return r < 0 ? store_err_read(store, r, err) : stop;
}
