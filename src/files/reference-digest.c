/* SPDX-License-Identifier: MIT */
/* Digests of reference pictures, and which of them are remembered.
 *
 * A file whose inode, size and times are the same has the same bytes, but for one that was changed
 * a moment ago: its times may stay the same over another change, because the kernel's clock for
 * them goes in steps.  Such a file is read again the next time.
 */
#include "files-private.h"

#include <string.h>

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Another name, mode or attribute changes st_ctim only, and no byte. */
static bool has_same_bytes(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && is_same_time(&a->st_mtim, &b->st_mtim);
}

/* ---- the table ---- */

static bool is_remembered(const struct remembered *entry, const struct stat *st)
{
	return entry->sha256[0] && entry->device == st->st_dev && entry->inode == st->st_ino &&
	       entry->size == st->st_size && is_same_time(&entry->mtime, &st->st_mtim) &&
	       is_same_time(&entry->ctime, &st->st_ctim);
}

static bool recall(struct files *files, const struct stat *st, char sha256[static DIGEST_TEXT_SIZE])
{
	WITH_LOCK(&files->digests_lock);
	size_t i;

	for (i = 0; i < FILES_DIGESTS_MAX; i++) {
		if (!is_remembered(&files->digests[i], st))
			continue;
		memcpy(sha256, files->digests[i].sha256, DIGEST_TEXT_SIZE);
		return true;
	}
	return false;
}

static bool is_settled(const struct timespec *changed, int64_t now_ms)
{
	int64_t changed_ms = (int64_t)changed->tv_sec * 1000 + changed->tv_nsec / 1000000;

	return now_ms - changed_ms >= FILES_RACY_MS;
}

static void remember(struct files *files, const struct stat *st, int64_t now_ms,
        const char sha256[static DIGEST_TEXT_SIZE])
{
	WITH_LOCK(&files->digests_lock);
	struct remembered *entry = NULL;
	size_t i;

	if (!is_settled(&st->st_mtim, now_ms) || !is_settled(&st->st_ctim, now_ms))
		return;
	/* What was known of the same file is no longer so. */
	for (i = 0; i < FILES_DIGESTS_MAX && !entry; i++) {
		if (files->digests[i].sha256[0] && files->digests[i].device == st->st_dev &&
		        files->digests[i].inode == st->st_ino)
			entry = &files->digests[i];
	}
	if (!entry) {
		entry = &files->digests[files->digests_next];
		files->digests_next = (files->digests_next + 1) % FILES_DIGESTS_MAX;
	}
	*entry = (struct remembered){.device = st->st_dev,
	        .inode = st->st_ino,
	        .size = st->st_size,
	        .mtime = st->st_mtim,
	        .ctime = st->st_ctim};
	memcpy(entry->sha256, sha256, DIGEST_TEXT_SIZE);
}

/* ---- reading ---- */

/* Hashes a file of this size: 0, 1 where it has become shorter, -errno. */
static int hash(int fd, off_t size, char sha256[static DIGEST_TEXT_SIZE])
{
	CLEANUP(digest_free_p) struct digest *digest = digest_new();
	CLEANUP(free_p) unsigned char *bytes = malloc(FILES_HASH_STEP);
	off_t done = 0;
	int r = digest && bytes ? 0 : -ENOMEM;

	while (r == 0 && done < size) {
		off_t left = size - done;
		size_t step = left < (off_t)FILES_HASH_STEP ? (size_t)left : FILES_HASH_STEP;
		ssize_t got = reference_read(fd, bytes, step, done);

		if (got < 0)
			return (int)got;
		if ((size_t)got < step)
			return 1;
		r = digest_add(digest, bytes, step);
		done += got;
	}
	return r < 0 ? r : digest_end(digest, sha256);
}

int files_digest_reference(struct files *files, const char *path,
        const struct files_reference_limits *limits, char sha256[static DIGEST_TEXT_SIZE],
        int64_t *ret_size, struct err *err)
{
	CLEANUP(close_p) int fd = -1;
	enum files_format format;
	struct stat before, after;
	int64_t now_ms;
	int r;

	r = files_open_reference(files, path, limits, &fd, &format, &before, err);
	if (r < 0)
		return r;
	*ret_size = before.st_size;
	if (recall(files, &before, sha256))
		return 0;
	fault_point("reference.hash");
	now_ms = clock_system.wall_ms(clock_system.context);
	r = hash(fd, before.st_size, sha256);
	fault_point("reference.hashed");
	if (r == 0 && fstat(fd, &after) < 0)
		r = -errno;
	if (r > 0 || (r == 0 && !has_same_bytes(&before, &after)))
		return reference_failed(err, -EINVAL, path, "was changed while it was read");
	if (r < 0)
		return reference_failed(err, r, path, "cannot be read: %s", strerror(-r));
	remember(files, &before, now_ms, sha256);
	return 0;
}
