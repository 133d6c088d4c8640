/* SPDX-License-Identifier: MIT */
/* Reference pictures that are changed after they were ordered. */
#pragma once

#include "engine-references.h"

enum change_kind { CHANGE_LONGER, CHANGE_BYTES, CHANGE_GONE, CHANGE_KIND, CHANGE_KINDS };

static void change_picture(enum change_kind kind)
{
	switch (kind) {
	case CHANGE_LONGER:
		write_picture("refs/a.png", 5001, 'a');
		break;
	case CHANGE_BYTES:
		write_picture("refs/a.png", 5000, 'b');
		break;
	case CHANGE_GONE:
		unlinkat(bench.fd, "refs/a.png", 0);
		break;
	case CHANGE_KIND:
		write_file("refs/a.png", "no picture at all");
		break;
	case CHANGE_KINDS:
		break;
	}
}

/* Before the upload begins; and, with `inside`, of what goes in the request. */
static void test_changed_before(const char *setting, int uploads)
{
	enum change_kind kind;

	for (kind = 0; kind < CHANGE_KINDS; kind++) {
		struct script_line lines[] = {UPLOADS, GOOD};
		const char *settings[] = {"model", "test/edit", setting, "refs/a.png", NULL};
		char name[64];

		snprintf(name, sizeof(name), "%s, change %d", setting, (int)kind);
		script_set(lines);
		bench_new();
		bench_open(true);
		write_picture("refs/a.png", 5000, 'a');
		engine_writers(bench.engine, "a.prompt", 1);
		OK_NAMED(order_set("a.prompt", "x", ENGINE_WRITTEN, settings) == 0, name);
		change_picture(kind);
		engine_writers(bench.engine, "a.prompt", -1);
		OK_NAMED(reaches("a.prompt", TASK_INVALID), name);
		OK_NAMED(status_has("a.prompt", "error: refs/a.png" CHANGED), name);
		OK_NAMED(status_has("a.prompt", "; nothing was sent to be paid\n" CHANGED_HINT),
		        name);
		OK_NAMED(script_uploads() == (kind == CHANGE_BYTES ? uploads : 0), name);
		OK_NAMED(script_creates() == 0, name);
		/* retry reads the prompt again. */
		write_picture("refs/a.png", 5000, 'b');
		OK_NAMED(order_set("a.prompt", "x", ENGINE_WRITTEN, settings) == 0, name);
		OK_NAMED(reaches("a.prompt", TASK_SUCCESS), name);
		OK_NAMED(status_has("a.prompt", "take: 1\n"), name);
		OK_NAMED(script_creates() == 1, name);
		bench_close();
		bench_remove();
	}
}

static void test_changed_meanwhile(void)
{
	enum change_kind kind;

	for (kind = 0; kind < CHANGE_KINDS; kind++) {
		struct script_line lines[] = {UPLOADS, GOOD};
		/* A file that was removed or replaced is still the one that was opened. */
		bool harmless = kind == CHANGE_GONE || kind == CHANGE_LONGER;
		char name[64];

		snprintf(name, sizeof(name), "changed while it is uploaded, %d", (int)kind);
		script_set(lines);
		script_hold(true);
		script_upload_first(1000);
		bench_new();
		bench_open(true);
		write_picture("refs/a.png", 5000, 'a');
		OK_NAMED(order_images("a.prompt", "x", "refs/a.png") == 0, name);
		OK_NAMED(says("a.prompt", ": 1.0 of 5.0 kB", 100), name);
		change_picture(kind);
		script_hold(false);
		OK_NAMED(reaches("a.prompt", harmless ? TASK_SUCCESS : TASK_INVALID), name);
		OK_NAMED(harmless || status_has("a.prompt", "error: refs/a.png" CHANGED), name);
		OK_NAMED(script_uploads() == 1 && script_creates() == harmless, name);
		script_upload_first(0);
		bench_close();
		bench_remove();
	}
}

/* The same picture at two places, one of which is changed. */
static void test_changed_elsewhere(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};

	script_set(lines);
	script_hold(true);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	write_picture("refs/b.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(uploads_now(1));
	OK(order_images("b.prompt", "x", "refs/b.png") == 0);
	OK(says("b.prompt", "uploading refs/b.png", 0));
	change_picture(CHANGE_BYTES);
	script_hold(false);
	OK(reaches("a.prompt", TASK_INVALID));
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_uploads() == 2);
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

/* One retry orders a failed take anew, with the picture as it is then. */
static void test_changed_after(void)
{
	struct script_line refused[] = {
	        {"/upload", HTTP_ANSWERED, 400, "{\"code\":400,\"msg\":\"no such type\"}", 1},
	        UPLOADS,
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 0},
	        {"recordInfo", HTTP_ANSWERED, 200, FAILED, 1},
	        GOOD,
	};

	script_set(refused);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_FAIL));
	change_picture(CHANGE_BYTES);
	OK(retry_images("a.prompt", "x", "refs/a.png") == 0);
	/* Now the task fails. */
	OK(says("a.prompt", "take: 2\n", 0) && reaches("a.prompt", TASK_FAIL));
	OK(script_uploads() == 2 && script_creates() == 1);
	change_picture(CHANGE_LONGER);
	OK(retry_images("a.prompt", "x", "refs/a.png") == 0);
	OK(says("a.prompt", "take: 3\n", 0) && reaches("a.prompt", TASK_SUCCESS));
	OK(script_uploads() == 3 && script_creates() == 2);
	/* The prompt says nothing else when it is saved again. */
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(script_creates() == 2);
	OK(retry_images("a.prompt", "x", "refs/a.png") == -EINVAL);
	bench_close();
	bench_remove();
}

/* One that finds the picture gone says so. */
static void test_lost_after(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_ANSWERED, 200, "{\"code\":422,\"msg\":\"bad\"}", 1},
	        UPLOADS,
	        GOOD,
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_FAIL));
	change_picture(CHANGE_GONE);
	OK(retry_images("a.prompt", "x", "refs/a.png") == -EINVAL);
	OK(status_has("a.prompt", "state: invalid\nerror: refs/a.png: no such file\n"));
	OK(status_has("a.prompt", "take: 2\n"));
	bench_close();
	bench_open(true);
	OK(status_has("a.prompt", "state: invalid\nerror: refs/a.png: no such file\n"));
	write_picture("refs/a.png", 5000, 'b');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(status_has("a.prompt", "take: 2\n"));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

/* What was bought is fetched, whatever the picture is now. */
static void test_changed_bought(void)
{
	struct script_line lines[] = {
	        UPLOADS,
	        {"/picture", HTTP_ANSWERED, 200, "<html>", 5},
	        GOOD,
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_FAIL));
	OK(status_has("a.prompt", "charged: 6.5\n"));
	change_picture(CHANGE_GONE);
	OK(retry_images("a.prompt", "x", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(status_has("a.prompt", "take: 1\n"));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_changed(void)
{
	test_changed_after();
	test_lost_after();
	test_changed_bought();
	test_changed_before("images", 1);
	test_changed_before("inside", 0);
	test_changed_meanwhile();
	test_changed_elsewhere();
}
