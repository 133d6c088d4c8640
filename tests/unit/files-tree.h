/* SPDX-License-Identifier: MIT */
/* A SOURCE of its own in a temporary directory, small pictures to put there, and the whole tree as
 * one text to compare. */
#pragma once

#include "darkroom/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

static const unsigned char tree_png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13,
        'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0,
        10, 'I', 'D', 'A', 'T', 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0,
        0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};

static const unsigned char tree_gif[] = {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0x80, 0, 0, 0, 0,
        0, 255, 255, 255, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b};

struct tree {
	char path[256];
	int fd;
	struct files *files;
};

static __attribute__((noreturn)) void tree_die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static void tree_open(struct tree *tree)
{
	const char *temporary = getenv("TMPDIR");
	struct err err = {.text = ""};
	int r;

	snprintf(tree->path, sizeof(tree->path), "%s/darkroom-files-XXXXXX",
	        temporary && *temporary ? temporary : "/tmp");
	if (!mkdtemp(tree->path))
		tree_die(tree->path);
	tree->fd = open(tree->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tree->fd < 0)
		tree_die(tree->path);
	r = files_open(tree->fd, &tree->files, &err);
	if (r < 0) {
		printf("# %s\n", err.text);
		errno = -r;
		tree_die("files_open");
	}
}

static void tree_remove(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!directory) {
		unlinkat(at, name, 0);
		return;
	}
	while ((entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			tree_remove(dirfd(directory), entry->d_name);
	}
	closedir(directory);
	unlinkat(at, name, AT_REMOVEDIR);
}

static void tree_close_p(struct tree *tree)
{
	files_free(tree->files);
	close(tree->fd);
	tree_remove(AT_FDCWD, tree->path);
}

#define TREE(name)                                           \
	CLEANUP(tree_close_p) struct tree name = {.fd = -1}; \
	tree_open(&name)

/* Writes a file anew, under another inode than one that was there. */
static void tree_put(const struct tree *tree, const char *path, const char *text)
{
	char beside[512];
	int fd;

	snprintf(beside, sizeof(beside), "%s~", path);
	fd = openat(tree->fd, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 || write_all(fd, text, strlen(text)) < 0 ||
	        renameat(tree->fd, beside, tree->fd, path) < 0)
		tree_die(path);
	close(fd);
}

/* What the text of the tree says of one file: its last byte for a picture, its text otherwise. */
static void tree_add_file(int at, const char *name, const char *path, struct buf *text)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(0);
	CLEANUP(close_p) int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool picture;
	int r;

	if (fd < 0 || read_all(fd, 4096, &bytes) < 0)
		tree_die(path);
	picture = bytes.size > sizeof(tree_gif);
	r = buf_addf(text, "%s=%s\n", path,
	        !bytes.size ? ""
	        : picture   ? bytes.data + bytes.size - 1
	                    : bytes.data);
	if (r < 0)
		tree_die(path);
}

static void tree_add(int at, const char *name, const char *path, struct buf *text)
{
	struct dirent **entries = NULL;
	int i, count = scandirat(at, name, &entries, NULL, alphasort);

	if (count < 0)
		tree_die(path);
	for (i = 0; i < count; i++) {
		const char *child = entries[i]->d_name;
		char longer[1024];
		struct stat st;
		CLEANUP(close_p) int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		snprintf(longer, sizeof(longer), "%s%s%s", path, *path ? "/" : "", child);
		if (strcmp(child, ".") != 0 && strcmp(child, "..") != 0 &&
		        strcmp(child, "lock") != 0 &&
		        fstatat(fd, child, &st, AT_SYMLINK_NOFOLLOW) == 0) {
			if (S_ISDIR(st.st_mode))
				tree_add(fd, child, longer, text);
			else if (S_ISREG(st.st_mode))
				tree_add_file(fd, child, longer, text);
		}
		free(entries[i]);
	}
	free(entries);
}

/* Every regular file but the lock, as lines "path=content"; owned by the caller. */
static char *tree_text(const struct tree *tree)
{
	struct buf text = BUF_INIT(1 << 20);

	tree_add(tree->fd, ".", "", &text);
	return buf_take(&text);
}

static bool tree_is(const struct tree *tree, const char *expected)
{
	CLEANUP(free_p) char *text = tree_text(tree);
	bool same = text && strcmp(text, expected) == 0;

	if (!same)
		printf("# expected:\n# %s\n# got:\n# %s\n", expected, text ? text : "(null)");
	return same;
}

static uint64_t tree_inode(const struct tree *tree, const char *path)
{
	struct stat st;

	if (fstatat(tree->fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		tree_die(path);
	return st.st_ino;
}

/* Puts bytes and a last letter into incoming/. */
static void tree_receive(const struct tree *tree, const char *take, unsigned index,
        const void *bytes, size_t size, char letter)
{
	int fd = -1;

	if (files_receive(tree->files, take, index, &fd) < 0 || write_all(fd, bytes, size) < 0 ||
	        write_all(fd, &letter, 1) < 0)
		tree_die("files_receive");
	close(fd);
}

/* A finished picture; the letter tells it from others. */
static struct files_show_picture tree_picture(const struct tree *tree, const char *take,
        unsigned index, enum files_format wanted, char letter)
{
	struct files_attributes attributes = {
	        .take_uuid = take, .task_id = "task", .comment = "lamp"};
	struct files_show_picture picture = {.index = index};
	char sha256[DIGEST_TEXT_SIZE];
	struct err err = {.text = ""};

	if (wanted == FILES_GIF)
		tree_receive(tree, take, index, tree_gif, sizeof(tree_gif), letter);
	else
		tree_receive(tree, take, index, tree_png, sizeof(tree_png), letter);
	if (files_finish(tree->files, take, index, &attributes, getuid(), getgid(), 0644,
	            &picture.format, &picture.inode, sha256, &err) < 0) {
		printf("# %s\n", err.text);
		tree_die("files_finish");
	}
	return picture;
}
