/* SPDX-License-Identifier: MIT */
/* task: the nouns of this project, and the life of a take as a table.  Pure.
 *
 * A prompt file is ordered; each order is a take, numbered from 1 for its prompt; a take that is
 * sent becomes a task of the provider, which has an id of the provider's own.  What is sent is a
 * request: provider, model, text and parameters.
 */
#pragma once

#include "darkroom/base.h"

/* ---- parameters ---- */

#define PARAMETER_NAME_MAX 64
#define PARAMETER_VALUE_MAX 8192 /* 16 pictures with signed addresses */
#define PARAMETERS_MAX 64

struct parameter {
	char *name;
	char *value;
};

/* Names with values, sorted by name, each name once. */
struct parameters {
	struct parameter *items;
	size_t count;
};

/* Sets or replaces.  name and value are copied.  -ENOMEM; -E2BIG above PARAMETERS_MAX. */
int parameters_set(struct parameters *set, const char *name, const char *value) NODISCARD;
/* The value, borrowed until the set changes, or NULL. */
const char *parameters_get(const struct parameters *set, const char *name);
int parameters_copy(const struct parameters *from, struct parameters *to) NODISCARD;
void parameters_done(struct parameters *set);

/* ---- request ---- */

#define REFERENCES_MAX 32

/* A picture that goes with a request: a file, or an address. */
struct reference {
	char *parameter;               /* of the model, which carries it: "image_urls" */
	char *path;                    /* of the file, below SOURCE; NULL for an address */
	char *url;                     /* of the address; NULL for a file */
	char sha256[DIGEST_TEXT_SIZE]; /* of the file's bytes when it was ordered; "" for an address
	                                */
	int64_t size;                  /* of the file, in bytes */
};

/* What is bought, in the provider's own terms: parameters are those that will be sent. */
struct request {
	char *provider;
	char *model;
	char *text;      /* "" where there is none */
	char *variation; /* NULL where none was given; tells requests apart, is never sent */
	struct parameters parameters;
	struct reference *references; /* in the order in which they are sent */
	size_t reference_count;
};

/* Adds a reference; its strings are copied, path or url is NULL.  -ENOMEM; -E2BIG above
 * REFERENCES_MAX. */
int request_refer(struct request *request, const char *parameter, const char *path, const char *url)
        NODISCARD;

/* Whether both ask for the same pictures.  Of a file that is referred to its bytes count, not its
 * name. */
bool request_equal(const struct request *a, const struct request *b);
int request_copy(const struct request *from, struct request *to) NODISCARD;
void request_done(struct request *request);

/* ---- the life of a take ---- */

enum task_state {
	TASK_HELD,
	TASK_INVALID,
	TASK_QUEUED,
	TASK_SUBMITTING,
	TASK_WAITING,
	TASK_QUEUING,
	TASK_GENERATING,
	TASK_DOWNLOADING,
	TASK_SUCCESS,
	TASK_FAIL,
	TASK_UNKNOWN,
};
#define TASK_STATES 11

enum task_event {
	TASK_EV_HOLD,     /* became or stays a draft, or was cancelled before it was sent */
	TASK_EV_REJECT,   /* what was written can never be sent */
	TASK_EV_ORDER,    /* ordered, or released */
	TASK_EV_SUBMIT,   /* createTask is about to leave */
	TASK_EV_NOT_SENT, /* certain that the provider did not accept it; to be sent again */
	TASK_EV_REFUSED,  /* certain that the provider did not accept it, and never will */
	TASK_EV_LOST,     /* sent, and no clear answer came back */
	TASK_EV_ACCEPTED, /* the provider gave it an id */
	TASK_EV_WAITING,  /* the provider's own words for not done yet */
	TASK_EV_QUEUING,
	TASK_EV_GENERATING,
	TASK_EV_FAILED,   /* the provider ended it without pictures */
	TASK_EV_FINISHED, /* the provider has pictures */
	TASK_EV_STORED,   /* the pictures are on disk and shown */
	TASK_EV_UNUSABLE, /* what the provider delivered is no picture */
	TASK_EV_EXPIRED,  /* the provider no longer says anything about it */
	TASK_EV_RETRY,    /* asked to look for the pictures of a task again; costs nothing */
};
#define TASK_EVENTS 17

/* The state after the event, or -1 where that event must not happen in that state. */
int task_next(enum task_state state, enum task_event event) NODISCARD;
/* The word shown to users ("queued"); the reverse returns -1 for any other word. */
const char *task_state_name(enum task_state state);
int task_state_parse(const char *name);
const char *task_event_name(enum task_event event);
/* Not yet sent: may still be changed, held or dropped, and has cost nothing. */
bool task_state_is_unsent(enum task_state state);
/* Nothing more will happen by itself: success, fail, unknown. */
bool task_state_is_final(enum task_state state);
/* Ordered, and not ended: something will happen by itself. */
bool task_state_is_under_way(enum task_state state);
