/* SPDX-License-Identifier: MIT */
#include "simulator.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define PROGRAM "darkroom-sandbox"
#define LISTENING "listening on "
#define PATH_SIZE 4096

extern char **environ;

/* Beside this program, or where the build puts it, or else along PATH. */
static void find_program(char path[static PATH_SIZE])
{
	static const char *const places[] = {"", "../sandbox/"};
	char own[PATH_SIZE];
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *slash;
	size_t i;

	snprintf(path, PATH_SIZE, "%s", PROGRAM);
	if (length <= 0)
		return;
	own[length] = '\0';
	slash = strrchr(own, '/');
	if (!slash)
		return;
	slash[1] = '\0';
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		char candidate[PATH_SIZE + 64];

		snprintf(candidate, sizeof(candidate), "%s%s" PROGRAM, own, places[i]);
		if (strlen(candidate) < PATH_SIZE && access(candidate, X_OK) == 0) {
			memcpy(path, candidate, strlen(candidate) + 1);
			return;
		}
	}
}

static int spawn(const char *journal, int in, int out, pid_t *ret_pid)
{
	char path[PATH_SIZE];
	const char *arguments[] = {PROGRAM, "--until-eof", "--journal", journal, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int r;

	find_program(path);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	/* A group of its own: ^C ends the daemon, which ends the simulator last. */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attributes, 0);
	sigemptyset(&signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	r = posix_spawnp(ret_pid, path, &actions, &attributes, (char **)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -r;
}

/* Reads the line that says where it listens. */
static int read_url(int fd, char url[static 128])
{
	char line[256];
	size_t size = 0;

	while (size < sizeof(line) - 1) {
		ssize_t n = read(fd, line + size, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -EPIPE;
		if (line[size] == '\n')
			break;
		size++;
	}
	line[size] = '\0';
	if (strncmp(line, LISTENING, strlen(LISTENING)) != 0 || size - strlen(LISTENING) >= 128)
		return -EPROTO;
	memcpy(url, line + strlen(LISTENING), size - strlen(LISTENING) + 1);
	return 0;
}

int simulator_start(const char *journal, struct simulator *ret_simulator, struct err *err)
{
	CLEANUP(simulator_stop) struct simulator simulator = SIMULATOR_NONE;
	CLEANUP(close_p) int in = -1, out_read = -1, out_write = -1;
	int fds[2], r;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "no pipe for the simulator: %s", strerror(errno));
	in = fds[0];
	simulator.stdin_fd = fds[1];
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "no pipe for the simulator: %s", strerror(errno));
	out_read = fds[0];
	out_write = fds[1];
	r = spawn(journal, in, out_write, &simulator.pid);
	if (r < 0) {
		simulator.pid = -1;
		return err_set(
		        err, r, "%s, the simulator, cannot be started: %s", PROGRAM, strerror(-r));
	}
	close_p(&out_write);
	r = read_url(out_read, simulator.url);
	if (r < 0)
		return err_set(err, r, "%s, the simulator, did not start", PROGRAM);
	*ret_simulator = simulator;
	simulator = SIMULATOR_NONE;
	return 0;
}

void simulator_stop(struct simulator *simulator)
{
	close_p(&simulator->stdin_fd);
	if (simulator->pid > 0)
		while (waitpid(simulator->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	simulator->pid = -1;
}
