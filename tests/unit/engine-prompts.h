/* SPDX-License-Identifier: MIT */
/* What happens to prompts: saved by rename, held, written, renamed, deleted, found after a restart.
 */
#pragma once

#include "engine-bench.h"

/* An editor's save by rename: the prompt goes away for a moment. */
static void test_saved_by_rename(void)
{
	struct script_line lost[] = {
	        {"createTask", HTTP_LOST, 0, "", 1},
	        GOOD,
	};

	bench_new();
	bench_open(true);
	script_set(lost);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	engine_deleted(bench.engine, "a.prompt");
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_drafts(void)
{
	struct script_line lines[] = {GOOD};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order_with("a.prompt", "x", ENGINE_WRITTEN, "1") == 0);
	OK(reaches("a.prompt", TASK_HELD));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == -EINVAL);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RELEASE) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(order_with("b.prompt", "y", ENGINE_UNMOUNTED, NULL) == 0);
	OK(status_has("b.prompt", "state: held\nreason: changed while unmounted\n"));
	OK(script_creates() == 1);
	/* Written again through the mount, the same text is an order. */
	OK(order("b.prompt", "y") == 0);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

static void test_writers(void)
{
	struct script_line lines[] = {GOOD};
	struct timespec pause = {.tv_nsec = 50000000};

	script_set(lines);
	bench_new();
	bench_open(true);
	engine_writers(bench.engine, "a.prompt", 1);
	OK(order("a.prompt", "x") == 0);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	OK(script_creates() == 0);
	OK(status_has("a.prompt", "state: queued\n"));
	engine_writers(bench.engine, "a.prompt", -1);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_restart(void)
{
	struct script_line lines[] = {GOOD};
	struct timespec pause = {.tv_nsec = 1000000};

	/* Ended while createTask is under way: unknown, and never sent again by itself. */
	script_set(lines);
	script_hold(true);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	while (script_creates() == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	bench_close();
	bench_open(true);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(status_has("a.prompt", "hint: "));
	OK(script_creates() == 1);
	bench_close();

	/* Not started: nothing goes out, orders are stored all the same. */
	bench_open(false);
	OK(order("b.prompt", "y") == 0);
	OK(status_has("b.prompt", "state: queued\n"));
	OK(script_creates() == 1);
	bench_close();
	script_set(lines);
	bench_open(true);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_renames(void)
{
	struct script_line lines[] = {GOOD};
	struct timespec pause = {.tv_nsec = 1000000};

	script_set(lines);
	bench_new();
	bench_open(true);
	mkdirat(bench.fd, "d", 0700);
	script_hold(true);
	OK(order("d/a.prompt", "x") == 0);
	while (script_creates() == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	renameat(bench.fd, "d", bench.fd, "e");
	engine_moved(bench.engine, "d", "e", false);
	renameat(bench.fd, "e/a.prompt", bench.fd, "e/b.prompt");
	engine_moved(bench.engine, "e/a.prompt", "e/b.prompt", false);
	OK(engine_view(bench.engine, "d/a.prompt") == NULL);
	script_set(lines);
	OK(reaches("e/b.prompt", TASK_SUCCESS));
	OK(exists("e/b.png"));
	bench_close();
	bench_open(true);
	OK(status_has("e/b.prompt", "state: success\n"));
	bench_close();
	bench_remove();
}

static void test_deleted(void)
{
	struct script_line lines[] = {GOOD};
	struct timespec pause = {.tv_nsec = 1000000};

	script_set(lines);
	bench_new();
	bench_open(true);
	script_hold(true);
	OK(order("a.prompt", "x") == 0);
	while (script_creates() == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	unlinkat(bench.fd, "a.prompt", 0);
	engine_deleted(bench.engine, "a.prompt");
	OK(engine_view(bench.engine, "a.prompt") == NULL);
	/* Deleted before it was sent: dropped. */
	engine_writers(bench.engine, "b.prompt", 1);
	OK(order("b.prompt", "y") == 0);
	unlinkat(bench.fd, "b.prompt", 0);
	engine_deleted(bench.engine, "b.prompt");
	engine_writers(bench.engine, "b.prompt", -1);
	script_set(lines);
	while (!exists(".darkroom/lost+found/a.png"))
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	OK(!exists("a.png"));
	OK(script_creates() == 0);
	bench_close();
	bench_remove();
}

static void test_prompts(void)
{
	test_saved_by_rename();
	test_drafts();
	test_writers();
	test_restart();
	test_renames();
	test_deleted();
}
