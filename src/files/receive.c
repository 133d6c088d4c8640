/* SPDX-License-Identifier: MIT */
/* incoming/: what is being received. */
#include "files-private.h"

#include <fcntl.h>

/* Makes the name in incoming/ free.  A picture of another take, which was put there in exchange for
 * a new one, is kept. */
static int incoming_clear(struct files *files, const char *take_uuid, const char *name)
{
	char kept[FILES_NAME_SIZE];
	enum identity identity;
	struct names names = {.stem = name, .suffix = ""};
	int r;

	r = identity_of(files, files->incoming_fd, name, 0, take_uuid, &identity);
	if (r < 0)
		return r;
	if (identity == IDENTITY_NONE)
		return 0;
	if (identity == IDENTITY_OTHER && identity_is_marked(files->incoming_fd, name))
		return keep_move(files->incoming_fd, name, files->lost_fd, &names, kept);
	return unlinkat(files->incoming_fd, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

int files_receive(struct files *files, const char *take_uuid, unsigned index, int *ret_fd)
{
	char name[FILES_NAME_SIZE];
	int fd, r;

	r = path_incoming_name(take_uuid, index, name);
	if (r == 0)
		r = incoming_clear(files, take_uuid, name);
	if (r < 0)
		return r;
	fault_point("receive.clear");
	fd = openat(
	        files->incoming_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	fault_point("receive.open");
	*ret_fd = fd;
	return 0;
}

void files_discard(struct files *files, const char *take_uuid, unsigned index)
{
	char name[FILES_NAME_SIZE];

	/* What stays is cleared when the name is received again. */
	if (path_incoming_name(take_uuid, index, name) == 0 &&
	        incoming_clear(files, take_uuid, name) < 0)
		errno = 0;
}
