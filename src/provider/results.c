/* SPDX-License-Identifier: MIT */
/* The URLs of results, wherever an answer has them: in strings, in arrays, in objects with members
 * of known names, and in strings that hold JSON again. */
#include "definition.h"

#include <string.h>
#include <strings.h>

#define RESULTS_DEPTH_MAX 8
#define RESULTS_MEMBERS_MAX 256 /* of one object, without known names, that are looked at */

struct found {
	char **urls;
	size_t count;
	const char *refused; /* why the first link that is none to use was left out, or NULL */
};

static void found_done(struct found *found)
{
	json_strings_free(found->urls);
}

#define TEXT(macro) #macro
#define TEXT_OF(macro) TEXT(macro)

/* Whether a text begins as an address of any kind does: "file:". */
static bool has_scheme(const char *text)
{
	size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

	return length > 0 && text[length] == ':';
}

/* Whether it is a web address without a name and password, with nothing in it that could end a
 * line; otherwise *ret_why says what is wrong with it, or is NULL where it is no address at all. */
static bool url_is_usable(const char *url, const char **ret_why)
{
	size_t length = strnlen(url, PROVIDER_URL_MAX + 1);
	const char *host;
	const unsigned char *p;

	*ret_why = NULL;
	if (strncasecmp(url, "https://", 8) == 0) {
		host = url + 8;
	} else if (strncasecmp(url, "http://", 7) == 0) {
		host = url + 7;
	} else {
		if (has_scheme(url))
			*ret_why = "the address must begin with https:// or http://";
		return false;
	}
	if (length > PROVIDER_URL_MAX)
		*ret_why = "the address is longer than " TEXT_OF(PROVIDER_URL_MAX) " bytes";
	for (p = (const unsigned char *)url; *p && !*ret_why; p++)
		if (*p <= ' ' || *p == 0x7f || *p == '\\' || (*p == 0xc2 && p[1] < 0xa0))
			*ret_why = "the address must not have spaces, backslashes or control "
			           "characters in it";
	if (!*ret_why && (!*host || strchr("/?#:", *host)))
		*ret_why = "the address has no host";
	if (!*ret_why && host[strcspn(host, "/?#@")] == '@')
		*ret_why = "the address must not have a user or password in it";
	return !*ret_why;
}

static int add(struct found *found, const char *url)
{
	if (found->count == PROVIDER_RESULTS_MAX)
		return 0;
	if (!found->urls)
		found->urls = calloc(PROVIDER_RESULTS_MAX + 1, sizeof(*found->urls));
	if (!found->urls)
		return -ENOMEM;
	found->urls[found->count] = strdup(url);
	return found->urls[found->count++] ? 0 : -ENOMEM;
}

/* With `all`, an object without members of known names gives what all of its members have. */
static int collect(const struct provider *provider, const struct json *node, bool all, int depth,
        struct found *found);

static int collect_string(
        const struct provider *provider, const char *text, bool all, int depth, struct found *found)
{
	CLEANUP(json_free_p) struct json *document = NULL;
	const char *start = text + strspn(text, " \t\r\n"), *why;
	int r;

	if (url_is_usable(text, &why))
		return add(found, text);
	if (!found->refused)
		found->refused = why;
	if (*start != '{' && *start != '[' && *start != '"')
		return 0;
	r = json_parse(text, strlen(text), &document, NULL);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return collect(provider, document, all, depth + 1, found);
}

/* A member's name, and whether all counts that is below it ("NAME.*"). */
static size_t name_length(const char *name, bool *ret_all)
{
	size_t length = strlen(name);

	*ret_all = length > 2 && strcmp(name + length - 2, ".*") == 0;
	return *ret_all ? length - 2 : length;
}

static bool is_known(const struct provider *provider, const char *key)
{
	char *const *name = provider->status_result_members;
	bool all;

	for (; name && *name; name++)
		if (strlen(key) == name_length(*name, &all) &&
		        strncmp(*name, key, strlen(key)) == 0)
			return true;
	return false;
}

static int collect_others(
        const struct provider *provider, const struct json *node, int depth, struct found *found)
{
	size_t count = json_count(node), i;
	int r = 0;

	for (i = 0; i < count && i < RESULTS_MEMBERS_MAX && r == 0; i++) {
		const char *key = "";
		const struct json *member = json_member_at(node, i, &key);

		if (!is_known(provider, key))
			r = collect(provider, member, true, depth + 1, found);
	}
	return r;
}

/* The first member of a known name that has any. */
static int collect_object(const struct provider *provider, const struct json *node, bool all,
        int depth, struct found *found)
{
	char *const *name = provider->status_result_members;
	size_t before = found->count;
	int r = 0;

	for (; name && *name && r == 0 && found->count == before; name++) {
		bool below;
		size_t length = name_length(*name, &below);
		CLEANUP(free_p) char *key = strndup(*name, length);

		if (!key)
			return -ENOMEM;
		r = collect(provider, json_member(node, key), all || below, depth + 1, found);
	}
	if (r == 0 && all && found->count == before)
		r = collect_others(provider, node, depth, found);
	return r;
}

static int collect(const struct provider *provider, const struct json *node, bool all, int depth,
        struct found *found)
{
	const char *text = json_string(node);
	size_t i;
	int r = 0;

	if (depth > RESULTS_DEPTH_MAX || found->count == PROVIDER_RESULTS_MAX)
		return 0;
	if (text)
		return collect_string(provider, text, all, depth, found);
	if (json_type(node) == JSON_OBJECT)
		return collect_object(provider, node, all, depth, found);
	for (i = 0; i < json_count(node) && r == 0; i++)
		r = collect(provider, json_element(node, i), all, depth + 1, found);
	return r;
}

int results_collect(const struct provider *provider, const struct json *node, char ***ret_urls,
        const char **ret_refused)
{
	CLEANUP(found_done) struct found found = {0};
	int r = collect(provider, node, false, 0, &found);

	if (r < 0)
		return r;
	*ret_urls = TAKE(found.urls);
	*ret_refused = found.refused;
	return 0;
}
