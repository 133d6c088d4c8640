/* SPDX-License-Identifier: MIT */
/* What the services' answers mean: one table, in which each row is a fact and an answer that shows
 * it. */
#pragma once

#include "tap.h"

#include "darkroom/provider.h"

struct answer_case {
	const char *name;
	int status;
	const char *body;
	enum provider_verdict verdict;
	const char *error; /* NULL: none; TITLE stands for the service's title */
};

enum answer_kind {
	CREATE,
	STATUS,
	CREDITS,
	RENEW,
	UPLOAD,
};

struct answer_row {
	unsigned services;
	enum answer_kind kind;
	struct answer_case answer;
	enum task_event event;           /* of RUNNING */
	const char *urls;                /* joined by spaces */
	const char *credits;             /* as text, NULL: not known */
	enum provider_prospect prospect; /* of FAILED */
	int64_t took_ms;
	const char *task; /* of ACCEPTED; NULL: t1 */
};

#define KIE 1u
#define REVIDAPI 2u
#define LIANGXIN 4u
#define APIKLEY 8u
#define EVERY (KIE | REVIDAPI | LIANGXIN | APIKLEY)

#define OK_MSG "\"code\":200,\"msg\":\"success\""
#define NO_CREDITS_TEXT                                                                  \
	"Credits insufficient : Your current balance isn't enough to run this request. " \
	"Please top up to continue."
#define UNAUTHORIZED_TEXT                                                          \
	"Unauthorized \xe2\x80\x93 Authentication failed. Please check that your " \
	"Authorization and Content-Type headers are correctly set."
#define FREQUENCY_TEXT "Your call frequency is too high. Please try again later."
#define MODEL_TEXT                                                                         \
	"The model name you specified is not supported. Please verify your input and use " \
	"one of the supported models provided by KIE."
#define CODE(code, msg) "{\"code\":" code ",\"msg\":\"" msg "\",\"data\":null}"
/* A record of a task with these members besides its id. */
#define RECORD(members) "{" OK_MSG ",\"data\":{\"taskId\":\"t1\"," members "}}"
#define PICTURE "https://tempfile.aiquickdraw.com/r/t1_1750000045_ab12cd34.png"
#define RESULT "\"resultJson\":\"{\\\"resultUrls\\\":[\\\"" PICTURE "\\\"]}\""

#include "answers-create.h"
#include "answers-failed.h"
#include "answers-other.h"
#include "answers-status.h"
#include "answers-unclear.h"

typedef int reader(const struct provider *provider, int status, const char *body, size_t size,
        struct provider_answer *ret_answer);

/* The body is a copy of its exact size, so that a sanitizer sees every read past its end. */
static bool read_exact(reader *read, const struct provider *provider, int status, const char *body,
        struct provider_answer *answer)
{
	size_t size = strlen(body);
	char *copy = malloc(size ? size : 1);
	int r;

	if (!copy)
		return false;
	memcpy(copy, body, size);
	r = read(provider, status, copy, size, answer);
	free(copy);
	return r == 0;
}

static bool text_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : !a && !b;
}

static bool answer_is(const struct provider_answer *answer, const struct answer_case *expected)
{
	bool good =
	        answer->verdict == expected->verdict && text_same(answer->error, expected->error);

	if (!good)
		printf("# %s: verdict %d, expected %d; error %s\n", expected->name, answer->verdict,
		        expected->verdict, answer->error ? answer->error : "(none)");
	return good;
}

static char *urls_joined(char **urls)
{
	struct buf out = BUF_INIT(1 << 20);
	size_t i;

	if (!urls)
		return NULL;
	for (i = 0; urls[i]; i++)
		if (buf_addf(&out, "%s%s", i ? " " : "", urls[i]) < 0)
			break;
	return buf_take(&out);
}

static bool rest_is(const struct provider_answer *answer, const struct answer_row *row)
{
	CLEANUP(free_p) char *urls = urls_joined(answer->urls);
	const char *task = row->answer.verdict != PROVIDER_ACCEPTED ? NULL
	                   : row->task                              ? row->task
	                                                            : "t1";
	char credits[32];
	bool good;

	snprintf(credits, sizeof(credits), "%g", answer->credits);
	good = text_same(answer->task_id, task) && text_same(urls, row->urls) &&
	       text_same(answer->credits_known ? credits : NULL, row->credits) &&
	       answer->event == row->event && answer->prospect == row->prospect &&
	       answer->took_ms == row->took_ms;
	if (!good)
		printf("# %s: task %s, urls %s, credits %s, event %d, prospect %d, took %lld\n",
		        row->answer.name, answer->task_id ? answer->task_id : "(none)",
		        urls ? urls : "(none)", answer->credits_known ? credits : "(none)",
		        answer->event, answer->prospect, (long long)answer->took_ms);
	return good;
}

static bool row_holds(const struct answer_row *row, const struct provider *provider)
{
	static reader *const readers[] = {
	        [CREATE] = provider_read_create,
	        [STATUS] = provider_read_status,
	        [CREDITS] = provider_read_credits,
	        [RENEW] = provider_read_renew,
	        [UPLOAD] = provider_read_upload,
	};
	struct provider_answer answer = {0};
	struct answer_case expected = row->answer;
	char error[400];
	bool good;

	if (expected.error && strncmp(expected.error, "TITLE ", 6) == 0) {
		snprintf(error, sizeof(error), "%s%s", provider_title(provider),
		        expected.error + strlen("TITLE"));
		expected.error = error;
	}
	good = read_exact(readers[row->kind], provider, expected.status, expected.body, &answer) &&
	       answer_is(&answer, &expected) && rest_is(&answer, row);
	provider_answer_done(&answer);
	return good;
}

static void rows_hold(const struct providers *all, const struct answer_row *rows, size_t count)
{
	static const char *const services[] = {"kie", "revidapi", "liangxin", "apikley"};
	size_t i, service;

	for (i = 0; i < count; i++) {
		bool good = true;

		for (service = 0; service < ARRAY_SIZE(services); service++)
			if (rows[i].services >> service & 1)
				good = row_holds(&rows[i], provider_find(all, services[service])) &&
				       good;
		OK_NAMED(good, rows[i].answer.name);
	}
}

static void test_answers(const struct providers *all)
{
	rows_hold(all, create_rows, ARRAY_SIZE(create_rows));
	rows_hold(all, unclear_rows, ARRAY_SIZE(unclear_rows));
	rows_hold(all, status_rows, ARRAY_SIZE(status_rows));
	rows_hold(all, failed_rows, ARRAY_SIZE(failed_rows));
	rows_hold(all, other_rows, ARRAY_SIZE(other_rows));
}
