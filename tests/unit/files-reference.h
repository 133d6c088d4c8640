/* SPDX-License-Identifier: MIT */
/* Reference pictures: which files are taken, with whose rights, and what is remembered of them.
 *
 * Fault points, the wall clock and the user database are replaced here by ones of the tests.
 */
#pragma once

#include "files-tree.h"
#include "tap.h"

#include <grp.h>
#include <pwd.h>
#include <stdatomic.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

/* ---- what stands in for the system ---- */

#define USER_UNKNOWN 4711 /* to the user database */
#define USER_KNOWN 4712   /* a member of the group GROUP_OTHER too */
#define GROUP_OTHER 4713

static atomic_int hashed;         /* files whose bytes were read */
static int64_t clock_ahead_s;     /* of the real one */
static void (*meanwhile)(int fd); /* done to a file before or after its bytes are read */
static const char *meanwhile_at;
static int meanwhile_fd;

void fault_point(const char *name)
{
	if (strcmp(name, "reference.hash") == 0)
		atomic_fetch_add(&hashed, 1);
	if (meanwhile && strcmp(name, meanwhile_at) == 0)
		meanwhile(meanwhile_fd);
}

int clock_gettime(clockid_t which, struct timespec *ret_now)
{
	long r = syscall(SYS_clock_gettime, which, ret_now);

	if (r == 0 && which == CLOCK_REALTIME)
		ret_now->tv_sec += clock_ahead_s;
	return (int)r;
}

int getpwuid_r(uid_t uid, struct passwd *entry, char *text, size_t size, struct passwd **ret_found)
{
	*ret_found = NULL;
	if (uid != USER_KNOWN)
		return 0;
	snprintf(text, size, "known");
	*entry = (struct passwd){.pw_name = text, .pw_uid = uid, .pw_gid = USER_KNOWN};
	*ret_found = entry;
	return 0;
}

int getgrouplist(const char *user, gid_t group, gid_t *groups, int *count)
{
	/* More than are asked for at first. */
	const int all = 100;
	int i, room = *count;

	*count = all;
	if (strcmp(user, "known") != 0 || room < all)
		return -1;
	for (i = 0; i < all; i++)
		groups[i] = group + 10000 + (gid_t)i;
	groups[0] = group;
	groups[all - 1] = GROUP_OTHER;
	return all;
}

/* ---- files ---- */

static void put_bytes(const struct tree *tree, const char *path, const void *bytes, size_t size)
{
	int fd = openat(tree->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write_all(fd, bytes, size) < 0)
		tree_die(path);
	close(fd);
}

static void put_png(const struct tree *tree, const char *path)
{
	put_bytes(tree, path, tree_png, sizeof(tree_png));
}

static struct files_reference_limits any_picture(void)
{
	return (struct files_reference_limits){
	        .bytes_max = 1 << 20, .uid = geteuid(), .gid = getegid()};
}

/* Opens the picture and tells what came of it: the format's suffix, or the sentence. */
static const char *open_with(
        const struct tree *tree, const char *path, const struct files_reference_limits *limits)
{
	static struct err err;
	enum files_format format = FILES_UNKNOWN;
	struct stat st, again;
	char byte;
	int fd = -1;
	int r = files_open_reference(tree->files, path, limits, &fd, &format, &st, &err);

	if (r < 0)
		return fd < 0 && r == -EINVAL ? err.text : "not only the sentence";
	if (fstat(fd, &again) < 0 || again.st_ino != st.st_ino || again.st_size != st.st_size ||
	        read(fd, &byte, 1) != 1)
		return "not the file";
	close(fd);
	return files_format_suffix(format);
}

static const char *open_as_is(const struct tree *tree, const char *path)
{
	struct files_reference_limits limits = any_picture();

	return open_with(tree, path, &limits);
}

static void make_link(const struct tree *tree, const char *target, const char *name)
{
	if (symlinkat(target, tree->fd, name) < 0)
		tree_die(name);
}

static void test_reference_paths(void)
{
	TREE(tree);
	char longest[5001], absolute[300];
	const char *sentence;

	if (mkdirat(tree.fd, "d", 0755) < 0 || mkdirat(tree.fd, "d/e", 0755) < 0)
		tree_die("mkdir");
	put_png(&tree, "a.png");
	put_png(&tree, "d/e/b.png");
	OK_TEXT(open_as_is(&tree, "a.png"), "png");
	OK_TEXT(open_as_is(&tree, "d/e/b.png"), "png");
	OK_TEXT(open_as_is(&tree, "d/e/../../a.png"), "png");
	OK_TEXT(open_as_is(&tree, "./d//e/./b.png"), "png");
	OK_TEXT(open_as_is(&tree, ""), ": no such file");
	OK_TEXT(open_as_is(&tree, "b.png"), "b.png: no such file");
	OK_TEXT(open_as_is(&tree, "a.png/b.png"), "a.png/b.png: no such file");
	OK_TEXT(open_as_is(&tree, "."), ".: is a directory");
	OK_TEXT(open_as_is(&tree, "d/e"), "d/e: is a directory");
	OK_TEXT(open_as_is(&tree, ".."), "..: leads out of the mounted directory");
	OK_TEXT(open_as_is(&tree, "d/../../x"), "d/../../x: leads out of the mounted directory");
	OK_TEXT(open_as_is(&tree, "/etc/passwd"),
	        "/etc/passwd: leads out of the mounted directory");
	/* Links that stay, and that do not. */
	make_link(&tree, "d/e/b.png", "in.png");
	make_link(&tree, "../../a.png", "d/e/up.png");
	make_link(&tree, "d/e", "way");
	make_link(&tree, "../../../../etc/passwd", "out.png");
	make_link(&tree, "/etc", "d/etc");
	make_link(&tree, "nothing", "dangling.png");
	make_link(&tree, "ring.png", "ring.png");
	make_link(&tree, "/proc/self/fd/0", "magic.png");
	snprintf(absolute, sizeof(absolute), "%s/a.png", tree.path);
	make_link(&tree, absolute, "absolute.png");
	OK_TEXT(open_as_is(&tree, "in.png"), "png");
	OK_TEXT(open_as_is(&tree, "d/e/up.png"), "png");
	OK_TEXT(open_as_is(&tree, "way/b.png"), "png");
	OK_TEXT(open_as_is(&tree, "out.png"), "out.png: leads out of the mounted directory");
	OK_TEXT(open_as_is(&tree, "d/etc/passwd"),
	        "d/etc/passwd: leads out of the mounted directory");
	OK_TEXT(open_as_is(&tree, "magic.png"), "magic.png: leads out of the mounted directory");
	OK_TEXT(open_as_is(&tree, "absolute.png"),
	        "absolute.png: leads out of the mounted directory");
	OK_TEXT(open_as_is(&tree, "dangling.png"), "dangling.png: no such file");
	OK_TEXT(open_as_is(&tree, "ring.png"), "ring.png: is a symbolic link that leads nowhere");
	/* Long names leave room for the reason. */
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	sentence = open_as_is(&tree, longest);
	OK_NAMED(strstr(sentence, "xx\xe2\x80\xa6: has a name that is too long"), sentence);
	longest[300] = '\0';
	sentence = open_as_is(&tree, longest);
	OK_NAMED(strstr(sentence, "xx\xe2\x80\xa6: has a name that is too long"), sentence);
	sentence = open_as_is(&tree, "a\nb\xff.png");
	OK_TEXT(sentence, "a b\xef\xbf\xbd.png: no such file");
}

static void test_reference_kinds(void)
{
	TREE(tree);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int writer, socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (mkfifoat(tree.fd, "fifo.png", 0644) < 0)
		tree_die("fifo");
	snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/socket.png", tree.path);
	if (socket_fd < 0 || bind(socket_fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		tree_die("socket");
	OK_TEXT(open_as_is(&tree, "fifo.png"), "fifo.png: is not a regular file");
	/* It was not opened: nobody who waits to write was let in. */
	writer = openat(tree.fd, "fifo.png", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	OK(writer < 0 && errno == ENXIO);
	OK_TEXT(open_as_is(&tree, "socket.png"), "socket.png: is not a regular file");
	close(socket_fd);
	if (mknodat(tree.fd, "null.png", S_IFCHR | 0666, 0x103) == 0)
		OK_TEXT(open_as_is(&tree, "null.png"), "null.png: is not a regular file");
}

/* ---- what they hold ---- */

#define BYTES_OF(text) text, sizeof(text) - 1

static void test_reference_formats(void)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *expected; /* after the name */
	} cases[] = {
	        {(const char *)tree_png, sizeof(tree_png), "png"},
	        {(const char *)tree_gif, sizeof(tree_gif), "gif"},
	        {BYTES_OF("\xff\xd8\xff\xe0\0\4JF"), "jpg"},
	        {BYTES_OF("RIFF\x0e\0\0\0WEBPVP8L\1\0\0\0\x2f\0"), "webp"},
	        {BYTES_OF("RIFF\x0e\0\0\0WEBPVP8L\1\0\0\0\x2f\0trailing"), "webp"},
	        {BYTES_OF("RIFF\x0f\0\0\0WEBPVP8L\1\0\0\0\x2f\0"), ": is a WebP that is cut short"},
	        {BYTES_OF("\0\0\0\x10"
	                  "ftypavif\0\0\0\0"),
	                "avif"},
	        {BYTES_OF("\0\0\0\x10"
	                  "ftypheic\0\0\0\0"),
	                "heic"},
	        {BYTES_OF("\0\0\0\x10"
	                  "ftypisom\0\0\0\0"),
	                ": is a film or sound, not a picture"},
	        {BYTES_OF("II*\0\x08\0\0\0"), "tiff"},
	        {BYTES_OF("<svg></svg>"), "svg"},
	        {BYTES_OF("BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0"), "bmp"},
	        {BYTES_OF("BMW is a maker of cars and of motorcycles"), ": is text, not a picture"},
	        {BYTES_OF("<!doctype html><html><body>404</body></html>"),
	                ": is an HTML page, not a picture"},
	        {BYTES_OF("{\"code\":404}"), ": is JSON, not a picture"},
	        {BYTES_OF("a lamp"), ": is text, not a picture"},
	        {BYTES_OF("\0\1\2\3\4\5"), ": is no kind of picture that is known"},
	        {BYTES_OF("\x89PNG"), ": is no kind of picture that is known"},
	        {(const char *)tree_png, sizeof(tree_png) - 1, ": is a PNG that is cut short"},
	        {(const char *)tree_png, 33, ": is a PNG that is cut short"},
	        {(const char *)tree_png, 8, ": is a PNG that is cut short"},
	        {BYTES_OF(""), ": is empty"},
	};
	TREE(tree);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char name[300], expected[200];
		const char *got;

		put_bytes(&tree, "a.png", cases[i].bytes, cases[i].size);
		got = open_as_is(&tree, "a.png");
		snprintf(expected, sizeof(expected), "%s%s",
		        *cases[i].expected == ':' ? "a.png" : "", cases[i].expected);
		snprintf(name, sizeof(name), "reference %zu: %s", i, got);
		OK_NAMED(strcmp(got, expected) == 0, name);
	}
}

static void test_reference_limits(void)
{
	TREE(tree);
	struct files_reference_limits limits = any_picture();
	int fd;

	put_bytes(&tree, "a.gif", tree_gif, sizeof(tree_gif));
	put_png(&tree, "a.png");
	limits.suffixes = (const char *const[]){"png", "jpg", NULL};
	OK_TEXT(open_with(&tree, "a.png", &limits), "png");
	OK_TEXT(open_with(&tree, "a.gif", &limits), "a.gif: is a GIF; allowed are PNG, JPEG");
	put_bytes(&tree, "t.png", "text", 4);
	OK_TEXT(open_with(&tree, "t.png", &limits),
	        "t.png: is text, not a picture; allowed are PNG, JPEG");
	limits.suffixes = (const char *const[]){"avif", NULL};
	OK_TEXT(open_with(&tree, "a.png", &limits), "a.png: is a PNG; allowed is AVIF");
	limits.suffixes = NULL;
	limits.bytes_max = sizeof(tree_png);
	OK_TEXT(open_with(&tree, "a.png", &limits), "png");
	limits.bytes_max = sizeof(tree_png) - 1;
	OK_TEXT(open_with(&tree, "a.png", &limits), "a.png: has 67 bytes; at most 66 are taken");
	fd = openat(tree.fd, "large.png", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || write_all(fd, tree_png, sizeof(tree_png)) < 0 ||
	        ftruncate(fd, INT64_C(12) << 20) < 0)
		tree_die("large");
	limits.bytes_max = 10 << 20;
	OK_TEXT(open_with(&tree, "large.png", &limits),
	        "large.png: has 12 MiB; at most 10 MiB are taken");
	limits.bytes_max = (12 << 20) - 1;
	OK_TEXT(open_with(&tree, "large.png", &limits),
	        "large.png: has 12582912 bytes; at most 12582911 are taken");
	limits.bytes_max = 12 << 20;
	OK_TEXT(open_with(&tree, "large.png", &limits), "png");
	/* Nothing is taken that is larger than any picture may be. */
	limits.bytes_max = INT64_MAX;
	if (ftruncate(fd, FILES_PICTURE_MAX + (1 << 20)) < 0)
		tree_die("larger");
	OK_TEXT(open_with(&tree, "large.png", &limits),
	        "large.png: has 257 MiB; at most 256 MiB are taken");
	close(fd);
}

/* ---- whose rights ---- */

#define DENIED "a.png: may not be read by its prompt's owner"

static void set_mode(const struct tree *tree, const char *path, mode_t mode, gid_t group)
{
	if (fchownat(tree->fd, path, 0, group, 0) < 0 || fchmodat(tree->fd, path, mode, 0) < 0)
		tree_die(path);
}

/* An access control list that lets one user read; false where the filesystem has none. */
static bool set_acl(const struct tree *tree, const char *path, uid_t uid)
{
	const struct {
		uint32_t version;
		struct {
			uint16_t tag, rights;
			uint32_t id;
		} entries[5];
	} list = {2, {{0x01, 6, UINT32_MAX}, {0x02, 4, uid}, {0x04, 0, UINT32_MAX},
	                     {0x10, 4, UINT32_MAX}, {0x20, 0, UINT32_MAX}}};
	CLEANUP(close_p) int fd = openat(tree->fd, path, O_RDONLY | O_CLOEXEC);

	return fsetxattr(fd, "system.posix_acl_access", &list, sizeof(list), 0) == 0;
}

/* Whether this thread has its own rights again. */
static bool is_itself(int groups)
{
	return setfsuid((uid_t)-1) == (int)geteuid() && setfsgid((gid_t)-1) == (int)getegid() &&
	       getgroups(0, NULL) == groups;
}

static void test_reference_rights_root(void)
{
	TREE(tree);
	struct files_reference_limits limits = any_picture();
	int groups = getgroups(0, NULL);
	char sha256[DIGEST_TEXT_SIZE];
	struct err err = {.text = ""};
	int64_t size;

	if (fchmod(tree.fd, 0755) < 0 || mkdirat(tree.fd, "d", 0700) < 0)
		tree_die("modes");
	put_png(&tree, "a.png");
	put_png(&tree, "d/b.png");
	limits.uid = USER_UNKNOWN;
	limits.gid = USER_UNKNOWN;
	set_mode(&tree, "a.png", 0644, 0);
	OK_TEXT(open_with(&tree, "a.png", &limits), "png");
	set_mode(&tree, "a.png", 0600, 0);
	OK_TEXT(open_with(&tree, "a.png", &limits), DENIED);
	OK(files_digest_reference(tree.files, "a.png", &limits, sha256, &size, &err) == -EINVAL);
	OK_TEXT(err.text, DENIED);
	/* The group, and root's own one, which is not the user's. */
	set_mode(&tree, "a.png", 0640, USER_UNKNOWN);
	OK_TEXT(open_with(&tree, "a.png", &limits), "png");
	set_mode(&tree, "a.png", 0640, getegid());
	OK_TEXT(open_with(&tree, "a.png", &limits), DENIED);
	/* Directories on the way. */
	OK_TEXT(open_with(&tree, "d/b.png", &limits),
	        "d/b.png: may not be read by its prompt's owner");
	set_mode(&tree, "d", 0711, 0);
	OK_TEXT(open_with(&tree, "d/b.png", &limits), "png");
	/* Access control lists. */
	set_mode(&tree, "a.png", 0600, 0);
	if (set_acl(&tree, "a.png", USER_UNKNOWN)) {
		OK_TEXT(open_with(&tree, "a.png", &limits), "png");
		limits.uid = USER_UNKNOWN + 100;
		OK_TEXT(open_with(&tree, "a.png", &limits), DENIED);
	}
	/* A user that is known has the groups of the user database, and no other. */
	put_png(&tree, "k.png");
	limits.uid = USER_KNOWN;
	limits.gid = USER_UNKNOWN;
	set_mode(&tree, "k.png", 0640, GROUP_OTHER);
	OK_TEXT(open_with(&tree, "k.png", &limits), "png");
	set_mode(&tree, "k.png", 0640, USER_KNOWN);
	OK_TEXT(open_with(&tree, "k.png", &limits), "png");
	set_mode(&tree, "k.png", 0640, USER_UNKNOWN);
	OK_TEXT(open_with(&tree, "k.png", &limits), "k.png: may not be read by its prompt's owner");
	OK(is_itself(groups));
	/* Root's prompts may refer to anything. */
	limits.uid = limits.gid = 0;
	set_mode(&tree, "k.png", 0000, USER_UNKNOWN);
	OK_TEXT(open_with(&tree, "k.png", &limits), "png");
}

static void test_reference_rights(void)
{
	TREE(tree);

	if (geteuid() == 0) {
		test_reference_rights_root();
		return;
	}
	printf("# not root: other users' rights are not tried\n");
	put_png(&tree, "a.png");
	if (fchmodat(tree.fd, "a.png", 0000, 0) < 0)
		tree_die("chmod");
	OK_TEXT(open_as_is(&tree, "a.png"), "a.png: may not be read");
}

/* ---- digests ---- */

static const char *digest_of(const struct tree *tree, const char *path)
{
	static char sha256[DIGEST_TEXT_SIZE];
	static struct err err;
	struct files_reference_limits limits = any_picture();
	int64_t size = 0;
	struct stat st;

	limits.bytes_max = FILES_PICTURE_MAX;
	if (files_digest_reference(tree->files, path, &limits, sha256, &size, &err) < 0)
		return err.text;
	if (fstatat(tree->fd, path, &st, 0) < 0 || st.st_size != size)
		return "another size";
	return sha256;
}

#define PNG_SHA256 "eaa4a94ea300e0d2c775968cbe42f0b5b51ceafdeb73d64e9efddf6d4e880865"
#define GIF_SHA256 "6c63cc5063ac82d8bbc925f9a31adf3a87f1510c021e0fde51854d60484b5019"
#define LARGE_SHA256 "20deeba89ec2109a09b737516384b125c21dd7c2c154809bb6541ff9aa79410b"

static void test_reference_digest(void)
{
	TREE(tree);
	int i, fd, before = atomic_load(&hashed);

	put_png(&tree, "a.png");
	make_link(&tree, "a.png", "same.png");
	OK_TEXT(digest_of(&tree, "a.png"), PNG_SHA256);
	/* A file this young may change without another time, so it is read each time. */
	OK_TEXT(digest_of(&tree, "a.png"), PNG_SHA256);
	OK(atomic_load(&hashed) == before + 2);
	clock_ahead_s = 10;
	OK_TEXT(digest_of(&tree, "a.png"), PNG_SHA256);
	OK(atomic_load(&hashed) == before + 3);
	OK_TEXT(digest_of(&tree, "a.png"), PNG_SHA256);
	OK_TEXT(digest_of(&tree, "same.png"), PNG_SHA256);
	OK(atomic_load(&hashed) == before + 3);
	/* Another file of the name, and other bytes of the same size with the same time. */
	put_bytes(&tree, "new", tree_gif, sizeof(tree_gif));
	if (renameat(tree.fd, "new", tree.fd, "a.png") < 0)
		tree_die("rename");
	OK_TEXT(digest_of(&tree, "a.png"), GIF_SHA256);
	OK(atomic_load(&hashed) == before + 4);
	OK_TEXT(digest_of(&tree, "a.png"), GIF_SHA256);
	OK(atomic_load(&hashed) == before + 4);
	fd = openat(tree.fd, "a.png", O_RDWR | O_CLOEXEC);
	{
		struct timespec times[2];
		struct stat st;

		if (fd < 0 || fstat(fd, &st) < 0 || pwrite(fd, "7", 1, 4) != 1)
			tree_die("write");
		times[0] = st.st_atim;
		times[1] = st.st_mtim;
		if (futimens(fd, times) < 0)
			tree_die("times");
		close(fd);
	}
	OK(strcmp(digest_of(&tree, "a.png"), GIF_SHA256) != 0);
	OK(atomic_load(&hashed) == before + 5);
	/* More than one step at a time, and its end within one. */
	fd = openat(tree.fd, "large.png", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || write_all(fd, tree_png, sizeof(tree_png)) < 0 || ftruncate(fd, 1000001) < 0)
		tree_die("large");
	close(fd);
	OK_TEXT(digest_of(&tree, "large.png"), LARGE_SHA256);
	/* What is refused is not remembered either. */
	put_bytes(&tree, "a.png", "text", 4);
	OK_TEXT(digest_of(&tree, "a.png"), "a.png: is text, not a picture");
	/* More files than are remembered. */
	before = atomic_load(&hashed);
	for (i = 0; i < 600; i++) {
		char name[32];

		snprintf(name, sizeof(name), "%d.png", i % 300);
		if (i < 300)
			put_png(&tree, name);
		if (strcmp(digest_of(&tree, name), PNG_SHA256) != 0)
			break;
	}
	OK(i == 600 && atomic_load(&hashed) == before + 600);
	OK_TEXT(digest_of(&tree, "299.png"), PNG_SHA256);
	OK(atomic_load(&hashed) == before + 600);
	clock_ahead_s = 0;
}

static void grow(int fd)
{
	if (ftruncate(fd, 5000) < 0)
		tree_die("grow");
}

static void shrink(int fd)
{
	if (ftruncate(fd, 60) < 0)
		tree_die("shrink");
}

/* The same size, and another time, whatever the clock's steps are. */
static void retouch(int fd)
{
	const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};

	if (pwrite(fd, "x", 1, 50) != 1 || futimens(fd, times) < 0)
		tree_die("retouch");
}

static void change_mode(int fd)
{
	if (fchmod(fd, 0640) < 0)
		tree_die("mode");
}

static void test_reference_changes(void)
{
	static const struct {
		void (*change)(int fd);
		const char *at;
		const char *expected;
	} cases[] = {{grow, "reference.hash", "a.png: was changed while it was read"},
	        {grow, "reference.hashed", "a.png: was changed while it was read"},
	        {shrink, "reference.hash", "a.png: was changed while it was read"},
	        {shrink, "reference.hashed", "a.png: was changed while it was read"},
	        {retouch, "reference.hash", "a.png: was changed while it was read"},
	        {retouch, "reference.hashed", "a.png: was changed while it was read"},
	        {change_mode, "reference.hashed", PNG_SHA256}};
	TREE(tree);
	size_t i;

	clock_ahead_s = 10;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *got;

		put_png(&tree, "a.png");
		meanwhile_fd = openat(tree.fd, "a.png", O_RDWR | O_CLOEXEC);
		meanwhile_at = cases[i].at;
		meanwhile = cases[i].change;
		got = digest_of(&tree, "a.png");
		meanwhile = NULL;
		close(meanwhile_fd);
		OK_NAMED(strcmp(got, cases[i].expected) == 0, got);
		/* Nothing wrong is remembered. */
		put_png(&tree, "a.png");
		OK_TEXT(digest_of(&tree, "a.png"), PNG_SHA256);
	}
	clock_ahead_s = 0;
}

struct reader {
	pthread_t thread;
	const struct tree *tree;
	int wrong;
};

static void *reader_main(void *context)
{
	struct reader *reader = context;
	struct files_reference_limits limits = any_picture();
	int i;

	if (geteuid() == 0)
		limits.uid = limits.gid = USER_UNKNOWN;
	for (i = 0; i < 200; i++) {
		char sha256[DIGEST_TEXT_SIZE], name[32];
		struct err err;
		int64_t size;

		snprintf(name, sizeof(name), "%d.png", i % 7);
		if (files_digest_reference(
		            reader->tree->files, name, &limits, sha256, &size, &err) < 0 ||
		        strcmp(sha256, PNG_SHA256) != 0)
			reader->wrong++;
	}
	return NULL;
}

/* Several threads, of which each has rights of its own. */
static void test_reference_threads(void)
{
	TREE(tree);
	struct reader readers[4];
	int groups = getgroups(0, NULL);
	char name[32];
	size_t i;

	if (fchmod(tree.fd, 0755) < 0)
		tree_die("mode");
	for (i = 0; i < 7; i++) {
		snprintf(name, sizeof(name), "%zu.png", i);
		put_png(&tree, name);
	}
	clock_ahead_s = 10;
	for (i = 0; i < ARRAY_SIZE(readers); i++) {
		readers[i] = (struct reader){.tree = &tree};
		if (pthread_create(&readers[i].thread, NULL, reader_main, &readers[i]) != 0)
			tree_die("thread");
	}
	for (i = 0; i < ARRAY_SIZE(readers); i++) {
		pthread_join(readers[i].thread, NULL);
		OK(readers[i].wrong == 0);
	}
	OK(is_itself(groups));
	clock_ahead_s = 0;
}

static void test_references(void)
{
	test_reference_paths();
	test_reference_kinds();
	test_reference_formats();
	test_reference_limits();
	test_reference_rights();
	test_reference_digest();
	test_reference_changes();
	test_reference_threads();
}
