/* SPDX-License-Identifier: MIT */
/* Part of test-engine.c: what stops all orders of an account, and what lets them go on. */
#pragma once

#include "engine-bench.h"

#include <stdatomic.h>

/* A provider that swallows answers does not get everything that waits, whether the filesystem stays
 * mounted or not. */
static void test_losing(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_LOST, 0, "", 3},
	        GOOD,
	};
	static const char *const names[] = {"a.prompt", "b.prompt", "c.prompt", "d.prompt"};
	size_t i;

	bench_new();
	bench_open(true);
	script_set(lines);
	for (i = 0; i < 3; i++) {
		OK(order(names[i], names[i]) == 0);
		OK(reaches(names[i], TASK_UNKNOWN));
		if (i == 1) {
			bench_close();
			bench_open(true);
		}
	}
	OK(order(names[3], "d") == 0);
	OK(says(names[3], "reason: kie.ai gave no clear answer to 3 orders in a row", 0));
	bench_close();
	bench_open(true);
	OK(says(names[3], "reason: kie.ai gave no clear answer to 3 orders in a row", 0));
	/* Long enough for any pause to be over. */
	warp(3600 * 1000);
	OK(order(names[3], "e") == 0);
	OK(says(names[3], "this one was not sent, and none is until", 0));
	OK(script_creates() == 3);
	OK(engine_command(bench.engine, names[3], ENGINE_RETRY) == 0);
	OK(reaches(names[3], TASK_SUCCESS));
	OK(script_creates() == 4);
	bench_close();
	/* It is over, also for the next run. */
	bench_open(true);
	OK(order("e.prompt", "e") == 0);
	OK(reaches("e.prompt", TASK_SUCCESS));
	bench_close();
	bench_remove();
}

static bool balance_was_asked(const void *times)
{
	return script_balances() >= *(const int *)times;
}

/* A balance that is there and too low: it is asked for once a minute, and the order goes out again
 * only when it has risen. */
static void test_short(void)
{
	static struct script_line lines[] = {
	        {"createTask", HTTP_ANSWERED, 200,
	                "{\"code\":402,\"msg\":\"Credits insufficient\"}", 2},
	        {"chat/credit", HTTP_ANSWERED, 200, "{\"code\":200,\"data\":8}", 5},
	        {"chat/credit", HTTP_ANSWERED, 200, "{\"code\":200,\"data\":14.5}", 0},
	        GOOD,
	};
	int64_t begun_ms;
	int asked;

	bench_new();
	bench_open(true);
	script_set(lines);
	begun_ms = atomic_load(&warp_ms);
	OK(order("a.prompt", "x") == 0);
	for (asked = 1; asked <= 5; asked++)
		OK(comes_true(balance_was_asked, &asked, 1000));
	OK(atomic_load(&warp_ms) - begun_ms >= 3 * 60 * 1000);
	/* One refusal for what was not known, and one for the balance that might have done. */
	OK(script_creates() == 2);
	OK(says("a.prompt", "state: success", 1000));
	OK(script_creates() == 3);
	bench_close();
	bench_remove();
}

/* What would not pay for the order is not tried at all. */
static void test_too_low(void)
{
	static struct script_line lines[] = {
	        {"createTask", HTTP_ANSWERED, 200,
	                "{\"code\":402,\"msg\":\"Credits insufficient\"}", 1},
	        {"chat/credit", HTTP_ANSWERED, 200, "{\"code\":200,\"data\":6.4}", 3},
	        {"chat/credit", HTTP_ANSWERED, 200, "{\"code\":200,\"data\":6.5}", 0},
	        GOOD,
	};
	int asked = 3;

	bench_new();
	bench_open(true);
	script_set(lines);
	OK(order("a.prompt", "x") == 0);
	OK(comes_true(balance_was_asked, &asked, 1000));
	OK(script_creates() == 1);
	OK(says("a.prompt", "state: success", 1000));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

static void key_becomes(const char *key)
{
	if (key)
		setenv("KIE_API_KEY", key, 1);
	else
		unsetenv("KIE_API_KEY");
	engine_look_for_keys(bench.engine);
}

/* Somebody says that there is another key, or none: it counts at once, also when the one in use was
 * never refused.  The clock stands still: nothing is found out by looking from time to time. */
static void test_keys_looked_for(void)
{
	struct script_line lines[] = {GOOD};
	struct script_line poor[] = {
	        {"createTask", HTTP_ANSWERED, 200,
	                "{\"code\":402,\"msg\":\"Credits insufficient\"}", 1},
	        {"chat/credit", HTTP_NOT_SENT, 0, "", 0},
	        GOOD,
	};

	bench_new();
	bench_open(true);
	script_set(lines);
	/* Nothing is in use yet. */
	engine_look_for_keys(bench.engine);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_authorized("Bearer secret"));
	setenv("KIE_API_KEY", "second", 1);
	OK(order("b.prompt", "x") == 0);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_authorized("Bearer secret"));
	key_becomes("second");
	OK(order("c.prompt", "x") == 0);
	OK(reaches("c.prompt", TASK_SUCCESS));
	OK(script_authorized("Bearer second"));
	OK(script_creates() == 3);

	key_becomes(NULL);
	OK(order("d.prompt", "x") == 0);
	OK(says("d.prompt", "state: queued\nreason: no key for kie.ai: ", 0));
	OK(script_creates() == 3);
	key_becomes("third");
	OK(reaches("d.prompt", TASK_SUCCESS));
	OK(script_authorized("Bearer third"));

	/* Another account's key may have credits. */
	script_set(poor);
	OK(order("e.prompt", "x") == 0);
	OK(says("e.prompt", "reason: credits: ", 0));
	key_becomes("third");
	OK(order("f.prompt", "x") == 0);
	OK(says("f.prompt", "reason: credits: ", 0));
	OK(script_creates() == 1);
	key_becomes("fourth");
	OK(reaches("e.prompt", TASK_SUCCESS));
	OK(reaches("f.prompt", TASK_SUCCESS));
	OK(script_authorized("Bearer fourth"));
	OK(script_creates() == 3);
	setenv("KIE_API_KEY", "secret", 1);
	bench_close();
	bench_remove();
}

/* Lost answers are not made good by another key: that needs retry. */
static void test_key_while_losing(void)
{
	static const char *const names[] = {"0.prompt", "1.prompt", "2.prompt"};
	struct script_line lines[] = {
	        {"createTask", HTTP_LOST, 0, "", 3},
	        GOOD,
	};
	size_t i;

	bench_new();
	bench_open(true);
	script_set(lines);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		OK(order(names[i], "x") == 0);
		OK(says(names[i], "state: unknown\n", 1000));
	}
	OK(order("a.prompt", "x") == 0);
	OK(says("a.prompt", "reason: kie.ai gave no clear answer to 3 orders", 0));
	key_becomes("second");
	OK(order("b.prompt", "x") == 0);
	OK(says("b.prompt", "reason: kie.ai gave no clear answer to 3 orders", 0));
	key_becomes(NULL);
	OK(order("b.prompt", "y") == 0);
	key_becomes("third");
	OK(order("c.prompt", "x") == 0);
	OK(says("c.prompt", "reason: kie.ai gave no clear answer to 3 orders", 0));
	OK(status_has("a.prompt", "reason: kie.ai gave no clear answer to 3 orders"));
	OK(script_creates() == 3);
	OK(engine_command(bench.engine, "c.prompt", ENGINE_RETRY) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(reaches("c.prompt", TASK_SUCCESS));
	OK(script_authorized("Bearer third"));
	setenv("KIE_API_KEY", "secret", 1);
	bench_close();
	bench_remove();
}

static void test_accounts(void)
{
	test_keys_looked_for();
	test_key_while_losing();
	test_losing();
	test_short();
	test_too_low();
}
