/* SPDX-License-Identifier: MIT */
/* Part of test-provider.c: definitions in a user's directory. */
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
        {"provider=mine;size=L;quality=basic", "size=L"},
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
        {"provider=mine", NULL, "size: is required by big one"},
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
        {"", "seed", "5"},
        {"", "seed", "-5", "seed: \"-5\" is not a whole number from 0 to 4294967295"},
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
	OK(!message.headers[1]);
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

	OK(provider_status_message(service, "https://m", "K", "a&b", &message) == 0);
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
	                        "My service says the task succeeded but gave no picture"}},
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
	OK_TEXT(providers_names(both), "kie, sandbox, mine");
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
	OK_TEXT(providers_names(changed), "kie, sandbox, other");
	provider = provider_find(changed, "kie");
	OK_TEXT(provider_base_url(provider), "https://gateway.example");
	OK_TEXT(provider_title(provider), "kie.ai");
	OK_TEXT(provider_key_env(provider), "KIE_API_KEY");
	OK(!provider_key_page(provider));
	OK_TEXT(provider_model_at(provider, 0), SEEDREAM);
	OK_TEXT(provider_model_at(provider, 1), "new");
	OK(provider_pace(provider)->create.count == 20);
	resolve_one(changed, &higher);
	resolve_one(changed, &lower);
	provider = provider_find(changed, "sandbox");
	OK_TEXT(provider_model_at(provider, 1), "new");
	OK(!provider_base_url(provider));
	provider = provider_find(changed, "other");
	OK_TEXT(provider_base_url(provider), "https://gateway.example");
	OK(provider_status_message(provider, "https://x", "K", "t", &message) == 0);
	OK_TEXT(message.headers[0], "x-api-key: K");
	OK(!message.headers[1]);
	provider_message_done(&message);
	OK(provider_renew_message(provider, "https://x", "K", "https://a", &message) == -ENOTSUP);
}

/* Mistakes as changes of kie's definition, and what must be said of them. */
static const struct mistake {
	const char *text, *words;
} mistakes[] = {
        {"", "kie.json: "},
        {"[]", "kie.json: must be an object"},
        {"{\"titel\":\"x\"}", "kie.json: unknown key \"titel\"; known are: name, like, "},
        {"{\"title\":7}", "kie.json: \"title\" must be a string"},
        {"{\"title\":null}", "kie.json: \"title\" is missing"},
        {"{\"name\":\"kiey\"}", "kie.json: name: must be \"kie\", as the file is called"},
        {"{\"base_url\":\"http://x\"}", "kie.json: base_url: plain http is allowed to a loopback"},
        {"{\"like\":\"nobody\"}", "kie.json: like: must be the name of another definition"},
        {"{\"like\":\"kie\"}", "kie.json: like: goes in a circle, or is too deep"},
        {"{\"like\":\"sandbox\"}", "like: goes in a circle, or is too deep"},
        {"{\"key\":{\"env\":\"A=B\"}}", "kie.json: key.env: cannot be an environment"},
        {"{\"key\":{\"evn\":\"A\"}}", "kie.json: key: unknown key \"evn\"; known are: env, page"},
        {"{\"headers\":{\"X\":\"{kye}\"}}", "kie.json: headers.X: \"kye\" is not one of key"},
        {"{\"headers\":{\"X y\":\"\"}}", "kie.json: headers.X y: cannot be an HTTP header"},
        {"{\"headers\":{\"X\":\"a\\r\\nb\"}}", "kie.json: headers.X: cannot be an HTTP header"},
        {"{\"headers\":{\"X\":[]}}", "kie.json: headers.X: must be a string"},
        {"{\"envelope\":{\"ok\":null}}", "kie.json: envelope: \"ok\" is missing"},
        {"{\"envelope\":{\"ok\":[{}]}}",
                "kie.json: envelope.ok: must be a list of strings or numbers"},
        {"{\"create\":null}", "kie.json: \"create\" is missing"},
        {"{\"create\":{\"method\":\"PUT\"}}",
                "kie.json: create.method: \"PUT\" is not one of GET, POST"},
        {"{\"create\":{\"path\":\"x\"}}", "kie.json: create.path: must begin with a slash"},
        {"{\"create\":{\"path\":\"/{task}\"}}",
                "kie.json: create.path: \"task\" is not one of model"},
        {"{\"create\":{\"task\":null}}", "kie.json: create: \"task\" is missing"},
        {"{\"create\":{\"task\":7}}", "kie.json: create: \"task\" must be a list of strings"},
        {"{\"create\":{\"body\":{\"a\":[{\"b\":\"{mdoel}\"}]}}}",
                "kie.json: create.body.a.b: \"mdoel\" is not one of model, text, input"},
        {"{\"create\":{\"body\":\"{input}\"}}", "kie.json: create.body: must be an object"},
        {"{\"status\":{\"path\":\"/{tsk}\"}}", "kie.json: status.path: \"tsk\" is not one of task"},
        {"{\"status\":{\"colour\":1}}", "kie.json: status: unknown key \"colour\"; known are: "},
        {"{\"states\":{\"done\":\"success\"}}",
                "kie.json: states.done: \"success\" is not one of waiting, queuing, generating, "
                "finished, failed"},
        {"{\"errors\":{\"create\":[{\"verdict\":\"busy\"}]}}",
                "kie.json: errors.create.0: needs one of http, code, text"},
        {"{\"errors\":{\"create\":[{\"http\":[200],\"verdict\":\"busy\"}]}}",
                "kie.json: errors.create.0.http: must be statuses from 400 to 599"},
        {"{\"errors\":{\"create\":[{\"code\":1,\"verdict\":\"failed\"}]}}",
                "kie.json: errors.create.0.verdict: \"failed\" is not one of key, credits, busy, "
                "maintenance, unclear, refused"},
        {"{\"errors\":{\"status\":[{\"code\":1,\"verdict\":\"lost\"}]}}",
                "kie.json: errors.status.0.verdict: \"lost\" is not one of key, credits, busy, "
                "maintenance, unclear, refused, not_found, failed"},
        {"{\"errors\":{\"later\":[]}}", "kie.json: errors: unknown key \"later\"; known are: "},
        {"{\"errors\":{\"always\":{}}}", "kie.json: errors.always: must be a list of at most"},
        {"{\"pace\":{\"create\":{\"count\":0}}}",
                "kie.json: pace.create: \"count\" must be from 1 to 1000000"},
        {"{\"pace\":{\"poll\":[]}}", "kie.json: pace.poll: must be a list of 1 to 4 steps"},
        {"{\"pace\":{\"poll\":[{\"until_ms\":5,\"every_ms\":10}]}}",
                "kie.json: pace.poll.0.until_ms: every step but the last must have one"},
        {"{\"pace\":{\"poll\":[{\"until_ms\":5,\"every_ms\":10},{\"until_ms\":5,\"every_ms\":10},"
         "{\"every_ms\":10}]}}",
                "kie.json: pace.poll.1.until_ms: must be more than the step's before"},
        {"{\"default_model\":\"x\"}", "kie.json: default_model: \"x\" is not one of the models"},
        {"{\"models\":[]}", "kie.json: models: must be an object of 1 to 512 models"},
        {"{\"models\":{\"m\":{\"txt\":{}}}}", "kie.json: models.m: unknown key \"txt\""},
        {"{\"models\":{\"m\":{\"text\":{\"max_chars\":0}}}}",
                "kie.json: models.m.text: \"max_chars\" must be from 1 to 1000000"},
        {"{\"models\":{\"m\":{\"create\":{\"path\":\"x\"}}}}",
                "kie.json: models.m.create.path: must begin with a slash"},
        {"{\"models\":{\"m\":{\"price\":{}}}}", "kie.json: models.m.price: \"credits\" is missing"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":-1}}}}",
                "kie.json: models.m.price.credits: must be a number from 0 on, or an object"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"a\":1},\"by\":\"x\"}}}}",
                "kie.json: models.m.price.by: must name the parameter that the prices go by"},
        {"{\"models\":{\"" SEEDREAM "\":{\"parameters\":{\"quality\":{\"type\":\"strin\"}}}}}",
                "kie.json: models." SEEDREAM ".parameters.quality.type: \"strin\" is not one of "
                "string, integer, number, boolean, strings, json"},
        {"{\"models\":{\"" SEEDREAM "\":{\"parameters\":{\"quality\":{\"default\":\"x\"}}}}}",
                "kie.json: models." SEEDREAM ".parameters.quality.default: \"x\" is not one of "
                "basic, high"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{}}}}}",
                "kie.json: models.m.parameters.p: \"type\" is missing"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"integer\",\"values\":[\"x\"]}}}}}",
                "kie.json: models.m.parameters.p.values: \"x\" is not one of x"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"values\":[\"a\"],"
         "\"aliases\":{\"b\":\"c\"}}}}}}",
                "kie.json: models.m.parameters.p.aliases: \"c\" is not one of a"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"values\":[\"a\"],"
         "\"common\":{\"quality\":{\"high\":\"c\"}}}}}}}",
                "kie.json: models.m.parameters.p.common.quality: \"c\" is not one of a"},
        {"{\"models\":{\"m\":{\"parameters\":{\"hold\":{\"type\":\"string\"}}}}}",
                "kie.json: models.m.parameters.hold: cannot be a parameter's name"},
        {"{\"models\":{\"m\":{\"parameters\":{\"task.x\":{\"type\":\"string\"}}}}}",
                "kie.json: models.m.parameters.task.x: cannot be a parameter's name"},
        {"{\"models\":{\"m\":{\"text\":{\"name\":\"p\"},"
         "\"parameters\":{\"p\":{\"type\":\"string\"}}}}}",
                "kie.json: models.m.parameters.p: cannot be a parameter's name"},
};

static void test_mistakes(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		CLEANUP(providers_free_p) struct providers *none = NULL;
		struct err err = {{0}};
		bool good;

		file_write("kie.json", mistakes[i].text);
		good = providers_load(directory, &none, &err) == -EINVAL && !none &&
		       strstr(err.text, mistakes[i].words) &&
		       strncmp(err.text, directory, strlen(directory)) == 0;
		/* What sandbox takes from kie is said of sandbox too. */
		good = good ||
		       (strstr(mistakes[i].text, "sandbox") && strstr(err.text, mistakes[i].words));
		OK_NAMED(good, mistakes[i].words);
		if (!good)
			printf("# %s\n", err.text);
	}
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
	OK(padded && providers_load(directory, &none, &err) == -EFBIG);
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
	test_override();
	directory_empty();
	test_mistakes();
	test_files();
	directory_empty();
	rmdir(directory);
}
