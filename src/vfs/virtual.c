/* SPDX-License-Identifier: MIT */
/* Virtual files: `.darkroom` with its pages, NAME.status and NAME.wait. */
#include "internal.h"

#include <fcntl.h>
#include <string.h>

/* ---- pages ---- */

int virtual_page(struct vfs *vfs, struct node *node, struct buf *page)
{
	CLEANUP(free_p) char *name = NULL;
	HELD(parent, vfs);
	int r;

	if (node->kind == NODE_QUEUE)
		return queue_page(vfs, page);
	if (node->kind == NODE_README)
		return buf_add_text(page, readme_text);
	if (node->kind == NODE_BUDGET)
		return engine_budget_page(vfs->engine, page);
	r = node_naming(vfs, node, &parent.node, &name);
	return r < 0 ? r : models_page(vfs, name, page);
}

/* ---- look-up ---- */

static int lookup_page(
        struct vfs *vfs, struct node *parent, const char *name, struct node **ret_node)
{
	int r;

	if (parent->kind == NODE_DARKROOM) {
		if (strcmp(name, "README") == 0)
			return node_add_virtual(vfs, NODE_README, parent, name, ret_node);
		if (strcmp(name, "queue") == 0)
			return node_add_virtual(vfs, NODE_QUEUE, parent, name, ret_node);
		if (strcmp(name, "models") == 0)
			return node_add_virtual(vfs, NODE_MODELS, parent, name, ret_node);
		if (strcmp(name, "budget") == 0)
			return node_add_virtual(vfs, NODE_BUDGET, parent, name, ret_node);
		return -ENOENT;
	}
	r = models_page(vfs, name, NULL);
	return r < 0 ? r : node_add_virtual(vfs, NODE_MODEL, parent, name, ret_node);
}

/* Whether the directory has a prompt of this stem. */
static int prompt_exists(struct vfs *vfs, struct node *parent, const char *name, size_t stem)
{
	char prompt[NAME_MAX + 1];
	struct stat st;

	if (!prompt_name_make(name, stem, "prompt", prompt) || !name_is_prompt(vfs, parent, prompt))
		return -ENOENT;
	if (fstatat(parent->fd, prompt, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? 0 : -ENOENT;
}

static int lookup_beside(
        struct vfs *vfs, struct node *parent, const char *name, struct node **ret_node)
{
	size_t stem;
	int r;

	switch (prompt_name_kind(name, &stem)) {
	case PROMPT_NAME_STATUS:
		r = prompt_exists(vfs, parent, name, stem);
		return r < 0 ? r : node_add_virtual(vfs, NODE_STATUS, parent, name, ret_node);
	case PROMPT_NAME_WAIT:
		r = prompt_exists(vfs, parent, name, stem);
		return r < 0 ? r : node_add_virtual(vfs, NODE_WAIT, parent, name, ret_node);
	case PROMPT_NAME_OTHER:
	case PROMPT_NAME_PROMPT:
		break;
	}
	return -ENOENT;
}

int virtual_lookup(struct vfs *vfs, const struct vfs_caller *caller, struct node *parent,
        const char *name, struct node **ret_node, struct stat *ret_stat)
{
	HELD(found, vfs);
	int r;

	if (parent == vfs->root && strcmp(name, FILES_DIRECTORY) == 0) {
		found.node = node_ref(vfs, vfs->darkroom);
		r = 0;
	} else if (parent->kind == NODE_DARKROOM || parent->kind == NODE_MODELS) {
		r = lookup_page(vfs, parent, name, &found.node);
	} else {
		r = lookup_beside(vfs, parent, name, &found.node);
	}
	if (r == 0)
		r = virtual_stat(vfs, found.node, ret_stat);
	if (r < 0)
		return r;
	*ret_node = held_take(&found);
	return 0;
}

/* ---- attributes ---- */

static void time_set(struct stat *st, struct timespec time)
{
	st->st_atim = st->st_mtim = st->st_ctim = time;
}

static void size_set(struct stat *st, size_t size)
{
	st->st_size = (off_t)size;
	st->st_blocks = (blkcnt_t)((size + 511) / 512);
}

/* Status and wait are their prompt's owner's, and readable to whom the prompt is. */
static int stat_beside(struct vfs *vfs, struct node *node, struct stat *st)
{
	CLEANUP(prompt_seen_done) struct prompt_seen seen = {0};
	int r = prompt_see(vfs, node, &seen);
	mode_t mode = node->kind == NODE_STATUS ? STATUS_MODE : WAIT_MODE;
	int64_t changed;

	if (r < 0)
		return r;
	st->st_mode =
	        S_IFREG |
	        (mode & ~((mode_t)(S_IRGRP | S_IROTH) & ~(seen.st.st_mode & (S_IRGRP | S_IROTH))));
	st->st_uid = seen.st.st_uid;
	st->st_gid = seen.st.st_gid;
	changed = seen.view->changed_ms;
	time_set(st, (struct timespec){.tv_sec = changed / 1000,
	                     .tv_nsec = changed % 1000 * INT64_C(1000000)});
	if (node->kind == NODE_STATUS)
		size_set(st, seen.view->status_size);
	else
		size_set(st, seen.view->state == TASK_SUCCESS ? strlen(seen.view->pictures)
		                                              : WAIT_SIZE_UNKNOWN);
	return 0;
}

static int stat_page(struct vfs *vfs, struct node *node, struct stat *st)
{
	CLEANUP(buf_done) struct buf page = BUF_INIT(PAGE_MAX);
	struct timespec now;
	int r;

	/* Before the page: what changes meanwhile shows as a later time. */
	if (node->kind == NODE_QUEUE)
		time_set(st, queue_time(vfs));
	else if (node->kind == NODE_BUDGET && clock_gettime(CLOCK_REALTIME, &now) == 0)
		time_set(st, now); /* it changes with time */
	r = virtual_page(vfs, node, &page);
	st->st_mode = S_IFREG | PAGE_MODE;
	size_set(st, page.size);
	return r;
}

int virtual_stat(struct vfs *vfs, struct node *node, struct stat *ret_stat)
{
	CLEANUP(free_p) char *name = NULL;
	HELD(parent, vfs);
	struct stat root, st = {.st_nlink = 1, .st_blksize = 4096};
	int r = node_naming(vfs, node, &parent.node, &name);

	if (r == 0)
		r = fd_stat(vfs->root->fd, &root);
	if (r < 0)
		return r;
	st.st_ino = virtual_inode(
	        parent.node->kind == NODE_REAL ? parent.node->inode : (uint64_t)parent.node->kind,
	        node->kind, name);
	st.st_uid = root.st_uid;
	st.st_gid = root.st_gid;
	time_set(&st, vfs->started);
	switch (node->kind) {
	case NODE_DARKROOM:
	case NODE_MODELS:
		st.st_mode = S_IFDIR | VIRTUAL_DIRECTORY_MODE;
		st.st_nlink = 2;
		break;
	case NODE_README:
	case NODE_MODEL:
	case NODE_QUEUE:
	case NODE_BUDGET:
		r = stat_page(vfs, node, &st);
		break;
	case NODE_STATUS:
	case NODE_WAIT:
		r = stat_beside(vfs, node, &st);
		break;
	case NODE_REAL:
		r = -EINVAL;
		break;
	}
	if (r == 0)
		*ret_stat = st;
	return r;
}
