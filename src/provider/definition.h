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
#define TEXT_CHARS_MAX 1000000 /* where a definition has no limit for a text */
#define MEMBERS_MAX 1024       /* of one object in a definition */
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
	VALUE_STRINGS,  /* words separated by white space, sent as an array */
	VALUE_JSON,     /* JSON text, sent as it is */
	VALUE_PICTURE,  /* a path or an address, sent as one address */
	VALUE_PICTURES, /* paths and addresses separated by commas, sent as an array of addresses */
};

static inline bool type_is_picture(enum value_type type)
{
	return type == VALUE_PICTURE || type == VALUE_PICTURES;
}

/* A common word (aspect_ratio, quality, images, mask) that sets a parameter of another name. */
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
	int64_t min_length, max_length;    /* characters; elements for VALUE_STRINGS; pictures */
	struct provider_pictures pictures; /* where the type is a picture's */
	char **suffixes;                   /* what pictures.suffixes borrows, or NULL */
};

/* A parameter and those of its values that are meant. */
struct condition {
	const struct model_parameter *parameter;
	char **values;
};

/* A combination of values that the service refuses. */
struct conflict {
	struct condition *conditions; /* all of which hold */
	size_t count;
	char *why;
};

struct model {
	char *id;
	char **also; /* other names of it, or NULL */
	char *title;
	char *about;                    /* what it does, or NULL */
	char *unverified;               /* what is not known for certain, or NULL */
	char *create_path;              /* NULL: the provider's */
	const struct json *create_body; /* NULL: the provider's */
	char *status_path;              /* NULL: the provider's */
	char *text_name;                /* NULL: not a member of the input */
	int64_t text_min, text_max;
	bool text_required;
	const struct json *price_credits;
	bool price_known;
	double price;          /* credits, where they are the same for all values */
	char *price_by;        /* a parameter whose values have prices of their own, or NULL */
	struct pairs price_of; /* its values and their credits as text */
	char *price_unit;      /* what costs so much: "image" */
	char *price_times;     /* a parameter by whose value it is multiplied, or NULL */
	char *price_note;
	struct model_parameter *parameters;
	size_t parameter_count;
	struct conflict *conflicts;
	size_t conflict_count;
	char ***together; /* lists of parameters that are given all or none; NULL-terminated */
};

/* By its id, or another name of it. */
const struct model *model_find(const struct provider *provider, const char *id);
const struct model_parameter *model_parameter_find(const struct model *model, const char *name);
const struct common *parameter_common(const struct model_parameter *parameter, const char *name);
/* The common word by which people know a parameter, or its own name. */
const char *parameter_known_as(const struct model *model, const struct model_parameter *parameter);
/* Whether a prompt's text is sent to it. */
bool model_takes_text(const struct provider *provider, const struct model *model);
/* Reads the member "parameters" of a model. */
int parameters_read(
        const struct json *node, const char *where, struct model *model, struct err *err) NODISCARD;
void model_parameter_done(struct model_parameter *parameter);

/* Reads the members "price", "conflicts" and "together" of a model, whose parameters are there. */
int price_read(const struct json *node, const char *where, struct model *model, struct err *err)
        NODISCARD;
int conflicts_read(const struct json *node, const char *where, struct model *model, struct err *err)
        NODISCARD;
int together_read(const struct json *node, const char *where, struct model *model, struct err *err)
        NODISCARD;
void combinations_done(struct model *model);
/* Whether the service takes the parameters of a request together; -EINVAL and why not. */
int combinations_check(const struct model *model, const struct request *request, struct err *err)
        NODISCARD;

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

/* Appends the example of a model's page. */
int page_example(const struct provider *provider, const struct model *model, struct buf *page)
        NODISCARD;

/* ---- pictures ---- */

/* Checks a list of pictures and gives it with ", " between them. */
int pictures_check(const struct model_parameter *parameter, const char *name, const char *value,
        char **ret_value, struct err *err) NODISCARD;
/* Checks that the provider can be given each picture of a checked list: -EINVAL for a file where
 * neither uploads nor data inside the request are taken. */
int pictures_check_files(const struct provider *provider, const struct model_parameter *parameter,
        const char *name, const char *value, struct err *err) NODISCARD;
/* Adds each picture of a checked list to a request. */
int pictures_refer(const struct model_parameter *parameter, const char *value,
        struct request *request, struct err *err) NODISCARD;
/* The number of a request's pictures that a parameter carries. */
size_t pictures_count(const struct request *request, const struct model_parameter *parameter);
/* Whether an address of a picture may be sent; -EINVAL and why not. */
int address_check_picture(const char *url, struct err *err) NODISCARD;

/* ---- the provider ---- */

/* Something that can be asked. */
struct action {
	bool there;
	char *method;
	char *path;
	const struct json *body; /* a template, or NULL */
};

/* What an answer that is an error means, or a failed task's own words; the first rule that matches
 * counts. */
struct rule {
	char **http; /* statuses from 400 on, as text */
	char **code; /* codes in the envelope as text; "none" for an answer without a code; "5xx" */
	char **text; /* phrases, one of which the message has; as words_plain makes them */
	enum provider_verdict verdict;
	enum provider_prospect prospect; /* of errors.failed, which have no verdict */
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
	/* Where reference pictures go. */
	struct {
		bool there;
		char *base_url; /* NULL: the provider's */
		char *method, *path;
		char *file;        /* the name of the file's part */
		struct pairs form; /* name and template of the other parts */
		int64_t keep_ms;
	} upload;
	char **create_task;   /* paths of the task id */
	char **status_record; /* paths; nothing at any of them is "no such task" */
	char **status_state, **status_results, **status_result_members;
	char **status_error_code, **status_error_text, **status_credits;
	/* Paths of times: of the clock in seconds or milliseconds, and the task's own, which counts
	 * where one of the others is missing: in seconds where it is below 1000, as no picture is
	 * made within a second, and else in milliseconds. */
	char **status_created, **status_completed, **status_cost_time;
	char **credits_balance, **renew_result, **upload_result;
	struct pairs states; /* word and meaning's name */
	struct {
		struct rules always, create, status, other, failed;
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

/* Read the members "create", "status", "credits" and "renew". */
int action_create_read(const struct json *node, const char *where, struct provider *provider,
        struct err *err) NODISCARD;
int action_status_read(const struct json *node, const char *where, struct provider *provider,
        struct err *err) NODISCARD;
int action_credits_read(const struct json *node, const char *where, struct provider *provider,
        struct err *err) NODISCARD;
int action_renew_read(const struct json *node, const char *where, struct provider *provider,
        struct err *err) NODISCARD;

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

/* What stands for {key}, {model}, {task}, {text}, {url}, {name} and {input}; NULL: not there. */
struct template_values {
	const char *key, *model, *task, *text, *url, *name;
	const struct json *input;
};

/* Whether every {word} of the template is one of the allowed (NULL-terminated) words. */
int template_check(const char *template, const char *const *allowed, const char *where,
        struct err *err) NODISCARD;
int template_check_body(const struct json *body, const char *const *allowed, const char *where,
        struct err *err) NODISCARD;
/* Whether {word} is in a template, or anywhere in a body, that was checked. */
bool template_text_has(const char *template, const char *word);
bool template_has(const struct json *body, const char *word);
/* Appends the template with its words filled in, percent-encoded if asked for. */
int template_text(const char *template, const struct template_values *values, bool encode,
        struct buf *out) NODISCARD;
/* A body with its words filled in: "{input}" as a whole string becomes the object, and a member
 * "...": "{input}" becomes the object's members. */
int template_body(const struct json *body, const struct template_values *values,
        struct json **ret_body) NODISCARD;

/* ---- words of a service ---- */

/* Makes a text comparable, in place: lower case, one space for white space, '_' and '-', and
 * without its quoted passages, which may be somebody's prompt. */
void words_plain(char *text);
/* Whether a line of the plain text has the plain phrase as whole words; " ... " in the phrase
 * stands for anything between. */
bool words_have(const char *text, const char *phrase);
/* What a message says that may be a string, an object that has one, or an array of those; owned,
 * *ret_text is NULL where it says nothing. */
int words_of(const struct json *node, char **ret_text) NODISCARD;

/* ---- answers ---- */

/* Collects the usable URLs below a node into a NULL-terminated list of at most
 * PROVIDER_RESULTS_MAX; *ret_urls is NULL where there is none.  *ret_refused says what is wrong
 * with the first address that is not usable (a constant), or is NULL. */
int results_collect(const struct provider *provider, const struct json *node, char ***ret_urls,
        const char **ret_refused) NODISCARD;

/* ---- what is compiled in ---- */

struct builtin {
	const char *name;
	const char *bytes;
	size_t size;
};

extern const struct builtin provider_builtins[]; /* ends with a NULL name */
