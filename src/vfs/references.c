/* SPDX-License-Identifier: MIT */
/* Pictures that a prompt refers to: from what was written to files below SOURCE and what is in
 * them. */
#include "internal.h"

#include <string.h>

/* Common words for parameters that carry pictures. */
static const char *const words[] = {"images", "mask"};

/* ---- paths ---- */

/* Appends a path to one below SOURCE, component by component; false where it leads above it. */
static bool path_append(char *joined, const char *path)
{
	while (*path) {
		size_t part = strcspn(path, "/"), at = strlen(joined);

		if (part == 2 && memcmp(path, "..", 2) == 0) {
			char *slash = strrchr(joined, '/');

			if (!at)
				return false;
			*(slash ? slash : joined) = '\0';
		} else if (part && !(part == 1 && *path == '.')) {
			if (at)
				joined[at++] = '/';
			memcpy(joined + at, path, part);
			joined[at + part] = '\0';
		}
		path += part + (path[part] == '/');
	}
	return true;
}

/* Whether the mount shows the path: of `.darkroom` only what takes and lost+found keep. */
static bool is_shown(const char *path)
{
	static const char *const kept[] = {
	        FILES_DIRECTORY "/" FILES_TAKES "/", FILES_DIRECTORY "/" FILES_LOST "/"};
	size_t own = strlen(FILES_DIRECTORY);

	if (strncmp(path, FILES_DIRECTORY, own) != 0 || (path[own] && path[own] != '/'))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (strncmp(path, kept[i], strlen(kept[i])) == 0)
			return true;
	return false;
}

/* The path below SOURCE of what a prompt calls `written`. */
static int path_join(const char *prompt, const char *written, char **ret_path, struct err *err)
{
	const char *slash = strrchr(prompt, '/');
	size_t above = slash ? (size_t)(slash - prompt) : 0;
	CLEANUP(free_p) char *path = malloc(above + strlen(written) + 2);

	if (!path)
		return -ENOMEM;
	memcpy(path, prompt, above);
	path[above] = '\0';
	if (!path_append(path, written))
		return err_set(err, -EINVAL, "%s: leads out of the mounted directory", written);
	if (!*path)
		return err_set(err, -EINVAL, "%s: is a directory, not a picture", written);
	if (!is_shown(path))
		return err_set(err, -EINVAL, "%s: no such file", path);
	*ret_path = TAKE(path);
	return 0;
}

/* ---- what the user called it ---- */

/* Whether a list separated by commas has the item. */
static bool list_has(const char *list, const char *item)
{
	size_t length = strlen(item);

	while (*list) {
		size_t part = strcspn(list, ","), start = strspn(list, " "), end = part;

		while (end > start && list[end - 1] == ' ')
			end--;
		if (end - start == length && memcmp(list + start, item, length) == 0)
			return true;
		list += part + (list[part] == ',');
	}
	return false;
}

/* The name under which a reference was set: the model's own, or a common word. */
static const char *name_used(
        const struct provider_settings *settings, const struct reference *reference)
{
	for (size_t i = 0; i < settings->count; i++) {
		if (parameters_get(settings->levels[i], reference->parameter))
			return reference->parameter;
		for (size_t j = 0; j < ARRAY_SIZE(words); j++) {
			const char *value = parameters_get(settings->levels[i], words[j]);

			if (value && list_has(value, reference->path))
				return words[j];
		}
	}
	return reference->parameter;
}

/* ---- files ---- */

static int fill(struct vfs *vfs, const char *prompt, const struct files_reference_limits *limits,
        struct reference *reference, struct err *err)
{
	CLEANUP(free_p) char *path = NULL;
	int r = path_join(prompt, reference->path, &path, err);

	if (r == 0)
		r = files_digest_reference(
		        vfs->files, path, limits, reference->sha256, &reference->size, err);
	if (r < 0)
		return r;
	free(reference->path);
	reference->path = TAKE(path);
	return 0;
}

/* Trouble of this process, which is over soon and says nothing of a picture. */
static bool is_passing(int r)
{
	return r == -ENOMEM || r == -EMFILE || r == -ENFILE || r == -EINTR || r == -EAGAIN;
}

int references_fill(struct vfs *vfs, const char *prompt, const struct stat *owner,
        const struct provider_settings *settings, struct request *request, struct err *err)
{
	const struct provider *provider = provider_find(vfs->providers, request->provider);

	for (size_t i = 0; i < request->reference_count; i++) {
		struct reference *reference = &request->references[i];
		const struct provider_pictures *pictures =
		        provider_pictures(provider, request->model, reference->parameter);
		const struct files_reference_limits limits = {
		        .bytes_max = pictures ? pictures->bytes_max : 0,
		        .suffixes = pictures ? pictures->suffixes : NULL,
		        .uid = owner->st_uid,
		        .gid = owner->st_gid,
		};
		struct err why = {""};
		int r;

		if (!reference->path)
			continue;
		r = fill(vfs, prompt, &limits, reference, &why);
		/* A bad sector under one picture is no reason to keep the whole from mounting. */
		if (r < 0 && !is_passing(r))
			return err_set(
			        err, -EINVAL, "%s: %s", name_used(settings, reference), why.text);
		if (r < 0)
			return r;
	}
	return 0;
}
