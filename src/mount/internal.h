/* SPDX-License-Identifier: MIT */
/* mount, private: the session's state, and what the files of this module offer one another. */
#pragma once

#include "darkroom/mount.h"

#include <stdatomic.h>

#define FUSE_USE_VERSION FUSE_MAKE_VERSION(3, 14)
#include <fuse_lowlevel.h>

/* The type in /proc/self/mountinfo. */
#define MOUNT_TYPE "fuse.darkroomfs"
#define MOUNT_SUBTYPE "darkroomfs"
/* The largest piece of a file that is read or written at once. */
#define MOUNT_TRANSFER_MAX (1u << 20)

enum open_kind { OPEN_PLAIN, OPEN_POLLED };
#define OPEN_KINDS 2

/* A file or directory that a process has open. */
struct open_file {
	struct vfs_handle *handle;   /* NULL for a directory */
	struct vfs_listing *listing; /* NULL for a file */
	uint64_t node;
	enum open_kind kind;          /* OPEN_POLLED: virtual files, whose pollers are woken */
	struct fuse_pollhandle *poll; /* under the mount's lock; NULL: nobody waits */
	struct open_file *next, *previous;
};

/* A read of NAME.wait that has no answer yet. */
struct parked {
	fuse_req_t request;
	struct open_file *file;
	size_t size;
	off_t offset;
	bool listed, interrupted;
	struct parked *next, *previous;
};

struct mount {
	struct vfs *vfs;
	struct fuse_session *session;
	char *mountpoint; /* as the kernel shows it */
	dev_t device;     /* of what is mounted; 0: not known */
	bool single_thread, mounted, unmounted, handles_signals;
	void (*ready)(void *context);
	void *ready_context;

	/* The thread that calls the host, by its number; 0 until it has. */
	atomic_int publisher;

	/* Serves between the end of mount_serve and mount_close. */
	pthread_t drain;
	bool draining;
	int drain_stop; /* eventfd */

	/* Makes the kernel forget files when too many are known. */
	pthread_t trimmer;
	bool trims;
	int trim_wake; /* eventfd */
	atomic_bool trim_stop;

	pthread_mutex_t lock; /* of what follows; never held while answering or notifying */
	uint64_t changes;     /* counts calls of the host's `changed` */
	bool closing;         /* nobody is parked any more */
	struct parked *parked;
	struct open_file *open[OPEN_KINDS];
};

extern const struct fuse_lowlevel_ops mount_operations;

/* What an operation starts with. */
static inline struct mount *mount_of(fuse_req_t request)
{
	return fuse_req_userdata(request);
}
struct vfs_caller caller_of(fuse_req_t request);
static inline struct open_file *file_of(const struct fuse_file_info *info)
{
	return (struct open_file *)(uintptr_t)info->fh;
}
static inline struct vfs_handle *handle_of(const struct fuse_file_info *info)
{
	return info ? file_of(info)->handle : NULL;
}
/* 0 or -errno. */
static inline void reply_result(fuse_req_t request, int result)
{
	fuse_reply_err(request, -result);
}
void entry_convert(const struct vfs_entry *entry, struct fuse_entry_param *ret_param);

/* Closes those that are still open when the mount ends, without a commit. */
void open_files_abandon(struct mount *mount);

/* ---- operations-*.c ---- */

void operation_lookup(fuse_req_t request, fuse_ino_t parent, const char *name);
void operation_forget(fuse_req_t request, fuse_ino_t node, uint64_t count);
void operation_forget_multi(fuse_req_t request, size_t count, struct fuse_forget_data *forgets);
void operation_getattr(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info);
void operation_setattr(fuse_req_t request, fuse_ino_t node, struct stat *attributes, int what,
        struct fuse_file_info *info);
void operation_readlink(fuse_req_t request, fuse_ino_t node);
void operation_mknod(
        fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, dev_t device);
void operation_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode);
void operation_symlink(fuse_req_t request, const char *target, fuse_ino_t parent, const char *name);
void operation_link(fuse_req_t request, fuse_ino_t node, fuse_ino_t parent, const char *name);
void operation_unlink(fuse_req_t request, fuse_ino_t parent, const char *name);
void operation_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name);
void operation_rename(fuse_req_t request, fuse_ino_t parent, const char *name,
        fuse_ino_t new_parent, const char *new_name, unsigned flags);
void operation_statfs(fuse_req_t request, fuse_ino_t node);
void operation_setxattr(fuse_req_t request, fuse_ino_t node, const char *name, const char *value,
        size_t size, int flags);
void operation_getxattr(fuse_req_t request, fuse_ino_t node, const char *name, size_t size);
void operation_listxattr(fuse_req_t request, fuse_ino_t node, size_t size);
void operation_removexattr(fuse_req_t request, fuse_ino_t node, const char *name);

void operation_open(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info);
void operation_create(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode,
        struct fuse_file_info *info);
void operation_read(fuse_req_t request, fuse_ino_t node, size_t size, off_t offset,
        struct fuse_file_info *info);
void operation_write(fuse_req_t request, fuse_ino_t node, const char *bytes, size_t size,
        off_t offset, struct fuse_file_info *info);
void operation_flush(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info);
void operation_release(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info);
void operation_fsync(
        fuse_req_t request, fuse_ino_t node, int data_only, struct fuse_file_info *info);
void operation_fallocate(fuse_req_t request, fuse_ino_t node, int mode, off_t offset, off_t length,
        struct fuse_file_info *info);
void operation_copy_range(fuse_req_t request, fuse_ino_t node, off_t offset,
        struct fuse_file_info *info, fuse_ino_t to_node, off_t to_offset,
        struct fuse_file_info *to_info, size_t size, int flags);
void operation_seek(
        fuse_req_t request, fuse_ino_t node, off_t offset, int whence, struct fuse_file_info *info);
void operation_opendir(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info);
void operation_readdir(fuse_req_t request, fuse_ino_t node, size_t size, off_t offset,
        struct fuse_file_info *info);
void operation_readdirplus(fuse_req_t request, fuse_ino_t node, size_t size, off_t offset,
        struct fuse_file_info *info);
void operation_fsyncdir(
        fuse_req_t request, fuse_ino_t node, int data_only, struct fuse_file_info *info);
void operation_releasedir(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info);

/* ---- wait.c ---- */

void operation_poll(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info,
        struct fuse_pollhandle *poll);
/* Answers a read of NAME.wait, now or later. */
void wait_read(
        fuse_req_t request, struct open_file *file, size_t size, off_t offset, bool nonblocking);
/* Asks again for those who are parked, and wakes who polls one of the nodes. */
void wait_wake(struct mount *mount, const struct vfs_prompt_nodes *nodes);
/* Answers all who are parked, and whoever comes later, that there is nothing to wait for. */
void wait_close(struct mount *mount);

/* ---- trim.c ---- */

/* Starts and ends the thread; ending is fine without starting. */
int trim_start(struct mount *mount) NODISCARD;
void trim_end(struct mount *mount);
/* After look-ups: wakes the thread where it has work. */
void trim_check(struct mount *mount);

/* ---- session.c ---- */

/* A thread that no signal is given to. */
int thread_start(pthread_t *thread, void *(*run)(void *data), void *data) NODISCARD;

/* ---- stale.c ---- */

/* What is mounted last on a path. */
struct mounted {
	dev_t device; /* 0: nothing */
	bool ours;    /* a darkroomfs */
};
int mounted_read(const char *path, struct mounted *ret_mounted) NODISCARD;
/* The path as the kernel shows it, where its last component may be a mount that is dead. */
int mounted_path(const char *path, char **ret_path) NODISCARD;
/* Takes away what is mounted there; what is open of it stays. */
int mounted_detach(const char *path) NODISCARD;
