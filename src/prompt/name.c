/* SPDX-License-Identifier: MIT */
#include "darkroom/prompt.h"

#include <string.h>

/* The longest name that file systems keep, in bytes. */
#define NAME_BYTES_MAX 255

static const struct {
	const char *suffix;
	enum prompt_name kind;
} suffixes[] = {
        {".prompt", PROMPT_NAME_PROMPT},
        {".status", PROMPT_NAME_STATUS},
        {".wait", PROMPT_NAME_WAIT},
};

enum prompt_name prompt_name_kind(const char *name, size_t *ret_stem_length)
{
	size_t length = strnlen(name, NAME_BYTES_MAX + 1), i;

	if (length > NAME_BYTES_MAX || name[0] == '.')
		return PROMPT_NAME_OTHER;
	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size_t suffix = strlen(suffixes[i].suffix), stem;

		if (length <= suffix ||
		        memcmp(name + length - suffix, suffixes[i].suffix, suffix) != 0)
			continue;
		stem = length - suffix;
		/* The prompt itself must be able to exist. */
		if (stem + strlen(".prompt") > NAME_BYTES_MAX)
			return PROMPT_NAME_OTHER;
		if (ret_stem_length)
			*ret_stem_length = stem;
		return suffixes[i].kind;
	}
	return PROMPT_NAME_OTHER;
}

bool prompt_name_make(const char *stem, size_t stem_length, const char *suffix, char out[256])
{
	size_t suffix_length = strnlen(suffix, NAME_BYTES_MAX);

	if (stem_length >= NAME_BYTES_MAX || suffix_length > NAME_BYTES_MAX - 1 - stem_length)
		return false;
	memmove(out, stem, stem_length);
	out[stem_length] = '.';
	memcpy(out + stem_length + 1, suffix, suffix_length);
	out[stem_length + 1 + suffix_length] = '\0';
	return true;
}
