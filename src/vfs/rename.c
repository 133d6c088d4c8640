/* SPDX-License-Identifier: MIT */
/* Names that move and go, and what that means to prompts.
 *
 * The system call, the table and the engine change together under the write lock of `names`, and of
 * `orders` where the path of a prompt may change.  A file that becomes a prompt is committed
 * afterwards: the rename has happened by then and does not fail for it.
 */
#include "internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* One end of a rename.  node is referenced, NULL where nothing has the name. */
struct side {
	struct vfs *vfs;
	struct node *parent; /* referenced */
	const char *name;
	struct node *node;
	struct stat st;
	char *path;  /* NULL: below a directory that has none */
	bool prompt; /* a prompt's name, and below no kept directory */
};

static void side_done(struct side *side)
{
	if (side->parent)
		node_unref(side->vfs, side->parent);
	if (side->node)
		node_unref(side->vfs, side->node);
	free(side->path);
	*side = (struct side){0};
}

static bool side_is_file(const struct side *side)
{
	return side->node && S_ISREG(side->node->type);
}
static bool side_is_directory(const struct side *side)
{
	return side->node && S_ISDIR(side->node->type);
}
/* A prompt is there now. */
static bool side_is_prompt(const struct side *side)
{
	return side->prompt && side_is_file(side);
}

static int side_start(struct vfs *vfs, uint64_t parent, const char *name, struct side *ret_side)
{
	*ret_side = (struct side){.vfs = vfs, .name = name, .parent = node_get(vfs, parent)};
	if (!ret_side->parent)
		return -ESTALE;
	ret_side->prompt = name_is_prompt(vfs, ret_side->parent, name);
	return 0;
}

/* Under the lock of names: what is there. */
static int side_look(struct side *side)
{
	int r = node_child_path(side->vfs, side->parent, side->name, &side->path);

	if (r < 0 && r != -ENOENT)
		return r;
	r = lookup_real(side->vfs, side->parent, side->name, &side->node, &side->st);
	return r == -ENOENT ? 0 : r;
}

/* Without a lock: whether the name is a directory's now. */
static bool name_is_directory(struct node *parent, const char *name)
{
	struct stat st;

	return fstatat(parent->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* Whether it is by this name that the table knows the file, which may have several. */
static bool side_is_named(const struct side *side)
{
	return side->node && node_is_named(side->vfs, side->node, side->parent, side->name);
}

/* ---- rename ---- */

static int names_check(struct side *from, struct side *to, unsigned flags)
{
	int r = name_check_old(from->vfs, from->parent, from->name);

	if (r == 0 && to->parent == to->vfs->root && strcmp(to->name, FILES_DIRECTORY) == 0)
		r = -EPERM;
	if (r == 0)
		r = flags & RENAME_EXCHANGE ? name_check_old(to->vfs, to->parent, to->name)
		                            : name_check_new(to->vfs, to->parent, to->name);
	return r;
}

/* Who waits for the prompt goes on waiting for it.  A status file stays what its name says: the
 * kernel keeps that name. */
static void move_wait(struct side *from, struct side *to)
{
	char old[NAME_MAX + 1], new[NAME_MAX + 1];
	size_t old_stem, new_stem;

	if (prompt_name_kind(from->name, &old_stem) == PROMPT_NAME_PROMPT &&
	        prompt_name_kind(to->name, &new_stem) == PROMPT_NAME_PROMPT &&
	        prompt_name_make(from->name, old_stem, "wait", old) &&
	        prompt_name_make(to->name, new_stem, "wait", new))
		node_move_virtual(from->vfs, NODE_WAIT, from->parent, old, to->parent, new);
}

/* Tells the engine of a rename that has happened; sets *ret_commit where the file at `to` is to be
 * committed. */
static void moved(struct side *from, struct side *to, bool *ret_commit)
{
	struct engine *engine = from->vfs->engine;

	*ret_commit = false;
	if (!from->path || !to->path)
		return;
	if (side_is_directory(from)) {
		engine_moved(engine, from->path, to->path, false);
	} else if (side_is_prompt(from) && to->prompt) {
		engine_moved(engine, from->path, to->path, false);
		move_wait(from, to);
	} else if (side_is_prompt(from)) {
		engine_deleted(engine, from->path);
		departed_add(from->vfs, from->path, from->node);
	} else if (side_is_file(from) && to->prompt) {
		*ret_commit = true;
	} else if (side_is_prompt(to)) {
		/* Something that can be no prompt took its name. */
		engine_deleted(engine, to->path);
	}
}

/* Both exist and changed places. */
static void exchanged(struct side *a, struct side *b, bool *ret_commit_a, bool *ret_commit_b)
{
	struct engine *engine = a->vfs->engine;

	*ret_commit_a = *ret_commit_b = false;
	if (!a->path || !b->path)
		return;
	if ((side_is_directory(a) && side_is_directory(b)) ||
	        (side_is_prompt(a) && side_is_prompt(b))) {
		engine_moved(engine, a->path, b->path, true);
		return;
	}
	/* Where no ordinary file takes a prompt's place, it is gone. */
	if (side_is_prompt(a) && !side_is_file(b))
		engine_deleted(engine, a->path);
	if (side_is_prompt(b) && !side_is_file(a))
		engine_deleted(engine, b->path);
	if (side_is_directory(a))
		engine_moved(engine, a->path, b->path, false);
	if (side_is_directory(b))
		engine_moved(engine, b->path, a->path, false);
	*ret_commit_a = a->prompt && side_is_file(b);
	*ret_commit_b = b->prompt && side_is_file(a);
}

/* Directories with prompts do not move into or out of `.darkroom`, where nothing is a prompt: the
 * caller then copies. */
static bool crosses_kept(struct side *from, struct side *to)
{
	return node_is_kept(from->vfs, from->parent) != node_is_kept(to->vfs, to->parent);
}

/* Takes back what the engine was told of writers whose file is about to get another path.  The
 * engine itself moves those of a prompt that stays one. */
static void writers_leave(struct side *from, struct side *to, bool exchange)
{
	bool together = side_is_prompt(from) && to->prompt && side_is_named(from) &&
	                (!exchange || (side_is_prompt(to) && side_is_named(to)));

	if (!together)
		node_untell_writers(from->vfs, from->node);
	if (to->node && (exchange ? !together : side_is_named(to)))
		node_untell_writers(to->vfs, to->node);
}

static int rename_locked(struct side *from, struct side *to, unsigned flags, bool carry,
        bool *ret_commit_from, bool *ret_commit_to)
{
	bool exchange = flags & RENAME_EXCHANGE;
	int r = side_look(from);

	*ret_commit_from = *ret_commit_to = false;
	if (r == 0)
		r = side_look(to);
	if (r < 0)
		return r;
	if (!from->node || (exchange && !to->node))
		return -ENOENT;
	if ((side_is_directory(from) || (exchange && side_is_directory(to))) &&
	        crosses_kept(from, to))
		return -EXDEV;
	if (from->node == to->node)
		return renameat2(from->parent->fd, from->name, to->parent->fd, to->name, flags) < 0
		               ? -errno
		               : 0;
	if (carry && !flags && side_is_file(from) && side_is_file(to))
		xattr_carry_over(from->node, to->node);
	writers_leave(from, to, exchange);
	if (renameat2(from->parent->fd, from->name, to->parent->fd, to->name, flags) < 0) {
		r = -errno;
	} else if (exchange) {
		exchanged(from, to, ret_commit_from, ret_commit_to);
		(void)!node_rename(to->vfs, to->node, from->parent, from->name);
		(void)!node_rename(from->vfs, from->node, to->parent, to->name);
	} else {
		moved(from, to, ret_commit_to);
		if (to->node)
			node_unname(to->vfs, to->node, to->parent, to->name);
		(void)!node_rename(from->vfs, from->node, to->parent, to->name);
	}
	node_tell_writers(from->vfs, from->node);
	if (to->node)
		node_tell_writers(to->vfs, to->node);
	return r;
}

int vfs_rename(struct vfs *vfs, const struct vfs_caller *caller, uint64_t parent, const char *name,
        uint64_t new_parent, const char *new_name, unsigned flags)
{
	CLEANUP(side_done) struct side from = {0};
	CLEANUP(side_done) struct side to = {0};
	bool commit_from = false, commit_to = false;
	int r;

	if (flags & ~(unsigned)(RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	r = side_start(vfs, parent, name, &from);
	if (r == 0)
		r = side_start(vfs, new_parent, new_name, &to);
	if (r < 0)
		return r;
	{
		bool orders = from.prompt || to.prompt || name_is_directory(from.parent, name) ||
		              ((flags & RENAME_EXCHANGE) && name_is_directory(to.parent, new_name));
		WITH_WRITE(orders ? &vfs->orders : NULL);
		WITH_WRITE(&vfs->names);

		r = names_check(&from, &to, flags);
		if (r == 0)
			r = rename_locked(
			        &from, &to, flags, !caller->publisher, &commit_from, &commit_to);
	}
	/* Pictures that waiting orders refer to may have moved along. */
	if (r == 0 && side_is_directory(&from))
		(void)!commit_waiting(vfs, from.node);
	if (r == 0 && (flags & RENAME_EXCHANGE) && side_is_directory(&to))
		(void)!commit_waiting(vfs, to.node);
	/* Their state shows what went wrong. */
	if (r == 0 && commit_to)
		(void)!commit_unwritten(vfs, from.node);
	if (r == 0 && commit_from)
		(void)!commit_unwritten(vfs, to.node);
	return r;
}

/* ---- link ---- */

int vfs_link(struct vfs *vfs, uint64_t node, uint64_t parent, const char *name,
        struct vfs_entry *ret_entry)
{
	CLEANUP(side_done) struct side to = {0};
	HELD(held, vfs);
	char path[FD_PATH_SIZE];
	int r = side_start(vfs, parent, name, &to);

	held.node = node_get(vfs, node);
	if (r < 0 || !held.node)
		return r < 0 ? r : -ESTALE;
	if (held.node->kind != NODE_REAL)
		return -EPERM;
	{
		WITH_WRITE(to.prompt ? &vfs->orders : NULL);
		WITH_WRITE(&vfs->names);

		r = name_check_new(vfs, to.parent, name);
		if (r < 0)
			return r;
		fd_path(held.node->fd, path);
		if (linkat(AT_FDCWD, path, to.parent->fd, name, AT_SYMLINK_FOLLOW) < 0)
			return -errno;
		r = side_look(&to);
		if (r < 0 || !to.node)
			return r < 0 ? r : -ENOENT;
		node_tell_writers(vfs, to.node);
		r = entry_fill(vfs, to.node, &to.st, ret_entry);
	}
	if (side_is_prompt(&to))
		(void)!commit_unwritten(vfs, to.node);
	return r;
}

/* ---- gone ---- */

static int remove_name(struct vfs *vfs, uint64_t parent, const char *name, int flags)
{
	CLEANUP(side_done) struct side side = {0};
	int r = side_start(vfs, parent, name, &side);

	if (r < 0)
		return r;
	WITH_WRITE(side.prompt ? &vfs->orders : NULL);
	WITH_WRITE(&vfs->names);
	r = name_check_old(vfs, side.parent, name);
	if (r == 0)
		r = side_look(&side);
	if (r < 0)
		return r;
	if (side_is_named(&side))
		node_untell_writers(vfs, side.node);
	if (unlinkat(side.parent->fd, name, flags) < 0)
		r = -errno;
	else if (side.node)
		node_unname(vfs, side.node, side.parent, name);
	if (r == 0 && side_is_prompt(&side) && side.path) {
		engine_deleted(vfs->engine, side.path);
		departed_add(vfs, side.path, side.node);
	}
	if (r < 0 && side.node)
		node_tell_writers(vfs, side.node);
	return r;
}

/* Whoever removes a whole directory has listed a status file that is gone when its turn comes, for
 * its prompt was removed before it.  The kernel asks for that only while it knows the name. */
int vfs_unlink(struct vfs *vfs, uint64_t parent, const char *name)
{
	int r = remove_name(vfs, parent, name, 0);

	return r == -ENOENT && prompt_name_kind(name, NULL) == PROMPT_NAME_STATUS ? 0 : r;
}

int vfs_rmdir(struct vfs *vfs, uint64_t parent, const char *name)
{
	return remove_name(vfs, parent, name, AT_REMOVEDIR);
}
