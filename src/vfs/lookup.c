/* SPDX-License-Identifier: MIT */
/* From names to nodes: real files first, then the virtual ones beside them. */
#include "internal.h"

#include <fcntl.h>
#include <string.h>

static bool name_is_sane(const char *name)
{
	return *name && strlen(name) <= NAME_MAX && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

/* A file with one name that the table knows by another one was renamed behind the mount. */
static int name_correct(struct vfs *vfs, struct node *parent, const char *name, struct node *node)
{
	int r;

	node_untell_writers(vfs, node);
	r = node_rename(vfs, node, parent, name);
	node_tell_writers(vfs, node);
	if (r < 0)
		node_unref(vfs, node);
	return r;
}

int lookup_real(struct vfs *vfs, struct node *parent, const char *name, struct node **ret_node,
        struct stat *ret_stat)
{
	CLEANUP(close_p) int fd = openat(parent->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int r = fd < 0 ? -errno : fd_stat(fd, ret_stat);

	if (r < 0)
		return r;
	r = node_add_real(vfs, parent, name, &fd, ret_stat, ret_node);
	if (r == 0 && ret_stat->st_nlink == 1 && *ret_node != vfs->root &&
	        !node_is_named(vfs, *ret_node, parent, name))
		r = name_correct(vfs, parent, name, *ret_node);
	return r;
}

int lookup_path(struct vfs *vfs, const char *path, struct node **ret_node, struct stat *ret_stat)
{
	CLEANUP(free_p) char *rest = strdup(path);
	HELD(at, vfs);
	char *next = rest, *name;
	int r = rest ? fd_stat(vfs->root->fd, ret_stat) : -ENOMEM;

	at.node = node_ref(vfs, vfs->root);
	while (r == 0 && (name = strsep(&next, "/")) && *name) {
		struct node *child;

		if (!name_is_sane(name))
			return -EINVAL;
		if (at.node->kind != NODE_REAL || !S_ISDIR(at.node->type))
			return -ENOTDIR;
		if (at.node == vfs->root && strcmp(name, FILES_DIRECTORY) == 0)
			return -ENOENT;
		r = lookup_real(vfs, at.node, name, &child, ret_stat);
		if (r == 0) {
			held_drop(&at);
			at.node = child;
		}
	}
	if (r < 0)
		return r;
	*ret_node = held_take(&at);
	return 0;
}

int entry_fill(
        struct vfs *vfs, struct node *node, const struct stat *st, struct vfs_entry *ret_entry)
{
	node_count_lookup(vfs, node);
	*ret_entry = (struct vfs_entry){
	        .node = node->id,
	        .attributes = *st,
	        .timeout = node->kind == NODE_REAL ? REAL_TIMEOUT : 0,
	        .name_timeout = node->kind == NODE_REAL     ? REAL_TIMEOUT
	                        : node->kind == NODE_STATUS ? STATUS_NAME_TIMEOUT
	                                                    : 0,
	};
	return 0;
}

/* What is real in `.darkroom`. */
static int lookup_kept(struct vfs *vfs, const struct vfs_caller *caller, const char *name,
        struct node **ret_node, struct stat *ret_stat)
{
	bool incoming = strcmp(name, FILES_INCOMING) == 0;

	if ((incoming && caller->publisher) || strcmp(name, FILES_TAKES) == 0 ||
	        strcmp(name, FILES_LOST) == 0)
		return lookup_real(vfs, vfs->darkroom, name, ret_node, ret_stat);
	return -ENOENT;
}

static int lookup_any(struct vfs *vfs, const struct vfs_caller *caller, struct node *parent,
        const char *name, struct node **ret_node, struct stat *ret_stat)
{
	int r;

	if (parent->kind == NODE_DARKROOM)
		r = lookup_kept(vfs, caller, name, ret_node, ret_stat);
	else if (parent->kind == NODE_REAL &&
	         (parent != vfs->root || strcmp(name, FILES_DIRECTORY) != 0))
		r = lookup_real(vfs, parent, name, ret_node, ret_stat);
	else
		r = -ENOENT;
	if (r == -ENOENT)
		r = virtual_lookup(vfs, caller, parent, name, ret_node, ret_stat);
	return r;
}

int vfs_lookup(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        struct vfs_entry *ret_entry)
{
	WITH_READ(&vfs->names);
	HELD(directory, vfs);
	HELD(found, vfs);
	struct stat st;
	int r;

	directory.node = node_get(vfs, parent);
	if (!directory.node)
		return -ESTALE;
	if (!S_ISDIR(directory.node->type))
		return -ENOTDIR;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	if (!name_is_sane(name))
		return -EINVAL;
	r = lookup_any(vfs, caller, directory.node, name, &found.node, &st);
	if (r < 0)
		return r;
	r = entry_fill(vfs, found.node, &st, ret_entry);
	/* Others must not find it in the kernel's cache. */
	if (directory.node == vfs->darkroom && strcmp(name, FILES_INCOMING) == 0)
		ret_entry->timeout = ret_entry->name_timeout = 0;
	return r;
}

void vfs_forget(struct vfs *vfs, uint64_t node, uint64_t count)
{
	node_forget(vfs, node, count);
}

/* The kernel may still know the name of a file whose prompt is gone; this makes it ask for the name
 * anew. */
int gone_is_stale(int r)
{
	return r == -ENOENT ? -ESTALE : r;
}

int vfs_getattr(struct vfs *vfs, uint64_t node, struct vfs_handle *handle, struct stat *ret_stat,
        double *ret_timeout)
{
	HELD(held, vfs);

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	if (held.node->kind != NODE_REAL) {
		WITH_READ(&vfs->names);
		*ret_timeout = 0;
		return gone_is_stale(virtual_stat(vfs, held.node, ret_stat));
	}
	*ret_timeout = REAL_TIMEOUT;
	return fd_stat(held.node->fd, ret_stat);
}

int vfs_readlink(struct vfs *vfs, uint64_t node, char target[static PATH_MAX])
{
	HELD(held, vfs);
	ssize_t size;

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	if (held.node->kind != NODE_REAL)
		return -EINVAL;
	size = readlinkat(held.node->fd, "", target, PATH_MAX);
	if (size < 0)
		return -errno;
	if (size >= PATH_MAX)
		return -ENAMETOOLONG;
	target[size] = '\0';
	return 0;
}

bool name_is_prompt(struct vfs *vfs, struct node *parent, const char *name)
{
	return prompt_name_kind(name, NULL) == PROMPT_NAME_PROMPT && !node_is_kept(vfs, parent);
}

/* Whether a virtual file shows under the name. */
static int is_virtual(struct vfs *vfs, struct node *parent, const char *name, bool *ret_is)
{
	static const struct vfs_caller nobody = {0};
	HELD(found, vfs);
	struct stat st;
	int r;

	*ret_is = false;
	if (parent != vfs->root && prompt_name_kind(name, NULL) != PROMPT_NAME_STATUS &&
	        prompt_name_kind(name, NULL) != PROMPT_NAME_WAIT)
		return 0;
	r = lookup_any(vfs, &nobody, parent, name, &found.node, &st);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	*ret_is = found.node->kind != NODE_REAL;
	return 0;
}

int name_check_new(struct vfs *vfs, struct node *parent, const char *name)
{
	bool is;
	int r;

	if (!S_ISDIR(parent->type))
		return -ENOTDIR;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	if (!name_is_sane(name))
		return -EEXIST;
	if (parent->kind != NODE_REAL)
		return -EPERM;
	r = is_virtual(vfs, parent, name, &is);
	return r < 0 ? r : is ? -EEXIST : 0;
}

int name_check_old(struct vfs *vfs, struct node *parent, const char *name)
{
	bool is;
	int r;

	if (!S_ISDIR(parent->type))
		return -ENOTDIR;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	if (!name_is_sane(name))
		return -EINVAL;
	if (parent->kind != NODE_REAL)
		return -EPERM;
	r = is_virtual(vfs, parent, name, &is);
	return r < 0 ? r : is ? -EPERM : 0;
}
