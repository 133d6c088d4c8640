/* SPDX-License-Identifier: MIT */
/* `.darkroom` itself: its directories, its lock, and what the filesystem can do.
 *
 * The lock is flock(2) on the file `lock`, which says in one line of constant length who holds it
 * and whether that one is still mounted, so that it is written and read in one piece.
 */
#include "files-private.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <time.h>

#define LOCK_NAME "lock"
#define LOCK_STEP_MS 50
#define LOCK_LINE_SIZE 32
#define PROBE_NAME "probe"
#define PROBE "user.darkroom.probe"

static int subdirectory_open(int at, const char *name, int *ret_fd, struct err *err)
{
	int r = path_make_directory(at, name, ret_fd);

	if (r == -ENOTDIR || r == -ELOOP)
		return err_set(err, r, "%s is not a directory; move it out of the way", name);
	if (r < 0)
		return err_set(err, r, "%s cannot be made or opened: %s", name, strerror(-r));
	return 0;
}

/* What the filesystem does with regular files.  Overlay filesystems give these another device than
 * their directories. */
static int probe(struct files *files)
{
	CLEANUP(close_p)
	int fd = openat(
	        files->incoming_fd, PROBE_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat st;

	/* Full as it may be, it can be mounted, so that space can be made. */
	if (fd < 0 && (errno == ENOSPC || errno == EDQUOT)) {
		files->has_xattrs = true;
		files->device = fstat(files->incoming_fd, &st) == 0 ? st.st_dev : 0;
		return 0;
	}
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	files->device = st.st_dev;
	files->has_xattrs =
	        fsetxattr(fd, PROBE, "1", 1, 0) == 0 || errno == ENOSPC || errno == EDQUOT;
	return unlinkat(files->incoming_fd, PROBE_NAME, 0) < 0 ? -errno : 0;
}

int files_open(int source_fd, struct files **ret_files, struct err *err)
{
	CLEANUP(files_free_p) struct files *files = calloc(1, sizeof(*files));
	struct stat source, top;
	int r;

	if (!files)
		return err_set(err, -ENOMEM, "out of memory");
	files->source_fd = source_fd;
	files->top_fd = files->incoming_fd = files->takes_fd = files->lost_fd = -1;
	files->lock_fd = -1;
	pthread_mutex_init(&files->digests_lock, NULL);
	r = subdirectory_open(source_fd, FILES_DIRECTORY, &files->top_fd, err);
	if (r == 0)
		r = subdirectory_open(files->top_fd, FILES_INCOMING, &files->incoming_fd, err);
	if (r == 0)
		r = subdirectory_open(files->top_fd, FILES_TAKES, &files->takes_fd, err);
	if (r == 0)
		r = subdirectory_open(files->top_fd, FILES_LOST, &files->lost_fd, err);
	if (r < 0)
		return r;
	if (fstat(source_fd, &source) < 0 || fstat(files->incoming_fd, &top) < 0)
		return err_set(err, -errno, "SOURCE cannot be read: %s", strerror(errno));
	/* Pictures are moved by rename(2), which does not cross filesystems. */
	if (source.st_dev != top.st_dev)
		return err_set(err, -EXDEV, "%s has to be on the same filesystem as SOURCE",
		        FILES_DIRECTORY);
	r = probe(files);
	if (r < 0)
		return err_set(err, r, "%s cannot be written: %s", FILES_DIRECTORY, strerror(-r));
	*ret_files = TAKE(files);
	return 0;
}

void files_free(struct files *files)
{
	if (!files)
		return;
	/* Nobody reads an old holder's name while the next one has not written its own. */
	if (files->lock_fd >= 0 && ftruncate(files->lock_fd, 0) < 0)
		errno = 0;
	close_p(&files->lock_fd);
	close_p(&files->lost_fd);
	close_p(&files->takes_fd);
	close_p(&files->incoming_fd);
	close_p(&files->top_fd);
	pthread_mutex_destroy(&files->digests_lock);
	free(files);
}

void files_free_p(struct files **files)
{
	files_free(*files);
	*files = NULL;
}

bool files_has_xattrs(const struct files *files)
{
	return files->has_xattrs;
}

int files_stat(struct files *files, const char *path, struct stat *ret_stat)
{
	CLEANUP(close_p) int directory = -1;
	const char *name;
	int r;

	if (!*path)
		return fstat(files->source_fd, ret_stat) < 0 ? -errno : 0;
	r = path_open_parent(files->source_fd, path, &directory, &name);
	if (r < 0)
		return r;
	return fstatat(directory, name, ret_stat, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

/* ---- the lock ---- */

static int lock_write(int fd, const char *word)
{
	char line[LOCK_LINE_SIZE];
	int size = snprintf(line, sizeof(line), "%-10ld %-9s\n", (long)getpid(), word);

	ssize_t done = pwrite(fd, line, (size_t)size, 0);

	if (done < 0)
		return -errno;
	return done == size ? 0 : -EIO;
}

/* Who holds the lock; 0 where that is not written.  Whether it will end by itself. */
static long lock_read(int fd, bool *ret_finishing)
{
	char line[LOCK_LINE_SIZE], word[16] = "";
	ssize_t size = pread(fd, line, sizeof(line) - 1, 0);
	long pid = 0;

	line[size > 0 ? size : 0] = '\0';
	if (sscanf(line, "%18ld %15s", &pid, word) != 2 || pid < 0)
		pid = 0;
	/* An empty one has just been taken or is about to be given back. */
	*ret_finishing = pid == 0 || strcmp(word, "finishing") == 0;
	return pid;
}

static void lock_wait(void)
{
	struct timespec step = {.tv_nsec = LOCK_STEP_MS * 1000000L};

	clock_nanosleep(CLOCK_MONOTONIC, 0, &step, NULL);
}

/* One attempt: 0, -EAGAIN where another one holds it, with its process and whether it finishes. */
static int lock_try(struct files *files, long *ret_pid, bool *ret_finishing)
{
	CLEANUP(close_p)
	int fd = openat(files->top_fd, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat ours, current;
	int r;

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return -errno;
		*ret_pid = lock_read(fd, ret_finishing);
		return -EAGAIN;
	}
	/* A file that was deleted meanwhile locks nobody out. */
	if (fstat(fd, &ours) < 0)
		return -errno;
	if (fstatat(files->top_fd, LOCK_NAME, &current, AT_SYMLINK_NOFOLLOW) < 0 ||
	        ours.st_ino != current.st_ino) {
		*ret_pid = 0;
		*ret_finishing = true;
		return -EAGAIN;
	}
	r = lock_write(fd, "mounted");
	/* A full disk is no reason not to look at the pictures. */
	if (r < 0 && r != -ENOSPC && r != -EDQUOT)
		return r;
	files->lock_fd = take_fd(&fd);
	return 0;
}

int files_lock(struct files *files, int64_t wait_ms, struct err *err)
{
	int64_t until_us = clock_system.mono_us(clock_system.context) + wait_ms * US_PER_MS;
	bool finishing = false;
	long pid = 0;
	int r;

	if (files->lock_fd >= 0)
		return 0;
	for (;;) {
		r = lock_try(files, &pid, &finishing);
		if (r != -EAGAIN)
			break;
		if (!finishing || clock_system.mono_us(clock_system.context) >= until_us)
			break;
		lock_wait();
	}
	if (r == 0)
		return 0;
	if (r != -EAGAIN)
		return err_set(err, r, "SOURCE cannot be locked: %s", strerror(-r));
	if (pid == 0)
		return err_set(err, -EBUSY, "SOURCE is in use by another darkroomfs");
	return err_set(err, -EBUSY, "SOURCE is in use by darkroomfs, process %ld%s", pid,
	        finishing ? ", which was unmounted and is still finishing"
	                  : ": unmount that one first");
}

void files_finishing(struct files *files)
{
	/* Where it cannot be written the next one is refused instead of waiting. */
	if (files->lock_fd >= 0 && lock_write(files->lock_fd, "finishing") < 0)
		errno = 0;
}
