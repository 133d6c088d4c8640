/* SPDX-License-Identifier: MIT */
/* Pictures that go inside the request, as data: URLs.  The publisher's thread reads them when their
 * order's turn has come, so that no more of them are in memory than orders are being sent. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

void inline_free(char **inlined, size_t count)
{
	size_t i;

	for (i = 0; inlined && i < count; i++)
		free(inlined[i]);
	free(inlined);
}

static bool is_inline(
        const struct provider *provider, const char *model, const struct reference *reference)
{
	const struct provider_pictures *pictures =
	        reference->path ? provider_pictures(provider, model, reference->parameter) : NULL;

	return pictures && pictures->inline_data;
}

bool inline_is_needed(const struct take *take)
{
	const struct request *request = &take->row.request;
	size_t i;

	for (i = 0; i < request->reference_count; i++)
		if (is_inline(take->account->provider, request->model, &request->references[i]))
			return true;
	return false;
}

/* ---- on the publisher's thread ---- */

static char *data_url(enum files_format format, const struct buf *bytes)
{
	char head[64];
	int length = snprintf(head, sizeof(head), "data:%s;base64,", files_format_mime(format));
	char *url = malloc((size_t)length + BASE64_SIZE(bytes->size));

	if (!url)
		return NULL;
	memcpy(url, head, (size_t)length);
	base64_text(bytes->data, bytes->size, url + length);
	return url;
}

static int digest_of(const struct buf *bytes, char sha256[static DIGEST_TEXT_SIZE])
{
	CLEANUP(digest_free_p) struct digest *digest = digest_new();
	int r = digest ? digest_add(digest, bytes->data, bytes->size) : -ENOMEM;

	return r < 0 ? r : digest_end(digest, sha256);
}

/* -EINVAL where the file is not what was ordered; err says more where there is more to say. */
static int inline_read(struct engine *engine, struct job *job, const struct stat *prompt,
        const struct reference *reference, char **ret_url)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(0);
	CLEANUP(close_p) int fd = -1;
	struct files_reference_limits limits;
	char sha256[DIGEST_TEXT_SIZE];
	enum files_format format;
	struct stat st;
	int r;

	limits = reference_limits(
	        job->provider, job->row.request.model, reference->parameter, prompt);
	r = files_open_reference(
	        engine->files, reference->path, &limits, &fd, &format, &st, &job->err);
	if (r < 0)
		return r;
	r = read_all(fd, (size_t)reference->size, &bytes);
	if (r == -EFBIG || (r == 0 && bytes.size != (size_t)reference->size))
		return -EINVAL;
	if (r == 0)
		r = digest_of(&bytes, sha256);
	if (r < 0)
		return r == -EINVAL ? -EIO : r;
	if (strcmp(sha256, reference->sha256) != 0)
		return -EINVAL;
	*ret_url = data_url(format, &bytes);
	return *ret_url ? 0 : -ENOMEM;
}

static int inline_all(struct engine *engine, struct job *job)
{
	const struct request *request = &job->row.request;
	CLEANUP(free_p) char *path = prompt_path(engine, job->prompt);
	struct stat prompt;
	int r = path ? files_stat(engine->files, path, &prompt) : -ENOMEM;

	if (r < 0)
		return r == -EINVAL ? -EIO : r;
	for (job->index = 0; job->index < request->reference_count; job->index++) {
		const struct reference *reference = &request->references[job->index];

		if (!is_inline(job->provider, request->model, reference))
			continue;
		r = inline_read(engine, job, &prompt, reference, &job->inlined[job->index]);
		if (r < 0)
			return r;
	}
	return 0;
}

void inline_run(struct engine *engine, struct job *job)
{
	job->result = inline_all(engine, job);
}

/* ---- on the engine's thread ---- */

static void inline_done(struct engine *engine, struct message *message)
{
	struct job *job = (struct job *)message;
	struct take *take = job->take;
	const struct reference *reference = &job->row.request.references[job->index];

	if (!take) {
		job_free(job);
		return;
	}
	take->preparing = NULL;
	if (job->result == 0 && engine->sending && submit_is_wanted(engine, take)) {
		take->inlined = TAKE(job->inlined);
		job_free(job);
		submit_intend(engine, take);
		return;
	}
	submit_ends(take);
	if (job->result == -EINVAL) {
		submit_spoiled(engine, take, reference->path, job->err.text);
	} else if (job->result < 0) {
		take_wait_reason(engine, take,
		        "the pictures cannot be read (%s); nothing was sent, and it is tried again "
		        "by itself",
		        strerror(-job->result));
		engine_due(engine, &take->due, engine_now_us(engine) + STORE_RETRY_US);
	} else {
		engine_due(engine, &take->due, engine_now_us(engine));
	}
	engine_due(engine, &job->account->due, engine_now_us(engine));
	job_free(job);
}

static bool is_too_much(const struct take *take)
{
	const struct request *request = &take->row.request;
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < request->reference_count; i++)
		if (is_inline(take->account->provider, request->model, &request->references[i]))
			sum += request->references[i].size;
	return sum > INLINE_MAX;
}

void inline_begin(struct engine *engine, struct take *take)
{
	struct job *job;

	if (is_too_much(take)) {
		submit_ends(take);
		submit_invalid(engine, take,
		        "the pictures are too large together for one request, which may have "
		        "64 MiB of them; nothing was sent",
		        "make the pictures smaller, or give https addresses of them");
		return;
	}
	job = job_new(JOB_INLINE, take, inline_done);
	if (job)
		job->inlined = calloc(job->row.request.reference_count, sizeof(*job->inlined));
	if (!job || !job->inlined) {
		job_free(job);
		submit_ends(take);
		engine_due(engine, &take->due, engine_now_us(engine) + STORE_RETRY_US);
		return;
	}
	job->provider = take->account->provider;
	job->account = take->account;
	take->preparing = job;
	publisher_add(engine, job);
}

void inline_end(struct take *take)
{
	struct account *account = take->account;

	if (!take->preparing)
		return;
	take->preparing->take = NULL;
	take->preparing = NULL;
	submit_ends(take);
	/* There is a place for another one. */
	engine_due(account->engine, &account->due, engine_now_us(account->engine));
}
