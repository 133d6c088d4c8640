/* SPDX-License-Identifier: MIT */
/* Rows to and from structs.  A take's columns are a table, in the order of the SELECT in sql.c. */
#include "store-private.h"

#include <string.h>

enum column_kind { COLUMN_UUID, COLUMN_TEXT, COLUMN_INT, COLUMN_BOOL, COLUMN_STATE };

struct column {
	const char *name; /* of the parameter of the writing statement */
	enum column_kind kind;
	size_t offset;
};

#define TAKE_COLUMN(name, kind, field)                             \
	{                                                          \
		":" name, kind, offsetof(struct store_take, field) \
	}

static const struct column take_columns[] = {
        TAKE_COLUMN("uuid", COLUMN_UUID, uuid),
        TAKE_COLUMN("prompt", COLUMN_UUID, prompt),
        TAKE_COLUMN("number", COLUMN_INT, number),
        TAKE_COLUMN("state", COLUMN_STATE, state),
        TAKE_COLUMN("provider", COLUMN_TEXT, request.provider),
        TAKE_COLUMN("model", COLUMN_TEXT, request.model),
        TAKE_COLUMN("text", COLUMN_TEXT, request.text),
        TAKE_COLUMN("variation", COLUMN_TEXT, request.variation),
        TAKE_COLUMN("ignored", COLUMN_TEXT, ignored),
        TAKE_COLUMN("reason", COLUMN_TEXT, reason),
        TAKE_COLUMN("error", COLUMN_TEXT, error),
        TAKE_COLUMN("hint", COLUMN_TEXT, hint),
        TAKE_COLUMN("task_id", COLUMN_TEXT, task_id),
        TAKE_COLUMN("discard", COLUMN_BOOL, discard),
        TAKE_COLUMN("created_ms", COLUMN_INT, created_ms),
        TAKE_COLUMN("submitted_ms", COLUMN_INT, submitted_ms),
        TAKE_COLUMN("accepted_ms", COLUMN_INT, accepted_ms),
        TAKE_COLUMN("completed_ms", COLUMN_INT, completed_ms),
        TAKE_COLUMN("took_ms", COLUMN_INT, took_ms),
};
/* The one column with a struct field of its own for NULL comes after them. */
#define TAKE_COLUMN_CREDITS ((int)ARRAY_SIZE(take_columns))

/* ---- writing ---- */

static int column_bind(sqlite3_stmt *statement, const struct column *column, const void *row)
{
	const void *field = (const char *)row + column->offset;

	switch (column->kind) {
	case COLUMN_UUID:
		return sql_bind_text(statement, column->name, field);
	case COLUMN_TEXT:
		return sql_bind_text(statement, column->name, *(char *const *)field);
	case COLUMN_INT:
		return sql_bind_int(statement, column->name, *(const int64_t *)field);
	case COLUMN_BOOL:
		return sql_bind_int(statement, column->name, *(const bool *)field);
	case COLUMN_STATE:
		return sql_bind_text(
		        statement, column->name, task_state_name(*(const enum task_state *)field));
	}
	return -EINVAL;
}

static int prompt_unclaim(struct store *store, const struct store_prompt *prompt)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_PROMPT_UNCLAIM, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":uuid", prompt->uuid);
	if (r == 0)
		r = sql_bind_blob(statement, ":path", prompt->path, strlen(prompt->path));
	return r < 0 ? r : sql_run(store, statement);
}

int row_prompt_write(struct store *store, const struct store_prompt *prompt)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_PROMPT_WRITE, &statement);

	/* The path now is this prompt's: what was there before is a file that is gone. */
	if (r == 0 && !prompt->deleted)
		r = prompt_unclaim(store, prompt);
	if (r == 0)
		r = sql_bind_text(statement, ":uuid", prompt->uuid);
	if (r == 0)
		r = sql_bind_blob(statement, ":path", prompt->path, strlen(prompt->path));
	if (r == 0)
		r = sql_bind_int(statement, ":deleted", prompt->deleted);
	if (r == 0)
		r = sql_bind_int(statement, ":ctime_ns", prompt->ctime_ns);
	if (r == 0)
		r = sql_bind_blob(statement, ":content", prompt->content, prompt->content_size);
	return r < 0 ? r : sql_run(store, statement);
}

static int parameters_write(struct store *store, const struct store_take *take)
{
	const struct parameters *set = &take->request.parameters;
	sqlite3_stmt *statement = NULL;
	int r = sql_run_uuid(store, STATEMENT_PARAMETERS_CLEAR, take->uuid);

	if (r == 0)
		r = sql_get(store, STATEMENT_PARAMETER_WRITE, &statement);
	for (size_t i = 0; i < set->count && r == 0; i++) {
		r = sql_bind_text(statement, ":take", take->uuid);
		if (r == 0)
			r = sql_bind_text(statement, ":name", set->items[i].name);
		if (r == 0)
			r = sql_bind_text(statement, ":value", set->items[i].value);
		if (r == 0)
			r = sql_run(store, statement);
	}
	return r;
}

static int references_write(struct store *store, const struct store_take *take)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_run_uuid(store, STATEMENT_REFERENCES_CLEAR, take->uuid);

	if (r == 0)
		r = sql_get(store, STATEMENT_REFERENCE_WRITE, &statement);
	for (size_t i = 0; i < take->request.reference_count && r == 0; i++) {
		const struct reference *reference = &take->request.references[i];

		r = sql_bind_text(statement, ":take", take->uuid);
		if (r == 0)
			r = sql_bind_int(statement, ":position", (int64_t)i);
		if (r == 0)
			r = sql_bind_text(statement, ":parameter", reference->parameter);
		if (r == 0)
			r = sql_bind_blob(statement, ":path", reference->path,
			        reference->path ? strlen(reference->path) : 0);
		if (r == 0)
			r = sql_bind_text(statement, ":url", reference->url);
		if (r == 0)
			r = sql_bind_text(statement, ":sha256", reference->sha256);
		if (r == 0)
			r = sql_bind_int(statement, ":size", reference->size);
		if (r == 0)
			r = sql_run(store, statement);
	}
	return r;
}

static int pictures_write(struct store *store, const struct store_take *take)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_run_uuid(store, STATEMENT_PICTURES_CLEAR, take->uuid);

	if (r == 0)
		r = sql_get(store, STATEMENT_PICTURE_WRITE, &statement);
	for (size_t i = 0; i < take->picture_count && r == 0; i++) {
		const struct store_picture *picture = &take->pictures[i];

		r = sql_bind_text(statement, ":take", take->uuid);
		if (r == 0)
			r = sql_bind_int(statement, ":position", (int64_t)i);
		if (r == 0)
			r = sql_bind_text(statement, ":url", picture->url);
		if (r == 0)
			r = sql_bind_blob(statement, ":name", picture->name,
			        picture->name ? strlen(picture->name) : 0);
		if (r == 0)
			r = sql_bind_text(statement, ":suffix", picture->suffix);
		if (r == 0)
			r = sql_bind_int(statement, ":inode", (int64_t)picture->inode);
		if (r == 0)
			r = sql_bind_text(statement, ":sha256", picture->sha256);
		if (r == 0)
			r = sql_run(store, statement);
	}
	return r;
}

int row_take_write(struct store *store, const struct store_take *take)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_TAKE_WRITE, &statement);

	for (size_t i = 0; i < ARRAY_SIZE(take_columns) && r == 0; i++)
		r = column_bind(statement, &take_columns[i], take);
	if (r == 0 && take->credits_known)
		r = sql_errno(
		        store->db, sqlite3_bind_double(statement,
		                           sqlite3_bind_parameter_index(statement, ":credits"),
		                           take->credits));
	if (r == 0)
		r = sql_run(store, statement);
	if (r == 0)
		r = parameters_write(store, take);
	if (r == 0)
		r = references_write(store, take);
	return r < 0 ? r : pictures_write(store, take);
}

int row_event_write(
        struct store *store, const struct store_take *take, int64_t wall_ms, const char *note)
{
	sqlite3_stmt *statement = NULL;
	int r = sql_get(store, STATEMENT_EVENT_WRITE, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":take", take->uuid);
	if (r == 0)
		r = sql_bind_int(statement, ":at_ms", wall_ms);
	if (r == 0)
		r = sql_bind_text(statement, ":state", task_state_name(take->state));
	if (r == 0)
		r = sql_bind_text(statement, ":note", note);
	if (r == 0)
		r = sql_run(store, statement);

	if (r == 0)
		r = sql_get(store, STATEMENT_EVENTS_TRIM, &statement);
	if (r == 0)
		r = sql_bind_text(statement, ":take", take->uuid);
	if (r == 0)
		r = sql_bind_int(statement, ":max", STORE_EVENTS_MAX);
	return r < 0 ? r : sql_run(store, statement);
}

/* ---- reading ---- */

int row_bytes_read(sqlite3_stmt *statement, int column, char **ret_bytes, size_t *ret_size)
{
	const void *bytes;
	size_t size;
	char *copy;

	if (sqlite3_column_type(statement, column) == SQLITE_NULL) {
		*ret_bytes = NULL;
		if (ret_size)
			*ret_size = 0;
		return 0;
	}
	bytes = sqlite3_column_blob(statement, column);
	size = (size_t)sqlite3_column_bytes(statement, column);
	if (!bytes && size)
		return -ENOMEM;
	copy = malloc(size + 1);
	if (!copy)
		return -ENOMEM;
	if (size)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	*ret_bytes = copy;
	if (ret_size)
		*ret_size = size;
	return 0;
}

static int uuid_read(sqlite3_stmt *statement, int column, char uuid[static UUID_TEXT_SIZE])
{
	const unsigned char *text = sqlite3_column_text(statement, column);
	int size = sqlite3_column_bytes(statement, column);

	if (!text)
		return sqlite3_column_type(statement, column) == SQLITE_NULL ? -EBADMSG : -ENOMEM;
	if (size <= 0 || size >= UUID_TEXT_SIZE)
		return -EBADMSG;
	memcpy(uuid, text, (size_t)size + 1);
	return 0;
}

int row_digest_read(sqlite3_stmt *statement, int column, char sha256[static DIGEST_TEXT_SIZE])
{
	const unsigned char *text = sqlite3_column_text(statement, column);
	int size = sqlite3_column_bytes(statement, column);

	if (!text)
		return sqlite3_column_type(statement, column) == SQLITE_NULL ? -EBADMSG : -ENOMEM;
	/* An address has none, and of some pictures it is not known. */
	if (size != 0 && size != DIGEST_TEXT_SIZE - 1)
		return -EBADMSG;
	memcpy(sha256, text, (size_t)size + 1);
	return 0;
}

static int state_read(sqlite3_stmt *statement, int column, enum task_state *ret_state)
{
	const char *name = (const char *)sqlite3_column_text(statement, column);
	int state;

	if (!name)
		return sqlite3_column_type(statement, column) == SQLITE_NULL ? -EBADMSG : -ENOMEM;
	state = task_state_parse(name);
	if (state < 0)
		return -EBADMSG;
	*ret_state = (enum task_state)state;
	return 0;
}

static int column_read(
        sqlite3_stmt *statement, int index, const struct column *column, void *ret_row)
{
	void *field = (char *)ret_row + column->offset;

	switch (column->kind) {
	case COLUMN_UUID:
		return uuid_read(statement, index, field);
	case COLUMN_TEXT:
		return row_bytes_read(statement, index, field, NULL);
	case COLUMN_INT:
		*(int64_t *)field = sqlite3_column_int64(statement, index);
		return 0;
	case COLUMN_BOOL:
		*(bool *)field = sqlite3_column_int64(statement, index) != 0;
		return 0;
	case COLUMN_STATE:
		return state_read(statement, index, field);
	}
	return -EINVAL;
}

int row_prompt_read(sqlite3_stmt *statement, struct store_prompt *ret_prompt)
{
	CLEANUP(store_prompt_done) struct store_prompt prompt = {0};
	int r = uuid_read(statement, 0, prompt.uuid);

	if (r == 0)
		r = row_bytes_read(statement, 1, &prompt.path, NULL);
	if (r == 0 && !prompt.path)
		r = -EBADMSG;
	if (r == 0)
		r = row_bytes_read(statement, 4, &prompt.content, &prompt.content_size);
	if (r < 0)
		return r;
	prompt.deleted = sqlite3_column_int64(statement, 2) != 0;
	prompt.ctime_ns = sqlite3_column_int64(statement, 3);
	*ret_prompt = prompt;
	prompt = (struct store_prompt){0};
	return 0;
}

static int parameter_read(sqlite3_stmt *statement, struct store_take *take)
{
	CLEANUP(free_p) char *name = NULL, *value = NULL;
	int r = row_bytes_read(statement, 0, &name, NULL);

	if (r == 0)
		r = row_bytes_read(statement, 1, &value, NULL);
	if (r == 0 && (!name || !value))
		r = -EBADMSG;
	if (r == 0)
		r = parameters_set(&take->request.parameters, name, value);
	return r == -E2BIG ? -EBADMSG : r;
}

static int reference_read(sqlite3_stmt *statement, struct store_take *take)
{
	struct request *request = &take->request;
	CLEANUP(free_p) char *parameter = NULL, *path = NULL, *url = NULL;
	char sha256[DIGEST_TEXT_SIZE];
	struct reference *reference;
	int r = row_bytes_read(statement, 0, &parameter, NULL);

	if (r == 0)
		r = row_bytes_read(statement, 1, &path, NULL);
	if (r == 0)
		r = row_bytes_read(statement, 2, &url, NULL);
	if (r == 0)
		r = row_digest_read(statement, 3, sha256);
	/* A file with its digest, or an address. */
	if (r == 0 && (!parameter || !path == !url || !path == !!*sha256))
		r = -EBADMSG;
	if (r == 0)
		r = request_refer(request, parameter, path, url);
	if (r < 0)
		return r == -E2BIG ? -EBADMSG : r;
	reference = &request->references[request->reference_count - 1];
	memcpy(reference->sha256, sha256, sizeof(sha256));
	reference->size = sqlite3_column_int64(statement, 4);
	return 0;
}

static int picture_read(sqlite3_stmt *statement, struct store_take *take)
{
	struct store_picture *pictures =
	        reallocarray(take->pictures, take->picture_count + 1, sizeof(*pictures));
	struct store_picture *picture;
	int r;

	if (!pictures)
		return -ENOMEM;
	take->pictures = pictures;
	picture = &pictures[take->picture_count];
	*picture = (struct store_picture){
	        .inode = (uint64_t)sqlite3_column_int64(statement, 3),
	};
	take->picture_count++;
	r = row_bytes_read(statement, 0, &picture->url, NULL);
	if (r == 0)
		r = row_bytes_read(statement, 1, &picture->name, NULL);
	if (r == 0)
		r = row_bytes_read(statement, 2, &picture->suffix, NULL);
	return r < 0 ? r : row_digest_read(statement, 4, picture->sha256);
}

typedef int child_read_fn(sqlite3_stmt *statement, struct store_take *take);

static int children_read(struct store *store, enum statement which, child_read_fn *child_read,
        struct store_take *take)
{
	CLEANUP(sql_reset_p) sqlite3_stmt *statement = NULL;
	int code = SQLITE_OK;
	int r = sql_get(store, which, &statement);

	if (r == 0)
		r = sql_bind_text(statement, ":uuid", take->uuid);
	while (r == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW)
		r = child_read(statement, take);
	return r < 0 ? r : sql_errno(store->db, code);
}

int row_take_read(struct store *store, sqlite3_stmt *statement, struct store_take *ret_take)
{
	CLEANUP(store_take_done) struct store_take take = {0};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(take_columns) && r == 0; i++)
		r = column_read(statement, (int)i, &take_columns[i], &take);
	if (r < 0)
		return r;
	take.credits_known = sqlite3_column_type(statement, TAKE_COLUMN_CREDITS) != SQLITE_NULL;
	take.credits = sqlite3_column_double(statement, TAKE_COLUMN_CREDITS);
	r = children_read(store, STATEMENT_PARAMETERS_READ, parameter_read, &take);
	if (r == 0)
		r = children_read(store, STATEMENT_REFERENCES_READ, reference_read, &take);
	if (r == 0)
		r = children_read(store, STATEMENT_PICTURES_READ, picture_read, &take);
	if (r < 0)
		return r;
	*ret_take = take;
	take = (struct store_take){0};
	return 0;
}
