/* SPDX-License-Identifier: MIT */
/* The queue: which takes are in it, in which order, and while much happens. */
#pragma once

#include "engine-references.h"

struct queue_text {
	char text[4096]; /* "state path\n" for each */
	size_t count;
	int64_t oldest_ms;
};

static int queue_add(void *context, const struct engine_queued *queued)
{
	struct queue_text *all = context;
	size_t used = strlen(all->text);

	snprintf(all->text + used, sizeof(all->text) - used, "%s %s\n",
	        task_state_name(queued->state), queued->path);
	all->count++;
	if (queued->age_ms > all->oldest_ms)
		all->oldest_ms = queued->age_ms;
	return 0;
}

static struct queue_text queue_text(void)
{
	struct queue_text all = {""};

	OK(engine_each_queued(bench.engine, queue_add, &all) == 0);
	return all;
}

static bool queue_says(const void *context)
{
	struct queue_text all = {""};

	return engine_each_queued(bench.engine, queue_add, &all) == 0 &&
	       strcmp(all.text, context) == 0;
}

/* The queue comes to be this. */
static void queue_becomes(const char *text, int line)
{
	bool good = comes_true(queue_says, text, 0);

	tap_ok(good, text, __FILE__, line);
	if (!good)
		printf("# the queue: %s\n", queue_text().text);
}
#define QUEUE_BECOMES(text) queue_becomes(text, __LINE__)

static int queue_stop(void *context, const struct engine_queued *queued)
{
	(void)queued;
	return ++*(int *)context == 2 ? 77 : 0;
}

/* What was sent comes first, then the line, then what has not settled. */
static void test_queue_order(void)
{
	struct script_line lines[] = {GOOD};
	char path[32], wanted[4096] = "";
	int64_t before_ms, i;
	int calls = 0;

	script_set(lines);
	bench_new();
	bench_open(true);
	OK_TEXT(queue_text().text, "");
	script_hold(true);
	engine_writers(bench.engine, "written.prompt", 1);
	OK(order("written.prompt", "w") == 0);
	OK(order_with("held.prompt", "x", ENGINE_WRITTEN, "1") == 0);
	OK(order("invalid.prompt", "") == 0);
	for (i = 0; i < 8; i++) {
		size_t used = strlen(wanted);

		snprintf(path, sizeof(path), "%c.prompt", (char)('s' - i));
		OK(order(path, path) == 0);
		OK(reaches(path, TASK_SUBMITTING));
		snprintf(wanted + used, sizeof(wanted) - used, "submitting %s\n", path);
	}
	/* No more than eight at the same time: these stand in the line. */
	snprintf(wanted + strlen(wanted), sizeof(wanted) - strlen(wanted),
	        "queued b.prompt\nqueued written.prompt\n");
	OK(order("b.prompt", "b") == 0);
	QUEUE_BECOMES(wanted);
	snprintf(strstr(wanted, "queued written"), 100, "queued a.prompt\nqueued written.prompt\n");
	OK(order("a.prompt", "a") == 0);
	QUEUE_BECOMES(wanted);
	OK(queue_text().oldest_ms < 1000000);
	warp(5000000);
	OK(queue_text().oldest_ms >= 5000000 && queue_text().oldest_ms < 6000000);
	OK(engine_each_queued(bench.engine, queue_stop, &calls) == 77 && calls == 2);

	/* Cancelled and changed back to a draft: gone.  Renamed: at its new name. */
	before_ms = engine_queue_changed_ms(bench.engine);
	warp(1000);
	OK(queue_says(wanted) && engine_queue_changed_ms(bench.engine) == before_ms);
	engine_moved(bench.engine, "held.prompt", "draft.prompt", false);
	OK(engine_queue_changed_ms(bench.engine) == before_ms);
	OK(engine_command(bench.engine, "b.prompt", ENGINE_CANCEL) == 0);
	OK(engine_queue_changed_ms(bench.engine) >= before_ms + 1000);
	snprintf(strstr(wanted, "queued b"), 100, "queued a.prompt\nqueued written.prompt\n");
	OK_TEXT(queue_text().text, wanted);
	renameat(bench.fd, "a.prompt", bench.fd, "b.prompt");
	before_ms = engine_queue_changed_ms(bench.engine);
	warp(1000);
	engine_moved(bench.engine, "a.prompt", "z.prompt", false);
	OK(engine_queue_changed_ms(bench.engine) >= before_ms + 1000);
	snprintf(strstr(wanted, "queued a"), 100, "queued z.prompt\nqueued written.prompt\n");
	OK_TEXT(queue_text().text, wanted);

	/* The prompt of a task that was sent is deleted: the task is still there. */
	engine_deleted(bench.engine, "s.prompt");
	OK_TEXT(queue_text().text, wanted);
	/* One that was not sent is dropped. */
	engine_deleted(bench.engine, "written.prompt");
	engine_writers(bench.engine, "written.prompt", -1);
	warp(3000);
	*strstr(wanted, "queued written") = '\0';
	QUEUE_BECOMES(wanted);
	script_set(lines);
	QUEUE_BECOMES("");
	bench_close();
	bench_remove();
}

/* A later order of a prompt whose task is under way is a line of its own; a failed one is none. */
static void test_queue_takes(void)
{
	struct script_line running[] = {
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 0},
	        {"recordInfo", HTTP_ANSWERED, 200, RUNNING, 0},
	        {NULL},
	};
	struct script_line failing[] = {
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 0},
	        {"recordInfo", HTTP_ANSWERED, 200, FAILED, 0},
	        {NULL},
	};
	struct script_line lost[] = {{"createTask", HTTP_LOST, 0, "", 0}, {NULL}};
	struct script_line good[] = {GOOD};

	bench_new();
	bench_open(true);
	script_set(running);
	OK(order("a.prompt", "x") == 0);
	QUEUE_BECOMES("generating a.prompt\n");
	engine_writers(bench.engine, "a.prompt", 1);
	OK(order("a.prompt", "y") == 0);
	QUEUE_BECOMES("generating a.prompt\nqueued a.prompt\n");
	engine_writers(bench.engine, "a.prompt", -1);
	QUEUE_BECOMES("generating a.prompt\ngenerating a.prompt\n");
	/* As it was after a restart, in the order in which they were sent. */
	OK(order_with("b.prompt", "z", ENGINE_WRITTEN, "1") == 0);
	bench_close();
	bench_open(false);
	OK_TEXT(queue_text().text, "generating a.prompt\ngenerating a.prompt\n");
	OK(engine_command(bench.engine, "b.prompt", ENGINE_RELEASE) == 0);
	OK_TEXT(queue_text().text, "generating a.prompt\ngenerating a.prompt\nqueued b.prompt\n");
	bench_close();
	script_set(failing);
	bench_open(true);
	QUEUE_BECOMES("");
	OK(reaches("a.prompt", TASK_FAIL) && reaches("b.prompt", TASK_FAIL));
	script_set(lost);
	OK(order("c.prompt", "x") == 0);
	OK(reaches("c.prompt", TASK_UNKNOWN));
	OK_TEXT(queue_text().text, "");
	script_set(good);
	OK(engine_command(bench.engine, "c.prompt", ENGINE_RETRY) == 0);
	OK(says("c.prompt", "state: success", 100));
	OK_TEXT(queue_text().text, "");
	bench_close();
	bench_remove();
}

/* What is being uploaded stands after what could go out. */
static void test_queue_uploads(void)
{
	struct script_line lines[] = {UPLOADS, GOOD};
	char path[32];
	int i;

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/a.png", 5000, 'a');
	script_hold(true);
	OK(order_images("up.prompt", "x", "refs/a.png") == 0);
	QUEUE_BECOMES("queued up.prompt\n");
	for (i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "%d.prompt", i);
		OK(order(path, path) == 0);
		OK(reaches(path, TASK_SUBMITTING));
	}
	OK(order("ready.prompt", "x") == 0);
	QUEUE_BECOMES("submitting 0.prompt\nsubmitting 1.prompt\nsubmitting 2.prompt\n"
	              "submitting 3.prompt\nsubmitting 4.prompt\nsubmitting 5.prompt\n"
	              "submitting 6.prompt\nsubmitting 7.prompt\n"
	              "queued ready.prompt\nqueued up.prompt\n");
	script_set(lines);
	QUEUE_BECOMES("");
	bench_close();
	bench_remove();
}

/* ---- many, and read while they come and go ---- */

#define QUEUE_MANY 300 /* more than are copied at once */
#define QUEUE_READERS 2
#define QUEUE_WRITERS 6

struct queue_reading {
	atomic_bool *stop;
	atomic_int *least; /* so many are in the queue all the time */
	int wrong, count;
};

struct queue_seen {
	bool seen[QUEUE_MANY];
	int count, twice;
};

static int queue_see(void *context, const struct engine_queued *queued)
{
	struct queue_seen *seen = context;
	static const char directory[] = "many-directory/";
	bool there = strncmp(queued->path, directory, strlen(directory)) == 0;
	long number = there ? strtol(queued->path + strlen(directory), NULL, 10) : -1;

	if (number < 0 || number >= QUEUE_MANY || seen->seen[number]) {
		seen->twice++;
		return 0;
	}
	seen->seen[number] = true;
	seen->count++;
	return 0;
}

static void *queue_read(void *context)
{
	struct queue_reading *reading = context;

	while (!atomic_load(reading->stop)) {
		struct queue_seen seen = {.count = 0};
		int least = atomic_load(reading->least);

		if (engine_each_queued(bench.engine, queue_see, &seen) < 0 || seen.twice ||
		        seen.count < least)
			reading->wrong++;
		reading->count++;
	}
	return NULL;
}

struct queue_writing {
	pthread_t thread;
	int first, failed;
	atomic_int *least;
};

static void *queue_write(void *context)
{
	struct queue_writing *writing = context;

	for (int i = writing->first; i < QUEUE_MANY; i += QUEUE_WRITERS) {
		char path[64];

		snprintf(path, sizeof(path), "many-directory/%d.prompt", i);
		if (order(path, path) == 0)
			atomic_fetch_add(writing->least, 1);
		else
			writing->failed++;
	}
	return NULL;
}

static bool queue_is_empty(const void *context)
{
	(void)context;
	return queue_says("");
}

static void test_queue_many(void)
{
	struct script_line lines[] = {GOOD};
	struct queue_reading readings[QUEUE_READERS];
	struct queue_writing writings[QUEUE_WRITERS];
	struct queue_seen seen = {.count = 0};
	pthread_t threads[QUEUE_READERS];
	atomic_bool stop = false;
	atomic_int least = 0;
	int i;

	script_set(lines);
	bench_new();
	bench_open(true);
	mkdirat(bench.fd, "many-directory", 0700);
	script_hold(true);
	for (i = 0; i < QUEUE_READERS; i++) {
		readings[i] = (struct queue_reading){.stop = &stop, .least = &least};
		OK(pthread_create(&threads[i], NULL, queue_read, &readings[i]) == 0);
	}
	for (i = 0; i < QUEUE_WRITERS; i++) {
		writings[i] = (struct queue_writing){.first = i, .least = &least};
		OK(pthread_create(&writings[i].thread, NULL, queue_write, &writings[i]) == 0);
	}
	for (i = 0; i < QUEUE_WRITERS; i++) {
		pthread_join(writings[i].thread, NULL);
		OK(writings[i].failed == 0);
	}
	OK(engine_each_queued(bench.engine, queue_see, &seen) == 0);
	OK(seen.count == QUEUE_MANY && seen.twice == 0);
	atomic_store(&least, 0);
	script_set(lines);
	OK(comes_true(queue_is_empty, NULL, 50));
	atomic_store(&stop, true);
	for (i = 0; i < QUEUE_READERS; i++) {
		pthread_join(threads[i], NULL);
		OK(readings[i].wrong == 0 && readings[i].count > 0);
	}
	bench_close();
	bench_remove();
}

static void test_queue(void)
{
	test_queue_order();
	test_queue_takes();
	test_queue_uploads();
	test_queue_many();
}
