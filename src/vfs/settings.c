/* SPDX-License-Identifier: MIT */
/* Settings from extended attributes, level by level. */
#include "internal.h"

#include <string.h>
#include <sys/xattr.h>

/* More directories above a prompt than this are a mistake. */
#define LEVELS_MAX 512
/* A prompt's own are its header and its attributes. */
#define OWN_LEVELS 2

static int setting_add(
        const char *path, const char *attribute, struct parameters *settings, struct err *err)
{
	char value[PARAMETER_VALUE_MAX + 1];
	const char *name = attribute + strlen(PROMPT_XATTR);
	ssize_t size = getxattr(path, attribute, value, PARAMETER_VALUE_MAX);
	int r;

	if (size < 0 && errno == ENODATA)
		return 0;
	if (size < 0 && errno == ERANGE)
		return err_set(err, -EINVAL, "attribute %s: longer than %d bytes", attribute,
		        PARAMETER_VALUE_MAX);
	if (size < 0)
		return -errno;
	value[size] = '\0';
	if (!*name || strlen(name) > PARAMETER_NAME_MAX)
		return err_set(err, -EINVAL, "attribute %s: the name must have 1 to %d characters",
		        attribute, PARAMETER_NAME_MAX);
	if (strlen(value) != (size_t)size || !utf8_valid(value, (size_t)size, NULL))
		return err_set(err, -EINVAL, "attribute %s: the value is no text", attribute);
	r = parameters_set(settings, name, value);
	if (r == -E2BIG)
		return err_set(err, -EINVAL, "more than %d attributes %s...", PARAMETERS_MAX,
		        PROMPT_XATTR);
	return r;
}

static int settings_read(int fd, struct parameters *ret_settings, struct err *err)
{
	CLEANUP(parameters_done) struct parameters settings = {0};
	CLEANUP(buf_done) struct buf names = {0};
	char path[FD_PATH_SIZE];
	int r = xattr_names(fd, &names);

	if (r < 0)
		return r;
	fd_path(fd, path);
	for (size_t at = 0; at < names.size; at += strlen(names.data + at) + 1) {
		const char *name = names.data + at;

		if (strncmp(name, PROMPT_XATTR, strlen(PROMPT_XATTR)) != 0 ||
		        strncmp(name, PROMPT_XATTR_TASK, strlen(PROMPT_XATTR_TASK)) == 0)
			continue;
		r = setting_add(path, name, &settings, err);
		if (r < 0)
			return r;
	}
	*ret_settings = settings;
	settings = (struct parameters){0};
	return 0;
}

void levels_done(struct levels *levels)
{
	parameters_done(&levels->header);
	for (size_t i = 0; i < levels->count; i++)
		parameters_done(&levels->own[i]);
	free(levels->own);
	free(levels->list);
	*levels = (struct levels){0};
}

static int level_add(struct levels *levels, int fd, struct err *err)
{
	struct parameters *grown;

	if (levels->count >= LEVELS_MAX)
		return err_set(err, -EINVAL, "lies more than %d directories deep", LEVELS_MAX - 1);
	grown = reallocarray(levels->own, levels->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	levels->own = grown;
	grown[levels->count] = (struct parameters){0};
	return settings_read(fd, &grown[levels->count++], err);
}

static void setting_drop(struct parameters *settings, const char *name)
{
	for (size_t i = 0; i < settings->count; i++) {
		if (strcmp(settings->items[i].name, name) != 0)
			continue;
		free(settings->items[i].name);
		free(settings->items[i].value);
		settings->count--;
		memmove(&settings->items[i], &settings->items[i + 1],
		        (settings->count - i) * sizeof(settings->items[i]));
		return;
	}
}

int levels_collect(struct vfs *vfs, struct node *node, const char *without,
        struct levels *ret_levels, struct err *err)
{
	CLEANUP(levels_done) struct levels levels = {0};
	HELD(at, vfs);
	int r = 0;

	at.node = node_ref(vfs, node);
	while (r == 0 && at.node && at.node->kind == NODE_REAL) {
		struct node *parent;

		r = level_add(&levels, at.node->fd, err);
		parent = node_parent(vfs, at.node);
		held_drop(&at);
		at.node = parent;
	}
	if (r < 0)
		return r;
	if (without)
		setting_drop(&levels.own[0], without);
	levels.list = calloc(levels.count + 2, sizeof(struct parameters *));
	if (!levels.list)
		return -ENOMEM;
	/* The header's place follows where the struct is moved to. */
	levels.list[0] = &ret_levels->header;
	for (size_t i = 0; i < levels.count; i++)
		levels.list[i + 1] = &levels.own[i];
	levels.list[levels.count + 1] = vfs->settings;
	levels.settings = (struct provider_settings){levels.list, levels.count + 2, OWN_LEVELS};
	*ret_levels = levels;
	levels = (struct levels){0};
	return 0;
}
