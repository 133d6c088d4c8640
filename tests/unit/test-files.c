/* SPDX-License-Identifier: MIT */
#include "darkroom/files.h"
#include "files-reference.h"
#include "files-show.h"
#include "files-tree.h"
#include "tap.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

/* ---- opening ---- */

static void test_open(void)
{
	TREE(tree);
	struct files *again = NULL;
	struct stat st;

	OK(fstatat(tree.fd, ".darkroom", &st, 0) == 0 && (st.st_mode & 07777) == 0700);
	OK(fstatat(tree.fd, ".darkroom/incoming", &st, 0) == 0 && S_ISDIR(st.st_mode));
	OK(fstatat(tree.fd, ".darkroom/takes", &st, 0) == 0 && S_ISDIR(st.st_mode));
	OK(fstatat(tree.fd, ".darkroom/lost+found", &st, 0) == 0 && S_ISDIR(st.st_mode));
	OK(files_open(tree.fd, &again, NULL) == 0);
	OK(files_has_xattrs(again) == files_has_xattrs(tree.files));
	files_free_p(&again);
	OK(!again);
	files_free(NULL);
	printf("# extended attributes: %s\n", files_has_xattrs(tree.files) ? "yes" : "no");
}

static void test_open_refuses(void)
{
	static const char *const names[] = {".darkroom", ".darkroom/incoming", ".darkroom/takes"};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		TREE(tree);
		struct files *files = NULL;
		struct err err = {.text = ""};

		tree_remove(tree.fd, names[i]);
		if (symlinkat("/tmp", tree.fd, names[i]) < 0)
			tree_die(names[i]);
		OK(files_open(tree.fd, &files, &err) < 0 && !files);
		OK_NAMED(strstr(err.text, "is not a directory"), err.text);
		unlinkat(tree.fd, names[i], 0);
		tree_put(&tree, names[i], "a file");
		OK(files_open(tree.fd, &files, &err) == -ENOTDIR && !files);
	}
}

static void test_stat(void)
{
	TREE(tree);
	struct stat st;
	char longest[5000];

	if (mkdirat(tree.fd, "d", 0755) < 0 || symlinkat("d", tree.fd, "link") < 0)
		tree_die("mkdir");
	tree_put(&tree, "d/a", "12345");
	OK(files_stat(tree.files, "", &st) == 0 && S_ISDIR(st.st_mode));
	OK(files_stat(tree.files, "d", &st) == 0 && S_ISDIR(st.st_mode));
	OK(files_stat(tree.files, "d/a", &st) == 0 && st.st_size == 5);
	OK(files_stat(tree.files, "link", &st) == 0 && S_ISLNK(st.st_mode));
	OK(files_stat(tree.files, "link/a", &st) == -ENOTDIR);
	OK(files_stat(tree.files, "d/b", &st) == -ENOENT);
	OK(files_stat(tree.files, "d/a/c", &st) == -ENOTDIR);
	OK(files_stat(tree.files, "..", &st) == -EINVAL);
	OK(files_stat(tree.files, "d/../d/a", &st) == -EINVAL);
	OK(files_stat(tree.files, "/etc", &st) == -EINVAL);
	OK(files_stat(tree.files, "d//a", &st) == -EINVAL);
	OK(files_stat(tree.files, "d/", &st) == -EINVAL);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	OK(files_stat(tree.files, longest, &st) == -ENAMETOOLONG);
}

/* ---- the lock ---- */

static void test_lock(void)
{
	TREE(tree);
	struct files *other = NULL;
	struct err err = {.text = ""};
	char expected[100];

	if (files_open(tree.fd, &other, &err) < 0)
		tree_die(err.text);
	OK(files_lock(tree.files, 0, &err) == 0);
	OK(files_lock(tree.files, 0, &err) == 0);
	OK(files_lock(other, 60000, &err) == -EBUSY);
	snprintf(expected, sizeof(expected),
	        "SOURCE is in use by darkroomfs, process %ld: unmount that one first",
	        (long)getpid());
	OK_TEXT(err.text, expected);
	files_finishing(tree.files);
	OK(files_lock(other, 120, &err) == -EBUSY);
	OK(strstr(err.text, "still finishing"));
	files_free_p(&tree.files);
	OK(files_lock(other, 0, &err) == 0);
	files_free(other);
}

struct holder {
	struct files *files;
	int begin[2];
};

/* Ends when it is told to: the other side is waiting by then or will be. */
static void *holder_main(void *context)
{
	struct holder *holder = context;
	char byte;

	if (read(holder->begin[0], &byte, 1) == 1)
		files_free_p(&holder->files);
	return NULL;
}

static void test_lock_waits(void)
{
	TREE(tree);
	struct holder holder = {.files = tree.files};
	struct files *other = NULL;
	struct err err = {.text = ""};
	pthread_t thread;

	if (files_open(tree.fd, &other, &err) < 0 || pipe2(holder.begin, O_CLOEXEC) < 0 ||
	        pthread_create(&thread, NULL, holder_main, &holder) != 0)
		tree_die("holder");
	OK(files_lock(tree.files, 0, &err) == 0);
	files_finishing(tree.files);
	tree.files = NULL;
	if (write(holder.begin[1], "", 1) != 1)
		tree_die("write");
	OK(files_lock(other, 30000, &err) == 0);
	pthread_join(thread, NULL);
	close(holder.begin[0]);
	close(holder.begin[1]);
	files_free(other);
}

static void test_lock_odd(void)
{
	TREE(tree);
	struct files *other = NULL;
	struct err err = {.text = ""};
	CLEANUP(close_p) int fd = -1;

	if (files_open(tree.fd, &other, &err) < 0)
		tree_die(err.text);
	/* Left behind by a process that was killed. */
	tree_put(&tree, ".darkroom/lock", "4711       mounted  \n");
	OK(files_lock(tree.files, 0, &err) == 0);
	files_free_p(&tree.files);
	/* Held by something that does not say who it is. */
	fd = openat(tree.fd, ".darkroom/lock", O_RDWR | O_CLOEXEC);
	OK(fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && pwrite(fd, "what\n", 5, 0) == 5);
	OK(files_lock(other, 60, &err) == -EBUSY);
	OK_TEXT(err.text, "SOURCE is in use by another darkroomfs");
	close_p(&fd);
	unlinkat(tree.fd, ".darkroom/lock", 0);
	OK(symlinkat("/tmp/elsewhere", tree.fd, ".darkroom/lock") == 0);
	OK(files_lock(other, 0, &err) == -ELOOP);
	files_free(other);
}

/* ---- receiving and finishing ---- */

static void test_receive(void)
{
	TREE(tree);
	int fd = -1;

	OK(files_receive(tree.files, "../x", 0, &fd) == -EINVAL);
	OK(files_receive(tree.files, "", 0, &fd) == -EINVAL);
	tree_receive(&tree, TAKE_A, 0, "abc", 3, 'd');
	OK(tree_is(&tree, ".darkroom/incoming/" TAKE_A "-0=abcd\n"));
	/* Received again: from the start, and not into another link of the file. */
	OK(linkat(tree.fd, ".darkroom/incoming/" TAKE_A "-0", tree.fd, "link", 0) == 0);
	tree_receive(&tree, TAKE_A, 0, "", 0, 'z');
	tree_receive(&tree, TAKE_A, 12, "", 0, 'y');
	OK(tree_is(&tree, ".darkroom/incoming/" TAKE_A "-0=z\n"
	                  ".darkroom/incoming/" TAKE_A "-12=y\nlink=abcd\n"));
	files_discard(tree.files, TAKE_A, 0);
	files_discard(tree.files, TAKE_A, 1);
	files_discard(tree.files, "..", 1);
	OK(tree_is(&tree, ".darkroom/incoming/" TAKE_A "-12=y\nlink=abcd\n"));
}

static void test_receive_keeps_displaced(void)
{
	TREE(tree);

	tree_picture(&tree, TAKE_A, 0, FILES_PNG, 'a');
	if (renameat(tree.fd, ".darkroom/incoming/" TAKE_A "-0", tree.fd,
	            ".darkroom/incoming/" TAKE_B "-0") < 0)
		tree_die("rename");
	files_discard(tree.files, TAKE_B, 0);
	if (files_has_xattrs(tree.files))
		OK(tree_is(&tree, ".darkroom/lost+found/" TAKE_B "-0=a\n"));
	else
		OK(tree_is(&tree, ""));
}

static bool attribute_is(
        const struct tree *tree, const char *path, const char *name, const char *expected)
{
	CLEANUP(close_p) int fd = openat(tree->fd, path, O_RDONLY | O_CLOEXEC);
	char value[200];
	ssize_t size = fgetxattr(fd, name, value, sizeof(value) - 1);

	value[size > 0 ? size : 0] = '\0';
	return strcmp(value, files_has_xattrs(tree->files) ? expected : "") == 0;
}

static void test_finish(void)
{
	TREE(tree);
	struct files_attributes attributes = {
	        .take_uuid = TAKE_A, .task_id = "task-7", .model = "dream-4", .comment = "a lamp"};
	static const char path[] = ".darkroom/incoming/" TAKE_A "-3";
	const struct files_reference_limits limits = {
	        .bytes_max = FILES_PICTURE_MAX, .uid = getuid(), .gid = getgid()};
	char sha256[DIGEST_TEXT_SIZE] = "", digest[DIGEST_TEXT_SIZE] = "-";
	enum files_format format = FILES_UNKNOWN;
	uint64_t inode = 0;
	struct err err = {.text = ""};
	struct stat st;
	int64_t size;
	int round;

	tree_receive(&tree, TAKE_A, 3, tree_gif, sizeof(tree_gif), 'g');
	for (round = 0; round < 2; round++) {
		OK(files_finish(tree.files, TAKE_A, 3, &attributes, getuid(), getgid(), 0755,
		           &format, &inode, sha256, &err) == 0);
		OK(format == FILES_GIF && inode == tree_inode(&tree, path));
		OK(files_digest_reference(tree.files, path, &limits, digest, &size, &err) == 0);
		OK_TEXT(sha256, digest);
		OK(fstatat(tree.fd, path, &st, 0) == 0 && (st.st_mode & 07777) == 0644);
		OK(attribute_is(&tree, path, "user.darkroom.task.uuid", TAKE_A));
		OK(attribute_is(&tree, path, "user.darkroom.task.id", "task-7"));
		OK(attribute_is(&tree, path, "user.darkroom.model", "dream-4"));
		OK(attribute_is(&tree, path, "user.mime_type", "image/gif"));
		OK(attribute_is(&tree, path, "user.xdg.comment", "a lamp"));
	}
	if (geteuid() == 0) {
		OK(files_finish(tree.files, TAKE_A, 3, &attributes, 1234, 2345, 0600, &format,
		           &inode, sha256, &err) == 0);
		OK(fstatat(tree.fd, path, &st, 0) == 0 && st.st_uid == 1234 && st.st_gid == 2345);
		OK((st.st_mode & 07777) == 0600);
	}
	OK(files_finish(tree.files, TAKE_A, 4, &attributes, 0, 0, 0600, &format, &inode, sha256,
	           &err) == -ENOENT);
	tree_receive(&tree, TAKE_A, 5, tree_png, 40, 'x');
	OK(files_finish(tree.files, TAKE_A, 5, &attributes, 0, 0, 0600, &format, &inode, sha256,
	           &err) == -EBADMSG);
	OK_TEXT(err.text, "a PNG that is cut short");
	tree_receive(&tree, TAKE_A, 6, "", 0, ' ');
	OK(files_finish(tree.files, TAKE_A, 6, &attributes, 0, 0, 0600, &format, &inode, sha256,
	           &err) == -EBADMSG);
	OK_TEXT(err.text, "text, not a picture");
}

static void test_finish_extremes(void)
{
	TREE(tree);
	static char comment[70000];
	struct files_attributes attributes = {.take_uuid = TAKE_A, .comment = comment};
	static const char path[] = ".darkroom/incoming/" TAKE_A "-0";
	enum files_format format = FILES_UNKNOWN;
	char sha256[DIGEST_TEXT_SIZE] = "";
	uint64_t inode = 0;
	struct err err = {.text = ""};
	char value[70000];
	CLEANUP(close_p) int fd = -1;
	ssize_t size;
	size_t i;

	/* One byte, and two bytes a character from there on. */
	comment[0] = 'x';
	for (i = 1; i + 2 < sizeof(comment); i += 2)
		memcpy(comment + i, "\xc3\xa9", 2);
	tree_receive(&tree, TAKE_A, 0, tree_gif, sizeof(tree_gif), 'g');
	OK(files_finish(tree.files, TAKE_A, 0, &attributes, getuid(), getgid(), 0600, &format,
	           &inode, sha256, &err) == 0);
	fd = openat(tree.fd, path, O_RDWR | O_CLOEXEC);
	size = fgetxattr(fd, "user.xdg.comment", value, sizeof(value));
	printf("# comment kept: %zd bytes\n", size);
	OK(size == 65535 || size == 1023 || size < 0);
	OK(size < 0 || utf8_valid(value, (size_t)size, NULL));
	OK(size < 0 || memcmp(value, comment, (size_t)size) == 0);
	OK(ftruncate(fd, FILES_PICTURE_MAX + 1) == 0);
	OK(files_finish(tree.files, TAKE_A, 0, &attributes, getuid(), getgid(), 0600, &format,
	           &inode, sha256, &err) == -EBADMSG);
	OK_TEXT(err.text, "larger than the 256 MiB that are accepted");
	OK(ftruncate(fd, 0) == 0);
	OK(files_finish(tree.files, TAKE_A, 0, &attributes, getuid(), getgid(), 0600, &format,
	           &inode, sha256, &err) == -EBADMSG);
	OK_TEXT(err.text, "an empty file");
	unlinkat(tree.fd, path, 0);
	OK(symlinkat("/etc/passwd", tree.fd, path) == 0);
	OK(files_finish(tree.files, TAKE_A, 0, &attributes, getuid(), getgid(), 0600, &format,
	           &inode, sha256, &err) == -ELOOP);
}

/* ---- verification ---- */

static void test_formats(void)
{
	static const struct {
		enum files_format format;
		const char *suffix, *mime;
	} cases[] = {{FILES_UNKNOWN, "bin", "application/octet-stream"},
	        {FILES_PNG, "png", "image/png"}, {FILES_JPEG, "jpg", "image/jpeg"},
	        {FILES_WEBP, "webp", "image/webp"}, {FILES_GIF, "gif", "image/gif"},
	        {FILES_AVIF, "avif", "image/avif"}, {FILES_HEIC, "heic", "image/heic"},
	        {FILES_BMP, "bmp", "image/bmp"}, {FILES_TIFF, "tiff", "image/tiff"},
	        {FILES_JXL, "jxl", "image/jxl"}, {FILES_SVG, "svg", "image/svg+xml"}};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		OK_TEXT(files_format_suffix(cases[i].format), cases[i].suffix);
		OK_TEXT(files_format_mime(cases[i].format), cases[i].mime);
	}
}

#define BYTES(text) text, sizeof(text) - 1

static void test_verify(void)
{
	static const char jpeg[] = "\xff\xd8\xff\xe0\0\4JF"
	                           "\xff\xc0\0\x0b\x08\0\1\0\1\1\1\x11\0"
	                           "\xff\xda\0\x08\1\1\0\0\x3f\0"
	                           "\x12\xff\0\x34\xff\xd0\x56\xff\xff\xd9";
	static const struct {
		const char *bytes;
		size_t size;
		enum files_format format;
		const char *sentence;
	} cases[] = {
	        {(const char *)tree_png, sizeof(tree_png), FILES_PNG, ""},
	        {(const char *)tree_png, sizeof(tree_png) - 1, 0, "a PNG that is cut short"},
	        {(const char *)tree_png, 33, 0, "a PNG that is cut short"},
	        {(const char *)tree_png, 8, 0, "a PNG that is cut short"},
	        {(const char *)tree_png, 5, 0, "a PNG that is cut short"},
	        {BYTES("\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82"), 0,
	                "a PNG that is damaged"},
	        {BYTES("\x89PNG\r\n\x1a\n\xff\0\0\0IHDR\xae\x42\x60\x82"), 0,
	                "a PNG that is damaged"},
	        {(const char *)tree_gif, sizeof(tree_gif), FILES_GIF, ""},
	        {(const char *)tree_gif, sizeof(tree_gif) - 1, 0, "a GIF that is cut short"},
	        {BYTES("GIF89a\1\0\1\0\0\0\0;"), 0, "a GIF that is damaged"},
	        {BYTES("GIF89a\1\0\1\0\0\0\0?"), 0, "a GIF that is damaged"},
	        {BYTES(jpeg), FILES_JPEG, ""},
	        {jpeg, sizeof(jpeg) - 2, 0, "a JPEG that is cut short"},
	        {jpeg, sizeof(jpeg) - 3, 0, "a JPEG that is cut short"},
	        {BYTES("\xff\xd8\xff\xd9"), 0, "a JPEG that is damaged"},
	        {BYTES("\xff\xd8\xff\xe0\0\4JFzz"), 0, "a JPEG that is damaged"},
	        {BYTES("\xff\xd8\xff\xe0\0\1JFzz"), 0, "a JPEG that is damaged"},
	        {BYTES("RIFF\x0e\0\0\0WEBPVP8L\1\0\0\0\x2f\0"), FILES_WEBP, ""},
	        {BYTES("RIFF\x0e\0\0\0WEBPVP8L\1\0\0\0\x2f"), 0, "a WebP that is cut short"},
	        {BYTES("RIFF\x0e\0\0\0WEBPVP8L\7\0\0\0\x2f\0"), 0, "a WebP that is damaged"},
	        {BYTES("RIFF\4\0\0\0WEBP"), 0, "a WebP that is damaged"},
	        {BYTES("RIFF\0\0\0\0WEBP"), 0, "a WebP that is damaged"},
	        {BYTES("\0\0\0\x10"
	               "ftypavif\0\0\0\0\0\0\0\x08meta\0\0\0\x09mdatx"),
	                FILES_AVIF, ""},
	        {BYTES("\0\0\0\x10"
	               "ftypheic\0\0\0\0\0\0\0\x08meta\0\0\0\x09mdatx"),
	                FILES_HEIC, ""},
	        {BYTES("\0\0\0\x14"
	               "ftypmif1\0\0\0\0avif\0\0\0\x08meta\0\0\0\0mdatx"),
	                FILES_AVIF, ""},
	        {BYTES("\0\0\0\x10"
	               "ftypavif\0\0\0\0\0\0\0\x08meta\0\0\0\x0amdatx"),
	                0, "an AVIF that is cut short"},
	        {BYTES("\0\0\0\x10"
	               "ftypavif\0\0\0\0\0\0\0\x08meta"),
	                0, "an AVIF that is cut short"},
	        {BYTES("\0\0\0\x10"
	               "ftypheic\0\0\0\0\0\0\0\7meta"),
	                0, "a HEIC that is damaged"},
	        {BYTES("\0\0\0\x10"
	               "ftypisom\0\0\0\0"),
	                0, "a film or sound, not a picture"},
	        {BYTES("\xff\x0a\1\2\3"), FILES_JXL, ""},
	        {BYTES("\xff\x0a\1"), 0, "a JPEG XL that is cut short"},
	        {BYTES("<svg></svg>"), FILES_SVG, ""},
	        {BYTES("\n<?xml version='1.0'?><!-- <svg> --><svg a='b'>\n</svg>\n"), FILES_SVG,
	                ""},
	        {BYTES("<svg><g></g>"), 0, "an SVG that is cut short"},
	        {BYTES("<svgx></svg>"), 0, "text, not a picture"},
	        {BYTES("<!doctype html><p><svg></svg>"), 0, "an HTML page, not a picture"},
	        {BYTES("  \r\n<HTML>\xff"), 0, "an HTML page, not a picture"},
	        {BYTES("<!-- x --><head></head>"), 0, "an HTML page, not a picture"},
	        {BYTES("<?xml version='1.0'?><Error/>"), 0, "an XML document, not a picture"},
	        {BYTES("{\"code\":404}"), 0, "JSON, not a picture"},
	        {BYTES(" [1]"), 0, "JSON, not a picture"},
	        {BYTES("Forbidden"), 0, "text, not a picture"},
	        {BYTES("caf\xc3"), 0, "text, not a picture"},
	        {BYTES("\0\1\2\3\4"), 0, "no kind of picture that is known"},
	        {BYTES("\x89"), 0, "no kind of picture that is known"},
	        {BYTES(""), 0, "an empty file"},
	        {BYTES("BM"), 0, "a BMP that is cut short"},
	        {BYTES("II*\0\x08\0\0"), 0, "a TIFF that is cut short"},
	        {BYTES("MM\0*\0\0\0\4"), 0, "a TIFF that is damaged"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		enum files_format format = FILES_UNKNOWN;
		struct err err = {.text = ""};
		char name[300];
		int r = files_verify_bytes(
		        (const unsigned char *)cases[i].bytes, cases[i].size, &format, &err);

		snprintf(name, sizeof(name), "bytes %zu: %d, %s", i, r, err.text);
		OK_NAMED(r == (cases[i].format ? 0 : -EBADMSG) && format == cases[i].format &&
		                 strcmp(err.text, cases[i].sentence) == 0,
		        name);
	}
}

int main(void)
{
	test_open();
	test_open_refuses();
	test_stat();
	test_lock();
	test_lock_waits();
	test_lock_odd();
	test_receive();
	test_receive_keeps_displaced();
	test_finish();
	test_finish_extremes();
	test_formats();
	test_verify();
	test_show();
	test_references();
	return tap_done();
}
