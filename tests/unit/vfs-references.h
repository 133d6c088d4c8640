/* SPDX-License-Identifier: MIT */
/* Prompts that refer to pictures, and prompts that need no text. */
#pragma once

#include "tap.h"
#include "vfs-world.h"

#define PNG_SIZE 45
#define JPEG "\xff\xd8\xff\xe0jpeg jpeg jpeg jpeg jpeg jpeg"
#define GIF "GIF89a gif gif gif gif gif gif gif"

/* A PNG, `times` over; another letter makes another one. */
static void put_png(struct world *world, const char *path, char letter, unsigned times)
{
	char bytes[PNG_SIZE + 1] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\2\0\0\0ABCD"
	                           "\0\0\0\0IEND\xae"
	                           "B`\x82";
	int fd = openat(world->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	bytes[29] = letter; /* of a checksum that nobody looks at */
	for (unsigned i = 0; i < times; i++)
		if (fd < 0 || write_all(fd, bytes, PNG_SIZE) < 0)
			printf("Bail out! %s cannot be written\n", path);
	close_p(&fd);
}

/* A model for each way in which pictures are used. */
static const char studio[] =
        "{\"upload\": {\"method\": \"POST\", \"path\": \"/up\", \"file\": \"file\", \"form\": {},"
        " \"result\": [\"data.downloadUrl\"], \"keep_ms\": 72000000}, \"models\": {"
        "\"test/edit\": {\"text\": {\"name\": \"prompt\", \"max_chars\": 100}, \"parameters\": {"
        "  \"image_urls\": {\"type\": \"pictures\", \"common\": {\"images\": {}}, \"min_length\": "
        "1,"
        "   \"max_length\": 3, \"max_bytes\": 64, \"formats\": [\"png\", \"jpg\"]},"
        "  \"mask_url\": {\"type\": \"picture\", \"common\": {\"mask\": {}}, \"max_bytes\": 64,"
        "   \"formats\": [\"png\"]}}},"
        "\"test/enlarge\": {\"text\": {\"name\": \"prompt\", \"max_chars\": 100, \"required\": "
        "false}, \"parameters\": {"
        "  \"image_url\": {\"type\": \"picture\", \"common\": {\"images\": {}}, \"required\": true,"
        "   \"max_bytes\": 64, \"formats\": [\"png\", \"jpg\"]},"
        "  \"factor\": {\"type\": \"integer\", \"values\": [1, 2, 4], \"default\": 2}}}}}";

#define STUDIO(name) \
	WORLD(name); \
	world_define(&name, "kie", studio)

/* A prompt of the model, with a header line and a text. */
static int put_edit(struct world *world, const char *path, const char *line)
{
	char text[2000];

	snprintf(text, sizeof(text), "---\nmodel: test/edit\n%s\n---\na cat", line);
	return put(world, path, text);
}

/* Begins with, since what follows is the business of files. */
static bool error_begins(const char *text)
{
	return strncmp(stub.error, text, strlen(text)) == 0;
}

static void test_references(void)
{
	char first[2000];
	STUDIO(world);

	OK(mkdirat(world.fd, "d", 0755) == 0 && mkdirat(world.fd, "d/refs", 0755) == 0);
	put_png(&world, "d/refs/a.png", 'a', 1);
	put_below(&world, "d/b.jpg", JPEG);
	put_png(&world, "top.png", 'a', 1);
	OK(put_edit(&world, "d/x.prompt",
	           "images: refs//./a.png, ../top.png,https://a.example/c.png") == 0);
	OK_TEXT(stub_calls(), "writers d/x.prompt +1\norder d/x.prompt\nwriters d/x.prompt -1\n");
	OK_TEXT(stub.model, "test/edit");
	/* The same bytes have the same digest. */
	{
		char digest[9];

		OK(sscanf(stub.references, "image_urls d/refs/a.png 45 %8s", digest) == 1);
		snprintf(first, sizeof(first),
		        "image_urls d/refs/a.png 45 %s\nimage_urls top.png 45 %s\n"
		        "image_urls https://a.example/c.png 0 \n",
		        digest, digest);
		OK(strlen(digest) == 8 && strspn(digest, "0123456789abcdef") == 8);
	}
	OK_TEXT(stub.references, first);
	/* By the model's own names, from settings, and from a directory above the prompt's: always
	 * as seen from the prompt. */
	OK(put_edit(&world, "d/x.prompt", "image_urls: b.jpg\nmask: ./refs/../refs/a.png") == 0);
	OK_NAMED(strstr(stub.references, "image_urls d/b.jpg 33 ") != NULL, stub.references);
	OK_NAMED(strstr(stub.references, "mask_url d/refs/a.png 45 ") != NULL, stub.references);
	if (files_has_xattrs(world.files)) {
		OK(set(&world, "", "user.darkroom.images", "b.jpg") == 0);
		OK(put_edit(&world, "d/x.prompt", "") == 0);
		OK_NAMED(
		        strstr(stub.references, "image_urls d/b.jpg 33 ") != NULL, stub.references);
		OK(vfs_removexattr(world.vfs, VFS_ROOT, "user.darkroom.images") == 0);
	}
	/* Another picture under the name, when the prompt is saved again. */
	OK(put_edit(&world, "x.prompt", "images: top.png") == 0);
	snprintf(first, sizeof(first), "%s", stub.references);
	OK(put_edit(&world, "x.prompt", "images: top.png") == 0);
	OK_TEXT(stub.references, first);
	put_png(&world, "top.png", 'b', 1);
	OK(put_edit(&world, "x.prompt", "images: top.png") == 0);
	OK(strncmp(stub.references, "image_urls top.png ", 19) == 0 &&
	        strcmp(stub.references, first) != 0);
	/* Moved together, they say the same; seen from elsewhere they are others. */
	OK(put_edit(&world, "d/x.prompt", "images: refs/a.png") == 0);
	snprintf(first, sizeof(first), "%s", strrchr(stub.references, ' '));
	/* What waits to be sent gets the new paths. */
	stub.known_count = 0;
	stub.known[stub.known_count++] = (struct engine_known){.path = "e/x.prompt", .content = ""};
	stub_view_set("e/x.prompt", stub_view_new(TASK_QUEUED, "", ""));
	stub_calls();
	OK(move(&world, &nobody, "d", "e", 0) == 0);
	OK_TEXT(stub_calls(), "moved d e\norder e/x.prompt\n");
	stub.known_count = 0;
	OK(strncmp(stub.references, "image_urls e/refs/a.png 45 ", 27) == 0);
	OK_TEXT(strrchr(stub.references, ' '), first);
	OK(put_edit(&world, "e/x.prompt", "images: refs/a.png") == 0);
	OK(strncmp(stub.references, "image_urls e/refs/a.png 45 ", 27) == 0);
	OK_TEXT(strrchr(stub.references, ' '), first);
}

static void test_references_refused(void)
{
	static const struct {
		const char *line, *error;
	} cases[] = {
	        {"images: refs/none.png", "images: d/refs/none.png: "},
	        {"image_urls: refs/none.png", "image_urls: d/refs/none.png: "},
	        {"images: a.png, none.png", "images: d/none.png: "},
	        {"images: a.png\nmask: none.png", "mask: d/none.png: "},
	        {"images: a.png\nmask_url: none.png", "mask_url: d/none.png: "},
	        {"images: ../../a.png", "images: ../../a.png: leads out of the mounted directory"},
	        {"images: refs/../../../a.png",
	                "images: refs/../../../a.png: leads out of the mounted directory"},
	        {"images: ..", "images: ..: is a directory, not a picture"},
	        {"images: refs", "images: d/refs: "},
	        {"images: fifo", "images: d/fifo: "},
	        {"images: out.png", "images: d/out.png: "},
	        {"images: empty.png", "images: d/empty.png: "},
	        {"images: text.png", "images: d/text.png: "},
	        {"images: large.png", "images: d/large.png: "},
	        {"images: other.gif", "images: d/other.gif: "},
	        {"images: a.png\nmask: b.jpg", "mask: d/b.jpg: "},
	        {"images: x.status", "images: d/x.status: "},
	        {"images: ../.darkroom/tasks.db", "images: .darkroom/tasks.db: no such file"},
	        {"images: ../.darkroom/incoming/t-0",
	                "images: .darkroom/incoming/t-0: no such file"},
	        {"images: ../.darkroom", "images: .darkroom: no such file"},
	        {"images: ../.darkroom/takes", "images: .darkroom/takes: no such file"},
	};
	STUDIO(world);

	OK(mkdirat(world.fd, "d", 0755) == 0 && mkdirat(world.fd, "d/refs", 0755) == 0);
	put_png(&world, "d/a.png", 'a', 1);
	put_below(&world, "d/b.jpg", JPEG);
	put_below(&world, "d/other.gif", GIF);
	put_below(&world, "d/empty.png", "");
	put_below(&world, "d/text.png", "no picture at all, though its name says so");
	put_png(&world, "d/large.png", 'a', 2);
	put_png(&world, ".darkroom/tasks.db", 'a', 1);
	put_png(&world, ".darkroom/incoming/t-0", 'a', 1);
	put_png(&world, ".darkroom/takes/k.png", 'a', 1);
	put_png(&world, ".darkroom/lost+found/l.png", 'a', 1);
	OK(mknodat(world.fd, "d/fifo", S_IFIFO | 0644, 0) == 0);
	OK(symlinkat("/etc/hostname", world.fd, "d/out.png") == 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		/* The text is as it should be: close has no error to report. */
		OK_NAMED(put_edit(&world, "d/x.prompt", cases[i].line) == 0, cases[i].line);
		OK_TEXT(stub_calls(), "writers d/x.prompt +1\norder d/x.prompt error\n"
		                      "writers d/x.prompt -1\n");
		OK_NAMED(error_begins(cases[i].error), stub.error);
		OK_NAMED(strlen(stub.error) > strlen(cases[i].error) - 1, stub.error);
	}
	/* What the mount shows of earlier pictures can be used. */
	OK(put_edit(&world, "d/x.prompt",
	           "images: ../.darkroom/takes/k.png, ../.darkroom/lost+found/l.png") == 0);
	OK_NAMED(strstr(stub.references, " .darkroom/takes/k.png 45 ") &&
	                 strstr(stub.references, " .darkroom/lost+found/l.png 45 "),
	        stub.references);
	stub_calls();
	/* What can never be a picture's name is an error of the text. */
	OK(put_edit(&world, "d/x.prompt", "images: /etc/passwd") == -EINVAL);
	OK(put_edit(&world, "d/x.prompt", "images: a.png,,a.png") == -EINVAL);
	OK(put_edit(&world, "d/x.prompt", "images: a.png,a.png,a.png,a.png") == -EINVAL);
	stub_calls();
	if (!files_has_xattrs(world.files))
		return;
	/* So it is for attributes: the picture may come later. */
	OK(put(&world, "y.prompt", "a cat") == 0);
	OK(set(&world, "y.prompt", "user.darkroom.model", "test/edit") == 0);
	stub_calls();
	OK(set(&world, "y.prompt", "user.darkroom.images", "later.png") == 0);
	OK_TEXT(stub_calls(), "order y.prompt error\n");
	OK_NAMED(error_begins("images: later.png: "), stub.error);
	OK(set(&world, "y.prompt", "user.darkroom.images", "/later.png") == -EINVAL);
	OK(set(&world, "y.prompt", "user.darkroom.images", "file:later.png") == -EINVAL);
	OK_TEXT(stub_calls(), "");
	/* A retry reads the files again. */
	stub_view_set("y.prompt", stub_view_new(TASK_INVALID, "state: invalid\n", ""));
	OK(write_status(&world, "y.status", "retry\n") == -EINVAL);
	OK_TEXT(stub_calls(), "order y.prompt error\n");
	put_png(&world, "later.png", 'a', 1);
	OK(write_status(&world, "y.status", "retry\n") == 0);
	OK_TEXT(stub_calls(), "order y.prompt\n");
	OK(strncmp(stub.references, "image_urls later.png 45 ", 24) == 0);
	/* So does one of a take that has ended: where it orders anew, as they are then. */
	stub_view_set("y.prompt", stub_view_new(TASK_FAIL, "state: fail\n", ""));
	put_png(&world, "later.png", 'a', 2);
	OK(write_status(&world, "y.status", "retry\n") == -EINVAL);
	OK_TEXT(stub_calls(), "retry y.prompt error\n");
	put_below(&world, "later.png", JPEG);
	OK(write_status(&world, "y.status", "retry\n") == 0);
	OK_TEXT(stub_calls(), "retry y.prompt as it is now\n");
	OK(strncmp(stub.references, "image_urls later.png 33 ", 24) == 0);
	stub_view_set("y.prompt", stub_view_new(TASK_UNKNOWN, "state: unknown\n", ""));
	OK(write_status(&world, "y.status", "retry\n") == 0);
	OK_TEXT(stub_calls(), "retry y.prompt as it is now\n");
	stub_view_set("y.prompt", stub_view_new(TASK_SUCCESS, "state: success\n", ""));
	OK(write_status(&world, "y.status", "regenerate\n") == 0);
	OK_TEXT(stub_calls(), "regenerate y.prompt as it is now\n");
	stub_view_set("y.prompt", stub_view_new(TASK_GENERATING, "state: generating\n", ""));
	OK(write_status(&world, "y.status", "regenerate\n") == 0);
	OK_TEXT(stub_calls(), "regenerate y.prompt\n");
}

/* ---- prompts without a text ---- */

static int touch(struct world *world, const char *path)
{
	struct vfs_handle *handle;
	int r = create(world, path, O_WRONLY, &handle);

	if (r < 0)
		return r;
	r = vfs_flush(world->vfs, handle);
	vfs_release(world->vfs, handle);
	return r;
}

/* Behind the vfs. */
static void set_below(struct world *world, const char *path, const char *name, const char *value)
{
	char full[300];

	snprintf(full, sizeof(full), "%s/%s", world->path, path);
	if (setxattr(full, name, value, strlen(value), 0) < 0)
		printf("Bail out! %s of %s cannot be set\n", name, path);
}

static void enlarge_below(struct world *world, const char *path)
{
	put_below(world, path, "");
	set_below(world, path, "user.darkroom.model", "test/enlarge");
	set_below(world, path, "user.darkroom.images", "hero.png");
}

static void test_without_text(void)
{
	struct vfs_change cut = {.what = VFS_SET_SIZE};
	struct stat st;
	double timeout;
	STUDIO(world);

	put_png(&world, "hero.png", 'a', 1);
	/* The header alone orders it. */
	OK(put(&world, "h.prompt", "---\nmodel: test/enlarge\nimages: hero.png\n---\n") == 0);
	OK_TEXT(stub_calls(), "writers h.prompt +1\norder h.prompt\nwriters h.prompt -1\n");
	OK_TEXT(stub.text, "");
	OK(strncmp(stub.references, "image_url hero.png 45 ", 22) == 0);
	OK(put(&world, "h.prompt", "---\nmodel: test/enlarge\n---\n") == 0);
	OK_TEXT(stub_calls(), "writers h.prompt +1\norder h.prompt empty\nwriters h.prompt -1\n");
	OK(put(&world, "h.prompt", "---\nmodel: test/edit\nimages: hero.png\n---\n") == 0);
	OK_TEXT(stub_calls(), "writers h.prompt +1\norder h.prompt empty\nwriters h.prompt -1\n");
	if (!files_has_xattrs(world.files))
		return;

	OK(touch(&world, "up.prompt") == 0);
	OK_TEXT(stub_calls(), "writers up.prompt +1\nwriters up.prompt -1\n");
	OK(set(&world, "up.prompt", "user.darkroom.model", "test/enlarge") == 0);
	OK_TEXT(stub_calls(), "");
	OK_TEXT(content(&world, "up.status"), "state: invalid\n");
	OK(set(&world, "up.prompt", "user.darkroom.images", "hero.png") == 0);
	OK_TEXT(stub_calls(), "order up.prompt\n");
	OK_TEXT(stub.model, "test/enlarge");
	stub_view_set("up.prompt", stub_view_new(TASK_QUEUED, "state: queued\n", ""));
	OK(set(&world, "up.prompt", "user.darkroom.factor", "4") == 0);
	OK_TEXT(stub_calls(), "order up.prompt\n");
	/* Saved again, as a shell and an editor do it. */
	OK(vfs_setattr(world.vfs, node_of(&world, "up.prompt"), NULL, &cut, &st, &timeout) == 0);
	OK_TEXT(stub_calls(), "order up.prompt\n");
	OK(put(&world, "up.prompt", "") == 0);
	OK_TEXT(stub_calls(), "writers up.prompt +1\norder up.prompt\nwriters up.prompt -1\n");
	/* Nothing is left to order; the engine has to know. */
	OK(vfs_removexattr(world.vfs, node_of(&world, "up.prompt"), "user.darkroom.images") == 0);
	OK_TEXT(stub_calls(), "order up.prompt empty\n");
	/* The other way round, and with a picture that is not there yet. */
	OK(touch(&world, "v.prompt") == 0);
	OK(set(&world, "v.prompt", "user.darkroom.images", "none.png") == 0);
	OK_TEXT(stub_calls(), "writers v.prompt +1\nwriters v.prompt -1\n");
	OK(set(&world, "v.prompt", "user.darkroom.model", "test/enlarge") == 0);
	OK_TEXT(stub_calls(), "order v.prompt error\n");
	OK_NAMED(error_begins("images: none.png: "), stub.error);

	/* What is inherited orders nothing. */
	OK(make(&world, "d", S_IFDIR | 0755) == 0);
	OK(set(&world, "d", "user.darkroom.model", "test/enlarge") == 0);
	OK(set(&world, "d", "user.darkroom.images", "../hero.png") == 0);
	OK(touch(&world, "d/up.prompt") == 0 && put(&world, "d/cut.prompt", "") == 0);
	OK(set(&world, "d/up.prompt", "user.darkroom.factor", "4") == 0);
	OK_TEXT(stub_calls(), "writers d/up.prompt +1\nwriters d/up.prompt -1\n"
	                      "writers d/cut.prompt +1\nwriters d/cut.prompt -1\n");
	OK_TEXT(content(&world, "d/up.status"), "state: invalid\n");
	/* But counts for a text, and for a prompt with a picture of its own. */
	OK(put(&world, "d/text.prompt", "more light") == 0);
	OK_TEXT(stub_calls(),
	        "writers d/text.prompt +1\norder d/text.prompt\nwriters d/text.prompt -1\n");
	OK(strncmp(stub.references, "image_url hero.png 45 ", 22) == 0);
	OK(set(&world, "d/up.prompt", "user.darkroom.images", "../hero.png") == 0);
	OK_TEXT(stub_calls(), "order d/up.prompt\n");
}

static void test_without_text_elsewhere(void)
{
	struct vfs_entry entry;
	STUDIO(world);

	if (!files_has_xattrs(world.files))
		return;
	put_png(&world, "hero.png", 'a', 1);
	/* One that came while unmounted is held, not empty, and can be released. */
	enlarge_below(&world, "found.prompt");
	OK_TEXT(content(&world, "found.status"), "state: held\nreason: changed while unmounted\n");
	OK_TEXT(get(&world, "found.prompt", "user.darkroom.task.state"), "held");
	OK(write_status(&world, "found.status", "release\n") == 0);
	OK_TEXT(stub_calls(), "order found.prompt unmounted\nrelease found.prompt\n");
	put_below(&world, "blank.prompt", " \n");
	set_below(&world, "blank.prompt", "user.darkroom.model", "test/enlarge");
	OK_TEXT(content(&world, "blank.status"), "state: invalid\n");
	set_below(&world, "blank.prompt", "user.darkroom.images", "hero.png");
	OK_TEXT(content(&world, "blank.status"), "state: held\nreason: changed while unmounted\n");
	OK(unlink_at(&world, "blank.prompt") == 0);
	stub_calls();
	/* By its new name. */
	enlarge_below(&world, "a");
	OK(move(&world, &nobody, "a", "a.prompt", 0) == 0);
	OK_TEXT(stub_calls(), "order a.prompt\n");
	enlarge_below(&world, "b");
	OK(vfs_link(world.vfs, node_of(&world, "b"), VFS_ROOT, "b.prompt", &entry) == 0);
	OK_TEXT(stub_calls(), "order b.prompt\n");
	enlarge_below(&world, "c");
	put_below(&world, "c.prompt", "a cat");
	OK(move(&world, &nobody, "c", "c.prompt", RENAME_EXCHANGE) == 0);
	OK_TEXT(stub_calls(), "order c.prompt\n");
	OK_TEXT(stub.model, "test/enlarge");
	/* An editor that moves the old file away and makes a new one. */
	OK(move(&world, &nobody, "a.prompt", "a.prompt~", 0) == 0);
	OK_TEXT(stub_calls(), "deleted a.prompt\n");
	OK(put(&world, "a.prompt", "") == 0);
	OK_TEXT(stub_calls(), "writers a.prompt +1\norder a.prompt\nwriters a.prompt -1\n");
	OK_TEXT(get(&world, "a.prompt", "user.darkroom.images"), "hero.png");
	/* Touched only, it is a new one. */
	OK(unlink_at(&world, "a.prompt") == 0);
	OK(touch(&world, "a.prompt") == 0);
	OK_TEXT(stub_calls(), "deleted a.prompt\nwriters a.prompt +1\nwriters a.prompt -1\n");
	/* The store's error comes back from close, and the next one tries again. */
	stub.order_result = -ENOSPC;
	OK(unlink_at(&world, "b.prompt") == 0);
	OK(put(&world, "b.prompt", "") == -ENOSPC);
	OK_TEXT(stub_calls(), "deleted b.prompt\nwriters b.prompt +1\norder b.prompt\n"
	                      "order b.prompt\nwriters b.prompt -1\n");
	stub.order_result = 0;

	/* While mounted with catch_up=order, those without a record are ordered. */
	OK(unlink_at(&world, "b.prompt") == 0 && unlink_at(&world, "c.prompt") == 0 &&
	        unlink_at(&world, "a.prompt") == 0);
	put_below(&world, "plain.prompt", "");
	stub.known_count = 0;
	world_mount(&world, false, true);
	stub_calls();
	OK(vfs_reconcile(world.vfs) == 0);
	OK_TEXT(stub_calls(), "order found.prompt\n");
	/* A picture that was set meanwhile is a change. */
	world_mount(&world, false, false);
	stub.known[stub.known_count++] = (struct engine_known){
	        .path = "found.prompt",
	        .ctime_ns = 1,
	        .content = "\0model=test/enlarge",
	        .content_size = 20,
	};
	OK(vfs_reconcile(world.vfs) == 0);
	OK_TEXT(stub_calls(), "order found.prompt unmounted\n");
	stub.known_count = 0;
}
