/* SPDX-License-Identifier: MIT */
/* The pages of .darkroom/models. */
#pragma once

#include "tap.h"
#include "vfs-world.h"

static const char gallery[] =
        "{\"title\": \"The gallery\", \"like\": \"kie\", \"default_model\": \"test/one\","
        " \"models\": {\"test/one\": {\"also\": [\"uno\", \"old/uno-1\"], \"about\": \"Page 11.\"},"
        " \"test_one\": {\"about\": \"Page 12.\"}, \"test/two\": {\"about\": \"Page 13.\"}}}";
static const char museum[] =
        "{\"title\": \"The museum\", \"like\": \"kie\", \"default_model\": \"uno\","
        " \"models\": {\"uno\": {\"about\": \"Page 21.\"}, \"test/two\": {\"about\": \"Page "
        "22.\"}}}";

static ino_t listed_inode(struct world *world, const char *directory, const char *name)
{
	struct vfs_listing *listing;
	struct vfs_item item;
	off_t offset = 0;
	ino_t inode = 0;

	if (vfs_opendir(world->vfs, node_of(world, directory), &listing) < 0)
		return 0;
	vfs_readdir_begin(listing);
	while (vfs_readdir(world->vfs, listing, offset, &item) > 0) {
		if (strcmp(item.name, name) == 0)
			inode = item.inode;
		offset = item.next;
	}
	vfs_readdir_end(listing);
	vfs_closedir(world->vfs, listing);
	return inode;
}

static const char *page_text(struct world *world, const char *name)
{
	char path[400];

	snprintf(path, sizeof(path), ".darkroom/models/%s", name);
	return content(world, path);
}

/* Whether both are there, the first before the second. */
static bool in_order(const char *text, const char *first, const char *second)
{
	const char *at = strstr(text, first), *then = strstr(text, second);

	return at && then && at < then;
}

static void test_models(void)
{
	WORLD(world);
	char names[sizeof(listing_names)], *next = names, *name;
	size_t count = 0;

	snprintf(names, sizeof(names), "%s", listing(&world, ".darkroom/models"));
	OK_TEXT(listing(&world, ".darkroom/models"), names);
	while ((name = strsep(&next, " ")) && *name) {
		char path[300], again[300];
		struct stat st;
		double timeout;

		snprintf(path, sizeof(path), ".darkroom/models/%s", name);
		OK_NAMED(strlen(content(&world, path)) > 40, path);
		OK(vfs_getattr(world.vfs, node_of(&world, path), NULL, &st, &timeout) == 0);
		OK(st.st_size == (off_t)strlen(content(&world, path)));
		OK(st.st_ino == listed_inode(&world, ".darkroom/models", name));
		/* Each once. */
		snprintf(again, sizeof(again), " %s ", name);
		OK(!next || !strstr(next, again));
		count++;
	}
	OK(count > 0);
	for (size_t i = 0; i < 2; i++) {
		static const char *const directories[] = {"models", "README"};
		char path[300];
		struct stat st;
		double timeout;

		snprintf(path, sizeof(path), ".darkroom/%s", directories[i]);
		OK(vfs_getattr(world.vfs, node_of(&world, path), NULL, &st, &timeout) == 0);
		OK(st.st_ino == listed_inode(&world, ".darkroom", directories[i]));
	}
}

static void test_models_shared(void)
{
	WORLD(world);
	const char *text;

	world_define(&world, "gallery", gallery);
	world_define(&world, "museum", museum);
	OK(listed(&world, ".darkroom/models", "test_one"));
	OK(listed(&world, ".darkroom/models", "uno"));
	OK(!listed(&world, ".darkroom/models", "old_uno-1"));
	/* Two identifiers that make one name. */
	text = page_text(&world, "test_one");
	OK_NAMED(in_order(text, "Page 11.", "Page 12."), text);
	/* One that is another one's other name. */
	text = page_text(&world, "uno");
	OK_NAMED(strstr(text, "Page 21.") && strstr(text, "Page 11."), text);
	text = page_text(&world, "old_uno-1");
	OK_NAMED(strstr(text, "Page 11.") && !strstr(text, "Page 12."), text);
	OK_TEXT(page_text(&world, "old_uno-2"), "ESTALE");
	OK(lookup_result(&world, &nobody, ".darkroom/models/old_uno-2") == -ENOENT);
	OK(lookup_result(&world, &nobody, ".darkroom/models/.") == -EINVAL);
	OK(lookup_result(&world, &nobody, ".darkroom/models/.hidden") == -ENOENT);
	/* The mount's own service comes first. */
	text = page_text(&world, "test_two");
	OK_NAMED(in_order(text, "Page 13.", "Page 22."), text);
	OK(parameters_set(&world.settings, "provider", "museum") == 0);
	world_mount(&world, false, false);
	text = page_text(&world, "test_two");
	OK_NAMED(in_order(text, "Page 22.", "Page 13."), text);
	text = page_text(&world, "uno");
	OK_NAMED(in_order(text, "Page 21.", "Page 11."), text);
}

/* The simulator runs for a mount whose provider it is, or where a definition has its address. */
static void test_models_reachable(void)
{
	static const char model[] = "seedream_4.5-text-to-image";
	WORLD(world);

	OK(!strstr(page_text(&world, model), "\nProvider: sandbox\n"));
	OK(strstr(page_text(&world, model), "\nProvider: kie\n"));
	OK(parameters_set(&world.settings, "provider", "liangxin") == 0);
	world_mount(&world, false, false);
	OK(!strstr(page_text(&world, model), "\nProvider: sandbox\n"));
	OK(parameters_set(&world.settings, "provider", "sandbox") == 0);
	world_mount(&world, false, false);
	OK(in_order(page_text(&world, model), "\nProvider: sandbox\n", "\nProvider: kie\n"));
	OK(parameters_set(&world.settings, "provider", "kie") == 0);
	world_define(&world, "sandbox", "{\"base_url\": \"http://127.0.0.1:1\"}");
	OK(in_order(page_text(&world, model), "\nProvider: kie\n", "\nProvider: sandbox\n"));
}

static void test_readme(void)
{
	static const char *const told[] = {"hero.prompt", "hero.wait", "hero.status",
	        ".darkroom/models", ".darkroom/queue", "user.darkroom.images",
	        "images: ", "user.darkroom.provider", "user.darkroom.hold", "Invalid argument",
	        "echo retry > hero.status"};
	WORLD(world);
	const char *text = content(&world, ".darkroom/README");

	for (size_t i = 0; i < ARRAY_SIZE(told); i++)
		OK_NAMED(strstr(text, told[i]) != NULL, told[i]);
}
