/* SPDX-License-Identifier: MIT */
/* Each file that the kernel knows holds a descriptor here.  Where there are too many, one thread
 * asks the kernel to forget some, which looks them up again when they are wanted.  It is a thread
 * of its own because the kernel may have to wait for requests that are being answered.
 */
#include "internal.h"

#include <string.h>
#include <sys/eventfd.h>

/* Names asked for at once. */
#define TRIM_BATCH 256
/* Batches without an end to the crowd after which the rest must be in use. */
#define TRIM_BATCHES_MAX 1024

static void trim(struct mount *mount, struct vfs_name *names)
{
	for (int i = 0; i < TRIM_BATCHES_MAX; i++) {
		size_t count;

		if (!vfs_is_crowded(mount->vfs) || atomic_load(&mount->trim_stop))
			return;
		count = vfs_crowd(mount->vfs, names, TRIM_BATCH);
		if (!count)
			return;
		for (size_t at = 0; at < count; at++)
			(void)!fuse_lowlevel_notify_inval_entry(mount->session, names[at].parent,
			        names[at].name, strlen(names[at].name));
	}
}

static void *trim_run(void *data)
{
	struct mount *mount = data;
	CLEANUP(free_p) struct vfs_name *names = calloc(TRIM_BATCH, sizeof(*names));
	eventfd_t count;

	while (names && eventfd_read(mount->trim_wake, &count) == 0 &&
	        !atomic_load(&mount->trim_stop))
		trim(mount, names);
	return NULL;
}

int trim_start(struct mount *mount)
{
	int r;

	mount->trim_wake = eventfd(0, EFD_CLOEXEC);
	if (mount->trim_wake < 0)
		return -errno;
	r = thread_start(&mount->trimmer, trim_run, mount);
	mount->trims = r == 0;
	return r;
}

void trim_end(struct mount *mount)
{
	if (mount->trims) {
		atomic_store(&mount->trim_stop, true);
		(void)!eventfd_write(mount->trim_wake, 1);
		pthread_join(mount->trimmer, NULL);
		mount->trims = false;
	}
	close_p(&mount->trim_wake);
}

void trim_check(struct mount *mount)
{
	if (mount->trims && vfs_is_crowded(mount->vfs))
		(void)!eventfd_write(mount->trim_wake, 1);
}
