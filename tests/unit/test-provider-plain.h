/* SPDX-License-Identifier: MIT */
/* Part of test-provider.c: a service whose answers have no codes, and one value of a kind. */
#pragma once

#include "test-provider-pictures.h"

static const char plain[] =
        "{\"title\":\"Plain\",\"base_url\":\"https://plain.example\","
        "\"envelope\":{\"message\":\"error.message\"},"
        "\"create\":{\"path\":\"/p\",\"body\":{\"m\":\"{model}\",\"say\":\"{text}\","
        "\"how\":\"{input}\"},\"task\":\"id\"},"
        "\"status\":{\"path\":\"/p\",\"body\":{\"ids\":[\"{task}\"]},\"record\":\"job\","
        "\"state\":\"job.state\",\"results\":\"job.pictures\",\"result_members\":[\"full\","
        "\"href\",\"sizes.*\"]},"
        "\"states\":{\"done\":\"finished\",\"bad\":\"failed\"},"
        "\"errors\":{\"always\":[{\"code\":\"none\",\"text\":\"quota\",\"verdict\":\"credits\"}],"
        "\"create\":[{\"code\":\"none\",\"text\":\"invalid prompt\",\"verdict\":\"refused\"}],"
        "\"status\":[{\"code\":\"none\",\"text\":\"is gone\",\"verdict\":\"not_found\"}]},"
        "\"default_model\":\"quill\",\"models\":{"
        "\"pen\":{\"also\":\"quill\",\"text\":{},\"status\":{\"path\":\"/pens\"},\"parameters\":{"
        "\"ink\":{\"type\":\"string\",\"values\":\"black\"},"
        "\"weight\":{\"type\":\"number\"},"
        "\"paper\":{\"type\":\"string\",\"common\":{\"aspect_ratio\":{\"1:1\":\"sq\"}}},"
        "\"sketch\":{\"type\":\"picture\",\"formats\":\"png\",\"inline\":true}}},"
        "\"both\":{\"text\":{\"name\":\"words\"}},"
        "\"any\":{\"create\":{\"path\":\"/any\"}}}}";

/* The same, with a rule that keeps what has no message from meaning anything. */
static const char plainer[] =
        "{\"like\":\"plain\",\"title\":\"Plainer\","
        "\"errors\":{\"status\":[{\"code\":\"none\",\"verdict\":\"unclear\"}]}}";

static const struct resolve_case plain_cases[] = {
        {"provider=plain;ink=red", NULL, "ink: \"red\" is not black"},
        {"provider=plain;ink=black", "ink=black"},
        {"provider=plain;aspect_ratio=4:3", NULL, "aspect_ratio: \"4:3\" is not 1:1"},
};

static const struct {
	const char *service;
	reader *read;
	struct answer_case answer;
} plain_answers[] = {
        {"plain", provider_read_status, {"no record", 200, "{}", PROVIDER_NOT_FOUND}},
        {"plain", provider_read_status, {"null", 200, "{\"job\":null}", PROVIDER_NOT_FOUND}},
        {"plain", provider_read_status, {"in a list", 201, "[{}]", PROVIDER_NOT_FOUND}},
        {"plain", provider_read_status,
                {"a message of nothing", 200, "{\"error\":{\"message\":\"\"}}",
                        PROVIDER_NOT_FOUND}},
        {"plain", provider_read_status,
                {"a record without a state", 200, "{\"job\":{}}", PROVIDER_UNCLEAR}},
        {"plain", provider_read_status,
                {"an error", 200, "{\"error\":{\"message\":\"try later\"}}", PROVIDER_UNCLEAR,
                        "try later"}},
        {"plain", provider_read_status,
                {"a rule for all", 200, "{\"error\":{\"message\":\"quota\"}}", PROVIDER_NO_CREDITS,
                        "quota"}},
        {"plain", provider_read_status,
                {"a rule for tasks", 200, "{\"error\":{\"message\":\"it is gone\"}}",
                        PROVIDER_NOT_FOUND, "it is gone"}},
        {"plain", provider_read_status, {"an empty list", 200, "[]", PROVIDER_UNCLEAR}},
        {"plain", provider_read_status, {"nothing", 200, "", PROVIDER_UNCLEAR}},
        {"plain", provider_read_status, {"a page", 200, "<html>", PROVIDER_UNCLEAR}},
        {"plain", provider_read_status, {"text", 200, "\"x\"", PROVIDER_UNCLEAR}},
        {"plain", provider_read_status, {"moved", 302, "{}", PROVIDER_UNCLEAR}},
        {"plain", provider_read_status, {"404 without a rule", 404, "{}", PROVIDER_UNCLEAR}},
        {"plain", provider_read_status, {"500", 500, "{}", PROVIDER_UNCLEAR}},
        {"plain", provider_read_status,
                {"running", 200, "{\"job\":{\"state\":\"new\"}}", PROVIDER_RUNNING}},
        {"plain", provider_read_status,
                {"a failure", 200, "{\"job\":{\"state\":\"bad\"}}", PROVIDER_FAILED}},
        {"plainer", provider_read_status, {"an unclear rule", 200, "{}", PROVIDER_UNCLEAR}},
        {"shop", provider_read_status, {"no record is named", 200, "{}", PROVIDER_UNCLEAR}},
        {"kie", provider_read_status,
                {"a code is missing", 200, "{\"data\":null}", PROVIDER_UNCLEAR}},
        {"plain", provider_read_create, {"accepted", 200, "{\"id\":\"t1\"}", PROVIDER_ACCEPTED}},
        {"plain", provider_read_create,
                {"refused", 200, "{\"error\":{\"message\":\"Invalid prompt.\"}}", PROVIDER_REFUSED,
                        "Invalid prompt."}},
        {"plain", provider_read_create,
                {"too few credits", 200, "{\"error\":{\"message\":\"over the quota\"}}",
                        PROVIDER_NO_CREDITS, "over the quota"}},
        {"plain", provider_read_create, {"no answer", 200, "{}", PROVIDER_UNCLEAR}},
};

static void test_plain_answers(const struct providers *in)
{
	struct provider_answer answer = {0};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plain_answers); i++) {
		OK_NAMED(read_exact(plain_answers[i].read,
		                 provider_find(in, plain_answers[i].service),
		                 plain_answers[i].answer.status, plain_answers[i].answer.body,
		                 &answer) &&
		                 answer_is(&answer, &plain_answers[i].answer),
		        plain_answers[i].answer.name);
		provider_answer_done(&answer);
	}
}

/* Links in members at every depth, the first name that has any; then all that is below one. */
static void test_plain_results(const struct provider *service)
{
	static const struct {
		const char *pictures, *urls;
	} cases[] = {
	        {"[{\"href\":\"https://a/1\",\"full\":{\"href\":\"https://a/2\"}}]", "https://a/2"},
	        {"{\"full\":[{\"href\":{\"full\":\"https://a/3\"}},\"https://a/4\"]}",
	                "https://a/3 https://a/4"},
	        {"{\"sizes\":{\"s\":\"https://a/5\",\"l\":{\"url\":\"https://a/6\"}}}",
	                "https://a/5 https://a/6"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct provider_answer answer = {0};
		CLEANUP(free_p) char *urls = NULL;
		char body[200];
		int size = snprintf(body, sizeof(body),
		        "{\"job\":{\"state\":\"done\",\"pictures\":%s}}", cases[i].pictures);

		OK(provider_read_status(service, 200, body, (size_t)size, &answer) == 0 &&
		        answer.verdict == PROVIDER_FINISHED);
		urls = answer.urls ? urls_joined(answer.urls) : NULL;
		OK_TEXT(urls, cases[i].urls);
		provider_answer_done(&answer);
	}
}

static void test_plain_body(const struct providers *in, const char *chosen, const char *text,
        const char *url, const char *body)
{
	struct provider_order order = {0};
	struct provider_message message = {0};
	struct levels levels;
	struct err err = {{0}};

	levels_make(&levels, chosen);
	OK(provider_resolve(in, &levels.settings, text, &order, &err) == 0);
	if (err.text[0])
		printf("# %s\n", err.text);
	OK(provider_create_message(provider_find(in, "plain"), "https://x", NULL, &order.request,
	           NULL, &message) == 0);
	OK_TEXT(message.url, url);
	OK_TEXT(message.body, body);
	provider_message_done(&message);
	provider_order_done(&order);
	levels_done(&levels);
}

static void test_plain_requests(const struct providers *in)
{
	const struct provider *service = provider_find(in, "plain");
	struct provider_message message = {0};

	/* By another name of the model, and numbers in their shortest form. */
	test_plain_body(in, "provider=plain;weight=0.500;ink=black", "a cat", "https://x/p",
	        "{\"m\":\"pen\",\"say\":\"a cat\",\"how\":{\"ink\":\"black\",\"weight\":0.5}}");
	test_plain_body(in, "provider=plain;weight=1e-2", "a cat", "https://x/p",
	        "{\"m\":\"pen\",\"say\":\"a cat\",\"how\":{\"weight\":0.01}}");
	test_plain_body(in, "provider=plain;weight=2.0", "a cat", "https://x/p",
	        "{\"m\":\"pen\",\"say\":\"a cat\",\"how\":{\"weight\":2}}");
	/* The text twice, and where the model says nothing of it. */
	test_plain_body(in, "provider=plain;model=both", "a cat", "https://x/p",
	        "{\"m\":\"both\",\"say\":\"a cat\",\"how\":{\"words\":\"a cat\"}}");
	test_plain_body(in, "provider=plain;model=any", "a cat", "https://x/any",
	        "{\"m\":\"any\",\"say\":\"a cat\",\"how\":{}}");
	test_plain_body(in, "provider=plain;model=any", "", "https://x/any",
	        "{\"m\":\"any\",\"say\":\"\",\"how\":{}}");
	/* What a model does not say of its status stays the service's. */
	OK(provider_status_message(service, "https://x", NULL, "pen", "t", &message) == 0);
	OK_TEXT(message.method, "POST");
	OK_TEXT(message.url, "https://x/pens");
	OK_TEXT(message.body, "{\"ids\":[\"t\"]}");
	provider_message_done(&message);
}

static void test_plain(void)
{
	CLEANUP(providers_free_p) struct providers *in = NULL;
	struct buf page = BUF_INIT(65536);
	struct err err = {{0}};
	size_t i;

	directory_empty();
	file_write("plain.json", plain);
	file_write("plainer.json", plainer);
	file_write("shop.json", shop);
	OK(providers_load(directory, &in, &err) == 0);
	if (!in) {
		printf("# %s\n", err.text);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(plain_cases); i++)
		resolve_one(in, &plain_cases[i]);
	test_plain_answers(in);
	test_plain_results(provider_find(in, "plain"));
	test_plain_requests(in);
	OK(provider_model_page(provider_find(in, "plain"), "pen", &page) == 0);
	OK(strstr(page.data, "The one for prompts that name no model.\n"));
	OK(strstr(page.data, "\nink: black\n"));
	OK(strstr(page.data, " and is png\n"));
	OK(!strstr(page.data, "one of"));
	buf_clear(&page);
	OK(provider_model_page(provider_find(in, "plain"), "both", &page) == 0 &&
	        !strstr(page.data, "prompts that name no model"));
	buf_done(&page);
}
