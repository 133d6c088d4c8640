/* SPDX-License-Identifier: MIT */
#include "darkroom/base.h"

#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

/* ---- ownership ---- */

static int freed;

static void count_free(char **pointer)
{
	freed += *pointer != NULL;
	free(*pointer);
}

static char *make_and_move(void)
{
	CLEANUP(count_free) char *kept = strdup("kept");
	CLEANUP(count_free) char *moved = strdup("moved");

	return TAKE(moved);
}

static void lock_and_leave(pthread_mutex_t *mutex)
{
	WITH_LOCK(mutex);

	OK(pthread_mutex_trylock(mutex) == EBUSY);
}

static void test_ownership(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	char *moved = make_and_move();
	int fd = 7, pipes[2], copy;

	OK_TEXT(moved, "moved");
	OK(freed == 1);
	free(moved);
	OK(take_fd(&fd) == 7 && fd == -1);
	OK(pipe(pipes) == 0);
	copy = pipes[0];
	errno = ENOSPC;
	close_p(&pipes[0]);
	OK(errno == ENOSPC && pipes[0] == -1);
	OK(fcntl(copy, F_GETFD) == -1 && errno == EBADF);
	errno = EAGAIN;
	close_p(&pipes[0]);
	OK(errno == EAGAIN);
	close_p(&pipes[1]);
	lock_and_leave(&mutex);
	OK(pthread_mutex_trylock(&mutex) == 0);
	pthread_mutex_unlock(&mutex);
}

/* ---- errors ---- */

static void test_err(void)
{
	struct err err = {"before"};
	char longer[600];
	size_t lead;

	OK(err_set(NULL, -EINVAL, "%d", 1) == -EINVAL);
	OK(err_set(&err, 7, "%s is %d", "x", 3) == 7);
	OK_TEXT(err.text, "x is 3");
	OK(err_set(&err, -EIO, "again: %s", err.text) == -EIO);
	OK_TEXT(err.text, "again: x is 3");
	memset(longer, 'a', sizeof(longer));
	longer[599] = '\0';
	OK(err_set(&err, -1, "%s", longer) == -1);
	OK(strlen(err.text) == sizeof(err.text) - 1);
	/* It is never cut in the middle of a character, wherever that one stands. */
	for (lead = 0; lead < 4; lead++) {
		size_t i;

		memset(longer, 'a', sizeof(longer));
		for (i = lead; i + 4 < sizeof(longer); i += 4)
			memcpy(longer + i, "\xf0\x9f\x98\x80", 4);
		longer[i] = '\0';
		err_set(&err, -1, "%s", longer);
		OK(utf8_valid(err.text, strlen(err.text), NULL));
		OK(strlen(err.text) > sizeof(err.text) - 5);
	}
	/* Text that is cut is complete when its last character just fits. */
	memset(longer, 'a', sizeof(longer));
	memcpy(longer + sizeof(err.text) - 3, "\xc3\xa9", 2);
	longer[599] = '\0';
	err_set(&err, -1, "%s", longer);
	OK(strlen(err.text) == sizeof(err.text) - 1);
	OK(utf8_valid(err.text, strlen(err.text), NULL));
}

/* ---- buffer ---- */

static void test_buf(void)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(10);
	struct buf none = {0};
	char *text;

	OK(!buf.data && buf.size == 0);
	OK(buf_add(&buf, NULL, 0) == 0 && !buf.data);
	OK(buf_add_text(&buf, "hello") == 0);
	OK_TEXT(buf.data, "hello");
	OK(buf_addf(&buf, "%d", 12) == 0);
	OK_TEXT(buf.data, "hello12");
	OK(buf_add_text(&buf, "1234") == -EMSGSIZE);
	OK(buf_addf(&buf, "%s", "1234") == -EMSGSIZE);
	OK_TEXT(buf.data, "hello12");
	OK(buf.size == 7);
	OK(buf_add(&buf, "a\0b", 3) == 0 && buf.size == 10);
	OK(memcmp(buf.data, "hello12a\0b", 11) == 0);
	OK(buf_add(&buf, "x", 1) == -EMSGSIZE);
	OK(buf_addf(&buf, "%s", "") == 0);
	buf_clear(&buf);
	OK(buf.size == 0 && buf.limit == 10 && buf.capacity > 0);
	OK_TEXT(buf.data, "");
	text = buf_take(&buf);
	OK_TEXT(text, "");
	free(text);
	OK(!buf.data && buf.limit == 10);
	text = buf_take(&buf);
	OK_TEXT(text, "");
	free(text);
	OK(buf_add_text(&buf, "again") == 0);
	text = buf_take(&buf);
	OK_TEXT(text, "again");
	free(text);
	OK(buf_add_text(&none, "x") == -EMSGSIZE && !none.data);
	OK(buf_add_text(&none, "") == 0);
	buf_done(&none);
}

static void test_buf_grows(void)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(100000);
	CLEANUP(buf_done) struct buf huge = BUF_INIT(SIZE_MAX);
	bool good = true;
	int i;

	for (i = 0; i < 100000; i++)
		good &= buf_addf(&buf, "%c", 'a' + i % 26) == 0 && buf.data[buf.size] == '\0';
	OK(good && buf.size == 100000);
	OK(buf.capacity <= 100001);
	for (i = 0; i < 100000; i++)
		good &= buf.data[i] == 'a' + i % 26;
	OK(good);
	OK(buf_add(&buf, "x", 1) == -EMSGSIZE);
	OK(buf_add(&buf, "x", SIZE_MAX) == -EMSGSIZE);
	OK(buf_add_text(&huge, "x") == 0);
	OK(buf_add(&huge, "x", SIZE_MAX - 1) == -ENOMEM);
	OK(buf_add(&huge, "x", SIZE_MAX / 2) == -ENOMEM);
	OK_TEXT(huge.data, "x");
	OK(huge.size == 1);
}

/* ---- text ---- */

static const struct {
	const char *bytes;
	size_t size;
	ptrdiff_t wrong_at; /* -1: well-formed */
	size_t length;
} utf8[] = {
        {"", 0, -1, 0},
        {"abc", 3, -1, 3},
        {"a\0b", 3, -1, 3},
        {"\x7f", 1, -1, 1},
        {"\xc2\x80", 2, -1, 1},
        {"\xdf\xbf", 2, -1, 1},
        {"\xe0\xa0\x80", 3, -1, 1},
        {"\xed\x9f\xbf", 3, -1, 1},
        {"\xee\x80\x80", 3, -1, 1},
        {"\xef\xbf\xbf", 3, -1, 1},
        {"\xf0\x90\x80\x80", 4, -1, 1},
        {"\xf4\x8f\xbf\xbf", 4, -1, 1},
        {"a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80", 10, -1, 4},
        {"\x80", 1, 0, 0},
        {"ab\xbf", 3, 2, 0},
        {"\xc0\x80", 2, 0, 0},
        {"\xc0\xaf", 2, 0, 0},
        {"\xc1\xbf", 2, 0, 0},
        {"\xe0\x80\x80", 3, 0, 0},
        {"\xe0\x9f\xbf", 3, 0, 0},
        {"\xf0\x80\x80\x80", 4, 0, 0},
        {"\xf0\x8f\xbf\xbf", 4, 0, 0},
        {"\xed\xa0\x80", 3, 0, 0},
        {"\xed\xbf\xbf", 3, 0, 0},
        {"\xf4\x90\x80\x80", 4, 0, 0},
        {"\xf5\x80\x80\x80", 4, 0, 0},
        {"\xf8\x88\x80\x80\x80", 5, 0, 0},
        {"\xfe", 1, 0, 0},
        {"\xff", 1, 0, 0},
        {"\xc3", 1, 0, 0},
        {"a\xe6\x97", 3, 1, 0},
        {"\xf0\x9f\x98", 3, 0, 0},
        {"\xc3(", 2, 0, 0},
        {"\xe6(\xa5", 3, 0, 0},
        {"\xe6\x97(", 3, 0, 0},
        {"\xf0\x9f\x98(", 4, 0, 0},
        {"\xc3\xc3\xa9", 3, 0, 0},
        {"\xc3\xa9\xa9", 3, 2, 0},
};

static void test_utf8(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(utf8); i++) {
		size_t offset = 77;
		bool valid = utf8[i].wrong_at < 0;
		char *exact = malloc(utf8[i].size + 1);
		char name[32];

		snprintf(name, sizeof(name), "UTF-8 of row %zu", i);
		memcpy(exact, utf8[i].bytes, utf8[i].size);
		OK_NAMED(utf8_valid(exact, utf8[i].size, &offset) == valid, name);
		OK_NAMED(offset == (valid ? 77 : (size_t)utf8[i].wrong_at), name);
		OK_NAMED(utf8_valid(exact, utf8[i].size, NULL) == valid, name);
		OK_NAMED(!valid || utf8_length(exact, utf8[i].size) == utf8[i].length, name);
		free(exact);
	}
	OK(utf8_valid(NULL, 0, NULL));
}

/* Every code point there is, and each pair of first and second byte. */
static void test_utf8_all(void)
{
	size_t good = 0;
	unsigned a, b, c, d;
	char bytes[4];

	for (a = 0; a < 256; a++) {
		bytes[0] = (char)a;
		good += utf8_valid(bytes, 1, NULL);
		for (b = 0x80; b < 0xc0; b++) {
			bytes[1] = (char)b;
			good += a >= 0xc0 && a < 0xe0 && utf8_valid(bytes, 2, NULL);
			for (c = 0x80; a >= 0xe0 && c < 0xc0; c++) {
				bytes[2] = (char)c;
				good += a < 0xf0 && utf8_valid(bytes, 3, NULL);
				for (d = 0x80; a >= 0xf0 && d < 0xc0; d++) {
					bytes[3] = (char)d;
					good += utf8_valid(bytes, 4, NULL);
				}
			}
		}
	}
	OK(good == 0x110000 - 0x800);
}

static const struct {
	const char *bytes;
	size_t size, max;
	const char *line;
} lines[] = {
        {"", 0, 10, ""},
        {"abc", 3, 10, "abc"},
        {"abc", 3, 3, "abc"},
        {"abcd", 4, 3, "ab\xe2\x80\xa6"},
        {"abcd", 4, 1, "\xe2\x80\xa6"},
        {"abcd", 4, 0, ""},
        {"a\nb\r\nc\td\x7f", 9, 99, "a b  c d "},
        {"a\0b", 3, 99, "a b"},
        {"\x1b[31mred", 8, 99, " [31mred"},
        {"\xc2\x85x\xc2\x9f\xc2\xa0", 7, 99, " x \xc2\xa0"},
        {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa", 9, 99, "  \xe2\x80\xaa"},
        {"a\xff"
         "b",
                3, 99,
                "a\xef\xbf\xbd"
                "b"},
        {"\xff\xff\xff\xff", 4, 4, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe6\x97", 2, 99, "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe6\x97\xa5\xe6\x9c\xac", 6, 2, "\xe6\x97\xa5\xe6\x9c\xac"},
        {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 9, 2, "\xe6\x97\xa5\xe2\x80\xa6"},
        {"\xf0\x9f\x98\x80\xf0\x9f\x98\x80", 8, 1, "\xe2\x80\xa6"},
        {"a\xf0\x9f\x98\x80", 5, SIZE_MAX, "a\xf0\x9f\x98\x80"},
};

static void test_column(void)
{
	static const struct {
		const char *text, *column;
	} cases[] = {
	        {"", ""},
	        {"d/hero.prompt", "d/hero.prompt"},
	        {"two words", "two\\040words"},
	        {" \t\n\\\x01\x7f", "\\040\\011\\012\\134\\001\\177"},
	        {"\\040", "\\134040"},
	        {"caf\xc3\xa9 \xe2\x82\xac\xf0\x9f\x8e\x9e",
	                "caf\xc3\xa9\\040\xe2\x82\xac\xf0\x9f\x8e\x9e"},
	        /* What ends a line for some readers, and what is no UTF-8. */
	        {"a\xc2\x85\xe2\x80\xa8\xe2\x80\xa9z",
	                "a\\302\\205\\342\\200\\250\\342\\200\\251z"},
	        {"\xff-\xc3", "\\377-\\303"},
	};
	struct buf small CLEANUP(buf_done) = BUF_INIT(4);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf buf CLEANUP(buf_done) = BUF_INIT(1000);

		OK(buf_add_text(&buf, "x") == 0 && buf_add_column(&buf, cases[i].text) == 0);
		OK_TEXT(buf.data + 1, cases[i].column);
	}
	OK(buf_add_column(&small, "abcd") == 0);
	OK(buf_add_column(&small, "e") == -EMSGSIZE);
	buf_clear(&small);
	OK(buf_add_column(&small, "a b") == -EMSGSIZE);
}

static void test_text_line(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		char *exact = malloc(lines[i].size + 1), *line;

		memcpy(exact, lines[i].bytes, lines[i].size);
		line = text_line(exact, lines[i].size, lines[i].max);
		OK_TEXT(line, lines[i].line);
		OK(line && utf8_valid(line, strlen(line), NULL));
		OK(line && utf8_length(line, strlen(line)) <= lines[i].max);
		free(line);
		free(exact);
	}
	OK(!text_line("a", SIZE_MAX, SIZE_MAX));
}

static const struct {
	const char *text;
	uint64_t max;
	bool good;
	uint64_t value;
} numbers[] = {
        {"0", 0, true, 0},
        {"1", 0, false, 0},
        {"007", 9, true, 7},
        {"255", 255, true, 255},
        {"256", 255, false, 0},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"18446744073709551620", UINT64_MAX, false, 0},
        {"99999999999999999999", UINT64_MAX, false, 0},
        {"", UINT64_MAX, false, 0},
        {" 1", UINT64_MAX, false, 0},
        {"1 ", UINT64_MAX, false, 0},
        {"1\n", UINT64_MAX, false, 0},
        {"+1", UINT64_MAX, false, 0},
        {"-1", UINT64_MAX, false, 0},
        {"0x1", UINT64_MAX, false, 0},
        {"1.0", UINT64_MAX, false, 0},
        {"\xd9\xa1", UINT64_MAX, false, 0},
};

static void test_size_text(void)
{
	static const struct {
		int64_t bytes;
		const char *text;
	} cases[] = {
	        {0, "0 bytes"},
	        {1, "1 byte"},
	        {999, "999 bytes"},
	        {1000, "1.0 kB"},
	        {1024, "1 KiB"},
	        {65536, "64 KiB"},
	        {65537, "65.5 kB"},
	        {1 << 20, "1 MiB"},
	        {8000000, "8.0 MB"},
	        {10 << 20, "10 MiB"},
	        {(10 << 20) + 1, "10.5 MB"},
	        {INT64_C(3) << 30, "3 GiB"},
	        {INT64_MAX, "9223372036.9 GB"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[SIZE_TEXT_SIZE];

		size_text(cases[i].bytes, text);
		OK_TEXT(text, cases[i].text);
	}
}

static void test_text_u64(void)
{
	uint64_t value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		value = 77;
		OK_NAMED(text_u64(numbers[i].text, numbers[i].max, &value) == numbers[i].good,
		        numbers[i].text);
		OK_NAMED(value == (numbers[i].good ? numbers[i].value : 77), numbers[i].text);
	}
	OK(!text_u64(NULL, UINT64_MAX, &value));
}

/* ---- files ---- */

static int temporary(void)
{
	char path[] = "/tmp/darkroom-test-base-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	unlink(path);
	return fd;
}

static void test_files(void)
{
	CLEANUP(close_p) int fd = temporary();
	CLEANUP(free_p) char *data = malloc(100000);
	CLEANUP(buf_done) struct buf buf = BUF_INIT(1);
	int i;

	OK(fd >= 0 && data);
	for (i = 0; i < 100000; i++)
		data[i] = (char)(i * 7);
	OK(read_all(fd, 0, &buf) == 0 && buf.size == 0);
	OK(write_all(fd, data, 0) == 0);
	OK(write_all(fd, data, 100000) == 0);
	/* From the start, wherever the descriptor stands. */
	OK(read_all(fd, 100000, &buf) == 0 && buf.size == 100000);
	OK(memcmp(buf.data, data, 100000) == 0 && buf.data[100000] == '\0');
	OK(read_all(fd, 200000, &buf) == 0 && buf.size == 100000 && buf.limit == 200000);
	OK(read_all(fd, 99999, &buf) == -EFBIG);
	OK(read_all(fd, 0, &buf) == -EFBIG);
	OK(read_all(-1, 10, &buf) == -EBADF);
	OK(write_all(-1, "x", 1) == -EBADF);
	close_p(&fd);
	fd = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	OK(read_all(fd, 10, &buf) == -EISDIR);
	close_p(&fd);
	fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	OK(write_all(fd, "x", 1) == -ENOSPC);
}

static void *write_slowly(void *context)
{
	static char bytes[300000];
	int *fd = context;

	memset(bytes, 'p', sizeof(bytes));
	return write_all(*fd, bytes, sizeof(bytes)) == 0 ? context : NULL;
}

/* More than a pipe holds: short reads and writes on both sides. */
static void test_pipe(void)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(0);
	pthread_t thread;
	void *result = NULL;
	int fds[2];

	OK(pipe(fds) == 0);
	OK(fcntl(fds[1], F_SETPIPE_SZ, 4096) >= 4096);
	OK(write(fds[1], "<", 1) == 1);
	pthread_create(&thread, NULL, write_slowly, &fds[1]);
	/* The writer is done only when all is read, so the reader stops by its limit. */
	OK(read_all(fds[0], 200000, &buf) == -EFBIG);
	OK(buf.size > 0 && buf.data[0] == '<' && buf.data[1] == 'p');
	while (pthread_tryjoin_np(thread, &result) == EBUSY) {
		char rest[4096];

		if (fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0)
			break;
		if (read(fds[0], rest, sizeof(rest)) < 0)
			sched_yield();
	}
	OK(result == &fds[1]);
	close(fds[0]);
	close(fds[1]);
}

/* ---- time ---- */

static const struct {
	int64_t ms;
	const char *text;
} times[] = {
        {0, "1970-01-01T00:00:00Z"},
        {999, "1970-01-01T00:00:00Z"},
        {1000, "1970-01-01T00:00:01Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {-1000, "1969-12-31T23:59:59Z"},
        {-1001, "1969-12-31T23:59:58Z"},
        {INT64_C(951782400000), "2000-02-29T00:00:00Z"},
        {INT64_C(1769860800123), "2026-01-31T12:00:00Z"},
        {INT64_C(4102444799999), "2099-12-31T23:59:59Z"},
        {INT64_C(253402300799999), "9999-12-31T23:59:59Z"},
        {INT64_C(253402300800000), "9999-12-31T23:59:59Z"},
        {INT64_MAX, "9999-12-31T23:59:59Z"},
        {INT64_MIN, "0000-01-01T00:00:00Z"},
        {INT64_C(-30610224000000), "1000-01-01T00:00:00Z"},
        {INT64_C(-30610224000001), "0999-12-31T23:59:59Z"},
};

static void test_time(void)
{
	char text[TIME_TEXT_SIZE];
	int64_t before;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		time_text(times[i].ms, text);
		OK_TEXT(text, times[i].text);
	}
	before = clock_system.mono_us(clock_system.context);
	OK(before > 0);
	OK(clock_system.mono_us(clock_system.context) >= before);
	OK(clock_system.wall_ms(clock_system.context) > INT64_C(1700000000000));
}

/* ---- the log ---- */

/* What is on standard error while `say` runs. */
static char *caught(void (*say)(void))
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(0);
	CLEANUP(close_p) int file = temporary();
	CLEANUP(close_p) int keep = dup(STDERR_FILENO);
	int r;

	dup2(file, STDERR_FILENO);
	say();
	dup2(keep, STDERR_FILENO);
	r = read_all(file, 100000, &buf);
	return r < 0 ? NULL : buf_take(&buf);
}

static void say_levels(void)
{
	log_setup(LOG_LEVEL_WARNING, false);
	log_error("a %d", 1);
	log_warning("b");
	log_info("c");
	log_debug("d");
	log_setup(LOG_LEVEL_DEBUG, false);
	log_info("e\n");
	log_debug("f\ng\x1b[2J");
	log_debug("%s", "");
}

static void say_long(void)
{
	char text[4000];
	size_t i;

	for (i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	text[i] = '\0';
	log_warning("%s", text);
	log_warning("x%s", text);
}

static void test_log(void)
{
	char *text = caught(say_levels), *second;

	OK_TEXT(text, "darkroomfs: error: a 1\n"
	              "darkroomfs: warning: b\n"
	              "darkroomfs: info: e\n"
	              "darkroomfs: debug: f g [2J\n"
	              "darkroomfs: debug: \n");
	free(text);
	text = caught(say_long);
	OK(text && utf8_valid(text, strlen(text), NULL));
	second = text ? strchr(text, '\n') : NULL;
	OK(second && second - text > 1000 && second[1] && strlen(second + 1) > 1000);
	OK(second && text[strlen(text) - 1] == '\n' &&
	        strchr(second + 1, '\n') == text + strlen(text) - 1);
	free(text);
	errno = EDOM;
	free(caught(say_levels));
	errno = EDOM;
	log_debug("errno is kept");
	OK(errno == EDOM);
}

/* Without standard error a line is lost, and nothing else. */
static void test_log_without_stderr(void)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		close(STDERR_FILENO);
		log_error("nobody reads this");
		_exit(7);
	}
	OK(waitpid(child, &status, 0) == child);
	OK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

/* The examples of FIPS 180-2, and of no bytes at all. */
static void test_digest(void)
{
	static const struct {
		const char *text;
		unsigned times;
		const char *expected;
	} cases[] = {
	        {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	        {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
	         "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	                1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	        {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
	};
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(digest_free_p) struct digest *digest = digest_new();
		CLEANUP(digest_free_p) struct digest *pieces = digest_new();
		char text[DIGEST_TEXT_SIZE] = "";
		size_t size = strlen(cases[i].text);
		int r = 0;

		/* Two at a time: as it is, and byte by byte. */
		for (k = 0; r == 0 && k < cases[i].times; k++)
			r = digest_add(digest, cases[i].text, size);
		OK(r == 0 && digest_end(digest, text) == 0);
		OK_TEXT(text, cases[i].expected);
		for (k = 0; r == 0 && k < size * cases[i].times; k++)
			r = digest_add(pieces, &cases[i].text[k % size], 1);
		OK(r == 0 && digest_end(pieces, text) == 0);
		OK_TEXT(text, cases[i].expected);
	}
	{
		/* Bytes of any value count. */
		CLEANUP(digest_free_p) struct digest *digest = digest_new();
		char text[DIGEST_TEXT_SIZE];

		OK(digest_add(digest, "\0", 1) == 0 && digest_end(digest, text) == 0);
		OK_TEXT(text, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
	}
}

/* The test vectors of RFC 4648, section 10, and bytes that are no text. */
static void test_base64(void)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *text;
	} cases[] = {
	        {"", 0, ""},
	        {"f", 1, "Zg=="},
	        {"fo", 2, "Zm8="},
	        {"foo", 3, "Zm9v"},
	        {"foob", 4, "Zm9vYg=="},
	        {"fooba", 5, "Zm9vYmE="},
	        {"foobar", 6, "Zm9vYmFy"},
	        {"\0\xff\xfb\xef", 4, "AP/77w=="},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[16];

		OK(BASE64_SIZE(cases[i].size) == strlen(cases[i].text) + 1);
		base64_text(cases[i].bytes, cases[i].size, text);
		OK_TEXT(text, cases[i].text);
	}
}

static void test_fault_none(void)
{
	setenv("DARKROOM_KILL_AT", "1", 1);
	fault_point("here");
	OK_NAMED(true, "installed programs pass fault points");
}

int main(void)
{
	test_ownership();
	test_err();
	test_buf();
	test_buf_grows();
	test_utf8();
	test_utf8_all();
	test_text_line();
	test_column();
	test_text_u64();
	test_size_text();
	test_files();
	test_pipe();
	test_time();
	test_log();
	test_log_without_stderr();
	test_digest();
	test_base64();
	test_fault_none();
	return tap_done();
}
