/* SPDX-License-Identifier: MIT */
/* A database of an earlier schema, what is known of accounts, and what was spent; included by
 * test-store.c. */
#pragma once

/* The migrations, which the store has for itself. */
extern const char *const store_schema[];

static int spending_line(void *context, const struct store_spending *spending)
{
	return buf_addf(context, "[%s %s %lld %g %d]", spending->take, spending->provider,
	        (long long)spending->at_ms, spending->credits, spending->reported);
}

static void spending_is(const char *directory, int64_t since_ms, const char *expected)
{
	CLEANUP(store_close_p) struct store *store = open_ok(directory);
	CLEANUP(buf_done) struct buf lines = BUF_INIT(1u << 12);
	struct err err = {""};

	OK(store_load_spending(store, since_ms, spending_line, &lines, &err) == 0);
	OK_TEXT(lines.data ? lines.data : "", expected);
}

/* What the first version wrote of a prompt whose picture is there. */
static void test_upgrade(void)
{
	static const char rows[] =
	        "PRAGMA application_id = 0x6461726b; PRAGMA user_version = 1;"
	        "INSERT INTO prompts VALUES ('p1', CAST('a.prompt' AS BLOB), 0, 5, NULL);"
	        "INSERT INTO takes VALUES ('t1', 'p1', 1, 'success', 'kie', 'm', 'a fox', NULL, "
	        "NULL,"
	        " NULL, NULL, NULL, 'task', 0, 6.5, 1, 2, 3, 4);"
	        "INSERT INTO take_parameters VALUES ('t1', 'quality', 'high');"
	        "INSERT INTO take_pictures VALUES ('t1', 0, 'https://x/1', CAST('a.png' AS BLOB),"
	        " 'png', 77)";
	struct err err = {""};
	int round;

	directory_new("upgrade");
	OK(run("upgrade", store_schema[0]) && run("upgrade", rows));
	for (round = 0; round < 2; round++) {
		CLEANUP(store_close_p) struct store *store = open_ok("upgrade");
		CLEANUP(shot_done) struct shot shot = {.in_order = true};
		const struct store_take *take;

		OK(store_load(store, shot_prompt, shot_take, &shot, &err) == 0);
		OK(shot.prompt_count == 1 && shot.take_count == 1);
		if (shot.take_count != 1)
			continue;
		take = &shot.takes[0];
		OK_TEXT(take->task_id, "task");
		OK_TEXT(parameters_get(&take->request.parameters, "quality"), "high");
		OK(take->request.reference_count == 0 && take->took_ms == 0);
		OK(take->picture_count == 1 && take->pictures[0].inode == 77);
		OK_TEXT(take->pictures[0].name, "a.png");
		OK_TEXT(take->pictures[0].sha256, "");
	}
	OK(ask("upgrade", "PRAGMA user_version") == 2);
	/* What was bought counts against the budget. */
	spending_is("upgrade", 1, "[t1 kie 2 6.5 1]");
	spending_is("upgrade", 2, "");
}

/* ---- accounts ---- */

static int losses_line(void *context, const char *provider, int64_t losses)
{
	return buf_addf(context, "[%s %lld]", provider, (long long)losses);
}

static int losses_stop(void *context, const char *provider, int64_t losses)
{
	(void)provider;
	(void)losses;
	++*(int *)context;
	return 19;
}

static void losses_are(const char *expected)
{
	CLEANUP(store_close_p) struct store *store = open_ok("losses");
	CLEANUP(buf_done) struct buf lines = BUF_INIT(1u << 12);
	struct err err = {""};

	OK(store_load_losses(store, losses_line, &lines, &err) == 0);
	OK_TEXT(lines.data ? lines.data : "", expected);
}

static void test_losses(void)
{
	int calls = 0;

	directory_new("losses");
	losses_are("");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("losses");

		OK(store_remember_losses(store, "kie", 1) == 0);
		OK(store_remember_losses(store, "apikley", 3) == 0);
		OK(store_remember_losses(store, "kie", 2) == 0);
	}
	losses_are("[apikley 3][kie 2]");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("losses");

		OK(store_load_losses(store, losses_stop, &calls, NULL) == 19 && calls == 1);
		OK(store_remember_losses(store, "kie", 0) == 0);
	}
	losses_are("[apikley 3][kie 0]");
}

/* ---- what was spent ---- */

static int spend(struct store *store, const char *take, int64_t at_ms, double credits)
{
	struct store_spending spending = {.provider = (char *)"kie", .at_ms = at_ms};
	const struct store_change change = {.spending = &spending};

	snprintf(spending.take, sizeof(spending.take), "%s", take);
	spending.credits = credits;
	return store_write_wait(store, &change);
}

static int spending_stop(void *context, const struct store_spending *spending)
{
	(void)spending;
	++*(int *)context;
	return 23;
}

static void test_spending(void)
{
	int calls = 0;

	directory_new("spending");
	spending_is("spending", 0, "");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("spending");
		const struct store_change drop = {.drop_spending = "b"};
		const struct store_change nothing = {.drop_spending = ""};

		OK(spend(store, "b", 100, 1) == 0);
		OK(spend(store, "c", 300, 7.25) == 0);
		OK(spend(store, "a", 200, 6.5) == 0);
		/* In the place of the first. */
		OK(spend(store, "a", 200, 13) == 0);
		OK(store_write_wait(store, &drop) == 0);
		OK(store_write_wait(store, &nothing) == -EINVAL);
		OK(spend(store, "", 100, 1) == -EINVAL);
		/* Less than nothing cannot be spent. */
		OK(spend(store, "d", 100, -1) < 0);
	}
	spending_is("spending", 199, "[a kie 200 13 0][c kie 300 7.25 0]");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("spending");

		OK(store_load_spending(store, 0, spending_stop, &calls, NULL) == 23 && calls == 1);
	}
	spending_is("spending", 200, "[c kie 300 7.25 0]");
	/* Gone for good, and nothing that belongs to a take's row goes with it. */
	spending_is("spending", 0, "[c kie 300 7.25 0]");
}

/* Written with a take's row, and left when its prompt and with it the take is deleted. */
static void test_spending_outlives(void)
{
	directory_new("outlives");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("outlives");
		struct store_prompt prompt = {.uuid = "p", .path = (char *)"a.prompt"};
		struct store_take take = {.uuid = "t", .prompt = "p", .number = 1};
		struct store_spending spending = {
		        .take = "t", .provider = (char *)"kie", .at_ms = 5, .credits = 2};
		const struct store_change both = {
		        .prompt = &prompt, .take = &take, .spending = &spending};
		const struct store_change wrong = {
		        .take = &(struct store_take){.uuid = "u", .prompt = "nobody", .number = 1},
		        .spending = &(struct store_spending){
		                .take = "u", .provider = (char *)"kie", .at_ms = 6, .credits = 3}};
		const struct store_change drop = {.drop_prompt = "p"};

		take.state = TASK_SUBMITTING;
		OK(store_write_wait(store, &both) == 0);
		/* Both or none. */
		OK(store_write_wait(store, &wrong) < 0);
		OK(store_write_wait(store, &drop) == 0);
	}
	OK(ask("outlives", "SELECT count(*) FROM takes") == 0);
	spending_is("outlives", 0, "[t kie 5 2 0]");
}
