/* SPDX-License-Identifier: MIT */
/* darkroomfs, the mount program: puts the options into the modules, in the order of the layers, and
 * takes them down in the reverse order. */
#include "background.h"
#include "options.h"
#include "signals.h"
#include "simulator.h"

#include "darkroom/engine.h"
#include "darkroom/files.h"
#include "darkroom/mount.h"
#include "darkroom/provider.h"
#include "darkroom/store.h"
#include "darkroom/vfs.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* As mount(8) has them. */
enum status { STATUS_DONE = 0, STATUS_USAGE = 1, STATUS_SYSTEM = 2, STATUS_MOUNT = 32 };

/* After an unmount, answers to createTask that are under way are waited for so long. */
#define LINGER_MS 30000
/* A daemon that was just unmounted is waited for a little longer. */
#define LOCK_WAIT_MS (LINGER_MS + 5000)

/* Everything that is open, to be closed in reverse. */
struct daemon {
	const struct options *options;
	int source_fd;
	int ready_fd; /* -1 in the foreground */
	struct simulator simulator;
	struct providers *providers;
	struct parameters settings;
	struct files *files;
	struct store *store;
	struct engine *engine;
	struct vfs *vfs;
	struct mount *mount;
	struct signals signals;
};

static int say(enum status status, const struct err *err)
{
	log_error("%s", err->text);
	return status;
}

/* As many descriptors as we may have: one is held for each file that the kernel knows. */
static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* A mount inside what it shows would hold itself busy for ever. */
static bool is_inside(const char *mountpoint, const char *source)
{
	CLEANUP(free_p) char *inner = realpath(mountpoint, NULL);
	CLEANUP(free_p) char *outer = realpath(source, NULL);
	size_t length = outer ? strlen(outer) : 0;

	return inner && outer && strncmp(inner, outer, length) == 0 &&
	       (inner[length] == '/' || (length == 1 && inner[1]));
}

static int open_source(struct daemon *daemon, struct err *err)
{
	const char *source = daemon->options->source;
	struct stat st;

	daemon->source_fd = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (daemon->source_fd < 0)
		return err_set(err, -errno, "%s: %s", source,
		        errno == ENOENT    ? "there is no such directory"
		        : errno == ENOTDIR ? "not a directory"
		                           : strerror(errno));
	if (is_inside(daemon->options->mountpoint, source))
		return err_set(err, -EINVAL,
		        "the mount point %s lies inside SOURCE: mount over SOURCE itself, or "
		        "elsewhere",
		        daemon->options->mountpoint);
	if (stat(daemon->options->mountpoint, &st) < 0)
		return err_set(err, -errno, "the mount point %s: %s", daemon->options->mountpoint,
		        strerror(errno));
	return 0;
}

static int make_settings(struct daemon *daemon)
{
	const struct options *options = daemon->options;
	int r = parameters_set(&daemon->settings, "provider", options->provider);

	if (r == 0 && options->model)
		r = parameters_set(&daemon->settings, "model", options->model);
	if (r == 0 && options->hold)
		r = parameters_set(&daemon->settings, "hold", "1");
	return r;
}

static int no_address(const char *provider, const char *directory, struct err *err)
{
	if (!directory)
		return err_set(err, -EINVAL,
		        "%s publishes no address: give one with -o base_url=URL", provider);
	return err_set(err, -EINVAL,
	        "%s publishes no address: give one with -o base_url=URL, or base_url in %s/%s.json",
	        provider, directory, provider);
}

/* Definitions, and whether the options fit them. */
static int load_providers(struct daemon *daemon, struct err *err)
{
	const struct options *options = daemon->options;
	CLEANUP(free_p) char *directory = NULL;
	const struct provider *provider;
	int r;

	if (options->config_dir && asprintf(&directory, "%s/providers", options->config_dir) < 0)
		return err_set(err, -ENOMEM, "no memory");
	r = providers_load(directory, &daemon->providers, err);
	if (r < 0)
		return r;
	provider = provider_find(daemon->providers, options->provider);
	if (!provider)
		return err_set(err, -EINVAL, "provider=%s: not one of %s", options->provider,
		        providers_names(daemon->providers));
	if (options->base_url) {
		struct err why = {0};

		r = provider_check_base_url(options->base_url, &why);
		if (r < 0)
			return err_set(err, r, "base_url=%s: %s", options->base_url, why.text);
	} else if (!provider_base_url(provider) && strcmp(options->provider, "sandbox") != 0) {
		return no_address(options->provider, directory, err);
	}
	r = make_settings(daemon);
	if (r < 0)
		return err_set(err, r, "no memory");
	if (options->model) {
		const struct parameters *levels[] = {&daemon->settings};
		const struct provider_settings settings = {.levels = levels, .count = 1};

		r = provider_check_setting(
		        daemon->providers, &settings, "model", options->model, err);
	}
	return r;
}

/* The simulator's address, where it is the provider and the user gave none. */
static int start_simulator(struct daemon *daemon, struct err *err)
{
	const struct options *options = daemon->options;
	CLEANUP(free_p) char *journal = NULL;

	if (options->base_url || strcmp(options->provider, "sandbox") != 0)
		return 0;
	if (asprintf(&journal, "%s/" FILES_DIRECTORY "/sandbox-journal", options->source) < 0)
		return err_set(err, -ENOMEM, "no memory");
	return simulator_start(journal, &daemon->simulator, err);
}

static int open_engine(struct daemon *daemon, struct err *err)
{
	const struct options *options = daemon->options;
	const struct engine_options engine_options = {
	        .providers = daemon->providers,
	        .base_url = *daemon->simulator.url ? daemon->simulator.url : options->base_url,
	        .provider = options->provider,
	        .key_file = options->key_file,
	        .config_dir = options->config_dir,
	        .settle_ms = options->settle_ms,
	        .limited = options->budget.limited,
	        .budget = options->budget.credits,
	        .clock = &clock_system,
	};
	CLEANUP(free_p) char *directory = NULL;
	int r;

	if (asprintf(&directory, "%s/" FILES_DIRECTORY, options->source) < 0)
		return err_set(err, -ENOMEM, "no memory");
	r = store_open(directory, &daemon->store, err);
	if (r < 0)
		return r;
	return engine_new(&engine_options, daemon->store, daemon->files, &daemon->engine, err);
}

static int open_vfs(struct daemon *daemon, struct err *err)
{
	const struct vfs_options vfs_options = {
	        .source_fd = daemon->source_fd,
	        .providers = daemon->providers,
	        .engine = daemon->engine,
	        .files = daemon->files,
	        .settings = &daemon->settings,
	        .status_hidden = daemon->options->status_hidden,
	        .order_unmounted = daemon->options->order_unmounted,
	};
	int r = vfs_new(&vfs_options, &daemon->vfs, err);

	if (r < 0)
		return r;
	r = vfs_reconcile(daemon->vfs);
	return r < 0 ? err_set(err, r,
	                       "the prompts of %s cannot be compared with the task database: %s",
	                       daemon->options->source, strerror(-r))
	             : 0;
}

static int open_mount(struct daemon *daemon, struct err *err)
{
	const struct options *options = daemon->options;
	const struct mount_options mount_options = {
	        .program = options->program,
	        .source_path = options->source,
	        .mountpoint = options->mountpoint,
	        .options = (const char *const *)options->fuse_options,
	        .option_count = options->fuse_option_count,
	        .debug = options->debug,
	        .single_thread = options->single_thread,
	};
	struct engine_host host;
	int r = mount_open(&mount_options, daemon->vfs, &daemon->mount, err);

	if (r < 0)
		return r;
	mount_host(daemon->mount, &host);
	r = engine_start(daemon->engine, &host);
	if (r < 0)
		return err_set(err, r, "the engine cannot be started: %s", strerror(-r));
	return signals_start(daemon->engine, &daemon->signals, err);
}

static enum log_level log_level_of(const struct options *options)
{
	return options->debug ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO;
}

static void ready(void *context)
{
	struct daemon *daemon = context;

	if (daemon->ready_fd >= 0)
		background_ready(&daemon->ready_fd, log_level_of(daemon->options));
}

static void warn(struct daemon *daemon)
{
	if (!files_has_xattrs(daemon->files))
		log_warning(
		        "%s keeps no extended attributes: set parameters in the prompts' headers; "
		        "pictures carry none",
		        daemon->options->source);
}

/* Opens everything from the lowest layer up, and serves. */
static enum status run(struct daemon *daemon)
{
	const struct options *options = daemon->options;
	struct err err = {0};
	int r;

	if (mount_clear_stale(options->mountpoint, &err) < 0)
		return say(STATUS_MOUNT, &err);
	r = load_providers(daemon, &err);
	if (r < 0)
		return say(r == -EINVAL ? STATUS_USAGE : STATUS_SYSTEM, &err);
	if (open_source(daemon, &err) < 0 ||
	        files_open(daemon->source_fd, &daemon->files, &err) < 0)
		return say(STATUS_SYSTEM, &err);
	if (files_lock(daemon->files, LOCK_WAIT_MS, &err) < 0)
		return say(STATUS_MOUNT, &err);
	warn(daemon);
	if (start_simulator(daemon, &err) < 0)
		return say(STATUS_SYSTEM, &err);
	/* After the one child that stays has been started. */
	signals_block();
	if (open_engine(daemon, &err) < 0 || open_vfs(daemon, &err) < 0)
		return say(STATUS_SYSTEM, &err);
	if (open_mount(daemon, &err) < 0)
		return say(STATUS_MOUNT, &err);
	r = mount_serve(daemon->mount, ready, daemon);
	if (r < 0) {
		err_set(&err, r, "the mount ended: %s", strerror(-r));
		return say(STATUS_SYSTEM, &err);
	}
	return STATUS_DONE;
}

/* From the highest layer down.  What was sent is waited for a little, for its answer is worth
 * money. */
static void close_all(struct daemon *daemon)
{
	if (daemon->mount)
		mount_unmount(daemon->mount);
	signals_stop(&daemon->signals);
	if (daemon->files)
		files_finishing(daemon->files);
	if (daemon->engine)
		engine_stop(daemon->engine, LINGER_MS);
	mount_close(daemon->mount);
	vfs_free(daemon->vfs);
	engine_free(daemon->engine);
	store_close(daemon->store);
	simulator_stop(&daemon->simulator);
	files_free(daemon->files);
	parameters_done(&daemon->settings);
	providers_free(daemon->providers);
	close_p(&daemon->source_fd);
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct daemon daemon = {.options = &options,
	        .source_fd = -1,
	        .ready_fd = -1,
	        .simulator = SIMULATOR_NONE,
	        .signals = SIGNALS_NONE};
	struct err err = {0};
	enum status status;

	log_setup(LOG_LEVEL_INFO, false);
	if (options_read(&options, argc, argv, &err) < 0) {
		options_done(&options);
		return say(STATUS_USAGE, &err);
	}
	if (options.help || options.version) {
		if (options.help)
			options_help("darkroomfs");
		else
			printf("darkroomfs %s\n", DARKROOMFS_VERSION);
		options_done(&options);
		return STATUS_DONE;
	}
	log_setup(log_level_of(&options), false);
	if (!options.foreground) {
		int r = background_fork(&daemon.ready_fd);

		if (r < 0) {
			err_set(&err, r, "no process for the background: %s", strerror(-r));
			options_done(&options);
			return say(STATUS_SYSTEM, &err);
		}
	}
	umask(0);
	raise_limits();
	if (chdir("/") < 0)
		log_warning("the root directory cannot be entered: %s", strerror(errno));
	status = run(&daemon);
	close_all(&daemon);
	options_done(&options);
	return status;
}
