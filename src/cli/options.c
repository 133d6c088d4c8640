/* SPDX-License-Identifier: MIT */
/* One table says what -o takes; the help is printed from it. */
#include "options.h"

#include "darkroom/engine.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SETTLE_MAX_S 3600.0
#define BUDGET_DEFAULT 1000.0
#define PROVIDER_DEFAULT "kie"

/* How an option's value is taken. */
enum kind { KIND_TEXT, KIND_PATH, KIND_SECONDS, KIND_FLAG, KIND_CHOICE, KIND_BUDGET };

struct option_row {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *choices[2]; /* CHOICE: the second makes the flag true */
	const char *value;      /* for the help */
	const char *help;
};

#define ROW(name, kind, field) name, kind, offsetof(struct options, field)

static const struct option_row rows[] = {
        {ROW("provider", KIND_TEXT, provider), {0}, "NAME",
                "kie, revidapi, liangxin, apikley or sandbox (kie)"},
        {ROW("model", KIND_TEXT, model), {0}, "ID", "the model for prompts that name none"},
        {ROW("base_url", KIND_TEXT, base_url), {0}, "URL",
                "another address of the same API; liangxin needs one"},
        {ROW("key_file", KIND_PATH, key_file), {0}, "PATH", "file with the API key, mode 0600"},
        {ROW("budget", KIND_BUDGET, budget), {0}, "N|none",
                "credits that may be spent in any 24 hours (1000)"},
        {ROW("hold", KIND_FLAG, hold), {0}, NULL, "prompts are drafts until they are released"},
        {ROW("settle", KIND_SECONDS, settle_ms), {0}, "SECONDS",
                "how long a prompt is left alone before it is sent (1)"},
        {ROW("catch_up", KIND_CHOICE, order_unmounted), {"hold", "order"}, "hold|order",
                "what happens to prompts that changed while unmounted (hold)"},
        {ROW("status", KIND_CHOICE, status_hidden), {"visible", "hidden"}, "visible|hidden",
                "whether status files are listed (visible)"},
};

/* What libfuse and the kernel understand, by name or up to the '='. */
static const char *const fuse_names[] = {
        "allow_other",
        "allow_root",
        "auto_unmount",
        "ro",
        "rw",
        "dev",
        "nodev",
        "suid",
        "nosuid",
        "exec",
        "noexec",
        "atime",
        "noatime",
        "diratime",
        "nodiratime",
        "relatime",
        "sync",
        "async",
        "dirsync",
        "fsname=",
        "subtype=",
        "max_read=",
        "context=",
        "fscontext=",
        "defcontext=",
        "rootcontext=",
};

/* What stands in fstab for others than us; default_permissions is always on. */
static const char *const ignored_names[] = {
        "x-",
        "_netdev",
        "nofail",
        "user",
        "users",
        "nouser",
        "owner",
        "group",
        "auto",
        "noauto",
        "defaults",
        "default_permissions",
        "comment=",
};

static bool name_is_in(const char *option, const char *const *names, size_t count)
{
	size_t i, length;

	for (i = 0; i < count; i++) {
		length = strlen(names[i]);
		if (names[i][length - 1] == '=' || names[i][length - 1] == '-') {
			if (strncmp(option, names[i], length) == 0)
				return true;
		} else if (strcmp(option, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

static int set_text(char **field, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static int set_path(char **field, const char *path)
{
	CLEANUP(free_p) char *here = NULL;
	char *absolute = NULL;

	if (*path == '/')
		return set_text(field, path);
	here = getcwd(NULL, 0);
	if (!here)
		return -errno;
	if (asprintf(&absolute, "%s/%s", here, path) < 0)
		return -ENOMEM;
	free(*field);
	*field = absolute;
	return 0;
}

static int set_seconds(int64_t *field_ms, const char *value, struct err *err)
{
	char *end = NULL;
	double seconds;

	errno = 0;
	seconds = strtod(value, &end);
	if (end == value || *end || errno || !isfinite(seconds) || seconds < 0 ||
	        seconds > SETTLE_MAX_S)
		return err_set(err, -EINVAL, "settle=%s: not a number of seconds from 0 to %.0f",
		        value, SETTLE_MAX_S);
	*field_ms = (int64_t)(seconds * 1000.0);
	return 0;
}

static int set_budget(struct options_budget *field, const char *value, struct err *err)
{
	char *end = NULL;
	double credits;

	if (strcmp(value, "none") == 0) {
		*field = (struct options_budget){0};
		return 0;
	}
	errno = 0;
	credits = strtod(value, &end);
	if (end == value || *end || errno || !isfinite(credits) || credits < 0 ||
	        credits > ENGINE_BUDGET_MAX)
		return err_set(err, -EINVAL,
		        "budget=%s: neither none nor a number of credits from 0 to %.0f", value,
		        ENGINE_BUDGET_MAX);
	*field = (struct options_budget){.limited = true, .credits = credits};
	return 0;
}

static int set_row(
        struct options *options, const struct option_row *row, const char *value, struct err *err)
{
	void *field = (char *)options + row->offset;

	if (row->kind == KIND_FLAG && value)
		return err_set(err, -EINVAL, "%s takes no value", row->name);
	if (row->kind != KIND_FLAG && (!value || !*value))
		return err_set(
		        err, -EINVAL, "%s needs a value: %s=%s", row->name, row->name, row->value);
	switch (row->kind) {
	case KIND_TEXT:
		return set_text(field, value);
	case KIND_PATH:
		return set_path(field, value);
	case KIND_SECONDS:
		return set_seconds(field, value, err);
	case KIND_BUDGET:
		return set_budget(field, value, err);
	case KIND_FLAG:
		*(bool *)field = true;
		return 0;
	case KIND_CHOICE:
		if (strcmp(value, row->choices[0]) != 0 && strcmp(value, row->choices[1]) != 0)
			return err_set(
			        err, -EINVAL, "%s=%s: not one of %s", row->name, value, row->value);
		*(bool *)field = strcmp(value, row->choices[1]) == 0;
		return 0;
	}
	return -EINVAL;
}

static int add_fuse_option(struct options *options, const char *option, struct err *err)
{
	if (options->fuse_option_count == FUSE_OPTIONS_MAX)
		return err_set(err, -EINVAL, "too many options; at most %d are passed on",
		        FUSE_OPTIONS_MAX);
	options->fuse_options[options->fuse_option_count] = strdup(option);
	if (!options->fuse_options[options->fuse_option_count])
		return -ENOMEM;
	options->fuse_option_count++;
	return 0;
}

static int read_option(struct options *options, char *option, struct err *err)
{
	char *value = strchr(option, '=');
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t length = strlen(rows[i].name);

		if (strncmp(option, rows[i].name, length) != 0 ||
		        (option[length] != '\0' && option[length] != '='))
			continue;
		return set_row(options, &rows[i], value ? value + 1 : NULL, err);
	}
	if (name_is_in(option, fuse_names, ARRAY_SIZE(fuse_names)))
		return add_fuse_option(options, option, err);
	if (name_is_in(option, ignored_names, ARRAY_SIZE(ignored_names)))
		return 0;
	return err_set(err, -EINVAL, "unknown option: %s (-h lists them)", option);
}

/* Options separated by commas; \, stands for a comma in a value. */
static int read_options(struct options *options, const char *list, struct err *err)
{
	CLEANUP(free_p) char *option = malloc(strlen(list) + 1);
	size_t size = 0;
	int r = 0;

	if (!option)
		return -ENOMEM;
	for (;; list++) {
		if (*list == '\\' && list[1] == ',') {
			option[size++] = *++list;
		} else if (*list && *list != ',') {
			option[size++] = *list;
		} else {
			option[size] = '\0';
			if (size > 0)
				r = read_option(options, option, err);
			size = 0;
			if (r < 0 || !*list)
				return r;
		}
	}
}

static int read_environment(struct options *options)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path = NULL;

	if (config && *config == '/') {
		if (asprintf(&path, "%s/darkroom", config) < 0)
			return -ENOMEM;
	} else if (home && *home == '/') {
		if (asprintf(&path, "%s/.config/darkroom", home) < 0)
			return -ENOMEM;
	}
	options->config_dir = path;
	return 0;
}

static int read_operands(struct options *options, int argc, char **argv, struct err *err)
{
	int r;

	if (argc < 1 || argc > 2)
		return err_set(err, -EINVAL,
		        argc < 1 ? "no SOURCE given (-h prints help)"
		                 : "too many operands: SOURCE and MOUNTPOINT");
	r = set_path(&options->source, argv[0]);
	if (r == 0)
		r = set_path(&options->mountpoint, argv[argc - 1]);
	return r < 0 ? err_set(err, r, "%s: %s", argv[0], strerror(-r)) : 0;
}

int options_read(struct options *options, int argc, char **argv, struct err *err)
{
	static const struct option long_options[] = {
	        {"help", no_argument, NULL, 'h'},
	        {"version", no_argument, NULL, 'V'},
	        {0},
	};
	int letter, r;

	options->settle_ms = 1000;
	options->budget = (struct options_budget){.limited = true, .credits = BUDGET_DEFAULT};
	if (set_text(&options->program, argc > 0 ? argv[0] : "darkroomfs") < 0 ||
	        set_text(&options->provider, PROVIDER_DEFAULT) < 0 || read_environment(options) < 0)
		return err_set(err, -ENOMEM, "no memory");
	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":o:fdshV", long_options, NULL)) != -1) {
		switch (letter) {
		case 'o':
			r = read_options(options, optarg, err);
			if (r < 0)
				return r;
			break;
		case 'd':
			options->debug = true;
			options->foreground = true;
			break;
		case 'f':
			options->foreground = true;
			break;
		case 's':
			options->single_thread = true;
			break;
		case 'h':
			options->help = true;
			return 0;
		case 'V':
			options->version = true;
			return 0;
		case ':':
			return err_set(err, -EINVAL, "-%c needs a value", optopt);
		default:
			return err_set(err, -EINVAL, "unknown option: %s (-h lists them)",
			        optopt ? (char[]){'-', (char)optopt, '\0'} : argv[optind - 1]);
		}
	}
	return read_operands(options, argc - optind, argv + optind, err);
}

void options_done(struct options *options)
{
	size_t i;

	for (i = 0; i < options->fuse_option_count; i++)
		free(options->fuse_options[i]);
	free(options->program);
	free(options->source);
	free(options->mountpoint);
	free(options->provider);
	free(options->model);
	free(options->base_url);
	free(options->key_file);
	free(options->config_dir);
}

void options_help(const char *program)
{
	size_t i;

	printf("usage: %s SOURCE [MOUNTPOINT] [-o OPTION,...] [-f] [-d] [-s] [-h] [-V]\n\n"
	       "Mounts SOURCE, a directory, at MOUNTPOINT or over itself. A file NAME.prompt\n"
	       "that is written there becomes NAME.png. Unmount with fusermount3 -u or umount.\n\n"
	       "  -f  stay in the foreground\n"
	       "  -d  the same, and log each request\n"
	       "  -s  serve one request at a time\n"
	       "  -h  print this help\n"
	       "  -V  print the version\n\n"
	       "options for -o:\n",
	        program);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		char left[40];

		snprintf(left, sizeof(left), "%s%s%s", rows[i].name, rows[i].value ? "=" : "",
		        rows[i].value ? rows[i].value : "");
		printf("  %-24s %s\n", left, rows[i].help);
	}
	printf("  %-24s as for any FUSE filesystem\n\n"
	       "The manual: darkroomfs(8), darkroomfs-semantics(7).\n",
	        "allow_other, ro, ...");
}
