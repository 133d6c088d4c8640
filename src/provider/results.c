/* SPDX-License-Identifier: MIT */
/* The URLs of results, wherever an answer has them: in strings, in arrays, in objects with members
 * of known names, and in strings that hold JSON again. */
#include "definition.h"

#include <string.h>
#include <strings.h>

#define RESULTS_DEPTH_MAX 8

struct found {
	char **urls;
	size_t count;
};

static void found_done(struct found *found)
{
	json_strings_free(found->urls);
}

static bool url_is_usable(const char *url)
{
	size_t length = strnlen(url, PROVIDER_URL_MAX + 1);
	const char *host;
	const unsigned char *p;

	if (length > PROVIDER_URL_MAX)
		return false;
	if (strncasecmp(url, "https://", 8) == 0)
		host = url + 8;
	else if (strncasecmp(url, "http://", 7) == 0)
		host = url + 7;
	else
		return false;
	for (p = (const unsigned char *)url; *p; p++)
		if (*p <= ' ' || *p == 0x7f)
			return false;
	return *host && !strchr("/?#", *host);
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

static int collect(
        const struct provider *provider, const struct json *node, int depth, struct found *found);

static int collect_string(
        const struct provider *provider, const char *text, int depth, struct found *found)
{
	CLEANUP(json_free_p) struct json *document = NULL;
	const char *start = text + strspn(text, " \t\r\n");
	int r;

	if (url_is_usable(text))
		return add(found, text);
	if (*start != '{' && *start != '[' && *start != '"')
		return 0;
	r = json_parse(text, strlen(text), &document, NULL);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return collect(provider, document, depth + 1, found);
}

/* The first member of a known name that has any. */
static int collect_object(
        const struct provider *provider, const struct json *node, int depth, struct found *found)
{
	char *const *name = provider->status_result_members;
	size_t before = found->count;
	int r = 0;

	for (; name && *name && r == 0 && found->count == before; name++)
		r = collect(provider, json_member(node, *name), depth + 1, found);
	return r;
}

static int collect(
        const struct provider *provider, const struct json *node, int depth, struct found *found)
{
	const char *text = json_string(node);
	size_t i;
	int r = 0;

	if (depth > RESULTS_DEPTH_MAX || found->count == PROVIDER_RESULTS_MAX)
		return 0;
	if (text)
		return collect_string(provider, text, depth, found);
	if (json_type(node) == JSON_OBJECT)
		return collect_object(provider, node, depth, found);
	for (i = 0; i < json_count(node) && r == 0; i++)
		r = collect(provider, json_element(node, i), depth + 1, found);
	return r;
}

int results_collect(const struct provider *provider, const struct json *node, char ***ret_urls)
{
	CLEANUP(found_done) struct found found = {0};
	int r = collect(provider, node, 0, &found);

	if (r < 0)
		return r;
	*ret_urls = TAKE(found.urls);
	return 0;
}
