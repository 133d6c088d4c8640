/* SPDX-License-Identifier: MIT */
/* An upload lives as long as the sandbox, its bytes as long as there is room: tasks refer to
 * uploads, and their pictures are drawn later, in a thread of its own.
 */
#include <string.h>

#include "uploads.h"

int digest_of(const void *bytes, size_t size, char digest[static DIGEST_TEXT_SIZE])
{
	CLEANUP(digest_free_p) struct digest *sum = digest_new();
	int r = sum ? digest_add(sum, bytes, size) : -ENOMEM;

	return r == 0 ? digest_end(sum, digest) : r;
}

struct blob *upload_blob(struct upload *upload)
{
	WITH_LOCK(&upload->lock);

	return upload->blob ? blob_ref(upload->blob) : NULL;
}

static void upload_free(struct upload *upload)
{
	pthread_mutex_destroy(&upload->lock);
	blob_unref(upload->blob);
	free(upload->path);
	free(upload);
}

static void upload_drop(struct uploads *uploads, struct upload *upload)
{
	WITH_LOCK(&upload->lock);

	if (upload->blob)
		uploads->bytes -= upload->size;
	blob_unref(TAKE(upload->blob));
}

static int upload_new(
        const char *path, struct blob *blob, int64_t expires_ms, struct upload **ret_upload)
{
	struct upload *upload = calloc(1, sizeof(*upload));
	int r;

	if (!upload)
		return -ENOMEM;
	pthread_mutex_init(&upload->lock, NULL);
	upload->blob = blob_ref(blob);
	upload->size = blob->size;
	upload->expires_ms = expires_ms;
	upload->kind = file_kind_of(blob->bytes, blob->size);
	upload->path = path ? strdup(path) : NULL;
	r = path && !upload->path ? -ENOMEM : digest_of(blob->bytes, blob->size, upload->digest);
	if (r != 0) {
		upload_free(upload);
		return r;
	}
	*ret_upload = upload;
	return 0;
}

static int uploads_grow(struct uploads *uploads)
{
	size_t capacity = uploads->capacity ? uploads->capacity * 2 : 16;
	struct upload **list;

	if (uploads->count < uploads->capacity)
		return 0;
	list = reallocarray(uploads->list, capacity, sizeof(*list));
	if (!list)
		return -ENOMEM;
	uploads->list = list;
	uploads->capacity = capacity;
	return 0;
}

/* One without an address and with the same bytes is as good. */
static struct upload *same_without_path(const struct uploads *uploads, const struct upload *upload)
{
	for (size_t i = 0; i < uploads->count; i++) {
		struct upload *other = uploads->list[i];

		if (!other->path && other->blob && strcmp(other->digest, upload->digest) == 0)
			return other;
	}
	return NULL;
}

int uploads_add(struct uploads *uploads, const char *path, struct blob *blob, int64_t expires_ms,
        struct upload **ret_upload)
{
	struct upload *upload = NULL, *same;
	int r;

	if (uploads->count >= UPLOADS_MAX || blob->size > UPLOADS_BYTES_MAX)
		return -ENOSPC;
	r = uploads_grow(uploads);
	if (r == 0)
		r = upload_new(path, blob, expires_ms, &upload);
	if (r != 0)
		return r;
	same = path ? NULL : same_without_path(uploads, upload);
	if (same) {
		upload_free(upload);
		*ret_upload = same;
		return 0;
	}
	for (size_t i = 0; i < uploads->count; i++)
		if (uploads->bytes + upload->size > UPLOADS_BYTES_MAX)
			upload_drop(uploads, uploads->list[i]);
	uploads->bytes += upload->size;
	uploads->list[uploads->count++] = upload;
	*ret_upload = upload;
	return 0;
}

struct upload *uploads_find(const struct uploads *uploads, const char *path, int64_t now_ms)
{
	for (size_t i = 0; i < uploads->count; i++) {
		struct upload *upload = uploads->list[i];

		if (upload->path && upload->expires_ms > now_ms && strcmp(upload->path, path) == 0)
			return upload;
	}
	return NULL;
}

void uploads_done(struct uploads *uploads)
{
	for (size_t i = 0; i < uploads->count; i++)
		upload_free(uploads->list[i]);
	free(uploads->list);
	*uploads = (struct uploads){0};
}
