/* SPDX-License-Identifier: MIT */
/* multipart/form-data and base64, read strictly. */
#pragma once

#include "darkroom/base.h"

#define FORM_PARTS_MAX 16

struct form_part {
	char *name, *file_name, *content_type; /* NULL: it has none; the name is always there */
	const char *bytes;                     /* borrowed from the body */
	size_t size;
};

struct form {
	struct form_part parts[FORM_PARTS_MAX];
	size_t count;
};

/* -EINVAL where the body is not what its content type says; -ENOMEM.  Owned: form_done. */
int form_read(const char *content_type, const char *body, size_t size, struct form *form) NODISCARD;
const struct form_part *form_part(const struct form *form, const char *name);
void form_done(struct form *form);

/* Appends the bytes.  -EINVAL, -ENOMEM, -EMSGSIZE. */
int base64_read(const char *text, size_t size, struct buf *bytes) NODISCARD;
