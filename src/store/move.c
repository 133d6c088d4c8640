/* SPDX-License-Identifier: MIT */
/* Paths that follow a rename.  A deleted prompt follows the directories above it, so that it stays
 * beside what it was beside, but not a new file at its own old path.
 */
#include "store-private.h"

#include <stdio.h>
#include <string.h>

bool path_is_within(const char *path, const char *above)
{
	size_t size = strlen(above);

	return strncmp(path, above, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

static int move_unclaim(struct store *store, const char *path)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_MOVE_UNCLAIM, &statement);

	if (r == 0)
		r = sql_bind_blob(statement, ":from", path, strlen(path));
	return r < 0 ? r : sql_run(store, statement);
}

static int move_paths(struct store *store, enum statement which, const char *from, const char *to)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, which, &statement);

	if (r == 0)
		r = sql_bind_blob(statement, ":from", from, strlen(from));
	if (r == 0)
		r = sql_bind_blob(statement, ":to", to, strlen(to));
	return r < 0 ? r : sql_run(store, statement);
}

static int move_one_way(struct store *store, const char *from, const char *to)
{
	int r = move_paths(store, STATEMENT_MOVE, from, to);

	return r < 0 ? r : move_paths(store, STATEMENT_MOVE_REFERENCES, from, to);
}

int move_apply(struct store *store, const char *from, const char *to, bool exchange)
{
	CLEANUP(free_p) char *aside = NULL;
	int r;

	if (strcmp(from, to) == 0)
		return 0;
	if (!exchange) {
		/* What the rename replaced is gone; its takes may be paid for and stay. */
		r = move_unclaim(store, to);
		return r < 0 ? r : move_one_way(store, from, to);
	}
	/* No path begins with a slash, so nothing is in the way there. */
	if (asprintf(&aside, "/%s", to) < 0)
		return aside = NULL, -ENOMEM;
	r = move_one_way(store, from, aside);
	if (r == 0)
		r = move_one_way(store, to, from);
	return r < 0 ? r : move_one_way(store, aside, to);
}
