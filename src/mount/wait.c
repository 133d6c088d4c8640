/* SPDX-License-Identifier: MIT */
/* Those who wait: reads of NAME.wait that have no answer yet, and polls.
 *
 * A parked request belongs to whoever takes it out of the list, or to its interrupt handler, which
 * takes it out itself.  Before a request is answered its handler is taken away; that waits for one
 * that is running.  No change is missed: who parks has seen the number of changes before asking the
 * vfs, and asks again where it has grown.
 */
#include "internal.h"

#include <poll.h>
#include <string.h>

/* What everybody gets whose mount ends; EINTR would make them try again. */
#define WAIT_CLOSED (-ENOTCONN)

/* ---- the list, under the lock ---- */

static void parked_link(struct mount *mount, struct parked *parked)
{
	parked->previous = NULL;
	parked->next = mount->parked;
	if (parked->next)
		parked->next->previous = parked;
	mount->parked = parked;
	parked->listed = true;
}

static void parked_unlink(struct mount *mount, struct parked *parked)
{
	if (parked->next)
		parked->next->previous = parked->previous;
	if (parked->previous)
		parked->previous->next = parked->next;
	else
		mount->parked = parked->next;
	parked->next = parked->previous = NULL;
	parked->listed = false;
}

/* ---- reads of NAME.wait ---- */

static void reply_read(fuse_req_t request, ssize_t result, const char *bytes)
{
	if (result < 0)
		reply_result(request, (int)result);
	else
		fuse_reply_buf(request, bytes, (size_t)result);
}

/* Answers a request that is not listed and frees it. */
static void parked_answer(struct parked *parked, ssize_t result, const char *bytes)
{
	fuse_req_interrupt_func(parked->request, NULL, NULL);
	reply_read(parked->request, result, bytes);
	free(parked);
}

/* The caller got a signal.  Runs with the request's own lock held. */
static void parked_interrupt(fuse_req_t request, void *data)
{
	struct mount *mount = mount_of(request);
	struct parked *parked = data;

	{
		WITH_LOCK(&mount->lock);
		parked->interrupted = true;
		if (!parked->listed)
			return;
		parked_unlink(mount, parked);
	}
	free(parked);
	fuse_reply_err(request, EINTR);
}

/* Asks the vfs until it has an answer, or until the request is listed for the next change. */
static void parked_try(struct mount *mount, struct parked *parked)
{
	CLEANUP(free_p) char *bytes = malloc(parked->size + 1);

	for (;;) {
		int refusal = 0;
		uint64_t seen;
		ssize_t r;

		{
			WITH_LOCK(&mount->lock);
			seen = mount->changes;
		}
		r = bytes ? vfs_wait_read(mount->vfs, parked->file->handle, bytes, parked->size,
		                    parked->offset)
		          : -ENOMEM;
		if (r != -EAGAIN) {
			parked_answer(parked, r, bytes);
			return;
		}
		{
			WITH_LOCK(&mount->lock);
			if (parked->interrupted)
				refusal = -EINTR;
			else if (mount->closing)
				refusal = WAIT_CLOSED;
			else if (seen != mount->changes)
				continue;
			else
				parked_link(mount, parked);
		}
		if (refusal)
			parked_answer(parked, refusal, NULL);
		return;
	}
}

void wait_read(
        fuse_req_t request, struct open_file *file, size_t size, off_t offset, bool nonblocking)
{
	struct mount *mount = mount_of(request);
	struct parked *parked;

	if (nonblocking) {
		CLEANUP(free_p) char *bytes = malloc(size + 1);

		reply_read(request,
		        bytes ? vfs_wait_read(mount->vfs, file->handle, bytes, size, offset)
		              : -ENOMEM,
		        bytes);
		return;
	}
	parked = calloc(1, sizeof(*parked));
	if (!parked) {
		fuse_reply_err(request, ENOMEM);
		return;
	}
	*parked = (struct parked){.request = request, .file = file, .size = size, .offset = offset};
	fuse_req_interrupt_func(request, parked_interrupt, parked);
	parked_try(mount, parked);
}

/* Takes all who wait out of the list. */
static struct parked *parked_take(struct mount *mount)
{
	struct parked *chain = NULL;

	while (mount->parked) {
		struct parked *parked = mount->parked;

		parked_unlink(mount, parked);
		parked->next = chain;
		chain = parked;
	}
	return chain;
}

/* ---- polls ---- */

void operation_poll(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info,
        struct fuse_pollhandle *poll)
{
	struct mount *mount = mount_of(request);
	struct open_file *file = file_of(info);
	enum vfs_handle_kind kind = vfs_handle_kind(file->handle);
	unsigned events = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

	/* Noted before looking, so that no change is missed. */
	if (kind != VFS_HANDLE_FILE) {
		WITH_LOCK(&mount->lock);
		struct fuse_pollhandle *older = file->poll;

		file->poll = poll;
		poll = older;
	}
	if (poll)
		fuse_pollhandle_destroy(poll);
	if (kind == VFS_HANDLE_VIRTUAL && vfs_status_changed(mount->vfs, file->handle))
		events |= POLLPRI;
	if (kind == VFS_HANDLE_WAIT &&
	        vfs_wait_read(mount->vfs, file->handle, NULL, 0, 0) == -EAGAIN)
		events = 0;
	fuse_reply_poll(request, events);
}

/* Takes the poll of one file of the prompt that has one.  At an end all are woken: a few may be
 * known by an earlier name, and who polls looks again anyway. */
static struct fuse_pollhandle *poll_take(struct mount *mount, const struct vfs_prompt_nodes *nodes)
{
	WITH_LOCK(&mount->lock);

	for (struct open_file *file = mount->open[OPEN_POLLED]; file; file = file->next)
		if (file->poll &&
		        (nodes->ended || file->node == nodes->status || file->node == nodes->wait))
			return TAKE(file->poll);
	return NULL;
}

/* ---- woken ---- */

void wait_wake(struct mount *mount, const struct vfs_prompt_nodes *nodes)
{
	struct fuse_pollhandle *poll;
	struct parked *chain;

	{
		WITH_LOCK(&mount->lock);
		mount->changes++;
		chain = nodes->ended ? parked_take(mount) : NULL;
	}
	while (chain) {
		struct parked *parked = chain;

		chain = parked->next;
		parked->next = NULL;
		parked_try(mount, parked);
	}
	while ((poll = poll_take(mount, nodes))) {
		fuse_lowlevel_notify_poll(poll);
		fuse_pollhandle_destroy(poll);
	}
}

void wait_close(struct mount *mount)
{
	struct parked *chain;

	{
		WITH_LOCK(&mount->lock);
		mount->closing = true;
		chain = parked_take(mount);
	}
	while (chain) {
		struct parked *parked = chain;

		chain = parked->next;
		parked_answer(parked, WAIT_CLOSED, NULL);
	}
}
