/* SPDX-License-Identifier: MIT */
/* Everything read back, once, before the first change. */
#include "store-private.h"

#include <string.h>

typedef int on_take_fn(void *context, struct store_take *take);

static int takes_load(
        struct store *store, const char *prompt, on_take_fn *on_take, void *context, int *ret_stop)
{
	CLEANUP(sql_reset_p) sqlite3_stmt *statement = NULL;
	int code = SQLITE_OK;
	int r = sql_get(store, STATEMENT_TAKES_READ, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":uuid", prompt);
	while (r == 0 && *ret_stop == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct store_take take;

		r = row_take_read(store, statement, &take);
		if (r == 0)
			*ret_stop = on_take(context, &take);
	}
	return r < 0 ? r : sql_errno(store->db, code);
}

/* *ret_stop: what the callback ended the reading with. */
static int all_load(struct store *store,
        int (*on_prompt)(void *context, struct store_prompt *prompt), on_take_fn *on_take,
        void *context, int *ret_stop)
{
	CLEANUP(sql_reset_p) sqlite3_stmt *statement = NULL;
	int code = SQLITE_OK;
	int r = sql_get(store, STATEMENT_PROMPTS_READ, &statement);

	while (r == 0 && *ret_stop == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct store_prompt prompt;
		char uuid[UUID_TEXT_SIZE];

		r = row_prompt_read(statement, &prompt);
		if (r < 0)
			break;
		/* The prompt is no longer ours after the call. */
		memcpy(uuid, prompt.uuid, sizeof(uuid));
		*ret_stop = on_prompt(context, &prompt);
		if (*ret_stop == 0)
			r = takes_load(store, uuid, on_take, context, ret_stop);
	}
	return r < 0 ? r : sql_errno(store->db, code);
}

int store_load(struct store *store, int (*on_prompt)(void *context, struct store_prompt *prompt),
        int (*on_take)(void *context, struct store_take *take), void *context, struct err *err)
{
	int stop = 0;
	int r = all_load(store, on_prompt, on_take, context, &stop);

	if (r < 0)
		return store_err_read(store, r, err);
	return stop;
}
