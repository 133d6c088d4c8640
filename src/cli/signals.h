/* SPDX-License-Identifier: MIT */
/* Signals that ask the daemon for something while it goes on. */
#pragma once

#include "darkroom/engine.h"

struct signals {
	struct engine *engine;
	pthread_t thread;
	bool started;
	int signal_fd, stop_fd;
};

#define SIGNALS_NONE                           \
	{                                      \
		.signal_fd = -1, .stop_fd = -1 \
	}

/* Keeps them from every thread that is started after this, until signals_start. */
void signals_block(void);
/* Heeds them: SIGHUP looks for keys, SIGUSR1 logs a summary. */
int signals_start(struct engine *engine, struct signals *signals, struct err *err) NODISCARD;
void signals_stop(struct signals *signals);
