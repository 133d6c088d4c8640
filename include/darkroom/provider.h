/* SPDX-License-Identifier: MIT */
/* provider: image services as data.  A definition (src/provider/defs/NAME.json, or the user's own)
 * turns settings and text into a request, a request into HTTP messages, and answers into verdicts.
 *
 * Pure but for providers_load: no network, no clock, no threads.  A loaded set never changes and
 * may be used from any thread.  Strings that are returned as const are borrowed from the set.
 */
#pragma once

#include "darkroom/task.h"

struct providers; /* all definitions */
struct provider;  /* one of them */

#define PROVIDER_DEFINITION_MAX (1u << 20)
#define PROVIDER_TASK_ID_MAX 128
#define PROVIDER_RESULTS_MAX 64
#define PROVIDER_URL_MAX 4096
/* Answers longer than this are not read. */
#define PROVIDER_ANSWER_MAX (4u << 20)

/* Loads the built-in definitions, then those in user_directory (NULL for none; a directory that
 * does not exist is none): each NAME.json there adds a service, or with a name that is built in,
 * overrides the members that it has (objects are merged, anything else is replaced).  -EINVAL with
 * file, path inside the JSON, what is wrong and what is allowed; -errno for a file that cannot be
 * read. */
int providers_load(const char *user_directory, struct providers **ret_set, struct err *err)
        NODISCARD;
void providers_free(struct providers *set);
void providers_free_p(struct providers **set);

/* By name, or NULL. */
const struct provider *provider_find(const struct providers *set, const char *name);
/* The names of all, separated by ", ", for messages; borrowed. */
const char *providers_names(const struct providers *set);

const char *provider_name(const struct provider *provider);  /* "kie" */
const char *provider_title(const struct provider *provider); /* "kie.ai" */
const char *provider_key_env(
        const struct provider *provider); /* "KIE_API_KEY", NULL: needs no key */
const char *provider_key_page(const struct provider *provider); /* where to get one; may be NULL */
/* The address to use when the user gives none; NULL where the definition has none. */
const char *provider_base_url(const struct provider *provider);
const char *provider_default_model(const struct provider *provider);
/* Whether the service takes uploads of reference pictures, and how long it keeps one; 0: it does
 * not. */
int64_t provider_upload_keep_ms(const struct provider *provider);

/* Whether an address may be used: https, or plain http to a loopback address; -EINVAL and why. */
int provider_check_base_url(const char *url, struct err *err) NODISCARD;

/* ---- pace ---- */

struct provider_rate {
	int64_t period_ms, count, burst;
};

/* How often to ask and how long to wait, from the definition. */
struct provider_pace {
	struct provider_rate create, status;
	int64_t poll_first_ms; /* from createTask's answer to the first look */
	/* until a task is step.age_ms old, look every step.every_ms; the last step has no end */
	struct provider_poll_step {
		int64_t age_ms, every_ms;
	} poll[4];
	size_t poll_count;
	int64_t not_found_grace_ms; /* "no such task" means "not yet" until then */
	int64_t give_up_ms; /* a task without an end is given up after that; days, not minutes */
	int64_t create_timeout_ms; /* an answer to createTask that takes longer is lost */
};

const struct provider_pace *provider_pace(const struct provider *provider);

/* ---- from settings to a request ---- */

/* Settings in the order in which they count, nearest first: header, the prompt's attributes, its
 * directory's, and so on to the mount options. */
struct provider_settings {
	const struct parameters *const *levels; /* borrowed; entries are never NULL */
	size_t count;
	size_t own_count; /* the first of them are the prompt's own: its header and attributes */
};

/* The first value of a setting, or NULL. */
const char *provider_setting(const struct provider_settings *settings, const char *name);

/* A request as it will be sent, and what was said about it.  Each reference to a file has the path
 * as it was written, which is relative to the prompt, and neither digest nor size yet: the caller,
 * who can see files, fills them in. */
struct provider_order {
	struct request request;
	char *ignored; /* "NAME (why), NAME (why)", or NULL: settings the model does not have; a
	                * prompt's own pictures are never ignored */
	bool hold;     /* the settings say it is a draft */
};

/* Makes a request out of the settings and the text (well-formed UTF-8): finds provider and model,
 * checks every value, fills in the defaults the service requires.  A text of white space is "", and
 * so is the text for a model that takes none.  -EINVAL with a sentence that says what is wrong and
 * what is allowed (also for an empty or too long text); -ENOMEM.  *ret_order is filled only on
 * success. */
int provider_resolve(const struct providers *set, const struct provider_settings *settings,
        const char *text, struct provider_order *ret_order, struct err *err) NODISCARD;
void provider_order_done(struct provider_order *order);

/* What a parameter that carries pictures takes. */
struct provider_pictures {
	int64_t bytes_max;           /* of one file */
	const char *const *suffixes; /* "png", "jpg", ...: NULL-terminated, as of
	                                files_format_suffix; NULL: any */
	bool inline_data;            /* a file travels inside the request, as a data: URL */
};

/* The pictures of a request's parameter; NULL where it is none. */
const struct provider_pictures *provider_pictures(
        const struct provider *provider, const char *model, const char *parameter);

/* Whether an empty text may be ordered: the model in force needs none, and one of the prompt's own
 * levels gives a picture. */
bool provider_orders_without_text(
        const struct providers *set, const struct provider_settings *settings);
/* What an empty prompt that is not ordered lacks, where a text is not what is missing: the model in
 * force takes none, and err says which picture has to be named where.  False for other models. */
bool provider_lacks_own_picture(
        const struct providers *set, const struct provider_settings *settings, struct err *err);

/* Whether `name` may be set to `value` on a prompt or directory whose other settings are
 * `settings`: -EINVAL with a sentence for a value that the parameter of the model in force cannot
 * have, or, where that model has no such parameter, of none of the known models, and for a name
 * that none has. */
int provider_check_setting(const struct providers *set, const struct provider_settings *settings,
        const char *name, const char *value, struct err *err) NODISCARD;

/* What a request costs in credits by the definition's price, for one unit of what it is for (a
 * picture, a megapixel); the highest where it depends on what is not known.  False where the
 * definition has no price. */
bool provider_price(const struct provider *provider, const struct request *request,
        double *ret_credits) NODISCARD;

/* ---- help pages ---- */

/* The index-th model of a provider in the definition's order, or NULL. */
const char *provider_model_at(const struct provider *provider, size_t index);
/* Appends one page for people: the model's parameters, values, defaults, limits and price. */
int provider_model_page(const struct provider *provider, const char *model, struct buf *page)
        NODISCARD;

/* ---- from requests to messages ---- */

/* One HTTP request in neutral terms. */
struct provider_message {
	char *method; /* "GET", "POST" */
	char *url;
	char **headers; /* "Name: value", NULL-terminated; may hold the key: never to be logged */
	char *body;     /* NULL for none */
};

void provider_message_done(struct provider_message *message);

/* createTask.  base_url without a slash at its end; key may be NULL where none is needed.
 * picture_urls has one address for each of the request's references, in their order.  -ENOMEM;
 * -EINVAL for a key that cannot stand in a header, and for a request that does not fit the
 * definition any more: nothing of it is left out. */
int provider_create_message(const struct provider *provider, const char *base_url, const char *key,
        const struct request *request, const char *const *picture_urls,
        struct provider_message *ret_message) NODISCARD;
/* The upload of a file named file_name: a POST of a form, whose other fields are fields.  base_url
 * is the user's, for all of the provider's hosts, or NULL for the definition's.  -ENOTSUP where the
 * service takes none. */
struct provider_upload {
	struct provider_message message; /* without a body */
	char **fields;                   /* name, value, ..., NULL */
	char *file_field;
};
int provider_upload_message(const struct provider *provider, const char *base_url, const char *key,
        const char *file_name, struct provider_upload *ret_upload) NODISCARD;
void provider_upload_done(struct provider_upload *upload);
/* Whether a text can be the id of a task: UTF-8 without control characters, of 1 to
 * PROVIDER_TASK_ID_MAX bytes. */
bool provider_task_id_is_valid(const char *id);
/* The question for the state of a task of a model, which may be one that the definition has no
 * longer. */
int provider_status_message(const struct provider *provider, const char *base_url, const char *key,
        const char *model, const char *task_id, struct provider_message *ret_message) NODISCARD;
/* The question for the account's balance; -ENOTSUP where the service has none. */
int provider_credits_message(const struct provider *provider, const char *base_url, const char *key,
        struct provider_message *ret_message) NODISCARD;
/* The request for a fresh link to a result whose link has expired; -ENOTSUP where there is none. */
int provider_renew_message(const struct provider *provider, const char *base_url, const char *key,
        const char *url, struct provider_message *ret_message) NODISCARD;

/* ---- from answers to verdicts ---- */

enum provider_verdict {
	PROVIDER_UNCLEAR, /* nothing certain can be concluded: empty, HTML, cut, 5xx, wrong types */
	PROVIDER_ACCEPTED,    /* createTask: task_id is there */
	PROVIDER_RUNNING,     /* status: event says in which of the provider's states */
	PROVIDER_FINISHED,    /* status: urls are there */
	PROVIDER_FAILED,      /* status: ended without pictures; or finished with none */
	PROVIDER_NOT_FOUND,   /* status: no such task (yet) */
	PROVIDER_BAD_KEY,     /* refused: 401 */
	PROVIDER_NO_CREDITS,  /* refused: 402 */
	PROVIDER_BUSY,        /* refused: 429, too many at once */
	PROVIDER_MAINTENANCE, /* refused: 455 */
	PROVIDER_REFUSED,     /* refused for good: the request itself is wrong */
	PROVIDER_ANSWERED,    /* credits: balance is there; renew, upload: urls has the link */
};

/* What is to be expected of a new task after one that failed. */
enum provider_prospect {
	PROVIDER_PROSPECT_OPEN, /* nothing is known */
	PROVIDER_PROSPECT_GOOD, /* the service's own trouble: a new task may work */
	PROVIDER_PROSPECT_NONE, /* the prompt, its pictures or parameters are the reason */
};

/* What an answer says.  Only what the verdict names is set. */
struct provider_answer {
	enum provider_verdict verdict;
	enum task_event event; /* RUNNING: TASK_EV_WAITING, _QUEUING or _GENERATING */
	char *task_id;
	char **urls;                     /* NULL-terminated; http or https */
	char *error;                     /* the provider's words on one line, or NULL */
	enum provider_prospect prospect; /* FAILED */
	int64_t took_ms; /* FINISHED, FAILED: the service's own time for the task; 0: unknown */
	bool credits_known;
	double credits; /* what the task cost; or the balance */
};

void provider_answer_done(struct provider_answer *answer);

/* Reads the answer to a message: HTTP status and the body's bytes, which may be anything.  Never
 * fails on content: what cannot be understood is PROVIDER_UNCLEAR.  -ENOMEM only. */
int provider_read_create(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer) NODISCARD;
int provider_read_status(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer) NODISCARD;
int provider_read_credits(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer) NODISCARD;
int provider_read_renew(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer) NODISCARD;
int provider_read_upload(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer) NODISCARD;
