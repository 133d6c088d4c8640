/* SPDX-License-Identifier: MIT */
/* Pixels into the bytes of a file. */
#pragma once

#include <cairo.h>

#include "picture.h"

/* The surface is CAIRO_FORMAT_RGB24 and flushed.  Appends to the file. */
int encode_png(cairo_surface_t *surface, const struct give_up *give_up, struct buf *file) NODISCARD;
int encode_jpeg(cairo_surface_t *surface, const struct give_up *give_up, struct buf *file)
        NODISCARD;
int encode_webp(cairo_surface_t *surface, const struct give_up *give_up, struct buf *file)
        NODISCARD;
