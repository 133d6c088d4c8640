/* SPDX-License-Identifier: MIT */
/* The journal: one JSON line for each request, on disk before its answer leaves. */
#pragma once

#include "darkroom/json.h"

struct journal {
	int fd; /* -1: none is kept */
};

/* Called for each line of an earlier run, in order; an error ends the reading. */
typedef int journal_line_fn(void *context, const struct json *line, struct err *err);

/* Opens or makes the file, and reads what is there.  A last line without its newline was cut by a
 * crash before its answer could leave: it is removed.  -errno with file and line in *err. */
int journal_open(const char *path, journal_line_fn *each, void *context,
        struct journal *ret_journal, struct err *err) NODISCARD;
/* Appends the line whole or not at all.  Without a file it does nothing. */
int journal_add(struct journal *journal, const struct json *line) NODISCARD;
void journal_close(struct journal *journal);
