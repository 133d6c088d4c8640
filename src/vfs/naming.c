/* SPDX-License-Identifier: MIT */
/* What nodes are called, the paths that follow from it, and who writes them.
 *
 * A node has the name that it was last found by or renamed to.  The engine knows a prompt's writers
 * by its path, so the counts that it was told of move when the name does.
 */
#include "table.h"

#include <string.h>

/* Whether `.darkroom` is the node or among its ancestors. */
bool locked_is_kept(const struct node *node)
{
	for (; node; node = node->parent)
		if (node->kind == NODE_DARKROOM)
			return true;
	return false;
}

bool locked_is_named(const struct node *node, const struct node *parent, const char *name)
{
	return node->parent == parent && parent && strcmp(node->name, name) == 0;
}

bool locked_is_prompt(const struct node *node)
{
	return node->kind == NODE_REAL && S_ISREG(node->type) && node->name &&
	       prompt_name_kind(node->name, NULL) == PROMPT_NAME_PROMPT &&
	       !locked_is_kept(node->parent);
}

int node_rename(struct vfs *vfs, struct node *node, struct node *parent, const char *name)
{
	CLEANUP(free_p) char *new_name = strdup(name);
	int r = new_name ? 0 : -ENOMEM;
	struct node *chain;

	{
		WITH_LOCK(&vfs->table.lock);
		chain = locked_set_name(&vfs->table, node, new_name ? parent : NULL, &new_name);
	}
	nodes_free(chain);
	return r;
}

void node_unname(struct vfs *vfs, struct node *node, struct node *parent, const char *name)
{
	CLEANUP(free_p) char *none = NULL;
	struct node *chain = NULL;

	{
		WITH_LOCK(&vfs->table.lock);
		if (locked_is_named(node, parent, name))
			chain = locked_set_name(&vfs->table, node, NULL, &none);
	}
	nodes_free(chain);
}

bool node_is_named(struct vfs *vfs, struct node *node, const struct node *parent, const char *name)
{
	WITH_LOCK(&vfs->table.lock);

	return locked_is_named(node, parent, name);
}

void node_unname_any(struct vfs *vfs, struct node *node)
{
	CLEANUP(free_p) char *none = NULL;
	struct node *chain;

	{
		WITH_LOCK(&vfs->table.lock);
		chain = locked_set_name(&vfs->table, node, NULL, &none);
	}
	nodes_free(chain);
}

void node_move_virtual(struct vfs *vfs, enum node_kind kind, struct node *parent, const char *name,
        struct node *new_parent, const char *to)
{
	CLEANUP(free_p) char *new_name = strdup(to);
	struct node *chain = NULL;

	if (!new_name)
		return;
	{
		WITH_LOCK(&vfs->table.lock);
		struct node *node = locked_find_virtual(&vfs->table, kind, parent, name);

		if (node) {
			locked_key_remove(&vfs->table, node);
			chain = locked_set_name(&vfs->table, node, new_parent, &new_name);
			if (!locked_find_virtual(&vfs->table, kind, new_parent, to))
				locked_key_insert(&vfs->table, node);
		}
	}
	nodes_free(chain);
}

bool node_is_kept(struct vfs *vfs, struct node *node)
{
	WITH_LOCK(&vfs->table.lock);

	return locked_is_kept(node);
}

/* The path of `name` in `parent`, under the lock. */
static int path_make(struct vfs *vfs, const struct node *parent, const char *name, char **ret_path)
{
	size_t length = strlen(name), at;
	char *path;

	for (const struct node *node = parent; node != vfs->root; node = node->parent) {
		if (!node || !node->name)
			return -ENOENT;
		length += strlen(node->name) + 1;
	}
	path = malloc(length + 1);
	if (!path)
		return -ENOMEM;
	at = length - strlen(name);
	memcpy(path + at, name, strlen(name) + 1);
	for (const struct node *node = parent; node != vfs->root; node = node->parent) {
		size_t part = strlen(node->name);

		path[--at] = '/';
		at -= part;
		memcpy(path + at, node->name, part);
	}
	*ret_path = path;
	return 0;
}

int node_child_path(struct vfs *vfs, struct node *parent, const char *name, char **ret_path)
{
	WITH_LOCK(&vfs->table.lock);

	return path_make(vfs, parent, name, ret_path);
}

bool node_is_prompt(struct vfs *vfs, struct node *node)
{
	WITH_LOCK(&vfs->table.lock);

	return locked_is_prompt(node);
}

int node_prompt_path(struct vfs *vfs, struct node *node, char **ret_path)
{
	WITH_LOCK(&vfs->table.lock);

	*ret_path = NULL;
	if (!locked_is_prompt(node))
		return 0;
	int r = path_make(vfs, node->parent, node->name, ret_path);

	return r == -ENOENT ? 0 : r;
}

struct node *node_parent(struct vfs *vfs, struct node *node)
{
	WITH_LOCK(&vfs->table.lock);

	if (node->parent)
		node->parent->references++;
	return node->parent;
}

int node_naming(struct vfs *vfs, struct node *node, struct node **ret_parent, char **ret_name)
{
	WITH_LOCK(&vfs->table.lock);

	if (!node->name)
		return -ENOENT;
	*ret_name = strdup(node->name);
	if (!*ret_name)
		return -ENOMEM;
	*ret_parent = node->parent;
	node->parent->references++;
	return 0;
}

/* ---- writers ---- */

unsigned node_writers(struct vfs *vfs, struct node *node, int change)
{
	CLEANUP(free_p) char *path = NULL;
	bool tell = false;
	unsigned left;
	WITH_READ(&vfs->names);

	{
		WITH_LOCK(&vfs->table.lock);

		node->writers += (unsigned)change;
		left = node->writers;
		if (locked_is_prompt(node) && (change > 0 || node->counted) &&
		        path_make(vfs, node->parent, node->name, &path) == 0) {
			node->counted += (unsigned)change;
			tell = true;
		}
	}
	if (tell)
		engine_writers(vfs->engine, path, change);
	return left;
}

bool node_has_writers(struct vfs *vfs, struct node *node)
{
	WITH_LOCK(&vfs->table.lock);

	return node->writers > 0;
}

void node_tell_writers(struct vfs *vfs, struct node *node)
{
	CLEANUP(free_p) char *path = NULL;
	unsigned count = 0;

	{
		WITH_LOCK(&vfs->table.lock);
		if (node->writers > node->counted && locked_is_prompt(node) &&
		        path_make(vfs, node->parent, node->name, &path) == 0) {
			count = node->writers - node->counted;
			node->counted = node->writers;
		}
	}
	if (count)
		engine_writers(vfs->engine, path, (int)count);
}

void node_untell_writers(struct vfs *vfs, struct node *node)
{
	CLEANUP(free_p) char *path = NULL;
	unsigned count = 0;

	{
		WITH_LOCK(&vfs->table.lock);
		if (node->counted && locked_is_prompt(node) &&
		        path_make(vfs, node->parent, node->name, &path) == 0)
			count = node->counted;
		node->counted = 0;
	}
	if (count)
		engine_writers(vfs->engine, path, -(int)count);
}
