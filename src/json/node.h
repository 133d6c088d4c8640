/* SPDX-License-Identifier: MIT */
/* A node is json-c's object itself; json-c stands a null as a NULL pointer, as this module does. */
#pragma once

#include "darkroom/json.h"

/* Two names of types that json-c has too. */
#define json_type jsonc_type
#define json_bool jsonc_bool
#include <json-c/json.h>
#undef json_type
#undef json_bool

static inline struct json_object *node_object(const struct json *node)
{
	return (struct json_object *)(uintptr_t)node;
}

static inline struct json *node_of(struct json_object *object)
{
	return (struct json *)object;
}
