/* SPDX-License-Identifier: MIT */
/* Pictures that are not beside a prompt: takes/PROMPT/NUMBER/NAME and lost+found/NAME.  Nothing
 * here is ever replaced. */
#include "files-private.h"

#include <fcntl.h>
#include <stdio.h>

int keep_rename(int from_directory, const char *from, int to_directory, const char *to)
{
	if (renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	/* A link never replaces anything either. */
	if (linkat(from_directory, from, to_directory, to, 0) == 0)
		return unlinkat(from_directory, from, 0) < 0 ? -errno : 0;
	if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS)
		return -errno;
	if (faccessat(to_directory, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return renameat(from_directory, from, to_directory, to) < 0 ? -errno : 0;
}

int keep_move(int from_directory, const char *from, int directory, const struct names *names,
        char name[static FILES_NAME_SIZE])
{
	unsigned attempt;
	int r = -EEXIST;

	for (attempt = 0; r == -EEXIST && name_candidate(names, attempt, name); attempt++)
		r = keep_rename(from_directory, from, directory, name);
	return r;
}

int keep_find(const struct files *files, int directory, const struct names *names, uint64_t inode,
        const char *take_uuid, bool *ret_found, char name[static FILES_NAME_SIZE])
{
	enum identity identity = IDENTITY_OTHER;
	unsigned attempt;
	int r;

	*ret_found = false;
	for (attempt = 0; name_candidate(names, attempt, name); attempt++) {
		r = identity_of(files, directory, name, inode, take_uuid, &identity);
		if (r < 0)
			return r;
		if (identity == IDENTITY_NONE)
			return 0;
		/* Other pictures of the take have other names. */
		if (identity == IDENTITY_SAME || (identity == IDENTITY_TAKE && attempt == 0)) {
			*ret_found = true;
			return 0;
		}
	}
	return 0;
}

int keep_open_take(struct files *files, const char *prompt_uuid, int64_t number, int *ret_fd)
{
	CLEANUP(close_p) int prompt = -1;
	char name[FILES_NAME_SIZE];
	int r;

	if (!path_is_uuid(prompt_uuid))
		return -EINVAL;
	snprintf(name, sizeof(name), "%lld", (long long)number);
	r = path_make_directory(files->takes_fd, prompt_uuid, &prompt);
	if (r < 0)
		return r;
	return path_make_directory(prompt, name, ret_fd);
}

/* Brings what is in incoming/ for a picture to the directory. */
static int keep_picture(struct files *files, int directory, const char *take_uuid,
        const struct names *names, struct files_show_picture *picture)
{
	char incoming[FILES_NAME_SIZE], name[FILES_NAME_SIZE];
	struct stat st;
	bool found, ours;
	int r;

	r = path_incoming_name(take_uuid, picture->index, incoming);
	if (r < 0)
		return r;
	if (fstatat(files->incoming_fd, incoming, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		/* A picture that this one was exchanged with is kept too. */
		ours = st.st_ino == picture->inode;
		r = keep_move(files->incoming_fd, incoming, directory, names, name);
		if (r < 0)
			return r;
		if (ours)
			snprintf(picture->name, sizeof(picture->name), "%s", name);
		fault_point("keep.move");
		return 0;
	}
	if (errno != ENOENT)
		return -errno;
	r = keep_find(files, directory, names, picture->inode, take_uuid, &found, name);
	if (r == 0 && found)
		snprintf(picture->name, sizeof(picture->name), "%s", name);
	return r;
}

static int keep_all(struct files *files, int directory, const char *stem, const char *take_uuid,
        struct files_show_picture *pictures, size_t count)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < count; i++) {
		struct names names = names_of_picture(stem, pictures, count, i);

		r = keep_picture(files, directory, take_uuid, &names, &pictures[i]);
	}
	if (r == 0)
		r = path_sync_directory(directory);
	if (r == 0)
		r = path_sync_directory(files->incoming_fd);
	fault_point("keep.sync");
	return r;
}

int files_keep(struct files *files, const char *prompt_uuid, int64_t number, const char *stem,
        const char *take_uuid, struct files_show_picture *pictures, size_t count)
{
	CLEANUP(close_p) int directory = -1;
	int r = keep_open_take(files, prompt_uuid, number, &directory);

	if (r < 0)
		return r;
	return keep_all(files, directory, stem, take_uuid, pictures, count);
}

int files_lose(struct files *files, const char *stem, const char *take_uuid,
        struct files_show_picture *pictures, size_t count)
{
	return keep_all(files, files->lost_fd, stem, take_uuid, pictures, count);
}
