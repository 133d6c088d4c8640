/* SPDX-License-Identifier: MIT */
/* An answer taken apart, and what the definition's rules say of it. */
#pragma once

#include "definition.h"

struct envelope {
	const struct provider *provider;
	int status;              /* of HTTP */
	bool empty;              /* there is no body */
	struct json *document;   /* owned; NULL where the body is no JSON */
	const struct json *root; /* the document's object, or the first of its array; or NULL */
	bool has_code;
	char *code;  /* owned; "" where it is no scalar */
	char *words; /* owned; all messages as plain text, a line each */
	bool counts; /* what the body says is the service's own word */
	bool good;   /* the code says that all is well */
	bool ok;     /* a 2xx with an object that has no code or a good one */
};

/* -ENOMEM only: what cannot be read is not there. */
int envelope_read(const struct provider *provider, int status, const char *body, size_t size,
        struct envelope *envelope) NODISCARD;
void envelope_done(struct envelope *envelope);

/* The first of the paths that leads to something. */
const struct json *envelope_find(const struct envelope *envelope, char *const *paths);
/* The first of the paths that leads to a scalar that is not "", as text; owned; or NULL. */
int envelope_scalar(const struct envelope *envelope, char *const *paths, char **ret_text) NODISCARD;
/* The first of the paths that leads to words; owned; or NULL. */
int envelope_words(const struct envelope *envelope, char *const *paths, char **ret_text) NODISCARD;

/* Whether a rule for all answers, or else one of its own, matches. */
bool envelope_rule(const struct envelope *envelope, const struct rules *own,
        enum provider_verdict *ret_verdict);
/* What the answer means that is not good: by the rules for all answers, or else by its own;
 * PROVIDER_UNCLEAR where none matches. */
enum provider_verdict envelope_verdict(const struct envelope *envelope, const struct rules *own);
/* What is to be expected of a new task after one that failed with this code and text, either of
 * which may be NULL; -ENOMEM. */
int envelope_prospect(const struct envelope *envelope, const char *code, const char *text,
        enum provider_prospect *ret_prospect) NODISCARD;
