/* SPDX-License-Identifier: MIT */
/* Operations on open files and directories. */
#include "internal.h"

#include <fcntl.h>
#include <string.h>

/* Takes handle or listing, also when that fails. */
static int open_file_new(struct mount *mount, struct vfs_handle *handle,
        struct vfs_listing *listing, uint64_t node, struct fuse_file_info *info)
{
	struct open_file *file = calloc(1, sizeof(*file)), **list;
	bool real = !handle || vfs_handle_kind(handle) == VFS_HANDLE_FILE;

	if (!file) {
		vfs_release(mount->vfs, handle);
		vfs_closedir(mount->vfs, listing);
		return -ENOMEM;
	}
	*file = (struct open_file){.handle = handle,
	        .listing = listing,
	        .node = node,
	        .kind = real ? OPEN_PLAIN : OPEN_POLLED};
	info->fh = (uintptr_t)file;
	/* Real files change through the mount only; changes behind it show by their times. */
	info->keep_cache = handle && real;
	info->direct_io = !real;
	info->noflush = handle && real && (info->flags & O_ACCMODE) == O_RDONLY;
	WITH_LOCK(&mount->lock);
	list = &mount->open[file->kind];
	file->next = *list;
	if (file->next)
		file->next->previous = file;
	*list = file;
	return 0;
}

/* Takes it out of its list; the poll that waits for it is the caller's. */
static struct fuse_pollhandle *open_file_unlink(struct mount *mount, struct open_file *file)
{
	WITH_LOCK(&mount->lock);

	if (file->next)
		file->next->previous = file->previous;
	if (file->previous)
		file->previous->next = file->next;
	else
		mount->open[file->kind] = file->next;
	return TAKE(file->poll);
}

static void open_file_free(struct mount *mount, struct open_file *file)
{
	struct fuse_pollhandle *poll = open_file_unlink(mount, file);

	if (poll)
		fuse_pollhandle_destroy(poll);
	vfs_release(mount->vfs, file->handle);
	vfs_closedir(mount->vfs, file->listing);
	free(file);
}

void open_files_abandon(struct mount *mount)
{
	for (int kind = 0; kind < OPEN_KINDS; kind++) {
		while (mount->open[kind]) {
			struct open_file *file = mount->open[kind];

			vfs_abandon(mount->vfs, TAKE(file->handle));
			open_file_free(mount, file);
		}
	}
}

void operation_open(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info)
{
	struct mount *mount = mount_of(request);
	struct vfs_handle *handle;
	int r = vfs_open(mount->vfs, node, info->flags, &handle);

	if (r == 0)
		r = open_file_new(mount, handle, NULL, node, info);
	if (r < 0)
		reply_result(request, r);
	else if (fuse_reply_open(request, info) != 0)
		open_file_free(mount, file_of(info));
}

void operation_create(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode,
        struct fuse_file_info *info)
{
	struct mount *mount = mount_of(request);
	struct vfs_caller caller = caller_of(request);
	struct fuse_entry_param param;
	struct vfs_handle *handle;
	struct vfs_entry entry;
	int r = vfs_create(mount->vfs, &caller, parent, name, info->flags, mode, &entry, &handle);

	if (r == 0) {
		r = open_file_new(mount, handle, NULL, entry.node, info);
		if (r < 0)
			vfs_forget(mount->vfs, entry.node, 1);
	}
	if (r < 0) {
		reply_result(request, r);
		return;
	}
	entry_convert(&entry, &param);
	if (fuse_reply_create(request, &param, info) != 0) {
		open_file_free(mount, file_of(info));
		vfs_forget(mount->vfs, entry.node, 1);
	}
	trim_check(mount);
}

void operation_read(
        fuse_req_t request, fuse_ino_t node, size_t size, off_t offset, struct fuse_file_info *info)
{
	struct open_file *file = file_of(info);
	CLEANUP(free_p) char *bytes = NULL;
	ssize_t r = -ENOMEM;

	if (vfs_handle_kind(file->handle) == VFS_HANDLE_WAIT) {
		wait_read(request, file, size, offset, info->flags & O_NONBLOCK);
		return;
	}
	bytes = malloc(size + 1);
	if (bytes)
		r = vfs_read(mount_of(request)->vfs, file->handle, bytes, size, offset);
	if (r < 0)
		reply_result(request, (int)r);
	else
		fuse_reply_buf(request, bytes, (size_t)r);
}

void operation_write(fuse_req_t request, fuse_ino_t node, const char *bytes, size_t size,
        off_t offset, struct fuse_file_info *info)
{
	ssize_t r = vfs_write(mount_of(request)->vfs, handle_of(info), bytes, size, offset);

	if (r < 0)
		reply_result(request, (int)r);
	else
		fuse_reply_write(request, (size_t)r);
}

void operation_flush(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info)
{
	reply_result(request, vfs_flush(mount_of(request)->vfs, handle_of(info)));
}

void operation_release(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info)
{
	open_file_free(mount_of(request), file_of(info));
	fuse_reply_err(request, 0);
}

void operation_fsync(
        fuse_req_t request, fuse_ino_t node, int data_only, struct fuse_file_info *info)
{
	reply_result(request, vfs_fsync(mount_of(request)->vfs, handle_of(info), data_only));
}

void operation_fallocate(fuse_req_t request, fuse_ino_t node, int mode, off_t offset, off_t length,
        struct fuse_file_info *info)
{
	reply_result(request,
	        vfs_fallocate(mount_of(request)->vfs, handle_of(info), mode, offset, length));
}

void operation_copy_range(fuse_req_t request, fuse_ino_t node, off_t offset,
        struct fuse_file_info *info, fuse_ino_t to_node, off_t to_offset,
        struct fuse_file_info *to_info, size_t size, int flags)
{
	ssize_t r = vfs_copy_range(mount_of(request)->vfs, handle_of(info), offset,
	        handle_of(to_info), to_offset, size);

	if (r < 0)
		reply_result(request, (int)r);
	else
		fuse_reply_write(request, (size_t)r);
}

void operation_seek(
        fuse_req_t request, fuse_ino_t node, off_t offset, int whence, struct fuse_file_info *info)
{
	off_t r = vfs_seek(mount_of(request)->vfs, handle_of(info), offset, whence);

	if (r < 0)
		reply_result(request, (int)r);
	else
		fuse_reply_lseek(request, r);
}

/* ---- directories ---- */

void operation_opendir(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info)
{
	struct mount *mount = mount_of(request);
	struct vfs_listing *listing;
	int r = vfs_opendir(mount->vfs, node, &listing);

	if (r == 0)
		r = open_file_new(mount, NULL, listing, node, info);
	if (r < 0)
		reply_result(request, r);
	else if (fuse_reply_open(request, info) != 0)
		open_file_free(mount, file_of(info));
}

/* One item into the reply; returns the space it takes or needs. */
static size_t item_put(fuse_req_t request, fuse_ino_t directory, const struct vfs_item *item,
        bool plus, char *at, size_t space)
{
	struct vfs *vfs = mount_of(request)->vfs;
	struct fuse_entry_param param = {.attr = {.st_ino = item->inode, .st_mode = item->type}};
	struct vfs_caller caller = caller_of(request);
	struct vfs_entry entry = {0};
	size_t used;

	if (!plus)
		return fuse_add_direntry(request, at, space, item->name, &param.attr, item->next);
	/* With no room for it, it must not be looked up. */
	used = fuse_add_direntry_plus(request, NULL, 0, item->name, NULL, 0);
	if (used > space)
		return used;
	/* Listed without its attributes: what is gone, and what would be one too many. */
	if (!item->own && !vfs_is_crowded(vfs) &&
	        vfs_lookup(vfs, &caller, directory, item->name, &entry) == 0)
		entry_convert(&entry, &param);
	return fuse_add_direntry_plus(request, at, space, item->name, &param, item->next);
}

static void reply_items(fuse_req_t request, fuse_ino_t directory, size_t size, off_t offset,
        struct vfs_listing *listing, bool plus)
{
	CLEANUP(free_p) char *reply = malloc(size + 1);
	struct mount *mount = mount_of(request);
	struct vfs_item item;
	size_t used = 0;
	int r = reply ? 0 : -ENOMEM;

	vfs_readdir_begin(listing);
	while (r == 0 && (r = vfs_readdir(mount->vfs, listing, offset, &item)) > 0) {
		size_t space = size - used,
		       took = item_put(request, directory, &item, plus, reply + used, space);

		r = 0;
		if (took > space)
			break;
		used += took;
		offset = item.next;
	}
	vfs_readdir_end(listing);
	if (r < 0 && !used)
		reply_result(request, r);
	else
		fuse_reply_buf(request, reply, used);
	trim_check(mount);
}

void operation_readdir(
        fuse_req_t request, fuse_ino_t node, size_t size, off_t offset, struct fuse_file_info *info)
{
	reply_items(request, node, size, offset, file_of(info)->listing, false);
}

void operation_readdirplus(
        fuse_req_t request, fuse_ino_t node, size_t size, off_t offset, struct fuse_file_info *info)
{
	reply_items(request, node, size, offset, file_of(info)->listing, true);
}

void operation_fsyncdir(
        fuse_req_t request, fuse_ino_t node, int data_only, struct fuse_file_info *info)
{
	reply_result(
	        request, vfs_fsyncdir(mount_of(request)->vfs, file_of(info)->listing, data_only));
}

void operation_releasedir(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info)
{
	open_file_free(mount_of(request), file_of(info));
	fuse_reply_err(request, 0);
}
