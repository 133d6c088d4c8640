/* SPDX-License-Identifier: MIT */
/* Answers of services: the first byte says of which and to which question, the second the HTTP
 * status. */
#include "darkroom/provider.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define TOOK_MS_MAX INT64_C(2592000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum question {
	CREATE,
	STATUS,
	CREDITS,
	RENEW,
	UPLOAD,
	QUESTIONS,
};

#define MUST(condition)           \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

static void check_url(const char *url)
{
	const unsigned char *p;
	const char *host = strstr(url, "://");

	MUST(strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0);
	MUST(strlen(url) <= PROVIDER_URL_MAX);
	MUST(host && host[3] && host[3 + strcspn(host + 3, "/?#@")] != '@');
	for (p = (const unsigned char *)url; *p; p++)
		MUST(*p > ' ' && *p != 0x7f && *p != '\\');
}

/* What the engine relies on, whatever the bytes were. */
static void check(enum question question, int status, const struct provider_answer *answer)
{
	bool good_status = status >= 200 && status < 300;
	const unsigned char *p;
	size_t i;

	switch (answer->verdict) {
	case PROVIDER_ACCEPTED:
		MUST(question == CREATE && good_status && answer->task_id && *answer->task_id &&
		        strlen(answer->task_id) <= PROVIDER_TASK_ID_MAX);
		break;
	case PROVIDER_RUNNING:
	case PROVIDER_NOT_FOUND:
	case PROVIDER_FAILED:
		MUST(question == STATUS);
		break;
	case PROVIDER_FINISHED:
		MUST(question == STATUS && good_status && answer->urls && answer->urls[0]);
		break;
	case PROVIDER_ANSWERED:
		MUST(good_status);
		MUST(question == CREDITS ? answer->credits_known
		                         : question > CREDITS && answer->urls && answer->urls[0]);
		break;
	case PROVIDER_REFUSED:
		MUST(question != STATUS && (good_status || status >= 400));
		break;
	case PROVIDER_BAD_KEY:
	case PROVIDER_NO_CREDITS:
	case PROVIDER_BUSY:
	case PROVIDER_MAINTENANCE:
		MUST(good_status || status >= 400);
		break;
	case PROVIDER_UNCLEAR:
		break;
	}
	MUST((answer->task_id != NULL) == (answer->verdict == PROVIDER_ACCEPTED));
	MUST(answer->prospect == PROVIDER_PROSPECT_OPEN || answer->verdict == PROVIDER_FAILED);
	MUST(answer->took_ms >= 0 && answer->took_ms <= TOOK_MS_MAX);
	MUST(!answer->credits_known || isfinite(answer->credits));
	for (p = (const unsigned char *)answer->task_id; p && *p; p++)
		MUST(*p >= ' ' && *p != 0x7f);
	for (i = 0; answer->urls && answer->urls[i]; i++) {
		MUST(i < PROVIDER_RESULTS_MAX);
		check_url(answer->urls[i]);
	}
	MUST(!answer->error || !strpbrk(answer->error, "\r\n"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 200, 200, 201, 302, 400, 401, 402, 403, 404, 413, 422,
	        429, 455, 500, 501, 502, 503, 0, 408, 405};
	static int (*const readers[QUESTIONS])(const struct provider *, int, const char *, size_t,
	        struct provider_answer *) = {provider_read_create, provider_read_status,
	        provider_read_credits, provider_read_renew, provider_read_upload};
	static const char *const services[] = {"kie", "revidapi", "liangxin", "apikley"};
	static struct providers *set;
	struct provider_answer answer = {0};
	const struct provider *service;
	enum question question;
	int status;

	if (!set && providers_load(NULL, &set, NULL) < 0)
		abort();
	if (size < 2)
		return 0;
	question = data[0] % QUESTIONS;
	service = provider_find(set, services[data[0] / QUESTIONS % ARRAY_SIZE(services)]);
	status = statuses[data[1] % ARRAY_SIZE(statuses)];
	if (readers[question](service, status, (const char *)data + 2, size - 2, &answer) == 0) {
		check(question, status, &answer);
		/* Nothing is concluded from an error of who knows whom. */
		MUST(status < 500 || size > 2 || answer.verdict == PROVIDER_UNCLEAR);
	}
	provider_answer_done(&answer);
	return 0;
}
