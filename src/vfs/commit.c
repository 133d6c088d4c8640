/* SPDX-License-Identifier: MIT */
/* From a prompt file to an order. */
#include "internal.h"

#include <fcntl.h>
#include <string.h>

/* A prompt's bytes and settings together. */
#define CONTENT_MAX \
	(PROMPT_FILE_MAX + PARAMETERS_MAX * (PARAMETER_NAME_MAX + PARAMETER_VALUE_MAX + 2) + 1024)

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
static int understand(struct vfs *vfs, const char *path, const struct buf *bytes,
        struct levels *levels, struct reading *reading)
{
	CLEANUP(prompt_done) struct prompt prompt = {0};
	int r = prompt_parse(bytes->data ? bytes->data : "", bytes->size, &prompt, &reading->error);

	if (r < 0)
		return r;
	levels->header = prompt.header;
	prompt.header = (struct parameters){0};
	if (!*prompt.text && !provider_orders_without_text(vfs->providers, &levels->settings)) {
		reading->empty = true;
		provider_lacks_own_picture(vfs->providers, &levels->settings, &reading->error);
		return 0;
	}
	r = provider_resolve(
	        vfs->providers, &levels->settings, prompt.text, &reading->order, &reading->error);
	if (r < 0)
		return r;
	reading->resolved = true;
	r = references_fill(vfs, path, &reading->st, &levels->settings, &reading->order.request,
	        &reading->error);
	if (r < 0) {
		reading->resolved = false;
		reading->lacks_pictures = r == -EINVAL;
		provider_order_done(&reading->order);
	}
	return r;
}

int reading_make(struct vfs *vfs, struct node *node, const char *path, struct reading *ret_reading)
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
		r = understand(vfs, path, &bytes, &levels, &reading);
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

bool reading_needs_no_text(
        struct vfs *vfs, struct node *node, struct parameters *header, struct err *err)
{
	CLEANUP(levels_done) struct levels levels = {0};

	if (levels_collect(vfs, node, NULL, &levels, NULL) < 0)
		return false;
	levels.header = *header;
	*header = (struct parameters){0};
	if (provider_orders_without_text(vfs->providers, &levels.settings))
		return true;
	provider_lacks_own_picture(vfs->providers, &levels.settings, err);
	return false;
}

static bool is_hopeless(const struct reading *reading)
{
	return !reading->empty && !reading->resolved;
}

/* What was read, as the engine takes it; borrowed from path and reading. */
static struct engine_order order_from(
        const char *path, const struct reading *reading, enum engine_cause cause)
{
	return (struct engine_order){
	        .path = path,
	        .content = reading->content.data,
	        .content_size = reading->content.size,
	        .ctime_ns = stat_ctime_ns(&reading->st),
	        .cause = cause,
	        .empty = reading->empty,
	        .order = reading->resolved ? &reading->order : NULL,
	        .error = reading->error.text[0] ? reading->error.text : NULL,
	};
}

static int hand_over(
        struct vfs *vfs, const char *path, struct reading *reading, enum engine_cause cause)
{
	const struct engine_order order = order_from(path, reading, cause);
	int r = engine_order(vfs->engine, &order);

	return r == 0 && is_hopeless(reading) ? -EINVAL : r;
}

static bool is_known(struct vfs *vfs, const char *path)
{
	CLEANUP(view_unref_p) struct view *view = engine_view(vfs->engine, path);

	return view != NULL;
}

/* With the node's commit lock held.  `written`: what is there was put there as a prompt's text,
 * also where it is empty. */
static int commit_locked(
        struct vfs *vfs, struct node *node, enum engine_cause cause, bool written, bool *ret_lacks)
{
	CLEANUP(reading_done) struct reading reading = {0};
	CLEANUP(free_p) char *path = NULL;
	bool changed, fresh;
	int r = node_prompt_path(vfs, node, &path);

	if (r < 0 || !path)
		return r;
	departed_carry(vfs, path, node);
	/* Before reading: what is written meanwhile must be read again. */
	changed = atomic_exchange_explicit(&node->changed, false, memory_order_acq_rel);
	fresh = atomic_exchange_explicit(&node->fresh, false, memory_order_acq_rel);
	r = reading_make(vfs, node, path, &reading);
	if (r == 0 && (written || !reading.empty || is_known(vfs, path)))
		r = hand_over(vfs, path, &reading, cause);
	if (r < 0 && r != -EINVAL && changed)
		atomic_store_explicit(&node->changed, true, memory_order_release);
	if (r < 0 && r != -EINVAL && fresh)
		atomic_store_explicit(&node->fresh, true, memory_order_release);
	*ret_lacks = reading.lacks_pictures;
	return r;
}

static int commit(struct vfs *vfs, struct node *node, enum engine_cause cause, bool written)
{
	bool lacks;
	WITH_READ(&vfs->orders);
	WITH_LOCK(&vfs->commit[node->id % COMMIT_LOCKS]);

	return commit_locked(vfs, node, cause, written, &lacks);
}

int commit_node(struct vfs *vfs, struct node *node, enum engine_cause cause)
{
	return commit(vfs, node, cause, true);
}

int commit_node_quietly(struct vfs *vfs, struct node *node)
{
	int r = commit(vfs, node, ENGINE_WRITTEN, true);

	return r == -EINVAL ? 0 : r;
}

int commit_unwritten(struct vfs *vfs, struct node *node)
{
	int r = commit(vfs, node, ENGINE_WRITTEN, false);

	return r == -EINVAL ? 0 : r;
}

int commit_command(struct vfs *vfs, struct node *node, enum engine_command command)
{
	CLEANUP(reading_done) struct reading reading = {0};
	CLEANUP(free_p) char *path = NULL;
	struct engine_order now;
	int r;
	WITH_READ(&vfs->orders);
	WITH_LOCK(&vfs->commit[node->id % COMMIT_LOCKS]);

	r = node_prompt_path(vfs, node, &path);
	if (r == 0)
		r = path ? reading_make(vfs, node, path, &reading) : -ENOENT;
	if (r < 0)
		return r;
	now = order_from(path, &reading, ENGINE_WRITTEN);
	return engine_command_now(vfs->engine, command, &now);
}

static int commit_change(struct vfs *vfs, struct node *node)
{
	bool lacks = false, changed;
	int r;
	/* Looked at under the lock: another descriptor's close may be committing this one's bytes,
	 * and has to succeed before this one may say that they are safe. */
	WITH_READ(&vfs->orders);
	WITH_LOCK(&vfs->commit[node->id % COMMIT_LOCKS]);

	changed = atomic_load_explicit(&node->changed, memory_order_acquire);
	if (!changed && !atomic_load_explicit(&node->fresh, memory_order_acquire))
		return 0;
	r = commit_locked(vfs, node, ENGINE_WRITTEN, changed, &lacks);
	/* The text is as it should be, and the picture may still come. */
	return r == -EINVAL && lacks ? 0 : r;
}

int commit_if_changed(struct vfs *vfs, struct node *node)
{
	/* Ordinary files wait for nobody; one that becomes a prompt is committed by that. */
	return node_is_prompt(vfs, node) ? commit_change(vfs, node) : 0;
}
