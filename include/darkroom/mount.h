/* SPDX-License-Identifier: MIT */
/* mount: serves a vfs to the kernel.  The only module that knows FUSE. */
#pragma once

#include "darkroom/engine.h"
#include "darkroom/vfs.h"

struct mount;

struct mount_options {
	const char *program;     /* argv[0], for libfuse's messages */
	const char *source_path; /* shown in /proc/self/mountinfo as what is mounted */
	const char *mountpoint;  /* absolute */
	/* Options handed to libfuse and the kernel as they are: "allow_other", "ro", ...; "fsname",
	 * "subtype" and "default_permissions" are added. */
	const char *const *options;
	size_t option_count;
	bool debug;         /* log every request */
	bool single_thread; /* one request at a time */
};

/* Frees the mountpoint of what a daemon that died left there ("transport endpoint is not
 * connected").  0 where there is nothing to do; -EBUSY with a sentence where a darkroomfs that is
 * alive is mounted there.  Call before SOURCE is opened, which may be the same directory. */
int mount_clear_stale(const char *mountpoint, struct err *err) NODISCARD;

/* Mounts.  Nothing is served yet: requests wait for mount_serve.  vfs is borrowed for the mount's
 * life.  Starts no thread, so that the caller may fork afterwards.  -errno with a sentence. */
int mount_open(const struct mount_options *options, struct vfs *vfs, struct mount **ret_mount,
        struct err *err) NODISCARD;

/* What the engine needs of the mount: hand it to engine_start.  Valid until mount_close, which must
 * come after engine_stop. */
void mount_host(struct mount *mount, struct engine_host *ret_host);

/* Serves until it is unmounted, or SIGTERM or SIGINT, or SIGHUP where that is not blocked; then all
 * who wait are answered. ready (may be NULL) is called once the kernel can use the mount.  0, or
 * -errno. */
int mount_serve(struct mount *mount, void (*ready)(void *context), void *context) NODISCARD;

/* Unmounts unless that has happened, so that nobody waits for what is not served any more; the host
 * stays usable and works on SOURCE itself. */
void mount_unmount(struct mount *mount);

/* Takes the mount away unless that has happened: nobody reaches it by its path any more, and the
 * path is free for another one.  What processes have open is served until mount_close.  Call after
 * mount_serve. */
void mount_unmount(struct mount *mount);

/* Unmounts unless that has happened, and frees.  NULL is fine. */
void mount_close(struct mount *mount);
void mount_close_p(struct mount **mount);
