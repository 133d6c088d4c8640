/* SPDX-License-Identifier: MIT */
/* The part of test-store.c about which prompt is at which path, and what may be dropped. */
#pragma once

/* Prompts are "uuid=path" or "uuid!path" for a deleted one, sorted by uuid. */
static const struct move_case {
	const char *name;
	const char *before[6];
	const char *from, *to;
	bool exchange;
	const char *after[6];
} move_cases[] = {
        {"a file", {"1=a", "2=ab", "3=a0"}, "a", "c", false, {"1=c", "2=ab", "3=a0"}},
        {"a directory and its neighbours",
                {"1=a/b", "2=a/b/x", "3=a/bc", "4=a/b.x", "5=a/b0", "6=a/b/\xff/y"}, "a/b", "z",
                false, {"1=z", "2=z/x", "3=a/bc", "4=a/b.x", "5=a/b0", "6=z/\xff/y"}},
        {"bytes above all", {"1=\xff", "2=\xff/\xff\xff", "3=\xff\xff", "4=\xff/z"}, "\xff",
                "\xfe\xfe\xfe", false,
                {"1=\xfe\xfe\xfe", "2=\xfe\xfe\xfe/\xff\xff", "3=\xff\xff", "4=\xfe\xfe\xfe/z"}},
        {"letters with and without accent, capitals", {"1=\xc3\xa4", "2=\xc3\xa4/x", "3=A", "4=a"},
                "\xc3\xa4", "a/\xc3\xb6", false, {"1=a/\xc3\xb6", "2=a/\xc3\xb6/x", "3=A", "4=a"}},
        {"wildcards are letters", {"1=a%/x", "2=ab/x", "3=a_/x", "4=a*/x"}, "a%", "b", false,
                {"1=b/x", "2=ab/x", "3=a_/x", "4=a*/x"}},
        {"over a file", {"1=a", "2=b"}, "a", "b", false, {"1=b", "2!b"}},
        {"over a directory", {"1=a/x", "2=b/x", "3=b/y/z", "4=bc"}, "a", "b", false,
                {"1=b/x", "2!b/x", "3!b/y/z", "4=bc"}},
        {"deleted ones follow directories only", {"1=a", "2!a", "3!a", "4!a/x"}, "a", "b", false,
                {"1=b", "2!a", "3!a", "4!b/x"}},
        {"to itself", {"1=a", "2=a/x"}, "a", "a", false, {"1=a", "2=a/x"}},
        {"nothing there", {"1=a"}, "b", "c", false, {"1=a"}},
        {"deeper and longer", {"1=d/p", "2=d/e/p"}, "d", "x/y/z", false,
                {"1=x/y/z/p", "2=x/y/z/e/p"}},
        {"exchange of files", {"1=a", "2=b", "3=ab", "4!a"}, "a", "b", true,
                {"1=b", "2=a", "3=ab", "4!a"}},
        {"exchange of directories", {"1=a/x", "2=b/x", "3=a/y", "4=b/z", "5=ab/x", "6!b/w"}, "a",
                "b", true, {"1=b/x", "2=a/x", "3=b/y", "4=a/z", "5=ab/x", "6!a/w"}},
        {"exchange of a file and a directory", {"1=a", "2=b/x", "3=b/b"}, "a", "b", true,
                {"1=b", "2=a/x", "3=a/b"}},
        {"exchange with something that is no prompt", {"1=a/x"}, "a", "b", true, {"1=b/x"}},
        {"exchange with itself", {"1=a/x"}, "a", "a", true, {"1=a/x"}},
};

static void move_case_run(const struct move_case *c, int number)
{
	char directory[32];
	struct log log = LOG_INIT;
	struct entry entry = {&log, 0};
	bool same = true;
	size_t count = 0;

	snprintf(directory, sizeof(directory), "move-%d", number);
	directory_new(directory);
	{
		CLEANUP(store_close_p) struct store *store = open_ok(directory);

		for (size_t i = 0; i < ARRAY_SIZE(c->before) && c->before[i]; i++) {
			const char uuid[2] = {c->before[i][0], '\0'};
			struct store_prompt prompt = prompt_sample(uuid, c->before[i] + 2);
			struct store_take take = take_sample(uuid, uuid, 1);

			prompt.deleted = c->before[i][1] == '!';
			OK(store_write_wait(store,
			           &(struct store_change){.prompt = &prompt, .take = &take}) == 0);
		}
		OK(store_move(store, c->from, c->to, c->exchange, log_done, &entry) == 0);
	}
	OK(log.count == 1 && log.results[0] == 0);
	{
		CLEANUP(shot_done) struct shot shot = shot_read(directory);

		for (; count < ARRAY_SIZE(c->after) && c->after[count]; count++) {
			const char uuid[2] = {c->after[count][0], '\0'};
			const struct store_prompt *prompt = shot_find(&shot, uuid);

			if (prompt && prompt->deleted == (c->after[count][1] == '!') &&
			        strcmp(prompt->path, c->after[count] + 2) == 0)
				continue;
			same = false;
			printf("# %s: %s, %s\n", uuid, prompt ? prompt->path : "gone",
			        prompt && prompt->deleted ? "deleted" : "live");
		}
		OK_NAMED(same && shot.prompt_count == count && shot.take_count == count, c->name);
	}
}

static void test_claim(void)
{
	struct store_prompt a = prompt_sample(UUID_A, "p"), b = prompt_sample(UUID_B, "p");
	struct store_prompt c = prompt_sample(UUID_C, "p");
	struct store_take take = take_sample(TAKE_A, UUID_A, 1);

	directory_new("claim");
	c.deleted = true;
	{
		CLEANUP(store_close_p) struct store *store = open_ok("claim");

		OK(store_write_wait(store, &(struct store_change){.prompt = &a, .take = &take}) ==
		        0);
		OK(write_prompt(store, &c) == 0);
		OK(write_prompt(store, &b) == 0);
	}
	{
		CLEANUP(shot_done) struct shot shot = shot_read("claim");
		const struct store_prompt *old = shot_find(&shot, UUID_A);

		OK(shot.prompt_count == 3 && shot.take_count == 1);
		OK(old && old->deleted && strcmp(old->path, "p") == 0);
		OK(shot_find(&shot, UUID_B) && !shot_find(&shot, UUID_B)->deleted);
		OK(shot_find(&shot, UUID_C) && shot_find(&shot, UUID_C)->deleted);
	}
}

static void test_drop(void)
{
	struct store_prompt a = prompt_sample(UUID_A, "a"), b = prompt_sample(UUID_B, "b");
	struct store_take draft = take_sample(TAKE_B, UUID_A, 2), sent = take_full();
	struct store_take next = take_sample(TAKE_C, UUID_A, 2);

	directory_new("drop");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("drop");
		struct store_change drop_sent = {.drop_take = TAKE_A};
		struct store_change drop_draft = {.drop_take = TAKE_B, .take = &next};

		OK(write_prompt(store, &a) == 0);
		OK(write_prompt(store, &b) == 0);
		OK(write_take(store, &sent) == 0);
		OK(store_write_wait(
		           store, &(struct store_change){.take = &draft, .note = "ordered"}) == 0);
		sent.state = TASK_SUBMITTING;
		OK(write_take(store, &sent) == 0);
		OK_NAMED(store_write_wait(store, &drop_sent) == -EINVAL, "a sent take is kept");
		OK_NAMED(store_write_wait(store, &drop_draft) == 0, "its number is free at once");
		OK(store_write_wait(store, &drop_draft) == 0);
	}
	{
		CLEANUP(shot_done) struct shot shot = shot_read("drop");

		OK(shot.prompt_count == 2 && shot.take_count == 2);
		OK(shot.take_count == 2 && take_same(&shot.takes[0], &sent));
		OK(shot.take_count == 2 && take_same(&shot.takes[1], &next));
	}
	OK(ask("drop", "SELECT count(*) FROM take_events") == 0);
	{
		CLEANUP(store_close_p) struct store *store = open_ok("drop");

		OK(store_write_wait(store, &(struct store_change){.drop_prompt = UUID_A}) == 0);
	}
	{
		CLEANUP(shot_done) struct shot shot = shot_read("drop");

		OK(shot.prompt_count == 1 && shot_find(&shot, UUID_B) && shot.take_count == 0);
	}
	OK(ask("drop", "SELECT (SELECT count(*) FROM take_pictures) +"
	               " (SELECT count(*) FROM take_parameters)") == 0);
}

/* The files that takes refer to move along, also those of one that was sent: what is ordered next
 * is compared with it. */
static void test_references_move(void)
{
	static struct reference references[] = {
	        {.parameter = (char *)"i", .path = (char *)"d/a.png", .sha256 = DIGEST_A},
	        {.parameter = (char *)"i", .path = (char *)"d", .sha256 = DIGEST_A},
	        {.parameter = (char *)"i", .path = (char *)"d.png", .sha256 = DIGEST_A},
	        {.parameter = (char *)"i", .path = (char *)"e/b.png", .sha256 = DIGEST_A},
	        {.parameter = (char *)"i", .url = (char *)"d/a.png"},
	};
	static const char *const moved[] = {"e/a.png", "e", "d.png", "d/b.png", NULL};
	struct store_prompt prompt = prompt_sample(UUID_A, "p");
	struct store_take sent = take_sample(TAKE_A, UUID_A, 1);
	struct store_take waits = take_sample(TAKE_B, UUID_A, 2);

	sent.state = TASK_SUCCESS;
	sent.request.references = waits.request.references = references;
	sent.request.reference_count = waits.request.reference_count = ARRAY_SIZE(references);
	directory_new("references-move");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("references-move");

		OK(write_prompt(store, &prompt) == 0);
		OK(write_take(store, &sent) == 0);
		OK(write_take(store, &waits) == 0);
		OK(store_move(store, "d", "e", true, NULL, NULL) == 0);
	}
	{
		CLEANUP(shot_done) struct shot shot = shot_read("references-move");

		OK(shot.take_count == 2);
		for (size_t i = 0; i < shot.take_count * ARRAY_SIZE(references); i++)
			OK(text_same(
			        shot.takes[i % 2].request.references[i / 2].path, moved[i / 2]));
	}
}

static void test_paths(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(move_cases); i++)
		move_case_run(&move_cases[i], (int)i);
	test_claim();
	test_drop();
	test_references_move();
}
