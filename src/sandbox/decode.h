/* SPDX-License-Identifier: MIT */
/* The bytes of a file into pixels. */
#pragma once

#include <cairo.h>

#include "uploads.h"

/* A quarter of a gigabyte of memory, of which no more is taken than for one picture at a time. */
#define DECODE_PIXELS_MAX (8192 * 8192)
#define DECODE_SIDE_MAX 32767 /* cairo's */

/* A PNG, JPEG or WebP as a CAIRO_FORMAT_ARGB32 surface, owned: cairo_surface_destroy.  -EINVAL
 * where it is none or broken, -ENOMEM. */
int decode(const char *bytes, size_t size, cairo_surface_t **ret_surface) NODISCARD;
