/* SPDX-License-Identifier: MIT */
/* One upload: the file is opened, sent and digested on the way, and the answer gives its address.
 * Uploads cost nothing and are repeated; what nobody can mend by waiting ends the orders. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define UPLOAD_STALL_MS 60000
#define UPLOAD_TIMEOUT_MS 120000 /* and the time that the file takes at: */
#define UPLOAD_BYTES_PER_MS 8

#define AGAIN "nothing was charged, and it is tried again by itself"
#define HINT_AGAIN "nothing was charged; write retry into the status file to try it again"
#define HINT_REFUSED                                                                              \
	"nothing was charged; change the picture or the prompt, and write retry into the status " \
	"file to order it with the picture as it is then"

static const char *title(const struct account *account)
{
	return provider_title(account->provider);
}

/* ---- the end of an upload ---- */

static void upload_stops(struct engine *engine, struct upload *upload)
{
	upload->under_way = false;
	upload->transfer = NULL;
	close_p(&upload->fd);
	digest_free_p(&upload->digest);
	free(upload->path);
	upload->path = NULL;
	engine->uploads--;
	upload->account->uploads--;
}

void upload_cancel(struct engine *engine, struct upload *upload)
{
	if (!upload->under_way)
		return;
	if (engine->http)
		http_cancel(engine->http, upload->transfer);
	upload_stops(engine, upload);
	/* There is a place for another one. */
	upload_wake(engine);
}

/* What was read at this path is not what was ordered: the orders that name it cannot be sent.
 * Others may have the same picture elsewhere. */
static void spoiled(
        struct account *account, struct upload *upload, const char *path, const char *detail)
{
	struct take *take, *next;

	upload->wanted++;
	for (take = account->uploading; take; take = next) {
		const struct reference *reference = upload_wanted_by(account->engine, take, upload);

		next = take->next_ready;
		if (reference && strcmp(reference->path, path) == 0)
			submit_spoiled(account->engine, take, path, detail);
	}
	upload->wanted--;
	upload_release(account->engine, upload);
}

/* Nothing can be done for this picture: the orders that wait for it end. */
static void given_up(
        struct account *account, struct upload *upload, const char *words, const char *hint)
{
	struct take *take, *next;

	upload->wanted++;
	for (take = account->uploading; take; take = next) {
		const struct reference *reference = upload_wanted_by(account->engine, take, upload);
		CLEANUP(free_p) char *error = NULL;

		next = take->next_ready;
		if (reference && asprintf(&error, "%s: %s", reference->path, words) >= 0)
			submit_fails(account->engine, take, error, hint);
	}
	upload->wanted--;
	upload_release(account->engine, upload);
}

/* ---- answers ---- */

static void given(struct account *account, struct upload *upload, const char *url)
{
	struct engine *engine = account->engine;

	upload->failures = upload->unclear = 0;
	if (row_set(&upload->row.url, url) < 0) {
		upload_pause(account, "no memory for the address of a picture");
		return;
	}
	upload->given_us = engine_now_us(engine);
	upload->row.expires_ms =
	        engine_wall_ms(engine) + provider_upload_keep_ms(account->provider);
	upload_go_on(account);
	if (store_remember_upload(engine->store, &upload->row) < 0)
		log_warning("the address of an uploaded picture is not remembered: no memory");
	fault_point("upload.remembered");
	upload_trim(engine);
}

/* An answer came, and no address. */
static void unclear(struct account *account, struct upload *upload,
        const struct http_result *result, const char *words)
{
	char text[300];

	if (result->status >= 500) {
		upload_pause(account,
		        "%s takes no pictures at the moment (HTTP %d%s%.120s); " AGAIN,
		        title(account), result->status, *words ? ": " : "", words);
		return;
	}
	snprintf(text, sizeof(text), "%s took it and gave no address (HTTP %d%s%.120s)",
	        title(account), result->status, *words ? ": " : "", words);
	if (++upload->unclear >= UPLOAD_TRIES)
		given_up(account, upload, text, HINT_AGAIN);
	else
		upload_pause(account, "%s: %s; " AGAIN, upload->path, text);
}

/* The limit of the first order that waits for it. */
static int64_t bytes_max_of(struct account *account, const struct upload *upload)
{
	struct take *take;

	for (take = account->uploading; take; take = take->next_ready) {
		const struct reference *reference = upload_wanted_by(account->engine, take, upload);
		const struct provider_pictures *pictures =
		        reference ? provider_pictures(account->provider, take->row.request.model,
		                            reference->parameter)
		                  : NULL;

		if (pictures)
			return pictures->bytes_max;
	}
	return 0;
}

static void refused(struct account *account, struct upload *upload, int status, const char *words)
{
	int64_t bytes_max = bytes_max_of(account, upload);
	char text[400], size[SIZE_TEXT_SIZE], most[SIZE_TEXT_SIZE], limit[80] = "";

	size_text(upload->size, size);
	size_text(bytes_max, most);
	if (bytes_max > 0)
		snprintf(limit, sizeof(limit), "; at most %s are said to be taken", most);
	if (status == 413)
		snprintf(text, sizeof(text), "%s does not take it: %s are too large%s%s%.120s",
		        title(account), size, limit, *words ? "; " : "", words);
	else
		snprintf(text, sizeof(text), "%s does not take it (HTTP %d%s%.120s)",
		        title(account), status, *words ? ": " : "", words);
	given_up(account, upload, text, HINT_REFUSED);
}

static void answered(
        struct account *account, struct upload *upload, const struct http_result *result)
{
	struct provider_answer answer = {0};
	const char *words;

	if (provider_read_upload(
	            account->provider, result->status, result->body, result->size, &answer) < 0) {
		upload_pause(account, "no memory to read the answer to an upload; " AGAIN);
		return;
	}
	words = answer.error ? answer.error : "";
	switch (answer.verdict) {
	case PROVIDER_ANSWERED:
		/* Nobody can have taken what was not sent. */
		if (upload->sent < upload->size)
			unclear(account, upload, result, "it was answered before it was sent");
		else if (answer.urls && answer.urls[0])
			given(account, upload, answer.urls[0]);
		else
			unclear(account, upload, result, words);
		break;
	case PROVIDER_BAD_KEY:
		/* Unless it has been replaced meanwhile. */
		if (upload->key_number == account->key_number)
			account_stop(account, ACCOUNT_BAD_KEY,
			        "%s does not accept the key (%s); nothing was charged; change the "
			        "key, or write retry into the status file",
			        title(account), words);
		break;
	case PROVIDER_NO_CREDITS:
		account_short(account, words);
		break;
	case PROVIDER_BUSY:
		upload_pause(account, "%s asks to slow down (%s); " AGAIN, title(account), words);
		break;
	case PROVIDER_MAINTENANCE:
		upload_pause(
		        account, "%s is under maintenance (%s); " AGAIN, title(account), words);
		break;
	case PROVIDER_REFUSED:
		refused(account, upload, result->status, words);
		break;
	case PROVIDER_UNCLEAR:
	case PROVIDER_ACCEPTED:
	case PROVIDER_RUNNING:
	case PROVIDER_FINISHED:
	case PROVIDER_FAILED:
	case PROVIDER_NOT_FOUND:
		unclear(account, upload, result, words);
		break;
	}
	provider_answer_done(&answer);
}

/* Whether all of the file went out, and it was not what was ordered. */
static bool is_other_file(struct upload *upload)
{
	char sha256[DIGEST_TEXT_SIZE];

	return upload->digest && upload->sent == upload->size &&
	       digest_end(upload->digest, sha256) == 0 && strcmp(sha256, upload->row.sha256) != 0;
}

static void ended(struct account *account, struct upload *upload, const struct http_result *result)
{
	upload->failures++;
	if (is_other_file(upload)) {
		spoiled(account, upload, upload->path, "");
		return;
	}
	switch (result->outcome) {
	case HTTP_ANSWERED:
		answered(account, upload, result);
		break;
	case HTTP_NO_FILE:
		if (upload->digest)
			spoiled(account, upload, upload->path, result->error);
		else
			upload_pause(
			        account, "%s cannot be read (no memory); " AGAIN, upload->path);
		break;
	case HTTP_BAD_URL:
		given_up(account, upload, result->error, HINT_AGAIN);
		break;
	case HTTP_TOO_LONG:
		unclear(account, upload, result, "the answer was longer than any answer can be");
		break;
	case HTTP_NOT_SENT:
	case HTTP_LOST:
	case HTTP_NO_SPACE:
		upload_pause(account, "%s cannot be uploaded to %s (%.200s); " AGAIN, upload->path,
		        title(account), result->error);
		break;
	}
}

static void upload_done(void *context, const struct http_result *result)
{
	struct upload *upload = context;
	struct account *account = upload->account;
	struct engine *engine = account->engine;

	fault_point("upload.answered");
	upload->transfer = NULL;
	/* It is under way, and there, until this is over. */
	upload->wanted++;
	ended(account, upload, result);
	upload_stops(engine, upload);
	upload->wanted--;
	upload_release(engine, upload);
	upload_wake(engine);
	/* What stops the account stops its orders too. */
	account_step(account);
}

static int upload_sent(void *context, const void *bytes, size_t size)
{
	struct upload *upload = context;

	upload->sent += (int64_t)size;
	if (upload->sent == upload->size)
		fault_point("upload.sent");
	if (digest_add(upload->digest, bytes, size) == 0)
		return 0;
	digest_free_p(&upload->digest);
	return -EIO;
}

/* ---- the beginning ---- */

struct files_reference_limits reference_limits(const struct provider *provider, const char *model,
        const char *parameter, const struct stat *prompt)
{
	const struct provider_pictures *pictures = provider_pictures(provider, model, parameter);

	return (struct files_reference_limits){
	        .bytes_max = pictures ? pictures->bytes_max : 0,
	        .suffixes = pictures ? pictures->suffixes : NULL,
	        .uid = prompt->st_uid,
	        .gid = prompt->st_gid,
	};
}

/* -EINVAL with what is wrong with the file; -errno for trouble that is not the file's. */
static int file_open(struct take *take, const struct reference *reference, int *ret_fd,
        enum files_format *ret_format, struct err *err)
{
	struct account *account = take->account;
	struct engine *engine = account->engine;
	CLEANUP(free_p) char *prompt = prompt_path(engine, take->prompt);
	struct files_reference_limits limits;
	struct stat st;
	int r = prompt ? files_stat(engine->files, prompt, &st) : -ENOMEM;

	if (r < 0)
		return err_set(err, r == -EINVAL ? -EIO : r, "the prompt cannot be found (%s)",
		        strerror(-r));
	limits = reference_limits(
	        account->provider, take->row.request.model, reference->parameter, &st);
	r = files_open_reference(
	        engine->files, reference->path, &limits, ret_fd, ret_format, &st, err);
	return r == 0 && st.st_size != reference->size ? -EINVAL : r;
}

static int upload_start(struct upload *upload, const char *name, enum files_format format,
        const struct provider_upload *form)
{
	const struct http_upload file = {
	        .fields = (const char *const *)form->fields,
	        .file_field = form->file_field,
	        .file_name = name,
	        .file_type = files_format_mime(format),
	        .fd = upload->fd,
	        .size = upload->size,
	        .sent = upload_sent,
	        .context = upload,
	};
	const struct http_request request = {
	        .method = form->message.method,
	        .url = form->message.url,
	        .headers = (const char *const *)form->message.headers,
	        .upload = &file,
	        .timeout_ms = UPLOAD_TIMEOUT_MS + upload->size / UPLOAD_BYTES_PER_MS,
	        .stall_ms = UPLOAD_STALL_MS,
	        .body_max = PROVIDER_ANSWER_MAX,
	        .sink = -1,
	        .once = true,
	        .allow_loopback_http = strncmp(form->message.url, "http:", 5) == 0,
	};

	return http_start(
	        upload->account->engine->http, &request, upload_done, upload, &upload->transfer);
}

/* The file is open: the rest of what is needed. */
static int upload_prepare(struct upload *upload, enum files_format format)
{
	struct account *account = upload->account;
	char uuid[UUID_TEXT_SIZE], name[UUID_TEXT_SIZE + 8];
	struct provider_upload form = {0};
	int r = row_set(&upload->row.suffix, files_format_suffix(format));

	upload->digest = digest_new();
	if (r < 0 || !upload->digest)
		return -ENOMEM;
	/* A name that was used before may show an older picture for a while. */
	uuid_text_make(uuid);
	snprintf(name, sizeof(name), "%s.%s", uuid, upload->row.suffix);
	r = provider_upload_message(
	        account->provider, account->own_base_url, account->key, name, &form);
	if (r < 0)
		return r;
	r = upload_start(upload, name, format, &form);
	provider_upload_done(&form);
	return r;
}

void upload_begin(struct account *account, struct upload *upload, struct take *take,
        const struct reference *reference)
{
	CLEANUP(free_p) char *path = strdup(reference->path);
	struct engine *engine = account->engine;
	enum files_format format = FILES_UNKNOWN;
	struct err err = {""};
	CLEANUP(close_p) int fd = -1;
	int r = path ? file_open(take, reference, &fd, &format, &err) : -ENOMEM;

	if (r < 0) {
		upload->failures++;
		if (r == -EINVAL)
			spoiled(account, upload, path, err.text);
		else if (*err.text)
			upload_pause(account, "%s; " AGAIN, err.text);
		else
			upload_pause(account, "%s cannot be read (%s); " AGAIN, reference->path,
			        strerror(-r));
		return;
	}
	upload->under_way = true;
	upload->account = account;
	upload->path = TAKE(path);
	upload->fd = take_fd(&fd);
	upload->size = reference->size;
	upload->sent = 0;
	upload->key_number = account->key_number;
	engine->uploads++;
	account->uploads++;
	r = upload_prepare(upload, format);
	if (r == 0) {
		fault_point("upload.started");
		return;
	}
	upload->failures++;
	if (r == -ENOMEM)
		upload_pause(account, "%s cannot be uploaded (no memory); " AGAIN, upload->path);
	upload->wanted++;
	upload_stops(engine, upload);
	if (r != -ENOMEM)
		given_up(account, upload, "it cannot be uploaded: the request cannot be made",
		        HINT_AGAIN);
	upload->wanted--;
	upload_release(engine, upload);
}
