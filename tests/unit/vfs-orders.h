/* SPDX-License-Identifier: MIT */
/* What operations mean to prompts: orders, writers, renames, reconciling. */
#pragma once

#include "tap.h"
#include "vfs-world.h"

#include <stdio.h>

static void test_commit(void)
{
	WORLD(world);
	struct vfs_handle *handle, *second;

	OK(put(&world, "a.prompt", "a cat\n") == 0);
	OK_TEXT(stub_calls(), "writers a.prompt +1\norder a.prompt\nwriters a.prompt -1\n");
	OK_TEXT(stub.text, "a cat");
	OK(stub.content_size == 7 && memcmp(stub.content, "a cat\n", 7) == 0);
	OK(put(&world, "other.txt", "a cat\n") == 0);
	OK(put(&world, ".hidden.prompt", "a cat\n") == 0);
	OK_TEXT(stub_calls(), "");

	/* A close without a change, and one by a reader. */
	OK(vfs_open(world.vfs, node_of(&world, "a.prompt"), O_RDWR, &handle) == 0);
	OK(vfs_open(world.vfs, node_of(&world, "a.prompt"), O_RDONLY, &second) == 0);
	OK(vfs_flush(world.vfs, handle) == 0);
	OK(vfs_flush(world.vfs, second) == 0);
	OK_TEXT(stub_calls(), "writers a.prompt +1\n");
	/* Several closes of one description, fsync, and what a mapping wrote last. */
	OK(vfs_write(world.vfs, handle, "A", 1, 0) == 1);
	OK(vfs_flush(world.vfs, handle) == 0);
	OK(vfs_flush(world.vfs, handle) == 0);
	OK(vfs_write(world.vfs, handle, "B", 1, 0) == 1);
	OK(vfs_fsync(world.vfs, handle, true) == 0);
	OK(vfs_write(world.vfs, handle, "C", 1, 0) == 1);
	vfs_release(world.vfs, handle);
	vfs_release(world.vfs, second);
	OK_TEXT(stub_calls(),
	        "order a.prompt\norder a.prompt\norder a.prompt\nwriters a.prompt -1\n");
	OK_TEXT(stub.text, "C cat");

	/* Truncated by open and written by nobody: the empty prompt is committed too. */
	OK(vfs_open(world.vfs, node_of(&world, "a.prompt"), O_WRONLY | O_TRUNC, &handle) == 0);
	OK(vfs_flush(world.vfs, handle) == 0);
	vfs_release(world.vfs, handle);
	OK_TEXT(stub_calls(), "writers a.prompt +1\norder a.prompt empty\nwriters a.prompt -1\n");
}

static void test_commit_errors(void)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
	        {"\xff\xfe", "UTF-8"},
	        {"---\nno colon\n---\ntext\n", "line 2"},
	        {"---\naspect_ratio: 99:1\n---\ntext\n", "aspect_ratio"},
	};
	WORLD(world);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		OK(put(&world, "a.prompt", cases[i].text) == -EINVAL);
		OK_TEXT(stub_calls(), "writers a.prompt +1\norder a.prompt error\nwriters a.prompt "
		                      "-1\n");
		OK_NAMED(strstr(stub.error, cases[i].error), stub.error);
		OK_TEXT(content(&world, "a.prompt"), cases[i].text);
	}
	/* The store's errors come back from close, and the next close tries again. */
	stub.order_result = -ENOSPC;
	OK(put(&world, "b.prompt", "text") == -ENOSPC);
	OK_TEXT(stub_calls(),
	        "writers b.prompt +1\norder b.prompt\norder b.prompt\nwriters b.prompt -1\n");
	stub.order_result = 0;
	OK(put(&world, "c.prompt", " \n\t\n") == 0);
	OK_TEXT(stub_calls(), "writers c.prompt +1\norder c.prompt empty\nwriters c.prompt -1\n");
	/* Larger than is read. */
	put_below(&world, "large.prompt", "");
	const struct vfs_change change = {.what = VFS_SET_SIZE, .size = PROMPT_FILE_MAX + 1};
	struct stat st;
	double timeout;

	OK(vfs_setattr(world.vfs, node_of(&world, "large.prompt"), NULL, &change, &st, &timeout) ==
	        0);
	OK_TEXT(stub_calls(), "order large.prompt error\n");
	OK_NAMED(strstr(stub.error, "2097153 bytes"), stub.error);
}

static void test_truncate(void)
{
	struct vfs_change change = {.what = VFS_SET_SIZE, .size = 3};
	struct vfs_handle *handle;
	struct stat st;
	double timeout;
	WORLD(world);

	OK(put(&world, "a.prompt", "a cat") == 0);
	stub_calls();
	OK(vfs_setattr(world.vfs, node_of(&world, "a.prompt"), NULL, &change, &st, &timeout) == 0);
	OK(st.st_size == 3);
	OK_TEXT(stub_calls(), "order a.prompt\n");
	OK_TEXT(stub.text, "a c");
	/* With a writer at work its close commits. */
	OK(vfs_open(world.vfs, node_of(&world, "a.prompt"), O_WRONLY, &handle) == 0);
	change.size = 1;
	OK(vfs_setattr(world.vfs, node_of(&world, "a.prompt"), NULL, &change, &st, &timeout) == 0);
	OK(vfs_setattr(world.vfs, node_of(&world, "a.prompt"), handle, &change, &st, &timeout) ==
	        0);
	OK_TEXT(stub_calls(), "writers a.prompt +1\n");
	OK(vfs_flush(world.vfs, handle) == 0);
	vfs_release(world.vfs, handle);
	OK_TEXT(stub_calls(), "order a.prompt\nwriters a.prompt -1\n");
	/* Other changes order nothing. */
	change = (struct vfs_change){
	        .what = VFS_SET_MODE | VFS_SET_MTIME, .mode = 0600, .mtime = {.tv_sec = 1000}};
	OK(vfs_setattr(world.vfs, node_of(&world, "a.prompt"), NULL, &change, &st, &timeout) == 0);
	OK((st.st_mode & 07777) == 0600 && st.st_mtime == 1000);
	OK_TEXT(stub_calls(), "");
}

static void known_set(struct world *world, const char *path, const char *text)
{
	struct stat st = {0};

	(void)!fstatat(world->fd, path, &st, AT_SYMLINK_NOFOLLOW);
	stub.known[stub.known_count++] = (struct engine_known){
	        .path = path,
	        .ctime_ns = text ? 1
	                         : (int64_t)st.st_ctim.tv_sec * INT64_C(1000000000) +
	                                    st.st_ctim.tv_nsec,
	        .content = text ? text : "whatever",
	        .content_size = text ? strlen(text) + 1 : 8,
	};
}

static void test_settings(void)
{
	WORLD(world);

	if (!files_has_xattrs(world.files)) {
		tap_ok(true, "# SKIP no extended attributes in /tmp", __FILE__, __LINE__);
		return;
	}
	OK(make(&world, "d", S_IFDIR | 0755) == 0);
	OK(set(&world, "d", "user.darkroom.aspect_ratio", "4:3") == 0);
	OK(set(&world, "", "user.darkroom.aspect_ratio", "9:16") == 0);
	OK_TEXT(stub_calls(), "");
	OK(put(&world, "d/a.prompt", "a cat") == 0);
	OK_TEXT(stub.aspect_ratio, "4:3");
	OK(put(&world, "b.prompt", "a cat") == 0);
	OK_TEXT(stub.aspect_ratio, "9:16");
	stub_calls();
	OK(set(&world, "d/a.prompt", "user.darkroom.aspect_ratio", "16:9") == 0);
	OK_TEXT(stub_calls(), "order d/a.prompt\n");
	OK_TEXT(stub.aspect_ratio, "16:9");
	OK(stub.content_size == 5 + 1 + 18 &&
	        memcmp(stub.content, "a cat\0aspect_ratio=16:9", 24) == 0);
	OK(put(&world, "d/a.prompt", "---\naspect_ratio: 1:1\n---\na dog") == 0);
	OK_TEXT(stub.aspect_ratio, "1:1");
	stub_calls();
	OK(vfs_removexattr(
	           world.vfs, node_of(&world, "d/a.prompt"), "user.darkroom.aspect_ratio") == 0);
	OK_TEXT(stub_calls(), "order d/a.prompt\n");
	OK(set(&world, "d/a.prompt", "user.darkroom.hold", "1") == 0);
	OK_TEXT(stub_calls(), "order d/a.prompt hold\n");
	OK(put(&world, "e.prompt", "") == 0);
	OK(set(&world, "e.prompt", "user.darkroom.aspect_ratio", "1:1") == 0);
	OK_TEXT(stub_calls(), "writers e.prompt +1\nwriters e.prompt -1\n");
	/* A directory's settings count for what is still to be sent. */
	stub.known_count = 0;
	known_set(&world, "d/a.prompt", "");
	known_set(&world, "b.prompt", "");
	stub_view_set("d/a.prompt", stub_view_new(TASK_QUEUED, "", ""));
	stub_view_set("b.prompt", stub_view_new(TASK_QUEUED, "", ""));
	OK(set(&world, "d", "user.darkroom.quality", "high") == 0);
	OK_TEXT(stub_calls(), "order d/a.prompt hold\n");
	OK(vfs_removexattr(world.vfs, VFS_ROOT, "user.darkroom.aspect_ratio") == 0);
	OK_TEXT(stub_calls(), "order d/a.prompt hold\norder b.prompt\n");
	OK(set(&world, "d", "user.other", "high") == 0);
	stub_view_set("d/a.prompt", stub_view_new(TASK_HELD, "", ""));
	stub_view_set("b.prompt", stub_view_new(TASK_SUCCESS, "", ""));
	OK(set(&world, "", "user.darkroom.quality", "basic") == 0);
	OK_TEXT(stub_calls(), "");
	stub.known_count = 0;
}

static void test_settings_refused(void)
{
	static const struct {
		const char *name, *value;
		int result;
	} cases[] = {
	        {"user.darkroom.aspect_ratio", "99:1", -EINVAL},
	        {"user.darkroom.no_such_thing", "1", -EINVAL},
	        {"user.darkroom.", "1", -EINVAL},
	        {"user.darkroom.model", "no-such-model", -EINVAL},
	        {"user.darkroom.variation", "a\nb", -EINVAL},
	        {"user.darkroom.variation", "\xff", -EINVAL},
	        {"user.darkroom.task.id", "1", -EPERM},
	        {"user.darkroom.task.anything", "1", -EPERM},
	        {"user.other", "anything\n", 0},
	        {"user.darkroom.variation", "b", 0},
	};
	WORLD(world);

	if (!files_has_xattrs(world.files))
		return;
	OK(put(&world, "a.prompt", "a cat") == 0);
	stub_calls();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		OK_NAMED(set(&world, "a.prompt", cases[i].name, cases[i].value) == cases[i].result,
		        cases[i].name);
		if (cases[i].result)
			OK_TEXT(get(&world, "a.prompt", cases[i].name), "ENODATA");
	}
	OK_TEXT(stub_calls(), "order a.prompt\n");
	OK(vfs_setxattr(world.vfs, node_of(&world, "a.prompt"), "user.darkroom.variation", "a\0b",
	           3, 0) == -EINVAL);
	OK(vfs_setxattr(world.vfs, node_of(&world, "a.prompt"), "user.darkroom.variation", "c", 1,
	           XATTR_CREATE) == -EEXIST);
	OK(vfs_setxattr(world.vfs, node_of(&world, "a.prompt"), "user.darkroom.hold", "1", 1,
	           XATTR_REPLACE) == -ENODATA);
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.variation"), "b");
	OK(vfs_removexattr(world.vfs, node_of(&world, "a.prompt"), "user.darkroom.task.id") ==
	        -EPERM);
	/* An ordinary file may have any. */
	OK(put(&world, "a.txt", "") == 0);
	OK(set(&world, "a.txt", "user.darkroom.no_such_thing", "1") == 0);
	OK(set(&world, "a.txt", "user.darkroom.task.id", "1") == 0);
	OK_TEXT(get(&world, "a.txt", "user.darkroom.task.id"), "1");
}

/* ---- renames ---- */

static void test_rename(void)
{
	WORLD(world);

	OK(put(&world, "a.prompt", "a") == 0 && put(&world, "b.prompt", "b") == 0 &&
	        put(&world, "x", "x") == 0 && make(&world, "d", S_IFDIR | 0755) == 0);
	stub_calls();
	OK(move(&world, &nobody, "a.prompt", "c.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "moved a.prompt c.prompt\n");
	OK(move(&world, &nobody, "c.prompt", "d/c.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "moved c.prompt d/c.prompt\n");
	OK(move(&world, &nobody, "d", "e", 0) == 0);
	OK_TEXT(stub_calls(), "moved d e\n");
	OK(put(&world, "e/c.prompt", "new") == 0);
	OK_TEXT(stub_calls(), "writers e/c.prompt +1\norder e/c.prompt\nwriters e/c.prompt -1\n");
	OK(move(&world, &nobody, "e/c.prompt", "c.prompt~", 0) == 0);
	OK_TEXT(stub_calls(), "deleted e/c.prompt\n");
	OK(move(&world, &nobody, "x", "y.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "order y.prompt\n");
	OK(move(&world, &nobody, "y.prompt", "b.prompt", RENAME_NOREPLACE) == -EEXIST);
	OK(move(&world, &nobody, "none", "b.prompt", 0) == -ENOENT);
	OK(move(&world, &nobody, "y.prompt", "e", 0) == -EISDIR);
	OK(move(&world, &nobody, "y.prompt", "z.prompt", 1u << 2) == -EINVAL);
	OK_TEXT(stub_calls(), "");
	OK(move(&world, &nobody, "y.prompt", "b.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "moved y.prompt b.prompt\n");
	OK_TEXT(content(&world, "b.prompt"), "x");
	/* An editor saves. */
	OK(put(&world, ".b.tmp", "saved") == 0);
	OK(move(&world, &nobody, ".b.tmp", "b.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "order b.prompt\n");
	OK_TEXT(stub.text, "saved");
	OK(unlink_at(&world, "b.prompt") == 0);
	OK_TEXT(stub_calls(), "deleted b.prompt\n");
	OK(unlink_at(&world, "c.prompt~") == 0);
	OK_TEXT(stub_calls(), "");
	/* An empty file that takes a free name orders nothing. */
	OK(put(&world, "empty", "") == 0);
	OK(move(&world, &nobody, "empty", "empty.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "");
}

static void test_exchange(void)
{
	WORLD(world);

	OK(put(&world, "a.prompt", "a") == 0 && put(&world, "b.prompt", "b") == 0 &&
	        put(&world, "x", "x") == 0 && make(&world, "d", S_IFDIR | 0755) == 0 &&
	        make(&world, "e", S_IFDIR | 0755) == 0 && put(&world, "d/c.prompt", "c") == 0);
	stub_calls();
	OK(move(&world, &nobody, "a.prompt", "b.prompt", RENAME_EXCHANGE) == 0);
	OK_TEXT(stub_calls(), "moved a.prompt b.prompt exchange\n");
	OK_TEXT(content(&world, "a.prompt"), "b");
	OK(move(&world, &nobody, "a.prompt", "x", RENAME_EXCHANGE) == 0);
	OK_TEXT(stub_calls(), "order a.prompt\n");
	OK_TEXT(stub.text, "x");
	OK(move(&world, &nobody, "x", "a.prompt", RENAME_EXCHANGE) == 0);
	OK_TEXT(stub_calls(), "order a.prompt\n");
	OK_TEXT(stub.text, "b");
	OK(move(&world, &nobody, "d", "e", RENAME_EXCHANGE) == 0);
	OK_TEXT(stub_calls(), "moved d e exchange\n");
	OK(put(&world, "e/c.prompt", "cc") == 0);
	OK_TEXT(stub_calls(), "writers e/c.prompt +1\norder e/c.prompt\nwriters e/c.prompt -1\n");
	OK(move(&world, &nobody, "e", "b.prompt", RENAME_EXCHANGE) == 0);
	OK_TEXT(stub_calls(), "deleted b.prompt\nmoved e b.prompt\n");
	OK_TEXT(content(&world, "b.prompt/c.prompt"), "cc");
	OK(move(&world, &nobody, "none", "x", RENAME_EXCHANGE) == -ENOENT);
	OK(move(&world, &nobody, "x", "none", RENAME_EXCHANGE) == -ENOENT);
	OK_TEXT(stub_calls(), "");
}

static void test_link(void)
{
	struct vfs_entry entry;
	WORLD(world);

	OK(put(&world, "x", "text") == 0);
	OK(vfs_link(world.vfs, node_of(&world, "x"), VFS_ROOT, "x.prompt", &entry) == 0);
	OK_TEXT(stub_calls(), "order x.prompt\n");
	OK(entry.node == node_of(&world, "x") && entry.attributes.st_nlink == 2);
	/* Written by its other name it still is the prompt. */
	OK(put(&world, "x", "more") == 0);
	OK_TEXT(stub_calls(), "writers x.prompt +1\norder x.prompt\nwriters x.prompt -1\n");
	OK(vfs_link(world.vfs, node_of(&world, "x"), VFS_ROOT, "x.prompt", &entry) == -EEXIST);
	OK(vfs_link(world.vfs, node_of(&world, "x"), VFS_ROOT, "x.status", &entry) == -EEXIST);
	OK(unlink_at(&world, "x.prompt") == 0);
	OK_TEXT(stub_calls(), "deleted x.prompt\n");
	OK(put(&world, "x", "again") == 0);
	OK_TEXT(stub_calls(), "");
}

static void test_writers(void)
{
	struct vfs_handle *handle, *second;
	WORLD(world);

	/* A file that is still being written becomes a prompt. */
	OK(create(&world, "tmp", O_WRONLY, &handle) == 0);
	OK(vfs_write(world.vfs, handle, "text", 4, 0) == 4);
	OK(move(&world, &nobody, "tmp", "a.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "writers a.prompt +1\norder a.prompt\n");
	OK(vfs_open(world.vfs, node_of(&world, "a.prompt"), O_WRONLY, &second) == 0);
	OK_TEXT(stub_calls(), "writers a.prompt +1\n");
	/* From prompt to prompt the engine takes them along. */
	OK(move(&world, &nobody, "a.prompt", "b.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "moved a.prompt b.prompt\n");
	OK(move(&world, &nobody, "b.prompt", "tmp", 0) == 0);
	OK_TEXT(stub_calls(), "writers b.prompt -2\ndeleted b.prompt\n");
	OK(move(&world, &nobody, "tmp", "none/x", 0) < 0);
	OK(vfs_write(world.vfs, handle, "more", 4, 0) == 4);
	vfs_release(world.vfs, handle);
	OK_TEXT(stub_calls(), "");
	OK(move(&world, &nobody, "tmp", "c.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "writers c.prompt +1\norder c.prompt\n");
	/* What fails changes nothing. */
	OK(make(&world, "d", S_IFDIR | 0755) == 0);
	OK(move(&world, &nobody, "c.prompt", "d", 0) == -EISDIR);
	OK_TEXT(stub_calls(), "writers c.prompt -1\nwriters c.prompt +1\n");
	/* Another prompt takes its place while it is written: those writers write nothing any more.
	 */
	OK(put(&world, "e.prompt", "e") == 0);
	stub_calls();
	OK(move(&world, &nobody, "e.prompt", "c.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "writers c.prompt -1\nmoved e.prompt c.prompt\n");
	OK(vfs_write(world.vfs, second, "gone", 4, 0) == 4);
	OK(vfs_flush(world.vfs, second) == 0);
	vfs_release(world.vfs, second);
	OK_TEXT(stub_calls(), "");
	/* Removed while it is written. */
	OK(vfs_open(world.vfs, node_of(&world, "c.prompt"), O_WRONLY, &handle) == 0);
	OK(unlink_at(&world, "c.prompt") == 0);
	OK(vfs_write(world.vfs, handle, "gone", 4, 0) == 4);
	OK(vfs_flush(world.vfs, handle) == 0);
	vfs_release(world.vfs, handle);
	OK_TEXT(stub_calls(), "writers c.prompt +1\nwriters c.prompt -1\ndeleted c.prompt\n");
}

static void test_carried_over(void)
{
	WORLD(world);

	if (!files_has_xattrs(world.files))
		return;
	OK(put(&world, "a.prompt", "a") == 0);
	OK(set(&world, "a.prompt", "user.darkroom.aspect_ratio", "16:9") == 0);
	OK(set(&world, "a.prompt", "user.note", "mine") == 0);
	OK(put(&world, "tmp", "b") == 0);
	OK(move(&world, &nobody, "tmp", "a.prompt", 0) == 0);
	OK_TEXT(stub.text, "b");
	OK_TEXT(stub.aspect_ratio, "16:9");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.aspect_ratio"), "16:9");
	OK_TEXT(get(&world, "a.prompt", "user.note"), "ENODATA");
	/* One that has some keeps its own. */
	OK(put(&world, "tmp", "c") == 0);
	OK(set(&world, "tmp", "user.darkroom.quality", "basic") == 0);
	OK(move(&world, &nobody, "tmp", "a.prompt", 0) == 0);
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.aspect_ratio"), "ENODATA");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.quality"), "basic");
	/* Pictures too, but not when the publisher replaces one. */
	OK(put(&world, "a.png", "1") == 0);
	OK(set(&world, "a.png", "user.darkroom.task.uuid", "u") == 0);
	OK(put(&world, "edited", "2") == 0);
	OK(move(&world, &nobody, "edited", "a.png", 0) == 0);
	OK_TEXT(get(&world, "a.png", "user.darkroom.task.uuid"), "u");
	OK(put(&world, "new", "3") == 0);
	OK(move(&world, &publisher, "new", "a.png", 0) == 0);
	OK_TEXT(get(&world, "a.png", "user.darkroom.task.uuid"), "ENODATA");
}

/* ---- reconcile ---- */

static void test_reconcile(void)
{
	WORLD(world);

	put_below(&world, "same.prompt", "same");
	put_below(&world, "touched.prompt", "touched");
	put_below(&world, "changed.prompt", "changed");
	put_below(&world, "new.prompt", "new");
	put_below(&world, "empty.prompt", "");
	OK(mkdirat(world.fd, "d", 0755) == 0);
	put_below(&world, "d/deep.prompt", "deep");
	put_below(&world, ".darkroom/takes/kept.prompt", "kept");
	OK(symlinkat("d", world.fd, "link") == 0 && mkdirat(world.fd, "dir.prompt", 0755) == 0);
	stub.known_count = 0;
	known_set(&world, "same.prompt", NULL);
	known_set(&world, "touched.prompt", "touched");
	known_set(&world, "changed.prompt", "before");
	known_set(&world, "gone.prompt", "gone");
	known_set(&world, "link/deep.prompt", "deep");
	known_set(&world, "dir.prompt", "x");
	known_set(&world, "nodir/x.prompt", "x");
	OK(vfs_reconcile(world.vfs) == 0);
	OK_TEXT(stub_calls(), "order changed.prompt unmounted\ndeleted gone.prompt\n"
	                      "deleted link/deep.prompt\ndeleted dir.prompt\n"
	                      "deleted nodir/x.prompt\n");
	stub.order_result = -EIO;
	OK(vfs_reconcile(world.vfs) == -EIO);
	stub.order_result = 0;
	stub_calls();

	stub.known_count = 0;
	known_set(&world, "changed.prompt", "before");
	stub_view_set("same.prompt", stub_view_new(TASK_SUCCESS, "", ""));
	stub_view_set("touched.prompt", stub_view_new(TASK_SUCCESS, "", ""));
	stub_view_set("changed.prompt", stub_view_new(TASK_SUCCESS, "", ""));
	world_mount(&world, false, true);
	OK(vfs_reconcile(world.vfs) == 0);
	{
		const char *calls = stub_calls();

		OK(strstr(calls, "order changed.prompt\n"));
		OK(strstr(calls, "order new.prompt\n"));
		OK(strstr(calls, "order d/deep.prompt\n"));
		OK_NAMED(strlen(calls) == strlen("order changed.prompt\norder new.prompt\n"
		                                 "order d/deep.prompt\n"),
		        calls);
	}
	stub.known_count = 0;
}
