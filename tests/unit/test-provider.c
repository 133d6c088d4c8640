/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "test-provider-answers.h"

#include "darkroom/json.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#define SEEDREAM "seedream/4.5-text-to-image"

static struct providers *set;
static const struct provider *kie;

/* ---- answers ---- */

static void test_task_ids(void)
{
	char body[400], id[PROVIDER_TASK_ID_MAX + 2];
	struct provider_answer answer = {0};
	size_t i;

	for (i = 0; i < 2; i++) {
		memset(id, 'x', sizeof(id));
		id[PROVIDER_TASK_ID_MAX + i] = '\0';
		snprintf(body, sizeof(body), "{\"code\":200,\"data\":{\"taskId\":\"%s\"}}", id);
		OK(read_exact(provider_read_create, kie, 200, body, &answer));
		OK_NAMED(answer.verdict == (i ? PROVIDER_UNCLEAR : PROVIDER_ACCEPTED),
		        "the longest task id");
		provider_answer_done(&answer);
	}
}

static void test_result_limits(void)
{
	struct buf body = BUF_INIT(1 << 20);
	struct provider_answer answer = {0};
	size_t count = 0, i, length;
	int r;

	r = buf_add_text(
	        &body, "{\"code\":200,\"data\":{\"state\":\"success\",\"resultJson\":{\"urls\":[");
	for (i = 0; i < PROVIDER_RESULTS_MAX + 10 && r == 0; i++)
		r = buf_addf(&body, "%s\"https://a/%zu\"", i ? "," : "", i);
	OK(r == 0 && buf_add_text(&body, "]}}}") == 0);
	OK(provider_read_status(kie, 200, body.data, body.size, &answer) == 0);
	while (answer.urls && answer.urls[count])
		count++;
	OK(answer.verdict == PROVIDER_FINISHED && count == PROVIDER_RESULTS_MAX);
	provider_answer_done(&answer);

	for (length = PROVIDER_URL_MAX; length <= PROVIDER_URL_MAX + 1; length++) {
		buf_clear(&body);
		OK(buf_addf(&body,
		           "{\"code\":200,\"data\":{\"state\":\"success\",\"resultJson\":\"https://"
		           "%0*d"
		           "\"}}",
		           (int)length - 8, 1) == 0);
		OK(provider_read_status(kie, 200, body.data, body.size, &answer) == 0);
		OK((answer.verdict == PROVIDER_FINISHED) == (length == PROVIDER_URL_MAX));
		provider_answer_done(&answer);
	}

	buf_clear(&body);
	r = buf_add_text(&body, "{\"code\":200,\"data\":{\"state\":\"success\",\"resultJson\":");
	for (i = 0; i < 20 && r == 0; i++)
		r = buf_add_text(&body, "[");
	r = r == 0 ? buf_add_text(&body, "\"https://a/1\"") : r;
	for (i = 0; i < 20 && r == 0; i++)
		r = buf_add_text(&body, "]");
	OK(r == 0 && buf_add_text(&body, "}}") == 0);
	OK(provider_read_status(kie, 200, body.data, body.size, &answer) == 0);
	OK(answer.verdict == PROVIDER_FAILED);
	provider_answer_done(&answer);
	buf_done(&body);
}

static void test_answer_limits(void)
{
	struct provider_answer answer = {0};
	char *huge = calloc(1, PROVIDER_ANSWER_MAX + 1);

	if (huge) {
		memset(huge, ' ', PROVIDER_ANSWER_MAX + 1);
		memcpy(huge, "{\"taskId\":\"t1\"}", 15);
		OK(provider_read_create(kie, 200, huge, PROVIDER_ANSWER_MAX, &answer) == 0 &&
		        answer.verdict == PROVIDER_ACCEPTED);
		provider_answer_done(&answer);
		OK(provider_read_create(kie, 200, huge, PROVIDER_ANSWER_MAX + 1, &answer) == 0 &&
		        answer.verdict == PROVIDER_UNCLEAR);
		provider_answer_done(&answer);
	}
	free(huge);
}

/* ---- the built-in definitions ---- */

static void test_builtins(void)
{
	const struct provider *sandbox = provider_find(set, "sandbox");
	const struct provider_pace *pace = provider_pace(kie);

	OK(strncmp(providers_names(set), "kie, ", 5) == 0);
	OK(provider_find(set, "revidapi") && provider_find(set, "liangxin") &&
	        provider_find(set, "apikley"));
	OK_TEXT(provider_name(kie), "kie");
	OK_TEXT(provider_title(kie), "kie.ai");
	OK_TEXT(provider_key_env(kie), "KIE_API_KEY");
	OK_TEXT(provider_key_page(kie), "https://kie.ai/api-key");
	OK_TEXT(provider_base_url(kie), "https://api.kie.ai");
	OK_TEXT(provider_default_model(kie), SEEDREAM);
	OK_TEXT(provider_model_at(kie, 0), SEEDREAM);
	OK(!provider_model_at(kie, 100000));
	OK(!provider_find(set, "nobody") && !provider_find(set, ""));
	OK(pace->create.count == 20 && pace->create.period_ms == 10000 && pace->create.burst == 20);
	OK(pace->status.count == 5 && pace->status.period_ms == 2000);
	OK(pace->poll_first_ms == 3000 && pace->poll_count == 4);
	OK(pace->poll[0].age_ms == 30000 && pace->poll[0].every_ms == 3000);
	OK(pace->poll[1].age_ms == 120000 && pace->poll[1].every_ms == 8000);
	OK(pace->poll[2].age_ms == 900000 && pace->poll[2].every_ms == 20000);
	OK(pace->poll[3].age_ms == INT64_MAX && pace->poll[3].every_ms == 60000);
	OK(pace->not_found_grace_ms == 90000 && pace->give_up_ms == 86400000);
	OK(pace->create_timeout_ms == 150000);
	OK(sandbox && !provider_key_env(sandbox) && !provider_key_page(sandbox));
	OK(sandbox && !provider_base_url(sandbox));
	OK_TEXT(provider_model_at(sandbox, 0), SEEDREAM);
	OK(provider_pace(sandbox)->poll_first_ms == 500);
	OK(provider_pace(sandbox)->poll[0].every_ms == 500);
	OK(provider_pace(sandbox)->not_found_grace_ms == 90000);
}

static void test_page(void)
{
	struct buf page = BUF_INIT(65536), small = BUF_INIT(20);

	OK(provider_model_page(kie, SEEDREAM, &page) == 0);
	OK(strncmp(page.data, "kie.ai: " SEEDREAM "\n", strlen(SEEDREAM) + 9) == 0);
	OK(strstr(page.data, "at most 3000 characters"));
	OK(strstr(page.data, "6.5 credits for each image"));
	OK(strstr(page.data, "aspect_ratio: one of 1:1, 4:3, 3:4, 16:9, 9:16, 2:3, 3:2, 21:9\n"));
	OK(strstr(page.data, "quality: one of basic, high\n"));
	OK(strstr(page.data, "    default basic\n"));
	OK(provider_model_page(kie, "nothing", &page) == -ENOENT);
	OK(provider_model_page(kie, SEEDREAM, &small) == -EMSGSIZE);
	buf_done(&page);
	buf_done(&small);
}

/* Takes the settings out of a page's example, as a shell would. */
static bool example_read(const char *page, struct parameters *settings)
{
	static const char start[] = "setfattr -n user.darkroom.";
	const char *at = page;
	size_t count = 0;

	while ((at = strstr(at, start))) {
		char name[80], value[1100] = "";
		size_t used = 0;
		bool quoted = false;

		at += strlen(start);
		if (sscanf(at, "%79[^ ]", name) != 1)
			return false;
		at = strstr(at, "-v ");
		if (!at)
			return false;
		for (at += 3; *at && (quoted || *at != ' ') && used < sizeof(value) - 1; at++) {
			if (*at == '\'')
				quoted = !quoted;
			else
				value[used++] = *at;
		}
		if (strncmp(at, " hero.prompt\n", 13) != 0 ||
		        parameters_set(settings, name, value) < 0)
			return false;
		count++;
	}
	return count >= 2;
}

/* Every page of every service fits a terminal, and its example orders its model. */
static void test_pages(void)
{
	CLEANUP(free_p) char *names = strdup(providers_names(set));
	char *rest = names, *name;

	while (rest && (name = strsep(&rest, ","))) {
		const struct provider *provider = provider_find(set, name + (*name == ' '));
		const char *model;
		size_t i;

		for (i = 0; provider && (model = provider_model_at(provider, i)); i++) {
			struct parameters chosen = {0};
			const struct parameters *levels[] = {&chosen};
			struct provider_settings settings = {levels, 1, 1};
			struct buf page = BUF_INIT(65536);
			struct provider_order order = {0};
			struct err err = {{0}};
			char *line, *lines;
			bool narrow = true, text;

			OK_NAMED(provider_model_page(provider, model, &page) == 0, model);
			OK_NAMED(strncmp(page.data, provider_title(provider),
			                 strlen(provider_title(provider))) == 0,
			        model);
			OK_NAMED(example_read(page.data, &chosen), model);
			text = strstr(page.data, "\n    echo ") != NULL;
			OK_NAMED(provider_resolve(
			                 set, &settings, text ? "a cat" : "", &order, &err) == 0,
			        model);
			if (err.text[0])
				printf("# %s\n", err.text);
			OK_NAMED(order.request.model && strcmp(order.request.model, model) == 0 &&
			                 !order.ignored,
			        model);
			OK_NAMED(text || provider_orders_without_text(set, &settings), model);
			for (lines = page.data; (line = strsep(&lines, "\n"));)
				narrow = narrow && strlen(line) < 80;
			OK_NAMED(narrow, model);
			provider_order_done(&order);
			parameters_done(&chosen);
			buf_done(&page);
		}
	}
}

static void test_base_url(void)
{
	static const char *const good[] = {"https://api.kie.ai", "https://api.kie.ai/",
	        "https://10.0.0.1:8443/gateway/v2", "HTTPS://x", "http://127.0.0.1:1",
	        "http://127.255.255.254/x", "http://localhost:65535", "http://LOCALHOST",
	        "http://[::1]:80/", "https://[2001:db8::1]"};
	static const char *const bad[] = {"", "https://", "http://", "api.kie.ai",
	        "ftp://127.0.0.1", "http://example.com", "http://127.0.0.1.example.com",
	        "http://127.1", "http://localhost.example.com", "http://10.0.0.1", "http://[::2]",
	        "http://[::1", "http://[::1]x", "https://[::g]", "https://user@x", "https://u:p@x",
	        "http://127.0.0.1@evil.com", "http://localhost:80@evil.com", "https://x?a=b",
	        "https://x#f", "https://x/?a", "https://x y", "https://x\n", "https://x:0",
	        "https://x:65536", "https://x:", "https://x:8a", "https://-x", "https://x\\y",
	        "https://\xc3\xa9", "https:///path", "https://:80", "http://0127.0.0.1",
	        "http://[::ffff:127.0.0.1]", "https://?x", "https://#x", "https://x:80?y"};
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		OK_NAMED(provider_check_base_url(good[i], &err) == 0, good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		err.text[0] = '\0';
		OK_NAMED(provider_check_base_url(bad[i], &err) == -EINVAL && err.text[0], "bad");
	}
	OK(provider_check_base_url("https://u:secret@x", &err) == -EINVAL &&
	        !strstr(err.text, "secret"));
}

/* ---- messages ---- */

static bool has_header(const struct provider_message *message, const char *line)
{
	size_t i;

	for (i = 0; message->headers[i]; i++)
		if (strcmp(message->headers[i], line) == 0)
			return true;
	return false;
}

static void test_messages(void)
{
	struct parameters empty = {0};
	const struct parameters *levels[] = {&empty};
	struct provider_settings settings = {levels, 1, 1};
	struct provider_order order = {0};
	struct provider_message message = {0};
	struct err err;

	OK(provider_resolve(set, &settings, "a \"cat\"\n\xc3\xa9/", &order, &err) == 0);
	OK(provider_create_message(
	           kie, "https://api.kie.ai", "k-1", &order.request, NULL, &message) == 0);
	OK_TEXT(message.method, "POST");
	OK_TEXT(message.url, "https://api.kie.ai/api/v1/jobs/createTask");
	OK_TEXT(message.body,
	        "{\"model\":\"" SEEDREAM "\",\"input\":{\"prompt\":\"a \\\"cat\\\"\\n\xc3\xa9/\","
	        "\"aspect_ratio\":\"1:1\",\"quality\":\"basic\"}}");
	OK(has_header(&message, "Authorization: Bearer k-1"));
	OK(has_header(&message, "Content-Type: application/json"));
	provider_message_done(&message);

	OK(provider_create_message(provider_find(set, "sandbox"), "http://127.0.0.1:1/", NULL,
	           &order.request, NULL, &message) == 0);
	OK_TEXT(message.url, "http://127.0.0.1:1/api/v1/jobs/createTask");
	OK(message.headers[0] && strncmp(message.headers[0], "Auth", 4) != 0);
	OK(has_header(&message, "Content-Type: application/json"));
	provider_message_done(&message);

	OK(provider_status_message(
	           kie, "https://g/x", "k", "z-image", "task_1&a=b/\xc3\xa9 ?", &message) == 0);
	OK_TEXT(message.method, "GET");
	OK_TEXT(message.url, "https://g/x/api/v1/jobs/recordInfo?taskId="
	                     "task_1%26a%3Db%2F%C3%A9%20%3F");
	OK(!message.body);
	provider_message_done(&message);

	OK(provider_credits_message(kie, "https://g", "k", &message) == 0);
	OK_TEXT(message.url, "https://g/api/v1/chat/credit");
	provider_message_done(&message);
	OK(provider_renew_message(kie, "https://g", "k", "https://a/{task}?\"", &message) == 0);
	OK_TEXT(message.url, "https://g/api/v1/common/download-url");
	OK_TEXT(message.body, "{\"url\":\"https://a/{task}?\\\"\"}");
	provider_message_done(&message);

	OK(provider_credits_message(kie, "https://g", "", &message) == -EINVAL);
	OK(provider_credits_message(kie, "https://g", "a\r\nX: y", &message) == -EINVAL);
	OK(provider_credits_message(kie, "https://g", "a b", &message) == -EINVAL);
	OK(provider_credits_message(kie, "https://g", "\xc3\xa9", &message) == -EINVAL);
	OK(provider_credits_message(kie, "https://g", NULL, &message) == 0);
	OK(message.headers[0] && !has_header(&message, "Authorization: Bearer "));
	provider_message_done(&message);
	provider_order_done(&order);
}

#include "test-provider-load.h"

int main(void)
{
	struct err err;

	if (providers_load(NULL, &set, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	kie = provider_find(set, "kie");
	test_builtins();
	test_page();
	test_pages();
	test_base_url();
	test_answers(set);
	test_task_ids();
	test_result_limits();
	test_answer_limits();
	test_messages();
	test_resolve();
	test_text();
	test_check_setting();
	test_load();
	providers_free(set);
	return tap_done();
}
