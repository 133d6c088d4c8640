/* SPDX-License-Identifier: MIT */
/* Reading directories.
 *
 * A directory is read as a whole when a reader starts at its beginning, and kept until it starts
 * anew: offsets are positions in what was read, so they stay right whatever happens meanwhile.
 */
#include "internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

struct item {
	size_t name; /* in names */
	uint64_t inode;
	mode_t type;
	bool own;
};

struct vfs_listing {
	struct node *node; /* referenced */
	int fd;            /* -1 for virtual ones */
	pthread_mutex_t lock;
	bool filled;
	struct item *items;
	size_t count, capacity;
	char *names;
	size_t names_size, names_capacity;
};

static int item_add(
        struct vfs_listing *listing, const char *name, uint64_t inode, mode_t type, bool own)
{
	size_t size = strlen(name) + 1;

	if (listing->count == listing->capacity) {
		size_t capacity = listing->capacity ? listing->capacity * 2 : 64;
		struct item *grown = reallocarray(listing->items, capacity, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		listing->items = grown;
		listing->capacity = capacity;
	}
	if (listing->names_capacity - listing->names_size < size) {
		size_t capacity = listing->names_capacity * 2 + size + 4096;
		char *grown = realloc(listing->names, capacity);

		if (!grown)
			return -ENOMEM;
		listing->names = grown;
		listing->names_capacity = capacity;
	}
	memcpy(listing->names + listing->names_size, name, size);
	listing->items[listing->count++] = (struct item){listing->names_size, inode, type, own};
	listing->names_size += size;
	return 0;
}

/* ---- what there is ---- */

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int real_read(struct vfs *vfs, struct vfs_listing *listing)
{
	int copy = openat(listing->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!directory) {
		r = -errno;
		close_p(&copy);
		return r;
	}
	while (r == 0 && (errno = 0, entry = readdir(directory)))
		if (listing->node != vfs->root || strcmp(entry->d_name, FILES_DIRECTORY) != 0)
			r = item_add(listing, entry->d_name, entry->d_ino, DTTOIF(entry->d_type),
			        is_dots(entry->d_name));
	if (r == 0)
		r = -errno;
	closedir(directory);
	return r;
}

/* The status file of a prompt, unless a real file has its name. */
static int status_add(struct vfs_listing *listing, const char *prompt, mode_t type)
{
	char status[NAME_MAX + 1];
	struct stat st;
	size_t stem;

	if (prompt_name_kind(prompt, &stem) != PROMPT_NAME_PROMPT ||
	        !prompt_name_make(prompt, stem, "status", status))
		return 0;
	/* Some filesystems do not say the type. */
	if (!type && fstatat(listing->fd, prompt, &st, AT_SYMLINK_NOFOLLOW) == 0)
		type = st.st_mode & S_IFMT;
	if (type != S_IFREG || fstatat(listing->fd, status, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	        errno != ENOENT)
		return 0;
	return item_add(listing, status, virtual_inode(listing->node->inode, NODE_STATUS, status),
	        S_IFREG, false);
}

static int statuses_add(struct vfs_listing *listing)
{
	size_t count = listing->count;
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++) {
		/* Adding may move the names. */
		char name[NAME_MAX + 1];
		const char *text = listing->names + listing->items[i].name;

		if (strlen(text) > NAME_MAX)
			continue;
		memcpy(name, text, strlen(text) + 1);
		r = status_add(listing, name, listing->items[i].type);
	}
	return r;
}

static int model_add(void *context, const char *name)
{
	struct vfs_listing *listing = context;

	/* Several providers may have the same model. */
	for (size_t i = 0; i < listing->count; i++)
		if (strcmp(listing->names + listing->items[i].name, name) == 0)
			return 0;
	return item_add(
	        listing, name, virtual_inode(NODE_MODELS, NODE_MODEL, name), S_IFREG, false);
}

static int darkroom_read(struct vfs *vfs, struct vfs_listing *listing)
{
	static const struct {
		const char *name;
		enum node_kind kind;
		mode_t type;
	} own[] = {
	        {"README", NODE_README, S_IFREG},
	        {"models", NODE_MODELS, S_IFDIR},
	        {"queue", NODE_QUEUE, S_IFREG},
	        {"budget", NODE_BUDGET, S_IFREG},
	        {FILES_TAKES, NODE_REAL, S_IFDIR},
	        {FILES_LOST, NODE_REAL, S_IFDIR},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(own); i++) {
		uint64_t inode = virtual_inode(NODE_DARKROOM, own[i].kind, own[i].name);
		struct stat st;

		if (own[i].kind == NODE_REAL) {
			if (fstatat(vfs->darkroom->fd, own[i].name, &st, AT_SYMLINK_NOFOLLOW) < 0)
				continue;
			inode = st.st_ino;
		}
		r = item_add(listing, own[i].name, inode, own[i].type, false);
	}
	return r;
}

static int fill(struct vfs *vfs, struct vfs_listing *listing)
{
	int r;

	listing->filled = false;
	listing->count = 0;
	listing->names_size = 0;
	if (listing->node->kind == NODE_REAL) {
		r = real_read(vfs, listing);
		if (r == 0 && !vfs->status_hidden && !node_is_kept(vfs, listing->node))
			r = statuses_add(listing);
	} else {
		r = item_add(listing, ".", listing->node->id, S_IFDIR, true);
		if (r == 0)
			r = item_add(listing, "..", VFS_ROOT, S_IFDIR, true);
		if (r == 0)
			r = listing->node->kind == NODE_DARKROOM
			            ? darkroom_read(vfs, listing)
			            : models_each(vfs, model_add, listing);
	}
	listing->filled = r == 0;
	return r;
}

/* ---- open directories ---- */

int vfs_opendir(struct vfs *vfs, uint64_t node, struct vfs_listing **ret_listing)
{
	CLEANUP(close_p) int fd = -1;
	HELD(held, vfs);
	struct vfs_listing *listing;

	held.node = node_get(vfs, node);
	if (!held.node)
		return -ESTALE;
	if (!S_ISDIR(held.node->type))
		return -ENOTDIR;
	if (held.node->kind == NODE_REAL) {
		int r = fd_reopen(held.node->fd, O_RDONLY | O_DIRECTORY, &fd);

		if (r < 0)
			return r;
	}
	listing = calloc(1, sizeof(*listing));
	if (!listing)
		return -ENOMEM;
	pthread_mutex_init(&listing->lock, NULL);
	listing->fd = take_fd(&fd);
	listing->node = held_take(&held);
	*ret_listing = listing;
	return 0;
}

void vfs_closedir(struct vfs *vfs, struct vfs_listing *listing)
{
	if (!listing)
		return;
	close_p(&listing->fd);
	free(listing->items);
	free(listing->names);
	pthread_mutex_destroy(&listing->lock);
	node_unref(vfs, listing->node);
	free(listing);
}

void vfs_readdir_begin(struct vfs_listing *listing)
{
	pthread_mutex_lock(&listing->lock);
}

void vfs_readdir_end(struct vfs_listing *listing)
{
	pthread_mutex_unlock(&listing->lock);
}

int vfs_readdir(
        struct vfs *vfs, struct vfs_listing *listing, off_t offset, struct vfs_item *ret_item)
{
	const struct item *item;

	if (offset < 0)
		return -EINVAL;
	if (offset == 0 || !listing->filled) {
		int r = fill(vfs, listing);

		if (r < 0)
			return r;
	}
	if ((size_t)offset >= listing->count)
		return 0;
	item = &listing->items[offset];
	*ret_item = (struct vfs_item){
	        .name = listing->names + item->name,
	        .inode = item->inode,
	        .type = item->type,
	        .next = offset + 1,
	        .own = item->own,
	};
	return 1;
}

int vfs_fsyncdir(struct vfs *vfs, struct vfs_listing *listing, bool data_only)
{
	if (listing->fd < 0)
		return 0;
	return (data_only ? fdatasync(listing->fd) : fsync(listing->fd)) < 0 ? -errno : 0;
}
