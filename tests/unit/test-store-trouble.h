/* SPDX-License-Identifier: MIT */
/* The part of test-store.c about what goes wrong: files that are no database of ours, full disks,
 * directories that move away, many threads, and the end of the process at any moment. */
#pragma once

#include <ftw.h>

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void directory_remove(const char *path)
{
	OK(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

/* ---- databases that are refused ---- */

/* Opening fails with this error and a sentence that names the file and has these words. */
static void refuses(const char *directory, int error, const char *words)
{
	char path[256], name[300];
	struct err err = {""};
	CLEANUP(store_close_p) struct store *store = NULL;
	int r;

	snprintf(path, sizeof(path), "%s/%s", base, directory);
	r = store_open(path, &store, &err);
	snprintf(name, sizeof(name), "%s is refused: %s", directory, words);
	OK_NAMED(r == error && !store && strstr(err.text, words) && strstr(err.text, directory),
	        name);
	printf("# %d: %s\n", r, err.text);
}

/* A good database with so many prompts that it has many pages. */
static void database_new(const char *directory)
{
	CLEANUP(store_close_p) struct store *store = NULL;
	char content[2000];

	directory_new(directory);
	store = open_ok(directory);
	memset(content, 'c', sizeof(content));
	for (int i = 0; i < 50; i++) {
		char uuid[UUID_TEXT_SIZE], path[64];
		struct store_prompt prompt;

		snprintf(uuid, sizeof(uuid), "prompt-%d", i);
		snprintf(path, sizeof(path), "%d.prompt", i);
		prompt = prompt_sample(uuid, path);
		prompt.content = content;
		prompt.content_size = sizeof(content);
		if (store_write(store, &(struct store_change){.prompt = &prompt}, NULL, NULL) < 0)
			OK(!"queued");
	}
}

/* Overwrites bytes of the database, all of it from the offset on when size is negative. */
static void damage(const char *directory, off_t offset, off_t size)
{
	char path[256], bytes[512];
	struct stat st;
	CLEANUP(close_p) int fd = -1;

	memset(bytes, 0xa5, sizeof(bytes));
	path_of(path, directory, "tasks.db");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	OK(fd >= 0 && fstat(fd, &st) == 0);
	if (size < 0)
		size = st.st_size - offset;
	for (off_t done = 0; done < size; done += (off_t)sizeof(bytes))
		if (pwrite(fd, bytes, sizeof(bytes), offset + done) < 0)
			OK(!"written");
}

static void test_refused_files(void)
{
	CLEANUP(store_close_p) struct store *store = NULL;
	char path[256], other[256];
	int fd;

	database_new("newer");
	OK(run("newer", "PRAGMA user_version = 9999"));
	refuses("newer", -ENOTSUP, "made by a newer darkroomfs (schema 9999");
	OK_NAMED(ask("newer", "SELECT count(*) FROM prompts") == 50, "and left as it was");

	directory_new("empty");
	path_of(path, "empty", "tasks.db");
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	OK(fd >= 0);
	close_p(&fd);
	store = open_ok("empty");
	OK_NAMED(store != NULL, "an empty file is a new database");
	store_close_p(&store);

	directory_new("garbage");
	damage("garbage", 0, 8192);
	refuses("garbage", -EBADMSG, "is damaged");
	database_new("header");
	damage("header", 0, 100);
	refuses("header", -EBADMSG, "is damaged");
	database_new("pages");
	damage("pages", 4096, -1);
	refuses("pages", -EBADMSG, "is damaged");
	database_new("page");
	damage("page", 4096L * 20, 512);
	refuses("page", -EBADMSG, "move it");
	database_new("cut");
	path_of(path, "cut", "tasks.db");
	OK(truncate(path, 4096L * 3) == 0);
	refuses("cut", -EBADMSG, "is damaged");

	directory_new("foreign");
	OK(run("foreign", "CREATE TABLE addresses (name)"));
	refuses("foreign", -EBADMSG, "another program");
	OK(ask("foreign", "SELECT count(*) FROM sqlite_schema") == 1);

	refuses("no-such-directory", -ENOENT, "cannot be opened");
	directory_new("link");
	path_of(path, "link", "tasks.db");
	path_of(other, "newer", "tasks.db");
	OK(symlink(other, path) == 0);
	refuses("link", -EINVAL, "not a regular file");
	directory_new("fifo");
	path_of(path, "fifo", "tasks.db");
	OK(mkfifo(path, 0600) == 0);
	refuses("fifo", -EINVAL, "not a regular file");
}

/* What an open database cannot show: rows that no version of ours has written. */
static void test_odd_rows(void)
{
	static const char *const odd[] = {
	        "UPDATE takes SET state = 'developing'",
	        "UPDATE takes SET uuid = '0123456789012345678901234567890123456789'",
	        "UPDATE takes SET uuid = ''",
	};
	struct store_prompt prompt = prompt_sample(UUID_A, "a");
	struct store_take take = take_sample(TAKE_A, UUID_A, 1);

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		char directory[32];
		struct shot shot = {0};
		struct err err = {""};

		snprintf(directory, sizeof(directory), "odd-%zu", i);
		directory_new(directory);
		{
			CLEANUP(store_close_p) struct store *store = open_ok(directory);

			OK(store_write_wait(store,
			           &(struct store_change){.prompt = &prompt, .take = &take}) == 0);
		}
		OK(run(directory, odd[i]));
		{
			CLEANUP(store_close_p) struct store *store = open_ok(directory);

			OK(store_load(store, shot_prompt, shot_take, &shot, &err) == -EBADMSG);
			OK(strstr(err.text, "is damaged") && strstr(err.text, directory));
		}
		shot_done(&shot);
	}
}

static int stop_prompt(void *context, struct store_prompt *prompt)
{
	++*(int *)context;
	store_prompt_done(prompt);
	return 17;
}

static int stop_take(void *context, struct store_take *take)
{
	++*(int *)context;
	store_take_done(take);
	return 18;
}

static int pass_prompt(void *context, struct store_prompt *prompt)
{
	store_prompt_done(prompt);
	return 0;
}

static void test_load_stops(void)
{
	struct store_prompt a = prompt_sample(UUID_A, "a"), b = prompt_sample(UUID_B, "b");
	struct store_take one = take_sample(TAKE_A, UUID_A, 1),
	                  two = take_sample(TAKE_B, UUID_A, 2);
	CLEANUP(store_close_p) struct store *store = NULL;
	int calls = 0;

	directory_new("stop");
	store = open_ok("stop");
	OK(store_write_wait(store, &(struct store_change){.prompt = &a, .take = &one}) == 0);
	OK(store_write_wait(store, &(struct store_change){.prompt = &b, .take = &two}) == 0);
	OK(store_load(store, stop_prompt, stop_take, &calls, NULL) == 17 && calls == 1);
	calls = 0;
	OK(store_load(store, pass_prompt, stop_take, &calls, NULL) == 18 && calls == 1);
	OK(write_prompt(store, &b) == 0);
}

static void test_locked(void)
{
	struct store_prompt prompt = prompt_sample(UUID_A, "a");
	CLEANUP(store_close_p) struct store *store = NULL;

	directory_new("locked");
	store = open_ok("locked");
	refuses("locked", -EBUSY, "in use by another process");
	OK(write_prompt(store, &prompt) == 0);
	store_close_p(&store);
	store = open_ok("locked");
}

/* The database stays where it is when another directory takes its path, as a mount does. */
static void test_covered_directory(void)
{
	struct store_prompt prompt = prompt_sample(UUID_A, "a");
	char path[256], away[256];

	directory_new("covered");
	snprintf(path, sizeof(path), "%s/covered", base);
	snprintf(away, sizeof(away), "%s/away", base);
	{
		CLEANUP(store_close_p) struct store *store = open_ok("covered");

		OK(rename(path, away) == 0 && mkdir(path, 0700) == 0);
		OK(write_prompt(store, &prompt) == 0);
	}
	OK_NAMED(rmdir(path) == 0, "nothing was put into the directory in front");
	OK(!file_exists("away", "tasks.db-wal"));
	OK(ask("away", "SELECT count(*) FROM prompts") == 1);
}

/* ---- full disks ---- */

/* Writes prompts until one fails; returns its result and how many were written. */
static int fill(struct store *store, int first, int *ret_written)
{
	static char content[20000];

	memset(content, 'c', sizeof(content));
	for (int i = first; i < first + 500; i++) {
		char uuid[UUID_TEXT_SIZE], path[64];
		struct store_prompt prompt;
		int r;

		snprintf(uuid, sizeof(uuid), "fill-%d", i);
		snprintf(path, sizeof(path), "fill/%d", i);
		prompt = prompt_sample(uuid, path);
		prompt.content = content;
		prompt.content_size = sizeof(content);
		r = write_prompt(store, &prompt);
		if (r < 0)
			return r;
		++*ret_written;
	}
	return 0;
}

/* A limit on the size of files stands for a full disk: it can be lifted again. */
static void test_file_limit(void)
{
	struct store_prompt late = prompt_sample(UUID_A, "late");
	struct rlimit before, limit;
	int written = 0;

	directory_new("limit");
	OK(getrlimit(RLIMIT_FSIZE, &before) == 0);
	limit = before;
	limit.rlim_cur = 1000000;
	{
		CLEANUP(store_close_p) struct store *store = open_ok("limit");

		OK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
		OK(fill(store, 0, &written) == -ENOSPC);
		OK(fill(store, 1000, &written) == -ENOSPC);
		OK(written > 0 && written < 500);
		OK(setrlimit(RLIMIT_FSIZE, &before) == 0);
		OK_NAMED(write_prompt(store, &late) == 0, "goes on when there is room again");
	}
	{
		CLEANUP(shot_done) struct shot shot = shot_read("limit");

		OK(shot.prompt_count == (size_t)written + 1 && shot_find(&shot, UUID_A));
	}
}

/* In a child: a small disk of its own.  0, 77 where it may not mount, or the step that failed. */
static int small_disk(void)
{
	struct store_prompt late = prompt_sample(UUID_A, "late");
	struct store *store = NULL;
	char path[256], ballast[256];
	struct err err = {""};
	int written = 0, fd;

	snprintf(path, sizeof(path), "%s/disk", base);
	snprintf(ballast, sizeof(ballast), "%s/disk/ballast", base);
	if (unshare(CLONE_NEWNS) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return 77;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	        mount("tmpfs", path, "tmpfs", 0, "size=2M") < 0)
		return 77;
	fd = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || posix_fallocate(fd, 0, 1000000) != 0)
		return 1;
	close(fd);
	if (store_open(path, &store, &err) < 0)
		return 2;
	if (fill(store, 0, &written) != -ENOSPC || written == 0)
		return 3;
	/* Closing on a full disk loses nothing either. */
	store_close_p(&store);
	if (unlink(ballast) < 0 || store_open(path, &store, &err) < 0)
		return 4;
	if (write_prompt(store, &late) < 0)
		return 5;
	store_close_p(&store);
	if (ask("disk", "SELECT count(*) FROM prompts") != written + 1)
		return 6;
	if (mount(NULL, path, NULL, MS_REMOUNT | MS_RDONLY, NULL) < 0)
		return 7;
	if (store_open(path, &store, &err) != -EROFS || !strstr(err.text, "disk/tasks.db"))
		return 8;
	return 0;
}

static void test_small_disk(void)
{
	int status = 0;
	pid_t pid;

	directory_new("disk");
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(small_disk());
	OK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		printf("ok %d - a full disk # SKIP may not mount here\n", ++tap_count);
	else
		OK_NAMED(WEXITSTATUS(status) == 0, "a full disk and a read-only one");
	if (WEXITSTATUS(status) != 0)
		printf("# step %d\n", WEXITSTATUS(status));
}

/* ---- threads ---- */

struct worker {
	pthread_t thread;
	struct store *store;
	int number;
	int failed;
};

static void *worker_main(void *argument)
{
	struct worker *worker = argument;

	for (int i = 0; i < 25; i++) {
		char uuid[UUID_TEXT_SIZE], path[64];
		struct store_prompt prompt;

		snprintf(uuid, sizeof(uuid), "w-%d-%d", worker->number, i);
		snprintf(path, sizeof(path), "w/%d/%d", worker->number, i);
		prompt = prompt_sample(uuid, path);
		if (write_prompt(worker->store, &prompt) < 0)
			worker->failed++;
	}
	return NULL;
}

static void test_threads(void)
{
	struct worker workers[4] = {0};
	int failed = 0;

	directory_new("threads");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("threads");

		for (int i = 0; i < 4; i++) {
			workers[i].store = store;
			workers[i].number = i;
			OK(pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]) == 0);
		}
		for (int i = 0; i < 4; i++) {
			pthread_join(workers[i].thread, NULL);
			failed += workers[i].failed;
		}
	}
	OK(failed == 0);
	OK(ask("threads", "SELECT count(*) FROM prompts WHERE deleted = 0") == 100);
}

/* ---- the end at any moment ---- */

#define KILL_ROUNDS 10

static int report_fd;

static void report_done(void *context, int result)
{
	int32_t number = (int32_t)(intptr_t)context;

	if (result < 0 || write(report_fd, &number, sizeof(number)) != sizeof(number))
		_exit(1);
}

/* Writes for ever, and reports each change that is durable. */
static void child_main(int round, int fd)
{
	struct store *store = open_ok("killed");

	report_fd = fd;
	for (int i = 0;; i++) {
		char uuid[UUID_TEXT_SIZE], path[64];
		struct store_prompt prompt;
		struct store_take take;
		struct store_change change = {.prompt = &prompt, .take = &take, .note = "n"};

		snprintf(uuid, sizeof(uuid), "k-%d-%d", round, i);
		snprintf(path, sizeof(path), "k/%d/%d", round, i);
		prompt = prompt_sample(uuid, path);
		take = take_sample(uuid, uuid, 1);
		if (i % 7 == 0 ? store_write_wait(store, &change) < 0
		               : store_write(store, &change, report_done, (void *)(intptr_t)i) < 0)
			_exit(1);
	}
}

/* The number of changes that were reported and are not there. */
static int killed_round(int round, int reports, int *ret_reported)
{
	static int32_t numbers[200000];
	int ends[2], count = 0, missing = 0;
	size_t known = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		child_main(round, ends[1]);
	}
	close(ends[1]);
	while (count < (int)ARRAY_SIZE(numbers) &&
	        read(ends[0], &numbers[count], sizeof(*numbers)) == sizeof(*numbers))
		if (++count == reports)
			kill(pid, SIGKILL);
	close(ends[0]);
	waitpid(pid, NULL, 0);
	{
		CLEANUP(shot_done) struct shot shot = shot_read("killed");

		for (int i = 0; i < count; i++) {
			char uuid[UUID_TEXT_SIZE];

			snprintf(uuid, sizeof(uuid), "k-%d-%d", round, (int)numbers[i]);
			missing += !shot_find(&shot, uuid);
		}
		known = shot.prompt_count;
		OK_NAMED(shot.take_count == known, "no change is there by half");
	}
	*ret_reported = count;
	return missing;
}

static void test_killed(void)
{
	unsigned int seed = (unsigned int)getpid();

	directory_new("killed");
	printf("# seed %u\n", seed);
	for (int round = 0; round < KILL_ROUNDS; round++) {
		int reports = 1 + rand_r(&seed) % 150, reported = 0;

		OK(killed_round(round, reports, &reported) == 0);
		OK(reported >= reports);
	}
}

static void test_trouble(void)
{
	test_refused_files();
	test_odd_rows();
	test_load_stops();
	test_locked();
	test_covered_directory();
	test_file_limit();
	test_small_disk();
	test_threads();
	test_killed();
}
