/* SPDX-License-Identifier: MIT */
/* Operations on nodes, names and attributes: find, ask the vfs, reply. */
#include "internal.h"

#include <linux/limits.h>

struct vfs_caller caller_of(fuse_req_t request)
{
	const struct fuse_ctx *context = fuse_req_ctx(request);
	int publisher = atomic_load(&mount_of(request)->publisher);

	return (struct vfs_caller){
	        .uid = context->uid,
	        .gid = context->gid,
	        .publisher = publisher && context->pid == publisher,
	};
}

void entry_convert(const struct vfs_entry *entry, struct fuse_entry_param *ret_param)
{
	*ret_param = (struct fuse_entry_param){
	        .ino = entry->node,
	        .attr = entry->attributes,
	        .attr_timeout = entry->timeout,
	        .entry_timeout = entry->name_timeout,
	};
}

/* An entry that the kernel does not take is given back. */
static void reply_entry(fuse_req_t request, int result, const struct vfs_entry *entry)
{
	struct fuse_entry_param param;

	if (result < 0) {
		reply_result(request, result);
		return;
	}
	struct mount *mount = mount_of(request);

	entry_convert(entry, &param);
	if (fuse_reply_entry(request, &param) != 0)
		vfs_forget(mount->vfs, entry->node, 1);
	trim_check(mount);
}

void operation_lookup(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	struct vfs_caller caller = caller_of(request);
	struct vfs_entry entry;
	int r = vfs_lookup(mount_of(request)->vfs, &caller, parent, name, &entry);

	reply_entry(request, r, &entry);
}

void operation_forget(fuse_req_t request, fuse_ino_t node, uint64_t count)
{
	vfs_forget(mount_of(request)->vfs, node, count);
	fuse_reply_none(request);
}

void operation_forget_multi(fuse_req_t request, size_t count, struct fuse_forget_data *forgets)
{
	for (size_t i = 0; i < count; i++)
		vfs_forget(mount_of(request)->vfs, forgets[i].ino, forgets[i].nlookup);
	fuse_reply_none(request);
}

void operation_getattr(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info)
{
	struct stat st;
	double timeout;
	int r = vfs_getattr(mount_of(request)->vfs, node, handle_of(info), &st, &timeout);

	if (r < 0)
		reply_result(request, r);
	else
		fuse_reply_attr(request, &st, timeout);
}

void operation_setattr(fuse_req_t request, fuse_ino_t node, struct stat *attributes, int what,
        struct fuse_file_info *info)
{
	struct vfs_change change = {
	        .mode = attributes->st_mode,
	        .uid = attributes->st_uid,
	        .gid = attributes->st_gid,
	        .size = attributes->st_size,
	        .atime = attributes->st_atim,
	        .mtime = attributes->st_mtim,
	};
	struct stat st;
	double timeout;
	int r;

	change.what |= what & FUSE_SET_ATTR_MODE ? VFS_SET_MODE : 0;
	change.what |= what & FUSE_SET_ATTR_UID ? VFS_SET_UID : 0;
	change.what |= what & FUSE_SET_ATTR_GID ? VFS_SET_GID : 0;
	change.what |= what & FUSE_SET_ATTR_SIZE ? VFS_SET_SIZE : 0;
	change.what |= what & (FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_ATIME_NOW) ? VFS_SET_ATIME : 0;
	change.what |= what & (FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_MTIME_NOW) ? VFS_SET_MTIME : 0;
	if (what & FUSE_SET_ATTR_ATIME_NOW)
		change.atime = (struct timespec){.tv_nsec = UTIME_NOW};
	if (what & FUSE_SET_ATTR_MTIME_NOW)
		change.mtime = (struct timespec){.tv_nsec = UTIME_NOW};
	r = vfs_setattr(mount_of(request)->vfs, node, handle_of(info), &change, &st, &timeout);
	if (r < 0)
		reply_result(request, r);
	else
		fuse_reply_attr(request, &st, timeout);
}

void operation_readlink(fuse_req_t request, fuse_ino_t node)
{
	char target[PATH_MAX];
	int r = vfs_readlink(mount_of(request)->vfs, node, target);

	if (r < 0)
		reply_result(request, r);
	else
		fuse_reply_readlink(request, target);
}

void operation_mknod(
        fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, dev_t device)
{
	struct vfs_caller caller = caller_of(request);
	struct vfs_entry entry;
	int r = vfs_make(mount_of(request)->vfs, &caller, parent, name, mode, device, &entry);

	reply_entry(request, r, &entry);
}

void operation_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode)
{
	operation_mknod(request, parent, name, (mode & 07777) | S_IFDIR, 0);
}

void operation_symlink(fuse_req_t request, const char *target, fuse_ino_t parent, const char *name)
{
	struct vfs_caller caller = caller_of(request);
	struct vfs_entry entry;
	int r = vfs_symlink(mount_of(request)->vfs, &caller, parent, name, target, &entry);

	reply_entry(request, r, &entry);
}

void operation_link(fuse_req_t request, fuse_ino_t node, fuse_ino_t parent, const char *name)
{
	struct vfs_entry entry;
	int r = vfs_link(mount_of(request)->vfs, node, parent, name, &entry);

	reply_entry(request, r, &entry);
}

void operation_unlink(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	reply_result(request, vfs_unlink(mount_of(request)->vfs, parent, name));
}

void operation_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	reply_result(request, vfs_rmdir(mount_of(request)->vfs, parent, name));
}

void operation_rename(fuse_req_t request, fuse_ino_t parent, const char *name,
        fuse_ino_t new_parent, const char *new_name, unsigned flags)
{
	struct vfs_caller caller = caller_of(request);

	reply_result(request, vfs_rename(mount_of(request)->vfs, &caller, parent, name, new_parent,
	                              new_name, flags));
}

void operation_statfs(fuse_req_t request, fuse_ino_t node)
{
	struct statvfs statvfs;
	int r = vfs_statfs(mount_of(request)->vfs, &statvfs);

	if (r < 0)
		reply_result(request, r);
	else
		fuse_reply_statfs(request, &statvfs);
}

/* ---- extended attributes ---- */

void operation_setxattr(fuse_req_t request, fuse_ino_t node, const char *name, const char *value,
        size_t size, int flags)
{
	reply_result(request, vfs_setxattr(mount_of(request)->vfs, node, name, value, size, flags));
}

/* Replies with the size that is needed, or the bytes. */
static void reply_sized(fuse_req_t request, ssize_t result, const char *bytes, size_t size)
{
	if (result < 0)
		reply_result(request, (int)result);
	else if (size)
		fuse_reply_buf(request, bytes, (size_t)result);
	else
		fuse_reply_xattr(request, (size_t)result);
}

void operation_getxattr(fuse_req_t request, fuse_ino_t node, const char *name, size_t size)
{
	CLEANUP(free_p) char *bytes = NULL;
	ssize_t r = -ENOMEM;

	if (size > XATTR_SIZE_MAX)
		size = XATTR_SIZE_MAX;
	bytes = malloc(size + 1);
	if (bytes)
		r = vfs_getxattr(mount_of(request)->vfs, node, name, bytes, size);
	reply_sized(request, r, bytes, size);
}

void operation_listxattr(fuse_req_t request, fuse_ino_t node, size_t size)
{
	CLEANUP(free_p) char *bytes = NULL;
	ssize_t r = -ENOMEM;

	if (size > XATTR_LIST_MAX)
		size = XATTR_LIST_MAX;
	bytes = malloc(size + 1);
	if (bytes)
		r = vfs_listxattr(mount_of(request)->vfs, node, bytes, size);
	reply_sized(request, r, bytes, size);
}

void operation_removexattr(fuse_req_t request, fuse_ino_t node, const char *name)
{
	reply_result(request, vfs_removexattr(mount_of(request)->vfs, node, name));
}
