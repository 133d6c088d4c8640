/* SPDX-License-Identifier: MIT */
/* The Test Anything Protocol for the unit tests: one OK() is one numbered line. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline void tap_ok(bool good, const char *what, const char *file, int line)
{
	printf("%s %d - ", good ? "ok" : "not ok", ++tap_count);
	/* One line a test, whatever it is called. */
	for (; *what; what++)
		putchar((unsigned char)*what < ' ' ? ' ' : *what);
	putchar('\n');
	if (!good) {
		tap_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	fflush(stdout);
}

#define OK(condition) tap_ok((condition), #condition, __FILE__, __LINE__)
/* With words of its own, for tests that run over a table. */
#define OK_NAMED(condition, name) tap_ok((condition), (name), __FILE__, __LINE__)
#define OK_TEXT(got, expected)                                                  \
	do {                                                                    \
		const char *got_ = (got), *expected_ = (expected);              \
		bool same_ = got_ && expected_ && strcmp(got_, expected_) == 0; \
		tap_ok(same_, #got " is " #expected, __FILE__, __LINE__);       \
		if (!same_)                                                     \
			printf("# got: %s\n", got_ ? got_ : "(null)");          \
	} while (0)

/* The last statement of main: prints the plan. */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}
