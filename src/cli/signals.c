/* SPDX-License-Identifier: MIT */
#include "signals.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

static void heeded(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1);
}

void signals_block(void)
{
	sigset_t set;

	heeded(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void *heed(void *context)
{
	struct signals *signals = context;
	struct pollfd watched[] = {
	        {.fd = signals->signal_fd, .events = POLLIN},
	        {.fd = signals->stop_fd, .events = POLLIN},
	};
	struct signalfd_siginfo got;

	for (;;) {
		if (poll(watched, ARRAY_SIZE(watched), -1) < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		if (watched[1].revents)
			break;
		if (read(signals->signal_fd, &got, sizeof(got)) != (ssize_t)sizeof(got))
			continue;
		if (got.ssi_signo == SIGHUP)
			engine_look_for_keys(signals->engine);
		else if (got.ssi_signo == SIGUSR1)
			engine_log_summary(signals->engine);
	}
	return NULL;
}

int signals_start(struct engine *engine, struct signals *signals, struct err *err)
{
	sigset_t set, all, before;
	int r;

	heeded(&set);
	signals->engine = engine;
	signals->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	signals->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (signals->signal_fd < 0 || signals->stop_fd < 0)
		return err_set(err, -errno, "no descriptor for signals: %s", strerror(errno));
	/* Those that end the mount are for the thread that serves it. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&signals->thread, NULL, heed, signals);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r != 0)
		return err_set(err, -r, "no thread for signals: %s", strerror(r));
	signals->started = true;
	return 0;
}

void signals_stop(struct signals *signals)
{
	if (signals->started) {
		(void)!eventfd_write(signals->stop_fd, 1);
		pthread_join(signals->thread, NULL);
		signals->started = false;
	}
	close_p(&signals->signal_fd);
	close_p(&signals->stop_fd);
}
