/* SPDX-License-Identifier: MIT */
#include "blob.h"

struct blob *blob_ref(struct blob *blob)
{
	__atomic_add_fetch(&blob->references, 1, __ATOMIC_RELAXED);
	return blob;
}

void blob_unref(struct blob *blob)
{
	if (!blob || __atomic_sub_fetch(&blob->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	free(blob->bytes);
	free(blob);
}

void blob_unref_p(struct blob **blob)
{
	blob_unref(*blob);
}

int blob_new(struct buf *bytes, struct blob **ret_blob)
{
	CLEANUP(blob_unref_p) struct blob *blob = calloc(1, sizeof(*blob));

	if (!blob)
		return -ENOMEM;
	blob->references = 1;
	blob->size = bytes->size;
	blob->bytes = buf_take(bytes);
	if (!blob->bytes)
		return -ENOMEM;
	*ret_blob = TAKE(blob);
	return 0;
}
