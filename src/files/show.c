/* SPDX-License-Identifier: MIT */
/* Showing a take's pictures beside their prompt.
 *
 * A new picture takes the place of an earlier one by an exchange of the two names, so that there is
 * never a moment without a picture and nothing is ever overwritten; the earlier one, then in
 * incoming/ under the new one's name there, goes on to takes/.  What has been done already is read
 * from the disk and nowhere else:
 *
 *   incoming/TAKE-INDEX is the picture's inode    not shown yet
 *   it is another file                            exchanged; that file goes to takes/
 *   there is none                                 shown (or renamed or deleted since by somebody)
 *
 * so that each step may be the last before a crash and the whole may be run again.
 */
#include "files-private.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

struct showing {
	struct files *files;
	struct files_show *show;
	int directory; /* the prompt's */
};

int files_rename_direct(void *context, const char *from, const char *to, unsigned flags)
{
	struct files *files = context;
	CLEANUP(close_p) int from_directory = -1;
	CLEANUP(close_p) int to_directory = -1;
	const char *from_name, *to_name;
	int r;

	r = path_open_parent(files->source_fd, from, &from_directory, &from_name);
	if (r == 0)
		r = path_open_parent(files->source_fd, to, &to_directory, &to_name);
	if (r < 0)
		return r;
	if (flags == RENAME_NOREPLACE)
		return keep_rename(from_directory, from_name, to_directory, to_name);
	return renameat2(from_directory, from_name, to_directory, to_name, flags) < 0 ? -errno : 0;
}

/* ---- moving, by the show's own way ---- */

static int path_of_shown(const struct showing *showing, const char *name, char **ret_path)
{
	const char *directory = showing->show->directory;

	return asprintf(ret_path, "%s%s%s", directory, *directory ? "/" : "", name) < 0 ? -ENOMEM
	                                                                                : 0;
}

static int path_of_incoming(const char *name, char **ret_path)
{
	return asprintf(ret_path, FILES_DIRECTORY "/" FILES_INCOMING "/%s", name) < 0 ? -ENOMEM : 0;
}

static int path_of_take(
        const struct showing *showing, int64_t number, const char *name, char **ret_path)
{
	return asprintf(ret_path, FILES_DIRECTORY "/" FILES_TAKES "/%s/%lld/%s",
	               showing->show->prompt_uuid, (long long)number, name) < 0
	               ? -ENOMEM
	               : 0;
}

/* To a name that is free.  Where the filesystem cannot promise that, it is looked at just before.
 */
static int move_to_free(const struct showing *showing, const char *from, const char *to)
{
	const struct files_show *show = showing->show;
	struct stat st;
	int r = show->rename(show->rename_context, from, to, RENAME_NOREPLACE);

	if (r != -EINVAL && r != -ENOSYS)
		return r;
	r = files_stat(showing->files, to, &st);
	if (r == 0)
		return -EEXIST;
	if (r != -ENOENT)
		return r;
	return show->rename(show->rename_context, from, to, 0);
}

/* ---- earlier pictures ---- */

/* Moves an earlier picture, wherever it is now, to takes/. */
static int earlier_put_away(
        const struct showing *showing, struct files_earlier *earlier, const char *from)
{
	char stem[FILES_NAME_SIZE], suffix[FILES_NAME_SIZE], name[FILES_NAME_SIZE];
	struct names names = names_of_file(earlier->name, stem, suffix);
	CLEANUP(close_p) int directory = -1;
	unsigned attempt;
	int r;

	r = keep_open_take(showing->files, showing->show->prompt_uuid, earlier->number, &directory);
	if (r < 0)
		return r;
	r = -EEXIST;
	for (attempt = 0; r == -EEXIST && name_candidate(&names, attempt, name); attempt++) {
		CLEANUP(free_p) char *to = NULL;

		r = path_of_take(showing, earlier->number, name, &to);
		if (r == 0)
			r = move_to_free(showing, from, to);
	}
	if (r == 0)
		r = path_sync_directory(directory);
	if (r == 0)
		earlier->moved = true;
	fault_point("show.put-away");
	return r;
}

/* Whether the name beside the prompt still is the earlier picture. */
static int earlier_is_there(
        const struct showing *showing, const struct files_earlier *earlier, bool *ret_there)
{
	enum identity identity;
	int r = identity_of(showing->files, showing->directory, earlier->name, earlier->inode,
	        earlier->take_uuid, &identity);

	if (r == 0)
		*ret_there = identity == IDENTITY_SAME || identity == IDENTITY_TAKE;
	return r;
}

static struct files_earlier *earlier_named(const struct showing *showing, const char *name)
{
	size_t i;

	for (i = 0; i < showing->show->earlier_count; i++) {
		struct files_earlier *earlier = &showing->show->earlier[i];

		if (!earlier->moved && strcmp(earlier->name, name) == 0)
			return earlier;
	}
	return NULL;
}

/* Which earlier picture a file in incoming/ is: the same inode, else the same take, there best the
 * one that had the name which the new picture has now. */
static int earlier_displaced(const struct showing *showing, const char *incoming,
        const char *shown_as, struct files_earlier **ret_earlier)
{
	struct files_earlier *best = NULL;
	size_t i;
	int r;

	for (i = 0; i < showing->show->earlier_count; i++) {
		struct files_earlier *earlier = &showing->show->earlier[i];
		enum identity identity;

		if (earlier->moved)
			continue;
		r = identity_of(showing->files, showing->files->incoming_fd, incoming,
		        earlier->inode, earlier->take_uuid, &identity);
		if (r < 0)
			return r;
		if (identity == IDENTITY_SAME) {
			best = earlier;
			break;
		}
		if (identity == IDENTITY_TAKE && (!best || strcmp(earlier->name, shown_as) == 0))
			best = earlier;
	}
	*ret_earlier = best;
	return 0;
}

/* What a new picture was exchanged with goes to takes/; a file that nothing is known of to
 * lost+found/. */
static int displaced_put_away(
        const struct showing *showing, const char *incoming, const char *shown_as)
{
	CLEANUP(free_p) char *from = NULL;
	struct files_earlier *earlier;
	int r;

	r = earlier_displaced(showing, incoming, shown_as, &earlier);
	if (r < 0)
		return r;
	if (!earlier) {
		char stem[FILES_NAME_SIZE], suffix[FILES_NAME_SIZE], name[FILES_NAME_SIZE];
		struct names names =
		        names_of_file(*shown_as ? shown_as : showing->show->stem, stem, suffix);

		return keep_move(showing->files->incoming_fd, incoming, showing->files->lost_fd,
		        &names, name);
	}
	r = path_of_incoming(incoming, &from);
	return r < 0 ? r : earlier_put_away(showing, earlier, from);
}

/* The earlier pictures that no new one took the place of. */
static int earlier_rest(const struct showing *showing)
{
	size_t i;

	for (i = 0; i < showing->show->earlier_count; i++) {
		struct files_earlier *earlier = &showing->show->earlier[i];
		CLEANUP(free_p) char *from = NULL;
		bool there = false;
		size_t k;
		int r;

		if (earlier->moved || !path_is_name(earlier->name))
			continue;
		/* The same file again, or one that was replaced. */
		for (k = 0; k < showing->show->picture_count; k++) {
			if (strcmp(showing->show->pictures[k].name, earlier->name) == 0)
				break;
		}
		if (k == showing->show->picture_count) {
			r = earlier_is_there(showing, earlier, &there);
			if (r < 0)
				return r;
		}
		if (!there)
			continue;
		r = path_of_shown(showing, earlier->name, &from);
		if (r == 0)
			r = earlier_put_away(showing, earlier, from);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return 0;
}

/* Finds those that an interrupted run has moved. */
static int earlier_found_moved(const struct showing *showing)
{
	size_t i;

	for (i = 0; i < showing->show->earlier_count; i++) {
		struct files_earlier *earlier = &showing->show->earlier[i];
		char stem[FILES_NAME_SIZE], suffix[FILES_NAME_SIZE], name[FILES_NAME_SIZE];
		struct names names = names_of_file(earlier->name, stem, suffix);
		CLEANUP(close_p) int prompt = -1;
		CLEANUP(close_p) int directory = -1;
		int r;

		if (earlier->moved || !path_is_name(earlier->name))
			continue;
		snprintf(name, sizeof(name), "%lld", (long long)earlier->number);
		r = path_open_directory(
		        showing->files->takes_fd, showing->show->prompt_uuid, &prompt);
		if (r == 0)
			r = path_open_directory(prompt, name, &directory);
		if (r == 0)
			r = keep_find(showing->files, directory, &names, earlier->inode,
			        earlier->take_uuid, &earlier->moved, name);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return 0;
}

/* ---- new pictures ---- */

/* Takes an earlier picture's name for the one in incoming/.  -EAGAIN: look at the name again. */
static int picture_exchange(const struct showing *showing, const char *incoming, const char *from,
        const char *name, const char *to)
{
	const struct files_show *show = showing->show;
	struct files_earlier *displaced, *earlier = earlier_named(showing, name);
	int r = show->rename(show->rename_context, from, to, RENAME_EXCHANGE);

	if (r == -EINVAL || r == -ENOSYS)
		r = earlier_put_away(showing, earlier, to);
	else if (r == 0) {
		fault_point("show.exchange");
		r = earlier_displaced(showing, incoming, name, &displaced);
		if (r == 0 && displaced)
			return earlier_put_away(showing, displaced, from);
		/* Somebody put a file of their own there just before: it goes back. */
		if (r == 0)
			r = show->rename(show->rename_context, from, to, RENAME_EXCHANGE);
	}
	return r == 0 || r == -ENOENT ? -EAGAIN : r;
}

/* Tries one name.  0: the picture has it; -EEXIST: it is somebody else's; -EAGAIN. */
static int picture_try(const struct showing *showing, const struct files_show_picture *picture,
        const char *incoming, const char *name)
{
	CLEANUP(free_p) char *from = NULL;
	CLEANUP(free_p) char *to = NULL;
	struct files_earlier *earlier = earlier_named(showing, name);
	enum identity identity;
	bool there = false;
	int r;

	r = identity_of(showing->files, showing->directory, name, picture->inode,
	        showing->show->take_uuid, &identity);
	if (r == 0)
		r = path_of_incoming(incoming, &from);
	if (r == 0)
		r = path_of_shown(showing, name, &to);
	if (r == 0 && earlier && identity != IDENTITY_SAME)
		r = earlier_is_there(showing, earlier, &there);
	if (r < 0)
		return r;
	if (identity == IDENTITY_SAME) {
		/* Two links of one file: rename(2) would do nothing. */
		return unlinkat(showing->files->incoming_fd, incoming, 0) < 0 ? -errno : 0;
	}
	if (there)
		return picture_exchange(showing, incoming, from, name, to);
	if (identity != IDENTITY_NONE)
		return -EEXIST;
	r = move_to_free(showing, from, to);
	return r == -EEXIST ? -EAGAIN : r;
}

/* Shows the picture that is in incoming/ under the best name it can get. */
static int picture_place(
        const struct showing *showing, struct files_show_picture *picture, const char *incoming)
{
	const struct files_show *show = showing->show;
	struct names names = names_of_picture(show->stem, show->pictures, show->picture_count,
	        (size_t)(picture - show->pictures));
	char name[FILES_NAME_SIZE];
	unsigned attempt, races;
	int r = -EEXIST;

	for (attempt = 0; r == -EEXIST && name_candidate(&names, attempt, name); attempt++) {
		r = -EAGAIN;
		for (races = 0; r == -EAGAIN && races < FILES_RACES_TRIED; races++)
			r = picture_try(showing, picture, incoming, name);
	}
	if (r == 0)
		snprintf(picture->name, sizeof(picture->name), "%s", name);
	fault_point("show.place");
	return r;
}

/* The name of a picture that is no longer in incoming/. */
static int picture_find(const struct showing *showing, struct files_show_picture *picture)
{
	const struct files_show *show = showing->show;
	struct names names = names_of_picture(show->stem, show->pictures, show->picture_count,
	        (size_t)(picture - show->pictures));
	enum identity identity = IDENTITY_OTHER;
	char name[FILES_NAME_SIZE];
	unsigned attempt;
	int r;

	if (path_is_name(picture->name)) {
		r = identity_of(showing->files, showing->directory, picture->name, picture->inode,
		        show->take_uuid, &identity);
		if (r < 0 || identity == IDENTITY_SAME)
			return r;
	}
	for (attempt = 0; name_candidate(&names, attempt, name); attempt++) {
		r = identity_of(showing->files, showing->directory, name, picture->inode,
		        show->take_uuid, &identity);
		if (r < 0)
			return r;
		if (identity == IDENTITY_SAME) {
			snprintf(picture->name, sizeof(picture->name), "%s", name);
			return 0;
		}
		if (identity == IDENTITY_NONE && attempt > 0)
			break;
	}
	/* Somebody renamed or deleted it since: it has been shown. */
	if (!picture->name[0] && name_candidate(&names, 0, name))
		snprintf(picture->name, sizeof(picture->name), "%s", name);
	return 0;
}

static int picture_show(const struct showing *showing, struct files_show_picture *picture)
{
	char incoming[FILES_NAME_SIZE];
	struct stat st;
	bool waiting;
	int r;

	r = path_incoming_name(showing->show->take_uuid, picture->index, incoming);
	if (r < 0)
		return r;
	waiting = fstatat(showing->files->incoming_fd, incoming, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!waiting && errno != ENOENT)
		return -errno;
	if (waiting && st.st_ino == picture->inode)
		return picture_place(showing, picture, incoming);
	r = picture_find(showing, picture);
	if (r == 0 && waiting)
		r = displaced_put_away(showing, incoming, picture->name);
	return r;
}

int files_show(struct files *files, struct files_show *show)
{
	CLEANUP(close_p) int directory = -1;
	struct showing showing = {.files = files, .show = show};
	size_t i;
	int r;

	if (!path_is_uuid(show->prompt_uuid))
		return -EINVAL;
	r = path_open_directory(files->source_fd, show->directory, &directory);
	if (r < 0)
		return r == -ENOTDIR || r == -ELOOP ? -ENOENT : r;
	showing.directory = directory;
	fault_point("show.begin");
	r = earlier_found_moved(&showing);
	for (i = 0; r == 0 && i < show->picture_count; i++)
		r = picture_show(&showing, &show->pictures[i]);
	if (r == 0)
		r = earlier_rest(&showing);
	fault_point("show.rest");
	/* What was done is made durable also where something failed. */
	if (path_sync_directory(directory) < 0 && r == 0)
		r = -EIO;
	if (path_sync_directory(files->incoming_fd) < 0 && r == 0)
		r = -EIO;
	fault_point("show.sync");
	return r;
}
