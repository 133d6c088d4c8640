/* SPDX-License-Identifier: MIT */
/* Part of test-engine.c: the budget for any 24 hours. */
#pragma once

#include "engine-bench.h"

#define DAY_MS (24LL * 3600 * 1000)
#define MINUTE_MS (60LL * 1000)
#define FINISHED_FOR(credits)                                                        \
	"{\"code\":200,\"data\":{\"state\":\"success\",\"creditsConsumed\":" credits \
	",\"resultJson\":\"{\\\"resultUrls\\\":[\\\"http://127.0.0.1:9/picture\\\"]}\"}}"
#define FAILED_FOR(credits)                                                       \
	"{\"code\":200,\"data\":{\"state\":\"fail\",\"creditsConsumed\":" credits \
	",\"failCode\":\"500\",\"failMsg\":\"no luck\"}}"

/* A second provider; and a model whose price nobody knows. */
static const char second_json[] =
        "{\"like\": \"kie\", \"title\": \"Second\", \"base_url\": \"http://127.0.0.1:9\","
        " \"models\": {\"test/unpriced\": {\"title\": \"Unpriced\","
        " \"text\": {\"name\": \"prompt\", \"max_chars\": 100, \"required\": true}}}}";

static void budget_open(double credits)
{
	bench.limited = true;
	bench.budget = credits;
	bench_open(true);
}

static void budget_new(double credits, struct script_line *lines)
{
	bench_new();
	write_file("config/providers/second.json", second_json);
	script_set(lines);
	budget_open(credits);
}

static void budget_end(void)
{
	bench_close();
	bench_remove();
	bench.limited = false;
	atomic_store(&wall_warp_ms, 0);
}

static bool page_has(const void *text)
{
	CLEANUP(buf_done) struct buf page = BUF_INIT(1u << 16);

	return engine_budget_page(bench.engine, &page) == 0 && strstr(page.data, text);
}

static bool page_says(const char *text)
{
	bool has = comes_true(page_has, text, 0);

	if (!has) {
		CLEANUP(buf_done) struct buf page = BUF_INIT(1u << 16);

		(void)!engine_budget_page(bench.engine, &page);
		printf("# no \"%s\" in:\n# %s\n", text, page.data);
	}
	return has;
}

static bool created(const void *count)
{
	return script_creates() == *(const int *)count;
}

static bool creates_are(int count)
{
	return comes_true(created, &count, 0);
}

/* Tries to send what waits: when it returns, all that can be sent is about to be. */
static bool still_waits(const char *path)
{
	int before = script_creates();

	return engine_command(bench.engine, path, ENGINE_RETRY) == 0 &&
	       says(path, "reason: budget: ", 0) && script_creates() == before;
}

static void test_budget_stops(void)
{
	struct script_line lines[] = {GOOD};
	static const char *const names[] = {
	        "a.prompt", "b.prompt", "c.prompt", "d.prompt", "e.prompt"};
	size_t i;

	budget_new(20, lines);
	OK(page_says("size: 20\nused: 0\nreserved: 0\nfree: 20\n"));
	for (i = 0; i < 3; i++) {
		OK(order(names[i], names[i]) == 0);
		OK(reaches(names[i], TASK_SUCCESS));
	}
	for (; i < 5; i++) {
		OK(order(names[i], names[i]) == 0);
		OK(says(names[i],
		        "reason: budget: 19.5 of 20 credits of any 24 hours are used, "
		        "and this order takes 6.5; nothing was sent or charged; it goes "
		        "out by itself when enough is free, at 20",
		        0));
	}
	OK(script_creates() == 3);
	OK(page_says("size: 20\nused: 19.5\nreserved: 0\nfree: 0.5\nfrees: 19.5 by 20"));
	/* Not by retry, and not by mounting again. */
	OK(still_waits(names[3]));
	bench_close();
	budget_open(20);
	OK(still_waits(names[4]));
	OK(script_creates() == 3);
	/* A larger budget is what lets one more go out. */
	bench_close();
	budget_open(26);
	OK(creates_are(4));
	OK(page_says("used: 26\nreserved: 0\n"));
	bench_close();
	/* One that is smaller than what is used sends nothing. */
	budget_open(10);
	OK(page_says("size: 10\nused: 26\nreserved: 0\nfree: 0\n"));
	budget_end();
}

/* The day's end sends what waits, by itself. */
static void test_budget_frees(void)
{
	struct script_line lines[] = {GOOD};

	budget_new(7, lines);
	OK(order("a.prompt", "a") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(order("b.prompt", "b") == 0);
	OK(says("b.prompt", "reason: budget: 6.5 of 7", 0));
	warp(DAY_MS - 10 * MINUTE_MS);
	OK(still_waits("b.prompt"));
	warp(10 * MINUTE_MS);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_creates() == 2);
	/* The first is over for the next run, too. */
	bench_close();
	budget_open(7);
	OK(page_says("used: 6.5\n"));
	/* Also where the day ends while nothing is mounted. */
	OK(order("c.prompt", "c") == 0);
	OK(says("c.prompt", "reason: budget: ", 0));
	bench_close();
	warp(DAY_MS);
	budget_open(7);
	OK(reaches("c.prompt", TASK_SUCCESS));
	OK(page_says("used: 6.5\n"));
	budget_end();
}

/* What is reported takes the place of what was expected. */
static void test_budget_corrects(void)
{
	static const struct {
		const char *create, *status, *page;
		enum task_state state;
	} cases[] = {
	        {CREATED, FINISHED_FOR("2"), "used: 2\nreserved: 0\n", TASK_SUCCESS},
	        {CREATED, FINISHED_FOR("30"), "used: 30\nreserved: 0\n", TASK_SUCCESS},
	        {CREATED, FAILED_FOR("0"), "used: 0\n", TASK_FAIL},
	        {CREATED, FAILED_FOR("3"), "used: 3\nreserved: 0\n", TASK_FAIL},
	        {CREATED, FAILED, "used: 6.5\nreserved: 6.5\n", TASK_FAIL},
	        {"{\"code\":422,\"msg\":\"bad\"}", FINISHED, "used: 0\n", TASK_FAIL},
	        {"<html>", FINISHED, "used: 6.5\nreserved: 6.5\n", TASK_UNKNOWN},
	        {"{\"code\":402,\"msg\":\"Credits insufficient\"}", FINISHED, "used: 0\n",
	                TASK_QUEUED},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script_line lines[] = {
		        {"createTask", HTTP_ANSWERED, 200, cases[i].create, 0},
		        {"recordInfo", HTTP_ANSWERED, 200, cases[i].status, 0},
		        {"/picture", HTTP_ANSWERED, 200, "PICTURE", 0},
		        {NULL},
		};

		budget_new(10, lines);
		OK_NAMED(order("a.prompt", "a") == 0, cases[i].page);
		OK_NAMED(creates_are(1), cases[i].page);
		OK_NAMED(reaches("a.prompt", cases[i].state), cases[i].page);
		OK_NAMED(page_says(cases[i].page), cases[i].page);
		bench_close();
		budget_open(10);
		OK_NAMED(page_says(cases[i].page), cases[i].page);
		budget_end();
	}
}

/* A price that turns out lower lets the next one go at once. */
static void test_budget_eases(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 0},
	        {"recordInfo", HTTP_ANSWERED, 200, FINISHED_FOR("0.5"), 0},
	        {"/picture", HTTP_ANSWERED, 200, "PICTURE", 0},
	        {NULL},
	};

	budget_new(7, lines);
	script_hold(true);
	OK(order("a.prompt", "a") == 0);
	OK(creates_are(1));
	OK(order("b.prompt", "b") == 0);
	OK(says("b.prompt", "reason: budget: 6.5 of 7", 0));
	OK(page_says("reserved: 6.5\n"));
	script_hold(false);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(page_says("used: 1\nreserved: 0\n"));
	budget_end();
}

/* What may have been charged stays spent, whatever becomes of its prompt. */
static void test_budget_keeps(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_LOST, 0, "", 1},
	        GOOD,
	};

	budget_new(7, lines);
	OK(order("a.prompt", "a") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	unlinkat(bench.fd, "a.prompt", 0);
	engine_deleted(bench.engine, "a.prompt");
	OK(order("b.prompt", "b") == 0);
	OK(says("b.prompt", "reason: budget: 6.5 of 7", 0));
	bench_close();
	budget_open(7);
	OK(still_waits("b.prompt"));
	OK(script_creates() == 1);
	warp(DAY_MS);
	OK(reaches("b.prompt", TASK_SUCCESS));
	budget_end();
}

/* An end in the middle of createTask: what may have been charged is on disk. */
static void test_budget_cut(void)
{
	struct script_line lines[] = {GOOD};

	budget_new(7, lines);
	script_hold(true);
	OK(order("a.prompt", "a") == 0);
	OK(creates_are(1));
	bench_close();
	script_hold(false);
	budget_open(7);
	OK(says("a.prompt", "state: unknown", 0));
	OK(page_says("used: 6.5\nreserved: 6.5\n"));
	OK(order("b.prompt", "b") == 0);
	OK(says("b.prompt", "reason: budget: 6.5 of 7", 0));
	OK(script_creates() == 1);
	budget_end();
}

/* A clock that somebody sets frees nothing. */
static void test_budget_clocks(void)
{
	struct script_line lines[] = {GOOD};

	budget_new(7, lines);
	OK(order("a.prompt", "a") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(order("b.prompt", "b") == 0);
	OK(says("b.prompt", "reason: budget: ", 0));
	/* Forward, and back again. */
	atomic_fetch_add(&wall_warp_ms, DAY_MS);
	OK(still_waits("b.prompt"));
	atomic_fetch_add(&wall_warp_ms, -DAY_MS);
	OK(still_waits("b.prompt"));
	/* Back: a day of the engine's own clock is not one of the wall clock. */
	atomic_fetch_add(&wall_warp_ms, -DAY_MS);
	warp(DAY_MS);
	OK(still_waits("b.prompt"));
	warp(DAY_MS);
	OK(reaches("b.prompt", TASK_SUCCESS));
	/* Back while it is not mounted: what was spent in the future counts for a day. */
	bench_close();
	atomic_fetch_add(&wall_warp_ms, -30 * DAY_MS);
	budget_open(7);
	OK(order("c.prompt", "c") == 0);
	OK(says("c.prompt", "reason: budget: ", 0));
	/* It is set right: no more than before. */
	atomic_fetch_add(&wall_warp_ms, 30 * DAY_MS);
	OK(still_waits("c.prompt"));
	warp(DAY_MS);
	OK(reaches("c.prompt", TASK_SUCCESS));
	OK(script_creates() == 3);
	budget_end();
}

/* What is too much for the whole budget waits for ever, and nobody waits for it. */
static void test_budget_never(void)
{
	struct script_line lines[] = {GOOD};
	const char *const cheap[] = {"model", "z-image", NULL};
	const char *const unpriced[] = {"provider", "second", "model", "test/unpriced", NULL};

	budget_new(6, lines);
	OK(order("a.prompt", "a") == 0);
	OK(says("a.prompt",
	        "reason: budget: this order takes 6.5 credits, and the whole budget of "
	        "any 24 hours is 6; nothing was sent or charged, and it never goes out "
	        "by itself",
	        0));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0);
	OK(order_set("b.prompt", "b", ENGINE_WRITTEN, cheap) == 0);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(order_set("c.prompt", "c", ENGINE_WRITTEN, unpriced) == 0);
	OK(says("c.prompt", "this order takes 50 credits, since its model has no price", 0));
	OK(script_creates() == 1);
	bench_close();
	budget_open(0);
	OK(says("a.prompt", "the whole budget of any 24 hours is 0; ", 0));
	bench_close();
	/* Without a budget all goes out. */
	bench.limited = false;
	bench_open(true);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(reaches("c.prompt", TASK_SUCCESS));
	OK(page_says("size: none\nused: 19.5\nreserved: 0\nfrees: 19.5 by 20"));
	budget_end();
}

/* An order that is too much for now is not overtaken, also not by another provider's. */
static void test_budget_in_turn(void)
{
	struct script_line lines[] = {GOOD};
	const char *const other[] = {"provider", "second", "model", "z-image", NULL};

	budget_new(12, lines);
	OK(order("a.prompt", "a") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(order("b.prompt", "b") == 0);
	OK(says("b.prompt", "reason: budget: 6.5 of 12", 0));
	OK(order_set("c.prompt", "c", ENGINE_WRITTEN, other) == 0);
	OK(says("c.prompt",
	        "this order takes 0.8; nothing was sent or charged; it goes out by itself after an "
	        "order that comes first",
	        0));
	OK(still_waits("c.prompt"));
	/* The first is taken back, and the other one goes. */
	OK(engine_command(bench.engine, "b.prompt", ENGINE_CANCEL) == 0);
	warp(MINUTE_MS);
	OK(reaches("c.prompt", TASK_SUCCESS));
	OK(script_creates() == 2);
	budget_end();
}

/* Orders at once that are many more than the budget has enough for. */
static void test_budget_many(void)
{
	struct script_line lines[] = {GOOD};
	char name[32];
	int i;

	budget_new(130, lines);
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%d.prompt", i);
		OK(order(name, name) == 0);
	}
	OK(creates_are(20));
	OK(page_says("used: 130\nreserved: 0\n"));
	OK(says("99.prompt", "reason: budget: ", 0));
	OK(still_waits("99.prompt"));
	warp(DAY_MS);
	OK(creates_are(40));
	OK(page_says("used: 130\nreserved: 0\n"));
	OK(still_waits("99.prompt"));
	OK(script_creates() == 40);
	budget_end();
}

static void test_budget(void)
{
	test_budget_stops();
	test_budget_frees();
	test_budget_corrects();
	test_budget_eases();
	test_budget_keeps();
	test_budget_cut();
	test_budget_clocks();
	test_budget_never();
	test_budget_in_turn();
	test_budget_many();
}
