/* SPDX-License-Identifier: MIT */
/* Pictures of the user's that a prompt refers to.
 *
 * The path is the user's, and so is the tree: the kernel keeps the lookup below SOURCE, also
 * through symbolic links and while directories are moved.  The file is first taken hold of without
 * being opened, because opening a FIFO or a device has effects of its own.
 */
#include "files-private.h"
#include "verify.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

/* Characters of a path in a sentence; it is cut to leave room for the rest. */
#define PATH_SHOWN 240
#define PATH_SHOWN_WIDE (PATH_SHOWN / 4)

static const struct {
	const char *article, *name;
} formats[] = {
        [FILES_PNG] = {"a", "PNG"},
        [FILES_JPEG] = {"a", "JPEG"},
        [FILES_WEBP] = {"a", "WebP"},
        [FILES_GIF] = {"a", "GIF"},
        [FILES_AVIF] = {"an", "AVIF"},
        [FILES_HEIC] = {"a", "HEIC"},
        [FILES_BMP] = {"a", "BMP"},
        [FILES_TIFF] = {"a", "TIFF"},
        [FILES_JXL] = {"a", "JPEG XL"},
        [FILES_SVG] = {"an", "SVG"},
};

int reference_failed(struct err *err, int code, const char *path, const char *format, ...)
{
	size_t size = strlen(path);
	CLEANUP(free_p)
	char *shown = text_line(path, size, size <= PATH_SHOWN ? PATH_SHOWN : PATH_SHOWN_WIDE);
	char phrase[200];
	va_list args;

	va_start(args, format);
	vsnprintf(phrase, sizeof(phrase), format, args);
	va_end(args);
	return err_set(err, code, "%s: %s", shown ? shown : "a reference picture", phrase);
}

/* ---- finding ---- */

/* Takes hold of what the path leads to, without opening it. */
static int find(int source_fd, const char *path, int *ret_fd)
{
	const struct open_how how = {
	        .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	long fd;
	int tries = 0;

	/* The kernel gives up where it cannot be sure that ".." stayed below. */
	do
		fd = syscall(SYS_openat2, source_fd, path, &how, sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR) && ++tries < FILES_LOOKUPS_TRIED);
	if (fd < 0)
		return -errno;
	*ret_fd = (int)fd;
	return 0;
}

static int find_failed(struct err *err, int code, const char *path, bool as_owner)
{
	switch (-code) {
	case ENOENT:
	case ENOTDIR:
		return reference_failed(err, -EINVAL, path, "no such file");
	case EXDEV:
		return reference_failed(err, -EINVAL, path, "leads out of the mounted directory");
	case ELOOP:
		return reference_failed(
		        err, -EINVAL, path, "is a symbolic link that leads nowhere");
	case ENAMETOOLONG:
		return reference_failed(err, -EINVAL, path, "has a name that is too long");
	case EACCES:
		return reference_failed(err, -EINVAL, path, "may not be read%s",
		        as_owner ? " by its prompt's owner" : "");
	case ENOSYS:
		return reference_failed(err, code, path,
		        "cannot be opened: this kernel has no openat2(2), as Linux has since 5.6");
	default:
		return reference_failed(err, code, path, "cannot be opened: %s", strerror(-code));
	}
}

/* Opens for reading what was found to be a regular file. */
static int open_found(int found, int *ret_fd)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", found);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

static int find_and_open(struct files *files, const char *path,
        const struct files_reference_limits *limits, int *ret_fd, struct stat *ret_stat,
        struct err *err)
{
	CLEANUP(rights_give_back) struct rights rights = {.taken = false};
	CLEANUP(close_p) int found = -1;
	int r;

	r = rights_take(limits->uid, limits->gid, &rights);
	if (r < 0)
		return reference_failed(
		        err, r, path, "cannot be opened as its prompt's owner: %s", strerror(-r));
	r = find(files->source_fd, path, &found);
	if (r < 0)
		return find_failed(err, r, path, rights.taken);
	if (fstat(found, ret_stat) < 0)
		return find_failed(err, -errno, path, rights.taken);
	if (S_ISDIR(ret_stat->st_mode))
		return reference_failed(err, -EINVAL, path, "is a directory");
	if (!S_ISREG(ret_stat->st_mode))
		return reference_failed(err, -EINVAL, path, "is not a regular file");
	r = open_found(found, ret_fd);
	if (r == -EACCES)
		return find_failed(err, r, path, rights.taken);
	if (r < 0)
		return reference_failed(err, r, path, "cannot be opened: %s", strerror(-r));
	return 0;
}

/* ---- what it is ---- */

static int check_size(const char *path, int64_t size, int64_t most, struct err *err)
{
	char is[SIZE_TEXT_SIZE], may_be[SIZE_TEXT_SIZE];

	if (most <= 0 || most > FILES_PICTURE_MAX)
		most = FILES_PICTURE_MAX;
	if (size == 0)
		return reference_failed(err, -EINVAL, path, "is empty");
	if (size <= most)
		return 0;
	/* What differs by little would read the same. */
	if (size - most < 100000)
		return reference_failed(err, -EINVAL, path,
		        "has %lld bytes; at most %lld are taken", (long long)size, (long long)most);
	size_text(size, is);
	size_text(most, may_be);
	return reference_failed(err, -EINVAL, path, "has %s; at most %s are taken", is, may_be);
}

/* What is wrong with what the file is, and what it may be. */
static int wrong_kind(const char *path, const char *article, const char *is,
        const char *const *suffixes, struct err *err)
{
	CLEANUP(buf_done) struct buf names = BUF_INIT(200);
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && suffixes && suffixes[i]; i++)
		r = buf_addf(&names, "%s%s", i ? ", " : "",
		        formats[files_format_parse(suffixes[i])].name);
	if (r < 0)
		return reference_failed(err, r, path, "cannot be looked at: %s", strerror(-r));
	return reference_failed(err, -EINVAL, path, "is %s%s%s%s%s", article, *article ? " " : "",
	        is,
	        i == 0   ? ""
	        : i == 1 ? "; allowed is "
	                 : "; allowed are ",
	        i ? names.data : "");
}

static bool is_allowed(enum files_format format, const char *const *suffixes)
{
	for (; suffixes && *suffixes; suffixes++)
		if (files_format_parse(*suffixes) == format)
			return true;
	return false;
}

ssize_t reference_read(int fd, void *bytes, size_t size, off_t offset)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = pread(fd, (char *)bytes + done, size - done, offset + (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* Whether a PNG has its last chunk.  Only the chunks' heads are read. */
static bool png_ends(int fd, off_t size)
{
	off_t at = 8;
	unsigned i;

	for (i = 0; i < FILES_CHUNKS_MAX; i++) {
		unsigned char head[8];

		if (size - at < 12 || reference_read(fd, head, sizeof(head), at) != sizeof(head))
			return false;
		if (memcmp(head + 4, "IEND", 4) == 0)
			return true;
		at += 12 + (off_t)be32(head);
	}
	return true;
}

/* Whether what tells its own length is as long; others are taken to be whole. */
static bool is_whole(int fd, enum files_format format, const unsigned char *head, off_t size)
{
	if (format == FILES_PNG)
		return png_ends(fd, size);
	if (format == FILES_WEBP)
		return (off_t)le32(head + 4) + 8 <= size;
	return true;
}

static int look(const char *path, int fd, off_t size, const char *const *suffixes,
        enum files_format *ret_format, struct err *err)
{
	unsigned char head[FILES_LOOK_SIZE];
	char none[80] = "no kind of picture that is known";
	const char *what;
	ssize_t got = reference_read(fd, head, sizeof(head), 0);

	if (got < 0)
		return reference_failed(
		        err, (int)got, path, "cannot be read: %s", strerror((int)-got));
	*ret_format = verify_look(head, (size_t)got, &what);
	if (*ret_format == FILES_UNKNOWN && what)
		snprintf(none, sizeof(none), "%s, not a picture", what);
	if (*ret_format == FILES_UNKNOWN)
		return wrong_kind(path, "", none, suffixes, err);
	if (suffixes && !is_allowed(*ret_format, suffixes))
		return wrong_kind(path, formats[*ret_format].article, formats[*ret_format].name,
		        suffixes, err);
	if (!is_whole(fd, *ret_format, head, size))
		return reference_failed(err, -EINVAL, path, "is %s %s that is cut short",
		        formats[*ret_format].article, formats[*ret_format].name);
	return 0;
}

int files_open_reference(struct files *files, const char *path,
        const struct files_reference_limits *limits, int *ret_fd, enum files_format *ret_format,
        struct stat *ret_stat, struct err *err)
{
	CLEANUP(close_p) int fd = -1;
	int r;

	r = find_and_open(files, path, limits, &fd, ret_stat, err);
	if (r == 0 && fstat(fd, ret_stat) < 0)
		r = reference_failed(err, -errno, path, "cannot be read: %s", strerror(errno));
	if (r == 0)
		r = check_size(path, ret_stat->st_size, limits->bytes_max, err);
	if (r == 0)
		r = look(path, fd, ret_stat->st_size, limits->suffixes, ret_format, err);
	if (r == 0)
		*ret_fd = take_fd(&fd);
	return r;
}
