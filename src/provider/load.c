/* SPDX-License-Identifier: MIT */
/* The set of all definitions: the built-in ones and the user's, merged and read.
 *
 * A source is one name with its document: the built-in one, the user's, or the user's over the
 * built-in one.  A source that says "like" stands over the whole definition of that name, without
 * the members that it names in "without".
 */
#include "definition.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SOURCES_MAX (USER_FILES_MAX + 64)
#define NAMES_TEXT_MAX (SOURCES_MAX * (NAME_CHARS_MAX + 2))
/* A longer path is left out of messages, for which the file's name must do. */
#define SHOWN_PATH_MAX 160

struct source {
	char name[NAME_CHARS_MAX + 1];
	char file[SHOWN_PATH_MAX + 1];
	struct json *document;
};

struct sources {
	struct source items[SOURCES_MAX];
	size_t count;
};

static void sources_free_p(struct sources **sources)
{
	size_t i;

	for (i = 0; *sources && i < (*sources)->count; i++)
		json_free((*sources)->items[i].document);
	free(*sources);
}

static struct source *source_find(struct sources *sources, const char *name)
{
	size_t i;

	for (i = 0; i < sources->count; i++)
		if (strcmp(sources->items[i].name, name) == 0)
			return &sources->items[i];
	return NULL;
}

/* ---- merging ---- */

static bool has_key(const struct json *object, const char *key)
{
	size_t i;

	for (i = 0; i < json_count(object); i++) {
		const char *other = NULL;

		json_member_at(object, i, &other);
		if (strcmp(other, key) == 0)
			return true;
	}
	return false;
}

/* What `over` has, on top of `base`: objects are merged, null takes a member away, anything else
 * replaces.  Members of `base` keep their place. */
static int merge(const struct json *base, const struct json *over, struct json **ret_merged)
{
	CLEANUP(json_free_p) struct json *merged = NULL;
	size_t i;

	if (json_type(base) != JSON_OBJECT || json_type(over) != JSON_OBJECT) {
		*ret_merged = json_copy(over);
		return *ret_merged ? 0 : -ENOMEM;
	}
	merged = json_new_object();
	if (!merged)
		return -ENOMEM;
	for (i = 0; i < json_count(base) + json_count(over); i++) {
		CLEANUP(json_free_p) struct json *value = NULL;
		bool from_base = i < json_count(base);
		const char *key = NULL;
		const struct json *old, *new;
		int r = 0;

		json_member_at(from_base ? base : over, from_base ? i : i - json_count(base), &key);
		if (!from_base && has_key(base, key))
			continue;
		old = json_member(base, key);
		new = json_member(over, key);
		if (new)
			r = merge(old, new, &value);
		else if (old && !has_key(over, key))
			r = (value = json_copy(old)) ? 0 : -ENOMEM;
		if (r == 0 && value)
			r = json_set(merged, key, TAKE(value));
		if (r < 0)
			return r;
	}
	*ret_merged = TAKE(merged);
	return 0;
}

/* A copy of the object without some of its members, and without its name. */
static int without(const struct json *object, const struct json *names, struct json **ret_rest)
{
	CLEANUP(json_free_p) struct json *rest = json_new_object();
	size_t i, j;

	if (!rest)
		return -ENOMEM;
	for (i = 0; i < json_count(object); i++) {
		const char *key = NULL;
		const struct json *member = json_member_at(object, i, &key);
		bool left_out = strcmp(key, "name") == 0;
		int r;

		for (j = 0; j < json_count(names) && !left_out; j++) {
			const char *name = json_string(json_element(names, j));

			left_out = name && strcmp(name, key) == 0;
		}
		r = left_out || !member ? 0 : json_set(rest, key, json_copy(member));
		if (r < 0)
			return r;
	}
	*ret_rest = TAKE(rest);
	return 0;
}

/* The whole definition of a source, "like" followed. */
static int whole(struct sources *sources, const struct source *source, int depth,
        struct json **ret_document, struct err *err)
{
	CLEANUP(json_free_p) struct json *liked = NULL;
	CLEANUP(json_free_p) struct json *rest = NULL;
	const struct json *node = json_member(source->document, "like");
	const char *like = json_string(node);
	const struct source *other;
	int r;

	if (!node) {
		*ret_document = json_copy(source->document);
		return *ret_document ? 0 : -ENOMEM;
	}
	other = like ? source_find(sources, like) : NULL;
	if (!other)
		return err_set(err, -EINVAL, "%s: like: must be the name of another definition",
		        source->file);
	if (depth >= LIKE_DEPTH_MAX)
		return err_set(
		        err, -EINVAL, "%s: like: goes in a circle, or is too deep", source->file);
	r = whole(sources, other, depth + 1, &liked, err);
	if (r < 0)
		return r;
	r = without(liked, json_member(source->document, "without"), &rest);
	return r < 0 ? r : merge(rest, source->document, ret_document);
}

/* ---- sources ---- */

static int builtins_add(struct sources *sources, struct err *err)
{
	const struct builtin *builtin;

	for (builtin = provider_builtins; builtin->name; builtin++) {
		struct source *source = &sources->items[sources->count];
		struct err why;
		int r;

		snprintf(source->name, sizeof(source->name), "%s", builtin->name);
		snprintf(source->file, sizeof(source->file), "%s.json", builtin->name);
		r = json_parse(builtin->bytes, builtin->size, &source->document, &why);
		if (r < 0)
			return err_set(err, r, "%s: %s", source->file, why.text);
		sources->count++;
	}
	return 0;
}

/* Reads one of the user's files, and puts it over a built-in definition of that name. */
static int user_add(struct sources *sources, const char *name, const struct buf *bytes,
        const char *file, struct err *err)
{
	CLEANUP(json_free_p) struct json *document = NULL;
	CLEANUP(json_free_p) struct json *merged = NULL;
	struct source *source = source_find(sources, name);
	struct err why;
	int r;

	r = json_parse(bytes->data ? bytes->data : "", bytes->size, &document, &why);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return err_set(err, r, "%s: %s", file, why.text);
	if (json_type(document) != JSON_OBJECT)
		return err_set(err, -EINVAL, "%s: must be an object", file);
	if (!source) {
		source = &sources->items[sources->count++];
		snprintf(source->name, sizeof(source->name), "%s", name);
		merged = TAKE(document);
	} else {
		r = merge(source->document, document, &merged);
		if (r < 0)
			return r;
		json_free(source->document);
	}
	source->document = TAKE(merged);
	snprintf(source->file, sizeof(source->file), "%s", file);
	return 0;
}

static int user_read(
        int directory, const char *entry, const char *file, struct buf *bytes, struct err *err)
{
	CLEANUP(close_p) int fd = openat(directory, entry, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0) {
		r = -errno;
		return err_set(err, r, "%s: cannot be opened: %s", file, strerror(-r));
	}
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s: is not a file", file);
	r = read_all(fd, PROVIDER_DEFINITION_MAX, bytes);
	if (r == -EFBIG)
		return err_set(
		        err, r, "%s: is longer than %u bytes", file, PROVIDER_DEFINITION_MAX);
	if (r < 0)
		return err_set(err, r, "%s: cannot be read: %s", file, strerror(-r));
	return 0;
}

/* Whether the entry is a definition's file; its name without the ending in `name`. */
static int entry_name(
        const char *entry, char name[static NAME_CHARS_MAX + 1], const char *file, struct err *err)
{
	size_t length = strlen(entry);

	if (entry[0] == '.' || length < 5 || strcmp(entry + length - 5, ".json") != 0)
		return 0;
	length -= 5;
	if (length == 0 || length > NAME_CHARS_MAX ||
	        strspn(entry, "abcdefghijklmnopqrstuvwxyz0123456789-_") != length)
		return err_set(err, -EINVAL,
		        "%s: a definition's name has 1 to %d of the characters a-z 0-9 - _", file,
		        NAME_CHARS_MAX);
	memcpy(name, entry, length);
	name[length] = '\0';
	return 1;
}

static int user_entry(struct sources *sources, const char *path, int directory, const char *entry,
        struct err *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(PROVIDER_DEFINITION_MAX);
	char name[NAME_CHARS_MAX + 1];
	char file[SHOWN_PATH_MAX + 1];
	int r = snprintf(file, sizeof(file), "%s/%s", path, entry);

	if (r < 0 || (size_t)r >= sizeof(file))
		snprintf(file, sizeof(file), "%.*s", SHOWN_PATH_MAX, entry);
	r = entry_name(entry, name, file, err);
	if (r <= 0)
		return r;
	if (sources->count >= SOURCES_MAX)
		return err_set(err, -E2BIG, "%s: more than %d definitions", path, SOURCES_MAX);
	r = user_read(directory, entry, file, &bytes, err);
	return r < 0 ? r : user_add(sources, name, &bytes, file, err);
}

static void entries_free(struct dirent **entries, int count)
{
	while (count > 0)
		free(entries[--count]);
	free(entries);
}

/* In the order of their names, whatever the order in the directory and the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int users_add(struct sources *sources, const char *path, struct err *err)
{
	CLEANUP(close_p) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **entries = NULL;
	int count, i, r = 0;

	if (fd < 0 && errno == ENOENT)
		return 0;
	count = fd < 0 ? -1 : scandirat(fd, ".", &entries, NULL, by_name);
	if (count < 0) {
		r = -errno;
		return err_set(err, r, "%s: cannot be read: %s", path, strerror(-r));
	}
	for (i = 0; i < count && r == 0; i++)
		r = user_entry(sources, path, fd, entries[i]->d_name, err);
	entries_free(entries, count);
	return r;
}

/* ---- the set ---- */

static int set_fill(struct providers *set, struct sources *sources, struct err *err)
{
	CLEANUP(buf_done) struct buf names = BUF_INIT(NAMES_TEXT_MAX);
	size_t i;

	set->items = calloc(sources->count + 1, sizeof(*set->items));
	if (!set->items)
		return -ENOMEM;
	for (i = 0; i < sources->count; i++) {
		const struct source *source = &sources->items[i];
		struct json *document = NULL;
		int r = whole(sources, source, 0, &document, err);

		if (r == 0)
			r = definition_read(
			        source->name, source->file, document, &set->items[i], err);
		if (r < 0)
			return r;
		set->count = i + 1;
		r = buf_addf(&names, "%s%s", i ? ", " : "", source->name);
		if (r < 0)
			return r;
	}
	set->names = buf_take(&names);
	return set->names ? 0 : -ENOMEM;
}

int providers_load(const char *user_directory, struct providers **ret_set, struct err *err)
{
	CLEANUP(providers_free_p) struct providers *set = calloc(1, sizeof(*set));
	CLEANUP(sources_free_p) struct sources *sources = calloc(1, sizeof(*sources));
	int r = set && sources ? 0 : -ENOMEM;

	if (r == 0)
		r = builtins_add(sources, err);
	if (r == 0 && user_directory)
		r = users_add(sources, user_directory, err);
	if (r == 0)
		r = set_fill(set, sources, err);
	if (r == -ENOMEM)
		return err_set(err, r, "out of memory");
	if (r < 0)
		return r;
	*ret_set = TAKE(set);
	return 0;
}

void providers_free(struct providers *set)
{
	size_t i;

	if (!set)
		return;
	for (i = 0; i < set->count; i++)
		definition_done(&set->items[i]);
	free(set->items);
	free(set->names);
	free(set);
}

void providers_free_p(struct providers **set)
{
	providers_free(*set);
}

const struct provider *provider_find(const struct providers *set, const char *name)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (strcmp(set->items[i].name, name) == 0)
			return &set->items[i];
	return NULL;
}

const char *providers_names(const struct providers *set)
{
	return set->names;
}

const char *provider_name(const struct provider *provider)
{
	return provider->name;
}

const char *provider_title(const struct provider *provider)
{
	return provider->title;
}

const char *provider_key_env(const struct provider *provider)
{
	return provider->key_env;
}

const char *provider_key_page(const struct provider *provider)
{
	return provider->key_page;
}

const char *provider_base_url(const struct provider *provider)
{
	return provider->base_url;
}

const char *provider_default_model(const struct provider *provider)
{
	return provider->default_model;
}

const char *provider_model_at(const struct provider *provider, size_t index)
{
	return index < provider->model_count ? provider->models[index].id : NULL;
}

const struct provider_pace *provider_pace(const struct provider *provider)
{
	return &provider->pace;
}
