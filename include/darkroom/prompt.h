/* SPDX-License-Identifier: MIT */
/* prompt: which names are prompts, and what a prompt file says.  Pure. */
#pragma once

#include "darkroom/task.h"

/* Larger files are not read. The largest text of any known model is 390,000 characters. */
#define PROMPT_FILE_MAX (2u << 20)
#define PROMPT_HEADER_LINES_MAX 100

enum prompt_name {
	PROMPT_NAME_OTHER,  /* an ordinary file */
	PROMPT_NAME_PROMPT, /* STEM.prompt, not hidden, STEM not empty */
	PROMPT_NAME_STATUS, /* STEM.status of a prompt that may exist */
	PROMPT_NAME_WAIT,   /* STEM.wait of a prompt that may exist */
};

/* Classifies one name of a directory.  *ret_stem_length (may be NULL) is set for all but OTHER. */
enum prompt_name prompt_name_kind(const char *name, size_t *ret_stem_length);

/* Makes STEM.SUFFIX in out; false where it is longer than a name can be (255 bytes). */
bool prompt_name_make(const char *stem, size_t stem_length, const char *suffix, char out[256]);

/* The prefix of the extended attributes, and of those that only the filesystem sets. */
#define PROMPT_XATTR "user.darkroom."
#define PROMPT_XATTR_TASK "user.darkroom.task."

/* A prompt file taken apart. */
struct prompt {
	struct parameters header;
	char *text; /* without the header and without white space at its ends; "" if empty */
};

/* Takes the file's bytes apart.  A header is a first line `---`, lines `key: value`, and a line
 * `---`; blank lines and lines that begin with # in it are skipped; a value may stand in double or
 * single quotes; a byte order mark is skipped; CRLF counts as a line end.  -EINVAL with the reason
 * (line number, what is allowed) where it is not UTF-8, has a NUL, or the header is bad; -ENOMEM.
 * *ret_prompt is filled only on success and then owned by the caller. */
int prompt_parse(const char *bytes, size_t size, struct prompt *ret_prompt, struct err *err)
        NODISCARD;
void prompt_done(struct prompt *prompt);
