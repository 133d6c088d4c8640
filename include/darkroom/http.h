/* SPDX-License-Identifier: MIT */
/* http: requests out, completions in.  The only user of libcurl.
 *
 * A client and its requests belong to one thread, which calls http_run in its loop; completions are
 * called from inside http_run and may start or cancel requests.  Only http_wake may be called from
 * other threads.
 */
#pragma once

#include "darkroom/base.h"

struct http_client;
struct http_transfer; /* one request under way */

#define HTTP_REDIRECTS_MAX 5

/* A form with one file, sent as multipart/form-data from the file as it is read. */
struct http_upload {
	const char *const *fields; /* name, value, name, value, ..., NULL */
	const char *file_field;    /* the name of the file's part */
	const char *file_name;
	const char *file_type; /* "image/png" */
	int fd;                /* borrowed and open until done; read with pread(2) from 0 */
	int64_t size;          /* exactly so many bytes; a file that has fewer is HTTP_NO_FILE */
	/* Called from http_run with the file's bytes in order, each once, as they leave; may be
	 * NULL.  It may not start or cancel requests.  A non-zero result ends the transfer with
	 * HTTP_NO_FILE. */
	int (*sent)(void *context, const void *bytes, size_t size);
	void *context; /* of sent */
};

struct http_request {
	const char *method;
	const char *url;
	const char *const *headers;       /* "Name: value", NULL-terminated; NULL for none */
	const char *body;                 /* NULL for none */
	const struct http_upload *upload; /* instead of a body, with POST; else NULL */
	int64_t timeout_ms;               /* for the whole transfer; 0 for none */
	int64_t stall_ms; /* ended when no byte came for about so long; 0 for never */
	int64_t body_max; /* a longer answer ends the transfer (HTTP_TOO_LONG) */
	int sink;         /* where the answer's body goes, borrowed; -1: into memory */
	/* On the wire at most once: a fresh connection, no repetition inside curl, no redirect.
	 * Uploads always are. */
	bool once;
	/* For addresses that somebody else chose, and without secrets: only machines of the public
	 * Internet are connected to, and loopback ones where allow_loopback_http is set.  Redirects
	 * of a GET without a body are followed, at most HTTP_REDIRECTS_MAX, and checked in the same
	 * way: `headers` are not sent to another host, port or scheme, but what the address holds
	 * goes where the answer says.  A proxy of the environment looks up names itself and has to
	 * make this check for them. */
	bool follow;
	bool allow_loopback_http; /* plain http to a loopback address is allowed; never elsewhere */
};

enum http_outcome {
	HTTP_ANSWERED, /* a whole answer: status and body are there */
	HTTP_NOT_SENT, /* certain that no byte of the request left: no address, no connection, no
	                  TLS */
	HTTP_LOST, /* it may have arrived, and there is no whole answer: closed, cut, timed out */
	HTTP_TOO_LONG, /* the answer is longer than body_max */
	HTTP_NO_FILE,  /* the file of an upload ended early, could not be read, or `sent` refused */
	HTTP_NO_SPACE, /* the sink could not be written; error has the reason, sink_errno the number
	                */
	HTTP_BAD_URL,  /* malformed, or not an address that may be used, and nothing left; or a
	                  redirect to one, or too many redirects: then status is the redirect's */
};

/* How a transfer ended; valid during the completion only. */
struct http_result {
	enum http_outcome outcome;
	int status;               /* HTTP status where an answer began, else 0 */
	const char *body;         /* the bytes, NUL-terminated; NULL with a sink */
	size_t size;              /* bytes in body or written to the sink */
	const char *content_type; /* or NULL */
	const char *error;        /* a phrase for people, "" where all is well; without the URL */
	int sink_errno;
};

typedef void http_done(void *context, const struct http_result *result);

/* -ENOMEM, -EIO.  user_agent is copied. */
int http_client_new(const char *user_agent, struct http_client **ret_client) NODISCARD;
/* Ends all transfers without calling their completions. */
void http_client_free(struct http_client *client);
void http_client_free_p(struct http_client **client);

/* Starts a request; its strings are copied, the sink stays the caller's and open until done.  done
 * is called once from a later http_run, for every error but -ENOMEM, which is returned.  *ret (may
 * be NULL) is for http_cancel and valid until done is called. */
int http_start(struct http_client *client, const struct http_request *request, http_done *done,
        void *context, struct http_transfer **ret) NODISCARD;
/* Ends a transfer without calling its completion. */
void http_cancel(struct http_client *client, struct http_transfer *transfer);
/* Moves transfers on, waits at most timeout_ms for something to do, and calls completions.  Returns
 * early after http_wake.  -EIO where curl cannot go on at all. */
int http_run(struct http_client *client, int64_t timeout_ms) NODISCARD;
/* Ends the wait of http_run, now or at its next call.  Any thread. */
void http_wake(struct http_client *client);
