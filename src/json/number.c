/* SPDX-License-Identifier: MIT */
#include "number.h"

#include "scan.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_ALWAYS_EXACT 15 /* a decimal of so many digits survives being a double */
#define DIGITS_ENOUGH 17       /* and a double survives being a decimal of so many */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t plain;

static void make_plain(void)
{
	plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Without memory for it the thread's own locale stays in force. */
static locale_t plain_enter(void)
{
	pthread_once(&once, make_plain);
	return plain ? uselocale(plain) : (locale_t)0;
}

static void plain_leave(locale_t *before)
{
	if (*before)
		uselocale(*before);
}

bool number_is_finite(double value)
{
	return isfinite(value);
}

bool number_parse(const char *text, double *ret_value)
{
	CLEANUP(plain_leave) locale_t before = (locale_t)0;
	bool whole;

	if (!json_scan_is_number(text, strlen(text), &whole))
		return false;
	before = plain_enter();
	*ret_value = strtod(text, NULL);
	return true;
}

bool number_parse_integer(const char *text, int64_t *ret_value)
{
	long long integer;
	double value;
	bool whole;

	if (!json_scan_is_number(text, strlen(text), &whole))
		return false;
	if (!whole)
		return number_parse(text, &value) && number_to_integer(value, ret_value);
	errno = 0;
	integer = strtoll(text, NULL, 10);
	if (errno)
		return false;
	*ret_value = integer;
	return true;
}

bool number_to_integer(double value, int64_t *ret_value)
{
	/* The borders are exact as doubles: -2^63 and 2^63. */
	if (!(value >= -0x1p63 && value < 0x1p63) || value != trunc(value))
		return false;
	*ret_value = (int64_t)value;
	return true;
}

void number_text(double value, char text[static NUMBER_TEXT_SIZE])
{
	CLEANUP(plain_leave) locale_t before = plain_enter();
	int digits;

	for (digits = DIGITS_ALWAYS_EXACT; digits <= DIGITS_ENOUGH; digits++) {
		snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
}
