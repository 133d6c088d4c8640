/* SPDX-License-Identifier: MIT */
/* base: what every module stands on: ownership by scope, errors, bounded buffers, time, the log.
 *
 * Functions return 0 or -errno unless they say otherwise.  Nothing here starts a thread; every
 * function may be called from any thread, each object from one thread at a time unless it says so.
 */
#pragma once

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NODISCARD __attribute__((warn_unused_result))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* ---- ownership ---- */

/* The local variable is given to fn (a function of a pointer to it) when its scope ends. */
#define CLEANUP(fn) __attribute__((cleanup(fn), unused))
/* Moves the pointer p out of its variable, which is NULL from then on. */
#define TAKE(p)                                          \
	({                                               \
		__typeof__(p) *take_from_ = &(p);        \
		__typeof__(p) take_value_ = *take_from_; \
		*take_from_ = NULL;                      \
		take_value_;                             \
	})
/* The same for a file descriptor, which is -1 from then on. */
static inline int take_fd(int *fd)
{
	int value = *fd;

	*fd = -1;
	return value;
}

/* For CLEANUP: free(3) of a pointer. */
static inline void free_p(void *pointer)
{
	free(*(void **)pointer);
}

/* For CLEANUP: close(2) of a descriptor unless it is negative; keeps errno. */
static inline void close_p(int *fd)
{
	if (*fd >= 0) {
		int keep = errno;

		close(*fd);
		errno = keep;
		*fd = -1;
	}
}

static inline pthread_mutex_t *lock_enter(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	return mutex;
}

static inline void lock_leave(pthread_mutex_t **mutex)
{
	pthread_mutex_unlock(*mutex);
}

#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
/* Holds the mutex until the end of the enclosing scope. */
#define WITH_LOCK(m) CLEANUP(lock_leave) pthread_mutex_t *CAT(lock_, __LINE__) = lock_enter(m)

/* ---- errors for people ---- */

/* Why something failed, in a sentence that a person can act on. */
struct err {
	char text[400];
};

/* Fills *err (borrowed, may be NULL; the text is cut to fit at a character's border) and returns
 * code, so that a function can end with `return err_set(err, -EINVAL, "...")`. */
int err_set(struct err *err, int code, const char *format, ...) PRINTF(3, 4);

/* ---- bounded buffer ---- */

/* Bytes that grow up to a limit given when the buffer is made.  data is NUL-terminated whenever it
 * is not NULL; size does not count the NUL. */
struct buf {
	char *data;
	size_t size;
	size_t capacity;
	size_t limit;
};

#define BUF_INIT(max) ((struct buf){.limit = (max)})

/* Appends; -ENOMEM without memory, -EMSGSIZE beyond the limit, in both cases nothing is changed. */
int buf_add(struct buf *buf, const void *bytes, size_t size) NODISCARD;
int buf_add_text(struct buf *buf, const char *text) NODISCARD;
int buf_addf(struct buf *buf, const char *format, ...) PRINTF(2, 3) NODISCARD;
/* Forgets the content and keeps memory and limit. */
void buf_clear(struct buf *buf);
/* Frees the memory; for CLEANUP too. */
void buf_done(struct buf *buf);
/* The NUL-terminated bytes, owned by the caller, "" when empty, NULL without memory; the buffer is
 * empty afterwards. */
char *buf_take(struct buf *buf) NODISCARD;

/* ---- text ---- */

/* Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, nothing over-long).  Where they
 * are not, *ret_offset (may be NULL) is the offset of the first wrong byte. */
bool utf8_valid(const char *bytes, size_t size, size_t *ret_offset);
/* Number of characters (code points) of well-formed UTF-8. */
size_t utf8_length(const char *bytes, size_t size);
/* The text on one line, fit for a line of a status file: control characters become spaces, bytes
 * that are no UTF-8 become U+FFFD, at most max_chars characters with an ellipsis where it was cut.
 * Owned by the caller, NULL without memory. */
char *text_line(const char *bytes, size_t size, size_t max_chars) NODISCARD;
/* Appends the text as one column of a line of UTF-8: blanks, backslashes, control characters and
 * bytes that are no UTF-8 become a backslash and three octal digits, as in /proc/mounts. */
int buf_add_column(struct buf *buf, const char *text) NODISCARD;
#define SIZE_TEXT_SIZE 32
/* A number of bytes for people: "10 MiB", "64 KiB" where it is so many exactly, else "8.1 MB",
 * "3.2 kB", "17 bytes". */
void size_text(int64_t bytes, char text[static SIZE_TEXT_SIZE]);
/* Parses a whole decimal integer without sign or space; false where it is anything else or above
 * max. */
bool text_u64(const char *text, uint64_t max, uint64_t *ret_value);

/* ---- files ---- */

/* Reads at most limit bytes of the descriptor from its start into *buf (emptied first; its limit is
 * set to limit).  -EFBIG where there is more. */
int read_all(int fd, size_t limit, struct buf *buf) NODISCARD;
/* Writes all bytes, also over short writes and EINTR. */
int write_all(int fd, const void *bytes, size_t size) NODISCARD;

/* ---- digests ---- */

/* A SHA-256 in the making. */
struct digest;

#define DIGEST_TEXT_SIZE 65 /* in lower-case hexadecimal digits, with the NUL */

/* NULL without memory. */
struct digest *digest_new(void) NODISCARD;
void digest_free_p(struct digest **digest);
/* -EIO where the library fails. */
int digest_add(struct digest *digest, const void *bytes, size_t size) NODISCARD;
/* Gives the digest of all that was added; afterwards it can only be freed.  -EIO. */
int digest_end(struct digest *digest, char text[static DIGEST_TEXT_SIZE]) NODISCARD;

/* ---- Base64 (RFC 4648, section 4) ---- */

/* The bytes that base64_text writes for `size` bytes, with the 0 at the end. */
#define BASE64_SIZE(size) (((size) + 2) / 3 * 4 + 1)
/* At most INT_MAX bytes. */
void base64_text(const void *bytes, size_t size, char *text);

/* ---- time ---- */

/* Time as an object, so that tests choose it.  mono_us never goes back; wall_ms is UTC since 1970
 * and may leap. */
struct clock {
	int64_t (*mono_us)(void *context);
	int64_t (*wall_ms)(void *context);
	void *context;
};

/* The machine's own clocks. */
extern const struct clock clock_system;

#define US_PER_MS INT64_C(1000)
#define US_PER_S INT64_C(1000000)

/* wall_ms as RFC 3339 with seconds in UTC, "2026-01-31T12:00:00Z". */
#define TIME_TEXT_SIZE 32
void time_text(int64_t wall_ms, char text[static TIME_TEXT_SIZE]);

/* ---- the log ---- */

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Where the log goes; set once before threads start.  Standard error by default; syslog(3) for a
 * daemon in the background. */
void log_setup(enum log_level most_detailed, bool to_syslog);
/* One line, no newline needed.  Only engine, mount, sandbox and cli log; others return errors.  No
 * key, no prompt text and no signed link may be passed. */
void log_line(enum log_level level, const char *format, ...) PRINTF(2, 3);
#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

/* ---- fault points ---- */

/* Marks a place where a crash test may kill the process.  Does nothing in the installed programs;
 * the test build links src/base/fault-kill.c, where the environment variable DARKROOM_KILL_AT=N
 * makes the N-th call of the process end it with SIGKILL, and DARKROOM_FAULT_LOG=PATH appends the
 * name of each point passed. */
void fault_point(const char *name);
