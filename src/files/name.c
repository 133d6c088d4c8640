/* SPDX-License-Identifier: MIT */
/* Names of pictures: STEM.SUFFIX for one, STEM-1.SUFFIX and so on for several, and where that is
 * taken by somebody else's file, the next STEM-N.SUFFIX. */
#include "files-private.h"

#include <stdio.h>
#include <string.h>

/* Puts a name together; a stem that is too long for the filesystem is cut at a character. */
static void name_join(
        const char *stem, unsigned number, const char *suffix, char name[static FILES_NAME_SIZE])
{
	char tail[FILES_NAME_SIZE];
	size_t size = strlen(stem), room;

	if (number)
		snprintf(tail, sizeof(tail), "-%u%s", number, suffix);
	else
		snprintf(tail, sizeof(tail), "%s", suffix);
	room = FILES_NAME_SIZE - 1 - strlen(tail);
	if (size > room) {
		size = room;
		while (size > 0 && ((unsigned char)stem[size] & 0xc0) == 0x80)
			size--;
	}
	memcpy(name, stem, size);
	memcpy(name + size, tail, strlen(tail) + 1);
}

bool name_candidate(const struct names *names, unsigned attempt, char name[static FILES_NAME_SIZE])
{
	unsigned number = attempt == 0 ? names->number : names->count + attempt;

	if (attempt > FILES_NAMES_TRIED)
		return false;
	name_join(names->stem, number, names->suffix, name);
	return true;
}

static const char *const dotted[] = {
        [FILES_UNKNOWN] = ".bin",
        [FILES_PNG] = ".png",
        [FILES_JPEG] = ".jpg",
        [FILES_WEBP] = ".webp",
        [FILES_GIF] = ".gif",
        [FILES_AVIF] = ".avif",
        [FILES_HEIC] = ".heic",
        [FILES_BMP] = ".bmp",
        [FILES_TIFF] = ".tiff",
        [FILES_JXL] = ".jxl",
        [FILES_SVG] = ".svg",
};

static const char *const mimes[] = {
        [FILES_UNKNOWN] = "application/octet-stream",
        [FILES_PNG] = "image/png",
        [FILES_JPEG] = "image/jpeg",
        [FILES_WEBP] = "image/webp",
        [FILES_GIF] = "image/gif",
        [FILES_AVIF] = "image/avif",
        [FILES_HEIC] = "image/heic",
        [FILES_BMP] = "image/bmp",
        [FILES_TIFF] = "image/tiff",
        [FILES_JXL] = "image/jxl",
        [FILES_SVG] = "image/svg+xml",
};

static enum files_format known(enum files_format format)
{
	return (size_t)format < ARRAY_SIZE(dotted) ? format : FILES_UNKNOWN;
}

const char *files_format_suffix(enum files_format format)
{
	return dotted[known(format)] + 1;
}

enum files_format files_format_parse(const char *suffix)
{
	size_t i;

	for (i = 0; suffix && i < ARRAY_SIZE(dotted); i++)
		if (strcmp(suffix, dotted[i] + 1) == 0)
			return (enum files_format)i;
	return FILES_UNKNOWN;
}

const char *files_format_mime(enum files_format format)
{
	return mimes[known(format)];
}

struct names names_of_picture(
        const char *stem, const struct files_show_picture *pictures, size_t count, size_t which)
{
	return (struct names){.stem = stem,
	        .suffix = dotted[known(pictures[which].format)],
	        .number = count > 1 ? (unsigned)which + 1 : 0,
	        .count = count > 1 ? (unsigned)count : 0};
}

struct names names_of_file(
        const char *name, char stem[static FILES_NAME_SIZE], char suffix[static FILES_NAME_SIZE])
{
	const char *dot = strrchr(name, '.');
	size_t size = dot && dot != name ? (size_t)(dot - name) : strlen(name);

	snprintf(stem, FILES_NAME_SIZE, "%.*s", (int)size, name);
	snprintf(suffix, FILES_NAME_SIZE, "%s", name + size);
	return (struct names){.stem = stem, .suffix = suffix};
}
