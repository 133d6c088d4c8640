/* SPDX-License-Identifier: MIT */
/* Part of test-definitions.c: each service's own addresses, and what becomes of settings that move
 * from one service to another. */
#pragma once

static const struct service {
	const char *name, *key_env, *key_page, *base_url, *model;
	const char *header; /* that carries the key; NULL: none does */
	const char *status_method, *status_path;
	bool balance, renews;
	const char *upload_url; /* NULL: takes no uploads */
} services[] = {
        {"kie", "KIE_API_KEY", "https://kie.ai/api-key", "https://api.kie.ai",
                "seedream/4.5-text-to-image", "Authorization: Bearer KEY", "GET",
                "/api/v1/jobs/recordInfo?taskId=t%2F1", true, true,
                "https://kieai.redpandaai.co/api/file-stream-upload"},
        {"revidapi", "REVIDAPI_API_KEY", NULL, "https://api.revidapi.com",
                "seedream/4.5-text-to-image", "x-api-key: KEY", "POST",
                "/paid/get/taskid?taskId=t%2F1", false, false, NULL},
        {"liangxin", "LIANGXIN_API_KEY", NULL, NULL, "seedream-v4-5", "Authorization: Bearer KEY",
                "GET", "/api/v1/jobs/recordInfo?taskId=t%2F1", false, false, NULL},
        {"apikley", "APIKLEY_API_KEY", "https://app.apikley.ru/keys", "https://api.apikley.ru",
                "bytedance/seedream-v4-text-to-image", "Authorization: Bearer KEY", "GET",
                "/api/v1/jobs/recordInfo?taskId=t%2F1", true, false, NULL},
        {"sandbox", NULL, NULL, NULL, "seedream/4.5-text-to-image", NULL, "GET",
                "/api/v1/jobs/recordInfo?taskId=t%2F1", true, true,
                "https://own/api/file-stream-upload"},
};

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : !a && !b;
}

static bool upload_goes_to(
        const struct provider *provider, const char *base_url, const char *key, const char *url)
{
	CLEANUP(provider_upload_done) struct provider_upload upload = {0};

	return provider_upload_message(provider, base_url, key, "a.png", &upload) == 0 &&
	       same(upload.message.url, url) && same(upload.file_field, "file");
}

static void test_service(const struct service *service, const struct provider *provider)
{
	CLEANUP(provider_message_done) struct provider_message status = {0};
	CLEANUP(provider_message_done) struct provider_message credits = {0};
	CLEANUP(provider_message_done) struct provider_message renew = {0};
	CLEANUP(provider_upload_done) struct provider_upload upload = {0};
	const char *key = service->key_env ? "KEY" : NULL;
	char url[400];
	size_t i;
	int r;

	OK(same(provider_key_env(provider), service->key_env));
	OK(same(provider_key_page(provider), service->key_page));
	OK(same(provider_base_url(provider), service->base_url));
	OK_TEXT(provider_default_model(provider), service->model);
	snprintf(url, sizeof(url), "https://own%s", service->status_path);
	OK(provider_status_message(provider, "https://own", key, service->model, "t/1", &status) ==
	        0);
	OK_TEXT(status.method, service->status_method);
	OK_TEXT(status.url, url);
	OK(!status.body);
	OK(!service->header || has_header(&status, service->header));
	for (i = 0; status.headers[i]; i++)
		if (strstr(status.headers[i], "KEY"))
			OK_TEXT(status.headers[i], service->header);
	r = provider_credits_message(provider, "https://own", key, &credits);
	OK(r == (service->balance ? 0 : -ENOTSUP));
	r = provider_renew_message(provider, "https://own", key, "https://cdn/a.png", &renew);
	OK(r == (service->renews ? 0 : -ENOTSUP));
	if (!service->upload_url) {
		OK(provider_upload_keep_ms(provider) == 0);
		r = provider_upload_message(provider, "https://own", key, "a.png", &upload);
		OK(r == -ENOTSUP);
		return;
	}
	OK(provider_upload_keep_ms(provider) == INT64_C(20) * 3600 * 1000);
	OK(upload_goes_to(provider, "https://own", key, "https://own/api/file-stream-upload"));
	if (service->base_url)
		OK(upload_goes_to(provider, NULL, key, service->upload_url));
}

/* Every service is in the table above. */
static void test_names(void)
{
	const char *names = providers_names(set);
	size_t count = 1;

	OK(strncmp(names, services[0].name, strlen(services[0].name)) == 0);
	for (; *names; names++)
		count += *names == ',';
	OK(count == ARRAY_SIZE(services));
}

/* ---- moving ---- */

/* What a tree of prompts has on its top directory, and what each service makes of it, in the order
 * of the table above: "" all is sent; "-a b" these are ignored; "!a" a is refused. */
static const struct move {
	const char *settings;
	const char *becomes[ARRAY_SIZE(services)];
} moves[] = {
        {"aspect_ratio=16:9", {"", "", "", "", ""}},
        {"aspect_ratio=2:3", {"", "", "", "", ""}},
        {"aspect_ratio=21:9", {"", "", "", "", ""}},
        {"aspect_ratio=5:4", {"!aspect_ratio", "!aspect_ratio", "!aspect_ratio", "!aspect_ratio",
                                     "!aspect_ratio"}},
        {"quality=basic", {"", "", "-quality", "", ""}},
        {"quality=high", {"", "", "-quality", "", ""}},
        {"quality=ultra", {"!quality", "!quality", "-quality", "!quality", "!quality"}},
        /* All that kie.ai's default model has. */
        {"aspect_ratio=9:16;nsfw_checker=true;quality=high",
                {"", "-nsfw_checker", "-nsfw_checker quality", "-nsfw_checker", ""}},
        /* LiangXin's, in both of its spellings. */
        {"aspect_ratio=9:16;enable_safety_checker=true;seed=7",
                {"-enable_safety_checker seed", "-enable_safety_checker seed", "",
                        "-enable_safety_checker", "-enable_safety_checker seed"}},
        {"aspect_ratio=social_story_9_16",
                {"!aspect_ratio", "!aspect_ratio", "", "!aspect_ratio", "!aspect_ratio"}},
        /* Apikley's. */
        {"image_resolution=4K;image_size=portrait_16_9;max_images=2;seed=7",
                {"-image_resolution image_size max_images seed",
                        "-image_resolution image_size max_images seed",
                        "-image_resolution image_size max_images", "",
                        "-image_resolution image_size max_images seed"}},
        {"images=https://example.com/a.png",
                {"-images", "-images", "-images", "-images", "-images"}},
        /* Edits, with the model that is called so at one of them. */
        {"model=seedream/4.5-edit;images=https://example.com/a.png;aspect_ratio=16:9;quality=high",
                {"", "", "-quality", "", ""}},
        {"model=seedream-v4-5-edit;images=https://example.com/a.png", {"", "", "", "", ""}},
        {"model=seedream/4.5-edit;images=a.png", {"", "!images", "", "!images", ""}},
        {"model=seedream/4.5-text-to-image;aspect_ratio=16:9;quality=high",
                {"", "", "-quality", "!model", ""}},
        {"model=google/nano-banana-pro;images=https://example.com/"
         "a.png;aspect_ratio=16:9;quality=high",
                {"", "", "", "", ""}},
        {"model=imagen4-ultra;aspect_ratio=16:9;seed=7", {"", "!model", "", "!model", ""}},
        {"model=flux-2/pro-image-to-image;images=https://example.com/a.png;aspect_ratio=2:3",
                {"", "!model", "", "!model", ""}},
};

/* "NAME (why), NAME (why)" as "-NAME NAME". */
static char *names_only(const char *ignored)
{
	struct buf out = BUF_INIT(4096);
	const char *p = ignored;

	if (buf_add_text(&out, ignored ? "-" : "") < 0)
		return NULL;
	while (p) {
		if (buf_addf(&out, "%s%.*s", out.size > 1 ? " " : "", (int)strcspn(p, " "), p) < 0)
			break;
		p = strstr(p, "), ");
		p = p ? p + 3 : NULL;
	}
	return buf_take(&out);
}

static void settings_parse(struct one_level *level, const char *text)
{
	CLEANUP(free_p) char *copy = strdup(text);
	char *rest = copy, *item;

	while ((item = strsep(&rest, ";"))) {
		char *name = strsep(&item, "=");

		level_set(level, name, item);
	}
}

static void test_move(const struct move *move, size_t service)
{
	CLEANUP(provider_order_done) struct provider_order order = {0};
	CLEANUP(level_done) struct one_level level = {0};
	CLEANUP(free_p) char *becomes = NULL;
	char name[300];
	struct err err;

	settings_parse(&level, move->settings);
	level_set(&level, "provider", services[service].name);
	if (resolve(&level, &order, &err) == 0)
		becomes = names_only(order.ignored);
	else if (asprintf(&becomes, "!%.*s", (int)strcspn(err.text, ":"), err.text) < 0)
		becomes = NULL;
	snprintf(name, sizeof(name), "%s at %s", move->settings, services[service].name);
	OK_NAMED(becomes && strcmp(becomes, move->becomes[service]) == 0, name);
	if (!becomes || strcmp(becomes, move->becomes[service]) != 0)
		printf("# got \"%s\", expected \"%s\"; %s%s\n", becomes ? becomes : "",
		        move->becomes[service], err.text, order.ignored ? order.ignored : "");
}

static void test_moves(void)
{
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(moves); i++)
		for (j = 0; j < ARRAY_SIZE(services); j++)
			test_move(&moves[i], j);
}

/* One model under the names of several services. */
static void test_known_names(void)
{
	static const struct {
		const char *provider, *name, *id;
	} cases[] = {
	        {"kie", "seedream-v4-5", "seedream/4.5-text-to-image"},
	        {"liangxin", "seedream/4.5-text-to-image", "seedream-v4-5"},
	        {"revidapi", "seedream-v4-5", "seedream/4.5-text-to-image"},
	        {"kie", "google/nano-banana-pro", "nano-banana-pro"},
	        {"revidapi", "google/nano-banana-pro", "nano-banana-pro"},
	        {"liangxin", "google/nano-banana-pro", "nano-banana-pro"},
	        {"apikley", "google/nano-banana-pro", "nano-banana-pro"},
	        {"kie", "gemini-2.5-flash-image-preview", "google/nano-banana"},
	        {"liangxin", "google/nano-banana", "gemini-2.5-flash-image-preview"},
	        {"kie", "imagen4-fast", "google/imagen4-fast"},
	        {"liangxin", "google/imagen4-fast", "imagen4-fast"},
	        {"kie", "flux-2-pro", "flux-2/pro-text-to-image"},
	        {"liangxin", "flux-2/pro-text-to-image", "flux-2-pro"},
	        {"kie", "seedream-v5-lite", "seedream/5-lite-text-to-image"},
	        {"liangxin", "seedream/5-lite-text-to-image", "seedream-v5-lite"},
	        {"liangxin", "z-image", "z-image"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(provider_order_done) struct provider_order order = {0};
		CLEANUP(level_done) struct one_level level = {0};
		char name[200];
		struct err err;

		level_begin(&level, cases[i].provider, cases[i].name, NULL);
		snprintf(name, sizeof(name), "%s: %s is %s", cases[i].provider, cases[i].name,
		        cases[i].id);
		OK_NAMED(resolve(&level, &order, &err) == 0 &&
		                 strcmp(order.request.model, cases[i].id) == 0,
		        name);
	}
}
