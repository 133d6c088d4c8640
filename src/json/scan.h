/* SPDX-License-Identifier: MIT */
#pragma once

#include "darkroom/base.h"

/* Looks over the tokens of a document in UTF-8 and its depth; how the tokens follow one another is
 * left to the parser.  NULL, or what is wrong with *ret_offset set. */
const char *json_scan(const char *bytes, size_t size, size_t *ret_offset);
/* Whether the whole text is one number by JSON's grammar; *ret_whole tells whether it is written
 * without fraction and exponent. */
bool json_scan_is_number(const char *text, size_t size, bool *ret_whole);
