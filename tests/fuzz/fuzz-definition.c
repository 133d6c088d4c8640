/* SPDX-License-Identifier: MIT */
/* A definition of the user's: read from a directory, and used where it is accepted. */
#include "darkroom/provider.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char directory[64];
static const char *const names[] = {"kie.json", "mine.json"};

static void remove_directory(void)
{
	rmdir(directory);
}

static void use(const struct providers *set, const struct provider *provider)
{
	struct parameters chosen = {0};
	const struct parameters *levels[] = {&chosen};
	struct provider_settings settings = {levels, 1};
	struct provider_order order = {0};
	struct provider_message message = {0};
	struct provider_answer answer = {0};
	struct buf page = BUF_INIT(1 << 20);
	static const char body[] =
	        "[{\"code\":200,\"data\":{\"taskId\":\"t\",\"state\":\"success\","
	        "\"resultJson\":{\"resultUrls\":[\"https://a/1\"]}}}]";
	size_t i;

	if (parameters_set(&chosen, "provider", provider_name(provider)) < 0)
		return;
	for (i = 0; provider_model_at(provider, i); i++)
		if (provider_model_page(provider, provider_model_at(provider, i), &page) < 0)
			break;
	if (provider_resolve(set, &settings, "a cat", &order, NULL) == 0 &&
	        provider_create_message(provider, "https://x", "key", &order.request, NULL, &message) ==
	                0)
		provider_message_done(&message);
	if (provider_status_message(provider, "https://x", "key", "t", &message) == 0)
		provider_message_done(&message);
	if (provider_credits_message(provider, "https://x", "key", &message) == 0)
		provider_message_done(&message);
	if (provider_renew_message(provider, "https://x", "key", "https://a", &message) == 0)
		provider_message_done(&message);
	if (provider_read_create(provider, 200, body, sizeof(body) - 1, &answer) == 0)
		provider_answer_done(&answer);
	if (provider_read_status(provider, 200, body, sizeof(body) - 1, &answer) == 0)
		provider_answer_done(&answer);
	provider_order_done(&order);
	parameters_done(&chosen);
	buf_done(&page);
}

static void load(const char *name, const uint8_t *data, size_t size)
{
	struct providers *set = NULL;
	char path[128], service[32];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	snprintf(service, sizeof(service), "%.*s", (int)(strlen(name) - 5), name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write_all(fd, data, size) < 0)
		abort();
	close(fd);
	if (providers_load(directory, &set, NULL) == 0)
		use(set, provider_find(set, service));
	providers_free(set);
	unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t i;

	if (!directory[0]) {
		snprintf(directory, sizeof(directory), "/tmp/fuzz-definition-XXXXXX");
		if (!mkdtemp(directory) || atexit(remove_directory) != 0)
			abort();
	}
	for (i = 0; i < ARRAY_SIZE(names); i++)
		load(names[i], data, size);
	return 0;
}
