/* SPDX-License-Identifier: MIT */
/* From a received file to a picture that may be shown: verified, with its attributes, on disk. */
#include "files-private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>

/* What is tried when the whole comment does not fit. */
#define COMMENT_SHORT 1024
/* Linux takes no longer value. */
#define COMMENT_MAX 65536

/* The filesystem cannot keep this attribute; a full disk is none here, as small values lie in room
 * that is there already. */
static bool is_refusal(int code)
{
	return code == ENOTSUP || code == EPERM || code == EACCES || code == ENOSPC ||
	       code == EDQUOT || code == E2BIG || code == ERANGE || code == EINVAL;
}

/* 0: kept; 1: the filesystem does not keep it; -errno. */
static int attribute_set(int fd, const char *name, const char *value, size_t size)
{
	if (fsetxattr(fd, name, value, size, 0) == 0)
		return 0;
	return is_refusal(errno) ? 1 : -errno;
}

/* At most `limit` bytes, cut at a character. */
static size_t cut(const char *text, size_t size, size_t limit)
{
	if (size <= limit)
		return size;
	while (limit > 0 && ((unsigned char)text[limit] & 0xc0) == 0x80)
		limit--;
	return limit;
}

static int comment_set(int fd, const char *text)
{
	static const char name[] = "user.xdg.comment";
	size_t size = strlen(text);
	int r;

	r = attribute_set(fd, name, text, cut(text, size, COMMENT_MAX));
	if (r > 0 && size > COMMENT_SHORT)
		r = attribute_set(fd, name, text, cut(text, size, COMMENT_SHORT));
	return r;
}

static int attributes_set(
        int fd, const struct files_attributes *attributes, enum files_format format)
{
	const struct {
		const char *name, *value;
	} rows[] = {
	        {FILES_ATTRIBUTE_UUID, attributes->take_uuid},
	        {"user.darkroom.task.id", attributes->task_id},
	        {"user.darkroom.model", attributes->model},
	        {"user.mime_type", files_format_mime(format)},
	};
	size_t i;
	int r;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].value)
			continue;
		r = attribute_set(fd, rows[i].name, rows[i].value, strlen(rows[i].value));
		if (r < 0)
			return r;
	}
	r = attributes->comment ? comment_set(fd, attributes->comment) : 0;
	return r < 0 ? r : 0;
}

/* Owner and mode of the prompt; only root can give files away. */
static int owner_set(int fd, const struct stat *st, uid_t uid, gid_t gid, mode_t mode)
{
	if (geteuid() == 0 && (st->st_uid != uid || st->st_gid != gid) &&
	        fchown(fd, uid, gid) < 0 && errno != EPERM)
		return -errno;
	if (fchmod(fd, mode & 0666) < 0 && errno != EPERM)
		return -errno;
	return 0;
}

static int digest_of(const struct buf *bytes, char ret_sha256[static DIGEST_TEXT_SIZE])
{
	CLEANUP(digest_free_p) struct digest *digest = digest_new();
	int r = digest ? digest_add(digest, bytes->data, bytes->size) : -ENOMEM;

	return r < 0 ? r : digest_end(digest, ret_sha256);
}

static int failed(struct err *err, int code)
{
	return err_set(err, code, "the picture cannot be finished: %s", strerror(-code));
}

static int verify_file(int fd, const struct stat *st, enum files_format *ret_format,
        char ret_sha256[static DIGEST_TEXT_SIZE], struct err *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(0);
	int r;

	if (!S_ISREG(st->st_mode))
		return err_set(err, -EBADMSG, "no regular file");
	if (st->st_size > FILES_PICTURE_MAX)
		return err_set(err, -EBADMSG, "larger than the %lld MiB that are accepted",
		        (long long)(FILES_PICTURE_MAX >> 20));
	/* Read, not mapped: a disk that fails gives an error then, not a signal. */
	r = read_all(fd, (size_t)FILES_PICTURE_MAX, &bytes);
	if (r < 0)
		return err_set(err, r, "the picture cannot be read: %s", strerror(-r));
	r = files_verify_bytes((const unsigned char *)bytes.data, bytes.size, ret_format, err);
	if (r < 0)
		return r;
	r = digest_of(&bytes, ret_sha256);
	return r < 0 ? failed(err, r) : 0;
}

int files_finish(struct files *files, const char *take_uuid, unsigned index,
        const struct files_attributes *attributes, uid_t uid, gid_t gid, mode_t mode,
        enum files_format *ret_format, uint64_t *ret_inode,
        char ret_sha256[static DIGEST_TEXT_SIZE], struct err *err)
{
	CLEANUP(close_p) int fd = -1;
	enum files_format format = FILES_UNKNOWN;
	char name[FILES_NAME_SIZE];
	struct stat st;
	int r;

	r = path_incoming_name(take_uuid, index, name);
	if (r < 0)
		return failed(err, r);
	fd = openat(files->incoming_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return failed(err, -errno);
	r = verify_file(fd, &st, &format, ret_sha256, err);
	if (r < 0)
		return r;
	r = attributes_set(fd, attributes, format);
	if (r == 0)
		r = owner_set(fd, &st, uid, gid, mode);
	if (r < 0)
		return failed(err, r);
	fault_point("finish.attributes");
	if (fsync(fd) < 0)
		return failed(err, -errno);
	r = path_sync_directory(files->incoming_fd);
	if (r < 0)
		return failed(err, r);
	fault_point("finish.sync");
	*ret_format = format;
	*ret_inode = st.st_ino;
	return 0;
}
