/* SPDX-License-Identifier: MIT */
/* createTask: its answers, its refusals, and what is done while it is under way. */
#pragma once

#include "engine-bench.h"

static void test_picture(void)
{
	struct script_line lines[] = {GOOD};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("hero.prompt", "a hero") == 0);
	OK(reaches("hero.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	OK(script.create_was_once);
	OK(strstr(script.last_create, "\"a hero\"") != NULL);
	OK(exists("hero.png"));
	OK(status_has("hero.prompt", "state: success\n"));
	OK(status_has("hero.prompt", "task: T1\n"));
	OK(status_has("hero.prompt", "credits: 6.5\n"));
	OK(status_has("hero.prompt", "images: hero.png\n"));
	OK(order("hero.prompt", "a hero") == 0);
	OK(script_creates() == 1);
	OK(engine_command(bench.engine, "hero.prompt", ENGINE_CANCEL) == -EINVAL);
	OK(engine_command(bench.engine, "other.prompt", ENGINE_RETRY) == -ENOENT);
	bench_close();
	bench_open(true);
	OK(status_has("hero.prompt", "state: success\n"));
	OK(order("hero.prompt", "a hero") == 0);
	OK(order("hero.prompt", "") == 0);
	OK(status_has("hero.prompt", "state: invalid\n"));
	OK(order("hero.prompt", "a hero") == 0);
	OK(status_has("hero.prompt", "state: success\n"));
	OK(script_creates() == 1);
	OK(order("hero.prompt", "another hero") == 0);
	OK(reaches("hero.prompt", TASK_SUCCESS));
	OK(status_has("hero.prompt", "take: 2\n"));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

static void test_create_answers(void)
{
	static const struct {
		const char *name;
		enum http_outcome outcome;
		int status;
		const char *body;
		enum task_state state;
	} cases[] = {
	        {"closed", HTTP_LOST, 0, "", TASK_UNKNOWN},
	        {"too long", HTTP_TOO_LONG, 200, "", TASK_UNKNOWN},
	        {"empty", HTTP_ANSWERED, 200, "", TASK_UNKNOWN},
	        {"html", HTTP_ANSWERED, 502, "<html>", TASK_UNKNOWN},
	        {"no id", HTTP_ANSWERED, 200, "{\"code\":200,\"data\":{}}", TASK_UNKNOWN},
	        {"server error", HTTP_ANSWERED, 200, "{\"code\":500,\"msg\":\"oops\"}",
	                TASK_UNKNOWN},
	        {"refused", HTTP_ANSWERED, 200, "{\"code\":422,\"msg\":\"bad\"}", TASK_FAIL},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script_line lines[] = {
		        {"createTask", cases[i].outcome, cases[i].status, cases[i].body, 1}, GOOD};

		script_set(lines);
		bench_new();
		bench_open(true);
		OK_NAMED(order("a.prompt", "x") == 0, cases[i].name);
		OK_NAMED(reaches("a.prompt", cases[i].state), cases[i].name);
		OK_NAMED(order("a.prompt", "x") == 0, cases[i].name);
		OK_NAMED(script_creates() == 1, cases[i].name);
		bench_close();
		bench_open(true);
		OK_NAMED(
		        engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0, cases[i].name);
		OK_NAMED(reaches("a.prompt", TASK_SUCCESS), cases[i].name);
		OK_NAMED(status_has("a.prompt", "take: 2\n"), cases[i].name);
		OK_NAMED(script_creates() == 2, cases[i].name);
		bench_close();
		bench_remove();
	}
}

/* Certain refusals: the same take goes out again, here after `retry`. */
static void test_create_not_accepted(void)
{
	static const struct {
		enum http_outcome outcome;
		const char *body, *reason;
	} cases[] = {
	        {HTTP_NOT_SENT, "", "cannot be reached"},
	        {HTTP_ANSWERED, "{\"code\":429,\"msg\":\"slow\"}", "slow down"},
	        {HTTP_ANSWERED, "{\"code\":455,\"msg\":\"later\"}", "maintenance"},
	        {HTTP_ANSWERED, "{\"code\":402,\"msg\":\"Credits insufficient\"}", "credits"},
	        {HTTP_ANSWERED, "{\"code\":401,\"msg\":\"Unauthorized\"}",
	                "does not accept the key"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script_line lines[] = {
		        {"createTask", cases[i].outcome, 200, cases[i].body, 1}, GOOD};
		struct timespec pause = {.tv_nsec = 1000000};
		int tries;

		script_set(lines);
		bench_new();
		bench_open(true);
		OK_NAMED(order("a.prompt", "x") == 0, cases[i].reason);
		for (tries = 0; tries < 10000 && script_creates() == 0; tries++)
			clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		OK_NAMED(reaches("a.prompt", TASK_QUEUED), cases[i].reason);
		/* Asking again until the answer has come in; it is a matter of moments. */
		for (tries = 0; tries < 10000 && script_creates() == 1; tries++) {
			(void)!engine_command(bench.engine, "a.prompt", ENGINE_RETRY);
			clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		}
		OK_NAMED(reaches("a.prompt", TASK_SUCCESS), cases[i].reason);
		OK_NAMED(status_has("a.prompt", "take: 1\n"), cases[i].reason);
		OK_NAMED(script_creates() == 2, cases[i].reason);
		bench_close();
		bench_remove();
	}
}

static void test_reasons(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_ANSWERED, 200, "{\"code\":401,\"msg\":\"Unauthorized\"}", 1},
	        GOOD};
	struct timespec pause = {.tv_nsec = 1000000};
	int tries;

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	for (tries = 0; tries < 10000; tries++) {
		struct view *view = engine_view(bench.engine, "a.prompt");
		bool there = view && strstr(view->status, "reason: ");

		view_unref(view);
		if (there)
			break;
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	}
	OK(status_has("a.prompt", "state: queued\nreason: kie.ai does not accept the key"));
	OK(status_has("a.prompt", "nothing was charged"));
	/* Another order does not try the same key. */
	OK(order("b.prompt", "y") == 0);
	OK(script_creates() == 1);
	/* Another key does. */
	setenv("KIE_API_KEY", "another", 1);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_creates() == 3);
	setenv("KIE_API_KEY", "secret", 1);
	bench_close();
	bench_remove();
}

static void wait_for_create(void)
{
	struct timespec pause = {.tv_nsec = 1000000};

	while (script_creates() == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
}

/* What happens to an order while createTask is under way counts when it was not accepted. */
static void test_under_way(void)
{
	struct script_line busy[] = {
	        {"createTask", HTTP_NOT_SENT, 0, "", 1},
	        GOOD,
	};
	struct script_line busy_again[] = {
	        {"createTask", HTTP_NOT_SENT, 0, "", 1},
	        GOOD,
	};
	struct script_line busy_then_held[] = {
	        {"createTask", HTTP_NOT_SENT, 0, "", 1},
	        GOOD,
	};

	bench_new();
	bench_open(true);
	script_set(busy);
	script_hold(true);
	OK(order("a.prompt", "x") == 0);
	wait_for_create();
	OK(engine_command(bench.engine, "a.prompt", ENGINE_CANCEL) == 0);
	script_hold(false);
	OK(reaches("a.prompt", TASK_HELD));
	OK(status_has("a.prompt", "reason: cancelled before it was sent\n"));
	/* The same text, written as a shell does it, orders nothing. */
	OK(order("a.prompt", "") == 0);
	OK(status_has("a.prompt", "state: invalid\n"));
	OK(order("a.prompt", "x") == 0);
	OK(status_has("a.prompt", "state: held\nreason: cancelled before it was sent\n"));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RELEASE) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 2);
	OK(exists("a.png"));

	script_set(busy_again);
	script_hold(true);
	OK(order("b.prompt", "x") == 0);
	wait_for_create();
	OK(order("b.prompt", "y") == 0);
	script_hold(false);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(status_has("b.prompt", "take: 2\n"));
	OK(strstr(script.last_create, "\"y\"") != NULL);
	OK(script_creates() == 2);

	script_set(busy_then_held);
	script_hold(true);
	OK(order("c.prompt", "x") == 0);
	wait_for_create();
	OK(order_with("c.prompt", "x", ENGINE_WRITTEN, "1") == 0);
	script_hold(false);
	OK(reaches("c.prompt", TASK_HELD));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_create(void)
{
	test_picture();
	test_create_answers();
	test_create_not_accepted();
	test_reasons();
	test_under_way();
}
