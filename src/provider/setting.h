/* SPDX-License-Identifier: MIT */
/* Settings: what their names mean, and which model they choose. */
#pragma once

#include "definition.h"

#define QUOTED_CHARS 60

/* The first level that has the setting, or the levels' count. */
size_t setting_level(const struct provider_settings *settings, const char *name);

/* What settings choose. */
struct choice {
	const struct provider *provider;
	const struct model *model;
	/* The model that a farther level names than the one that names the provider, which does
	 * not have it; or NULL. */
	const char *left_out;
};

/* -EINVAL and what is wrong. */
int setting_choose(const struct providers *set, const struct provider_settings *settings,
        struct choice *ret_choice, struct err *err) NODISCARD;

/* Lists a provider's models for a message: all, or where they are too many those whose names are
 * like what was meant.  Whether it lists all. */
bool models_like(const struct provider *provider, const char *meant, struct buf *list);

/* Fills parameters and references of a request from settings; -EINVAL and what is wrong. */
int request_fill(const struct choice *choice, const struct provider_settings *settings,
        struct request *request, struct err *err) NODISCARD;

/* Checks a setting that is no parameter: 1 where it is none of these, 0 where it is right. */
int setting_check_reserved(const char *name, const char *value, struct err *err) NODISCARD;

/* Whether a setting's name sets the parameter: its own name, or a common word for it that is no
 * other parameter's own name; *ret_common is the word in that case. */
bool setting_means(const struct model *model, const struct model_parameter *parameter,
        const char *name, const struct common **ret_common);
/* Whether the model has a parameter that the name sets. */
bool setting_is_had(const struct model *model, const char *name);
/* The same of any model, or a common word. */
bool setting_is_known(const struct providers *set, const char *name);
/* Whether it is the name of pictures for any model. */
bool setting_is_picture(const struct providers *set, const char *name);
/* -EINVAL for a name that is not known. */
int setting_unknown(const struct model *model, const char *name, struct err *err) NODISCARD;
