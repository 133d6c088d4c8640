/* SPDX-License-Identifier: MIT */
/* darkroom-sandbox: the simulator as a program of its own. */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>

#include "darkroom/sandbox.h"

#define STATUS_USAGE 1
#define STATUS_SYSTEM 2

static const char usage[] =
        "usage: darkroom-sandbox [--dialect NAME] [--listen ADDR:PORT] [--key KEY]\n"
        "                        [--scenario FILE] [--journal FILE] [--until-eof] [--help]\n"
        "                        [--version]\n";

static const char help[] =
        "\n"
        "Simulates the API of an image service at a loopback address; nothing costs anything.\n"
        "\n"
        "  --dialect NAME      speak like this service: kie (the default), revidapi, liangxin\n"
        "                      or apikley\n"
        "  --listen ADDR:PORT  listen there; port 0 is any free one (127.0.0.1:0)\n"
        "  --key KEY           accept this key only; without it any key, and none\n"
        "  --scenario FILE     how long things take, and what goes wrong\n"
        "  --journal FILE      write down each request, and go on where the file ends\n"
        "  --until-eof         end when standard input ends\n"
        "  -h, --help          print this\n"
        "  -V, --version       print the version\n"
        "\n"
        "Reference pictures: every dialect takes addresses, and fetches none.  kie also takes\n"
        "files (POST /api/file-stream-upload), liangxin data: URLs in the order.\n"
        "\n"
        "darkroom-sandbox(1) describes the API, scenarios and journals.\n";

struct command_line {
	struct sandbox_options options;
	bool until_eof, help, version;
};

static bool command_line_read(int argc, char **argv, struct command_line *line)
{
	static const struct option options[] = {
	        {"dialect", required_argument, NULL, 'd'},
	        {"listen", required_argument, NULL, 'l'},
	        {"key", required_argument, NULL, 'k'},
	        {"scenario", required_argument, NULL, 's'},
	        {"journal", required_argument, NULL, 'j'},
	        {"until-eof", no_argument, NULL, 'e'},
	        {"help", no_argument, NULL, 'h'},
	        {"version", no_argument, NULL, 'V'},
	        {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "hV", options, NULL)) != -1) {
		if (option == 'd')
			line->options.dialect = optarg;
		else if (option == 'l')
			line->options.listen = optarg;
		else if (option == 'k')
			line->options.key = optarg;
		else if (option == 's')
			line->options.scenario = optarg;
		else if (option == 'j')
			line->options.journal = optarg;
		else if (option == 'e')
			line->until_eof = true;
		else if (option == 'h')
			line->help = true;
		else if (option == 'V')
			line->version = true;
		else
			return false;
	}
	if (optind < argc)
		fprintf(stderr, "darkroom-sandbox: %s: it takes no arguments\n", argv[optind]);
	return optind == argc;
}

/* Blocks the signals for all threads to come; they are read from a descriptor. */
static int signals_open(int *ret_fd)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -errno;
	*ret_fd = signalfd(-1, &set, SFD_CLOEXEC);
	return *ret_fd < 0 ? -errno : 0;
}

/* True when standard input has ended; what comes from it is thrown away. */
static bool input_ended(void)
{
	char bytes[4096];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

static void wait_for_end(int signals, bool until_eof)
{
	struct pollfd polled[2] = {
	        {.fd = signals, .events = POLLIN},
	        {.fd = until_eof ? STDIN_FILENO : -1, .events = POLLIN},
	};

	for (;;) {
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			return;
		if (polled[0].revents || (polled[1].revents && input_ended()))
			return;
	}
}

static int serve(const struct command_line *line)
{
	CLEANUP(sandbox_stop_p) struct sandbox *sandbox = NULL;
	CLEANUP(close_p) int signals = -1;
	struct err err = {{0}};
	int r = signals_open(&signals);

	if (r != 0) {
		fprintf(stderr, "darkroom-sandbox: signals: %s\n", strerror(-r));
		return STATUS_SYSTEM;
	}
	r = sandbox_start(&line->options, &sandbox, &err);
	if (r != 0) {
		fprintf(stderr, "darkroom-sandbox: %s\n", err.text);
		return r == -EINVAL ? STATUS_USAGE : STATUS_SYSTEM;
	}
	if (printf("listening on %s\n", sandbox_url(sandbox)) < 0 || fflush(stdout) != 0) {
		fprintf(stderr, "darkroom-sandbox: standard output: %s\n", strerror(errno));
		return STATUS_SYSTEM;
	}
	wait_for_end(signals, line->until_eof);
	return 0;
}

int main(int argc, char **argv)
{
	struct command_line line = {.until_eof = false};

	if (!command_line_read(argc, argv, &line)) {
		fputs(usage, stderr);
		return STATUS_USAGE;
	}
	if (line.help) {
		printf("%s%s", usage, help);
		return 0;
	}
	if (line.version) {
		puts("darkroom-sandbox " DARKROOM_VERSION);
		return 0;
	}
	return serve(&line);
}
