/* SPDX-License-Identifier: MIT */
/* Part of test-provider.c: a user's directory of definitions. */
#pragma once

#include "test-provider-mistakes.h"

static bool has_model(const struct provider *provider, const char *id)
{
	const char *model;
	size_t i;

	for (i = 0; (model = provider_model_at(provider, i)); i++)
		if (strcmp(model, id) == 0)
			return true;
	return false;
}

/* The user's definition over a built-in one that is like another: what either takes away stays
 * away.
 */
static void test_override_like(void)
{
	CLEANUP(providers_free_p) struct providers *changed = NULL;
	struct provider_message message = {0};
	const struct provider *provider;
	struct err err = {{0}};

	directory_empty();
	file_write("sandbox.json", "{\"base_url\":\"http://127.0.0.1:1\",\"credits\":null,"
	                           "\"pace\":{\"create\":{\"burst\":7}}}");
	OK_NAMED(providers_load(directory, &changed, &err) == 0, err.text);
	if (!changed)
		return;
	provider = provider_find(changed, "sandbox");
	OK_TEXT(provider_base_url(provider), "http://127.0.0.1:1");
	OK_TEXT(provider_title(provider), "the sandbox");
	OK(!provider_key_env(provider) && provider_pace(provider)->create.burst == 7);
	OK(provider_pace(provider)->create.period_ms == 1000 && has_model(provider, SEEDREAM));
	OK(provider_credits_message(provider, "https://x", NULL, &message) == -ENOTSUP);
	OK(provider_credits_message(provider_find(changed, "kie"), "https://x", "k", &message) ==
	        0);
	provider_message_done(&message);
	OK(provider_status_message(provider, "https://x", NULL, SEEDREAM, "t", &message) == 0);
	OK(!has_header(&message, "Authorization: Bearer "));
	provider_message_done(&message);
}

static void test_override(void)
{
	CLEANUP(providers_free_p) struct providers *changed = NULL;
	struct resolve_case higher = {"", "aspect_ratio=1:1;quality=high"};
	struct resolve_case lower = {"provider=other", "aspect_ratio=3:4;quality=high"};
	struct provider_message message = {0};
	const struct provider *provider;
	struct err err = {{0}};

	directory_empty();
	file_write("kie.json", "{\"base_url\":\"https://gateway.example\",\"key\":{\"page\":null},"
	                       "\"models\":{\"" SEEDREAM
	                       "\":{\"parameters\":{\"quality\":{\"default\":\"high\"}}},"
	                       "\"new\":{}}}");
	file_write("other.json",
	        "{\"like\":\"kie\",\"title\":\"other\",\"without\":[\"renew\",\"headers\"],"
	        "\"headers\":{\"x-api-key\":\"{key}\"},\"models\":{\"" SEEDREAM
	        "\":{\"parameters\":{\"aspect_ratio\":{\"default\":\"3:4\",\"values\":[\"3:4\"]}}}}"
	        "}");
	OK(providers_load(directory, &changed, &err) == 0);
	if (!changed) {
		printf("# %s\n", err.text);
		return;
	}
	OK(text_like(providers_names(changed), "kie, *") &&
	        strstr(providers_names(changed), ", other"));
	provider = provider_find(changed, "kie");
	OK_TEXT(provider_base_url(provider), "https://gateway.example");
	OK_TEXT(provider_title(provider), "kie.ai");
	OK_TEXT(provider_key_env(provider), "KIE_API_KEY");
	OK(!provider_key_page(provider));
	OK_TEXT(provider_model_at(provider, 0), SEEDREAM);
	OK(has_model(provider, "new") && !has_model(provider, "old"));
	OK(provider_pace(provider)->create.count == 20);
	resolve_one(changed, &higher);
	resolve_one(changed, &lower);
	provider = provider_find(changed, "sandbox");
	OK(has_model(provider, "new"));
	OK(!provider_base_url(provider));
	provider = provider_find(changed, "other");
	OK_TEXT(provider_base_url(provider), "https://gateway.example");
	OK(provider_status_message(provider, "https://x", "K", "m", "t", &message) == 0);
	OK_TEXT(message.headers[0], "x-api-key: K");
	OK(!message.headers[1]);
	provider_message_done(&message);
	OK(provider_renew_message(provider, "https://x", "K", "https://a", &message) == -ENOTSUP);
}

/* A file of so many pieces, each with its number if `after` is not NULL. */
static void file_write_many(const char *start, const char *before, size_t count, const char *after)
{
	struct buf out = BUF_INIT(PROVIDER_DEFINITION_MAX);
	size_t i;
	int r = buf_add_text(&out, start);

	for (i = 0; r == 0 && i < count; i++)
		r = after ? buf_addf(&out, "%s%zu%s", before, i, after)
		          : buf_add_text(&out, before);
	OK(r == 0 && buf_add_text(&out, "\"z\":1}") == 0);
	file_write("x.json", out.data);
	buf_done(&out);
}

/* So many definitions, each like the one before, the first like kie. */
static int load_chain(int count, struct providers **ret_set, struct err *err)
{
	int i;

	directory_empty();
	for (i = 0; i < count; i++) {
		char name[16], text[64];

		snprintf(name, sizeof(name), "d%d.json", i);
		if (i == 0)
			snprintf(text, sizeof(text), "{\"like\":\"kie\"}");
		else
			snprintf(text, sizeof(text), "{\"like\":\"d%d\"}", i - 1);
		file_write(name, text);
	}
	return providers_load(directory, ret_set, err);
}

static void test_deep(void)
{
	CLEANUP(providers_free_p) struct providers *deep = NULL;
	CLEANUP(providers_free_p) struct providers *none = NULL;
	struct err err = {{0}};

	OK(load_chain(8, &deep, &err) == 0 && provider_find(deep, "d7"));
	OK(load_chain(9, &none, &err) == -EINVAL && !none);
	OK(strstr(err.text, "d8.json: like: goes on over more than 8 definitions: d8 -> d7 -> d6 "
	                    "-> d5 -> d4 -> "
	                    "d3 -> d2 -> d1 -> d0 -> kie"));
}

static void test_large(void)
{
	CLEANUP(providers_free_p) struct providers *none = NULL;
	struct err err = {{0}};

	directory_empty();
	file_write_many("", "[", 10000, NULL);
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "x.json: line 1: not JSON: nested more than 32 deep"));
	file_write_many("", "{\"a", 10000, "\":");
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "x.json: line 1: not JSON: nested more than 32 deep"));
	file_write_many("{", "\"a", 2000, "\":1,");
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "x.json: line 1: more than 1024 names in one object"));
	file_write("x.json", "{\"like\":\"kie\",\"without\":[\"renw\"]}");
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "x.json: without: \"renw\" is no member of what this is like"));
	file_write("x.json", "{\"like\":\"kie\",\"without\":\"renew\"}");
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "x.json: without: must be a list of strings"));
	directory_empty();
	file_write("a.json", "{\"like\":\"b\"}");
	file_write("b.json", "{\"like\":\"c\"}");
	file_write("c.json", "{\"like\":\"a\"}");
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "a.json: like: comes back to itself: a -> b -> c -> a"));
	file_write("a.json", "{\"like\":\"b\"}");
	file_write("b.json", "{\"like\":\"c\"}");
	file_write("c.json", "{\"like\":\"b\"}");
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "b.json: like: comes back to itself: b -> c -> b"));
	test_deep();
}

static void test_files(void)
{
	CLEANUP(providers_free_p) struct providers *none = NULL;
	struct buf big = BUF_INIT(PROVIDER_DEFINITION_MAX + 1);
	char path[128];
	struct err err = {{0}};
	bool padded = true;

	directory_empty();
	file_write("My Service.json", "{}");
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "My Service.json: a definition's name has 1 to 32"));
	directory_empty();
	snprintf(path, sizeof(path), "%s/x.json", directory);
	OK(mkfifo(path, 0600) == 0 && providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "x.json: is not a file"));
	unlink(path);
	OK(symlink("nowhere", path) == 0 && providers_load(directory, &none, &err) == -ENOENT);
	OK(strstr(err.text, "x.json: cannot be opened"));
	directory_empty();
	while (padded && big.size <= PROVIDER_DEFINITION_MAX)
		padded = buf_add(&big, " ", 1) == 0;
	file_write("x.json", big.data ? big.data : "");
	OK(padded && providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "x.json: is longer than 1048576 bytes"));
	OK(truncate(path, 100 << 20) == 0);
	OK(providers_load(directory, &none, &err) == -EINVAL);
	OK(strstr(err.text, "x.json: is longer than 1048576 bytes"));
	file_write("x.json", "{\"like\":\"kie\", nonsense}");
	OK(providers_load(directory, &none, &err) == -EINVAL && strstr(err.text, "x.json: "));
	directory_empty();
	OK(!none && providers_load("/nowhere/at/all", &none, &err) == 0 && none);
	providers_free(TAKE(none));
	OK(providers_load("/dev/null", &none, &err) == -ENOTDIR && !none);
	buf_done(&big);
}

static void test_load(void)
{
	snprintf(directory, sizeof(directory), "/tmp/test-provider-XXXXXX");
	if (!mkdtemp(directory)) {
		OK(!"a temporary directory");
		return;
	}
	test_mine();
	test_pictures();
	test_plain();
	test_override();
	test_override_like();
	directory_empty();
	test_mistakes();
	test_large();
	test_files();
	directory_empty();
	rmdir(directory);
}
