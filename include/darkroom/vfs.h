/* SPDX-License-Identifier: MIT */
/* vfs: the name space: SOURCE's own files, the virtual ones beside them, and what a file operation
 * means to a prompt.  No FUSE in it.
 *
 * Nodes are 64-bit numbers that are never used twice.  The kernel holds lookups of nodes, each of
 * vfs_lookup, vfs_make, vfs_symlink, vfs_link and vfs_create adds one to the node it returns, and
 * vfs_forget gives them back.  All functions may be called from any thread, each handle's too; they
 * return 0 or -errno, and none waits for the network.
 */
#pragma once

#include "darkroom/engine.h"
#include "darkroom/files.h"
#include "darkroom/provider.h"

#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

struct vfs;

#define VFS_ROOT UINT64_C(1)

/* ---- making ---- */

struct vfs_options {
	int source_fd;                     /* SOURCE, opened before anything is mounted over it */
	const struct providers *providers; /* borrowed for the vfs's life, as are those below */
	struct engine *engine;
	struct files *files;
	const struct parameters *settings; /* of the mount: provider, model, hold ("1"); borrowed */
	bool status_hidden;                /* status files are opened by name only, not listed */
	bool order_unmounted;              /* what changed while unmounted is ordered, not held */
};

int vfs_new(const struct vfs_options *options, struct vfs **ret_vfs, struct err *err) NODISCARD;
void vfs_free(struct vfs *vfs);
void vfs_free_p(struct vfs **vfs);

/* Compares the prompts on record with their files and tells the engine of what changed while
 * unmounted, in its cause.  With order_unmounted it also walks the tree for prompts without a
 * record.  Call after engine_new and before the vfs is served.  -errno of the engine or of the
 * disk; a single prompt that cannot be read is passed over. */
int vfs_reconcile(struct vfs *vfs) NODISCARD;

/* ---- nodes ---- */

/* Who asks.  The publisher alone sees `.darkroom/incoming`, and its renames leave attributes as
 * they are. */
struct vfs_caller {
	uid_t uid;
	gid_t gid;
	bool publisher;
};

struct vfs_entry {
	uint64_t node;
	struct stat attributes;
	double timeout;      /* how long the attributes may be kept, in seconds */
	double name_timeout; /* and the name */
};

int vfs_lookup(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        struct vfs_entry *ret_entry) NODISCARD;
void vfs_forget(struct vfs *vfs, uint64_t node, uint64_t count);

struct vfs_handle; /* an open file */

/* handle may be NULL. */
int vfs_getattr(struct vfs *vfs, uint64_t node, struct vfs_handle *handle, struct stat *ret_stat,
        double *ret_timeout) NODISCARD;

enum {
	VFS_SET_MODE = 1 << 0,
	VFS_SET_UID = 1 << 1,
	VFS_SET_GID = 1 << 2,
	VFS_SET_SIZE = 1 << 3,
	VFS_SET_ATIME = 1 << 4, /* tv_nsec may be UTIME_NOW */
	VFS_SET_MTIME = 1 << 5,
};
struct vfs_change {
	unsigned what; /* VFS_SET_... */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	off_t size;
	struct timespec atime, mtime;
};
/* handle may be NULL. */
int vfs_setattr(struct vfs *vfs, uint64_t node, struct vfs_handle *handle,
        const struct vfs_change *change, struct stat *ret_stat, double *ret_timeout) NODISCARD;

int vfs_readlink(struct vfs *vfs, uint64_t node, char target[static PATH_MAX]) NODISCARD;
int vfs_statfs(struct vfs *vfs, struct statvfs *ret_statvfs) NODISCARD;

/* ---- names ---- */

/* mkdir(2) where the type in mode is S_IFDIR, else mknod(2). */
int vfs_make(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        mode_t mode, dev_t device, struct vfs_entry *ret_entry) NODISCARD;
int vfs_symlink(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        const char *target, struct vfs_entry *ret_entry) NODISCARD;
int vfs_link(struct vfs *vfs, uint64_t node, uint64_t parent, const char *name,
        struct vfs_entry *ret_entry) NODISCARD;
int vfs_unlink(struct vfs *vfs, uint64_t parent, const char *name) NODISCARD;
int vfs_rmdir(struct vfs *vfs, uint64_t parent, const char *name) NODISCARD;
/* flags of renameat2(2); RENAME_WHITEOUT is -EINVAL. */
int vfs_rename(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        uint64_t new_parent, const char *new_name, unsigned flags) NODISCARD;

/* ---- open files ---- */

/* flags of open(2).  The handle is the caller's until vfs_release. */
int vfs_open(struct vfs *vfs, uint64_t node, int flags, struct vfs_handle **ret_handle) NODISCARD;
int vfs_create(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        int flags, mode_t mode, struct vfs_entry *ret_entry, struct vfs_handle **ret_handle)
        NODISCARD;

enum vfs_handle_kind {
	VFS_HANDLE_FILE,    /* of SOURCE: may be cached */
	VFS_HANDLE_VIRTUAL, /* a page or a status file: not cached */
	VFS_HANDLE_WAIT,    /* read with vfs_wait_read */
};
enum vfs_handle_kind vfs_handle_kind(const struct vfs_handle *handle);

/* Bytes read or written, or -errno. */
ssize_t vfs_read(struct vfs *vfs, struct vfs_handle *handle, void *bytes, size_t size, off_t offset)
        NODISCARD;
ssize_t vfs_write(struct vfs *vfs, struct vfs_handle *handle, const void *bytes, size_t size,
        off_t offset) NODISCARD;
/* A close(2): commits a prompt that was changed, and returns the commit's error. */
int vfs_flush(struct vfs *vfs, struct vfs_handle *handle) NODISCARD;
int vfs_fsync(struct vfs *vfs, struct vfs_handle *handle, bool data_only) NODISCARD;
void vfs_release(struct vfs *vfs, struct vfs_handle *handle);
/* The same without a commit: for what is still open when the mount ends. */
void vfs_abandon(struct vfs *vfs, struct vfs_handle *handle);
int vfs_fallocate(struct vfs *vfs, struct vfs_handle *handle, int mode, off_t offset, off_t length)
        NODISCARD;
ssize_t vfs_copy_range(struct vfs *vfs, struct vfs_handle *from, off_t from_offset,
        struct vfs_handle *to, off_t to_offset, size_t size) NODISCARD;
/* SEEK_DATA and SEEK_HOLE. */
off_t vfs_seek(struct vfs *vfs, struct vfs_handle *handle, off_t offset, int whence) NODISCARD;

/* The status file changed since this handle was opened or last read from its start. */
bool vfs_status_changed(struct vfs *vfs, struct vfs_handle *handle);

/* Reads NAME.wait.  -EAGAIN while the take has not ended: ask again when the prompt has changed.
 * -EIO where it ended without pictures or the prompt is gone.  The first answer is kept. */
ssize_t vfs_wait_read(struct vfs *vfs, struct vfs_handle *handle, void *bytes, size_t size,
        off_t offset) NODISCARD;

/* ---- directories ---- */

struct vfs_listing; /* an open directory */

struct vfs_item {
	const char *name; /* borrowed until the listing is read from its start again or closed */
	uint64_t inode;
	mode_t type; /* the type bits of a mode */
	off_t next;  /* the offset of the following item */
	bool own;    /* "." or "..": not to be looked up */
};

int vfs_opendir(struct vfs *vfs, uint64_t node, struct vfs_listing **ret_listing) NODISCARD;
/* The item at an offset: 1 and *ret_item, 0 at the end, or -errno.  Offset 0 reads the directory
 * anew.  Call between vfs_readdir_begin and vfs_readdir_end, which make one reply consistent. */
void vfs_readdir_begin(struct vfs_listing *listing);
int vfs_readdir(struct vfs *vfs, struct vfs_listing *listing, off_t offset,
        struct vfs_item *ret_item) NODISCARD;
void vfs_readdir_end(struct vfs_listing *listing);
int vfs_fsyncdir(struct vfs *vfs, struct vfs_listing *listing, bool data_only) NODISCARD;
void vfs_closedir(struct vfs *vfs, struct vfs_listing *listing);

/* ---- extended attributes ---- */

int vfs_setxattr(struct vfs *vfs, uint64_t node, const char *name, const void *value, size_t size,
        int flags) NODISCARD;
/* As getxattr(2) and listxattr(2): with size 0 the size that is needed. */
ssize_t vfs_getxattr(struct vfs *vfs, uint64_t node, const char *name, void *value, size_t size)
        NODISCARD;
ssize_t vfs_listxattr(struct vfs *vfs, uint64_t node, char *names, size_t size) NODISCARD;
int vfs_removexattr(struct vfs *vfs, uint64_t node, const char *name) NODISCARD;

/* ---- what the publisher needs ---- */

/* The nodes that the kernel knows of a prompt whose view changed; 0 where it knows none. */
struct vfs_prompt_nodes {
	uint64_t prompt, status, wait;
	bool ended; /* readers of NAME.wait get an answer */
};
void vfs_find_prompt(struct vfs *vfs, const char *path, struct vfs_prompt_nodes *ret_nodes);

/* The device that SOURCE lies on. */
dev_t vfs_device(const struct vfs *vfs);

/* A name below a node, for the kernel to forget; parent is 0 where it knows none. */
struct vfs_name {
	uint64_t parent;
	char name[NAME_MAX + 1];
};
/* Renames in SOURCE itself, where the mount cannot be reached.  Paths are relative to SOURCE. */
int vfs_rename_direct(struct vfs *vfs, const char *from, const char *to, unsigned flags,
        struct vfs_name *ret_from, struct vfs_name *ret_to) NODISCARD;

/* ---- not too many at once ---- */

/* Each node holds a descriptor.  Whether so many are known that the kernel should forget some. */
bool vfs_is_crowded(const struct vfs *vfs);
/* Names that the kernel may be told to forget, at most `count`; others at each call. */
size_t vfs_crowd(struct vfs *vfs, struct vfs_name *ret_names, size_t count);
