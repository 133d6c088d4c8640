/* SPDX-License-Identifier: MIT */
/* One transaction for any number of jobs. */
#include "store-private.h"

/* Only an unsent take may be dropped: one that was sent may have been paid for. */
static int take_drop(struct store *store, const char *uuid)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_TAKE_STATE, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":uuid", uuid);
	if (r < 0)
		return r;
	{
		CLEANUP(sql_reset_p) sqlite3_stmt *reading = statement;
		int code = sqlite3_step(reading);
		const char *name;
		int state;

		if (code != SQLITE_ROW)
			return sql_errno(store->db, code);
		name = (const char *)sqlite3_column_text(reading, 0);
		if (!name)
			return -ENOMEM;
		state = task_state_parse(name);
		if (state < 0)
			return -EBADMSG;
		if (!task_state_is_unsent((enum task_state)state))
			return -EINVAL;
	}
	return sql_run_uuid(store, STATEMENT_TAKE_DROP, uuid);
}

/* What is dropped goes first, so that its path and number are free for what is written. */
static int job_apply(struct store *store, const struct job *job)
{
	int r = 0;

	if (job->provider)
		return account_apply(store, job->provider, job->losses);
	if (job->has_upload)
		return upload_apply(store, &job->upload);
	if (job->from)
		return move_apply(store, job->from, job->to, job->exchange);
	if (job->drop_take[0])
		r = take_drop(store, job->drop_take);
	if (r == 0 && job->drop_prompt[0])
		r = sql_run_uuid(store, STATEMENT_PROMPT_DROP, job->drop_prompt);
	if (r == 0 && job->has_prompt)
		r = row_prompt_write(store, &job->prompt);
	if (r == 0 && job->has_take)
		r = row_take_write(store, &job->take);
	if (r == 0 && job->note)
		r = row_event_write(store, &job->take, job->wall_ms, job->note);
	if (r == 0 && job->drop_spending[0])
		r = sql_run_uuid(store, STATEMENT_SPENDING_DROP, job->drop_spending);
	if (r == 0 && job->has_spending)
		r = spending_apply(store, &job->spending);
	return r;
}

int jobs_commit(struct store *store, const struct job *first, const struct job *end)
{
	int r;

	fault_point("store.begin");
	r = sql_run_plain(store, STATEMENT_BEGIN);
	for (const struct job *job = first; r == 0 && job != end; job = job->next)
		r = job_apply(store, job);
	if (r == 0) {
		fault_point("store.before-commit");
		r = sql_run_plain(store, STATEMENT_COMMIT);
	}
	if (r < 0) {
		/* After some errors SQLite has rolled back by itself. */
		if (!sqlite3_get_autocommit(store->db))
			(void)!sql_run_plain(store, STATEMENT_ROLLBACK);
		return r;
	}
	fault_point("store.committed");
	return 0;
}
