/* SPDX-License-Identifier: MIT */
/* Directories below one that is held open, reached name by name: a symbolic link anywhere in a path
 * is an error, so that nothing leads out of SOURCE. */
#include "files-private.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define UUID_MAX 64

bool path_is_name(const char *name)
{
	size_t size = strlen(name);

	return size > 0 && size < FILES_NAME_SIZE && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0 && !strchr(name, '/');
}

bool path_is_uuid(const char *uuid)
{
	size_t size = strlen(uuid);

	return size > 0 && size <= UUID_MAX && strspn(uuid, "0123456789abcdefABCDEF-") == size;
}

/* One name of a path into `name`; the rest, or NULL where it is no good. */
static const char *next_name(const char *path, char name[static FILES_NAME_SIZE])
{
	size_t size = strcspn(path, "/");

	if (size >= FILES_NAME_SIZE)
		return NULL;
	memcpy(name, path, size);
	name[size] = '\0';
	path += size;
	/* A slash is followed by another name. */
	if (*path == '/' && *++path == '\0')
		return NULL;
	return path_is_name(name) ? path : NULL;
}

int path_open_directory(int at, const char *path, int *ret_fd)
{
	CLEANUP(close_p) int fd = -1;
	char name[FILES_NAME_SIZE];

	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	fd = openat(at, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (*path) {
		int next;

		path = next_name(path, name);
		if (!path)
			return -EINVAL;
		next = openat(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -errno;
		close_p(&fd);
		fd = next;
	}
	*ret_fd = take_fd(&fd);
	return 0;
}

int path_open_parent(int at, const char *path, int *ret_fd, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	CLEANUP(free_p) char *directory = strndup(path, slash ? (size_t)(slash - path) : 0);
	int r;

	if (!directory)
		return -ENOMEM;
	if (!path_is_name(name) || slash == path)
		return strlen(name) >= FILES_NAME_SIZE ? -ENAMETOOLONG : -EINVAL;
	r = path_open_directory(at, directory, ret_fd);
	if (r < 0)
		return r;
	*ret_name = name;
	return 0;
}

int path_sync_directory(int fd)
{
	CLEANUP(close_p) int readable = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (readable < 0)
		return errno == EACCES ? 0 : -errno;
	if (fsync(readable) < 0 && errno != EINVAL)
		return -errno;
	return 0;
}

int path_make_directory(int at, const char *name, int *ret_fd)
{
	bool made = mkdirat(at, name, 0700) == 0;
	int fd, r;

	if (!made && errno != EEXIST)
		return -errno;
	fd = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = made ? path_sync_directory(at) : 0;
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}

int path_incoming_name(const char *take_uuid, unsigned index, char name[static FILES_NAME_SIZE])
{
	if (!path_is_uuid(take_uuid))
		return -EINVAL;
	snprintf(name, FILES_NAME_SIZE, "%s-%u", take_uuid, index);
	return 0;
}
