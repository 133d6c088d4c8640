/* SPDX-License-Identifier: MIT */
/* A database of an earlier schema, and what is known of accounts; included by test-store.c. */
#pragma once

/* The migrations, which the store has for itself. */
extern const char *const store_schema[];

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
