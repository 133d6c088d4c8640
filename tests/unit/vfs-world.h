/* SPDX-License-Identifier: MIT */
/* A SOURCE in a temporary directory with a vfs over it, and the steps that the tests of vfs take.
 */
#pragma once

#include "darkroom/prompt.h"
#include "darkroom/vfs.h"
#include "vfs-engine.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/xattr.h>

struct world {
	char path[64];
	int fd;
	struct providers *providers;
	struct files *files;
	struct parameters settings;
	struct vfs *vfs;
};

static const struct vfs_caller nobody = {0};
static const struct vfs_caller publisher = {.publisher = true};

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void world_done(struct world *world)
{
	vfs_free(world->vfs);
	files_free(world->files);
	providers_free(world->providers);
	parameters_done(&world->settings);
	stub_done();
	close_p(&world->fd);
	nftw(world->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Makes the vfs anew, as after an unmount. */
static void world_mount(struct world *world, bool status_hidden, bool order_unmounted)
{
	const struct vfs_options options = {
	        .source_fd = world->fd,
	        .providers = world->providers,
	        .engine = &stub,
	        .files = world->files,
	        .settings = &world->settings,
	        .status_hidden = status_hidden,
	        .order_unmounted = order_unmounted,
	};
	struct err err = {""};

	vfs_free_p(&world->vfs);
	if (vfs_new(&options, &world->vfs, &err) < 0)
		printf("Bail out! %s\n", err.text);
}

static void world_init(struct world *world)
{
	struct err err = {""};

	*world = (struct world){.path = "/tmp/test-vfs-XXXXXX"};
	if (!mkdtemp(world->path))
		printf("Bail out! no temporary directory\n");
	world->fd = open(world->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (providers_load(NULL, &world->providers, &err) < 0 ||
	        files_open(world->fd, &world->files, &err) < 0 ||
	        parameters_set(&world->settings, "provider", "kie") < 0)
		printf("Bail out! %s\n", err.text);
	world_mount(world, false, false);
	stub_calls();
}
/* Loads the providers again, with a definition of the user's for `name`. */
static void world_define(struct world *world, const char *name, const char *definition)
{
	char path[100], file[200];
	struct err err = {""};
	int fd;

	snprintf(path, sizeof(path), "%s/.darkroom/definitions", world->path);
	snprintf(file, sizeof(file), "%s/%s.json", path, name);
	mkdir(path, 0755);
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write_all(fd, definition, strlen(definition)) < 0)
		printf("Bail out! %s cannot be written\n", file);
	close_p(&fd);
	vfs_free_p(&world->vfs);
	providers_free_p(&world->providers);
	if (providers_load(path, &world->providers, &err) < 0)
		printf("Bail out! %s\n", err.text);
	world_mount(world, false, false);
}

#define WORLD(name)                            \
	CLEANUP(world_done) struct world name; \
	world_init(&name)

/* ---- steps; each returns 0 or -errno ---- */

/* The node of a path, looked up step by step; 0 where there is none. */
static uint64_t node_as(struct world *world, const struct vfs_caller *caller, const char *path)
{
	char copy[512], *next = copy, *name;
	uint64_t node = VFS_ROOT;

	snprintf(copy, sizeof(copy), "%s", path);
	while ((name = strsep(&next, "/")) && *name) {
		struct vfs_entry entry;

		if (vfs_lookup(world->vfs, caller, node, name, &entry) < 0)
			return 0;
		node = entry.node;
	}
	return node;
}

static uint64_t node_of(struct world *world, const char *path)
{
	return node_as(world, &nobody, path);
}

static uint64_t parent_of(struct world *world, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	char above[512];

	*ret_name = slash ? slash + 1 : path;
	snprintf(above, sizeof(above), "%.*s", slash ? (int)(slash - path) : 0, path);
	return node_of(world, above);
}

static int lookup_result(struct world *world, const struct vfs_caller *caller, const char *path)
{
	struct vfs_entry entry;
	const char *name;
	uint64_t parent = parent_of(world, path, &name);

	return vfs_lookup(world->vfs, caller, parent, name, &entry);
}

static int create(struct world *world, const char *path, int flags, struct vfs_handle **ret_handle)
{
	struct vfs_entry entry;
	const char *name;
	uint64_t parent = parent_of(world, path, &name);

	return vfs_create(
	        world->vfs, &nobody, parent, name, flags | O_CREAT, 0644, &entry, ret_handle);
}

/* As a shell writes a file: returns what close(2) would. */
static int put(struct world *world, const char *path, const char *text)
{
	struct vfs_handle *handle;
	int r = create(world, path, O_WRONLY | O_TRUNC, &handle);

	if (r < 0)
		return r;
	if (*text && vfs_write(world->vfs, handle, text, strlen(text), 0) < 0)
		r = -EIO;
	if (r == 0)
		r = vfs_flush(world->vfs, handle);
	vfs_release(world->vfs, handle);
	return r;
}

/* Behind the vfs. */
static void put_below(struct world *world, const char *path, const char *text)
{
	int fd = openat(world->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write_all(fd, text, strlen(text)) < 0)
		printf("Bail out! %s cannot be written\n", path);
	close_p(&fd);
}

static int move(struct world *world, const struct vfs_caller *caller, const char *from,
        const char *to, unsigned flags)
{
	const char *name, *new_name;
	uint64_t parent = parent_of(world, from, &name),
	         new_parent = parent_of(world, to, &new_name);

	/* The kernel looks both up first. */
	(void)node_of(world, from);
	(void)node_of(world, to);
	return vfs_rename(world->vfs, caller, parent, name, new_parent, new_name, flags);
}

static int unlink_at(struct world *world, const char *path)
{
	const char *name;
	uint64_t parent = parent_of(world, path, &name);

	return vfs_unlink(world->vfs, parent, name);
}

static int make(struct world *world, const char *path, mode_t mode)
{
	struct vfs_entry entry;
	const char *name;
	uint64_t parent = parent_of(world, path, &name);

	return vfs_make(world->vfs, &nobody, parent, name, mode, 0, &entry);
}

static int set(struct world *world, const char *path, const char *name, const char *value)
{
	return vfs_setxattr(world->vfs, node_of(world, path), name, value, strlen(value), 0);
}

/* The value, "" and an errno's name for none. */
static const char *get(struct world *world, const char *path, const char *name)
{
	static char value[256];
	ssize_t size =
	        vfs_getxattr(world->vfs, node_of(world, path), name, value, sizeof(value) - 1);

	if (size < 0)
		return strerrorname_np((int)-size);
	value[size] = '\0';
	return value;
}

/* The content of a file through the vfs. */
static const char *content(struct world *world, const char *path)
{
	static char text[65536];
	struct vfs_handle *handle;
	ssize_t size;
	int r = vfs_open(world->vfs, node_of(world, path), O_RDONLY, &handle);

	if (r < 0)
		return strerrorname_np(-r);
	size = vfs_read(world->vfs, handle, text, sizeof(text) - 1, 0);
	vfs_release(world->vfs, handle);
	if (size < 0)
		return strerrorname_np((int)-size);
	text[size] = '\0';
	return text;
}

/* Names of a directory, without dots, in their order, each followed by a blank. */
static char listing_names[16384];

static const char *listing(struct world *world, const char *path)
{
	char *const names = listing_names;
	struct vfs_listing *listing;
	struct vfs_item item;
	off_t offset = 0;

	names[0] = '\0';
	if (vfs_opendir(world->vfs, node_of(world, path), &listing) < 0)
		return "opendir failed";
	vfs_readdir_begin(listing);
	while (vfs_readdir(world->vfs, listing, offset, &item) > 0) {
		if (!item.own && strlen(names) + strlen(item.name) + 2 < sizeof(listing_names)) {
			memcpy(names + strlen(names), item.name, strlen(item.name) + 1);
			memcpy(names + strlen(names), " ", 2);
		}
		offset = item.next;
	}
	vfs_readdir_end(listing);
	vfs_closedir(world->vfs, listing);
	return names;
}

static bool listed(struct world *world, const char *path, const char *name)
{
	char wanted[300], all[sizeof(listing_names) + 1];

	snprintf(wanted, sizeof(wanted), " %s ", name);
	snprintf(all, sizeof(all), " %s", listing(world, path));
	return strstr(all, wanted) != NULL;
}

static int write_status(struct world *world, const char *path, const char *text)
{
	struct vfs_handle *handle;
	ssize_t done;
	int r = vfs_open(world->vfs, node_of(world, path), O_WRONLY, &handle);

	if (r < 0)
		return r;
	done = vfs_write(world->vfs, handle, text, strlen(text), 0);
	vfs_release(world->vfs, handle);
	return done < 0 ? (int)done : 0;
}
