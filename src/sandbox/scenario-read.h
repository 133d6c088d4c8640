/* SPDX-License-Identifier: MIT */
/* What the parts that read the scenario file share. */
#pragma once

#include "darkroom/json.h"
#include "scenario.h"

#define DURATION_MS_MAX INT64_C(86400000)
#define COUNT_MAX INT64_C(1000000000)

/* The index of the word in the NULL-terminated list; `otherwise` where it is NULL. */
int word_index(const char *const *list, const char *word, int otherwise, const char *where,
        const char *key, int *ret_index, struct err *err) NODISCARD;

/* ---- fault.c ---- */

int fault_read(const struct json *node, const char *where, struct fault *ret_fault, struct err *err)
        NODISCARD;
void fault_done(struct fault *fault);

/* ---- rule.c ---- */

/* A rule that says nothing. */
extern const struct job_rule rule_defaults;

int rule_read(const struct json *node, const char *where, struct job_rule *ret_rule,
        struct err *err) NODISCARD;
void rule_done(struct job_rule *rule);
/* Makes a hold of the two members, which it takes over; neither is fine. */
int hold_read(char **state, char **gate, const char *where, struct hold *ret_hold, struct err *err)
        NODISCARD;
