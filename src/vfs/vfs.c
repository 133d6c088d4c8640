/* SPDX-License-Identifier: MIT */
/* The vfs as a whole, and what the publisher asks of it. */
#include "internal.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

void fd_path(int fd, char path[static FD_PATH_SIZE])
{
	snprintf(path, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
}

int fd_reopen(int fd, int flags, int *ret_fd)
{
	char path[FD_PATH_SIZE];
	int opened;

	fd_path(fd, path);
	opened = open(path, (flags & ~O_NOFOLLOW) | O_CLOEXEC);
	if (opened < 0)
		return -errno;
	*ret_fd = opened;
	return 0;
}

int fd_stat(int fd, struct stat *ret_stat)
{
	return fstatat(fd, "", ret_stat, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

int64_t stat_ctime_ns(const struct stat *st)
{
	return (int64_t)st->st_ctim.tv_sec * INT64_C(1000000000) + st->st_ctim.tv_nsec;
}

static int open_roots(struct vfs *vfs, struct err *err)
{
	CLEANUP(close_p) int root = openat(vfs->source_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(close_p) int own = -1;
	struct stat st;
	int r = root < 0 ? -errno : fd_stat(root, &st);

	if (r < 0)
		return err_set(err, r, "SOURCE: %s", strerror(-r));
	own = openat(root, FILES_DIRECTORY, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (own < 0)
		return err_set(err, -errno, "%s in SOURCE: %s", FILES_DIRECTORY, strerror(errno));
	r = node_add_real(vfs, NULL, "", &root, &st, &vfs->root);
	if (r == 0)
		r = node_add_virtual(
		        vfs, NODE_DARKROOM, vfs->root, FILES_DIRECTORY, &vfs->darkroom);
	if (r < 0)
		return err_set(err, r, "%s", strerror(-r));
	vfs->darkroom->fd = take_fd(&own);
	return 0;
}

static void locks_init(struct vfs *vfs)
{
	pthread_rwlockattr_t attributes;

	/* Renames must not starve while look-ups keep coming; no thread reads twice. */
	pthread_rwlockattr_init(&attributes);
	pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_mutex_init(&vfs->departed_lock, NULL);
	pthread_rwlock_init(&vfs->orders, &attributes);
	pthread_rwlock_init(&vfs->names, &attributes);
	pthread_rwlockattr_destroy(&attributes);
	for (size_t i = 0; i < COMMIT_LOCKS; i++)
		pthread_mutex_init(&vfs->commit[i], NULL);
}

int vfs_new(const struct vfs_options *options, struct vfs **ret_vfs, struct err *err)
{
	CLEANUP(vfs_free_p) struct vfs *vfs = calloc(1, sizeof(*vfs));
	int r;

	if (!vfs)
		return err_set(err, -ENOMEM, "out of memory");
	vfs->source_fd = -1;
	locks_init(vfs);
	r = table_init(&vfs->table);
	if (r < 0)
		return err_set(err, r, "out of memory");
	vfs->providers = options->providers;
	vfs->engine = options->engine;
	vfs->files = options->files;
	vfs->settings = options->settings;
	vfs->status_hidden = options->status_hidden;
	vfs->order_unmounted = options->order_unmounted;
	vfs->is_root = geteuid() == 0;
	clock_gettime(CLOCK_REALTIME, &vfs->started);
	vfs->source_fd = fcntl(options->source_fd, F_DUPFD_CLOEXEC, 0);
	if (vfs->source_fd < 0)
		return err_set(err, -errno, "SOURCE: %s", strerror(errno));
	r = open_roots(vfs, err);
	if (r < 0)
		return r;
	*ret_vfs = TAKE(vfs);
	return 0;
}

void vfs_free(struct vfs *vfs)
{
	if (!vfs)
		return;
	departed_done(vfs);
	if (vfs->table.slots)
		table_done(&vfs->table);
	close_p(&vfs->source_fd);
	pthread_mutex_destroy(&vfs->departed_lock);
	pthread_rwlock_destroy(&vfs->orders);
	pthread_rwlock_destroy(&vfs->names);
	for (size_t i = 0; i < COMMIT_LOCKS; i++)
		pthread_mutex_destroy(&vfs->commit[i]);
	free(vfs);
}

void vfs_free_p(struct vfs **vfs)
{
	vfs_free(*vfs);
	*vfs = NULL;
}

int vfs_statfs(struct vfs *vfs, struct statvfs *ret_statvfs)
{
	return fstatvfs(vfs->source_fd, ret_statvfs) < 0 ? -errno : 0;
}

/* ---- for the publisher ---- */

dev_t vfs_device(const struct vfs *vfs)
{
	return vfs->root->device;
}

/* Opens a path below SOURCE, wherever its components lead, but not out of SOURCE. */
static int open_path(struct vfs *vfs, const char *path, int *ret_fd)
{
	struct open_how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
	        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
	long fd = syscall(SYS_openat2, vfs->source_fd, *path ? path : ".", &how, sizeof(how));

	if (fd < 0)
		return -errno;
	*ret_fd = (int)fd;
	return 0;
}

/* The node of what lies at a path, referenced, or NULL where the table has none. */
static struct node *find_path(struct vfs *vfs, const char *path)
{
	CLEANUP(close_p) int fd = -1;
	struct stat st;

	if (strcmp(path, FILES_DIRECTORY) == 0)
		return node_ref(vfs, vfs->darkroom);
	if (open_path(vfs, path, &fd) < 0 || fd_stat(fd, &st) < 0)
		return NULL;
	return node_find_real(vfs, st.st_dev, st.st_ino);
}

/* Splits a path at its last slash; the directory is the caller's, NULL without memory. */
static char *split_path(const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');

	*ret_name = slash ? slash + 1 : path;
	return strndup(path, slash ? (size_t)(slash - path) : 0);
}

static uint64_t virtual_id(struct vfs *vfs, enum node_kind kind, struct node *parent,
        const char *prompt_name, const char *suffix)
{
	char name[NAME_MAX + 1];
	size_t stem;

	if (prompt_name_kind(prompt_name, &stem) != PROMPT_NAME_PROMPT ||
	        !prompt_name_make(prompt_name, stem, suffix, name))
		return 0;
	HELD(found, vfs);
	found.node = node_find_virtual(vfs, kind, parent, name);
	return found.node ? found.node->id : 0;
}

void vfs_find_prompt(struct vfs *vfs, const char *path, struct vfs_prompt_nodes *ret_nodes)
{
	const char *name;
	CLEANUP(free_p) char *directory = split_path(path, &name);

	CLEANUP(view_unref_p) struct view *view = engine_view(vfs->engine, path);

	*ret_nodes = (struct vfs_prompt_nodes){.ended = !view || view_has_ended(view)};
	if (!directory)
		return;
	HELD(parent, vfs);
	HELD(prompt, vfs);
	parent.node = find_path(vfs, directory);
	prompt.node = find_path(vfs, path);
	if (prompt.node)
		ret_nodes->prompt = prompt.node->id;
	if (parent.node) {
		ret_nodes->status = virtual_id(vfs, NODE_STATUS, parent.node, name, "status");
		ret_nodes->wait = virtual_id(vfs, NODE_WAIT, parent.node, name, "wait");
	}
}

static void name_fill(struct vfs *vfs, const char *path, struct vfs_name *ret_name)
{
	const char *name;
	CLEANUP(free_p) char *directory = split_path(path, &name);

	*ret_name = (struct vfs_name){0};
	if (!directory || strlen(name) > NAME_MAX)
		return;
	HELD(parent, vfs);
	parent.node = find_path(vfs, directory);
	if (!parent.node)
		return;
	ret_name->parent = parent.node->id;
	memcpy(ret_name->name, name, strlen(name) + 1);
}

int vfs_rename_direct(struct vfs *vfs, const char *from, const char *to, unsigned flags,
        struct vfs_name *ret_from, struct vfs_name *ret_to)
{
	WITH_WRITE(&vfs->names);
	HELD(moved, vfs);
	HELD(replaced, vfs);
	HELD(parent, vfs);
	struct vfs_name old, new;
	int r;

	moved.node = find_path(vfs, from);
	replaced.node = find_path(vfs, to);
	name_fill(vfs, from, &old);
	name_fill(vfs, to, &new);
	r = files_rename_direct(vfs->files, from, to, flags);
	if (r < 0)
		return r;
	parent.node = new.parent ? node_get(vfs, new.parent) : NULL;
	if (replaced.node && parent.node)
		node_unname(vfs, replaced.node, parent.node, new.name);
	if (moved.node && parent.node)
		r = node_rename(vfs, moved.node, parent.node, new.name);
	else if (moved.node)
		node_unname_any(vfs, moved.node);
	*ret_from = old;
	*ret_to = new;
	return r;
}
