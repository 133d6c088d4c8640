/* SPDX-License-Identifier: MIT */
/* From a prompt file to an order. */
#include "internal.h"

#include <fcntl.h>
#include <string.h>

/* A prompt's bytes and settings together. */
#define CONTENT_MAX (PROMPT_FILE_MAX + (1u << 18))

void reading_done(struct reading *reading)
{
	buf_done(&reading->content);
	if (reading->resolved)
		provider_order_done(&reading->order);
	*reading = (struct reading){0};
}

/* The file's bytes; -EINVAL and why, where they can never be a prompt. */
static int bytes_read(struct node *node, struct buf *bytes, struct stat *st, struct err *err)
{
	CLEANUP(close_p) int fd = -1;
	int r = fd_stat(node->fd, st);

	if (r == 0)
		r = fd_reopen(node->fd, O_RDONLY, &fd);
	if (r == -EACCES || r == -EPERM)
		return err_set(err, -EINVAL, "the file cannot be read: %s", strerror(-r));
	if (r == 0)
		r = read_all(fd, PROMPT_FILE_MAX, bytes);
	if (r == 0 && fstat(fd, st) < 0)
		r = -errno;
	if (r == -EFBIG) {
		buf_clear(bytes);
		return err_set(err, -EINVAL, "the file has %lld bytes; at most %u can be read",
		        (long long)st->st_size, PROMPT_FILE_MAX);
	}
	return r;
}

static int content_make(const struct buf *bytes, const struct err *unreadable,
        const struct parameters *own, struct buf *content)
{
	int r;

	*content = BUF_INIT(CONTENT_MAX);
	r = bytes->size ? buf_add(content, bytes->data, bytes->size) : 0;
	if (r == 0)
		r = buf_add(content, "", 1);
	/* What cannot be read is compared by the reason, which has the size in it. */
	if (r == 0 && unreadable)
		r = buf_add(content, unreadable->text, strlen(unreadable->text) + 1);
	for (size_t i = 0; r == 0 && i < own->count; i++) {
		r = buf_addf(content, "%s=%s", own->items[i].name, own->items[i].value);
		if (r == 0)
			r = buf_add(content, "", 1);
	}
	return r;
}

/* Understands what was read; -EINVAL with the reason in reading->error. */
static int understand(
        struct vfs *vfs, const struct buf *bytes, struct levels *levels, struct reading *reading)
{
	CLEANUP(prompt_done) struct prompt prompt = {0};
	int r = prompt_parse(bytes->data ? bytes->data : "", bytes->size, &prompt, &reading->error);

	if (r < 0)
		return r;
	if (!*prompt.text) {
		reading->empty = true;
		return 0;
	}
	levels->header = prompt.header;
	prompt.header = (struct parameters){0};
	r = provider_resolve(
	        vfs->providers, &levels->settings, prompt.text, &reading->order, &reading->error);
	reading->resolved = r == 0;
	return r;
}

int reading_make(struct vfs *vfs, struct node *node, struct reading *ret_reading)
{
	CLEANUP(reading_done) struct reading reading = {0};
	CLEANUP(levels_done) struct levels levels = {0};
	CLEANUP(buf_done) struct buf bytes = {0};
	static const struct parameters none = {0};
	struct err bad_settings = {""};
	int readable, settings, r;

	readable = bytes_read(node, &bytes, &reading.st, &reading.error);
	if (readable < 0 && readable != -EINVAL)
		return readable;
	settings = levels_collect(vfs, node, NULL, &levels, &bad_settings);
	if (settings < 0 && settings != -EINVAL)
		return settings;
	r = content_make(&bytes, readable < 0 ? &reading.error : NULL,
	        settings == 0 ? &levels.own[0] : &none, &reading.content);
	if (r == 0 && readable == 0 && settings == 0)
		r = understand(vfs, &bytes, &levels, &reading);
	else if (r == 0 && readable == 0)
		reading.error = bad_settings;
	if (r < 0 && r != -EINVAL)
		return r;
	*ret_reading = reading;
	reading = (struct reading){0};
	return 0;
}

int reading_header(struct node *node, struct parameters *ret_header)
{
	CLEANUP(prompt_done) struct prompt prompt = {0};
	CLEANUP(buf_done) struct buf bytes = {0};
	struct stat st;
	int r = bytes_read(node, &bytes, &st, NULL);

	*ret_header = (struct parameters){0};
	if (r == 0)
		r = prompt_parse(bytes.data ? bytes.data : "", bytes.size, &prompt, NULL);
	if (r < 0)
		return r == -EINVAL ? 0 : r;
	*ret_header = prompt.header;
	prompt.header = (struct parameters){0};
	return 0;
}

static int hand_over(
        struct vfs *vfs, const char *path, struct reading *reading, enum engine_cause cause)
{
	bool hopeless = !reading->empty && !reading->resolved;
	struct engine_order order = {
	        .path = path,
	        .content = reading->content.data,
	        .content_size = reading->content.size,
	        .ctime_ns = stat_ctime_ns(&reading->st),
	        .cause = cause,
	        .empty = reading->empty,
	        .order = reading->resolved ? &reading->order : NULL,
	        .error = hopeless ? reading->error.text : NULL,
	};
	int r = engine_order(vfs->engine, &order);

	return r == 0 && hopeless ? -EINVAL : r;
}

/* With the node's commit lock held. */
static int commit_locked(struct vfs *vfs, struct node *node, enum engine_cause cause)
{
	CLEANUP(reading_done) struct reading reading = {0};
	CLEANUP(free_p) char *path = NULL;
	bool was;
	int r = node_prompt_path(vfs, node, &path);

	if (r < 0 || !path)
		return r;
	departed_carry(vfs, path, node);
	/* Before reading: what is written meanwhile must be read again. */
	was = atomic_exchange_explicit(&node->changed, false, memory_order_acq_rel);
	r = reading_make(vfs, node, &reading);
	if (r == 0)
		r = hand_over(vfs, path, &reading, cause);
	if (r < 0 && r != -EINVAL && was)
		atomic_store_explicit(&node->changed, true, memory_order_release);
	return r;
}

int commit_node(struct vfs *vfs, struct node *node, enum engine_cause cause)
{
	WITH_READ(&vfs->orders);
	WITH_LOCK(&vfs->commit[node->id % COMMIT_LOCKS]);

	return commit_locked(vfs, node, cause);
}

static int commit_change(struct vfs *vfs, struct node *node)
{
	/* Looked at under the lock: another descriptor's close may be committing this one's bytes,
	 * and has to succeed before this one may say that they are safe. */
	WITH_READ(&vfs->orders);
	WITH_LOCK(&vfs->commit[node->id % COMMIT_LOCKS]);

	if (!atomic_load_explicit(&node->changed, memory_order_acquire))
		return 0;
	return commit_locked(vfs, node, ENGINE_WRITTEN);
}

int commit_if_changed(struct vfs *vfs, struct node *node)
{
	/* Ordinary files wait for nobody; one that becomes a prompt is committed by that. */
	return node_is_prompt(vfs, node) ? commit_change(vfs, node) : 0;
}

int commit_node_quietly(struct vfs *vfs, struct node *node)
{
	int r = commit_node(vfs, node, ENGINE_WRITTEN);

	return r == -EINVAL ? 0 : r;
}
