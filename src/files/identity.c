/* SPDX-License-Identifier: MIT */
/* Whose a file is.
 *
 * Inode numbers are used again soon after a file is deleted, so an equal one means the same file
 * only where nothing speaks against it: on a filesystem with extended attributes, each picture of
 * ours has the attribute that names its take (or, linked from another prompt's take, that one's),
 * and a file without it is somebody else's.
 */
#include "files-private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>

/* The attribute's text, "" where there is none. */
static void attribute_read(int directory, const char *name, char text[static FILES_NAME_SIZE])
{
	CLEANUP(close_p)
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t size = -1;

	if (fd >= 0)
		size = fgetxattr(fd, FILES_ATTRIBUTE_UUID, text, FILES_NAME_SIZE - 1);
	text[size > 0 ? size : 0] = '\0';
}

bool identity_is_marked(int directory, const char *name)
{
	char attribute[FILES_NAME_SIZE];

	attribute_read(directory, name, attribute);
	return attribute[0] != '\0';
}

int identity_of(const struct files *files, int directory, const char *name, uint64_t inode,
        const char *take_uuid, enum identity *ret_identity)
{
	char attribute[FILES_NAME_SIZE];
	struct stat st;

	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			return -errno;
		*ret_identity = IDENTITY_NONE;
		return 0;
	}
	*ret_identity = IDENTITY_OTHER;
	if (!S_ISREG(st.st_mode))
		return 0;
	attribute_read(directory, name, attribute);
	if (inode && st.st_ino == inode && st.st_dev == files->device &&
	        (attribute[0] || !files->has_xattrs))
		*ret_identity = IDENTITY_SAME;
	else if (attribute[0] && strcmp(attribute, take_uuid) == 0)
		*ret_identity = IDENTITY_TAKE;
	return 0;
}

bool files_shown(struct files *files, const char *directory, const char *const *names, size_t count,
        const char *take_uuid)
{
	CLEANUP(close_p) int fd = -1;
	enum identity identity;
	struct stat st;
	size_t i;

	if (path_open_directory(files->source_fd, directory, &fd) < 0)
		return false;
	for (i = 0; i < count; i++) {
		if (!path_is_name(names[i]) ||
		        identity_of(files, fd, names[i], 0, take_uuid, &identity) < 0)
			continue;
		if (identity == IDENTITY_TAKE)
			return true;
		/* Without attributes there is no more to go by than the name. */
		if (!files->has_xattrs && fstatat(fd, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		        S_ISREG(st.st_mode))
			return true;
	}
	return false;
}
