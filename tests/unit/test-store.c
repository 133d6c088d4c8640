/* SPDX-License-Identifier: MIT */
/* Each test has a directory of its own, and compares what a newly opened store reads back. */
#include "darkroom/store.h"
#include "tap.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char base[] = "/tmp/test-store-XXXXXX";

/* ---- directories ---- */

static void path_of(char path[256], const char *directory, const char *name)
{
	snprintf(path, 256, "%s/%s/%s", base, directory, name);
}

static const char *directory_new(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", base, name);
	OK_NAMED(mkdir(path, 0700) == 0, name);
	return path;
}

static bool file_exists(const char *directory, const char *name)
{
	char path[256];
	struct stat st;

	path_of(path, directory, name);
	return lstat(path, &st) == 0;
}

static struct store *open_ok(const char *name)
{
	char path[256];
	struct err err = {""};
	struct store *store = NULL;

	snprintf(path, sizeof(path), "%s/%s", base, name);
	if (store_open(path, &store, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	return store;
}

/* The number that a query gives on the closed database; -1 when it cannot be asked. */
static int64_t ask(const char *directory, const char *sql)
{
	char path[256];
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	int64_t number = -1;

	path_of(path, directory, "tasks.db");
	if (sqlite3_open(path, &db) == SQLITE_OK &&
	        sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
	        sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

static bool run(const char *directory, const char *sql)
{
	char path[256];
	sqlite3 *db = NULL;
	bool good;

	path_of(path, directory, "tasks.db");
	good = sqlite3_open(path, &db) == SQLITE_OK &&
	       sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
	sqlite3_close(db);
	return good;
}

/* ---- what a store holds ---- */

struct shot {
	struct store_prompt *prompts;
	size_t prompt_count;
	struct store_take *takes;
	size_t take_count;
	bool in_order; /* each take came after its prompt, by number */
};

static int shot_prompt(void *context, struct store_prompt *prompt)
{
	struct shot *shot = context;

	shot->prompts = reallocarray(shot->prompts, shot->prompt_count + 1, sizeof(*shot->prompts));
	shot->prompts[shot->prompt_count++] = *prompt;
	return 0;
}

static int shot_take(void *context, struct store_take *take)
{
	struct shot *shot = context;
	const struct store_take *before =
	        shot->take_count ? &shot->takes[shot->take_count - 1] : NULL;

	if (strcmp(shot->prompts[shot->prompt_count - 1].uuid, take->prompt) != 0)
		shot->in_order = false;
	if (before && strcmp(before->prompt, take->prompt) == 0 && before->number >= take->number)
		shot->in_order = false;
	shot->takes = reallocarray(shot->takes, shot->take_count + 1, sizeof(*shot->takes));
	shot->takes[shot->take_count++] = *take;
	return 0;
}

static void shot_done(struct shot *shot)
{
	for (size_t i = 0; i < shot->prompt_count; i++)
		store_prompt_done(&shot->prompts[i]);
	for (size_t i = 0; i < shot->take_count; i++)
		store_take_done(&shot->takes[i]);
	free(shot->prompts);
	free(shot->takes);
}

static struct shot shot_read(const char *directory)
{
	CLEANUP(store_close_p) struct store *store = open_ok(directory);
	struct shot shot = {.in_order = true};
	struct err err = {""};
	int r = store_load(store, shot_prompt, shot_take, &shot, &err);

	if (r != 0)
		printf("# load: %d %s\n", r, err.text);
	OK_NAMED(r == 0 && shot.in_order, "reads everything, each prompt before its takes");
	return shot;
}

static const struct store_prompt *shot_find(const struct shot *shot, const char *uuid)
{
	for (size_t i = 0; i < shot->prompt_count; i++)
		if (strcmp(shot->prompts[i].uuid, uuid) == 0)
			return &shot->prompts[i];
	return NULL;
}

static bool text_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool prompt_same(const struct store_prompt *a, const struct store_prompt *b)
{
	return strcmp(a->uuid, b->uuid) == 0 && text_same(a->path, b->path) &&
	       a->deleted == b->deleted && a->ctime_ns == b->ctime_ns &&
	       !a->content == !b->content && a->content_size == b->content_size &&
	       (!a->content || memcmp(a->content, b->content, a->content_size) == 0);
}

static bool references_same(const struct request *a, const struct request *b)
{
	bool same = a->reference_count == b->reference_count;

	for (size_t i = 0; same && i < a->reference_count; i++)
		same = text_same(a->references[i].parameter, b->references[i].parameter) &&
		       text_same(a->references[i].path, b->references[i].path) &&
		       text_same(a->references[i].url, b->references[i].url) &&
		       strcmp(a->references[i].sha256, b->references[i].sha256) == 0 &&
		       a->references[i].size == b->references[i].size;
	return same;
}

static bool take_same(const struct store_take *a, const struct store_take *b)
{
	bool same = strcmp(a->uuid, b->uuid) == 0 && strcmp(a->prompt, b->prompt) == 0 &&
	            a->number == b->number && a->state == b->state &&
	            text_same(a->request.provider, b->request.provider) &&
	            text_same(a->request.model, b->request.model) &&
	            text_same(a->request.text, b->request.text) &&
	            text_same(a->request.variation, b->request.variation) &&
	            a->request.parameters.count == b->request.parameters.count &&
	            text_same(a->ignored, b->ignored) && text_same(a->reason, b->reason) &&
	            text_same(a->error, b->error) && text_same(a->hint, b->hint) &&
	            text_same(a->task_id, b->task_id) && a->discard == b->discard &&
	            a->credits_known == b->credits_known && a->credits == b->credits &&
	            a->created_ms == b->created_ms && a->submitted_ms == b->submitted_ms &&
	            a->accepted_ms == b->accepted_ms && a->completed_ms == b->completed_ms &&
	            a->took_ms == b->took_ms && a->picture_count == b->picture_count &&
	            references_same(&a->request, &b->request);

	for (size_t i = 0; same && i < a->request.parameters.count; i++)
		same = text_same(a->request.parameters.items[i].name,
		               b->request.parameters.items[i].name) &&
		       text_same(a->request.parameters.items[i].value,
		               b->request.parameters.items[i].value);
	for (size_t i = 0; same && i < a->picture_count; i++)
		same = text_same(a->pictures[i].url, b->pictures[i].url) &&
		       text_same(a->pictures[i].name, b->pictures[i].name) &&
		       text_same(a->pictures[i].suffix, b->pictures[i].suffix) &&
		       a->pictures[i].inode == b->pictures[i].inode &&
		       text_same(a->pictures[i].sha256, b->pictures[i].sha256);
	return same;
}

/* ---- samples ---- */

static struct store_prompt prompt_sample(const char *uuid, const char *path)
{
	struct store_prompt prompt = {.path = (char *)path, .ctime_ns = 1700000000123456789};

	snprintf(prompt.uuid, sizeof(prompt.uuid), "%s", uuid);
	prompt.content = (char *)"a cat\0on a mat";
	prompt.content_size = 14;
	return prompt;
}

static struct store_take take_sample(const char *uuid, const char *prompt, int64_t number)
{
	struct store_take take = {.number = number, .state = TASK_QUEUED};

	snprintf(take.uuid, sizeof(take.uuid), "%s", uuid);
	snprintf(take.prompt, sizeof(take.prompt), "%s", prompt);
	return take;
}

#define UUID_A "00000000-0000-4000-8000-00000000000a"
#define UUID_B "00000000-0000-4000-8000-00000000000b"
#define UUID_C "00000000-0000-4000-8000-00000000000c"
#define TAKE_A "10000000-0000-4000-8000-00000000000a"
#define TAKE_B "10000000-0000-4000-8000-00000000000b"
#define TAKE_C "10000000-0000-4000-8000-00000000000c"

static struct store_picture sample_pictures[] = {
        {.url = (char *)"https://files.example/1",
                .name = (char *)"hero\xff.png",
                .suffix = (char *)"png",
                .inode = 7,
                .sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
        {.url = (char *)"https://files.example/2", .inode = 0},
        {.name = (char *)"x.png", .inode = UINT64_MAX},
};
static struct parameter sample_parameters[] = {
        {(char *)"aspect_ratio", (char *)"16:9"},
        {(char *)"empty", (char *)""},
        {(char *)"seed", (char *)"42"},
};

#define DIGEST_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
/* Not in the order of their names. */
static struct reference sample_references[] = {
        {.parameter = (char *)"images",
                .path = (char *)"refs/\xff.png",
                .sha256 = DIGEST_B,
                .size = INT64_C(5000000000)},
        {.parameter = (char *)"images", .url = (char *)"https://example.org/b.png"},
        {.parameter = (char *)"images",
                .path = (char *)"refs/a.png",
                .sha256 = DIGEST_A,
                .size = 1},
        {.parameter = (char *)"a_mask",
                .path = (char *)"refs/a.png",
                .sha256 = DIGEST_A,
                .size = 1},
};

static struct store_take take_full(void)
{
	struct store_take take = take_sample(TAKE_A, UUID_A, 1);

	take.state = TASK_SUCCESS;
	take.request = (struct request){
	        .provider = (char *)"kie",
	        .model = (char *)"model-1",
	        .text = (char *)"a \xe2\x98\x83 'quoted' text\n",
	        .variation = (char *)"",
	        .parameters = {sample_parameters, ARRAY_SIZE(sample_parameters)},
	        .references = sample_references,
	        .reference_count = ARRAY_SIZE(sample_references),
	};
	take.ignored = (char *)"quality";
	take.reason = (char *)"budget";
	take.error = (char *)"not well-formed: \xff";
	take.hint = (char *)"do that";
	take.task_id = (char *)"task-1";
	take.discard = true;
	take.credits_known = true;
	take.credits = 3.5;
	take.created_ms = 1;
	take.submitted_ms = 2;
	take.accepted_ms = INT64_MAX;
	take.completed_ms = -1;
	take.took_ms = 46200;
	take.pictures = sample_pictures;
	take.picture_count = ARRAY_SIZE(sample_pictures);
	return take;
}

static int write_prompt(struct store *store, const struct store_prompt *prompt)
{
	return store_write_wait(store, &(struct store_change){.prompt = prompt});
}

static int write_take(struct store *store, const struct store_take *take)
{
	return store_write_wait(store, &(struct store_change){.take = take});
}

/* ---- tests ---- */

static void test_round_trip(void)
{
	struct store_prompt a = prompt_sample(UUID_A, "dir/b\xff\xfe.prompt");
	struct store_prompt b = prompt_sample(UUID_B, "a.prompt");
	struct store_take full = take_full(), bare = take_sample(TAKE_B, UUID_A, 2);
	struct store_change change = {.prompt = &a, .take = &full, .note = "stored", .wall_ms = 5};
	char path[256];
	struct stat st;

	directory_new("round");
	b.deleted = true;
	b.content = NULL;
	b.content_size = 0;
	bare.state = TASK_INVALID;
	{
		CLEANUP(store_close_p) struct store *store = open_ok("round");

		/* Twice: writing again changes nothing. */
		for (int i = 0; i < 2; i++) {
			OK(write_prompt(store, &b) == 0);
			OK(store_write_wait(store, &change) == 0);
			OK(write_take(store, &bare) == 0);
		}
		path_of(path, "round", "tasks.db-wal");
		OK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
		OK(!file_exists("round", "tasks.db-shm"));
	}
	path_of(path, "round", "tasks.db");
	OK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	OK(!file_exists("round", "tasks.db-wal"));
	for (int i = 0; i < 2; i++) {
		CLEANUP(shot_done) struct shot shot = shot_read("round");

		OK(shot.prompt_count == 2 && shot.take_count == 2);
		OK(shot_find(&shot, UUID_A) && prompt_same(shot_find(&shot, UUID_A), &a));
		OK(shot_find(&shot, UUID_B) && prompt_same(shot_find(&shot, UUID_B), &b));
		OK(shot.take_count == 2 && take_same(&shot.takes[0], &full));
		OK(shot.take_count == 2 && take_same(&shot.takes[1], &bare));
	}
	OK(ask("round", "SELECT count(*) FROM take_events") == 1);
	OK(ask("round", "SELECT count(*) FROM take_events WHERE take = '" TAKE_A "' AND at_ms = 5"
	                " AND state = 'success' AND note = 'stored'") == 1);
	OK(chmod(path, 0644) == 0);
	{
		CLEANUP(store_close_p) struct store *store = open_ok("round");

		OK_NAMED(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "kept private");
	}
	OK(ask("round", "SELECT typeof(path) = 'blob' FROM prompts LIMIT 1") == 1);
}

static void test_every_state(void)
{
	struct store_prompt prompt = prompt_sample(UUID_A, "p");

	directory_new("states");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("states");

		OK(write_prompt(store, &prompt) == 0);
		for (int i = 0; i < TASK_STATES; i++) {
			char uuid[UUID_TEXT_SIZE];
			struct store_take take;

			snprintf(uuid, sizeof(uuid), "take-%d", i);
			take = take_sample(uuid, UUID_A, i + 1);
			take.state = (enum task_state)i;
			OK(write_take(store, &take) == 0);
		}
	}
	{
		CLEANUP(shot_done) struct shot shot = shot_read("states");

		OK(shot.take_count == TASK_STATES);
		for (size_t i = 0; i < shot.take_count; i++)
			OK(shot.takes[i].state == (enum task_state)i);
	}
}

/* A later write replaces every column, and the children with them. */
static void test_rewrite(void)
{
	struct store_prompt prompt = prompt_sample(UUID_A, "p"), later;
	struct store_take full = take_full(), bare = take_sample(TAKE_A, UUID_A, 9);

	directory_new("rewrite");
	later = prompt_sample(UUID_A, "q");
	later.ctime_ns = -1;
	later.content = (char *)"";
	later.content_size = 0;
	{
		CLEANUP(store_close_p) struct store *store = open_ok("rewrite");

		OK(write_prompt(store, &prompt) == 0);
		OK(write_take(store, &full) == 0);
		OK(write_prompt(store, &later) == 0);
		OK(write_take(store, &bare) == 0);
	}
	{
		CLEANUP(shot_done) struct shot shot = shot_read("rewrite");

		OK(shot.prompt_count == 1 && prompt_same(&shot.prompts[0], &later));
		OK(shot.take_count == 1 && take_same(&shot.takes[0], &bare));
	}
	OK(ask("rewrite", "SELECT (SELECT count(*) FROM take_pictures) +"
	                  " (SELECT count(*) FROM take_references) +"
	                  " (SELECT count(*) FROM take_parameters)") == 0);
}

static void test_history(void)
{
	struct store_prompt prompt = prompt_sample(UUID_A, "p");
	struct store_take take = take_sample(TAKE_A, UUID_A, 1);

	directory_new("history");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("history");

		OK(write_prompt(store, &prompt) == 0);
		for (int i = 0; i < 300; i++) {
			struct store_change change = {.take = &take, .note = "n", .wall_ms = i};

			if (store_write(store, &change, NULL, NULL) < 0)
				OK(!"queued");
		}
	}
	OK(ask("history", "SELECT count(*) FROM take_events") == 256);
	OK(ask("history", "SELECT min(at_ms) FROM take_events") == 44);
	OK(ask("history", "SELECT max(at_ms) FROM take_events") == 299);
}

/* ---- groups ---- */

struct log {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int results[1200];
	int order[1200];
	int count;
	bool gate_reached, gate_open;
};

struct entry {
	struct log *log;
	int number;
};

static void log_done(void *context, int result)
{
	struct entry *entry = context;

	WITH_LOCK(&entry->log->mutex);
	entry->log->order[entry->log->count] = entry->number;
	entry->log->results[entry->log->count++] = result;
	pthread_cond_signal(&entry->log->changed);
}

/* Holds the store's thread until the gate is opened, so that what is queued meanwhile is a group.
 */
static void gate_done(void *context, int result)
{
	struct log *log = context;

	WITH_LOCK(&log->mutex);
	log->gate_reached = true;
	pthread_cond_signal(&log->changed);
	while (!log->gate_open)
		pthread_cond_wait(&log->changed, &log->mutex);
}

static void gate_close(struct log *log, struct store *store)
{
	OK(store_write(store, &(struct store_change){0}, gate_done, log) == 0);
	WITH_LOCK(&log->mutex);
	while (!log->gate_reached)
		pthread_cond_wait(&log->changed, &log->mutex);
}

static void gate_open(struct log *log)
{
	WITH_LOCK(&log->mutex);
	log->gate_open = true;
	pthread_cond_broadcast(&log->changed);
}

#define LOG_INIT                                                                        \
	{                                                                               \
		.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER \
	}

static void test_group(void)
{
	static struct entry entries[1000];
	struct log log = LOG_INIT;
	int queued = 0, ordered = 0, good = 0;

	directory_new("group");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("group");

		gate_close(&log, store);
		for (int i = 0; i < 1000; i++) {
			char uuid[UUID_TEXT_SIZE], path[64];
			struct store_prompt prompt;

			snprintf(uuid, sizeof(uuid), "prompt-%d", i);
			snprintf(path, sizeof(path), "dir/%d.prompt", i);
			prompt = prompt_sample(uuid, path);
			entries[i] = (struct entry){&log, i};
			queued += store_write(store, &(struct store_change){.prompt = &prompt},
			                  log_done, &entries[i]) == 0;
			/* The copy was taken. */
			memset(path, 'X', sizeof(path) - 1);
		}
		OK(queued == 1000 && log.count == 0);
		gate_open(&log);
		/* Closing finishes what is queued. */
	}
	for (int i = 0; i < log.count; i++) {
		ordered += log.order[i] == i;
		good += log.results[i] == 0;
	}
	OK(log.count == 1000 && ordered == 1000 && good == 1000);
	OK(ask("group",
	           "SELECT count(*) FROM prompts WHERE CAST(path AS TEXT) GLOB 'dir/*.prompt'") ==
	        1000);
}

static void test_group_with_failure(void)
{
	struct log log = LOG_INIT;
	struct store_prompt a = prompt_sample(UUID_A, "a"), b = prompt_sample(UUID_B, "b");
	struct store_take orphan = take_sample(TAKE_C, "no-such-prompt", 1);
	struct store_take first = take_sample(TAKE_A, UUID_A, 1);
	struct store_take twin = take_sample(TAKE_B, UUID_A, 1);
	const struct {
		struct store_change change;
		int result;
	} cases[] = {
	        {{.prompt = &a}, 0},
	        {{.take = &orphan}, -EINVAL},
	        {{.take = &first, .note = "ordered"}, 0},
	        {{.take = &twin}, -EINVAL},
	        /* All or nothing: the prompt of a failing change is not written either. */
	        {{.prompt = &b, .take = &orphan}, -EINVAL},
	        {{.drop_take = "no-such-take", .drop_prompt = "no-such-prompt"}, 0},
	};
	struct entry entries[ARRAY_SIZE(cases)];

	directory_new("failure");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("failure");

		gate_close(&log, store);
		for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
			entries[i] = (struct entry){&log, (int)i};
			OK(store_write(store, &cases[i].change, log_done, &entries[i]) == 0);
		}
		gate_open(&log);
	}
	OK(log.count == (int)ARRAY_SIZE(cases));
	for (int i = 0; i < log.count; i++)
		OK(log.order[i] == i && log.results[i] == cases[i].result);
	{
		CLEANUP(shot_done) struct shot shot = shot_read("failure");

		OK(shot.prompt_count == 1 && shot_find(&shot, UUID_A));
		OK(shot.take_count == 1 && take_same(&shot.takes[0], &first));
	}
}

static void test_refused(void)
{
	struct store_prompt no_path = prompt_sample(UUID_A, NULL);
	struct store_prompt empty = prompt_sample(UUID_A, ""), slash = prompt_sample(UUID_A, "/a");
	struct store_prompt behind = prompt_sample(UUID_A, "a/"), no_uuid = prompt_sample("", "a");
	struct store_take nobody = take_sample(TAKE_A, "", 1);
	struct store_take odd = take_sample(TAKE_A, UUID_A, 1);
	const struct store_change changes[] = {
	        {.prompt = &no_path},
	        {.prompt = &empty},
	        {.prompt = &slash},
	        {.prompt = &behind},
	        {.prompt = &no_uuid},
	        {.take = &nobody},
	        {.take = &odd},
	        {.note = "of nothing"},
	        {.drop_take = ""},
	        {.drop_prompt = "0123456789012345678901234567890123456"},
	};
	CLEANUP(store_close_p) struct store *store = NULL;

	directory_new("refused");
	odd.state = (enum task_state)TASK_STATES;
	store = open_ok("refused");
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		OK(store_write_wait(store, &changes[i]) == -EINVAL);
	OK(store_move(store, "a", "a/b", false, NULL, NULL) == -EINVAL);
	OK(store_move(store, "a/b", "a", false, NULL, NULL) == -EINVAL);
	OK(store_move(store, "a/b", "a", true, NULL, NULL) == -EINVAL);
	OK(store_move(store, "", "a", false, NULL, NULL) == -EINVAL);
	OK(store_move(store, "a", "b/", false, NULL, NULL) == -EINVAL);
	OK(store_move(store, "a", "ab", false, NULL, NULL) == 0);
}

/* ---- copies ---- */

static void test_copies(void)
{
	struct store_prompt prompt = prompt_sample(UUID_A, "a"), first = {0}, second = {0};
	struct store_take take = take_full(), one = {0}, two = {0};

	OK(store_prompt_copy(&prompt, &first) == 0);
	OK(store_prompt_copy(&first, &second) == 0);
	memset(first.path, 'x', strlen(first.path));
	memset(first.content, 'x', first.content_size);
	store_prompt_done(&first);
	OK(!first.path && !first.content);
	OK(prompt_same(&prompt, &second));
	store_prompt_done(&second);

	OK(store_take_copy(&take, &one) == 0);
	OK(store_take_copy(&one, &two) == 0);
	OK(one.pictures != two.pictures && one.pictures[0].url != two.pictures[0].url);
	memset(one.request.parameters.items[0].value, 'x', 3);
	memset(one.pictures[0].name, 'x', 3);
	memset(one.error, 'x', 3);
	memset(one.request.references[0].path, 'x', 3);
	store_take_done(&one);
	OK(!one.pictures && one.picture_count == 0 && !one.request.text);
	OK(take_same(&take, &two));
	store_take_done(&two);
	store_take_done(&two);
	take = take_sample(TAKE_A, UUID_A, 1);
	OK(store_take_copy(&take, &one) == 0 && take_same(&take, &one));
	store_take_done(&one);
}

#include "test-store-paths.h"
#include "test-store-trouble.h"
#include "test-store-upgrade.h"
#include "test-store-uploads.h"

int main(void)
{
	if (!mkdtemp(base))
		return 1;
	test_round_trip();
	test_every_state();
	test_rewrite();
	test_history();
	test_group();
	test_group_with_failure();
	test_refused();
	test_copies();
	test_paths();
	test_trouble();
	test_uploads();
	test_upgrade();
	test_losses();
	test_spending();
	test_spending_outlives();
	directory_remove(base);
	return tap_done();
}
