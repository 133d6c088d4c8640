/* SPDX-License-Identifier: MIT */
/* What the tests of the engine stand on: a directory that is SOURCE, with a store and files on it,
 * and clocks that a test puts forward. */
#pragma once

#include "http-script.h"
#include "tap.h"

#include "darkroom/engine.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>

#define CREATED "{\"code\":200,\"data\":{\"taskId\":\"T1\"}}"
#define RUNNING "{\"code\":200,\"data\":{\"taskId\":\"T1\",\"state\":\"generating\"}}"
#define FINISHED                                                                 \
	"{\"code\":200,\"data\":{\"state\":\"success\",\"creditsConsumed\":6.5," \
	"\"resultJson\":\"{\\\"resultUrls\\\":[\\\"http://127.0.0.1:9/picture\\\"]}\"}}"
#define FAILED                                                                              \
	"{\"code\":200,\"data\":{\"state\":\"fail\",\"failCode\":\"500\",\"failMsg\":\"no " \
	"luck\"}}"
/* What the tests' own kie has on top of the built-in one. */
#define DEFINITION                                                                                \
	"{\"pace\": {\"poll_first_ms\": 1, \"poll\": [{\"every_ms\": 10}],"                       \
	" \"not_found_grace_ms\": 5, \"create\": {\"count\": 1000, \"period_ms\": 1000, "         \
	"\"burst\": 1000}, \"status\": {\"count\": 1000, \"period_ms\": 1000, \"burst\": 1000}}," \
	"\"upload\": {\"path\": \"/upload\", \"method\": \"POST\", \"file\": \"file\","           \
	" \"form\": {\"fileName\": \"{name}\"}, \"result\": [\"data.downloadUrl\"],"              \
	" \"keep_ms\": 72000000},"                                                                \
	"\"models\": {\"test/edit\": {\"title\": \"Edit\","                                       \
	" \"text\": {\"name\": \"prompt\", \"max_chars\": 100, \"required\": false},"             \
	" \"price\": {\"credits\": 1, \"unit\": \"image\"}, \"parameters\": {"                    \
	"\"image_urls\": {\"type\": \"pictures\", \"help\": \"what is edited\","                  \
	" \"common\": {\"images\": {}}, \"max_length\": 14, \"max_bytes\": 3145728,"              \
	" \"formats\": [\"png\"]},"                                                               \
	"\"mask_url\": {\"type\": \"picture\", \"help\": \"where\", \"common\": {\"mask\": {}},"  \
	" \"max_bytes\": 3145728, \"formats\": [\"png\"]},"                                       \
	"\"inside\": {\"type\": \"pictures\", \"help\": \"travels along\", \"max_length\": 30,"   \
	" \"max_bytes\": 3145728, \"formats\": [\"png\"], \"inline\": true}}}}}"
#define GOOD                                                     \
	{"createTask", HTTP_ANSWERED, 200, CREATED, 0},          \
	        {"recordInfo", HTTP_ANSWERED, 200, RUNNING, 1},  \
	        {"recordInfo", HTTP_ANSWERED, 200, FINISHED, 0}, \
	        {"/picture", HTTP_ANSWERED, 200, "PICTURE", 0},  \
	{                                                        \
		NULL                                             \
	}

/* The machine's clocks, put forward by what a test wants. */
static atomic_llong warp_ms, wall_warp_ms;

static int64_t warped_mono_us(void *context)
{
	(void)context;
	return clock_system.mono_us(clock_system.context) + atomic_load(&warp_ms) * US_PER_MS;
}

static int64_t warped_wall_ms(void *context)
{
	(void)context;
	return clock_system.wall_ms(clock_system.context) + atomic_load(&warp_ms) +
	       atomic_load(&wall_warp_ms);
}

static const struct clock warped_clock = {warped_mono_us, warped_wall_ms, NULL};

static void warp(int64_t ms)
{
	atomic_fetch_add(&warp_ms, ms);
	script_wake();
}

/* A directory that is SOURCE, and what is open on it. */
static struct {
	char path[64];
	int fd;
	struct providers *providers;
	struct files *files;
	struct store *store;
	struct engine *engine;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_cond_t let_go;
	bool publisher_held;
	bool limited; /* the budget of the next bench_open */
	double budget;
} bench = {
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
        .let_go = PTHREAD_COND_INITIALIZER,
};

static void write_file(const char *name, const char *text)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", bench.path, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0 || write_all(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

static bool exists(const char *name)
{
	struct stat st;

	return fstatat(bench.fd, name, &st, 0) == 0;
}

static void changed(void *context, const char *path)
{
	(void)context;
	(void)path;
	WITH_LOCK(&bench.mutex);
	pthread_cond_broadcast(&bench.changed);
	while (bench.publisher_held)
		pthread_cond_wait(&bench.let_go, &bench.mutex);
}

/* While held, the publisher's thread does nothing after its next notice. */
static void publisher_hold(bool hold)
{
	WITH_LOCK(&bench.mutex);
	bench.publisher_held = hold;
	pthread_cond_broadcast(&bench.let_go);
}

/* Opens everything on the directory; with `start`, things go out. */
static void bench_open(bool start)
{
	static char config[80], definitions[96], base[96];
	struct engine_options options = {
	        .provider = "kie",
	        .base_url = "http://127.0.0.1:9",
	        .settle_ms = 1,
	        .limited = bench.limited,
	        .budget = bench.budget,
	        .clock = &warped_clock,
	};
	const struct engine_host host = {
	        .changed = changed,
	        .rename = files_rename_direct,
	        .rename_context = bench.files,
	};
	struct err err = {0};

	snprintf(base, sizeof(base), "%s/.darkroom", bench.path);
	snprintf(config, sizeof(config), "%s/config", bench.path);
	snprintf(definitions, sizeof(definitions), "%s/providers", config);
	if (providers_load(definitions, &bench.providers, &err) < 0 ||
	        files_open(bench.fd, &bench.files, &err) < 0 ||
	        store_open(base, &bench.store, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	options.providers = bench.providers;
	options.config_dir = config;
	if (engine_new(&options, bench.store, bench.files, &bench.engine, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	if (start) {
		struct engine_host with_files = host;

		with_files.rename_context = bench.files;
		OK(engine_start(bench.engine, &with_files) == 0);
	}
}

static void bench_close(void)
{
	engine_stop(bench.engine, 0);
	engine_free(bench.engine);
	store_close(bench.store);
	files_free(bench.files);
	providers_free(bench.providers);
}

static void bench_new(void)
{
	snprintf(bench.path, sizeof(bench.path), "/tmp/test-engine.XXXXXX");
	if (!mkdtemp(bench.path))
		abort();
	bench.fd = open(bench.path, O_RDONLY | O_DIRECTORY);
	mkdirat(bench.fd, "config", 0700);
	mkdirat(bench.fd, "config/providers", 0700);
	mkdirat(bench.fd, "refs", 0700);
	write_file("config/providers/kie.json", DEFINITION);
	write_file("config/providers/homeless.json",
	        "{\"like\": \"kie\", \"title\": \"Nowhere\", \"base_url\": null}");
}

static void bench_remove(void)
{
	char command[128];

	close(bench.fd);
	snprintf(command, sizeof(command), "rm -rf '%s'", bench.path);
	FILE *pipe = popen(command, "r");

	if (pipe)
		pclose(pipe);
}

/* Each file's path below SOURCE, digest and size, as the name space fills them in. */
static int references_fill(const char *path, struct request *request, struct err *err)
{
	const struct files_reference_limits limits = {
	        .bytes_max = 3145728, .uid = getuid(), .gid = getgid()};
	const char *slash = strrchr(path, '/');
	size_t i;

	for (i = 0; i < request->reference_count; i++) {
		struct reference *reference = &request->references[i];
		char *whole = NULL;
		int r;

		if (!reference->path)
			continue;
		if (asprintf(&whole, "%.*s%s", slash ? (int)(slash + 1 - path) : 0, path,
		            reference->path) < 0)
			return -ENOMEM;
		free(reference->path);
		reference->path = whole;
		r = files_digest_reference(bench.files, reference->path, &limits, reference->sha256,
		        &reference->size, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Hands over what is in a prompt whose settings are: name, value, ..., NULL. */
static int hand_over(const char *path, const char *text, enum engine_cause cause,
        const char *const *settings, int (*to)(struct engine *, const struct engine_order *))
{
	CLEANUP(parameters_done) struct parameters own = {0};
	const struct parameters *levels[] = {&own};
	const struct provider_settings all = {levels, 1, 1};
	struct provider_order order = {0};
	struct err err = {0};
	struct engine_order request = {
	        .path = path,
	        .content = text,
	        .content_size = strlen(text),
	        .cause = cause,
	};
	int r = parameters_set(&own, "provider", "kie");

	for (; r == 0 && settings && settings[0]; settings += 2)
		r = parameters_set(&own, settings[0], settings[1]);
	request.empty = !*text && !provider_orders_without_text(bench.providers, &all);
	if (r == 0 && !request.empty) {
		r = provider_resolve(bench.providers, &all, text, &order, &err);
		if (r == 0)
			r = references_fill(path, &order.request, &err);
		if (r == 0)
			request.order = &order;
	}
	request.error = err.text;
	r = to(bench.engine, &request);
	provider_order_done(&order);
	return r;
}

/* What a writer's close does. */
static int order_set(
        const char *path, const char *text, enum engine_cause cause, const char *const *settings)
{
	write_file(path, text);
	return hand_over(path, text, cause, settings, engine_order);
}

static int order_with(const char *path, const char *text, enum engine_cause cause, const char *hold)
{
	return order_set(path, text, cause, (const char *[]){hold ? "hold" : NULL, hold, NULL});
}

static int order(const char *path, const char *text)
{
	return order_with(path, text, ENGINE_WRITTEN, NULL);
}

/* Waits until the prompt's view has the state; false after a long time. */
static bool reaches(const char *path, enum task_state state)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	WITH_LOCK(&bench.mutex);
	for (;;) {
		struct view *view = engine_view(bench.engine, path);
		bool there = view && view->state == state;

		view_unref(view);
		if (there)
			return true;
		if (pthread_cond_timedwait(&bench.changed, &bench.mutex, &until) != 0)
			return false;
	}
}

static bool status_has(const char *path, const char *text)
{
	struct view *view = engine_view(bench.engine, path);
	bool has = view && strstr(view->status, text);

	if (!has)
		printf("# no \"%s\" in:\n# %s\n", text, view ? view->status : "(no view)");
	view_unref(view);
	return has;
}

/* Whether something comes true before very long; the clock is put forward meanwhile. */
static bool comes_true(bool (*is_true)(const void *context), const void *context, int64_t warp_step)
{
	struct timespec pause = {.tv_nsec = 2000000};
	int tries;

	for (tries = 0; tries < 10000; tries++) {
		if (is_true(context))
			return true;
		if (warp_step)
			warp(warp_step);
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	}
	return false;
}

struct says {
	const char *path, *text;
};

static bool status_says(const void *context)
{
	const struct says *says = context;
	struct view *view = engine_view(bench.engine, says->path);
	bool has = view && strstr(view->status, says->text);

	view_unref(view);
	return has;
}

static bool says(const char *path, const char *text, int64_t warp_step)
{
	const struct says what = {path, text};

	return comes_true(status_says, &what, warp_step) || status_has(path, text);
}
