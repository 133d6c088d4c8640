/* SPDX-License-Identifier: MIT */
#pragma once

#include "darkroom/files.h"

/* Attempts at a free name: STEM-1 to STEM-9999. */
#define FILES_NAMES_TRIED 9999
/* Times that one name is looked at again because somebody changed it meanwhile. */
#define FILES_RACES_TRIED 16
#define FILES_NAME_SIZE 256

#define FILES_ATTRIBUTE_UUID "user.darkroom.task.uuid"

/* Reference pictures whose digests are remembered. */
#define FILES_DIGESTS_MAX 256
/* A file that was changed less than this ago may be changed again without another time. */
#define FILES_RACY_MS 2000
/* What of a file is looked at to find out what it is. */
#define FILES_LOOK_SIZE 4096
/* Bytes that are hashed at a time. */
#define FILES_HASH_STEP ((size_t)128 << 10)
/* Chunks of a PNG that are walked to its end; one with more is taken to be whole. */
#define FILES_CHUNKS_MAX 65536
/* Times that a path is looked up again because directories were moved meanwhile. */
#define FILES_LOOKUPS_TRIED 64

/* The digest of a file's bytes, and what the file was when they were read. */
struct remembered {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec mtime, ctime;
	char sha256[DIGEST_TEXT_SIZE]; /* "" where nothing is remembered */
};

struct files {
	int source_fd; /* borrowed */
	int top_fd;    /* .darkroom */
	int incoming_fd, takes_fd, lost_fd;
	int lock_fd;
	dev_t device; /* of regular files */
	bool has_xattrs;
	pthread_mutex_t digests_lock; /* of the two below */
	struct remembered digests[FILES_DIGESTS_MAX];
	size_t digests_next; /* the one that gives way */
};

/* ---- path.c ---- */

/* Whether the text is a name within a directory, as opposed to a path. */
bool path_is_name(const char *name);
/* Opens a directory (O_PATH) below another one; no component may be a symbolic link, "." or "..".
 * "" is the directory itself. */
int path_open_directory(int at, const char *path, int *ret_fd) NODISCARD;
/* Splits off the last name, which stays within `path`; opens the directory before it. */
int path_open_parent(int at, const char *path, int *ret_fd, const char **ret_name) NODISCARD;
/* Syncs the names in a directory.  A directory that may not be read or cannot be synced is not an
 * error. */
int path_sync_directory(int fd) NODISCARD;
/* Opens the directory `name` (O_PATH), which is made where it is missing. */
int path_make_directory(int at, const char *name, int *ret_fd) NODISCARD;
/* The file in incoming/ of a take's picture.  -EINVAL for what is no UUID. */
int path_incoming_name(const char *take_uuid, unsigned index, char name[static FILES_NAME_SIZE])
        NODISCARD;
/* Whether the text can be a directory or a part of a name in `.darkroom`. */
bool path_is_uuid(const char *uuid);

/* ---- name.c ---- */

/* The names a picture may get, best first. */
struct names {
	const char *stem;
	const char *suffix;
	unsigned number; /* of the first name, STEM-NUMBER.SUFFIX; 0: STEM.SUFFIX */
	unsigned count;  /* STEM-1 to STEM-COUNT are meant for others, except the first name */
};

/* The attempt-th name, from 0; false when there are no more. */
bool name_candidate(const struct names *names, unsigned attempt, char name[static FILES_NAME_SIZE]);
/* The names for pictures[which] of count. */
struct names names_of_picture(
        const char *stem, const struct files_show_picture *pictures, size_t count, size_t which);
/* The names for a file that had a name elsewhere: NAME, then NAME's stem with a number.  The texts
 * are kept in stem and suffix. */
struct names names_of_file(
        const char *name, char stem[static FILES_NAME_SIZE], char suffix[static FILES_NAME_SIZE]);

/* ---- identity.c ---- */

enum identity {
	IDENTITY_NONE,  /* there is no such name */
	IDENTITY_SAME,  /* it is the very file */
	IDENTITY_TAKE,  /* its attribute names the take */
	IDENTITY_OTHER, /* anything else */
};

/* What the name in the directory is, compared with the picture of a take that had this inode (0:
 * unknown). */
int identity_of(const struct files *files, int directory, const char *name, uint64_t inode,
        const char *take_uuid, enum identity *ret_identity) NODISCARD;

/* Whether a regular file names any take. */
bool identity_is_marked(int directory, const char *name);

/* ---- keep.c ---- */

/* Opens takes/PROMPT/NUMBER, made where it is missing. */
int keep_open_take(struct files *files, const char *prompt_uuid, int64_t number, int *ret_fd)
        NODISCARD;
/* Whether the directory has the file already: under its name, or by its inode under another that
 * `names` gives. */
int keep_find(const struct files *files, int directory, const struct names *names, uint64_t inode,
        const char *take_uuid, bool *ret_found, char name[static FILES_NAME_SIZE]) NODISCARD;
/* Moves the file within `.darkroom` to the first free name in the directory. */
int keep_move(int from_directory, const char *from, int directory, const struct names *names,
        char name[static FILES_NAME_SIZE]) NODISCARD;
/* renameat2(2) with RENAME_NOREPLACE, also where the filesystem has no such flag. */
int keep_rename(int from_directory, const char *from, int to_directory, const char *to) NODISCARD;

/* ---- rights.c ---- */

/* What this thread's rights were before it took another user's. */
struct rights {
	bool taken;
	gid_t *groups;
	int group_count;
};

/* Makes the kernel ask for this user's rights, as far as this thread and files are concerned, where
 * the process is root; its groups are those that the user database has for it, or only gid where
 * it does not know the user.  -EPERM, -ENOMEM; then nothing is changed. */
int rights_take(uid_t uid, gid_t gid, struct rights *ret_rights) NODISCARD;
/* For CLEANUP too. */
void rights_give_back(struct rights *rights);

/* ---- reference.c ---- */

/* Fills *err with the path, which is cut where it is long, and a phrase; returns code. */
int reference_failed(struct err *err, int code, const char *path, const char *format, ...)
        PRINTF(4, 5);
/* All bytes from an offset on, or as many as there are; -errno. */
ssize_t reference_read(int fd, void *bytes, size_t size, off_t offset) NODISCARD;
