/* SPDX-License-Identifier: MIT */
#include "darkroom/base.h"

#include <stdio.h>
#include <time.h>

#define NS_PER_US 1000
#define NS_PER_MS 1000000
/* The seconds that fit a year of four digits. */
#define YEAR_0000 INT64_C(-62167219200)
#define YEAR_9999_END INT64_C(253402300799)

static int64_t system_mono_us(void *context)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / NS_PER_US;
}

static int64_t system_wall_ms(void *context)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / NS_PER_MS;
}

const struct clock clock_system = {.mono_us = system_mono_us, .wall_ms = system_wall_ms};

void time_text(int64_t wall_ms, char text[static TIME_TEXT_SIZE])
{
	int64_t seconds = wall_ms / 1000 - (wall_ms % 1000 < 0);
	struct tm tm = {0};
	time_t when;
	int year;

	if (seconds < YEAR_0000)
		seconds = YEAR_0000;
	if (seconds > YEAR_9999_END)
		seconds = YEAR_9999_END;
	when = (time_t)seconds;
	gmtime_r(&when, &tm);
	year = snprintf(text, TIME_TEXT_SIZE, "%04d", tm.tm_year + 1900);
	strftime(text + year, TIME_TEXT_SIZE - (size_t)year, "-%m-%dT%H:%M:%SZ", &tm);
}
