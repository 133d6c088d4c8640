/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "journal.h"

#define LINE_BYTES_MAX (8 << 20)
#define JOURNAL_BYTES_MAX (INT64_C(1) << 30)
#define CHUNK_BYTES 65536

struct reader {
	const char *path;
	journal_line_fn *each;
	void *context;
	struct buf line;
	size_t line_number;
	off_t good_bytes; /* of complete lines */
};

static int line_read(struct reader *reader, struct err *err)
{
	CLEANUP(json_free_p) struct json *line = NULL;
	struct err inner = {{0}};
	int r = json_parse(reader->line.data, reader->line.size, &line, &inner);

	if (r == 0)
		r = reader->each(reader->context, line, &inner);
	if (r != 0)
		return err_set(err, r, "%.200s: line %zu: %s", reader->path, reader->line_number,
		        inner.text[0] ? inner.text : strerror(-r));
	reader->good_bytes += (off_t)reader->line.size + 1;
	buf_clear(&reader->line);
	return 0;
}

static int chunk_read(struct reader *reader, const char *bytes, size_t size, struct err *err)
{
	while (size > 0) {
		const char *newline = memchr(bytes, '\n', size);
		size_t part = newline ? (size_t)(newline - bytes) : size;
		int r = buf_add(&reader->line, bytes, part);

		if (r == -EMSGSIZE)
			return err_set(err, -EFBIG, "%.200s: line %zu is longer than %d bytes",
			        reader->path, reader->line_number, LINE_BYTES_MAX);
		if (r != 0)
			return err_set(err, r, "%.200s: %s", reader->path, strerror(-r));
		if (!newline)
			return 0;
		r = line_read(reader, err);
		if (r != 0)
			return r;
		reader->line_number++;
		bytes += part + 1;
		size -= part + 1;
	}
	return 0;
}

static int file_read(int fd, struct reader *reader, struct err *err)
{
	CLEANUP(free_p) char *chunk = malloc(CHUNK_BYTES);
	off_t at = 0;

	if (!chunk)
		return err_set(err, -ENOMEM, "%.200s: out of memory", reader->path);
	for (;;) {
		ssize_t n = pread(fd, chunk, CHUNK_BYTES, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, -errno, "%.200s: %s", reader->path, strerror(errno));
		if (n == 0)
			return 0;
		at += n;
		if (at > JOURNAL_BYTES_MAX)
			return err_set(err, -EFBIG, "%.200s: more than 1 GiB; begin a new journal",
			        reader->path);

		int r = chunk_read(reader, chunk, (size_t)n, err);

		if (r != 0)
			return r;
	}
}

int journal_open(const char *path, journal_line_fn *each, void *context,
        struct journal *ret_journal, struct err *err)
{
	CLEANUP(close_p) int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	struct reader reader = {.path = path, .each = each, .context = context, .line_number = 1};
	struct stat status;

	if (fd < 0)
		return err_set(err, -errno, "%.200s: %s", path, strerror(errno));
	if (fstat(fd, &status) != 0)
		return err_set(err, -errno, "%.200s: %s", path, strerror(errno));
	if (S_ISREG(status.st_mode)) {
		reader.line = BUF_INIT(LINE_BYTES_MAX);

		int r = file_read(fd, &reader, err);
		bool cut = reader.line.size > 0;

		buf_done(&reader.line);
		if (r != 0)
			return r;
		if (cut && ftruncate(fd, reader.good_bytes) != 0)
			return err_set(err, -errno, "%.200s: %s", path, strerror(errno));
	}
	ret_journal->fd = take_fd(&fd);
	return 0;
}

int journal_add(struct journal *journal, const struct json *line)
{
	CLEANUP(free_p) char *text = NULL;
	struct stat before;
	size_t size;
	ssize_t n;

	if (journal->fd < 0)
		return 0;
	text = json_text(line);
	if (!text)
		return -ENOMEM;
	size = strlen(text);
	text[size++] = '\n'; /* in the place of the NUL, so that it is one write */
	if (fstat(journal->fd, &before) != 0)
		return -errno;
	do
		n = write(journal->fd, text, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n != size) {
		if (S_ISREG(before.st_mode) && ftruncate(journal->fd, before.st_size) != 0)
			return -errno;
		return -ENOSPC;
	}
	return 0;
}

void journal_close(struct journal *journal)
{
	close_p(&journal->fd);
}
