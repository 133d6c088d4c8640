/* SPDX-License-Identifier: MIT */
/* What comes from a picture's address: any bytes at all. */
#include "darkroom/files.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum files_format format = FILES_UNKNOWN;
	struct err err = {.text = ""};
	int r = files_verify_bytes(data, size, &format, &err);

	/* It is a picture of a known kind, or there is a sentence. */
	if (r == 0 ? format == FILES_UNKNOWN : r != -EBADMSG || !err.text[0])
		abort();
	return 0;
}
