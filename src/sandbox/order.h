/* SPDX-License-Identifier: MIT */
/* An order: the body of a request for pictures, held against the table of its model. */
#pragma once

#include "dialect.h"

#define ADDRESS_BYTES_MAX 2048

/* Everything but `ignored` is borrowed from the body and the table. */
struct order {
	const char *model_name, *prompt;
	const struct json *model, *input; /* of the table; of the body, or the body itself */
	const struct side_service *side;  /* of the route */
	struct json *ignored;             /* names of members that nothing reads; owned */
};

/* 0, -ENOMEM, or 1 with *complaint filled.  Free the order in any case. */
int order_read(const struct dialect *dialect, const struct json *models, const struct route *route,
        const struct json *body, struct order *order, struct complaint *complaint) NODISCARD;
void order_done(struct order *order);
/* The words that a body asks for pictures with; NULL: none. */
const char *order_prompt(const struct json *body);

/* What counts for the field: what was given, or the value that the table has for it, or NULL. */
const struct json *order_value(const struct order *order, const char *field);
/* The same for the field that the model's table names under this key ("ratio"). */
const struct json *order_value_of(const struct order *order, const char *key);

/* Called for each address of a picture, in the table's order.  Anything but 0 ends it. */
typedef int order_address_fn(void *context, const char *field, const struct json *row,
        const char *address, struct complaint *complaint);
int order_each_address(const struct order *order, order_address_fn *each, void *context,
        struct complaint *complaint) NODISCARD;
