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

static void test_accounts(void)
{
	test_losing();
	test_short();
	test_too_low();
}
