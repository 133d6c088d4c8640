/* SPDX-License-Identifier: MIT */
#include "darkroom/base.h"

#include <openssl/evp.h>

void base64_text(const void *bytes, size_t size, char *text)
{
	*text = '\0';
	EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);
}
