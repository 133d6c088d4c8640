/* SPDX-License-Identifier: MIT */
/* The engine over a real store and real files, with a scripted network. */
#include "http-script.h"
#include "tap.h"

#include "darkroom/engine.h"

#include <dirent.h>
#include <fcntl.h>
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
#define GOOD                                                     \
	{"createTask", HTTP_ANSWERED, 200, CREATED, 0},          \
	        {"recordInfo", HTTP_ANSWERED, 200, RUNNING, 1},  \
	        {"recordInfo", HTTP_ANSWERED, 200, FINISHED, 0}, \
	        {"/picture", HTTP_ANSWERED, 200, "PICTURE", 0},  \
	{                                                        \
		NULL                                             \
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
} bench = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

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
}

/* Opens everything on the directory; with `start`, things go out. */
static void bench_open(bool start)
{
	static char config[80], definitions[96], base[96];
	struct engine_options options = {
	        .provider = "kie",
	        .base_url = "http://127.0.0.1:9",
	        .settle_ms = 1,
	        .clock = &clock_system,
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
	write_file("config/providers/kie.json",
	        "{\"pace\": {\"poll_first_ms\": 1, \"poll\": [{\"every_ms\": 10}],"
	        " \"not_found_grace_ms\": 5, \"create\": {\"count\": 1000, \"period_ms\": 1000, "
	        "\"burst\": 1000}, \"status\": {\"count\": 1000, \"period_ms\": 1000, "
	        "\"burst\": 1000}}}");
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

/* What a writer's close does. */
static int order_with(const char *path, const char *text, enum engine_cause cause, const char *hold)
{
	CLEANUP(parameters_done) struct parameters own = {0};
	const struct parameters *levels[] = {&own};
	const struct provider_settings settings = {.levels = levels, .count = 1};
	struct provider_order order = {0};
	struct err err = {0};
	struct engine_order request = {
	        .path = path,
	        .content = text,
	        .content_size = strlen(text),
	        .cause = cause,
	        .empty = !*text,
	};
	int r = parameters_set(&own, "provider", "kie");

	if (r == 0 && hold)
		r = parameters_set(&own, "hold", hold);
	write_file(path, text);
	if (r == 0 && *text)
		r = provider_resolve(bench.providers, &settings, text, &order, &err);
	if (*text && r == 0)
		request.order = &order;
	request.error = err.text;
	r = engine_order(bench.engine, &request);
	provider_order_done(&order);
	return r;
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

static void test_picture(void)
{
	struct script_line lines[] = {GOOD};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("hero.prompt", "a hero") == 0);
	OK(reaches("hero.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	OK(script.create_was_once);
	OK(strstr(script.last_create, "\"a hero\"") != NULL);
	OK(exists("hero.png"));
	OK(status_has("hero.prompt", "state: success\n"));
	OK(status_has("hero.prompt", "task: T1\n"));
	OK(status_has("hero.prompt", "credits: 6.5\n"));
	OK(status_has("hero.prompt", "images: hero.png\n"));
	OK(order("hero.prompt", "a hero") == 0);
	OK(script_creates() == 1);
	OK(engine_command(bench.engine, "hero.prompt", ENGINE_CANCEL) == -EINVAL);
	OK(engine_command(bench.engine, "other.prompt", ENGINE_RETRY) == -ENOENT);
	bench_close();
	bench_open(true);
	OK(status_has("hero.prompt", "state: success\n"));
	OK(order("hero.prompt", "a hero") == 0);
	OK(order("hero.prompt", "") == 0);
	OK(status_has("hero.prompt", "state: invalid\n"));
	OK(order("hero.prompt", "a hero") == 0);
	OK(status_has("hero.prompt", "state: success\n"));
	OK(script_creates() == 1);
	OK(order("hero.prompt", "another hero") == 0);
	OK(reaches("hero.prompt", TASK_SUCCESS));
	OK(status_has("hero.prompt", "take: 2\n"));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

static void test_create_answers(void)
{
	static const struct {
		const char *name;
		enum http_outcome outcome;
		int status;
		const char *body;
		enum task_state state;
	} cases[] = {
	        {"closed", HTTP_LOST, 0, "", TASK_UNKNOWN},
	        {"too long", HTTP_TOO_LONG, 200, "", TASK_UNKNOWN},
	        {"empty", HTTP_ANSWERED, 200, "", TASK_UNKNOWN},
	        {"html", HTTP_ANSWERED, 502, "<html>", TASK_UNKNOWN},
	        {"no id", HTTP_ANSWERED, 200, "{\"code\":200,\"data\":{}}", TASK_UNKNOWN},
	        {"server error", HTTP_ANSWERED, 200, "{\"code\":500,\"msg\":\"oops\"}",
	                TASK_UNKNOWN},
	        {"refused", HTTP_ANSWERED, 200, "{\"code\":422,\"msg\":\"bad\"}", TASK_FAIL},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script_line lines[] = {
		        {"createTask", cases[i].outcome, cases[i].status, cases[i].body, 1}, GOOD};

		script_set(lines);
		bench_new();
		bench_open(true);
		OK_NAMED(order("a.prompt", "x") == 0, cases[i].name);
		OK_NAMED(reaches("a.prompt", cases[i].state), cases[i].name);
		OK_NAMED(order("a.prompt", "x") == 0, cases[i].name);
		OK_NAMED(script_creates() == 1, cases[i].name);
		bench_close();
		bench_open(true);
		OK_NAMED(
		        engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0, cases[i].name);
		OK_NAMED(reaches("a.prompt", TASK_SUCCESS), cases[i].name);
		OK_NAMED(status_has("a.prompt", "take: 2\n"), cases[i].name);
		OK_NAMED(script_creates() == 2, cases[i].name);
		bench_close();
		bench_remove();
	}
}

/* Certain refusals: the same take goes out again, here after `retry`. */
static void test_create_not_accepted(void)
{
	static const struct {
		enum http_outcome outcome;
		const char *body, *reason;
	} cases[] = {
	        {HTTP_NOT_SENT, "", "cannot be reached"},
	        {HTTP_ANSWERED, "{\"code\":429,\"msg\":\"slow\"}", "slow down"},
	        {HTTP_ANSWERED, "{\"code\":455,\"msg\":\"later\"}", "maintenance"},
	        {HTTP_ANSWERED, "{\"code\":402,\"msg\":\"Credits insufficient\"}", "credits"},
	        {HTTP_ANSWERED, "{\"code\":401,\"msg\":\"Unauthorized\"}",
	                "does not accept the key"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script_line lines[] = {
		        {"createTask", cases[i].outcome, 200, cases[i].body, 1}, GOOD};
		struct timespec pause = {.tv_nsec = 1000000};
		int tries;

		script_set(lines);
		bench_new();
		bench_open(true);
		OK_NAMED(order("a.prompt", "x") == 0, cases[i].reason);
		for (tries = 0; tries < 10000 && script_creates() == 0; tries++)
			clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		OK_NAMED(reaches("a.prompt", TASK_QUEUED), cases[i].reason);
		/* Asking again until the answer has come in; it is a matter of moments. */
		for (tries = 0; tries < 10000 && script_creates() == 1; tries++) {
			(void)!engine_command(bench.engine, "a.prompt", ENGINE_RETRY);
			clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		}
		OK_NAMED(reaches("a.prompt", TASK_SUCCESS), cases[i].reason);
		OK_NAMED(status_has("a.prompt", "take: 1\n"), cases[i].reason);
		OK_NAMED(script_creates() == 2, cases[i].reason);
		bench_close();
		bench_remove();
	}
}

static void test_reasons(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_ANSWERED, 200, "{\"code\":401,\"msg\":\"Unauthorized\"}", 1},
	        GOOD};
	struct timespec pause = {.tv_nsec = 1000000};
	int tries;

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	for (tries = 0; tries < 10000; tries++) {
		struct view *view = engine_view(bench.engine, "a.prompt");
		bool there = view && strstr(view->status, "reason: ");

		view_unref(view);
		if (there)
			break;
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	}
	OK(status_has("a.prompt", "state: queued\nreason: kie.ai does not accept the key"));
	OK(status_has("a.prompt", "nothing was charged"));
	/* Another order does not try the same key. */
	OK(order("b.prompt", "y") == 0);
	OK(script_creates() == 1);
	/* Another key does. */
	setenv("KIE_API_KEY", "another", 1);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_creates() == 3);
	setenv("KIE_API_KEY", "secret", 1);
	bench_close();
	bench_remove();
}

static void wait_for_create(void)
{
	struct timespec pause = {.tv_nsec = 1000000};

	while (script_creates() == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
}

/* What happens to an order while createTask is under way counts when it was not accepted. */
static void test_under_way(void)
{
	struct script_line busy[] = {
	        {"createTask", HTTP_NOT_SENT, 0, "", 1},
	        GOOD,
	};
	struct script_line busy_again[] = {
	        {"createTask", HTTP_NOT_SENT, 0, "", 1},
	        GOOD,
	};
	struct script_line busy_then_held[] = {
	        {"createTask", HTTP_NOT_SENT, 0, "", 1},
	        GOOD,
	};

	bench_new();
	bench_open(true);
	script_set(busy);
	script_hold(true);
	OK(order("a.prompt", "x") == 0);
	wait_for_create();
	OK(engine_command(bench.engine, "a.prompt", ENGINE_CANCEL) == 0);
	script_hold(false);
	OK(reaches("a.prompt", TASK_HELD));
	OK(status_has("a.prompt", "reason: cancelled before it was sent\n"));
	/* The same text, written as a shell does it, orders nothing. */
	OK(order("a.prompt", "") == 0);
	OK(status_has("a.prompt", "state: invalid\n"));
	OK(order("a.prompt", "x") == 0);
	OK(status_has("a.prompt", "state: held\nreason: cancelled before it was sent\n"));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RELEASE) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 2);
	OK(exists("a.png"));

	script_set(busy_again);
	script_hold(true);
	OK(order("b.prompt", "x") == 0);
	wait_for_create();
	OK(order("b.prompt", "y") == 0);
	script_hold(false);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(status_has("b.prompt", "take: 2\n"));
	OK(strstr(script.last_create, "\"y\"") != NULL);
	OK(script_creates() == 2);

	script_set(busy_then_held);
	script_hold(true);
	OK(order("c.prompt", "x") == 0);
	wait_for_create();
	OK(order_with("c.prompt", "x", ENGINE_WRITTEN, "1") == 0);
	script_hold(false);
	OK(reaches("c.prompt", TASK_HELD));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

/* An editor's save by rename: the prompt goes away for a moment. */
static void test_saved_by_rename(void)
{
	struct script_line lost[] = {
	        {"createTask", HTTP_LOST, 0, "", 1},
	        GOOD,
	};

	bench_new();
	bench_open(true);
	script_set(lost);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	engine_deleted(bench.engine, "a.prompt");
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

/* A provider that swallows answers does not get everything that waits. */
static void test_losing(void)
{
	struct script_line lost[] = {
	        {"createTask", HTTP_LOST, 0, "", 3},
	        GOOD,
	};
	static const char *const names[] = {"a.prompt", "b.prompt", "c.prompt", "d.prompt"};
	size_t i;

	bench_new();
	bench_open(true);
	script_set(lost);
	for (i = 0; i < 3; i++) {
		OK(order(names[i], names[i]) == 0);
		OK(reaches(names[i], TASK_UNKNOWN));
	}
	OK(order(names[3], "d") == 0);
	OK(reaches(names[3], TASK_QUEUED));
	OK(script_creates() == 3);
	OK(engine_command(bench.engine, names[3], ENGINE_RETRY) == 0);
	OK(reaches(names[3], TASK_SUCCESS));
	OK(script_creates() == 4);
	bench_close();
	bench_remove();
}

static void test_drafts(void)
{
	struct script_line lines[] = {GOOD};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order_with("a.prompt", "x", ENGINE_WRITTEN, "1") == 0);
	OK(reaches("a.prompt", TASK_HELD));
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == -EINVAL);
	OK(engine_command(bench.engine, "a.prompt", ENGINE_RELEASE) == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(order_with("b.prompt", "y", ENGINE_UNMOUNTED, NULL) == 0);
	OK(status_has("b.prompt", "state: held\nreason: changed while unmounted\n"));
	OK(script_creates() == 1);
	/* Written again through the mount, the same text is an order. */
	OK(order("b.prompt", "y") == 0);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_creates() == 2);
	bench_close();
	bench_remove();
}

static void test_writers(void)
{
	struct script_line lines[] = {GOOD};
	struct timespec pause = {.tv_nsec = 50000000};

	script_set(lines);
	bench_new();
	bench_open(true);
	engine_writers(bench.engine, "a.prompt", 1);
	OK(order("a.prompt", "x") == 0);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	OK(script_creates() == 0);
	OK(status_has("a.prompt", "state: queued\n"));
	engine_writers(bench.engine, "a.prompt", -1);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_restart(void)
{
	struct script_line lines[] = {GOOD};
	struct timespec pause = {.tv_nsec = 1000000};

	/* Ended while createTask is under way: unknown, and never sent again by itself. */
	script_set(lines);
	script_hold(true);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	while (script_creates() == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	bench_close();
	bench_open(true);
	OK(reaches("a.prompt", TASK_UNKNOWN));
	OK(status_has("a.prompt", "hint: "));
	OK(script_creates() == 1);
	bench_close();

	/* Not started: nothing goes out, orders are stored all the same. */
	bench_open(false);
	OK(order("b.prompt", "y") == 0);
	OK(status_has("b.prompt", "state: queued\n"));
	OK(script_creates() == 1);
	bench_close();
	script_set(lines);
	bench_open(true);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	bench_close();
	bench_remove();
}

static void test_renames(void)
{
	struct script_line lines[] = {GOOD};
	struct timespec pause = {.tv_nsec = 1000000};

	script_set(lines);
	bench_new();
	bench_open(true);
	mkdirat(bench.fd, "d", 0700);
	script_hold(true);
	OK(order("d/a.prompt", "x") == 0);
	while (script_creates() == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	renameat(bench.fd, "d", bench.fd, "e");
	engine_moved(bench.engine, "d", "e", false);
	renameat(bench.fd, "e/a.prompt", bench.fd, "e/b.prompt");
	engine_moved(bench.engine, "e/a.prompt", "e/b.prompt", false);
	OK(engine_view(bench.engine, "d/a.prompt") == NULL);
	script_set(lines);
	OK(reaches("e/b.prompt", TASK_SUCCESS));
	OK(exists("e/b.png"));
	bench_close();
	bench_open(true);
	OK(status_has("e/b.prompt", "state: success\n"));
	bench_close();
	bench_remove();
}

static void test_deleted(void)
{
	struct script_line lines[] = {GOOD};
	struct timespec pause = {.tv_nsec = 1000000};

	script_set(lines);
	bench_new();
	bench_open(true);
	script_hold(true);
	OK(order("a.prompt", "x") == 0);
	while (script_creates() == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	unlinkat(bench.fd, "a.prompt", 0);
	engine_deleted(bench.engine, "a.prompt");
	OK(engine_view(bench.engine, "a.prompt") == NULL);
	/* Deleted before it was sent: dropped. */
	engine_writers(bench.engine, "b.prompt", 1);
	OK(order("b.prompt", "y") == 0);
	unlinkat(bench.fd, "b.prompt", 0);
	engine_deleted(bench.engine, "b.prompt");
	engine_writers(bench.engine, "b.prompt", -1);
	script_set(lines);
	while (!exists(".darkroom/lost+found/a.png"))
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	OK(!exists("a.png"));
	OK(script_creates() == 0);
	bench_close();
	bench_remove();
}

static void test_fetching(void)
{
	struct script_line lines[] = {
	        {"/picture", HTTP_LOST, 0, "", 1},
	        {"/picture", HTTP_ANSWERED, 404, "", 1},
	        {"/picture", HTTP_ANSWERED, 200, "<html>", 1},
	        GOOD,
	};
	struct script_line never[] = {
	        {"/picture", HTTP_ANSWERED, 200, "<html>", 5},
	        GOOD,
	};
	struct script_line fails[] = {
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 0},
	        {"recordInfo", HTTP_ANSWERED, 200, FAILED, 0},
	        {NULL},
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(script_creates() == 1);
	OK(script_downloads() == 4);

	script_set(never);
	OK(order("b.prompt", "y") == 0);
	OK(reaches("b.prompt", TASK_FAIL));
	OK(status_has("b.prompt", "charged: 6.5\n"));
	OK(engine_command(bench.engine, "b.prompt", ENGINE_RETRY) == 0);
	OK(reaches("b.prompt", TASK_SUCCESS));
	OK(status_has("b.prompt", "take: 1\n"));
	OK(script_creates() == 1);

	script_set(fails);
	OK(order("c.prompt", "z") == 0);
	OK(reaches("c.prompt", TASK_FAIL));
	OK(status_has("c.prompt", "error: no luck"));
	OK(!exists("c.png"));
	bench_close();
	bench_remove();
}

int main(void)
{
	setenv("KIE_API_KEY", "secret", 1);
	unsetenv("CREDENTIALS_DIRECTORY");
	log_setup(LOG_LEVEL_ERROR, false);
	test_picture();
	test_create_answers();
	test_create_not_accepted();
	test_reasons();
	test_under_way();
	test_saved_by_rename();
	test_losing();
	test_drafts();
	test_writers();
	test_restart();
	test_renames();
	test_deleted();
	test_fetching();
	return tap_done();
}
