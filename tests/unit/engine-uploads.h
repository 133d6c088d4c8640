/* SPDX-License-Identifier: MIT */
/* Reference pictures on their way to a provider. */
#pragma once

#include "engine-references.h"

static void test_upload_once(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};
	char upload[1024], *name, *file;

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png, https://example.org/b.png, refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_uploads() == 1);
	OK(strstr(script.last_create,
	           "\"image_urls\":[\"https://files.example/a\","
	           "\"https://example.org/b.png\",\"https://files.example/a\"]") != NULL);
	OK(status_has(
	        "a.prompt", "image_urls: refs/a.png, https://example.org/b.png, refs/a.png\n"));
	script_last_upload(upload);
	/* The made-up name stands in both places, and says nothing of ours. */
	name = strstr(upload, " fileName ");
	file = strstr(upload, " file ");
	OK_NAMED(name && file && strncmp(name + 10, file + 6, (size_t)(file - name - 10)) == 0,
	        upload);
	OK_NAMED(strstr(upload, ".png image/png 5000") && !strstr(upload, " a.png "), upload);

	/* Another prompt, the same bytes under another name: remembered, also after a restart. */
	write_picture("refs/b.png", 5000, 'a');
	OK(order_images("b.prompt", "y", "refs/b.png") == 0);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_uploads() == 1);
	bench_close();
	bench_open(true);
	OK(order_images("c.prompt", "z", "refs/b.png") == 0);
	OK(reaches("c.prompt", TASK_SUCCESS));
	OK(script_uploads() == 1);
	/* Until it expires. */
	warp(72000000);
	OK(order_images("d.prompt", "z", "refs/b.png") == 0);
	OK(reaches("d.prompt", TASK_SUCCESS));
	OK(script_uploads() == 2);
	/* A retouched picture is another one. */
	OK(order_images("d.prompt", "z", "refs/b.png") == 0);
	OK(status_has("d.prompt", "take: 1\n"));
	write_picture("refs/b.png", 5000, 'b');
	OK(order_images("d.prompt", "z", "refs/b.png") == 0);
	OK(says("d.prompt", "state: success", 0) && says("d.prompt", "take: 2\n", 0));
	OK(script_uploads() == 3);
	bench_close();
	warp(72000000);
	bench_open(true);
	bench_close();
	bench_remove();
}

static void test_upload_shared(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};

	script_set(lines);
	script_hold(true);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(order_images("b.prompt", "y", "refs/a.png") == 0);
	OK(says("b.prompt", "state: queued\nreason: uploading refs/a.png: 0.0 of 5.0 kB\n", 0));
	OK(uploads_now(1));
	/* Nobody else's order ends it. */
	OK(engine_command(bench.engine, "a.prompt", ENGINE_CANCEL) == 0);
	OK(script_cancels() == 0);
	OK(engine_command(bench.engine, "b.prompt", ENGINE_CANCEL) == 0);
	OK(uploads_now(0));
	OK(script_cancels() == 1);
	OK(status_has("b.prompt", "state: held\nreason: cancelled before it was sent\n"));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RELEASE) == 0);
	OK(uploads_now(1));
	/* Changed: the new order wants none. */
	OK(order_images("a.prompt", "x", "https://example.org/b.png") == 0);
	OK(uploads_now(0));
	/* Made a draft. */
	OK(order_images("c.prompt", "x", "refs/a.png") == 0);
	OK(uploads_now(1));
	OK(order_set("c.prompt", "x", ENGINE_WRITTEN,
	           (const char *[]){
	                   "model", "test/edit", "images", "refs/a.png", "hold", "1", NULL}) == 0);
	OK(uploads_now(0));
	OK(status_has("c.prompt", "state: held\n"));
	/* Deleted: an editor gets a moment to write it again. */
	OK(order_images("d.prompt", "x", "refs/a.png") == 0);
	OK(uploads_now(1));
	unlinkat(bench.fd, "d.prompt", 0);
	engine_deleted(bench.engine, "d.prompt");
	OK(script_uploads_now() == 1);
	warp(3000);
	OK(uploads_now(0));
	OK(script_creates() == 1);
	script_hold(false);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_upload_progress(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};

	script_set(lines);
	script_hold(true);
	script_upload_first(1100000);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 3145728, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(says("a.prompt", "reason: uploading refs/a.png: 1.1 of 3.1 MB\n", 100));
	OK(script_creates() == 0);
	script_hold(false);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_uploads() == 1);
	script_upload_first(0);
	bench_close();
	bench_remove();
}

static void test_uploads_at_once(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};
	char prompt[32], picture[32];
	int i;

	script_set(lines);
	script_hold(true);
	bench_new();
	bench_open(true);
	for (i = 0; i < 7; i++) {
		snprintf(prompt, sizeof(prompt), "%d.prompt", i);
		snprintf(picture, sizeof(picture), "refs/%d.png", i);
		write_picture(picture, 200, (char)('a' + i));
		OK(order_images(prompt, "x", picture) == 0);
	}
	OK(uploads_now(4));
	OK(says("6.prompt", "reason: refs/6.png waits to be uploaded\n", 0));
	script_hold(false);
	for (i = 0; i < 7; i++) {
		snprintf(prompt, sizeof(prompt), "%d.prompt", i);
		OK(reaches(prompt, TASK_SUCCESS));
	}
	OK(script_uploads() == 7);
	OK(script_uploads_most() == 4);
	bench_close();
	bench_remove();
}

/* ---- time ---- */

/* An order that was put back goes out with an address that still works. */
static void test_upload_expires(void)
{
	struct script_line lines[] = {
	        UPLOADS,
	        {"createTask", HTTP_ANSWERED, 200,
	                "{\"code\":402,\"msg\":\"Credits insufficient\"}", 1},
	        GOOD,
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(says("a.prompt", "reason: credits: ", 0));
	OK(script_uploads() == 1 && script_creates() == 1);
	warp(72000000);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_uploads() == 2 && script_creates() == 2);
	OK(status_has("a.prompt", "take: 1\n"));
	/* A clock that was set back does not make it last longer. */
	atomic_store(&wall_warp_ms, -3600000);
	OK(order_images("b.prompt", "x", "refs/a.png") == 0);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_uploads() == 3);
	atomic_store(&wall_warp_ms, 0);
	bench_close();
	bench_remove();
}

#define FAILS(message)                                                                     \
	{                                                                                  \
		"recordInfo", HTTP_ANSWERED, 200,                                          \
		        "{\"code\":200,\"data\":{\"state\":\"fail\",\"failCode\":\"422\"," \
		        "\"failMsg\":"                                                     \
		        "\"" message "\"}}",                                               \
		        1                                                                  \
	}

/* The provider has dropped a picture early: whatever is ordered next uploads it again. */
static void test_upload_dropped(void)
{
	struct script_line first[] = {UPLOADS, GOOD};
	struct script_line lines[] = {
	        {"/upload", HTTP_ANSWERED, 200, UPLOADED("b"), 1},
	        {"/upload", HTTP_ANSWERED, 200, UPLOADED("c"), 1},
	        {"/upload", HTTP_ANSWERED, 200, UPLOADED("d"), 1},
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 3},
	        {"createTask", HTTP_ANSWERED, 200,
	                "{\"code\":422,\"msg\":\"Failed to fetch the image in image_urls\"}", 1},
	        FAILS("Failed to fetch the image"),
	        FAILS("Image fetch failed"),
	        FAILS("no luck"),
	        GOOD,
	};

	script_set(first);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_uploads() == 1);
	bench_close();
	bench_open(true);
	script_set(lines);
	/* The address of another run. */
	OK(order_images("a.prompt", "y", "refs/a.png") == 0);
	OK(says("a.prompt", "error: Failed to fetch the image (422)\n", 100));
	OK(status_has("a.prompt", "hint: the trouble was the service's own: write retry "));
	OK(script_uploads() == 0 && strstr(script.last_create, "/a\"") != NULL);
	/* It is forgotten in the store too. */
	bench_close();
	bench_open(true);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_REGENERATE) == 0);
	OK(says("a.prompt", "error: Image fetch failed (422)\n", 100));
	OK(script_uploads() == 1 && strstr(script.last_create, "/b\"") != NULL);
	/* Another prompt. */
	OK(order_images("b.prompt", "y", "refs/a.png") == 0);
	OK(says("b.prompt", "error: no luck (422)\n", 100));
	OK(script_uploads() == 2 && strstr(script.last_create, "/c\"") != NULL);
	/* The order itself is refused. */
	OK(order_images("a.prompt", "z", "refs/a.png") == 0);
	OK(says("a.prompt", "error: kie.ai refused the request: Failed to fetch", 100));
	OK(script_uploads() == 3 && strstr(script.last_create, "/d\"") != NULL);
	script_set(first);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_uploads() == 1);
	bench_close();
	bench_remove();
}

/* One picture of two is dropped while an order has its address and waits for the other's. */
static void test_upload_dropped_meanwhile(void)
{
	struct script_line first[] = {UPLOADS, {"createTask", HTTP_ANSWERED, 200, CREATED, 0},
	        {"recordInfo", HTTP_ANSWERED, 200, RUNNING, 0}, {NULL}};
	struct script_line busy[] = {
	        {"/upload", HTTP_ANSWERED, 503, "", 0},
	        {"recordInfo", HTTP_ANSWERED, 200, RUNNING, 0},
	        {NULL},
	};
	struct script_line fails[] = {
	        {"/upload", HTTP_ANSWERED, 503, "", 0},
	        FAILS("Failed to fetch the image"),
	        {NULL},
	};
	struct script_line second[] = {
	        {"/upload", HTTP_ANSWERED, 200, UPLOADED("b"), 0},
	        GOOD,
	};

	script_set(first);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	write_picture("refs/b.png", 5000, 'b');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_GENERATING));
	script_set(busy);
	OK(order_images("b.prompt", "x", "refs/a.png, refs/b.png") == 0);
	OK(says("b.prompt", "takes no pictures at the moment", 100));
	script_set(fails);
	OK(says("a.prompt", "state: fail\n", 100));
	script_set(second);
	OK(says("b.prompt", "state: success\n", 100));
	OK(script_uploads() == 2);
	OK(strstr(script.last_create,
	           "[\"https://files.example/b\",\"https://files.example/b\"]") != NULL);
	bench_close();
	bench_remove();
}

/* What was uploaded after a task had its address is kept when that task fails. */
static void test_upload_kept(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 1},
	        {"createTask", HTTP_ANSWERED, 200, "{\"code\":200,\"data\":{\"taskId\":\"T2\"}}",
	                0},
	        {"taskId=T1", HTTP_ANSWERED, 200, RUNNING, 0},
	        {"taskId=T2", HTTP_ANSWERED, 200, FINISHED, 0},
	        UPLOADS,
	        {"/picture", HTTP_ANSWERED, 200, "PICTURE", 0},
	        {NULL},
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_GENERATING));
	warp(72000000);
	OK(order_images("b.prompt", "x", "refs/a.png") == 0);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_uploads() == 2);
	lines[2].body = FAILED;
	script_set(lines);
	OK(says("a.prompt", "state: fail\n", 100));
	OK(order_images("c.prompt", "x", "refs/a.png") == 0);
	OK(reaches("c.prompt", TASK_SUCCESS));
	OK(script_uploads() == 0);
	bench_close();
	bench_remove();
}

/* Ended in the middle: it starts over, and is one order. */
static void test_upload_restart(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};

	script_set(lines);
	script_hold(true);
	script_upload_first(1000);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(uploads_now(1));
	bench_close();
	script_hold(false);
	script_upload_first(0);
	bench_open(true);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_uploads() == 2);
	OK(script_creates() == 1);
	OK(status_has("a.prompt", "take: 1\n"));
	bench_close();
	bench_remove();
}

/* A directory is renamed while an order waits for a key. */
static void test_upload_moved(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};

	script_set(lines);
	bench_new();
	unsetenv("KIE_API_KEY");
	bench_open(true);
	mkdirat(bench.fd, "d", 0700);
	mkdirat(bench.fd, "d/sub", 0700);
	mkdirat(bench.fd, "f", 0700);
	write_picture("d/a.png", 5000, 'a');
	write_picture("d/sub/b.png", 5000, 'b');
	OK(order_images("d/a.prompt", "x", "a.png, sub/b.png") == 0);
	OK(says("d/a.prompt", "image_urls: d/a.png, d/sub/b.png\n", 0));
	OK(renameat2(bench.fd, "d", bench.fd, "f", RENAME_EXCHANGE) == 0);
	engine_moved(bench.engine, "d", "f", true);
	OK(renameat(bench.fd, "f", bench.fd, "e") == 0);
	engine_moved(bench.engine, "f", "e", false);
	OK(says("e/a.prompt", "image_urls: e/a.png, e/sub/b.png\n", 0));
	bench_close();
	bench_open(true);
	OK(says("e/a.prompt", "image_urls: e/a.png, e/sub/b.png\n", 0));
	setenv("KIE_API_KEY", "secret", 1);
	OK(says("e/a.prompt", "state: success", 1000));
	OK(script_uploads() == 2);
	bench_close();
	bench_remove();
}

static void test_without_text(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "", "refs/a.png") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	OK(exists("a.png"));
	OK(order_images("a.prompt", "", "refs/a.png") == 0);
	bench_close();
	bench_open(true);
	OK(order_images("a.prompt", "", "refs/a.png") == 0);
	OK(status_has("a.prompt", "state: success\n"));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_REGENERATE) == 0);
	OK(says("a.prompt", "take: 2\n", 0) && reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

static void test_no_key(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};

	script_set(lines);
	bench_new();
	unsetenv("KIE_API_KEY");
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	OK(order_images("a.prompt", "x", "refs/a.png") == 0);
	OK(says("a.prompt",
	        "reason: no key for kie.ai: get one at https://kie.ai/api-key, put it into ", 0));
	OK(script_uploads() == 0);
	setenv("KIE_API_KEY", "secret", 1);
	OK(says("a.prompt", "state: success", 1000));
	OK(script_uploads() == 1);
	/* The mount's options have an address for its own provider only. */
	OK(order_set("b.prompt", "x", ENGINE_WRITTEN,
	           (const char *[]){"provider", "homeless", NULL}) == 0);
	OK(says("b.prompt",
	        "reason: Nowhere has no address of its own: put {\"base_url\": \"https://...\"} "
	        "into "
	        "/tmp/test-engine.",
	        0));
	OK(status_has("b.prompt", "/config/providers/homeless.json and mount again\n"));
	bench_close();
	bench_remove();
}

static void test_uploads(void)
{
	test_upload_once();
	test_upload_shared();
	test_upload_progress();
	test_uploads_at_once();
	test_upload_expires();
	test_upload_dropped();
	test_upload_dropped_meanwhile();
	test_upload_kept();
	test_upload_restart();
	test_upload_moved();
	test_without_text();
	test_no_key();
}
