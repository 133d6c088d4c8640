/* SPDX-License-Identifier: MIT */
/* Numbers and their texts, with a dot for the fraction whatever the locale is. */
#pragma once

#include "darkroom/base.h"

#define NUMBER_TEXT_SIZE 32

bool number_is_finite(double value);
/* The whole text as a number by JSON's grammar; false for any other. May give an infinity. */
bool number_parse(const char *text, double *ret_value);
/* The same, for what is a whole number that fits. */
bool number_parse_integer(const char *text, int64_t *ret_value);
/* False where the value has a fraction or does not fit. */
bool number_to_integer(double value, int64_t *ret_value);
/* The shortest decimal text that reads back as this finite value. */
void number_text(double value, char text[static NUMBER_TEXT_SIZE]);
