/* SPDX-License-Identifier: MIT */
/* Prompts whose name was given up a moment ago.
 *
 * Some editors and tools save by moving the old file out of the way, or removing it, and writing a
 * new one.  The prompt keeps its identity, and has to keep its settings too: a draft that lost its
 * hold would be bought.  So the last few such files are remembered for a short time, and what is
 * committed under their names gets their settings unless it has some of its own.
 */
#include "internal.h"

#include <string.h>

#define DEPARTED_US (10 * US_PER_S)

static int64_t now_us(void)
{
	return clock_system.mono_us(clock_system.context);
}

static void departed_clear(struct vfs *vfs, struct departed *departed)
{
	if (departed->node)
		node_unref(vfs, departed->node);
	free(departed->path);
	*departed = (struct departed){0};
}

void departed_add(struct vfs *vfs, const char *path, struct node *node)
{
	struct departed old, new = {.path = strdup(path), .until_us = now_us() + DEPARTED_US};

	if (!new.path)
		return;
	new.node = node_ref(vfs, node);
	{
		WITH_LOCK(&vfs->departed_lock);
		old = vfs->departed[vfs->departed_next];
		vfs->departed[vfs->departed_next] = new;
		vfs->departed_next = (vfs->departed_next + 1) % DEPARTED_MAX;
	}
	departed_clear(vfs, &old);
}

void departed_carry(struct vfs *vfs, const char *path, struct node *node)
{
	HELD(from, vfs);
	int64_t latest_us = now_us();

	{
		WITH_LOCK(&vfs->departed_lock);
		for (size_t i = 0; i < DEPARTED_MAX; i++) {
			struct departed *departed = &vfs->departed[i];

			if (!departed->path || departed->until_us < latest_us ||
			        strcmp(departed->path, path) != 0)
				continue;
			latest_us = departed->until_us;
			held_drop(&from);
			from.node = node_ref(vfs, departed->node);
		}
	}
	if (from.node && from.node != node)
		xattr_carry_over(node, from.node);
}

void departed_done(struct vfs *vfs)
{
	for (size_t i = 0; i < DEPARTED_MAX; i++)
		departed_clear(vfs, &vfs->departed[i]);
}
