/* SPDX-License-Identifier: MIT */
#include "darkroom/base.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

/* The text is made aside first, because an argument may be the old text of the same error. */
int err_set(struct err *err, int code, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;
	int length;

	if (!err)
		return code;
	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (length < 0)
		text[0] = '\0';
	else if ((size_t)length >= sizeof(text))
		text[utf8_cut(text, sizeof(text) - 1)] = '\0';
	memcpy(err->text, text, strlen(text) + 1);
	return code;
}
