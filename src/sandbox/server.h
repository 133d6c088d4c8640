/* SPDX-License-Identifier: MIT */
/* What the parts of the running simulator share. */
#pragma once

#include "darkroom/sandbox.h"
#include "dialect.h"
#include "form.h"
#include "journal.h"
#include "studio.h"

/* A token bucket: `tokens` are thousandths, filled up to the rate's count. */
struct bucket {
	int64_t tokens, at_us;
};

struct sandbox {
	const struct dialect *dialect;
	struct json *models;
	struct scenario scenario;
	char *key;
	char url[64];
	struct studio *studio;
	struct MHD_Daemon *daemon;

	pthread_mutex_t lock; /* guards what follows, the faults' counters too */
	pthread_cond_t stop;
	bool stopping;
	struct jobs jobs;
	struct uploads uploads;
	struct journal journal;
	struct bucket create_bucket, status_bucket;
	uint64_t renewals;
	uint64_t answers[REQUEST_KINDS]; /* of the API, by kind of request */
};

/* A file that is sent here, all borrowed from the request's body or from `decoded`. */
struct parcel {
	struct form form; /* the fields without the file's bytes */
	const char *bytes;
	size_t size;
	struct buf decoded;
	const char *file_name; /* as the sender names the file; NULL: it does not */
	const char *mistake;   /* why there is no file; NULL: there is one */
	char digest[DIGEST_TEXT_SIZE];
	struct blob *blob; /* the bytes; NULL where there is no file */
};

/* A request, all borrowed; NULL where it has none. */
struct request {
	enum request_kind kind;
	const struct route *route; /* NULL: no such address */
	const char *method, *path;
	const char *key; /* the header in which this service wants it */
	const char *content_type, *host, *user_agent;
	bool has_key;     /* any header that may have a key */
	const char *task; /* of the query */
	const char *body;
	size_t body_size;
	bool body_too_large;
	struct json *json;             /* the body, where it is JSON */
	struct json *slim;             /* the same without the bytes of pictures */
	struct parcel parcel;          /* upload */
	char result_task[JOB_ID_SIZE]; /* download and renew: what the address of the result names
	                                */
	int result_index;
	bool result_known;
};

/* What is to be sent. */
struct answer {
	unsigned http;            /* 0: close the connection */
	int64_t code;             /* of the envelope; UNSET: it has none */
	uint64_t number;          /* how many of its kind there were, from 1 */
	const char *content_type; /* borrowed */
	char *body;               /* owned */
	size_t size;
	struct blob *print; /* the body instead, owned */
	int64_t blanks;     /* the body instead: so many bytes that mean nothing; UNSET */
	const struct fault *fault;
	struct job *job;             /* the one that the request is about */
	const struct upload *upload; /* the one that was made, or is sent */
	struct json *ignored;        /* create: names of what nothing reads; owned */
	bool authorized, accepted, closes;
};

/* ---- api.c ---- */

/* Processes the request as the API does, under the lock.  -ENOMEM. */
int api_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
        NODISCARD;
bool api_authorized(const struct sandbox *sandbox, const struct request *request);
/* In the dialect's words. */
int api_refuse(struct sandbox *sandbox, struct answer *answer, enum trouble trouble,
        const char *about) NODISCARD;
/* The picture that a download wants; false where there is none. */
bool api_picture(const struct request *request, struct job *job, int64_t now_ms,
        struct picture_spec *ret_spec);

/* ---- create.c ---- */

int create_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
        NODISCARD;
/* Takes over an order that an earlier run has accepted.  -errno with a sentence. */
int create_recall(struct sandbox *sandbox, const struct json *line, const char *task,
        struct err *err) NODISCARD;

/* ---- upload.c ---- */

/* Finds the file in the body of an upload, without the lock.  -ENOMEM, -EIO. */
int parcel_read(const struct request *request, struct parcel *parcel) NODISCARD;
void parcel_done(struct parcel *parcel);
int upload_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
        NODISCARD;
int upload_refuse(struct answer *answer, unsigned http, const char *message) NODISCARD;
/* A file that was uploaded. */
int file_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
        NODISCARD;

/* ---- address.c ---- */

#define ADDRESS_SIZE 1200

/* "http://HOST" as the client knows this server. */
void address_make(const struct sandbox *sandbox, const struct request *request,
        char address[static ADDRESS_SIZE]);
/* Whether the address is here, and its path in *ret_path. */
bool address_is_own(const struct sandbox *sandbox, const struct request *request, const char *url,
        const char **ret_path);
/* Reads "/r/<task>_<index>.<extension>", up to the end, '?' or '#', into the request. */
bool result_read(const char *path, struct request *request);
/* The path with what a URL may not have as %XX; NULL without memory.  And back. */
char *path_encode(const char *path) NODISCARD;
char *path_decode(const char *path) NODISCARD;

/* ---- request.c ---- */

struct MHD_Connection;
enum request_kind request_kind_of(const struct sandbox *sandbox, const char *path);
/* How large a body may be. */
size_t request_body_max(const struct sandbox *sandbox, enum request_kind kind);
/* Everything that can be done without the lock.  -ENOMEM, -EIO; request_done in any case. */
int request_read(const struct sandbox *sandbox, struct MHD_Connection *connection, const char *path,
        const char *method, const struct buf *body, bool too_large, struct request *request)
        NODISCARD;
void request_done(struct request *request);

/* ---- visit.c: one request from its arrival to its answer ---- */

/* Decides, and writes the journal.  Afterwards the answer may leave. */
void visit_decide(struct sandbox *sandbox, struct request *request, struct answer *answer);
/* Takes over a line of an earlier run; a journal_line_fn. */
int visit_recall(void *sandbox, const struct json *line, struct err *err);
void answer_done(struct answer *answer);

/* ---- line.c ---- */

/* The journal's line about a request. */
int line_make(const struct sandbox *sandbox, const struct request *request,
        const struct answer *answer, struct json **ret_line) NODISCARD;
/* A copy of the body in which the bytes of pictures are only counted. */
int body_slim(const struct json *body, struct json **ret_slim) NODISCARD;

/* ---- listen.c ---- */

/* A listening socket, and the address at which it is reached. */
int listen_open(const char *listen, int *ret_fd, char *url, size_t url_size, struct err *err)
        NODISCARD;

/* ---- serve.c: HTTP ---- */

int serve_start(struct sandbox *sandbox, const char *listen, struct err *err) NODISCARD;
void serve_stop(struct sandbox *sandbox);
/* Waits so long; false where the sandbox stops in the meantime. */
bool serve_wait(struct sandbox *sandbox, int64_t duration_ms);
/* Waits until the file exists; false where the sandbox stops before. */
bool serve_wait_for(struct sandbox *sandbox, const char *path);

/* ---- deliver.c ---- */

/* Sends the answer in the way that its fault says.  Empties the answer.  An MHD_Result. */
int deliver(struct sandbox *sandbox, struct MHD_Connection *connection, struct answer *answer);
