/* SPDX-License-Identifier: MIT */
/* For crash tests: counts the fault points that all threads pass and dies at a chosen one, without
 * any cleaning up, as in a power cut. */
#include "darkroom/base.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned long long kill_at;
static int log_fd = -1;
static unsigned long long passed; /* atomic */

static void read_environment(void)
{
	const char *at = getenv("DARKROOM_KILL_AT"), *path = getenv("DARKROOM_FAULT_LOG");

	if (at)
		kill_at = strtoull(at, NULL, 10);
	if (path)
		log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void fault_point(const char *name)
{
	unsigned long long number;
	char line[128];
	int length;

	pthread_once(&once, read_environment);
	number = __atomic_add_fetch(&passed, 1, __ATOMIC_SEQ_CST);
	if (log_fd >= 0) {
		length = snprintf(line, sizeof(line), "%llu %.80s\n", number, name);
		if (write(log_fd, line, (size_t)length) < 0)
			kill(getpid(), SIGKILL);
	}
	if (number == kill_at)
		kill(getpid(), SIGKILL);
}
