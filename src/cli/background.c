/* SPDX-License-Identifier: MIT */
#include "background.h"

#include <fcntl.h>
#include <sys/wait.h>

#define STATUS_SYSTEM_ERROR 2

/* Waits for the child's word or its end; never returns. */
static void wait_for(pid_t child, int fd)
{
	char byte;
	int status;
	ssize_t n;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(0);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			_exit(STATUS_SYSTEM_ERROR);
	_exit(WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : STATUS_SYSTEM_ERROR);
}

int background_fork(int *ret_ready)
{
	int pipe_fds[2];
	pid_t child;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (child < 0) {
		int error = errno;

		close(pipe_fds[0]);
		close(pipe_fds[1]);
		return -error;
	}
	if (child > 0) {
		close(pipe_fds[1]);
		wait_for(child, pipe_fds[0]);
	}
	close(pipe_fds[0]);
	setsid();
	*ret_ready = pipe_fds[1];
	return 0;
}

void background_ready(int *ready, enum log_level most_detailed)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), fd;

	log_setup(most_detailed, true);
	for (fd = 0; null >= 0 && fd <= 2; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	while (write(*ready, "", 1) < 0 && errno == EINTR)
		continue;
	close_p(ready);
}
