/* SPDX-License-Identifier: MIT */
/* `.darkroom/queue`: its lines, its size and time, and what happens when there are very many. */
#pragma once

#include "vfs-world.h"

static void queue_set(const struct engine_queued *queued, size_t count)
{
	stub.queued = queued;
	stub.queued_count = count;
}

/* Size and time without opening it. */
static struct stat queue_stat(struct world *world)
{
	struct stat st = {.st_size = -1};
	double timeout = -1;

	OK(vfs_getattr(world->vfs, node_of(world, ".darkroom/queue"), NULL, &st, &timeout) == 0);
	OK(timeout == 0.0);
	return st;
}

static void test_queue_lines(void)
{
	static const struct engine_queued queued[] = {
	        {"hero.prompt", TASK_DOWNLOADING, 754321},
	        {"d/two words.prompt", TASK_SUBMITTING, 999},
	        {"a\nb\\\t\x7f.prompt", TASK_QUEUED, 0},
	        {"caf\xc3\xa9/\xff\xc2\x85\xe2\x80\xa8.prompt", TASK_QUEUED, INT64_C(1) << 40},
	};
	WORLD(world);
	struct vfs_handle *handle;
	char text[200];
	struct stat st;

	stub.queue_changed_ms = 1234567;
	OK_TEXT(content(&world, ".darkroom/queue"), "");
	OK(queue_stat(&world).st_size == 0);
	queue_set(queued, ARRAY_SIZE(queued));
	OK_TEXT(content(&world, ".darkroom/queue"),
	        "downloading      754 hero.prompt\n"
	        "submitting         0 d/two\\040words.prompt\n"
	        "queued             0 a\\012b\\134\\011\\177.prompt\n"
	        "queued      1099511627 caf\xc3\xa9/\\377\\302\\205\\342\\200\\250.prompt\n");
	st = queue_stat(&world);
	OK(st.st_size == (off_t)strlen(content(&world, ".darkroom/queue")));
	OK(st.st_mode == (S_IFREG | 0444) && st.st_nlink == 1);
	OK(st.st_mtim.tv_sec == 1234 && st.st_mtim.tv_nsec == 567000000);
	OK(listed(&world, ".darkroom", "queue") && !listed(&world, "", "queue"));

	/* What was opened stays as it was. */
	OK(vfs_open(world.vfs, node_of(&world, ".darkroom/queue"), O_RDONLY, &handle) == 0);
	OK(vfs_handle_kind(handle) == VFS_HANDLE_VIRTUAL);
	queue_set(NULL, 0);
	OK(vfs_read(world.vfs, handle, text, 32, 0) == 32);
	OK(memcmp(text, "downloading      754 hero.prompt", 32) == 0);
	OK(vfs_read(world.vfs, handle, text, 10, 33) == 10);
	OK(memcmp(text, "submitting", 10) == 0);
	OK(vfs_read(world.vfs, handle, text, sizeof(text), 4000) == 0);
	vfs_release(world.vfs, handle);
	OK_TEXT(content(&world, ".darkroom/queue"), "");

	OK(vfs_open(world.vfs, node_of(&world, ".darkroom/queue"), O_RDWR, &handle) == -EPERM);
	OK(unlink_at(&world, ".darkroom/queue") == -EPERM);
}

/* The width of a line does not depend on its age. */
static void test_queue_size(void)
{
	struct engine_queued queued = {"hero.prompt", TASK_QUEUED, 0};
	WORLD(world);
	off_t size;

	queue_set(&queued, 1);
	size = queue_stat(&world).st_size;
	queued.state = TASK_GENERATING;
	queued.age_ms = INT64_C(86400000) * 365;
	OK(queue_stat(&world).st_size == size);
}

static void test_queue_too_long(void)
{
	enum { COUNT = 6000, LENGTH = 4000 };
	struct engine_queued *queued = calloc(COUNT, sizeof(*queued));
	char path[LENGTH + 1];
	WORLD(world);
	struct vfs_handle *handle;
	const size_t line = 11 + 1 + 8 + 1 + LENGTH + 1;
	char last[100] = "", wanted[100];
	size_t lines;
	off_t size;

	memset(path, 'x', LENGTH);
	path[LENGTH] = '\0';
	for (size_t i = 0; i < COUNT; i++)
		queued[i] = (struct engine_queued){path, TASK_QUEUED, 0};
	queue_set(queued, COUNT);
	size = queue_stat(&world).st_size;
	OK(size <= 16 << 20 && size > (16 << 20) - 2 * (off_t)line);
	lines = (size_t)size / line;
	snprintf(wanted, sizeof(wanted), "...         %8zu more\n", COUNT - lines);
	OK((size_t)size == lines * line + strlen(wanted));
	OK(vfs_open(world.vfs, node_of(&world, ".darkroom/queue"), O_RDONLY, &handle) == 0);
	OK(vfs_read(world.vfs, handle, last, sizeof(last) - 1, (off_t)(lines * line)) > 0);
	OK_TEXT(last, wanted);
	vfs_release(world.vfs, handle);
	free(queued);
}

static void test_queue(void)
{
	test_queue_lines();
	test_queue_size();
	test_queue_too_long();
}
