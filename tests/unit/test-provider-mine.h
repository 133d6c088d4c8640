/* SPDX-License-Identifier: MIT */
/* Part of test-provider.c: a service of the user's own. */
#pragma once

#include "test-provider-resolve.h"

static char directory[64];

static void file_write(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0)
		printf("# %s: cannot be written\n", path);
	if (file)
		fclose(file);
}

static void directory_empty(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' || entry->d_name[1] == 'h')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

/* A service of the user's that has nothing in common with kie.ai: other names and paths, a key in
 * a header of its own, a status that is POSTed, answers in an array, codes in words. */
static const char mine[] =
        "{\"title\":\"My service\",\"base_url\":\"https://mine.example/v3\","
        "\"key\":{\"env\":\"MINE_KEY\"},"
        "\"headers\":{\"x-api-key\":\"{key}\"},"
        "\"envelope\":{\"code\":\"status.kind\",\"message\":[\"status.words\"],\"ok\":\"fine\"},"
        "\"create\":{\"path\":\"/make/{model}\",\"task\":\"job.number\","
        "\"body\":{\"engine\":\"{model}\",\"...\":\"{input}\",\"meta\":[\"by {model}\",7,true]}},"
        "\"status\":{\"method\":\"POST\",\"path\":\"/look?job={task}&v=1\","
        "\"state\":[\"job.phase\"],\"results\":[\"job.files\"],\"result_members\":[\"href\"],"
        "\"error_text\":\"job.why\",\"credits\":\"job.cost\"},"
        "\"states\":{\"baking\":\"generating\",\"in line\":\"queuing\",\"ready\":\"finished\","
        "\"burnt\":\"failed\"},"
        "\"errors\":{\"always\":[{\"code\":\"who\",\"verdict\":\"key\"}],"
        "\"create\":[{\"code\":[\"nope\"],\"verdict\":\"refused\"}]},"
        "\"default_model\":\"big one\",\"models\":{"
        "\"big one\":{\"text\":{\"name\":\"words\",\"min_chars\":3,\"max_chars\":9},"
        "\"price\":{\"by\":\"size\",\"unit\":\"picture\",\"credits\":{\"S\":1,\"L\":2.5}},"
        "\"parameters\":{"
        "\"shape\":{\"type\":\"string\",\"values\":[\"sq\",\"wide\"],\"default\":\"sq\","
        "\"aliases\":{\"square\":\"sq\"},"
        "\"common\":{\"aspect_ratio\":{\"1:1\":\"sq\",\"16:9\":\"wide\"}}},"
        "\"size\":{\"type\":\"string\",\"values\":[\"S\",\"L\"],\"required\":true,"
        "\"common\":{\"quality\":{\"basic\":\"S\",\"high\":\"L\"}}},"
        "\"seed\":{\"type\":\"integer\",\"min\":0,\"max\":4294967295},"
        "\"count\":{\"type\":\"integer\",\"values\":[1,2,4],\"as_string\":true},"
        "\"strength\":{\"type\":\"number\",\"min\":0.01,\"max\":1},"
        "\"not\":{\"type\":\"string\",\"max_length\":4},"
        "\"image_urls\":{\"type\":\"strings\",\"max_length\":2},"
        "\"boxes\":{\"type\":\"json\"}}},"
        "\"small\":{\"create\":{\"path\":\"/small\",\"body\":{\"t\":\"{text}\"}}}}}";

static const struct resolve_case mine_cases[] = {
        {"provider=mine;quality=basic", "size=S"},
        {"provider=mine;size=L;quality=basic", NULL, "quality and size disagree: *"},
        {"provider=mine;size=L;quality=high", "size=L"},
        {"provider=mine;quality=high|size=S", "size=L"},
        {"provider=mine;quality=high|size=bad", "size=L"},
        {"provider=mine;size=S;aspect_ratio=16:9", "shape=wide;size=S"},
        {"provider=mine;size=S;shape=square", "shape=sq;size=S"},
        {"provider=mine;size=S;seed=007", "seed=7;size=S"},
        {"provider=mine;size=S;seed=4294967295", "seed=4294967295;size=S"},
        {"provider=mine;size=S;strength=1.0;count=4", "count=4;size=S;strength=1"},
        {"provider=mine;size=S;strength=2.5e-1", "size=S;strength=0.25"},
        {"provider=mine;size=S;image_urls= a  b ", "image_urls=a b;size=S"},
        {"provider=mine;size=S;boxes=[[1, 2]]", "boxes=[[1,2]];size=S"},
        {"provider=mine;size=S;nsfw_checker=1", "size=S",
                "nsfw_checker (big one has no such parameter)"},
        {"provider=mine;model=small;nsfw_checker=1;quality=high|shape=sq", "",
                "nsfw_checker (small has no such parameter), "
                "quality (small has no such parameter), shape (small has no such parameter)"},
        {"seed=5", "aspect_ratio=1:1;quality=basic", "seed (" SEEDREAM " has no such parameter)"},
        {"provider=mine", NULL, "size: is required by big one: one of S, L"},
        {"provider=mine;quality=S", NULL, "quality: \"S\" is not one of basic, high"},
        {"provider=mine;size=basic", NULL, "size: \"basic\" is not one of S, L"},
        {"provider=mine;size=S;aspect_ratio=4:3", NULL,
                "aspect_ratio: \"4:3\" is not one of 1:1, 16:9"},
        {"provider=mine;size=S;seed=-1", NULL,
                "seed: \"-1\" is not a whole number from 0 to 4294967295"},
        {"provider=mine;size=S;seed=4294967296", NULL,
                "seed: \"4294967296\" is not a whole number from 0 to 4294967295"},
        {"provider=mine;size=S;seed=99999999999999999999", NULL,
                "seed: \"99999999999999999999\" is not a whole number from 0 to 4294967295"},
        {"provider=mine;size=S;seed=0x10", NULL,
                "seed: \"0x10\" is not a whole number from 0 to 4294967295"},
        {"provider=mine;size=S;seed= 1", NULL,
                "seed: \" 1\" is not a whole number from 0 to 4294967295"},
        {"provider=mine;size=S;strength=nan", NULL,
                "strength: \"nan\" is not a number from 0.01 to 1"},
        {"provider=mine;size=S;strength=1e999", NULL,
                "strength: \"1e999\" is not a number from 0.01 to 1"},
        {"provider=mine;size=S;count=3", NULL, "count: \"3\" is not one of 1, 2, 4"},
        {"provider=mine;size=S;not=abcde", NULL, "not: \"abcde\" is not at most 4 characters"},
        {"provider=mine;size=S;image_urls=a b c", NULL,
                "image_urls: \"a b c\" is not at most 2 words separated by spaces"},
        {"provider=mine;size=S;boxes=[", NULL, "boxes: \"[\" is not JSON"},
        {"provider=mine;model=" SEEDREAM, NULL,
                "model: \"" SEEDREAM "\" is not one of those that My service has: big one, small"},
};

static const struct check_case mine_checks[] = {
        {"", "boxes", "[]"},
        {"", "boxes", "[", "boxes: \"[\" is not JSON"},
        {"", "model", "small"},
        {"provider=mine", "quality", "high"},
        {"provider=mine", "quality", "ultra", "quality: \"ultra\" is not one of basic, high"},
        {"provider=mine;model=small", "quality", "high"},
        {"provider=mine;model=small", "nsfw_checker", "x",
                "nsfw_checker: \"x\" is not one of true, false"},
};

static void test_mine_messages(const struct providers *in, const struct provider *service)
{
	struct provider_order order = {0};
	struct provider_message message = {0};
	struct levels levels;
	struct err err;

	levels_make(&levels,
	        "provider=mine;size=L;seed=5;count=4;strength=0.5;image_urls=https://a "
	        "https://b;boxes=[[1]];not=x");
	OK(provider_resolve(in, &levels.settings, "a cat", &order, &err) == 0);
	OK(provider_create_message(
	           service, provider_base_url(service), "K", &order.request, NULL, &message) == 0);
	OK_TEXT(message.method, "POST");
	OK_TEXT(message.url, "https://mine.example/v3/make/big%20one");
	OK_TEXT(message.headers[0], "x-api-key: K");
	OK_TEXT(message.headers[1], "Content-Type: application/json");
	OK(!message.headers[2]);
	OK_TEXT(message.body,
	        "{\"engine\":\"big one\",\"words\":\"a "
	        "cat\",\"size\":\"L\",\"seed\":5,\"count\":\"4\","
	        "\"strength\":0.5,\"not\":\"x\",\"image_urls\":[\"https://a\",\"https://b\"],"
	        "\"boxes\":[[1]],\"meta\":[\"by big one\",7,true]}");
	provider_message_done(&message);
	provider_order_done(&order);
	levels_done(&levels);

	levels_make(&levels, "provider=mine;model=small");
	OK(provider_resolve(in, &levels.settings, "{model}", &order, &err) == 0);
	OK(provider_create_message(service, "https://m", "K", &order.request, NULL, &message) == 0);
	OK_TEXT(message.url, "https://m/small");
	OK_TEXT(message.body, "{\"t\":\"{model}\"}");
	provider_message_done(&message);
	provider_order_done(&order);
	/* A model that needs no text takes none, and the others do not. */
	OK(provider_resolve(in, &levels.settings, "", &order, &err) == 0);
	provider_order_done(&order);
	levels_done(&levels);

	OK(provider_status_message(service, "https://m", "K", "none", "a&b", &message) == 0);
	OK_TEXT(message.method, "POST");
	OK_TEXT(message.url, "https://m/look?job=a%26b&v=1");
	OK(!message.body);
	provider_message_done(&message);
	OK(provider_credits_message(service, "https://m", "K", &message) == -ENOTSUP);
	OK(provider_renew_message(service, "https://m", "K", "https://a", &message) == -ENOTSUP);
}

static void test_mine_answers(const struct provider *service)
{
	static const struct {
		reader *read;
		struct answer_case answer;
	} cases[] = {
	        {provider_read_create,
	                {"mine: accepted", 200,
	                        "[{\"status\":{\"kind\":\"fine\"},\"job\":{\"number\":"
	                        "\"t1\"}}]",
	                        PROVIDER_ACCEPTED}},
	        {provider_read_create,
	                {"mine: key", 200,
	                        "[{\"status\":{\"kind\":\"who\",\"words\":\"who are you\"}}]",
	                        PROVIDER_BAD_KEY, "who are you"}},
	        {provider_read_create, {"mine: refused", 200, "{\"status\":{\"kind\":\"nope\"}}",
	                                       PROVIDER_REFUSED}},
	        {provider_read_create,
	                {"mine: not kie's", 200, "{\"code\":401}", PROVIDER_UNCLEAR}},
	        {provider_read_create, {"mine: no rule for 401", 401, "", PROVIDER_UNCLEAR}},
	        {provider_read_status, {"mine: running", 200, "[{\"job\":{\"phase\":\"baking\"}}]",
	                                       PROVIDER_RUNNING}},
	        {provider_read_status,
	                {"mine: failed", 200,
	                        "[{\"job\":{\"phase\":\"burnt\",\"why\":\"too hot\"}}]",
	                        PROVIDER_FAILED, "too hot"}},
	        {provider_read_status, {"mine: finished", 200,
	                                       "[{\"job\":{\"phase\":\"ready\",\"files\":[{"
	                                       "\"href\":\"https://m/1\"}]"
	                                       "}}]",
	                                       PROVIDER_FINISHED}},
	        {provider_read_status,
	                {"mine: finished with none", 200,
	                        "[{\"job\":{\"phase\":\"ready\",\"files\":[{\"url\":\"https://m/"
	                        "1\"}]"
	                        "}}]",
	                        PROVIDER_FAILED,
	                        "My service says the task succeeded but gave no usable link to a "
	                        "picture"}},
	        {provider_read_status, {"mine: no record", 200, "{\"status\":{\"kind\":\"fine\"}}",
	                                       PROVIDER_UNCLEAR}},
	};
	struct provider_answer answer = {0};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		OK_NAMED(read_exact(cases[i].read, service, cases[i].answer.status,
		                 cases[i].answer.body, &answer) &&
		                 answer_is(&answer, &cases[i].answer),
		        cases[i].answer.name);
		provider_answer_done(&answer);
	}
}

static void test_mine(void)
{
	CLEANUP(providers_free_p) struct providers *both = NULL;
	struct buf page = BUF_INIT(65536);
	const struct provider *service;
	struct err err = {{0}};
	size_t i;

	directory_empty();
	file_write("mine.json", mine);
	file_write(".hidden.json", "x");
	file_write("mine.json~", "x");
	file_write("README", "x");
	OK(providers_load(directory, &both, &err) == 0);
	service = both ? provider_find(both, "mine") : NULL;
	if (!service) {
		printf("# %s\n", err.text);
		return;
	}
	OK(text_like(providers_names(both), "kie, *") && strstr(providers_names(both), ", mine"));
	OK_TEXT(provider_title(service), "My service");
	OK_TEXT(provider_model_at(service, 1), "small");
	OK(!provider_key_page(service) && provider_pace(service)->poll_count == 2);
	for (i = 0; i < ARRAY_SIZE(mine_cases); i++)
		resolve_one(both, &mine_cases[i]);
	for (i = 0; i < ARRAY_SIZE(mine_checks); i++)
		check_one(both, &mine_checks[i]);
	test_mine_messages(both, service);
	test_mine_answers(service);
	OK(provider_model_page(service, "big one", &page) == 0 &&
	        provider_model_page(service, "small", &page) == 0);
	OK(strstr(page.data, "Price in credits for each picture, by size: S: 1, L: 2.5\n"));
	OK(strstr(page.data, "also set as aspect_ratio: 1:1 is sq, 16:9 is wide\n"));
	OK(strstr(page.data, "seed: a whole number from 0 to 4294967295\n"));
	OK(strstr(page.data, "square means sq\n"));
	OK(strstr(page.data, "must be set\n"));
	OK(strstr(page.data, "This model has no parameters.\n"));
	buf_done(&page);
}
