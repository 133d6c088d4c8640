/* SPDX-License-Identifier: MIT */
/* Bytes of a file that several hold at once. */
#pragma once

#include "darkroom/base.h"

struct blob {
	unsigned references; /* atomic */
	char *bytes;
	size_t size;
};

/* Takes the buffer's bytes.  -ENOMEM. */
int blob_new(struct buf *bytes, struct blob **ret_blob) NODISCARD;
struct blob *blob_ref(struct blob *blob);
void blob_unref(struct blob *blob);
void blob_unref_p(struct blob **blob);
