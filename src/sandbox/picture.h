/* SPDX-License-Identifier: MIT */
/* A picture: from a prompt and the pictures that go in to the bytes of a file. */
#pragma once

#include "scenario.h"
#include "uploads.h"

#define PICTURE_BYTES_MAX ((size_t)128 << 20)

enum picture_kind {
	PICTURE_SCENE,   /* painted from the prompt, with the pictures that go in hung up in it */
	PICTURE_UPSCALE, /* the one that goes in, larger */
	PICTURE_CUTOUT,  /* the same, cut out, on a checked ground */
	PICTURE_REFRAME, /* the same, whole, with a scene around it */
	PICTURE_LAYERS,  /* the same as the first picture, and parts of it as the others */
};

/* A picture that goes in; both borrowed. */
struct reference {
	const char *label;     /* what is shown where there is nothing to draw */
	struct upload *upload; /* NULL: it lies elsewhere, and is not fetched */
};

/* Strings and references are borrowed.  Equal specs give equal bytes. */
struct picture_spec {
	enum picture_kind kind;
	const char *prompt, *model, *ratio, *scale, *seed;
	int width, height;
	int index, count; /* of several pictures of one task, from 1 */
	enum picture_format format;
	const struct reference *references;
	size_t reference_count;
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
