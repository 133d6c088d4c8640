/* SPDX-License-Identifier: MIT */
/* Showing, keeping and losing pictures: each case of a table as it is, and again interrupted at
 * every change of place, before and after it, with and without the filesystem's help. */
#pragma once

#include "files-tree.h"
#include "tap.h"

#define PROMPT "11111111-1111-1111-1111-111111111111"
#define TAKE_A "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"
#define TAKE_B "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb"
#define TAKE_C "cccccccc-cccc-cccc-cccc-cccccccccccc"
#define TAKES ".darkroom/takes/" PROMPT "/"

/* ---- a way to rename that fails when it is told to ---- */

struct stumble {
	struct files *files;
	int at;         /* the call, from 1, that fails; 0: none */
	bool done_then; /* it fails after it was done */
	bool no_exchange, no_noreplace;
	int calls;
	bool failed;
};

static int stumble_rename(void *context, const char *from, const char *to, unsigned flags)
{
	struct stumble *stumble = context;
	int r;

	if ((flags == RENAME_EXCHANGE && stumble->no_exchange) ||
	        (flags == RENAME_NOREPLACE && stumble->no_noreplace))
		return -EINVAL;
	if (++stumble->calls != stumble->at)
		return files_rename_direct(stumble->files, from, to, flags);
	if (stumble->done_then) {
		r = files_rename_direct(stumble->files, from, to, flags);
		if (r < 0)
			return r;
	}
	stumble->failed = true;
	return -EIO;
}

/* ---- the cases ---- */

#define PICTURES_MAX 4

/* Take A is shown (letters a, b, ...), then `between` happens, then take B's pictures (A, B, ...)
 * are shown. */
struct show_case {
	const char *name;
	const char *directory;
	size_t old_count, new_count;
	enum files_format new_format;
	const char *foreign[3]; /* files of others, there before everything */
	void (*between)(const struct tree *tree);
	const char *expected;
	const char *names; /* of the new pictures */
	const char *moved; /* of the old ones: 1 or 0 each */
};

static void between_retouched(const struct tree *tree)
{
	/* Saved by an editor under another inode, with its attributes. */
	tree_put(tree, "hero.png",
	        "retouched: a longer text than a small picture, with an end of z");
	if (files_has_xattrs(tree->files)) {
		int fd = openat(tree->fd, "hero.png", O_RDWR | O_CLOEXEC);

		if (fsetxattr(fd, "user.darkroom.task.uuid", TAKE_A, strlen(TAKE_A), 0) < 0)
			tree_die("fsetxattr");
		close(fd);
	}
}

static void between_edited(const struct tree *tree)
{
	int fd = openat(tree->fd, "hero.png", O_WRONLY | O_APPEND | O_CLOEXEC);

	if (write_all(fd, "y", 1) < 0)
		tree_die("write");
	close(fd);
}

static void between_replaced(const struct tree *tree)
{
	tree_put(tree, "hero.png", "mine");
}

/* A file of somebody else's, under the inode number of the deleted picture as far as the filesystem
 * gives it out again at once. */
static void between_deleted_and_made(const struct tree *tree)
{
	unlinkat(tree->fd, "hero.png", 0);
	tree_put(tree, "hero.png", "mine");
}

static void between_deleted(const struct tree *tree)
{
	unlinkat(tree->fd, "hero.png", 0);
}

static void between_renamed(const struct tree *tree)
{
	renameat(tree->fd, "hero.png", tree->fd, "best.png");
}

static void between_linked_away(const struct tree *tree)
{
	unlinkat(tree->fd, "hero.png", 0);
	if (symlinkat("/etc/passwd", tree->fd, "hero.png") < 0)
		tree_die("symlink");
}

static void between_takes_occupied(const struct tree *tree)
{
	if (mkdirat(tree->fd, ".darkroom/takes/" PROMPT, 0700) < 0 ||
	        mkdirat(tree->fd, TAKES "1", 0700) < 0)
		tree_die("mkdir");
	tree_put(tree, TAKES "1/hero.png", "other");
	tree_put(tree, TAKES "1/hero-1.png", "other");
}

static const struct show_case show_cases[] = {
        {"the first picture", "", 0, 1, FILES_PNG, .expected = "hero.png=A\n", .names = "hero.png"},
        {"in a directory", "d", 0, 1, FILES_PNG, .expected = "d/hero.png=A\n", .names = "hero.png"},
        {"the first several", "", 0, 3, FILES_PNG,
                .expected = "hero-1.png=A\nhero-2.png=B\nhero-3.png=C\n",
                .names = "hero-1.png hero-2.png hero-3.png"},
        {"one replaces one", "", 1, 1, FILES_PNG, .expected = TAKES "1/hero.png=a\nhero.png=A\n",
                .names = "hero.png", .moved = "1"},
        {"one replaces one in a directory", "d", 1, 1, FILES_PNG,
                .expected = TAKES "1/hero.png=a\nd/hero.png=A\n", .names = "hero.png",
                .moved = "1"},
        {"another suffix", "", 1, 1, FILES_GIF, .expected = TAKES "1/hero.png=a\nhero.gif=A\n",
                .names = "hero.gif", .moved = "1"},
        {"three replace three", "", 3, 3, FILES_PNG,
                .expected = TAKES "1/hero-1.png=a\n" TAKES "1/hero-2.png=b\n" TAKES
                                  "1/hero-3.png=c\nhero-1.png=A\nhero-2.png=B\nhero-3.png=C\n",
                .names = "hero-1.png hero-2.png hero-3.png", .moved = "111"},
        {"one replaces three", "", 3, 1, FILES_PNG,
                .expected = TAKES "1/hero-1.png=a\n" TAKES "1/hero-2.png=b\n" TAKES
                                  "1/hero-3.png=c\nhero.png=A\n",
                .names = "hero.png", .moved = "111"},
        {"two replace three", "", 3, 2, FILES_PNG,
                .expected = TAKES "1/hero-1.png=a\n" TAKES "1/hero-2.png=b\n" TAKES
                                  "1/hero-3.png=c\nhero-1.png=A\nhero-2.png=B\n",
                .names = "hero-1.png hero-2.png", .moved = "111"},
        {"two replace one", "", 1, 2, FILES_PNG,
                .expected = TAKES "1/hero.png=a\nhero-1.png=A\nhero-2.png=B\n",
                .names = "hero-1.png hero-2.png", .moved = "1"},
        {"a foreign file is left alone", "", 0, 1, FILES_PNG, {"hero.png"},
                .expected = "hero-1.png=A\nhero.png=foreign\n", .names = "hero-1.png"},
        {"two foreign files", "", 0, 1, FILES_PNG, {"hero.png", "hero-1.png"},
                .expected = "hero-1.png=foreign\nhero-2.png=A\nhero.png=foreign\n",
                .names = "hero-2.png"},
        {"again beside a foreign file", "", 1, 1, FILES_PNG, {"hero.png"},
                .expected = TAKES "1/hero-1.png=a\nhero-1.png=A\nhero.png=foreign\n",
                .names = "hero-1.png", .moved = "1"},
        {"one of several is foreign", "", 0, 2, FILES_PNG, {"hero-1.png"},
                .expected = "hero-1.png=foreign\nhero-2.png=B\nhero-3.png=A\n",
                .names = "hero-3.png hero-2.png"},
        {"retouched with its attributes", "", 1, 1, FILES_PNG, .between = between_retouched,
                .expected = TAKES "1/hero.png=z\nhero.png=A\n", .names = "hero.png", .moved = "1"},
        {"retouched in place", "", 1, 1, FILES_PNG, .between = between_edited,
                .expected = TAKES "1/hero.png=y\nhero.png=A\n", .names = "hero.png", .moved = "1"},
        {"replaced by somebody", "", 1, 1, FILES_PNG, .between = between_replaced,
                .expected = "hero-1.png=A\nhero.png=mine\n", .names = "hero-1.png", .moved = "0"},
        {"deleted and made anew", "", 1, 1, FILES_PNG, .between = between_deleted_and_made,
                .expected = "hero-1.png=A\nhero.png=mine\n", .names = "hero-1.png", .moved = "0"},
        {"deleted", "", 1, 1, FILES_PNG, .between = between_deleted, .expected = "hero.png=A\n",
                .names = "hero.png", .moved = "0"},
        {"renamed", "", 1, 1, FILES_PNG, .between = between_renamed,
                .expected = "best.png=a\nhero.png=A\n", .names = "hero.png", .moved = "0"},
        {"a link elsewhere", "", 1, 1, FILES_PNG, .between = between_linked_away,
                .expected = "hero-1.png=A\n", .names = "hero-1.png", .moved = "0"},
        {"its place in takes is occupied", "", 1, 1, FILES_PNG, .between = between_takes_occupied,
                .expected = TAKES "1/hero-1.png=other\n" TAKES "1/hero-2.png=a\n" TAKES
                                  "1/hero.png=other\nhero.png=A\n",
                .names = "hero.png", .moved = "1"},
};

/* ---- running a case ---- */

struct show_run {
	struct tree tree;
	struct files_show_picture old[PICTURES_MAX], new[PICTURES_MAX];
	struct files_earlier earlier[PICTURES_MAX];
	struct files_show show;
};

static void show_old(struct show_run *run, const struct show_case *this)
{
	struct files_show show = {.prompt_uuid = PROMPT,
	        .take_uuid = TAKE_A,
	        .directory = this->directory,
	        .stem = "hero",
	        .pictures = run->old,
	        .picture_count = this->old_count,
	        .rename = files_rename_direct,
	        .rename_context = run->tree.files};
	size_t i;

	for (i = 0; i < this->old_count; i++)
		run->old[i] = tree_picture(
		        &run->tree, TAKE_A, (unsigned)i, FILES_PNG, (char)('a' + (int)i));
	if (this->old_count && files_show(run->tree.files, &show) < 0)
		tree_die("files_show");
	for (i = 0; i < this->old_count; i++)
		run->earlier[i] = (struct files_earlier){.name = run->old[i].name,
		        .take_uuid = TAKE_A,
		        .inode = run->old[i].inode,
		        .number = 1};
}

static void show_prepare(struct show_run *run, const struct show_case *this)
{
	size_t i;

	memset(run, 0, sizeof(*run));
	tree_open(&run->tree);
	if (*this->directory && mkdirat(run->tree.fd, this->directory, 0755) < 0)
		tree_die("mkdir");
	for (i = 0; i < ARRAY_SIZE(this->foreign) && this->foreign[i]; i++)
		tree_put(&run->tree, this->foreign[i], "foreign");
	show_old(run, this);
	for (i = 0; i < this->new_count; i++)
		run->new[i] = tree_picture(
		        &run->tree, TAKE_B, (unsigned)i, this->new_format, (char)('A' + (int)i));
	if (this->between)
		this->between(&run->tree);
	run->show = (struct files_show){.prompt_uuid = PROMPT,
	        .take_uuid = TAKE_B,
	        .directory = this->directory,
	        .stem = "hero",
	        .pictures = run->new,
	        .picture_count = this->new_count,
	        .earlier = run->earlier,
	        .earlier_count = this->old_count,
	        .rename = stumble_rename};
}

static bool show_result_is(const struct show_run *run, const struct show_case *this)
{
	char names[1024] = "", moved[PICTURES_MAX + 1] = "";
	size_t i, size = 0;

	for (i = 0; i < this->new_count; i++)
		size += (size_t)snprintf(
		        names + size, sizeof(names) - size, "%s%s", i ? " " : "", run->new[i].name);
	for (i = 0; i < this->old_count; i++)
		moved[i] = run->earlier[i].moved ? '1' : '0';
	if (strcmp(names, this->names) != 0 || strcmp(moved, this->moved ? this->moved : "") != 0) {
		printf("# names: %s, moved: %s\n", names, moved);
		return false;
	}
	return tree_is(&run->tree, this->expected);
}

/* What the engine knows after a crash: nothing that this run found out. */
static void show_forget(struct show_run *run, const struct show_case *this)
{
	size_t i;

	for (i = 0; i < this->new_count; i++)
		run->new[i].name[0] = '\0';
	for (i = 0; i < this->old_count; i++)
		run->earlier[i].moved = false;
}

/* Runs the case with a failure at the given call, then again without; whether there was such a
 * call.  After it, once more: nothing may change. */
static bool show_run_case(const struct show_case *this, const struct stumble *how, bool *ret_good)
{
	struct stumble first = *how, second = *how;
	struct show_run run;
	int r;

	if (!files_has_xattrs((show_prepare(&run, this), run.tree.files)) &&
	        (this->between == between_retouched || this->between == between_deleted_and_made)) {
		/* Without attributes the inode is all there is to go by. */
		tree_close_p(&run.tree);
		*ret_good = true;
		return false;
	}
	first.files = second.files = run.tree.files;
	second.at = 0;
	run.show.rename_context = &first;
	r = files_show(run.tree.files, &run.show);
	*ret_good = r == (first.failed ? -EIO : 0);
	if (!first.failed)
		*ret_good = *ret_good && show_result_is(&run, this);
	show_forget(&run, this);
	run.show.rename_context = &second;
	r = files_show(run.tree.files, &run.show);
	*ret_good = *ret_good && r == 0 && show_result_is(&run, this);
	r = files_show(run.tree.files, &run.show);
	*ret_good = *ret_good && r == 0 && show_result_is(&run, this);
	tree_close_p(&run.tree);
	return first.at && first.calls >= first.at;
}

static void test_show_cases(void)
{
	static const struct {
		const char *name;
		struct stumble how;
	} ways[] = {{"as it is", {0}}, {"failing before", {.at = 1}},
	        {"failing after", {.at = 1, .done_then = true}},
	        {"without exchange, failing before", {.at = 1, .no_exchange = true}},
	        {"without exchange, failing after",
	                {.at = 1, .no_exchange = true, .done_then = true}},
	        {"without flags, failing after",
	                {.at = 1, .no_exchange = true, .no_noreplace = true, .done_then = true}}};
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(show_cases); i++) {
		for (k = 0; k < ARRAY_SIZE(ways); k++) {
			struct stumble how = ways[k].how;
			bool good = true, more = true;
			char name[200];

			while (good && more) {
				more = show_run_case(&show_cases[i], &how, &good);
				how.at += more ? 1 : 0;
			}
			snprintf(name, sizeof(name), "show: %s, %s (%d calls)", show_cases[i].name,
			        ways[k].name, how.at ? how.at - 1 : 0);
			OK_NAMED(good, name);
		}
	}
}

/* ---- what does not fit the table ---- */

static struct files_show show_one(const struct tree *tree, struct files_show_picture *picture)
{
	return (struct files_show){.prompt_uuid = PROMPT,
	        .take_uuid = TAKE_B,
	        .directory = "",
	        .stem = "hero",
	        .pictures = picture,
	        .picture_count = 1,
	        .rename = files_rename_direct,
	        .rename_context = tree->files};
}

static void test_show_no_directory(void)
{
	TREE(tree);
	struct files_show_picture picture = tree_picture(&tree, TAKE_B, 0, FILES_PNG, 'A');
	struct files_show show = show_one(&tree, &picture);
	static const char still[] = ".darkroom/incoming/" TAKE_B "-0=A\n";

	show.directory = "gone";
	OK(files_show(tree.files, &show) == -ENOENT && tree_is(&tree, still));
	show.directory = "gone/deep";
	OK(files_show(tree.files, &show) == -ENOENT && tree_is(&tree, still));
	if (symlinkat("/tmp", tree.fd, "away") < 0)
		tree_die("symlink");
	show.directory = "away";
	OK(files_show(tree.files, &show) == -ENOENT && tree_is(&tree, still));
	show.directory = "../..";
	OK(files_show(tree.files, &show) == -EINVAL && tree_is(&tree, still));
	show.directory = "";
	show.prompt_uuid = "../..";
	OK(files_show(tree.files, &show) == -EINVAL && tree_is(&tree, still));
}

static void test_show_long_names(void)
{
	TREE(tree);
	struct files_show_picture picture = tree_picture(&tree, TAKE_B, 0, FILES_PNG, 'A');
	struct files_show show = show_one(&tree, &picture);
	char stem[400] = "x";
	size_t i;

	/* 255 bytes less ".png" would end within a character. */
	for (i = 0; i < 130; i++)
		memcpy(stem + 1 + 2 * i, "\xc3\xa9", 3);
	show.stem = stem;
	OK(files_show(tree.files, &show) == 0);
	OK(strlen(picture.name) == 255 && utf8_valid(picture.name, 255, NULL));
	OK_TEXT(picture.name + 251, ".png");
	picture = tree_picture(&tree, TAKE_B, 0, FILES_PNG, 'B');
	OK(files_show(tree.files, &show) == 0);
	OK(strlen(picture.name) <= 255 && utf8_valid(picture.name, strlen(picture.name), NULL));
	OK_TEXT(picture.name + strlen(picture.name) - 6, "-1.png");
}

static void test_show_links(void)
{
	TREE(tree);
	struct files_show_picture picture = tree_picture(&tree, TAKE_B, 0, FILES_PNG, 'A');
	struct files_show show = show_one(&tree, &picture);

	/* The same file is there already, as after a move by link and unlink that was cut. */
	if (linkat(tree.fd, ".darkroom/incoming/" TAKE_B "-0", tree.fd, "hero.png", 0) < 0)
		tree_die("link");
	OK(files_show(tree.files, &show) == 0);
	OK(tree_is(&tree, "hero.png=A\n"));
	OK_TEXT(picture.name, "hero.png");
	/* Shown and renamed since: it stays where it is. */
	renameat(tree.fd, "hero.png", tree.fd, "best.png");
	OK(files_show(tree.files, &show) == 0);
	OK(tree_is(&tree, "best.png=A\n"));
	/* The prompt was renamed after the picture was shown. */
	snprintf(picture.name, sizeof(picture.name), "best.png");
	OK(files_show(tree.files, &show) == 0);
	OK_TEXT(picture.name, "best.png");
}

static int replace_then_rename(void *context, const char *from, const char *to, unsigned flags)
{
	struct tree *tree = context;

	/* Somebody saves over the picture in the last moment. */
	if (flags == RENAME_EXCHANGE && tree->path[0]) {
		tree_put(tree, to, "mine");
		tree->path[0] = '\0';
	}
	return files_rename_direct(tree->files, from, to, flags);
}

static void test_show_race(void)
{
	TREE(tree);
	struct tree copy = tree;
	struct files_show_picture old = tree_picture(&tree, TAKE_B, 0, FILES_PNG, 'a'), picture;
	struct files_show show = show_one(&tree, &old);
	struct files_earlier earlier = {
	        .name = old.name, .take_uuid = TAKE_B, .inode = old.inode, .number = 1};

	OK(files_show(tree.files, &show) == 0);
	picture = tree_picture(&tree, TAKE_C, 0, FILES_PNG, 'A');
	show.pictures = &picture;
	show.take_uuid = TAKE_C;
	show.earlier = &earlier;
	show.earlier_count = 1;
	show.rename = replace_then_rename;
	show.rename_context = &copy;
	OK(files_show(tree.files, &show) == 0 && !earlier.moved);
	OK(tree_is(&tree, "hero-1.png=A\nhero.png=mine\n"));
}

static void test_keep(void)
{
	TREE(tree);
	struct files_show_picture pictures[] = {tree_picture(&tree, TAKE_B, 0, FILES_PNG, 'A'),
	        tree_picture(&tree, TAKE_B, 1, FILES_GIF, 'B')};
	int round;

	for (round = 0; round < 2; round++) {
		OK(files_keep(tree.files, PROMPT, 7, "hero", TAKE_B, pictures, 2) == 0);
		OK(tree_is(&tree, TAKES "7/hero-1.png=A\n" TAKES "7/hero-2.gif=B\n"));
		OK_TEXT(pictures[0].name, "hero-1.png");
		OK_TEXT(pictures[1].name, "hero-2.gif");
		pictures[0].name[0] = pictures[1].name[0] = '\0';
	}
	OK(files_keep(tree.files, "../x", 7, "hero", TAKE_B, pictures, 2) == -EINVAL);
	pictures[0] = tree_picture(&tree, TAKE_C, 0, FILES_PNG, 'C');
	OK(files_keep(tree.files, PROMPT, 8, "hero", TAKE_C, pictures, 1) == 0);
	OK_TEXT(pictures[0].name, "hero.png");
}

static void test_lose(void)
{
	TREE(tree);
	struct files_show_picture first = tree_picture(&tree, TAKE_A, 0, FILES_PNG, 'a');
	struct files_show_picture second = tree_picture(&tree, TAKE_B, 0, FILES_PNG, 'b');

	OK(files_lose(tree.files, "hero", TAKE_A, &first, 1) == 0);
	OK(files_lose(tree.files, "hero", TAKE_B, &second, 1) == 0);
	OK(tree_is(&tree, ".darkroom/lost+found/hero-1.png=b\n.darkroom/lost+found/hero.png=a\n"));
	OK_TEXT(first.name, "hero.png");
	OK_TEXT(second.name, "hero-1.png");
	second.name[0] = '\0';
	OK(files_lose(tree.files, "hero", TAKE_B, &second, 1) == 0);
	OK_TEXT(second.name, "hero-1.png");
	OK(tree_is(&tree, ".darkroom/lost+found/hero-1.png=b\n.darkroom/lost+found/hero.png=a\n"));
}

static void test_shown(void)
{
	TREE(tree);
	struct files_show_picture picture = tree_picture(&tree, TAKE_B, 0, FILES_PNG, 'A');
	struct files_show show = show_one(&tree, &picture);
	static const char *const names[] = {"other.png", "hero.png", "../hero.png"};

	OK(!files_shown(tree.files, "", names, 3, TAKE_B));
	OK(files_show(tree.files, &show) == 0);
	tree_put(&tree, "other.png", "x");
	OK(files_shown(tree.files, "", names, 3, TAKE_B));
	OK(files_shown(tree.files, "", names, 1, TAKE_B) == !files_has_xattrs(tree.files));
	OK(files_shown(tree.files, "", names, 2, TAKE_A) == !files_has_xattrs(tree.files));
	OK(!files_shown(tree.files, "", names, 0, TAKE_B));
	OK(!files_shown(tree.files, "gone", names, 3, TAKE_B));
}

static void test_rename_direct(void)
{
	TREE(tree);

	if (symlinkat("/tmp", tree.fd, "away") < 0 || mkdirat(tree.fd, "d", 0755) < 0)
		tree_die("prepare");
	tree_put(&tree, "a", "1");
	tree_put(&tree, "d/b", "2");
	OK(files_rename_direct(tree.files, "a", "d/b", RENAME_NOREPLACE) == -EEXIST);
	OK(files_rename_direct(tree.files, "a", "away/b", RENAME_NOREPLACE) == -ENOTDIR);
	OK(files_rename_direct(tree.files, "a", "../b", 0) == -EINVAL);
	OK(files_rename_direct(tree.files, "a", "/tmp/b", 0) == -EINVAL);
	OK(files_rename_direct(tree.files, "a", "d/", 0) == -EINVAL);
	OK(files_rename_direct(tree.files, "c", "d/c", 0) == -ENOENT);
	OK(files_rename_direct(tree.files, "a", "d/b", RENAME_EXCHANGE) == 0);
	OK(tree_is(&tree, "a=2\nd/b=1\n"));
	OK(files_rename_direct(tree.files, "a", "d/c", RENAME_NOREPLACE) == 0);
	OK(tree_is(&tree, "d/b=1\nd/c=2\n"));
}

static void test_show(void)
{
	test_show_cases();
	test_show_no_directory();
	test_show_long_names();
	test_show_links();
	test_show_race();
	test_keep();
	test_lose();
	test_shown();
	test_rename_direct();
}
