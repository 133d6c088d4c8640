/* SPDX-License-Identifier: MIT */
/* Prompts that refer to the picture that they made. */
#pragma once

#include "engine-references.h"

static bool take_is(const char *path, const char *number)
{
	char line[40];

	snprintf(line, sizeof(line), "take: %s\n", number);
	return says(path, line, 0) && says(path, "state: success\n", 0);
}

static void test_own(void)
{
	/* Each picture is another one. */
	struct script_line lines[] = {
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREa", 1},
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREb", 1},
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREc", 1},
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREd", 1},
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREe", 1},
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREf", 1},
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREg", 1},
	        UPLOADS,
	        GOOD,
	};
	const char *own = "refs/a.png, ed.png";

	script_set(lines);
	bench_new();
	bench_open(true);
	mkdirat(bench.fd, "d", 0700);
	mkdirat(bench.fd, "d/refs", 0700);
	write_picture("d/refs/a.png", 5000, 'a');
	OK(order_images("d/ed.prompt", "x", "refs/a.png") == 0);
	OK(take_is("d/ed.prompt", "1"));
	/* Its picture is one of its references from here on. */
	OK(order_images("d/ed.prompt", "x", own) == 0);
	OK(take_is("d/ed.prompt", "2"));
	OK(script_uploads() == 2);
	OK(order_images("d/ed.prompt", "x", own) == 0);
	OK(order_set("d/ed.prompt", "x", ENGINE_UNMOUNTED,
	           (const char *[]){"model", "test/edit", "images", own, NULL}) == 0);
	OK(take_is("d/ed.prompt", "2"));
	bench_close();
	bench_open(true);
	OK(order_images("d/ed.prompt", "x", own) == 0);
	OK(take_is("d/ed.prompt", "2"));
	/* In a directory that has another name now. */
	OK(renameat(bench.fd, "d", bench.fd, "e") == 0);
	engine_moved(bench.engine, "d", "e", false);
	OK(order_images("e/ed.prompt", "x", own) == 0);
	OK(take_is("e/ed.prompt", "2"));
	/* Another text that is taken back before it is sent. */
	engine_writers(bench.engine, "e/ed.prompt", 1);
	OK(order_images("e/ed.prompt", "y", own) == 0);
	OK(status_has("e/ed.prompt", "take: 3\n"));
	OK(order_images("e/ed.prompt", "x", own) == 0);
	engine_writers(bench.engine, "e/ed.prompt", -1);
	OK(take_is("e/ed.prompt", "2"));
	OK(script_creates() == 2);
	/* Asked for once more: with the picture as it is. */
	OK(regenerate_images("e/ed.prompt", "x", own) == 0);
	OK(take_is("e/ed.prompt", "3"));
	OK(script_uploads() == 3 && script_creates() == 3);
	OK(order_images("e/ed.prompt", "x", own) == 0);
	OK(take_is("e/ed.prompt", "3"));
	/* Retouched. */
	write_picture("e/ed.png", 5000, 'r');
	OK(order_images("e/ed.prompt", "x", own) == 0);
	OK(take_is("e/ed.prompt", "4"));
	OK(script_uploads() == 4);
	write_picture("e/ed.png", 5000, 's');
	OK(regenerate_images("e/ed.prompt", "x", own) == 0);
	OK(take_is("e/ed.prompt", "5"));
	OK(script_uploads() == 5 && script_creates() == 5);
	/* Another picture changed with it, or another text. */
	write_picture("e/refs/a.png", 5000, 'b');
	OK(order_images("e/ed.prompt", "x", own) == 0);
	OK(take_is("e/ed.prompt", "6"));
	OK(order_images("e/ed.prompt", "y", own) == 0);
	OK(take_is("e/ed.prompt", "7"));
	/* The same bytes in another place are no such picture. */
	OK(order_images("e/b.prompt", "y", "refs/a.png, ed.png") == 0);
	OK(take_is("e/b.prompt", "1"));
	OK(script_creates() == 8);
	bench_close();
	bench_remove();
}

/* A prompt that goes over to its own picture asks for another one, whatever the old name was. */
static void test_own_at_first(void)
{
	struct script_line lines[] = {
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREa", 1},
	        {"/picture", HTTP_ANSWERED, 200, "PICTUREb", 1},
	        UPLOADS,
	        GOOD,
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	write_picture("refs/ed.png", 5000, 'a');
	OK(order_images("ed.prompt", "x", "refs/ed.png") == 0);
	OK(take_is("ed.prompt", "1"));
	OK(order_images("ed.prompt", "x", "ed.png") == 0);
	OK(take_is("ed.prompt", "2"));
	/* The prompt no longer names what regenerate orders again: as it was. */
	write_picture("refs/ed.png", 5000, 'b');
	OK(regenerate_images("ed.prompt", "y", "refs/ed.png") == 0);
	OK(take_is("ed.prompt", "3"));
	OK(script_uploads() == 2 && script_creates() == 3);
	bench_close();
	bench_remove();
}

static void test_owned(void)
{
	test_own();
	test_own_at_first();
}
