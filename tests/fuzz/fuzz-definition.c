/* SPDX-License-Identifier: MIT */
/* A definition of the user's: read from a directory, and used where it is accepted. */
#include "darkroom/json.h"
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

/* Sends whatever the model can be ordered with. */
static void order_model(const struct providers *set, const struct provider *provider,
        const struct provider_settings *settings)
{
	const char *urls[REFERENCES_MAX];
	struct provider_order order = {0};
	struct provider_message message = {0};
	size_t i;

	for (i = 0; i < REFERENCES_MAX; i++)
		urls[i] = "https://a/1";
	if (provider_resolve(set, settings, "a cat", &order, NULL) < 0)
		return;
	if (order.request.reference_count > REFERENCES_MAX)
		abort();
	for (i = 0; i < order.request.reference_count; i++)
		if (!provider_pictures(
		            provider, order.request.model, order.request.references[i].parameter))
			abort();
	if (provider_create_message(provider, "https://x", "key", &order.request, urls, &message) ==
	        0)
		provider_message_done(&message);
	provider_order_done(&order);
}

static void ask(const struct provider *provider)
{
	struct provider_message message = {0};
	struct provider_upload upload = {0};
	struct provider_answer answer = {0};
	static const char body[] =
	        "[{\"code\":200,\"data\":{\"taskId\":\"t\",\"state\":\"success\","
	        "\"resultJson\":{\"resultUrls\":[\"https://a/1\"]}}}]";

	if (provider_status_message(provider, "https://x", "key", provider_model_at(provider, 0), "t", &message) == 0)
		provider_message_done(&message);
	if (provider_credits_message(provider, "https://x", "key", &message) == 0)
		provider_message_done(&message);
	if (provider_renew_message(provider, "https://x", "key", "https://a", &message) == 0)
		provider_message_done(&message);
	if (provider_upload_message(provider, NULL, "key", "a.png", &upload) == 0)
		provider_upload_done(&upload);
	if (provider_read_create(provider, 200, body, sizeof(body) - 1, &answer) == 0)
		provider_answer_done(&answer);
	if (provider_read_status(provider, 200, body, sizeof(body) - 1, &answer) == 0)
		provider_answer_done(&answer);
}

static void use(const struct providers *set, const struct provider *provider)
{
	static const struct {
		const char *name, *value;
	} tried[] = {{"images", "a.png, https://x/b"}, {"mask", "a"}, {"quality", "high"},
	        {"aspect_ratio", "1:1"}};
	struct parameters chosen = {0};
	const struct parameters *levels[] = {&chosen};
	struct provider_settings settings = {levels, 1, 1};
	struct buf page = BUF_INIT(1 << 20);
	const char *model;
	size_t i, j;

	for (i = 0; (model = provider_model_at(provider, i)); i++) {
		if (provider_model_page(provider, model, &page) < 0)
			break;
		parameters_done(&chosen);
		if (parameters_set(&chosen, "provider", provider_name(provider)) < 0 ||
		        parameters_set(&chosen, "model", model) < 0)
			break;
		order_model(set, provider, &settings);
		for (j = 0; j < ARRAY_SIZE(tried); j++)
			if (provider_check_setting(
			            set, &settings, tried[j].name, tried[j].value, NULL) == 0 &&
			        parameters_set(&chosen, tried[j].name, tried[j].value) < 0)
				break;
		order_model(set, provider, &settings);
		(void)provider_orders_without_text(set, &settings);
	}
	ask(provider);
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
	struct json *document = NULL;
	size_t i;

	/* Most of what is no JSON at all is left to fuzz-json: loading takes long. */
	if (json_parse((const char *)data, size, &document, NULL) < 0 && size % 64 != 0)
		return 0;
	json_free(document);
	if (!directory[0]) {
		snprintf(directory, sizeof(directory), "/tmp/fuzz-definition-XXXXXX");
		if (!mkdtemp(directory) || atexit(remove_directory) != 0)
			abort();
	}
	for (i = 0; i < ARRAY_SIZE(names); i++)
		load(names[i], data, size);
	return 0;
}
