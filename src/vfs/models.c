/* SPDX-License-Identifier: MIT */
/* `.darkroom/models`: one page for each model.
 *
 * A page is listed under the model's identifier, and found under its other names too.  Services
 * that have a model of the same name share the page, the mount's own first.  A slash in a name is
 * an underscore here.  A provider that cannot be reached in this mount has no pages.
 */
#include "internal.h"

#include <string.h>

/* The simulator, which is started for a mount whose provider it is; no other mount has its address.
 */
#define SIMULATOR "sandbox"

/* A model's identifier as a name of a file. */
static bool file_name(const char *model, char name[static NAME_MAX + 1])
{
	size_t size = strlen(model);

	if (!size || size > NAME_MAX || model[0] == '.')
		return false;
	memcpy(name, model, size + 1);
	for (char *at = name; (at = strchr(at, '/'));)
		*at = '_';
	return true;
}

/* Whether a provider other than the mount's own may be reached in this mount. */
static bool is_reachable(const struct provider *provider)
{
	return strcmp(provider_name(provider), SIMULATOR) != 0 || provider_base_url(provider);
}

/* Calls back with each provider that may be reached, the mount's first; ends with the first that is
 * not 0. */
static int each_provider(struct vfs *vfs,
        int (*callback)(void *context, const struct provider *provider), void *context)
{
	CLEANUP(free_p) char *names = strdup(providers_names(vfs->providers));
	const char *own = parameters_get(vfs->settings, "provider");
	const struct provider *first = own ? provider_find(vfs->providers, own) : NULL;
	char *next = names, *name;
	int r = !names ? -ENOMEM : first ? callback(context, first) : 0;

	while (r == 0 && (name = strsep(&next, ","))) {
		const struct provider *provider;

		name += strspn(name, " ");
		provider = *name ? provider_find(vfs->providers, name) : NULL;
		if (provider && provider != first && is_reachable(provider))
			r = callback(context, provider);
	}
	return r;
}

/* ---- names ---- */

struct each_model {
	int (*callback)(void *context, const char *name);
	void *context;
};

static int each_model_of(void *context, const struct provider *provider)
{
	const struct each_model *each = context;
	char name[NAME_MAX + 1];
	const char *model;
	int r = 0;

	for (size_t i = 0; r == 0 && (model = provider_model_at(provider, i)); i++)
		if (file_name(model, name))
			r = each->callback(each->context, name);
	return r;
}

int models_each(struct vfs *vfs, int (*callback)(void *context, const char *name), void *context)
{
	struct each_model each = {callback, context};

	return each_provider(vfs, each_model_of, &each);
}

/* ---- pages ---- */

struct find_model {
	const char *name;
	struct buf *page; /* NULL: only whether it is there */
	bool found;
};

/* Appends a provider's page of a model, with a line between it and an earlier one; -ENOENT where it
 * has no such model. */
static int page_add(struct find_model *find, const struct provider *provider, const char *model)
{
	CLEANUP(buf_done) struct buf page = BUF_INIT(PAGE_MAX);
	int r = provider_model_page(provider, model, &page);

	if (r == 0 && find->page && find->found)
		r = buf_add_text(find->page, "\n----------------------------------------\n\n");
	if (r == 0 && find->page)
		r = buf_add(find->page, page.data, page.size);
	if (r == 0)
		find->found = true;
	return r;
}

/* By a name that is not its identifier, in which one underscore may stand for a slash. */
static int page_by_other_name(struct find_model *find, const struct provider *provider)
{
	char name[NAME_MAX + 1];
	int r;

	if (!file_name(find->name, name))
		return 0;
	r = page_add(find, provider, name);
	for (char *at = name; r == -ENOENT && (at = strchr(at, '_')); at++) {
		*at = '/';
		r = page_add(find, provider, name);
		*at = '_';
	}
	return r == -ENOENT ? 0 : r;
}

static int page_of(void *context, const struct provider *provider)
{
	struct find_model *find = context;
	char name[NAME_MAX + 1];
	const char *model;
	bool found = false;
	int r = 0;

	for (size_t i = 0; r == 0 && (model = provider_model_at(provider, i)); i++) {
		if (!file_name(model, name) || strcmp(name, find->name) != 0)
			continue;
		found = true;
		r = page_add(find, provider, model);
	}
	return found ? r : page_by_other_name(find, provider);
}

int models_page(struct vfs *vfs, const char *name, struct buf *page)
{
	struct find_model find = {.name = name, .page = page};
	int r = each_provider(vfs, page_of, &find);

	return r < 0 ? r : find.found ? 0 : -ENOENT;
}
