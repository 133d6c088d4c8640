/* SPDX-License-Identifier: MIT */
/* The simulator as a child of the daemon, for provider=sandbox. */
#pragma once

#include "darkroom/base.h"

struct simulator {
	pid_t pid;
	int stdin_fd;  /* it ends when this is closed */
	char url[128]; /* where it listens */
};

#define SIMULATOR_NONE ((struct simulator){.pid = -1, .stdin_fd = -1})

/* Starts darkroom-sandbox, which keeps its journal in the file given, and waits until it listens.
 * -errno with a sentence. */
int simulator_start(const char *journal, struct simulator *ret_simulator, struct err *err)
        NODISCARD;
/* Ends it and waits for that; for CLEANUP too. */
void simulator_stop(struct simulator *simulator);
