/* SPDX-License-Identifier: MIT */
/* Unknown takes that are settled with the id of their task. */
#pragma once

#include "engine-failed.h"

#define LOST                                      \
	{                                         \
		"createTask", HTTP_LOST, 0, "", 1 \
	}
#define HINT_SETTLE                                                                              \
	"hint: look for the task in your account at kie.ai; if it is there, write task and its " \
	"id into the status file to fetch its pictures, which costs nothing; if not, write "     \
	"retry to order it again, at its price\n"

static int settle(const char *path, const char *task_id)
{
	return engine_settle(bench.engine, path, task_id);
}

/* The task is there: its picture comes, and nothing is bought. */
static void test_settled(void)
{
	struct script_line lines[] = {
	        LOST,
	        {"taskId=T%209", HTTP_ANSWERED, 200, RUNNING, 1},
	        {"taskId=T%209", HTTP_ANSWERED, 200, FINISHED, 0},
	        {"/picture", HTTP_ANSWERED, 200, "PICTURE", 0},
	        {NULL},
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(status_has("a.prompt", HINT_SETTLE));
	OK(settle("a.prompt", "T 9") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(status_has("a.prompt", "task: T 9\n"));
	OK(status_has("a.prompt", "take: 1\n"));
	OK(status_has("a.prompt", "credits: 6.5\n"));
	OK(line_is("error", NULL, false) && line_is("hint", NULL, false));
	OK(exists("a.png"));
	OK(script_creates() == 1);
	OK(settle("a.prompt", "T 9") == -EINVAL);
	bench_close();
	bench_open(true);
	OK(status_has("a.prompt", "state: success\n"));
	OK(status_has("a.prompt", "task: T 9\n"));
	bench_close();
	bench_remove();
}

/* What can be no id, has no meaning, or is another take's. */
static void test_settle_refused(void)
{
	struct script_line lines[] = {LOST, GOOD};
	struct script_line gone[] = {
	        {"createTask", HTTP_ANSWERED, 200, "{\"code\":200,\"data\":{\"taskId\":\"T2\"}}",
	                0},
	        {"recordInfo", HTTP_ANSWERED, 200, NO_TASK, 0},
	        {NULL},
	};
	char longest[PROVIDER_TASK_ID_MAX + 2] = "";
	const char *const bad[] = {"", "T\n9", "\tT9", "T9\x7f", "\xff", longest};
	size_t i;

	memset(longest, 'x', sizeof(longest) - 1);
	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(order("b.prompt", "y") == 0);
	OK(comes_true(status_says, &(const struct says){"b.prompt", "state: success\n"}, 100));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		OK_NAMED(settle("a.prompt", bad[i]) == -EINVAL, "what is no id");
	OK(settle("none.prompt", "T9") == -ENOENT);
	OK(settle("b.prompt", "T9") == -EINVAL);
	OK(settle("a.prompt", "T1") == -EINVAL);
	OK(order_with("c.prompt", "z", ENGINE_WRITTEN, "1") == 0);
	OK(settle("c.prompt", "T9") == -EINVAL);
	OK(status_has("a.prompt", "state: unknown\n"));
	OK(status_has("a.prompt", HINT_SETTLE));

	/* A task that the provider itself named is this take's, also when it was forgotten. */
	script_set(gone);
	OK(order("d.prompt", "d") == 0);
	OK(says("d.prompt", "state: unknown\n", 100000));
	OK(settle("d.prompt", "T9") == -EINVAL);
	OK(settle("d.prompt", "T2") == -EINVAL);
	OK(status_has("d.prompt", "task: T2\n"));
	OK(settle("a.prompt", "T2") == -EINVAL);

	/* An id that was written for another take, which looks for it. */
	script_set(lines);
	script_hold(true);
	OK(settle("a.prompt", "T9") == 0);
	OK(status_has("a.prompt", "state: waiting\n"));
	OK(status_has("a.prompt", "task: T9\n"));
	OK(settle("a.prompt", "T8") == -EINVAL);
	script_hold(false);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 0);
	bench_close();
	bench_remove();
}

/* Two prompts are given one id at the same time: one of them gets it. */
static void *settle_c(void *result)
{
	*(int *)result = settle("c.prompt", "T9");
	return NULL;
}

static void test_settled_together(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_LOST, 0, "", 2},
	        {"recordInfo", HTTP_ANSWERED, 200, FINISHED, 0},
	        {"/picture", HTTP_ANSWERED, 200, "PICTURE", 0},
	        {NULL},
	};
	pthread_t other;
	int mine, others = 0;

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(order("c.prompt", "y") == 0);
	/* The account waits after a lost answer. */
	OK(says("c.prompt", "state: unknown\n", 1000));
	OK(pthread_create(&other, NULL, settle_c, &others) == 0);
	mine = settle("a.prompt", "T9");
	OK(pthread_join(other, NULL) == 0);
	OK((mine == 0 && others == -EINVAL) || (mine == -EINVAL && others == 0));
	OK(says(mine == 0 ? "a.prompt" : "c.prompt", "state: success\n", 100));
	OK(status_has(mine == 0 ? "c.prompt" : "a.prompt", "state: unknown\n"));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

/* An id that the provider does not know is taken back, also after a restart, and retry buys again
 * as before. */
static void test_settled_wrongly(void)
{
	struct script_line lines[] = {
	        LOST,
	        {"taskId=T9", HTTP_ANSWERED, 200, NO_TASK, 0},
	        {"taskId=T8", HTTP_LOST, 0, "", 0},
	        GOOD,
	};

	script_set(lines);
	script_hold(true);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	wait_for_create();
	/* The take becomes unknown by a crash. */
	bench_close();
	bench_open(true);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(status_has("a.prompt", HINT_SETTLE));
	OK(settle("a.prompt", "T9") == 0);
	OK(status_has("a.prompt", "state: waiting\n"));
	bench_close();
	bench_open(true);
	OK(status_has("a.prompt", "state: waiting\n"));
	OK(status_has("a.prompt", "task: T9\n"));
	script_hold(false);
	OK(says("a.prompt", "state: unknown\n", 100000));
	OK(status_has("a.prompt", "error: kie.ai does not know the task; its id, T9, was written "
	                          "into the status file, and looking for it cost nothing\n"));
	OK(status_has("a.prompt", HINT_SETTLE));
	OK(line_is("task", NULL, false));
	/* Nothing is known of this one for a day. */
	OK(settle("a.prompt", "T8") == 0);
	OK(says("a.prompt", "state: unknown\n", 3600000));
	OK(status_has("a.prompt", "error: the task's end was never heard of (kie.ai cannot be asked"
	                          " (as scripted)); its id, T8, was written into the status file"));
	OK(status_has("a.prompt", HINT_SETTLE));
	OK(line_is("task", NULL, false));
	bench_close();
	bench_open(true);
	OK(status_has("a.prompt", "state: unknown\n"));
	OK(line_is("task", NULL, false));
	OK(script_creates() == 1);
	script_set(lines + 1);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0);
	OK(says("a.prompt", "state: success\n", 100));
	OK(status_has("a.prompt", "take: 2\n"));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

/* Once the provider has spoken of it, it is this take's task: retry looks for it again. */
static void test_settled_and_seen(void)
{
	struct script_line lines[] = {
	        LOST,
	        {"taskId=T9", HTTP_ANSWERED, 200,
	                "{\"code\":200,\"data\":{\"taskId\":\"T9\",\"state\":\"waiting\"}}", 1},
	        {"taskId=T9", HTTP_LOST, 0, "", 0},
	        {NULL},
	};
	struct script_line good[] = {GOOD};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(settle("a.prompt", "T9") == 0);
	OK(says("a.prompt", "reason: kie.ai cannot be asked", 100));
	bench_close();
	bench_open(true);
	OK(says("a.prompt", "state: unknown\n", 3600000));
	OK(status_has("a.prompt", "task: T9\n"));
	OK(status_has("a.prompt", "hint: " HINT_LOOK_TASK "\n"));
	script_set(good);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0);
	OK(says("a.prompt", "state: success\n", 100));
	OK(status_has("a.prompt", "take: 1\n"));
	OK(script_creates() == 0);
	bench_close();
	bench_remove();
}

static bool has_asked(const void *context)
{
	(void)context;
	WITH_LOCK(&script.mutex);
	return script.statuses >= 2;
}

/* The id of a task whose createTask is not answered yet: it is the other take's. */
static void test_settled_too_early(void)
{
	struct script_line lines[] = {LOST, GOOD};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	script_hold_only("createTask");
	OK(order("b.prompt", "y") == 0);
	OK(says("b.prompt", "state: submitting\n", 1000));
	while (script_creates() < 2)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_nsec = 1000000}, NULL);
	OK(settle("a.prompt", "T1") == 0);
	OK(comes_true(has_asked, NULL, 0));
	OK(status_has("a.prompt", "state: waiting\n"));
	script_hold_only(NULL);
	OK(says("b.prompt", "state: success\n", 100));
	OK(says("a.prompt", "state: unknown\n", 100));
	OK(status_has("a.prompt", "error: the task belongs to b.prompt; its id, T1, was written "));
	OK(status_has("a.prompt", HINT_SETTLE));
	OK(!exists("a.png") && exists("b.png"));
	/* Not that one. */
	OK(settle("a.prompt", "T1") == -EINVAL);
	OK(settle("a.prompt", "T9") == 0);
	OK(says("a.prompt", "state: success\n", 100));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

/* Cancelled while createTask was under way; who writes the id wants the pictures. */
static void test_settled_after_cancel(void)
{
	struct script_line lines[] = {LOST, GOOD};

	script_set(lines);
	script_hold(true);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	wait_for_create();
	OK(engine_command(bench.engine, "a.prompt", ENGINE_CANCEL) == 0);
	script_hold(false);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(settle("a.prompt", "T1") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(line_is("reason", NULL, false));
	OK(exists("a.png"));
	bench_close();
	bench_remove();
}

static void test_settle(void)
{
	test_settled();
	test_settle_refused();
	test_settled_together();
	test_settled_wrongly();
	test_settled_and_seen();
	test_settled_too_early();
	test_settled_after_cancel();
}
