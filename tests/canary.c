/* SPDX-License-Identifier: MIT */
/* Reads freed memory on purpose: a sanitizer run in which this passes has no sanitizer. */
#include <stdlib.h>

int main(void)
{
	char *volatile bytes = malloc(16);
	char byte;

	if (!bytes)
		return 0;
	bytes[3] = 1;
	free(bytes);
	byte = bytes[3];
	return byte == 2;
}
