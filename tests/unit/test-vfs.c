/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "vfs-models.h"
#include "vfs-orders.h"
#include "vfs-queue.h"
#include "vfs-references.h"
#include "vfs-world.h"

#include <sys/resource.h>

/* ---- the table ---- */

#define THREADS 8
#define ROUNDS 300
#define NAMES 5

struct racer {
	struct world *world;
	pthread_t thread;
	bool same;
};

/* Looks the same names up and forgets them; while it holds one, its number stays. */
static void *race(void *data)
{
	struct racer *racer = data;

	racer->same = true;
	for (int round = 0; round < ROUNDS; round++) {
		struct vfs_entry a, b;
		char name[20];

		snprintf(name, sizeof(name), "f%d", round % NAMES);
		if (vfs_lookup(racer->world->vfs, &nobody, VFS_ROOT, name, &a) < 0 ||
		        vfs_lookup(racer->world->vfs, &nobody, VFS_ROOT, name, &b) < 0 ||
		        a.node != b.node || a.attributes.st_ino != b.attributes.st_ino)
			racer->same = false;
		vfs_forget(racer->world->vfs, a.node, 2);
	}
	return NULL;
}

static void test_table_threads(void)
{
	struct racer racers[THREADS];
	WORLD(world);

	for (int i = 0; i < NAMES; i++) {
		char name[20];

		snprintf(name, sizeof(name), "f%d", i);
		put_below(&world, name, "x");
	}
	for (size_t i = 0; i < THREADS; i++) {
		racers[i] = (struct racer){.world = &world};
		pthread_create(&racers[i].thread, NULL, race, &racers[i]);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(racers[i].thread, NULL);
		OK(racers[i].same);
	}
}

static void test_table(void)
{
	struct vfs_entry a, b;
	struct stat st;
	double timeout;
	WORLD(world);

	put_below(&world, "x", "1");
	OK(linkat(world.fd, "x", world.fd, "y", 0) == 0);
	OK(vfs_lookup(world.vfs, &nobody, VFS_ROOT, "x", &a) == 0);
	OK(vfs_lookup(world.vfs, &nobody, VFS_ROOT, "y", &b) == 0);
	OK(a.node == b.node && a.node != VFS_ROOT && a.timeout > 0);
	/* A number stands for its file until the last look-up is given back. */
	vfs_forget(world.vfs, a.node, 1);
	OK(vfs_getattr(world.vfs, a.node, NULL, &st, &timeout) == 0 && st.st_nlink == 2);
	vfs_forget(world.vfs, a.node, 1);
	OK(vfs_getattr(world.vfs, a.node, NULL, &st, &timeout) == -ESTALE);
	vfs_forget(world.vfs, a.node, 1);
	vfs_forget(world.vfs, 12345, 1);
	OK(vfs_lookup(world.vfs, &nobody, VFS_ROOT, "x", &b) == 0 && b.node != a.node);
	vfs_forget(world.vfs, b.node, 100);
	OK(vfs_getattr(world.vfs, b.node, NULL, &st, &timeout) == -ESTALE);
	/* A forgotten directory lives as long as a file in it is known. */
	OK(make(&world, "d", S_IFDIR | 0755) == 0);
	OK(put(&world, "d/a.prompt", "a") == 0);
	vfs_forget(world.vfs, node_of(&world, "d"), 1000);
	stub_calls();
	OK(set(&world, "d/a.prompt", "user.other", "1") == 0 || true);
	OK(put(&world, "d/a.prompt", "b") == 0);
	OK_TEXT(stub_calls(), "writers d/a.prompt +1\norder d/a.prompt\nwriters d/a.prompt -1\n");
	/* One that is removed keeps its file while it is open. */
	struct vfs_handle *handle;
	char byte;

	OK(vfs_open(world.vfs, node_of(&world, "x"), O_RDONLY, &handle) == 0);
	OK(unlink_at(&world, "x") == 0 && unlink_at(&world, "y") == 0);
	OK(vfs_read(world.vfs, handle, &byte, 1, 0) == 1 && byte == '1');
	vfs_release(world.vfs, handle);
	OK(lookup_result(&world, &nobody, "x") == -ENOENT);
}

static void test_table_grows(void)
{
	WORLD(world);
	uint64_t first, last = 0;
	bool good = true;

	put_below(&world, "0", "");
	first = node_of(&world, "0");
	for (int i = 1; i < 2500; i++) {
		char name[20];

		snprintf(name, sizeof(name), "%d", i);
		if (mknodat(world.fd, name, S_IFREG | 0644, 0) < 0)
			good = false;
	}
	/* The descriptors that a process may have are limited: forgotten again at once. */
	for (int i = 1; i < 2500; i++) {
		char name[20];
		uint64_t node;

		snprintf(name, sizeof(name), "%d", i);
		node = node_of(&world, name);
		if (node <= last)
			good = false;
		last = node;
		if (i % 4)
			vfs_forget(world.vfs, node, 1);
	}
	OK(good);
	OK(node_of(&world, "0") == first);
}

static uint64_t node_in_d(struct world *world, const char *name)
{
	char path[300];

	snprintf(path, sizeof(path), "d/%s", name);
	return node_of(world, path);
}

static void test_table_crowded(void)
{
	struct rlimit before, few;
	struct vfs_name names[64];
	struct vfs_handle *handle;
	WORLD(world);
	size_t count;
	bool good = true;

	getrlimit(RLIMIT_NOFILE, &before);
	few = before;
	few.rlim_cur = 100;
	setrlimit(RLIMIT_NOFILE, &few);
	world_mount(&world, false, false);
	setrlimit(RLIMIT_NOFILE, &before);
	OK(mkdirat(world.fd, "d", 0755) == 0);
	for (int i = 0; i < 48; i++) {
		char name[20];

		snprintf(name, sizeof(name), "d/%d", i);
		put_below(&world, name, "");
		OK(!vfs_is_crowded(world.vfs) && node_of(&world, name) != 0);
	}
	/* The root, .darkroom and d are known too. */
	OK(vfs_is_crowded(world.vfs));
	OK(vfs_open(world.vfs, node_of(&world, "d/7"), O_RDONLY, &handle) == 0);
	/* Neither directories nor what is open; the second call has those that the first had not.
	 */
	count = vfs_crowd(world.vfs, names, 20);
	OK(count == 20);
	count += vfs_crowd(world.vfs, names + count, 27);
	OK(count == 47);
	for (size_t i = 0; i < count; i++) {
		if (names[i].parent != node_of(&world, "d") || strcmp(names[i].name, "7") == 0)
			good = false;
		vfs_forget(world.vfs, node_in_d(&world, names[i].name), 100);
	}
	OK(good && !vfs_is_crowded(world.vfs));
	vfs_release(world.vfs, handle);
}

/* ---- virtual names ---- */

static void test_names(void)
{
	static const struct {
		const char *path;
		bool there;
	} cases[] = {
	        {"a.prompt", true},
	        {"a.status", true},
	        {"a.wait", true},
	        {"b.status", false},
	        {".a.status", false},
	        {"a.status~", false},
	        {"dir.status", false},
	        {"link.status", false},
	        {"real.status", true},
	        {".darkroom", true},
	        {".darkroom/README", true},
	        {".darkroom/models", true},
	        {".darkroom/models/none", false},
	        {".darkroom/queue", true},
	        {".darkroom/models/queue", false},
	        {".darkroom/takes", true},
	        {".darkroom/lost+found", true},
	        {".darkroom/incoming", false},
	        {".darkroom/lock", false},
	        {".darkroom/tasks.db", false},
	        {".darkroom/takes/k.prompt", true},
	        {".darkroom/takes/k.status", false},
	        {"dir.prompt/.darkroom", false},
	        {"dir.prompt/in.status", true},
	};
	WORLD(world);
	struct stat st;
	double timeout;

	put_below(&world, "a.prompt", "a");
	put_below(&world, "real.prompt", "a");
	put_below(&world, "real.status", "mine");
	put_below(&world, ".darkroom/takes/k.prompt", "a");
	put_below(&world, ".darkroom/tasks.db", "x");
	OK(mkdirat(world.fd, "dir.prompt", 0755) == 0 &&
	        symlinkat("a", world.fd, "link.prompt") == 0);
	put_below(&world, "dir.prompt/in.prompt", "a");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		OK_NAMED(lookup_result(&world, &nobody, cases[i].path) ==
		                 (cases[i].there ? 0 : -ENOENT),
		        cases[i].path);
	OK_TEXT(content(&world, "real.status"), "mine");
	OK(lookup_result(&world, &publisher, ".darkroom/incoming") == 0);
	OK(vfs_getattr(world.vfs, node_of(&world, ".darkroom"), NULL, &st, &timeout) == 0);
	OK(st.st_mode == (S_IFDIR | 0555) && (st.st_ino >> 63) == 1);
	OK(strstr(content(&world, ".darkroom/README"), "hero.prompt"));
	OK(vfs_getattr(world.vfs, node_of(&world, ".darkroom/README"), NULL, &st, &timeout) == 0);
	OK(st.st_size == (off_t)strlen(content(&world, ".darkroom/README")) && timeout == 0.0);

	OK(!listed(&world, "", ".darkroom"));
	OK(listed(&world, "", "a.status") && listed(&world, "", "real.status"));
	OK(!listed(&world, "", "a.wait") && !listed(&world, "", "dir.status"));
	OK(!listed(&world, "", "link.status") && listed(&world, "dir.prompt", "in.status"));
	OK(!listed(&world, ".darkroom/takes", "k.status"));
	OK_TEXT(listing(&world, ".darkroom"), "README models queue budget takes lost+found ");
	OK(*listing(&world, ".darkroom/models"));
	world_mount(&world, true, false);
	OK(!listed(&world, "", "a.status") && lookup_result(&world, &nobody, "a.status") == 0);
}

static void test_refused(void)
{
	struct vfs_entry entry;
	struct vfs_handle *handle;
	const struct vfs_change mode = {.what = VFS_SET_MODE, .mode = 0600},
	                        empty = {.what = VFS_SET_SIZE},
	                        size = {.what = VFS_SET_SIZE, .size = 1};
	struct stat st;
	double timeout;
	WORLD(world);

	put_below(&world, "a.prompt", "a");
	put_below(&world, "x", "x");
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "a.wait" : "a.status";

		OK(create(&world, name, O_WRONLY | O_EXCL, &handle) == -EEXIST);
		OK(make(&world, name, S_IFDIR | 0755) == -EEXIST);
		OK(make(&world, name, S_IFREG | 0644) == -EEXIST);
		OK(vfs_symlink(world.vfs, &nobody, VFS_ROOT, name, "x", &entry) == -EEXIST);
		OK(vfs_link(world.vfs, node_of(&world, "x"), VFS_ROOT, name, &entry) == -EEXIST);
		OK(move(&world, &nobody, "x", name, 0) == -EEXIST);
		OK(move(&world, &nobody, name, "y", 0) == -EPERM);
		OK(move(&world, &nobody, "x", name, RENAME_EXCHANGE) == -EPERM);
		OK(unlink_at(&world, name) == -EPERM);
		OK(set(&world, name, "user.x", "1") == -EPERM);
		OK(vfs_removexattr(world.vfs, node_of(&world, name), "user.x") == -EPERM);
		OK_TEXT(get(&world, name, "user.x"), "ENODATA");
		OK(vfs_listxattr(world.vfs, node_of(&world, name), NULL, 0) == 0);
		OK(vfs_setattr(world.vfs, node_of(&world, name), NULL, &mode, &st, &timeout) ==
		        -EPERM);
		OK(vfs_link(world.vfs, node_of(&world, name), VFS_ROOT, "z", &entry) == -EPERM);
	}
	OK(vfs_setattr(world.vfs, node_of(&world, "a.status"), NULL, &empty, &st, &timeout) == 0);
	OK(vfs_setattr(world.vfs, node_of(&world, "a.status"), NULL, &size, &st, &timeout) ==
	        -EPERM);
	OK(vfs_setattr(world.vfs, node_of(&world, "a.wait"), NULL, &empty, &st, &timeout) ==
	        -EPERM);
	OK(vfs_open(world.vfs, node_of(&world, "a.wait"), O_WRONLY, &handle) == -EPERM);
	OK(vfs_open(world.vfs, node_of(&world, ".darkroom/README"), O_RDWR, &handle) == -EPERM);

	OK(make(&world, ".darkroom", S_IFDIR | 0755) == -EEXIST);
	OK(move(&world, &nobody, "x", ".darkroom", 0) == -EPERM);
	OK(move(&world, &nobody, ".darkroom", "y", 0) == -EPERM);
	OK(vfs_rmdir(world.vfs, VFS_ROOT, ".darkroom") == -EPERM);
	OK(make(&world, ".darkroom/x", S_IFREG | 0644) == -EPERM);
	OK(unlink_at(&world, ".darkroom/README") == -EPERM);
	OK(vfs_rmdir(world.vfs, node_of(&world, ".darkroom"), "takes") == -EPERM);
	OK(move(&world, &nobody, ".darkroom/takes", "y", 0) == -EPERM);
	OK(make(&world, "d", S_IFDIR | 0755) == 0);
	OK(move(&world, &nobody, "d", ".darkroom/takes/d", 0) == -EXDEV);
	OK(move(&world, &nobody, "x", ".darkroom/takes/x.prompt", 0) == 0);
	OK(put(&world, ".darkroom/takes/x.prompt", "not a prompt") == 0);
	OK(make(&world, "d/.darkroom", S_IFDIR | 0755) == 0);
	OK_TEXT(stub_calls(), "");
}

static void test_inodes(void)
{
	WORLD(world);
	struct stat first, second;
	double timeout;

	put_below(&world, "a.prompt", "a");
	OK(mkdirat(world.fd, "d", 0755) == 0);
	put_below(&world, "d/a.prompt", "a");
	OK(vfs_getattr(world.vfs, node_of(&world, "a.status"), NULL, &first, &timeout) == 0);
	OK(vfs_getattr(world.vfs, node_of(&world, "d/a.status"), NULL, &second, &timeout) == 0);
	OK(first.st_ino != second.st_ino);
	OK(vfs_getattr(world.vfs, node_of(&world, "a.wait"), NULL, &second, &timeout) == 0);
	OK(first.st_ino != second.st_ino && first.st_ino >> 63 && second.st_ino >> 63);
	world_mount(&world, false, false);
	OK(vfs_getattr(world.vfs, node_of(&world, "a.status"), NULL, &second, &timeout) == 0);
	OK(first.st_ino == second.st_ino);
	OK((first.st_mode & 07777) == 0644 && first.st_nlink == 1);
	OK(fchmodat(world.fd, "a.prompt", 0640, 0) == 0);
	OK(vfs_getattr(world.vfs, node_of(&world, "a.status"), NULL, &second, &timeout) == 0);
	OK((second.st_mode & 07777) == 0640);
	OK(fchmodat(world.fd, "a.prompt", 0600, 0) == 0);
	OK(vfs_getattr(world.vfs, node_of(&world, "a.wait"), NULL, &second, &timeout) == 0);
	OK((second.st_mode & 07777) == 0400 && second.st_size == 4096);
}

/* ---- status, wait, commands ---- */

static void test_status(void)
{
	WORLD(world);
	struct vfs_handle *handle;
	char text[100] = "";
	struct stat st;
	double timeout;

	put_below(&world, "a.prompt", "a");
	put_below(&world, "e.prompt", "");
	OK_TEXT(content(&world, "a.status"), "state: held\nreason: changed while unmounted\n");
	OK_TEXT(content(&world, "e.status"), "state: invalid\n");
	put_below(&world, "e.prompt", " \n\t");
	OK_TEXT(content(&world, "e.status"), "state: invalid\n");
	put_below(&world, "e.prompt", "---\nquality: high\n---\n");
	OK_TEXT(content(&world, "e.status"), "state: invalid\n");
	OK_TEXT(get(&world, "e.prompt", "user.darkroom.task.state"), "invalid");
	stub_view_set("a.prompt", stub_view_new(TASK_QUEUED, "state: queued\n", ""));
	OK(vfs_open(world.vfs, node_of(&world, "a.status"), O_RDONLY, &handle) == 0);
	OK(vfs_handle_kind(handle) == VFS_HANDLE_VIRTUAL);
	OK(!vfs_status_changed(world.vfs, handle));
	struct view *view = stub_view_new(TASK_GENERATING, "state: generating\n", "");

	view->changed_ms = 1500;
	stub_view_set("a.prompt", view);
	OK(vfs_status_changed(world.vfs, handle));
	OK(vfs_getattr(world.vfs, node_of(&world, "a.status"), handle, &st, &timeout) == 0);
	OK(st.st_size == 18 && st.st_mtim.tv_sec == 1 && st.st_mtim.tv_nsec == 500000000);
	/* The middle of a reading stays what it was. */
	OK(vfs_read(world.vfs, handle, text, sizeof(text), 7) == 7);
	OK(memcmp(text, "queued\n", 7) == 0);
	OK(vfs_read(world.vfs, handle, text, sizeof(text), 0) == 18);
	OK(memcmp(text, "state: generating\n", 18) == 0);
	OK(!vfs_status_changed(world.vfs, handle));
	OK(vfs_read(world.vfs, handle, text, sizeof(text), 18) == 0);
	OK(vfs_read(world.vfs, handle, text, sizeof(text), 1000) == 0);
	OK(vfs_read(world.vfs, handle, text, 3, 0) == 3);
	/* Its name means the same file for ever; what was read stays readable when that is gone. */
	uint64_t status = node_of(&world, "a.status");

	OK(unlink_at(&world, "a.status") == -EPERM);
	OK(move(&world, &nobody, "a.prompt", "b.prompt", 0) == 0);
	stub_view_set("a.prompt", NULL);
	stub_view_set("b.prompt", stub_view_new(TASK_SUCCESS, "state: success\n", "b.png\n"));
	OK(vfs_read(world.vfs, handle, text, sizeof(text), 0) == 18);
	vfs_release(world.vfs, handle);
	OK_TEXT(content(&world, "b.status"), "state: success\n");
	OK(lookup_result(&world, &nobody, "a.status") == -ENOENT);
	/* Whoever still knows the name is sent to look again, but may remove it. */
	OK(vfs_getattr(world.vfs, status, NULL, &st, &timeout) == -ESTALE);
	OK(vfs_open(world.vfs, status, O_RDONLY, &handle) == -ESTALE);
	OK(unlink_at(&world, "a.status") == 0);
	OK(unlink_at(&world, "a.other") == -ENOENT);
}

static void test_attributes(void)
{
	WORLD(world);
	struct view *view = stub_view_new(TASK_FAIL, "", "");
	char value[10];

	put_below(&world, "a.prompt", "a");
	put_below(&world, "x", "a");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.state"), "held");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.id"), "ENODATA");
	view->task_id = strdup("t1");
	view->error = strdup("refused");
	memcpy(view->take_uuid, "u-1", 4);
	view->credits_known = true;
	view->credits = 6.5;
	view->created_ms = 1000;
	stub_view_set("a.prompt", view);
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.state"), "fail");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.id"), "t1");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.uuid"), "u-1");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.error"), "refused");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.credits"), "6.5");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.created"), "1970-01-01T00:00:01Z");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.completed"), "ENODATA");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.task.more"), "ENODATA");
	OK_TEXT(get(&world, "x", "user.darkroom.task.state"), "ENODATA");
	OK(vfs_getxattr(world.vfs, node_of(&world, "a.prompt"), "user.darkroom.task.error", NULL,
	           0) == 7);
	OK(vfs_getxattr(world.vfs, node_of(&world, "a.prompt"), "user.darkroom.task.error", value,
	           6) == -ERANGE);
	OK(vfs_getxattr(world.vfs, node_of(&world, "a.prompt"), "user.darkroom.task.error", value,
	           7) == 7);
	OK(vfs_listxattr(world.vfs, node_of(&world, "a.prompt"), NULL, 0) == 0);
}

static void test_wait(void)
{
	WORLD(world);
	struct vfs_handle *handle, *second;
	struct vfs_prompt_nodes nodes;
	char text[100];

	put_below(&world, "a.prompt", "a");
	stub_view_set("a.prompt", stub_view_new(TASK_QUEUED, "", ""));
	OK(vfs_open(world.vfs, node_of(&world, "a.wait"), O_RDONLY, &handle) == 0);
	OK(vfs_open(world.vfs, node_of(&world, "a.wait"), O_RDONLY, &second) == 0);
	OK(vfs_handle_kind(handle) == VFS_HANDLE_WAIT);
	OK(vfs_wait_read(world.vfs, handle, text, sizeof(text), 0) == -EAGAIN);
	OK(node_of(&world, "a.prompt") != 0);
	vfs_find_prompt(world.vfs, "a.prompt", &nodes);
	OK(nodes.wait == node_of(&world, "a.wait") && nodes.prompt && !nodes.status);
	OK(!nodes.ended);
	stub_view_set("a.prompt", stub_view_new(TASK_SUCCESS, "", "a-1.png\na-2.png\n"));
	vfs_find_prompt(world.vfs, "a.prompt", &nodes);
	OK(nodes.ended);
	OK(vfs_wait_read(world.vfs, handle, text, 5, 0) == 5 && memcmp(text, "a-1.p", 5) == 0);
	/* The first answer is kept. */
	stub_view_set("a.prompt", stub_view_new(TASK_FAIL, "", ""));
	OK(vfs_wait_read(world.vfs, handle, text, sizeof(text), 5) == 11);
	OK(vfs_wait_read(world.vfs, handle, text, sizeof(text), 16) == 0);
	OK(vfs_wait_read(world.vfs, handle, text, sizeof(text), 0) == 16);
	OK(vfs_wait_read(world.vfs, second, text, sizeof(text), 0) == -EIO);
	OK(unlink_at(&world, "a.prompt") == 0);
	OK(vfs_wait_read(world.vfs, second, text, sizeof(text), 0) == -EIO);
	vfs_release(world.vfs, handle);
	vfs_release(world.vfs, second);
	vfs_find_prompt(world.vfs, "none/a.prompt", &nodes);
	OK(!nodes.prompt && !nodes.status && !nodes.wait);
}

static void test_commands(void)
{
	static const char *const refused[] = {"", "\n", "retry\n\n", "retry now", " retry", "Retry",
	        "nonsense", "retry\nretry\n",
	        "retryretryretryretryretryretryretryretryretryretryretryretryretryretry"};
	WORLD(world);

	put_below(&world, "a.prompt", "a");
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		OK_NAMED(write_status(&world, "a.status", refused[i]) == -EINVAL, refused[i]);
	OK_TEXT(stub_calls(), "");
	/* Unknown to the engine: shown to it first. */
	OK(write_status(&world, "a.status", "release\n") == 0);
	OK_TEXT(stub_calls(), "order a.prompt unmounted\nrelease a.prompt\n");
	stub_view_set("a.prompt", stub_view_new(TASK_FAIL, "", ""));
	OK(write_status(&world, "a.status", "retry") == 0);
	OK(write_status(&world, "a.status", "regenerate\n") == 0);
	OK(write_status(&world, "a.status", "cancel\n") == 0);
	OK_TEXT(stub_calls(),
	        "retry a.prompt as it is now\nregenerate a.prompt as it is now\ncancel a.prompt\n");
	stub_view_set("a.prompt", stub_view_new(TASK_HELD, "", ""));
	OK(write_status(&world, "a.status", "release\n") == 0);
	OK_TEXT(stub_calls(), "order a.prompt unmounted\nrelease a.prompt\n");
	stub_view_set("a.prompt", stub_view_new(TASK_INVALID, "", ""));
	OK(write_status(&world, "a.status", "retry\n") == 0);
	OK_TEXT(stub_calls(), "order a.prompt\n");
}

static void test_task_command(void)
{
	static const char *const refused[] = {"task", "task\n", "Task T1", " task T1", "tasks T1"};
	char longest[PROVIDER_TASK_ID_MAX + 16] = "task ", expected[PROVIDER_TASK_ID_MAX + 64];
	WORLD(world);

	put_below(&world, "a.prompt", "a");
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		OK_NAMED(write_status(&world, "a.status", refused[i]) == -EINVAL, refused[i]);
	OK_TEXT(stub_calls(), "");
	/* What can be an id is the engine's to say; a prompt is not ordered by it. */
	OK(write_status(&world, "a.status", "task T1\n") == 0);
	OK(write_status(&world, "a.status", "task   a b\t  ") == 0);
	OK(write_status(&world, "a.status", "task T1\n\n") == 0);
	OK(write_status(&world, "a.status", "task \n") == -EINVAL);
	OK_TEXT(stub_calls(), "settle a.prompt [T1]\nsettle a.prompt [a b\t]\n"
	                      "settle a.prompt [T1\n]\nsettle a.prompt []\n");
	memset(longest + 5, 'x', PROVIDER_TASK_ID_MAX);
	OK(write_status(&world, "a.status", longest) == 0);
	snprintf(expected, sizeof(expected), "settle a.prompt [%s]\n", longest + 5);
	OK_TEXT(stub_calls(), expected);
	longest[5 + PROVIDER_TASK_ID_MAX] = 'x';
	OK(write_status(&world, "a.status", longest) == -EINVAL);
	OK_TEXT(stub_calls(), "");
}

/* ---- the publisher ---- */

static void test_publish(void)
{
	WORLD(world);
	struct vfs_name from, to;

	put_below(&world, ".darkroom/incoming/take-0", "picture");
	put_below(&world, ".darkroom/incoming/take-1", "second");
	OK(mkdirat(world.fd, "d", 0755) == 0);
	OK(node_as(&world, &publisher, ".darkroom/incoming/take-0") != 0);
	uint64_t incoming = node_as(&world, &publisher, ".darkroom/incoming"),
	         d = node_of(&world, "d");

	OK(vfs_rename(world.vfs, &publisher, incoming, "take-0", d, "hero.png", 0) == 0);
	OK_TEXT(content(&world, "d/hero.png"), "picture");
	uint64_t node = node_as(&world, &publisher, ".darkroom/incoming/take-1");

	OK(vfs_rename_direct(world.vfs, ".darkroom/incoming/take-1", "d/hero-1.png",
	           RENAME_NOREPLACE, &from, &to) == 0);
	OK(from.parent == incoming && to.parent == d);
	OK_TEXT(from.name, "take-1");
	OK_TEXT(to.name, "hero-1.png");
	OK(node_of(&world, "d/hero-1.png") == node);
	OK_TEXT(content(&world, "d/hero-1.png"), "second");
	OK(vfs_rename_direct(world.vfs, "d/none", "d/more", 0, &from, &to) == -ENOENT);
	OK(vfs_rename_direct(world.vfs, "d/hero.png", "d/hero-1.png", RENAME_NOREPLACE, &from,
	           &to) == -EEXIST);
	OK_TEXT(stub_calls(), "");
}

int main(void)
{
	test_table();
	test_table_threads();
	test_table_grows();
	test_table_crowded();
	test_names();
	test_models();
	test_models_shared();
	test_models_reachable();
	test_readme();
	test_refused();
	test_inodes();
	test_status();
	test_attributes();
	test_wait();
	test_commands();
	test_task_command();
	test_commit();
	test_commit_errors();
	test_truncate();
	test_settings();
	test_settings_refused();
	test_rename();
	test_exchange();
	test_link();
	test_writers();
	test_carried_over();
	test_references();
	test_references_refused();
	test_without_text();
	test_without_text_elsewhere();
	test_reconcile();
	test_publish();
	test_queue();
	return tap_done();
}
