/* SPDX-License-Identifier: MIT */
/* Open files of SOURCE, and what writing means to a prompt. */
#include "internal.h"

#include <fcntl.h>

enum vfs_handle_kind vfs_handle_kind(const struct vfs_handle *handle)
{
	return handle->kind;
}

int handle_new(struct vfs *vfs, enum vfs_handle_kind kind, struct node *node,
        struct vfs_handle **ret_handle)
{
	struct vfs_handle *handle = calloc(1, sizeof(*handle));

	if (!handle)
		return -ENOMEM;
	handle->kind = kind;
	handle->node = node_ref(vfs, node);
	handle->fd = -1;
	pthread_mutex_init(&handle->lock, NULL);
	*ret_handle = handle;
	return 0;
}

void writer_opened(struct vfs *vfs, struct node *node)
{
	node_writers(vfs, node, +1);
}

void file_written(struct vfs *vfs, struct node *node, int fd)
{
	struct stat st;

	atomic_store_explicit(&node->changed, true, memory_order_release);
	/* The kernel leaves this to us; below, root's own writes would keep them. */
	if (vfs->is_root && fstat(fd, &st) == 0 &&
	        ((st.st_mode & S_ISUID) ||
	                (st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP)))
		(void)fchmod(fd, st.st_mode & 07777 & ~(mode_t)(S_ISUID | S_ISGID));
}

int vfs_open(struct vfs *vfs, uint64_t node, int flags, struct vfs_handle **ret_handle)
{
	CLEANUP(close_p) int fd = -1;
	HELD(held, vfs);
	struct vfs_handle *handle = NULL;
	int r;

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	if (held.node->kind != NODE_REAL)
		return S_ISDIR(held.node->type)
		               ? -EISDIR
		               : gone_is_stale(status_open(vfs, held.node, flags, ret_handle));
	/* Offsets come from the kernel, which serialises those who append through the mount; direct
	 * reads and writes come in buffers of ours. */
	r = fd_reopen(
	        held.node->fd, flags & ~(O_CREAT | O_EXCL | O_APPEND | O_DIRECT | O_NOCTTY), &fd);
	if (r == 0)
		r = handle_new(vfs, VFS_HANDLE_FILE, held.node, &handle);
	if (r < 0)
		return r;
	handle->fd = take_fd(&fd);
	handle->writer = (flags & O_ACCMODE) != O_RDONLY;
	if (handle->writer) {
		writer_opened(vfs, held.node);
		if (flags & O_TRUNC)
			file_written(vfs, held.node, handle->fd);
	}
	*ret_handle = handle;
	return 0;
}

ssize_t vfs_read(struct vfs *vfs, struct vfs_handle *handle, void *bytes, size_t size, off_t offset)
{
	size_t got = 0;

	switch (handle->kind) {
	case VFS_HANDLE_VIRTUAL:
		return status_read(vfs, handle, bytes, size, offset);
	case VFS_HANDLE_WAIT:
		return vfs_wait_read(vfs, handle, bytes, size, offset);
	case VFS_HANDLE_FILE:
		break;
	}
	/* The kernel takes a short answer for the end of the file. */
	while (got < size) {
		ssize_t n = pread(handle->fd, (char *)bytes + got, size - got, offset + (off_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return got ? (ssize_t)got : -errno;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

ssize_t vfs_write(
        struct vfs *vfs, struct vfs_handle *handle, const void *bytes, size_t size, off_t offset)
{
	ssize_t done;

	if (handle->kind != VFS_HANDLE_FILE)
		return status_write(vfs, handle, bytes, size);
	do
		done = pwrite(handle->fd, bytes, size, offset);
	while (done < 0 && errno == EINTR);
	if (done < 0)
		return -errno;
	if (done > 0)
		file_written(vfs, handle->node, handle->fd);
	return done;
}

static int commit_changed(struct vfs *vfs, struct vfs_handle *handle)
{
	return handle->writer ? commit_if_changed(vfs, handle->node) : 0;
}

int vfs_flush(struct vfs *vfs, struct vfs_handle *handle)
{
	int copy, r;

	if (handle->kind != VFS_HANDLE_FILE || !handle->writer)
		return 0;
	/* Some filesystems say only at close(2) that data did not reach them. */
	copy = fcntl(handle->fd, F_DUPFD_CLOEXEC, 0);
	r = copy >= 0 && close(copy) < 0 ? -errno : 0;
	if (r == -EINTR)
		r = 0;
	return r < 0 ? r : commit_changed(vfs, handle);
}

int vfs_fsync(struct vfs *vfs, struct vfs_handle *handle, bool data_only)
{
	if (handle->kind != VFS_HANDLE_FILE)
		return 0;
	if ((data_only ? fdatasync(handle->fd) : fsync(handle->fd)) < 0)
		return -errno;
	return commit_changed(vfs, handle);
}

void vfs_release(struct vfs *vfs, struct vfs_handle *handle)
{
	if (!handle)
		return;
	if (handle->kind == VFS_HANDLE_FILE && handle->writer) {
		/* What was written by a mapping comes after the last close. */
		(void)!commit_changed(vfs, handle);
		node_writers(vfs, handle->node, -1);
	}
	vfs_abandon(vfs, handle);
}

void vfs_abandon(struct vfs *vfs, struct vfs_handle *handle)
{
	if (!handle)
		return;
	close_p(&handle->fd);
	view_unref(handle->view);
	free(handle->page);
	pthread_mutex_destroy(&handle->lock);
	node_unref(vfs, handle->node);
	free(handle);
}

int vfs_fallocate(struct vfs *vfs, struct vfs_handle *handle, int mode, off_t offset, off_t length)
{
	if (handle->kind != VFS_HANDLE_FILE)
		return -EPERM;
	if (fallocate(handle->fd, mode, offset, length) < 0)
		return -errno;
	file_written(vfs, handle->node, handle->fd);
	return 0;
}

ssize_t vfs_copy_range(struct vfs *vfs, struct vfs_handle *from, off_t from_offset,
        struct vfs_handle *to, off_t to_offset, size_t size)
{
	ssize_t done;

	/* The caller then reads and writes. */
	if (from->kind != VFS_HANDLE_FILE || to->kind != VFS_HANDLE_FILE)
		return -EXDEV;
	done = copy_file_range(from->fd, &from_offset, to->fd, &to_offset, size, 0);
	if (done < 0)
		return -errno;
	if (done > 0)
		file_written(vfs, to->node, to->fd);
	return done;
}

off_t vfs_seek(struct vfs *vfs, struct vfs_handle *handle, off_t offset, int whence)
{
	off_t found;

	if (handle->kind != VFS_HANDLE_FILE)
		return -EINVAL;
	found = lseek(handle->fd, offset, whence);
	return found < 0 ? -errno : found;
}
