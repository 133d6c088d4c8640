/* SPDX-License-Identifier: MIT */
#pragma once

#include "darkroom/http.h"

#include <curl/curl.h>

/* No connection takes longer to be made. */
#define HTTP_CONNECT_MAX_MS 30000L
/* All header bytes of one transfer. */
#define HTTP_HEADERS_MAX (256L << 10)
/* Characters of an error's phrase. */
#define HTTP_ERROR_MAX 200

/* What a transfer's own callbacks found wrong, which curl only knows as "a callback failed". */
enum http_fault {
	HTTP_FAULT_NONE,
	HTTP_FAULT_TOO_LONG,
	HTTP_FAULT_HEADERS,
	HTTP_FAULT_SINK,
	HTTP_FAULT_MEMORY,
};

struct http_client {
	CURLM *multi;
	char *user_agent;
	struct http_transfer *running; /* curl has them */
	struct http_transfer *ended;   /* ended before they began; told by the next http_run */
};

struct http_transfer {
	struct http_transfer *next, **link; /* of the list it is in */
	http_done *done;
	void *context;

	CURL *easy;
	struct curl_slist *headers;
	char *origin; /* scheme, host and port that the headers were meant for */
	bool once, follow, allow_loopback_http, from_loopback;
	int64_t deadline_us; /* 0: none */
	int64_t body_max;
	int sink;
	unsigned redirects;

	bool sent; /* the connection was ready and the request was about to leave, at least once */
	enum http_fault fault;
	int sink_errno;
	int64_t received; /* body bytes kept */
	int64_t dropped;  /* body bytes of the current redirect */
	int64_t header_bytes;
	struct buf body;
	enum http_outcome ended_outcome; /* of one that ended before it began */
	char *ended_error;
	char error[CURL_ERROR_SIZE];
};

/* What an address may be. */
struct http_address_rule {
	bool allow_loopback_http;
	bool redirected;    /* it is the target of a redirect */
	bool from_loopback; /* the request was for a loopback address in the first place */
};

/* Checks an address.  NULL where it may be used, else why not.  *ret_loopback (may be NULL) tells
 * whether its host is this machine; *ret_origin (may be NULL) is owned by the caller.  -ENOMEM. */
int http_address_check(const char *url, const struct http_address_rule *rule,
        const char **ret_refusal, bool *ret_loopback, char **ret_origin) NODISCARD;

int http_transfer_new(const struct http_client *client, const struct http_request *request,
        struct http_transfer **ret_transfer) NODISCARD;
void http_transfer_free(struct http_transfer *transfer);
void http_transfer_free_p(struct http_transfer **transfer);

/* Prepares the next request of a transfer that was answered with a redirect.  1: it is prepared;
 * 0: no redirect to follow; else the transfer has ended, see ended_outcome: -EACCES; or -ENOMEM. */
int http_transfer_redirect(struct http_transfer *transfer, CURLcode code) NODISCARD;

/* Calls the completion. */
void http_transfer_tell(struct http_transfer *transfer, CURLcode code);
void http_transfer_tell_ended(struct http_transfer *transfer);
