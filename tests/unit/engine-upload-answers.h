/* SPDX-License-Identifier: MIT */
/* What a provider says to an upload, and what is done then. */
#pragma once

#include "engine-references.h"

static void test_upload_answers(void)
{
	static const struct {
		enum http_outcome outcome;
		int status;
		const char *body;
		int count;
		enum task_state state;
		const char *says;
		int uploads;
	} cases[] = {
	        {HTTP_ANSWERED, 413, "{\"code\":413,\"msg\":\"Payload too large\"}", 1, TASK_FAIL,
	                "error: refs/a.png: kie.ai does not take it: 2 MiB are too large; at most "
	                "3 MiB are said to be taken",
	                1},
	        {HTTP_ANSWERED, 400, "{\"code\":400,\"msg\":\"no such type\"}", 1, TASK_FAIL,
	                "error: refs/a.png: kie.ai does not take it (HTTP 400: no such type)\n", 1},
	        {HTTP_ANSWERED, 200, NO_ADDRESS, 9, TASK_FAIL,
	                "error: refs/a.png: kie.ai took it and gave no address", 4},
	        {HTTP_ANSWERED, 200, NO_ADDRESS, 3, TASK_SUCCESS, "take: 1\n", 4},
	        {HTTP_ANSWERED, 200, "<html>", 3, TASK_SUCCESS, "take: 1\n", 4},
	        {HTTP_TOO_LONG, 200, "", 1, TASK_SUCCESS, "take: 1\n", 2},
	        {HTTP_ANSWERED, 503, "<html>", 9, TASK_SUCCESS, "take: 1\n", 10},
	        {HTTP_ANSWERED, 429, "{\"code\":429,\"msg\":\"slow\"}", 3, TASK_SUCCESS,
	                "take: 1\n", 4},
	        {HTTP_NOT_SENT, 0, "", 9, TASK_SUCCESS, "take: 1\n", 10},
	        {HTTP_LOST, 0, "", 9, TASK_SUCCESS, "take: 1\n", 10},
	        {HTTP_BAD_URL, 0, "", 1, TASK_FAIL, "error: refs/a.png: as scripted\n", 1},
	};
	char name[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script_line lines[] = {{"/upload", cases[i].outcome, cases[i].status,
		                                      cases[i].body, cases[i].count},
		        UPLOADS, GOOD};
		bool charged = cases[i].state != TASK_FAIL;

		snprintf(name, sizeof(name), "case %zu: %d times %d, HTTP %d", i, cases[i].count,
		        (int)cases[i].outcome, cases[i].status);
		script_set(lines);
		bench_new();
		bench_open(true);
		write_picture("refs/a.png", 2 << 20, 'a');
		OK_NAMED(order_images("a.prompt", "x", "refs/a.png") == 0, name);
		OK_NAMED(says("a.prompt", charged ? "state: success" : "state: fail", 300), name);
		OK_NAMED(status_has("a.prompt", cases[i].says), name);
		OK_NAMED(script_uploads() == cases[i].uploads, name);
		OK_NAMED(script_creates() == (charged ? 1 : 0), name);
		if (!charged) {
			OK_NAMED(status_has("a.prompt", "charged: no\nhint: nothing was charged; "),
			        name);
			script_set((struct script_line[]){UPLOADS, GOOD});
			bench_close();
			bench_open(true);
			script_set(lines + 1);
			OK_NAMED(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0, name);
			OK_NAMED(reaches("a.prompt", TASK_SUCCESS), name);
		}
		bench_close();
		bench_remove();
	}
}

/* What stands in the status while it is tried again. */
static void test_upload_reasons(void)
{
	struct script_line lines[] = {
	        {"/upload", HTTP_NOT_SENT, 0, "", 1},
	        {"/upload", HTTP_ANSWERED, 503, "", 1},
	        {"/upload", HTTP_ANSWERED, 200, NO_ADDRESS, 1},
	        {"/upload", HTTP_ANSWERED, 401, "{\"code\":401,\"msg\":\"Unauthorized\"}", 1},
	        {"/upload", HTTP_ANSWERED, 402, "{\"code\":402,\"msg\":\"Credits\"}", 1},
	        UPLOADS,
	        GOOD,
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(says("a.prompt",
	        "state: queued\nreason: refs/a.png cannot be uploaded to kie.ai (as scripted); "
	        "nothing was charged, and it is tried again by itself\n",
	        0));
	OK(says("a.prompt", "reason: kie.ai takes no pictures at the moment (HTTP 503", 100));
	OK(says("a.prompt", "reason: refs/a.png: kie.ai took it and gave no address", 100));
	OK(says("a.prompt", "reason: kie.ai does not accept the key (", 100));
	/* An order without pictures does not try that key either. */
	OK(order("b.prompt", "y") == 0);
	OK(says("b.prompt", "reason: kie.ai does not accept the key (", 0));
	OK(script_uploads() == 4);
	OK(script_creates() == 0);
	setenv("KIE_API_KEY", "another", 1);
	OK(says("a.prompt", "reason: credits: the account at kie.ai has too few (", 100));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_uploads() == 6);
	OK(script_creates() == 2);
	setenv("KIE_API_KEY", "secret", 1);
	bench_close();
	bench_remove();
}

/* retry does not wait for the end of a pause. */
static void test_upload_hurry(void)
{
	struct script_line lines[] = {{"/upload", HTTP_NOT_SENT, 0, "", 1}, UPLOADS, GOOD};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(says("a.prompt", "cannot be uploaded", 0));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_uploads() == 2);
	bench_close();
	bench_remove();
}

static void test_upload_trouble(void)
{
	test_upload_answers();
	test_upload_reasons();
	test_upload_hurry();
}
