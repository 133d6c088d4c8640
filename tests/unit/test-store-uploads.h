/* SPDX-License-Identifier: MIT */
/* Files that providers keep for us; included by test-store.c. */
#pragma once

/* What a newly opened store reads back, on one line each, in no particular order. */
static int upload_line(void *context, struct store_upload *upload)
{
	int r = buf_addf(context, "[%s %s %.4s %s %s %lld]", upload->provider, upload->base_url,
	        upload->sha256, upload->suffix, upload->url, (long long)upload->expires_ms);

	store_upload_done(upload);
	return r;
}

static void uploads_are(const char *directory, int64_t wall_ms, const char *expected)
{
	CLEANUP(store_close_p) struct store *store = open_ok(directory);
	CLEANUP(buf_done) struct buf lines = BUF_INIT(1u << 16);
	struct err err = {""};

	OK(store_load_uploads(store, wall_ms, upload_line, &lines, &err) == 0);
	OK_TEXT(lines.data ? lines.data : "", expected);
}

static void remember(struct store *store, const char *provider, const char *base_url,
        const char *digest, const char *url, int64_t expires_ms)
{
	struct store_upload upload = {
	        .provider = (char *)provider,
	        .base_url = (char *)base_url,
	        .suffix = (char *)"png",
	        .url = (char *)url,
	        .expires_ms = expires_ms,
	};

	memcpy(upload.sha256, digest, sizeof(upload.sha256));
	if (store_remember_upload(store, &upload) < 0)
		OK(!"queued");
}

static void test_uploads_kept(void)
{
	directory_new("uploads");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("uploads");

		remember(store, "kie", "https://a", DIGEST_A, "https://a/1", 1000);
		remember(store, "kie", "https://b", DIGEST_A, "https://b/1", 2000);
		remember(store, "other", "https://a", DIGEST_A, "https://a/2", 3000);
		remember(store, "kie", "https://a", DIGEST_B, "https://a/3", 4000);
		/* In the place of the first. */
		remember(store, "kie", "https://a", DIGEST_A, "https://a/4", 5000);
	}
	uploads_are("uploads", 0,
	        "[kie https://b aaaa png https://b/1 2000]"
	        "[other https://a aaaa png https://a/2 3000]"
	        "[kie https://a bbbb png https://a/3 4000]"
	        "[kie https://a aaaa png https://a/4 5000]");
	/* What has expired is gone for good. */
	uploads_are("uploads", 3000,
	        "[kie https://a bbbb png https://a/3 4000]"
	        "[kie https://a aaaa png https://a/4 5000]");
	uploads_are("uploads", 0,
	        "[kie https://a bbbb png https://a/3 4000]"
	        "[kie https://a aaaa png https://a/4 5000]");
	uploads_are("uploads", INT64_MAX, "");
	OK(ask("uploads", "SELECT count(*) FROM uploads") == 0);
}

static int stop_at_once(void *context, struct store_upload *upload)
{
	++*(int *)context;
	store_upload_done(upload);
	return -ECANCELED;
}

static void test_uploads_bounded(void)
{
	char digest[DIGEST_TEXT_SIZE], url[64];
	struct err err = {""};
	int seen = 0;

	directory_new("many");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("many");

		for (int i = 0; i < 10005; i++) {
			snprintf(digest, sizeof(digest), "%064d", i);
			snprintf(url, sizeof(url), "https://a/%d", i);
			remember(store, "kie", "https://a", digest, url, 1000 + i);
		}
	}
	OK(ask("many", "SELECT count(*) FROM uploads") == 10000);
	OK_NAMED(ask("many", "SELECT min(expires_ms) FROM uploads") == 1005,
	        "those that expire first are forgotten first");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("many");

		OK(store_load_uploads(store, 0, stop_at_once, &seen, &err) == -ECANCELED);
		OK(seen == 1);
	}
}

/* Rows that nobody of us wrote. */
static void test_uploads_damaged(void)
{
	static const char *const rows[] = {
	        "'short', 'png'",
	        "'', 'png'",
	};
	char sql[256];
	int seen = 0;

	directory_new("odd");
	store_close(open_ok("odd"));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err err = {""};

		snprintf(sql, sizeof(sql),
		        "DELETE FROM uploads; INSERT INTO uploads (provider, base_url, sha256, "
		        "suffix, url, expires_ms) VALUES ('kie', 'b', %s, 'u', 9)",
		        rows[i]);
		OK(run("odd", sql));
		{
			CLEANUP(store_close_p) struct store *store = open_ok("odd");

			OK(store_load_uploads(store, 0, stop_at_once, &seen, &err) == -EBADMSG);
			OK_NAMED(strstr(err.text, "is damaged") != NULL, err.text);
		}
	}
	OK(seen == 0);
}

static void test_references_damaged(void)
{
	static const char *const rows[] = {
	        "'a.png', NULL, ''",
	        "NULL, NULL, ''",
	        "'a.png', 'https://x', '" DIGEST_A "'",
	        "NULL, 'https://x', '" DIGEST_A "'",
	        "'a.png', NULL, 'abc'",
	};
	struct store_prompt prompt = prompt_sample(UUID_A, "p");
	struct store_take take = take_sample(TAKE_A, UUID_A, 1);
	char sql[400];

	directory_new("odd-references");
	{
		CLEANUP(store_close_p) struct store *store = open_ok("odd-references");

		OK(write_prompt(store, &prompt) == 0);
		OK(write_take(store, &take) == 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct shot shot = {0};
		struct err err = {""};

		snprintf(sql, sizeof(sql),
		        "DELETE FROM take_references; INSERT INTO take_references (take, position, "
		        "parameter, path, url, sha256, size) SELECT '" TAKE_A
		        "', 0, 'images', CAST(column1 AS BLOB), column2, column3, 1"
		        " FROM (VALUES (%s))",
		        rows[i]);
		OK(run("odd-references", sql));
		{
			CLEANUP(store_close_p) struct store *store = open_ok("odd-references");

			OK_NAMED(store_load(store, shot_prompt, shot_take, &shot, &err) == -EBADMSG,
			        rows[i]);
		}
		shot_done(&shot);
	}
}

static void test_uploads(void)
{
	test_uploads_kept();
	test_uploads_bounded();
	test_uploads_damaged();
	test_references_damaged();
}
