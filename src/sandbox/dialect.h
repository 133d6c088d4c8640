/* SPDX-License-Identifier: MIT */
/* Dialects: how each service speaks.  Where they differ is data as far as it can be, and a few
 * functions.
 */
#pragma once

#include "jobs.h"

struct sandbox;
struct request;
struct answer;

/* Why a request is not granted. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_PATH,      /* no such address */
	TROUBLE_METHOD,    /* not with this method */
	TROUBLE_LARGE,     /* the body is too large */
	TROUBLE_KEY,       /* the key is wrong */
	TROUBLE_TYPE,      /* the body is not of the right content type */
	TROUBLE_BODY,      /* it is not JSON */
	TROUBLE_SHAPE,     /* model or input is missing */
	TROUBLE_MODEL,     /* no such model */
	TROUBLE_CALL_BACK, /* callBackUrl is no text */
	TROUBLE_MISSING,   /* a required field is missing */
	TROUBLE_VALUE,     /* a field's value is not allowed */
	TROUBLE_LENGTH,    /* a text is too short or too long */
	TROUBLE_RULE,      /* fields that do not go together */
	TROUBLE_PICTURE,   /* a picture cannot be fetched */
	TROUBLE_TASK_ID,   /* no task is named */
	TROUBLE_TASK,      /* no such task */
	TROUBLE_URL,       /* not an address of a result */
	TROUBLE_CREDITS,   /* the balance does not suffice */
	TROUBLE_RATE,      /* too many requests */
	TROUBLE_SERVER,    /* the service's own trouble */
	TROUBLE_CLOSED,    /* maintenance */
	TROUBLE_FULL,      /* the simulator's own limit */
	TROUBLES,
};

/* What is said then. */
struct words {
	unsigned http;
	int64_t code;
	const char *text; /* may have one %s, the field or the reason */
};

struct complaint {
	enum trouble trouble;
	char about[200]; /* the field or the reason */
};

/* For `return complain(...)`: 1. */
int complain(struct complaint *complaint, enum trouble trouble, const char *about);

/* A service beside a dialect's usual one, with paths of its own: orders have their parameters
 * beside the model's name, not in an input, and its tasks are told of in other words. */
struct side_service {
	const char *model; /* the one that is ordered where none is named */
	/* What is told of a task. */
	int (*record)(const struct sandbox *sandbox, const struct request *request, struct job *job,
	        int64_t now_ms, struct json **ret_data);
};

/* Paths that end in '/' are for all below them. */
struct route {
	const char *method, *path;
	enum request_kind kind;
	const char *family; /* of the models that are ordered there; NULL: those of none */
	const struct side_service *side; /* NULL: the usual one */
};

struct dialect {
	const char *name;
	const char *key_header, *key_prefix;
	const struct route *routes; /* up to one without a path */
	const struct words *words;  /* by trouble */
	size_t body_max;            /* of an order */
	bool takes_data;            /* pictures may be data: URLs */
	bool refuses_pictures;      /* one that cannot be fetched is refused; else the task fails */
	bool http_is_code;          /* errors have the HTTP status of their code; else 200 */
	bool param_is_nested;       /* a task's param has its input as a text within the text */
	/* The id for a task of this model; `attempt` is another number each time it is tried again
	 * because the id was not new.  -errno. */
	int (*id_make)(const char *model, int64_t now_ms, int attempt, char id[static JOB_ID_SIZE]);
	/* Fills in the answer's body, status and code.  Takes data over; NULL: none. */
	int (*envelope)(struct sandbox *sandbox, struct answer *answer, unsigned http, int64_t code,
	        const char *message, struct json *data);
	/* What is told of an order that was accepted. */
	int (*created)(const struct job *job, struct json **ret_data);
	/* What is told of a task. */
	int (*record)(const struct sandbox *sandbox, const struct request *request, struct job *job,
	        int64_t now_ms, struct json **ret_data);
};

extern const struct dialect dialect_kie, dialect_revidapi, dialect_liangxin, dialect_apikley;

/* NULL where there is none of that name. */
const struct dialect *dialect_find(const char *name);
/* "kie, revidapi, ..." for messages. */
const char *dialect_names(void);
/* The route of a path, for whatever method; NULL where there is none. */
const struct route *dialect_route(const struct dialect *dialect, const char *path);
/* The text that the dialect has for a code. */
const char *dialect_message(const struct dialect *dialect, int64_t code);

/* ---- for the dialects ---- */

/* A document to be filled in; what stays null in it is written as null.  NULL without memory. */
struct json *template_new(const char *text);
/* Makes the document the answer's body, and frees it.  NULL is -ENOMEM. */
int answer_body(struct answer *answer, unsigned http, int64_t code, struct json *document)
        NODISCARD;
/* {"code", "msg", "data"}; without data member at all where with_data is false. */
int envelope_make(int64_t code, const char *message, bool with_data, struct json *data,
        struct json **ret_document) NODISCARD;

/* {"resultUrls": [...]}: the addresses of the job's pictures. */
int result_make(const struct sandbox *sandbox, const struct request *request, const struct job *job,
        struct json **ret_result) NODISCARD;

/* 32 hexadecimal digits. */
int id_make_hex(const char *model, int64_t now_ms, int attempt, char id[static JOB_ID_SIZE]);
/* "task_<word>_<milliseconds>". */
int id_make_task(const char *word, size_t word_size, int64_t now_ms, int attempt,
        char id[static JOB_ID_SIZE]);

/* {"taskId"} */
int created_plain(const struct job *job, struct json **ret_data);
/* Puts the addresses of the job's pictures where its rule says. */
int record_add_result(const struct sandbox *sandbox, const struct request *request,
        const struct job *job, struct json *data) NODISCARD;
#define FAILURE_TEXT_SIZE 700

/* Why the job fails; also its code. */
const char *failure_text(const struct job *job, char text[static FAILURE_TEXT_SIZE]);
const char *failure_code(const struct job *job);
/* failCode and failMsg. */
int record_add_failure(const struct job *job, struct json *data) NODISCARD;
/* taskId, model, state, param, createTime. */
int record_add_job(const struct job *job, const char *state, struct json *data) NODISCARD;

/* kie's, which apikley shares. */
int kie_envelope(struct sandbox *sandbox, struct answer *answer, unsigned http, int64_t code,
        const char *message, struct json *data);
int kie_created(const struct job *job, struct json **ret_data);
int kie_record(const struct sandbox *sandbox, const struct request *request, struct job *job,
        int64_t now_ms, struct json **ret_data);
extern const struct words kie_words[TROUBLES];
/* kie's two older services. */
extern const struct side_service kie_gpt4o_image, kie_flux_kontext;
