/* SPDX-License-Identifier: MIT */
/* The studio: one thread that draws pictures when they are asked for, and a bounded memory of them.
 */
#pragma once

#include "blob.h"
#include "picture.h"

struct studio;

int studio_new(struct studio **ret_studio) NODISCARD;
/* Waits for the picture of that name, which is drawn if it is not in memory.  The strings of the
 * spec must live as long as the studio.  -ECANCELED when the studio ends.  Owned: blob_unref. */
int studio_print(struct studio *studio, const char *name, const struct picture_spec *spec,
        struct blob **ret_print) NODISCARD;
/* Lets everyone who waits go, and gives up what is being drawn. */
void studio_stop(struct studio *studio);
/* After studio_stop, when nobody is waiting any more; NULL is fine. */
void studio_free(struct studio *studio);
