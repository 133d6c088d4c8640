/* SPDX-License-Identifier: MIT */
/* Answers of a service: the first byte says to which question, the second the HTTP status. */
#include "darkroom/provider.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the engine relies on, whatever the bytes were. */
static void check(const struct provider_answer *answer)
{
	size_t i;

	if (answer->verdict == PROVIDER_ACCEPTED &&
	        (!answer->task_id || strlen(answer->task_id) > PROVIDER_TASK_ID_MAX ||
	                !*answer->task_id))
		abort();
	if (answer->verdict == PROVIDER_FINISHED && (!answer->urls || !answer->urls[0]))
		abort();
	for (i = 0; answer->urls && answer->urls[i]; i++)
		if (i >= PROVIDER_RESULTS_MAX || strlen(answer->urls[i]) > PROVIDER_URL_MAX)
			abort();
	if (answer->error && strpbrk(answer->error, "\r\n"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 200, 200, 201, 302, 400, 401, 402, 403, 404, 413, 422,
	        429, 455, 500, 501, 502, 503, 0};
	static int (*const readers[])(const struct provider *, int, const char *, size_t,
	        struct provider_answer *) = {provider_read_create, provider_read_status,
	        provider_read_credits, provider_read_renew};
	static struct providers *set;
	struct provider_answer answer = {0};

	if (!set && providers_load(NULL, &set, NULL) < 0)
		abort();
	if (size < 2)
		return 0;
	if (readers[data[0] % ARRAY_SIZE(readers)](provider_find(set, "kie"),
	            statuses[data[1] % ARRAY_SIZE(statuses)], (const char *)data + 2, size - 2,
	            &answer) == 0)
		check(&answer);
	provider_answer_done(&answer);
	return 0;
}
