/* SPDX-License-Identifier: MIT */
/* Prompts on record that are to be looked at again: after a mount, for what happened meanwhile, and
 * when the settings of a directory above them change. */
#include "internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static enum engine_cause cause_of(const struct vfs *vfs)
{
	return vfs->order_unmounted ? ENGINE_WRITTEN : ENGINE_UNMOUNTED;
}

/* Errors of one file, as opposed to those of the disk or the engine.  What a full disk keeps from
 * being recorded is not sent, and space can only be made once it is mounted. */
static bool is_passed_over(int r)
{
	return r == -ENOSPC || r == -EDQUOT || r == -ENOENT || r == -ENOTDIR || r == -EACCES ||
	       r == -EPERM || r == -ELOOP || r == -EINVAL || r == -ENAMETOOLONG || r == -EXDEV;
}

static int compare(struct vfs *vfs, struct node *node, const struct engine_known *known)
{
	CLEANUP(reading_done) struct reading reading = {0};
	int r = reading_make(vfs, node, known->path, &reading);

	if (r < 0)
		return r;
	if (reading.content.size == known->content_size &&
	        (!known->content_size ||
	                memcmp(reading.content.data, known->content, known->content_size) == 0))
		return 0;
	return commit_node(vfs, node, cause_of(vfs));
}

static int check_known(void *context, const struct engine_known *known)
{
	struct vfs *vfs = context;
	CLEANUP(free_p) char *path = NULL;
	HELD(prompt, vfs);
	struct stat st;
	int r = lookup_path(vfs, known->path, &prompt.node, &st);

	if (r == 0)
		r = node_prompt_path(vfs, prompt.node, &path);
	if (r == 0 && !path)
		r = -ENOENT;
	if (r == -ENOENT || r == -ENOTDIR) {
		engine_deleted(vfs->engine, known->path);
		return 0;
	}
	if (r == 0 && stat_ctime_ns(&st) != known->ctime_ns)
		r = compare(vfs, prompt.node, known);
	return is_passed_over(r) ? 0 : r;
}

/* ---- a directory's settings ---- */

struct below {
	struct vfs *vfs;
	char *prefix; /* the directory's path and a slash; "" for the root */
};

static int check_waiting(void *context, const struct engine_known *known)
{
	const struct below *below = context;
	CLEANUP(view_unref_p) struct view *view = NULL;
	HELD(prompt, below->vfs);
	struct stat st;
	int r;

	if (strncmp(known->path, below->prefix, strlen(below->prefix)) != 0)
		return 0;
	view = engine_view(below->vfs->engine, known->path);
	if (!view || view->state != TASK_QUEUED)
		return 0;
	{
		WITH_READ(&below->vfs->names);
		r = lookup_path(below->vfs, known->path, &prompt.node, &st);
	}
	if (r == 0)
		r = commit_node(below->vfs, prompt.node, ENGINE_WRITTEN);
	return is_passed_over(r) ? 0 : r;
}

int commit_waiting(struct vfs *vfs, struct node *directory)
{
	CLEANUP(free_p) char *path = NULL;
	struct below below = {.vfs = vfs};
	int r = node_child_path(vfs, directory, "", &path);

	/* A directory without a path has nothing below it. */
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	below.prefix = path;
	return engine_each_known(vfs->engine, check_waiting, &below);
}

/* ---- the walk for prompts without a record ---- */

/* Directories still to be read, as paths below SOURCE. */
struct todo {
	char **paths;
	size_t count, capacity;
};

static void todo_done(struct todo *todo)
{
	while (todo->count)
		free(todo->paths[--todo->count]);
	free(todo->paths);
}

static int todo_add(struct todo *todo, char *path)
{
	if (todo->count == todo->capacity) {
		size_t capacity = todo->capacity * 2 + 64;
		char **grown = reallocarray(todo->paths, capacity, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		todo->paths = grown;
		todo->capacity = capacity;
	}
	todo->paths[todo->count++] = path;
	return 0;
}

static int order_new(struct vfs *vfs, const char *path)
{
	struct view *view = engine_view(vfs->engine, path);
	HELD(prompt, vfs);
	struct stat st;
	int r;

	if (view) {
		view_unref(view);
		return 0;
	}
	r = lookup_path(vfs, path, &prompt.node, &st);
	if (r == 0 && S_ISREG(st.st_mode))
		r = commit_unwritten(vfs, prompt.node);
	return is_passed_over(r) ? 0 : r;
}

static int walk_entry(struct vfs *vfs, const char *directory, int fd, const struct dirent *entry,
        struct todo *todo)
{
	CLEANUP(free_p) char *path = NULL;
	const char *name = entry->d_name;
	mode_t type = DTTOIF(entry->d_type);
	struct stat st;
	int r = 0;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	        (!*directory && strcmp(name, FILES_DIRECTORY) == 0))
		return 0;
	if (!type && fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		type = st.st_mode & S_IFMT;
	if (type != S_IFDIR &&
	        (type != S_IFREG || prompt_name_kind(name, NULL) != PROMPT_NAME_PROMPT))
		return 0;
	if (asprintf(&path, "%s%s%s", directory, *directory ? "/" : "", name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (type == S_IFREG)
		return order_new(vfs, path);
	r = todo_add(todo, path);
	if (r == 0)
		path = NULL;
	return r;
}

static int walk_directory(struct vfs *vfs, const char *path, struct todo *todo)
{
	HELD(node, vfs);
	struct stat st;
	struct dirent *entry;
	DIR *directory;
	int fd = -1, r = lookup_path(vfs, path, &node.node, &st);

	if (r == 0)
		r = fd_reopen(node.node->fd, O_RDONLY | O_DIRECTORY, &fd);
	if (r < 0)
		return is_passed_over(r) ? 0 : r;
	directory = fdopendir(fd);
	if (!directory) {
		close_p(&fd);
		return -ENOMEM;
	}
	while (r == 0 && (errno = 0, entry = readdir(directory)))
		r = walk_entry(vfs, path, dirfd(directory), entry, todo);
	if (r == 0)
		r = -errno;
	closedir(directory);
	return r;
}

static int walk(struct vfs *vfs)
{
	CLEANUP(todo_done) struct todo todo = {0};
	char *first = strdup("");
	int r = first ? todo_add(&todo, first) : -ENOMEM;

	if (r < 0)
		free(first);
	while (r == 0 && todo.count) {
		CLEANUP(free_p) char *path = todo.paths[--todo.count];

		r = walk_directory(vfs, path, &todo);
	}
	return r;
}

int vfs_reconcile(struct vfs *vfs)
{
	int r = engine_each_known(vfs->engine, check_known, vfs);

	return r == 0 && vfs->order_unmounted ? walk(vfs) : r;
}
