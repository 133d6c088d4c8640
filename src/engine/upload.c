/* SPDX-License-Identifier: MIT */
/* Reference pictures and their addresses at the providers: which are known, and which orders wait
 * for which.  An order whose pictures all have an address goes into its account's line; a picture
 * is uploaded once for all orders that want it, and its address is remembered until it expires. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define PROGRESS_US US_PER_S /* between looks at how far uploads are, and US_PER_MS an order */
#define PAUSE_FIRST_US US_PER_S
#define PAUSE_MOST_US (60 * US_PER_S)
/* An order may use an address that it waited for during this time, however short it is kept. */
#define ADDRESS_USE_US (60 * US_PER_S)

/* ---- what is known ---- */

static struct upload **bucket_of(struct engine *engine, const char *sha256)
{
	uint32_t hash = 0;

	for (; *sha256; sha256++)
		hash = hash * 31 + (unsigned char)*sha256;
	return &engine->upload_buckets[hash % UPLOAD_BUCKETS];
}

/* Where the account's pictures go to: the same file has another address elsewhere. */
static const char *upload_url(struct account *account)
{
	struct provider_upload upload = {0};

	if (!account->upload_url && provider_upload_message(account->provider,
	                                    account->own_base_url, "-", "-", &upload) == 0) {
		(void)!row_set(&account->upload_url, upload.message.url);
		provider_upload_done(&upload);
	}
	return account->upload_url ? account->upload_url : "";
}

static struct upload *find(struct account *account, const char *sha256)
{
	const char *name = provider_name(account->provider), *url = upload_url(account);
	struct upload *upload = *bucket_of(account->engine, sha256);

	while (upload && (strcmp(upload->row.sha256, sha256) != 0 ||
	                         strcmp(upload->row.provider, name) != 0 ||
	                         strcmp(upload->row.base_url, url) != 0))
		upload = upload->next;
	return upload;
}

static void insert(struct engine *engine, struct upload *upload)
{
	struct upload **bucket = bucket_of(engine, upload->row.sha256);

	upload->fd = -1;
	upload->next = *bucket;
	*bucket = upload;
	engine->upload_count++;
}

static struct upload *find_or_make(struct account *account, const char *sha256)
{
	struct upload *upload = find(account, sha256);

	if (upload)
		return upload;
	upload = calloc(1, sizeof(*upload));
	if (!upload)
		return NULL;
	snprintf(upload->row.sha256, sizeof(upload->row.sha256), "%s", sha256);
	if (row_set(&upload->row.provider, provider_name(account->provider)) < 0 ||
	        row_set(&upload->row.base_url, upload_url(account)) < 0) {
		store_upload_done(&upload->row);
		free(upload);
		return NULL;
	}
	insert(account->engine, upload);
	return upload;
}

static void drop(struct engine *engine, struct upload *upload)
{
	struct upload **at = bucket_of(engine, upload->row.sha256);

	while (*at != upload)
		at = &(*at)->next;
	*at = upload->next;
	engine->upload_count--;
	upload_cancel(engine, upload);
	store_upload_done(&upload->row);
	free(upload);
}

void upload_release(struct engine *engine, struct upload *upload)
{
	if (upload->wanted > 0)
		return;
	if (upload->row.url)
		upload_cancel(engine, upload);
	else
		drop(engine, upload);
}

void upload_trim(struct engine *engine)
{
	struct upload *upload, *first = NULL;
	size_t i;

	if (engine->upload_count <= ADDRESSES_MAX)
		return;
	for (i = 0; i < UPLOAD_BUCKETS; i++)
		for (upload = engine->upload_buckets[i]; upload; upload = upload->next)
			if (upload->wanted == 0 &&
			        (!first || upload->row.expires_ms < first->row.expires_ms))
				first = upload;
	if (first)
		drop(engine, first);
}

static int load_one(void *context, struct store_upload *row)
{
	struct engine *engine = context;
	struct upload *upload =
	        engine->upload_count < ADDRESSES_MAX ? calloc(1, sizeof(*upload)) : NULL;

	/* What there is no memory for is uploaded again. */
	if (!upload) {
		store_upload_done(row);
		return 0;
	}
	upload->row = *row;
	insert(engine, upload);
	return 0;
}

int upload_load(struct engine *engine, struct err *err)
{
	return store_load_uploads(engine->store, engine_wall_ms(engine), load_one, engine, err);
}

void upload_free_all(struct engine *engine)
{
	size_t i;

	for (i = 0; i < UPLOAD_BUCKETS; i++)
		while (engine->upload_buckets[i])
			drop(engine, engine->upload_buckets[i]);
}

/* Whether the provider can still be given the address. */
static bool is_usable(struct engine *engine, const struct take *take, const struct upload *upload)
{
	int64_t left_ms = upload->row.expires_ms - engine_wall_ms(engine);

	if (!upload->row.url)
		return false;
	/* More than it is kept for was left before the clock was set back. */
	if (left_ms > 0 && left_ms <= provider_upload_keep_ms(take->account->provider))
		return true;
	return take->uploading_us && upload->given_us >= take->uploading_us &&
	       engine_now_us(engine) - upload->given_us < ADDRESS_USE_US;
}

/* Finds out which pictures of the request must be uploaded. */
static void look(struct take *take)
{
	const struct request *request = &take->row.request;
	size_t i;

	take->to_upload = 0;
	for (i = 0; i < request->reference_count; i++) {
		const struct reference *reference = &request->references[i];
		const struct provider_pictures *pictures = provider_pictures(
		        take->account->provider, request->model, reference->parameter);

		if (reference->path && !(pictures && pictures->inline_data))
			take->to_upload |= UINT32_C(1) << i;
	}
}

bool upload_is_for(const struct take *take, size_t i)
{
	return take->to_upload >> i & 1;
}

const char *upload_address(struct engine *engine, struct take *take, size_t i)
{
	struct upload *upload;

	if (!upload_is_for(take, i))
		return NULL;
	upload = find(take->account, take->row.request.references[i].sha256);
	return upload && is_usable(engine, take, upload) ? upload->row.url : NULL;
}

static bool is_missing(struct engine *engine, struct take *take)
{
	size_t i;

	for (i = 0; i < take->row.request.reference_count; i++)
		if (upload_is_for(take, i) && !upload_address(engine, take, i))
			return true;
	return false;
}

bool upload_is_missing(struct engine *engine, struct take *take)
{
	look(take);
	return is_missing(engine, take);
}

static void forget(struct account *account, struct upload *upload)
{
	struct engine *engine = account->engine;

	/* In the store it has expired. */
	upload->row.expires_ms = 0;
	if (store_remember_upload(engine->store, &upload->row) < 0)
		log_warning("the address of an uploaded picture is not forgotten: no memory");
	free(upload->row.url);
	upload->row.url = NULL;
	if (upload->wanted == 0)
		drop(engine, upload);
	else
		upload_soon(account);
}

void upload_forget(struct take *take)
{
	const struct request *request = &take->row.request;
	struct upload *upload;
	size_t i;

	if (!take->account)
		return;
	look(take);
	for (i = 0; i < request->reference_count; i++) {
		upload = upload_is_for(take, i) ? find(take->account, request->references[i].sha256)
		                                : NULL;
		/* The task was not given what came after it. */
		if (upload && upload->row.url && upload->given_us <= take->submitted_us)
			forget(take->account, upload);
	}
}

/* ---- which orders wait ---- */

/* The references from the first to `end` no longer want their pictures. */
static void unwant_some(struct engine *engine, struct take *take, size_t end)
{
	const struct request *request = &take->row.request;
	struct upload *upload;
	size_t i;

	for (i = 0; i < end; i++) {
		if (!upload_is_for(take, i))
			continue;
		upload = find(take->account, request->references[i].sha256);
		if (!upload)
			continue;
		upload->wanted--;
		upload_release(engine, upload);
	}
}

static int want_all(struct engine *engine, struct take *take)
{
	const struct request *request = &take->row.request;
	struct upload *upload;
	size_t i;

	for (i = 0; i < request->reference_count; i++) {
		if (!upload_is_for(take, i))
			continue;
		upload = find_or_make(take->account, request->references[i].sha256);
		if (!upload) {
			unwant_some(engine, take, i);
			return -ENOMEM;
		}
		upload->wanted++;
	}
	return 0;
}

void upload_want(struct engine *engine, struct take *take)
{
	struct account *account = take->account;

	if (provider_upload_keep_ms(account->provider) <= 0) {
		char text[300];

		snprintf(text, sizeof(text), "%s takes no uploads of pictures; nothing was sent",
		        provider_title(account->provider));
		submit_invalid(engine, take, text, "give https addresses of the pictures instead");
		return;
	}
	if (want_all(engine, take) < 0) {
		engine_due(engine, &take->due, engine_now_us(engine) + STORE_RETRY_US);
		return;
	}
	take->in_uploading = true;
	take->uploading_us = engine_now_us(engine);
	take->next_ready = NULL;
	*account->uploading_end = take;
	account->uploading_end = &take->next_ready;
	account->uploading_count++;
	queue_line(engine, take, QUEUE_UPLOADING);
	upload_soon(account);
}

void upload_unwant(struct engine *engine, struct take *take)
{
	struct account *account = take->account;
	struct take **at;

	if (!take->in_uploading)
		return;
	for (at = &account->uploading; *at != take;)
		at = &(*at)->next_ready;
	*at = take->next_ready;
	if (!*at)
		account->uploading_end = at;
	account->uploading_count--;
	take->in_uploading = false;
	take->next_ready = NULL;
	unwant_some(engine, take, take->row.request.reference_count);
}

const struct reference *upload_wanted_by(
        struct engine *engine, const struct take *take, const struct upload *upload)
{
	const struct request *request = &take->row.request;
	size_t i;

	for (i = 0; i < request->reference_count; i++)
		if (upload_is_for(take, i) &&
		        strcmp(request->references[i].sha256, upload->row.sha256) == 0)
			return is_usable(engine, take, upload) ? NULL : &request->references[i];
	return NULL;
}

/* Orders that have all they waited for, or whose prompt is gone, go on. */
static void let_go(struct engine *engine, struct account *account)
{
	struct take *take, *next;

	for (take = account->uploading; take; take = next) {
		int64_t deleted_us = 0;
		bool gone = prompt_is_deleted(engine, take->prompt, &deleted_us) &&
		            engine_now_us(engine) - deleted_us >= DELETED_GRACE_US;

		next = take->next_ready;
		if (!gone && is_missing(engine, take))
			continue;
		upload_unwant(engine, take);
		engine_due(engine, &take->due, engine_now_us(engine));
	}
}

/* ---- sending ---- */

/* What is to be sent next: what failed least, then what was ordered first. */
static struct upload *choose(
        struct account *account, struct take **ret_take, const struct reference **ret_reference)
{
	struct upload *best = NULL, *upload;
	struct take *take;
	size_t i;

	for (take = account->uploading; take; take = take->next_ready) {
		const struct request *request = &take->row.request;

		for (i = 0; i < request->reference_count; i++) {
			if (!upload_is_for(take, i))
				continue;
			upload = find(account, request->references[i].sha256);
			if (!upload || upload->under_way ||
			        is_usable(account->engine, take, upload) ||
			        (best && upload->failures >= best->failures))
				continue;
			best = upload;
			*ret_take = take;
			*ret_reference = &request->references[i];
			if (best->failures == 0)
				return best;
		}
	}
	return best;
}

static void begin_all(struct account *account)
{
	const struct reference *reference = NULL;
	struct engine *engine = account->engine;
	struct upload *upload;
	struct take *take = NULL;

	/* What has failed is tried by one upload first. */
	while (engine->uploads < UPLOADS_MAX && !(account->upload_pauses && account->uploads) &&
	        engine_now_us(engine) >= account->upload_pause_us &&
	        (upload = choose(account, &take, &reference)))
		upload_begin(account, upload, take, reference);
}

void upload_step(struct account *account)
{
	struct engine *engine = account->engine;
	int64_t now_us = engine_now_us(engine), next_us = 0;

	engine_undue(engine, &account->upload_due);
	let_go(engine, account);
	if (!account->uploading || !engine->sending)
		return;
	if (!account_is_stopped(account, true))
		begin_all(account);
	upload_show_reasons(account);
	if (account->uploads)
		next_us = now_us + PROGRESS_US + (int64_t)account->uploading_count * US_PER_MS;
	if (account->upload_pause_us > now_us && (!next_us || account->upload_pause_us < next_us))
		next_us = account->upload_pause_us;
	if (next_us)
		engine_due(engine, &account->upload_due, next_us);
}

void upload_soon(struct account *account)
{
	struct due *due = &account->upload_due.due;
	int64_t now_us = engine_now_us(account->engine);

	if (account->uploading && (!due->position || due->at_us > now_us))
		engine_due(account->engine, &account->upload_due, now_us);
}

void upload_wake(struct engine *engine)
{
	struct account *account;

	for (account = engine->accounts; account; account = account->next)
		upload_soon(account);
}

void upload_pause(struct account *account, const char *format, ...)
{
	struct engine *engine = account->engine;
	char *reason = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&reason, format, arguments) < 0)
		reason = NULL;
	va_end(arguments);
	free(account->upload_reason);
	account->upload_reason = reason;
	/* Uploads that fail together count as one. */
	if (engine_now_us(engine) < account->upload_pause_us)
		return;
	account->upload_pause_us =
	        engine_now_us(engine) + backoff_us(account->upload_pauses++, PAUSE_FIRST_US,
	                                        PAUSE_MOST_US, engine_random(engine));
}

void upload_go_on(struct account *account)
{
	account->upload_pauses = 0;
	account->upload_pause_us = 0;
	free(account->upload_reason);
	account->upload_reason = NULL;
}

/* ---- what the status says ---- */

static void show_progress(struct engine *engine, struct take *take,
        const struct reference *reference, const struct upload *upload)
{
	bool small = upload->size < MB;
	double unit = small ? MB / 1000 : MB;

	take_wait_reason(engine, take, "uploading %s: %.1f of %.1f %s", reference->path,
	        (double)upload->sent / unit, (double)upload->size / unit, small ? "kB" : "MB");
}

static void show_reason(struct account *account, struct take *take)
{
	const struct request *request = &take->row.request;
	const struct reference *missing = NULL;
	struct engine *engine = account->engine;
	size_t i;

	if (account->stop != ACCOUNT_OPEN && account->stop != ACCOUNT_PAUSED) {
		take_wait_reason(engine, take, "%s", account->reason ? account->reason : "no key");
		return;
	}
	for (i = 0; i < request->reference_count; i++) {
		const struct reference *reference = &request->references[i];
		const struct upload *upload =
		        upload_is_for(take, i) ? find(account, reference->sha256) : NULL;

		if (!upload || is_usable(engine, take, upload))
			continue;
		if (upload->under_way) {
			show_progress(engine, take, reference, upload);
			return;
		}
		if (!missing)
			missing = reference;
	}
	if (account->upload_reason)
		take_wait_reason(engine, take, "%s", account->upload_reason);
	else if (missing)
		take_wait_reason(engine, take, "%s waits to be uploaded", missing->path);
}

void upload_show_reasons(struct account *account)
{
	struct take *take;

	for (take = account->uploading; take; take = take->next_ready)
		show_reason(account, take);
}
