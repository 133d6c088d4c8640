/* SPDX-License-Identifier: MIT */
/* New files, and changes of their attributes. */
#include "internal.h"

#include <fcntl.h>

/* A file made for another user belongs to that user, as if the user had made it. */
static int give_away(struct vfs *vfs, const struct vfs_caller *caller, struct node *parent, int fd,
        struct stat *st)
{
	char path[FD_PATH_SIZE];
	struct stat above;
	gid_t gid = caller->gid;
	int r = 0;

	if (!vfs->is_root)
		return 0;
	r = fd_stat(parent->fd, &above);
	if (r < 0)
		return r;
	if (above.st_mode & S_ISGID)
		gid = st->st_gid;
	if (caller->uid == st->st_uid && gid == st->st_gid)
		return 0;
	if (fchownat(fd, "", caller->uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	/* Changing the owner took these away. */
	fd_path(fd, path);
	if (!S_ISLNK(st->st_mode) && (st->st_mode & (S_ISUID | S_ISGID)) &&
	        chmod(path, st->st_mode & 07777) < 0)
		return -errno;
	return fd_stat(fd, st);
}

/* Makes the entry of a name that was just made. */
static int entry_make(struct vfs *vfs, const struct vfs_caller *caller, struct node *parent,
        const char *name, struct vfs_entry *ret_entry)
{
	CLEANUP(close_p) int fd = openat(parent->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	HELD(made, vfs);
	struct stat st;
	int r = fd < 0 ? -errno : fd_stat(fd, &st);

	if (r == 0)
		r = give_away(vfs, caller, parent, fd, &st);
	if (r == 0)
		r = node_add_real(vfs, parent, name, &fd, &st, &made.node);
	return r < 0 ? r : entry_fill(vfs, made.node, &st, ret_entry);
}

int vfs_make(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        mode_t mode, dev_t device, struct vfs_entry *ret_entry)
{
	WITH_READ(&vfs->names);
	HELD(directory, vfs);
	int r;

	directory.node = node_get(vfs, parent);
	if (!directory.node)
		return -ESTALE;
	r = name_check_new(vfs, directory.node, name);
	if (r < 0)
		return r;
	if (S_ISDIR(mode))
		r = mkdirat(directory.node->fd, name, mode & 07777);
	else
		r = mknodat(directory.node->fd, name, mode, device);
	return r < 0 ? -errno : entry_make(vfs, caller, directory.node, name, ret_entry);
}

int vfs_symlink(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        const char *target, struct vfs_entry *ret_entry)
{
	WITH_READ(&vfs->names);
	HELD(directory, vfs);
	int r;

	directory.node = node_get(vfs, parent);
	if (!directory.node)
		return -ESTALE;
	r = name_check_new(vfs, directory.node, name);
	if (r < 0)
		return r;
	if (symlinkat(target, directory.node->fd, name) < 0)
		return -errno;
	return entry_make(vfs, caller, directory.node, name, ret_entry);
}

/* ---- create ---- */

/* Opens a new file, or an old one where that is allowed. */
static int open_new(
        struct node *parent, const char *name, int flags, mode_t mode, int *ret_fd, bool *ret_made)
{
	int keep = (flags & ~(O_CREAT | O_EXCL | O_APPEND | O_DIRECT | O_NOCTTY)) | O_NOFOLLOW |
	           O_CLOEXEC;
	int fd;

	/* A file that comes and goes under the name ends this some time. */
	for (;;) {
		fd = openat(parent->fd, name, (keep & ~O_TRUNC) | O_CREAT | O_EXCL, mode & 07777);
		if (fd >= 0 || errno != EEXIST || (flags & O_EXCL))
			break;
		fd = openat(parent->fd, name, keep);
		if (fd >= 0) {
			*ret_fd = fd;
			*ret_made = false;
			return 0;
		}
		if (errno != ENOENT)
			break;
	}
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	*ret_made = true;
	return 0;
}

/* The node and the handle of a file that was opened by its name; fd is taken. */
static int adopt(struct vfs *vfs, struct node *parent, const char *name, int flags, int *fd,
        const struct stat *st, struct node **ret_node, struct vfs_handle **ret_handle)
{
	CLEANUP(close_p) int path_fd = -1;
	HELD(made, vfs);
	int r = fd_reopen(*fd, O_PATH, &path_fd);

	if (r == 0)
		r = node_add_real(vfs, parent, name, &path_fd, st, &made.node);
	if (r == 0)
		r = handle_new(vfs, VFS_HANDLE_FILE, made.node, ret_handle);
	if (r < 0)
		return r;
	(*ret_handle)->fd = take_fd(fd);
	(*ret_handle)->writer = (flags & O_ACCMODE) != O_RDONLY;
	*ret_node = held_take(&made);
	return 0;
}

int vfs_create(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        int flags, mode_t mode, struct vfs_entry *ret_entry, struct vfs_handle **ret_handle)
{
	CLEANUP(close_p) int fd = -1;
	HELD(directory, vfs);
	HELD(node, vfs);
	struct vfs_handle *handle = NULL;
	struct stat st;
	bool made = false;
	int r;

	directory.node = node_get(vfs, parent);
	if (!directory.node)
		return -ESTALE;
	{
		WITH_READ(&vfs->names);

		r = name_check_new(vfs, directory.node, name);
		if (r == 0)
			r = open_new(directory.node, name, flags, mode, &fd, &made);
		if (r == 0 && fstat(fd, &st) < 0)
			r = -errno;
		if (r == 0 && made)
			r = give_away(vfs, caller, directory.node, fd, &st);
		if (r == 0)
			r = adopt(vfs, directory.node, name, flags, &fd, &st, &node.node, &handle);
	}
	if (r < 0)
		return r;
	if (handle->writer) {
		writer_opened(vfs, node.node);
		if (!made && (flags & O_TRUNC))
			file_written(vfs, node.node, handle->fd);
		/* An editor that saves an empty prompt anew writes nothing; touch(1) does not
		 * truncate. */
		if (made && (flags & O_TRUNC))
			atomic_store_explicit(&node.node->fresh, true, memory_order_release);
	}
	*ret_handle = handle;
	return entry_fill(vfs, node.node, &st, ret_entry);
}

/* ---- setattr ---- */

static int set_size(
        struct vfs *vfs, struct node *node, struct vfs_handle *handle, off_t size, int *ret_commit)
{
	CLEANUP(close_p) int own = -1;
	int r = 0, fd = handle ? handle->fd : -1;

	if (fd < 0) {
		r = fd_reopen(node->fd, O_WRONLY, &own);
		fd = own;
	}
	if (r == 0 && ftruncate(fd, size) < 0)
		r = -errno;
	if (r < 0)
		return r;
	file_written(vfs, node, fd);
	/* With a writer at work its close commits. */
	if (!handle && !node_has_writers(vfs, node))
		*ret_commit = 1;
	return 0;
}

static int set_times(struct node *node, const struct vfs_change *change)
{
	const struct timespec times[2] = {
	        change->what & VFS_SET_ATIME ? change->atime
	                                     : (struct timespec){.tv_nsec = UTIME_OMIT},
	        change->what & VFS_SET_MTIME ? change->mtime
	                                     : (struct timespec){.tv_nsec = UTIME_OMIT},
	};

	return utimensat(node->fd, "", times, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int set_owner(struct node *node, const struct vfs_change *change)
{
	uid_t uid = change->what & VFS_SET_UID ? change->uid : (uid_t)-1;
	gid_t gid = change->what & VFS_SET_GID ? change->gid : (gid_t)-1;

	return fchownat(node->fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0 ? -errno
	                                                                                 : 0;
}

static int set_mode(struct node *node, struct vfs_handle *handle, mode_t mode)
{
	char path[FD_PATH_SIZE];

	fd_path(node->fd, path);
	return (handle && handle->fd >= 0 ? fchmod(handle->fd, mode & 07777)
	                                  : chmod(path, mode & 07777)) < 0
	               ? -errno
	               : 0;
}

int vfs_setattr(struct vfs *vfs, uint64_t node, struct vfs_handle *handle,
        const struct vfs_change *change, struct stat *ret_stat, double *ret_timeout)
{
	HELD(held, vfs);
	int r = 0, commit = 0;

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	/* Shells open a status file with O_TRUNC to write a command. */
	if (held.node->kind == NODE_STATUS && change->what && !(change->what & ~VFS_SET_SIZE) &&
	        change->size == 0)
		return vfs_getattr(vfs, node, NULL, ret_stat, ret_timeout);
	if (held.node->kind != NODE_REAL)
		return -EPERM;
	/* The owner before the mode, whose bits it takes away; times last, which all others set. */
	if (change->what & (VFS_SET_UID | VFS_SET_GID))
		r = set_owner(held.node, change);
	if (r == 0 && (change->what & VFS_SET_MODE))
		r = set_mode(held.node, handle, change->mode);
	if (r == 0 && (change->what & VFS_SET_SIZE))
		r = set_size(vfs, held.node, handle, change->size, &commit);
	if (r == 0 && (change->what & (VFS_SET_ATIME | VFS_SET_MTIME)))
		r = set_times(held.node, change);
	if (r == 0 && commit)
		r = commit_node_quietly(vfs, held.node);
	return r < 0 ? r : vfs_getattr(vfs, node, handle, ret_stat, ret_timeout);
}
