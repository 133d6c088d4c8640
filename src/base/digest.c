/* SPDX-License-Identifier: MIT */
#include "darkroom/base.h"

#include <openssl/evp.h>

struct digest {
	EVP_MD_CTX *context;
};

struct digest *digest_new(void)
{
	CLEANUP(digest_free_p) struct digest *digest = calloc(1, sizeof(*digest));

	if (!digest)
		return NULL;
	digest->context = EVP_MD_CTX_new();
	if (!digest->context || EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1)
		return NULL;
	return TAKE(digest);
}

void digest_free_p(struct digest **digest)
{
	if (*digest)
		EVP_MD_CTX_free((*digest)->context);
	free(*digest);
	*digest = NULL;
}

int digest_add(struct digest *digest, const void *bytes, size_t size)
{
	return EVP_DigestUpdate(digest->context, bytes, size) == 1 ? 0 : -EIO;
}

int digest_end(struct digest *digest, char text[static DIGEST_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned size = 0, i;

	if (EVP_DigestFinal_ex(digest->context, bytes, &size) != 1 ||
	        2 * size + 1 != DIGEST_TEXT_SIZE)
		return -EIO;
	for (i = 0; i < size; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * size] = '\0';
	return 0;
}
