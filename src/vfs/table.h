/* SPDX-License-Identifier: MIT */
/* The node table's inside: functions that are called with its lock held. */
#pragma once

#include "internal.h"

/* Whether `.darkroom` is the node or among its ancestors. */
bool locked_is_kept(const struct node *node);
bool locked_is_named(const struct node *node, const struct node *parent, const char *name);
bool locked_is_prompt(const struct node *node);
struct node *locked_find_virtual(
        struct table *table, enum node_kind kind, const struct node *parent, const char *name);
void locked_key_insert(struct table *table, struct node *node);
void locked_key_remove(struct table *table, struct node *node);
/* Gives the node a name that the caller allocated, and the caller the old one; returns nodes that
 * nobody holds any more, for nodes_free. */
struct node *locked_set_name(
        struct table *table, struct node *node, struct node *parent, char **name);

/* Frees what was taken out of the table; without the lock. */
void nodes_free(struct node *chain);
