/* SPDX-License-Identifier: MIT */
#include "darkroom/base.h"

#define READ_STEP 16384

/* What has no offset, such as a pipe, starts where it stands. */
static ssize_t read_at(int fd, void *bytes, size_t size, off_t offset)
{
	ssize_t got;

	do {
		got = pread(fd, bytes, size, offset);
		if (got < 0 && errno == ESPIPE)
			got = read(fd, bytes, size);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

int read_all(int fd, size_t limit, struct buf *buf)
{
	char step[READ_STEP];
	off_t offset = 0;
	ssize_t got;

	buf_clear(buf);
	buf->limit = limit;
	while ((got = read_at(fd, step, sizeof(step), offset)) > 0) {
		int r = buf_add(buf, step, (size_t)got);

		if (r < 0)
			return r == -EMSGSIZE ? -EFBIG : r;
		offset += got;
	}
	return (int)got;
}

int write_all(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t done = write(fd, at, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		if (done == 0)
			return -EIO;
		at += done;
		size -= (size_t)done;
	}
	return 0;
}
