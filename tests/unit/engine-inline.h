/* SPDX-License-Identifier: MIT */
/* Reference pictures inside the request. */
#pragma once

#include "engine-references.h"

static void test_inline(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};
	static const char url[] = "\"inside\":[\"data:image/png;base64,iVBORw0KGgo";
	const char *settings[] = {
	        "model", "test/edit", "inside", "refs/a.png", "mask", "refs/a.png", NULL};
	const char *end;

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 100, 'a');
	OK(order_set("a.prompt", "x", ENGINE_WRITTEN, settings) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	OK(script_uploads() == 1);
	OK_NAMED(strstr(script.last_create, url) != NULL, script.last_create);
	OK(strstr(script.last_create, "\"mask_url\":\"https://files.example/a\"") != NULL);
	/* 100 bytes, the last of which are three times 'a' and one. */
	end = strstr(script.last_create, url);
	end = end ? strchr(end + strlen(url), '"') : NULL;
	OK(end && strncmp(end - 12, "YWFhYWFhYQ==", 12) == 0);
	OK(end && end - strstr(script.last_create, "iVBORw0KGgo") == 136);
	OK(status_has("a.prompt", "inside: refs/a.png\n"));
	OK(status_has("a.prompt", "mask_url: refs/a.png\n"));
	bench_close();
	bench_remove();
}

/* An order that is taken back while its pictures are being read. */
static void test_inline_taken_back(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};
	const char *settings[] = {"model", "test/edit", "inside", "refs/a.png", NULL};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	publisher_hold(true);
	OK(order_set("a.prompt", "x", ENGINE_WRITTEN, settings) == 0);
	OK(order_set("b.prompt", "x", ENGINE_WRITTEN, settings) == 0);
	/* Their turn has come: at the latest when this returns, they are being read. */
	warp(1000);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0);
	OK(engine_command(bench.engine, "b.prompt", ENGINE_RETRY) == 0);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_CANCEL) == 0);
	OK(status_has("a.prompt", "state: held\n"));
	OK(order_set("b.prompt", "y", ENGINE_WRITTEN, settings) == 0);
	warp(1000);
	OK(engine_command(bench.engine, "b.prompt", ENGINE_RETRY) == 0);
	OK(script_creates() == 0);
	publisher_hold(false);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	OK(strstr(script.last_create, "\"prompt\":\"y\"") != NULL);
	OK(status_has("a.prompt", "state: held\n"));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RELEASE) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

/* More than one request can carry. */
static void test_inline_too_much(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};
	char settings_text[512];
	const char *settings[] = {"model", "test/edit", "inside", settings_text, NULL};
	int length = 0, i;

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 3145728, 'a');
	for (i = 0; i < 22; i++)
		length += snprintf(settings_text + length, sizeof(settings_text) - (size_t)length,
		        "%srefs/a.png", i ? "," : "");
	OK(order_set("a.prompt", "x", ENGINE_WRITTEN, settings) == 0);
	OK(reaches("a.prompt", TASK_INVALID));
	OK(status_has("a.prompt", "error: the pictures are too large together"));
	OK(script_creates() == 0);
	settings_text[21 * 11 - 1] = '\0';
	OK(order_set("a.prompt", "x", ENGINE_WRITTEN, settings) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_inlined(void)
{
	test_inline();
	test_inline_taken_back();
	test_inline_too_much();
}
