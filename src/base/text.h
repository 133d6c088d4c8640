/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* The length of the well-formed character that the bytes begin with; 0 where there is none. */
size_t utf8_step(const char *bytes, size_t size);
/* The size without a character at the end that was cut in the middle. */
size_t utf8_cut(const char *bytes, size_t size);
