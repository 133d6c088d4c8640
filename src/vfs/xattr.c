/* SPDX-License-Identifier: MIT */
/* Extended attributes: the file's own, checked where they are settings, and the state of a prompt.
 */
#include "internal.h"

#include <linux/limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#define XATTR_TRIES 8

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

int xattr_names(int fd, struct buf *names)
{
	char path[FD_PATH_SIZE];

	fd_path(fd, path);
	*names = BUF_INIT(XATTR_LIST_MAX);
	/* The list may grow between the two calls. */
	for (int i = 0; i < XATTR_TRIES; i++) {
		CLEANUP(free_p) char *list = NULL;
		ssize_t size = listxattr(path, NULL, 0);

		if (size == 0 || (size < 0 && errno == ENOTSUP))
			return 0;
		if (size < 0)
			return -errno;
		list = malloc((size_t)size);
		if (!list)
			return -ENOMEM;
		size = listxattr(path, list, (size_t)size);
		if (size >= 0)
			return size ? buf_add(names, list, (size_t)size) : 0;
		if (errno != ERANGE)
			return -errno;
	}
	return -EAGAIN;
}

/* ---- carried over ---- */

static bool has_settings(const struct buf *names)
{
	for (size_t at = 0; at < names->size; at += strlen(names->data + at) + 1)
		if (has_prefix(names->data + at, PROMPT_XATTR))
			return true;
	return false;
}

/* Whatever fails here, the rename itself is more important. */
void xattr_carry_over(struct node *from, struct node *to)
{
	CLEANUP(buf_done) struct buf own = {0};
	CLEANUP(buf_done) struct buf names = {0};
	CLEANUP(free_p) char *value = malloc(XATTR_SIZE_MAX);
	char from_path[FD_PATH_SIZE], to_path[FD_PATH_SIZE];

	if (!value || xattr_names(from->fd, &own) < 0 || has_settings(&own) ||
	        xattr_names(to->fd, &names) < 0)
		return;
	fd_path(from->fd, from_path);
	fd_path(to->fd, to_path);
	for (size_t at = 0; at < names.size; at += strlen(names.data + at) + 1) {
		const char *name = names.data + at;
		ssize_t size;

		if (!has_prefix(name, PROMPT_XATTR))
			continue;
		size = getxattr(to_path, name, value, XATTR_SIZE_MAX);
		if (size >= 0)
			(void)!setxattr(from_path, name, value, (size_t)size, 0);
	}
}

/* ---- settings ---- */

/* Whether attributes of the node are settings; *ret_prompt tells prompts from directories. */
static int takes_settings(struct vfs *vfs, struct node *node, bool *ret_prompt)
{
	CLEANUP(free_p) char *path = NULL;
	int r = node_prompt_path(vfs, node, &path);

	*ret_prompt = path != NULL;
	if (r < 0)
		return r;
	return path || (S_ISDIR(node->type) && !node_is_kept(vfs, node));
}

/* The value as text, or -EINVAL. */
static int value_text(const void *value, size_t size, char text[static PARAMETER_VALUE_MAX + 1])
{
	if (size > PARAMETER_VALUE_MAX)
		return -EINVAL;
	if (size)
		memcpy(text, value, size);
	text[size] = '\0';
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return -EINVAL;
	return utf8_valid(text, size, NULL) ? 0 : -EINVAL;
}

static int check_setting(struct vfs *vfs, struct node *node, bool is_prompt, const char *name,
        const void *value, size_t size)
{
	CLEANUP(levels_done) struct levels levels = {0};
	const struct provider_settings of_mount = {&vfs->settings, 1};
	char text[PARAMETER_VALUE_MAX + 1];
	int r;

	if (!*name || strlen(name) > PARAMETER_NAME_MAX)
		return -EINVAL;
	r = value_text(value, size, text);
	if (r < 0)
		return r;
	r = levels_collect(vfs, node, name, &levels, NULL);
	/* Settings that came in unmounted may be anything, and must be repairable. */
	if (r == -EINVAL)
		return provider_check_setting(vfs->providers, &of_mount, name, text, NULL);
	if (r == 0 && is_prompt)
		r = reading_header(node, &levels.header);
	return r < 0 ? r
	             : provider_check_setting(vfs->providers, &levels.settings, name, text, NULL);
}

/* A setting changed.  A prompt's own orders, once it has text or needs none.  A directory's orders
 * nothing, but counts for what is still waiting to be sent: tools that copy set it after the files.
 */
static int setting_changed(struct vfs *vfs, struct node *node, bool is_prompt)
{
	return is_prompt ? commit_unwritten(vfs, node) : commit_waiting(vfs, node);
}

int vfs_setxattr(
        struct vfs *vfs, uint64_t node, const char *name, const void *value, size_t size, int flags)
{
	bool setting = has_prefix(name, PROMPT_XATTR), is_prompt = false;
	char path[FD_PATH_SIZE];
	HELD(held, vfs);
	int r;

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	if (held.node->kind != NODE_REAL)
		return -EPERM;
	if (setting) {
		r = takes_settings(vfs, held.node, &is_prompt);
		if (r < 0)
			return r;
		setting = r > 0;
	}
	if (setting && has_prefix(name, PROMPT_XATTR_TASK))
		return -EPERM;
	if (setting) {
		r = check_setting(
		        vfs, held.node, is_prompt, name + strlen(PROMPT_XATTR), value, size);
		if (r < 0)
			return r;
	}
	fd_path(held.node->fd, path);
	if (setxattr(path, name, value, size, flags) < 0)
		return -errno;
	return setting ? setting_changed(vfs, held.node, is_prompt) : 0;
}

int vfs_removexattr(struct vfs *vfs, uint64_t node, const char *name)
{
	bool is_prompt = false;
	char path[FD_PATH_SIZE];
	HELD(held, vfs);
	int r = 0;

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	if (held.node->kind != NODE_REAL)
		return -EPERM;
	if (has_prefix(name, PROMPT_XATTR))
		r = takes_settings(vfs, held.node, &is_prompt);
	if (r < 0)
		return r;
	if (r > 0 && has_prefix(name, PROMPT_XATTR_TASK))
		return -EPERM;
	fd_path(held.node->fd, path);
	if (removexattr(path, name) < 0)
		return -errno;
	return r > 0 ? setting_changed(vfs, held.node, is_prompt) : 0;
}

/* ---- reading ---- */

/* The value of user.darkroom.task.NAME; NULL: there is none. */
static const char *task_value(
        const struct view *view, const char *name, char buffer[static TIME_TEXT_SIZE])
{
	if (strcmp(name, "state") == 0)
		return task_state_name(view->state);
	if (strcmp(name, "id") == 0)
		return view->task_id;
	if (strcmp(name, "uuid") == 0)
		return *view->take_uuid ? view->take_uuid : NULL;
	if (strcmp(name, "error") == 0)
		return view->error;
	if (strcmp(name, "credits") == 0 && view->credits_known) {
		snprintf(buffer, TIME_TEXT_SIZE, "%.10g", view->credits);
		return buffer;
	}
	if (strcmp(name, "created") == 0 && view->created_ms) {
		time_text(view->created_ms, buffer);
		return buffer;
	}
	if (strcmp(name, "completed") == 0 && view->completed_ms) {
		time_text(view->completed_ms, buffer);
		return buffer;
	}
	return NULL;
}

/* -ENOENT where the node is no prompt. */
static ssize_t task_get(
        struct vfs *vfs, struct node *node, const char *name, void *value, size_t size)
{
	CLEANUP(prompt_seen_done) struct prompt_seen seen = {0};
	char buffer[TIME_TEXT_SIZE];
	const char *text;
	size_t length;
	WITH_READ(&vfs->names);
	int r = prompt_see_self(vfs, node, &seen);

	if (r < 0)
		return r;
	text = task_value(seen.view, name, buffer);
	if (!text)
		return -ENODATA;
	length = strlen(text);
	if (size && size < length)
		return -ERANGE;
	if (size)
		memcpy(value, text, length);
	return (ssize_t)length;
}

ssize_t vfs_getxattr(struct vfs *vfs, uint64_t node, const char *name, void *value, size_t size)
{
	char path[FD_PATH_SIZE];
	HELD(held, vfs);
	ssize_t got;

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	if (held.node->kind != NODE_REAL)
		return -ENODATA;
	if (has_prefix(name, PROMPT_XATTR_TASK)) {
		got = task_get(vfs, held.node, name + strlen(PROMPT_XATTR_TASK), value, size);
		if (got != -ENOENT)
			return got;
	}
	fd_path(held.node->fd, path);
	got = getxattr(path, name, value, size);
	return got < 0 ? -errno : got;
}

ssize_t vfs_listxattr(struct vfs *vfs, uint64_t node, char *names, size_t size)
{
	char path[FD_PATH_SIZE];
	HELD(held, vfs);
	ssize_t got;

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	if (held.node->kind != NODE_REAL)
		return 0;
	fd_path(held.node->fd, path);
	got = listxattr(path, names, size);
	return got < 0 ? -errno : got;
}
