/* SPDX-License-Identifier: MIT */
/* A provider definition in memory.
 *
 * A definition is read from a merged JSON document, which it keeps: members of type `const struct
 * json *` are borrowed from it.  Nothing here changes after loading.
 */
#pragma once

#include "darkroom/json.h"
#include "darkroom/provider.h"

#define NAME_CHARS_MAX 32
#define MODELS_MAX 512
#define RULES_MAX 64
#define USER_FILES_MAX 256
#define LIKE_DEPTH_MAX 8

/* ---- small parts ---- */

/* A place in a file, for messages: "kie.json: models.z-image.text". */
struct where {
	char text[320];
};

/* The place of a member below another place. */
struct where where_below(const char *parent, const char *key);

/* One word for another. */
struct pair {
	char *from, *to;
};
struct pairs {
	struct pair *items;
	size_t count;
};

const char *pairs_get(const struct pairs *pairs, const char *from);

/* Whether a NULL-terminated list (NULL for none) has the text. */
bool list_has(char *const *list, const char *text);
/* The list joined by ", ", owned; NULL without memory. */
char *list_join(char *const *list) NODISCARD;

/* A string, number or boolean as text, owned; *ret_text is NULL for anything else. */
int scalar_text(const struct json *node, char **ret_text) NODISCARD;

/* ---- models ---- */

enum value_type {
	VALUE_STRING,
	VALUE_INTEGER,
	VALUE_NUMBER,
	VALUE_BOOLEAN,
	VALUE_STRINGS, /* words separated by white space, sent as an array */
	VALUE_JSON,    /* JSON text, sent as it is */
};

/* A common word (aspect_ratio, quality) that sets a parameter of another name. */
struct common {
	char *name;
	struct pairs map; /* from its values to the parameter's; none: they are the same */
};

struct model_parameter {
	char *name;
	enum value_type type;
	char *help;
	char **values;        /* NULL: any */
	struct pairs aliases; /* other words for values */
	struct common *commons;
	size_t common_count;
	char *fallback; /* the default, or NULL */
	bool required;  /* sent always, with the default where nothing was set */
	bool as_string; /* a number that is sent as a string */
	double min, max;
	int64_t min_length, max_length; /* characters; elements for VALUE_STRINGS */
};

struct model {
	char *id;
	char *title;
	char *create_path;              /* NULL: the provider's */
	const struct json *create_body; /* NULL: the provider's */
	char *text_name;                /* NULL: not a member of the input */
	int64_t text_min, text_max;
	bool text_required;
	const struct json *price_credits;
	bool price_known;
	double price;          /* credits, where they are the same for all values */
	char *price_by;        /* a parameter whose values have prices of their own, or NULL */
	struct pairs price_of; /* its values and their credits as text */
	char *price_unit;      /* what costs so much: "image" */
	struct model_parameter *parameters;
	size_t parameter_count;
};

const struct model *model_find(const struct provider *provider, const char *id);
const struct model_parameter *model_parameter_find(const struct model *model, const char *name);
const struct common *parameter_common(const struct model_parameter *parameter, const char *name);
/* Reads the member "models". */
int models_read(const struct json *node, const char *where, struct provider *provider,
        struct err *err) NODISCARD;
void models_free(struct model *models, size_t count);

/* Checks a value and gives it in the parameter's own terms and one spelling; common is NULL or the
 * word by which it was set.  -EINVAL with a sentence that begins with `name`. */
int value_check(const struct model_parameter *parameter, const struct common *common,
        const char *name, const char *value, char **ret_value, struct err *err) NODISCARD;
/* A checked value as it is sent; NULL without memory. */
struct json *value_json(const struct model_parameter *parameter, const char *value) NODISCARD;
/* What a parameter takes, for people: "one of 1:1, 4:3", owned; NULL without memory. */
char *value_range(const struct model_parameter *parameter, const struct common *common) NODISCARD;

/* ---- the provider ---- */

/* Something that can be asked. */
struct action {
	bool there;
	char *method;
	char *path;
	const struct json *body; /* a template, or NULL */
};

/* What an answer that is an error means; the first rule that matches counts. */
struct rule {
	char **http; /* statuses from 400 on, as text */
	char **code; /* codes in the envelope as text; "none" for an answer without a code */
	char **text; /* words, one of which the message has */
	enum provider_verdict verdict;
};
struct rules {
	struct rule *items;
	size_t count;
};

/* What a word of the provider's for a task's state means to us. */
enum state_meaning {
	STATE_WAITING,
	STATE_QUEUING,
	STATE_GENERATING,
	STATE_FINISHED,
	STATE_FAILED,
};

struct provider {
	char *name, *title, *base_url, *default_model;
	char *key_env, *key_page;
	struct pairs headers; /* name and template */
	struct {
		char **code, **message; /* paths */
		char **ok;              /* codes as text */
	} envelope;
	struct action create, status, credits, renew;
	char **create_task;   /* paths of the task id */
	char **status_record; /* paths; nothing at any of them is "no such task" */
	char **status_state, **status_results, **status_result_members;
	char **status_error_code, **status_error_text, **status_credits;
	char **credits_balance, **renew_result;
	struct pairs states; /* word and meaning's name */
	struct {
		struct rules always, create, status, other;
	} errors;
	struct provider_pace pace;
	struct model *models;
	size_t model_count;
	struct json *document;
};

struct providers {
	struct provider *items;
	size_t count;
	char *names;
};

/* The meaning's index in enum state_meaning, or -1. */
int state_meaning_parse(const char *name);

/* Reads a merged document, which is taken over also on failure. */
int definition_read(const char *name, const char *file, struct json *document,
        struct provider *ret_provider, struct err *err) NODISCARD;
void definition_done(struct provider *provider);

/* Reads the members "errors" and "pace". */
int rules_read(const struct json *node, const char *where, struct provider *provider,
        struct err *err) NODISCARD;
void rules_done(struct rules *rules);
int pace_read(const struct json *node, const char *where, struct provider_pace *pace,
        struct err *err) NODISCARD;

/* ---- reading helpers ---- */

/* json_read with a place in a file; a missing object is an error. */
int object_read(const struct json *node, const struct json_field *fields, void *target,
        const char *where, struct err *err) NODISCARD;
/* An object of strings (or other scalars) as pairs. */
int pairs_read(const struct json *node, const char *where, struct pairs *pairs, struct err *err)
        NODISCARD;
void pairs_done(struct pairs *pairs);
/* A scalar or an array of scalars as a list of texts; *ret_list stays NULL where there is none. */
int scalars_read(const struct json *node, const char *where, char ***ret_list, struct err *err)
        NODISCARD;
/* The index of a word in a NULL-terminated list, or -EINVAL with what is allowed. */
int word_read(const char *word, const char *const *allowed, const char *where, struct err *err)
        NODISCARD;

/* ---- templates ---- */

/* What stands for {key}, {model}, {task}, {text}, {url} and {input}; NULL: not there. */
struct template_values {
	const char *key, *model, *task, *text, *url;
	const struct json *input;
};

/* Whether every {word} of the template is one of the allowed (NULL-terminated) words. */
int template_check(const char *template, const char *const *allowed, const char *where,
        struct err *err) NODISCARD;
int template_check_body(const struct json *body, const char *const *allowed, const char *where,
        struct err *err) NODISCARD;
/* Appends the template with its words filled in, percent-encoded if asked for. */
int template_text(const char *template, const struct template_values *values, bool encode,
        struct buf *out) NODISCARD;
/* A body with its words filled in: "{input}" as a whole string becomes the object, and a member
 * "...": "{input}" becomes the object's members. */
int template_body(const struct json *body, const struct template_values *values,
        struct json **ret_body) NODISCARD;

/* ---- answers ---- */

/* Collects the usable URLs below a node into a NULL-terminated list of at most
 * PROVIDER_RESULTS_MAX; *ret_urls is NULL where there is none. */
int results_collect(const struct provider *provider, const struct json *node, char ***ret_urls)
        NODISCARD;

/* ---- what is compiled in ---- */

struct builtin {
	const char *name;
	const char *bytes;
	size_t size;
};

extern const struct builtin provider_builtins[]; /* ends with a NULL name */
