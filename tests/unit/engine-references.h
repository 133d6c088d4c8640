/* SPDX-License-Identifier: MIT */
/* What the tests of reference pictures share. */
#pragma once

#include "engine-bench.h"

#define UPLOADED(name)                                                                           \
	"{\"success\":true,\"code\":200,\"data\":{\"downloadUrl\":\"https://files.example/" name \
	"\"}}"
#define NO_ADDRESS "{\"success\":true,\"code\":200,\"data\":{}}"
#define UPLOADS                                                 \
	{                                                       \
		"/upload", HTTP_ANSWERED, 200, UPLOADED("a"), 0 \
	}
#define CHANGED " was changed after it was ordered"
#define CHANGED_HINT \
	"hint: write retry into the status file to order it with the file as it is now\n"

/* A picture with so many bytes that its name tells from others. */
static void write_picture(const char *name, size_t size, char fill)
{
	CLEANUP(free_p) char *bytes = malloc(size);
	char path[256];
	int fd;

	memset(bytes, fill, size);
	memcpy(bytes, script_picture, sizeof(script_picture) - 1);
	snprintf(path, sizeof(path), "%s/%s", bench.path, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0 || write_all(fd, bytes, size) < 0)
		abort();
	close(fd);
}

static int order_images(const char *path, const char *text, const char *images)
{
	return order_set(path, text, ENGINE_WRITTEN,
	        (const char *[]){"model", "test/edit", "images", images, NULL});
}

static int retry_now(struct engine *engine, const struct engine_order *now)
{
	return engine_command_now(engine, ENGINE_RETRY, now);
}

static int regenerate_now(struct engine *engine, const struct engine_order *now)
{
	return engine_command_now(engine, ENGINE_REGENERATE, now);
}

/* What `retry` does in the status file. */
static int retry_images(const char *path, const char *text, const char *images)
{
	return hand_over(path, text, ENGINE_WRITTEN,
	        (const char *[]){"model", "test/edit", "images", images, NULL}, retry_now);
}

/* The same of `regenerate`. */
static int regenerate_images(const char *path, const char *text, const char *images)
{
	return hand_over(path, text, ENGINE_WRITTEN,
	        (const char *[]){"model", "test/edit", "images", images, NULL}, regenerate_now);
}

static bool uploads_are_now(const void *context)
{
	return script_uploads_now() == *(const int *)context;
}

static bool uploads_now(int count)
{
	return comes_true(uploads_are_now, &count, 0);
}
