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
#define QUOTED_CHARS 40

struct source {
	char name[NAME_CHARS_MAX + 1];
	char file[SHOWN_PATH_MAX + 1];
	struct json *document;
	/* The user's, over a built-in one that is like another: its nulls take away what comes from
	 * there, too; or NULL. */
	struct json *over;
};

struct sources {
	struct source items[SOURCES_MAX];
	size_t count;
};

static void sources_free_p(struct sources **sources)
{
	size_t i;

	for (i = 0; *sources && i < (*sources)->count; i++) {
		json_free((*sources)->items[i].document);
		json_free((*sources)->items[i].over);
	}
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

/* Checks the member "without": names of members of the object. */
static int without_check(
        const struct json *object, const struct json *names, const char *file, struct err *err)
{
	size_t i;

	if (json_type(names) != JSON_NONE && json_type(names) != JSON_ARRAY)
		return err_set(err, -EINVAL, "%s: without: must be a list of strings", file);
	for (i = 0; i < json_count(names); i++) {
		const char *name = json_string(json_element(names, i));

		CLEANUP(free_p) char *quoted = NULL;

		if (name && has_key(object, name))
			continue;
		quoted = name ? text_line(name, strlen(name), QUOTED_CHARS) : NULL;
		return err_set(err, -EINVAL,
		        "%s: without: \"%s\" is no member of what this is like", file,
		        quoted ? quoted : "");
	}
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

		for (j = 0; j < json_count(names) && !left_out; j++)
			left_out = strcmp(json_string(json_element(names, j)), key) == 0;
		r = left_out || !member ? 0 : json_set(rest, key, json_copy(member));
		if (r < 0)
			return r;
	}
	*ret_rest = TAKE(rest);
	return 0;
}

static int like_wrong(const struct sources *sources, const struct source *source,
        const struct json *node, struct err *err)
{
	CLEANUP(buf_done) struct buf list = BUF_INIT(sizeof(err->text));
	const char *like = json_string(node);
	CLEANUP(free_p) char *quoted = like ? text_line(like, strlen(like), QUOTED_CHARS) : NULL;
	size_t i;

	if (!like)
		return err_set(err, -EINVAL, "%s: like: must be a string", source->file);
	for (i = 0; i < sources->count; i++)
		if (buf_addf(&list, "%s%s", i ? ", " : "", sources->items[i].name) < 0)
			break;
	return err_set(err, -EINVAL, "%s: like: \"%s\" is not one of %s", source->file,
	        quoted ? quoted : "", list.data ? list.data : "");
}

/* Definitions, each of which is like the next. */
struct chain {
	const struct source *links[LIKE_DEPTH_MAX + 1];
	size_t count;
};

/* Checks that a chain may go on to another definition. */
static int chain_check(const struct chain *chain, const struct source *next, struct err *err)
{
	CLEANUP(buf_done) struct buf names = BUF_INIT(sizeof(err->text));
	size_t first = 0, i;
	bool circle;

	while (first < chain->count && chain->links[first] != next)
		first++;
	circle = first < chain->count;
	if (!circle && chain->count < ARRAY_SIZE(chain->links))
		return 0;
	if (!circle)
		first = 0;
	for (i = first; i < chain->count; i++)
		if (buf_addf(&names, "%s -> ", chain->links[i]->name) < 0)
			break;
	if (circle)
		return err_set(err, -EINVAL, "%s: like: comes back to itself: %s%s",
		        chain->links[first]->file, names.data ? names.data : "", next->name);
	return err_set(err, -EINVAL, "%s: like: goes on over more than %d definitions: %s%s",
	        chain->links[first]->file, LIKE_DEPTH_MAX, names.data ? names.data : "",
	        next->name);
}

static const struct json *source_member(const struct source *source, const char *key)
{
	return json_member(
	        source->over && has_key(source->over, key) ? source->over : source->document, key);
}

/* What a source has, on top of `base`; NULL: on top of nothing. */
static int source_merge(
        const struct json *base, const struct source *source, struct json **ret_merged)
{
	CLEANUP(json_free_p) struct json *merged = NULL;
	int r = merge(base, source->document, &merged);

	if (r == 0 && source->over)
		return merge(merged, source->over, ret_merged);
	if (r == 0)
		*ret_merged = TAKE(merged);
	return r;
}

/* The whole definition of a source, "like" followed. */
static int whole(struct sources *sources, const struct source *source, struct chain *chain,
        struct json **ret_document, struct err *err)
{
	CLEANUP(json_free_p) struct json *liked = NULL;
	CLEANUP(json_free_p) struct json *rest = NULL;
	const struct json *node = source_member(source, "like");
	const struct json *names = source_member(source, "without");
	const struct source *other;
	int r;

	if (!node && names)
		return err_set(err, -EINVAL, "%s: without: is for a definition that has \"like\"",
		        source->file);
	if (!node)
		return source_merge(NULL, source, ret_document);
	other = json_string(node) ? source_find(sources, json_string(node)) : NULL;
	if (!other)
		return like_wrong(sources, source, node, err);
	chain->links[chain->count++] = source;
	r = chain_check(chain, other, err);
	if (r == 0)
		r = whole(sources, other, chain, &liked, err);
	if (r == 0)
		r = without_check(liked, names, source->file, err);
	if (r == 0)
		r = without(liked, names, &rest);
	return r < 0 ? r : source_merge(rest, source, ret_document);
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
	if (r == 0)
		r = json_check_names(bytes->data, bytes->size, MEMBERS_MAX, &why);
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
	} else if (json_member(source->document, "like")) {
		source->over = TAKE(document);
	} else {
		r = merge(source->document, document, &merged);
		if (r < 0)
			return r;
		json_free(source->document);
	}
	if (merged)
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
		        err, -EINVAL, "%s: is longer than %u bytes", file, PROVIDER_DEFINITION_MAX);
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
		return err_set(err, -EINVAL, "%s: more than %d definitions", path, SOURCES_MAX);
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
		struct chain chain = {.count = 0};
		struct json *document = NULL;
		int r = whole(sources, source, &chain, &document, err);

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

int64_t provider_upload_keep_ms(const struct provider *provider)
{
	return provider->upload.there ? provider->upload.keep_ms : 0;
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
