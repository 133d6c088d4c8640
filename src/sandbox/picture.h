/* SPDX-License-Identifier: MIT */
/* A picture: from a prompt to the bytes of a file. */
#pragma once

#include "scenario.h"

#define PICTURE_BYTES_MAX ((size_t)128 << 20)

/* Strings are borrowed.  Equal specs give equal bytes. */
struct picture_spec {
	const char *prompt, *model, *aspect_ratio, *quality;
	int width, height;
	int index; /* of several pictures of one task, from 1 */
	enum picture_format format;
};

/* Whether the drawing should be given up; asked often, from the drawing thread. */
struct give_up {
	bool (*asked)(void *context);
	void *context;
};

/* Draws and encodes into *file (emptied first; its limit is set).  -ENOMEM, -EMSGSIZE,
 * -ECANCELED, or -EIO where a library failed. */
int picture_draw(const struct picture_spec *spec, const struct give_up *give_up, struct buf *file)
        NODISCARD;
const char *picture_content_type(enum picture_format format);
/* Frees what the text library keeps for the calling thread. */
void picture_thread_done(void);
