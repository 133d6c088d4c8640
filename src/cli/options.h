/* SPDX-License-Identifier: MIT */
/* The command line of darkroomfs, read into one struct. */
#pragma once

#include "darkroom/base.h"
#include "darkroom/task.h"

#define FUSE_OPTIONS_MAX 64

/* Credits for any 24 hours. */
struct options_budget {
	bool limited;
	double credits;
};

struct options {
	char *program;
	char *source;     /* absolute */
	char *mountpoint; /* absolute */
	bool foreground, debug, single_thread, help, version;
	char *provider;
	char *model;
	char *base_url;
	char *key_file;   /* absolute */
	char *config_dir; /* $XDG_CONFIG_HOME/darkroom, absolute, or NULL */
	int64_t settle_ms;
	struct options_budget budget;
	bool hold, order_unmounted, status_hidden;
	char *fuse_options[FUSE_OPTIONS_MAX];
	size_t fuse_option_count;
};

/* Reads the command line and the environment.  -EINVAL with a sentence; -ENOMEM.  Paths are made
 * absolute without looking at what they name. */
int options_read(struct options *options, int argc, char **argv, struct err *err) NODISCARD;
void options_done(struct options *options);
/* Prints the help page of -h. */
void options_help(const char *program);
