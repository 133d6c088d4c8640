/* SPDX-License-Identifier: MIT */
/* Fetching pictures. */
#pragma once

#include "engine-bench.h"

#define FINISHED_TWO                                                               \
	"{\"code\":200,\"data\":{\"state\":\"success\",\"creditsConsumed\":13,"    \
	"\"resultJson\":\"{\\\"resultUrls\\\":[\\\"https://10.0.0.1/metadata\\\"," \
	"\\\"http://127.0.0.1:9/picture\\\"]}\"}}"

/* What goes wrong once or twice is tried again. */
static void test_fetched_again(void)
{
	struct script_line lines[] = {
	        {"/picture", HTTP_LOST, 0, "", 1},
	        {"/picture", HTTP_ANSWERED, 404, "", 1},
	        {"/picture", HTTP_ANSWERED, 200, "<html>", 1},
	        {"/picture", HTTP_BAD_URL, 0, "", 1},
	        GOOD,
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(says("a.prompt", "state: success\n", 100));
	OK(exists("a.png"));
	OK(script_creates() == 1);
	OK(script_downloads() == 5);
	/* A server that says little, slowly, is not listened to for ever. */
	OK(script.endless == 0);
	bench_close();
	bench_remove();
}

/* One of two pictures is at an address that may not be used. */
static void test_fetched_in_part(void)
{
	struct script_line lines[] = {
	        {"/metadata", HTTP_BAD_URL, 0, "", 0},
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 0},
	        {"recordInfo", HTTP_ANSWERED, 200, FINISHED_TWO, 0},
	        {"/picture", HTTP_ANSWERED, 200, "PICTURE", 0},
	        {NULL},
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(says("a.prompt", "state: success\n", 100));
	OK(status_has("a.prompt", "reason: 1 of 2 pictures could not be had"));
	OK(status_has("a.prompt", "credits: 13\n"));
	OK(status_has("a.prompt", "images: a.png\n"));
	OK(exists("a.png") && !exists("a-1.png"));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_fetching(void)
{
	test_fetched_again();
	test_fetched_in_part();
}
