/* SPDX-License-Identifier: MIT */
/* One line for the log: what there is, what is under way, what stands in the way. */
#include "engine-private.h"

#include <string.h>

#define SUMMARY_MAX (16u << 10)

static int add_takes(struct engine *engine, struct buf *line)
{
	size_t counts[TASK_STATES] = {0}, prompts = 0, none = 0;
	struct prompt *prompt;
	struct take *take;
	unsigned state;
	int r;

	for (prompt = engine->prompts; prompt; prompt = prompt->next) {
		prompts += !prompt_is_deleted(engine, prompt, NULL);
		for (take = prompt->takes; take; take = take->older)
			counts[take->row.state]++;
	}
	r = buf_addf(
	        line, "%zu prompt%s; takes that have not ended:", prompts, prompts == 1 ? "" : "s");
	for (state = 0; r == 0 && state < TASK_STATES; state++) {
		if (task_state_is_final((enum task_state)state) || !counts[state])
			continue;
		r = buf_addf(line, "%s %zu %s", none++ ? "," : "", counts[state],
		        task_state_name((enum task_state)state));
	}
	return r == 0 && !none ? buf_add_text(line, " none") : r;
}

static int add_account(struct buf *line, const struct account *account)
{
	const char *name = provider_name(account->provider);

	if (account->stop == ACCOUNT_OPEN)
		return buf_addf(line, "; %s: nothing in the way", name);
	return buf_addf(line, "; %s: %s", name, account->reason ? account->reason : "stopped");
}

static void summary_log(struct engine *engine, struct message *message)
{
	CLEANUP(buf_done) struct buf line = BUF_INIT(SUMMARY_MAX);
	struct account *account;
	int r = add_takes(engine, &line);

	free(message);
	for (account = engine->accounts; r == 0 && account; account = account->next)
		r = add_account(&line, account);
	if (r == 0)
		log_info("%s", line.data);
	else
		log_error("no memory for a summary");
}

void engine_log_summary(struct engine *engine)
{
	engine_tell(engine, summary_log);
}
