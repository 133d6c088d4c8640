/* SPDX-License-Identifier: MIT */
/* What the engine's publisher asks of the mount: renames that watchers of the mount see, and news
 * of prompts.  Its thread is known to the operations by its number, which opens
 * `.darkroom/incoming` to it alone; that it sees this directory also proves that what it reaches is
 * this mount.
 */
#include "internal.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

static void publisher_learn(struct mount *mount)
{
	atomic_store(&mount->publisher, (int)gettid());
}

static int open_below(int root, const char *path, int *ret_fd)
{
	struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
	        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	if (fd < 0)
		return -errno;
	*ret_fd = (int)fd;
	return 0;
}

/* Reaches the root of this mount.  Never kept: it would keep the mount busy. */
static int open_root(struct mount *mount, int *ret_fd)
{
	CLEANUP(close_p) int root = open(mount->mountpoint, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(close_p) int incoming = -1;
	struct statfs statfs;
	struct stat st;
	int r;

	if (root < 0 || fstatfs(root, &statfs) < 0 || fstat(root, &st) < 0)
		return -errno;
	if (statfs.f_type != FUSE_SUPER_MAGIC || st.st_dev == vfs_device(mount->vfs))
		return -ENOTCONN;
	r = open_below(root, FILES_DIRECTORY "/" FILES_INCOMING, &incoming);
	if (r < 0)
		return r;
	*ret_fd = take_fd(&root);
	return 0;
}

/* Opens the directory of a path; *ret_name points into the path. */
static int open_parent(int root, const char *path, int *ret_fd, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	CLEANUP(free_p)
	char *directory = slash ? strndup(path, (size_t)(slash - path)) : strdup(".");

	if (!directory)
		return -ENOMEM;
	*ret_name = slash ? slash + 1 : path;
	return open_below(root, directory, ret_fd);
}

/* Errors of the way, as opposed to those of the rename. */
static bool is_unreachable(int r)
{
	return r == -ENOTCONN || r == -ECONNABORTED || r == -ENODEV || r == -ESTALE ||
	       r == -EACCES || r == -EPERM || r == -EXDEV || r == -EROFS || r == -EINTR;
}

/* -ENOTCONN for whatever keeps the rename from reaching the mount. */
static int rename_through(struct mount *mount, const char *from, const char *to, unsigned flags)
{
	CLEANUP(close_p) int root = -1;
	CLEANUP(close_p) int old = -1;
	CLEANUP(close_p) int new = -1;
	const char *old_name = NULL, *new_name = NULL;

	if (open_root(mount, &root) < 0 || open_parent(root, from, &old, &old_name) < 0 ||
	        open_parent(root, to, &new, &new_name) < 0)
		return -ENOTCONN;
	if (renameat2(old, old_name, new, new_name, flags) == 0)
		return 0;
	return is_unreachable(-errno) ? -ENOTCONN : -errno;
}

static int host_rename(void *context, const char *from, const char *to, unsigned flags)
{
	struct mount *mount = context;
	struct vfs_name old, new;
	int r;

	publisher_learn(mount);
	r = rename_through(mount, from, to, flags);
	if (r != -ENOTCONN)
		return r;
	r = vfs_rename_direct(mount->vfs, from, to, flags, &old, &new);
	if (r < 0)
		return r;
	/* Fails where nothing is mounted any more, and then does not matter. */
	if (old.parent)
		(void)!fuse_lowlevel_notify_inval_entry(
		        mount->session, old.parent, old.name, strlen(old.name));
	if (new.parent)
		(void)!fuse_lowlevel_notify_inval_entry(
		        mount->session, new.parent, new.name, strlen(new.name));
	return 0;
}

static void host_changed(void *context, const char *path)
{
	struct mount *mount = context;
	struct vfs_prompt_nodes nodes;

	publisher_learn(mount);
	vfs_find_prompt(mount->vfs, path, &nodes);
	if (nodes.status)
		(void)!fuse_lowlevel_notify_inval_inode(mount->session, nodes.status, 0, 0);
	wait_wake(mount, &nodes);
}

void mount_host(struct mount *mount, struct engine_host *ret_host)
{
	*ret_host = (struct engine_host){
	        .context = mount,
	        .changed = host_changed,
	        .rename = host_rename,
	        .rename_context = mount,
	};
}
