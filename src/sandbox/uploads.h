/* SPDX-License-Identifier: MIT */
/* Pictures that were sent here: uploaded, or inside an order.  They are kept in memory within a
 * limit; what exceeds it drops the bytes of the oldest.
 */
#pragma once

#include "blob.h"

#define UPLOADS_MAX 10000
#define UPLOADS_BYTES_MAX ((size_t)192 << 20)

/* What a file is by its first bytes. */
struct file_kind {
	const char *content_type; /* static */
	const char *extension;    /* static, without a dot */
	int width, height;        /* 0: not a picture that can be drawn */
};

/* Everything but the bytes stays as it is while the sandbox lives. */
struct upload {
	char *path; /* its address below /uploads/; NULL: it came inside an order */
	char digest[DIGEST_TEXT_SIZE];
	struct file_kind kind;
	size_t size;
	int64_t expires_ms; /* when the address ends */
	pthread_mutex_t lock;
	struct blob *blob; /* NULL: dropped */
};

struct uploads {
	struct upload **list;
	size_t count, capacity, bytes;
};

/* path is NULL for one without an address.  The blob is borrowed.  The upload is borrowed from the
 * list.  -ENOMEM, -ENOSPC beyond a limit, -EIO. */
int uploads_add(struct uploads *uploads, const char *path, struct blob *blob, int64_t expires_ms,
        struct upload **ret_upload) NODISCARD;
/* The upload with this address: of several the first, as caches in between would have it.  NULL
 * where there is none or it has expired. */
struct upload *uploads_find(const struct uploads *uploads, const char *path, int64_t now_ms);
void uploads_done(struct uploads *uploads);

/* The bytes; NULL where they were dropped.  From any thread.  Owned: blob_unref. */
struct blob *upload_blob(struct upload *upload);

/* By the first bytes; the size only of pictures that can be drawn. */
struct file_kind file_kind_of(const char *bytes, size_t size);
/* The SHA-256 of the bytes.  -ENOMEM, -EIO. */
int digest_of(const void *bytes, size_t size, char digest[static DIGEST_TEXT_SIZE]) NODISCARD;
