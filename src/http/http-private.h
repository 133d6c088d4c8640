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
/* Of a host's name; DNS has no longer ones. */
#define HTTP_HOST_MAX 254

/* What a transfer's own callbacks found wrong, which curl only knows as "a callback failed". */
enum http_fault {
	HTTP_FAULT_NONE,
	HTTP_FAULT_TOO_LONG,
	HTTP_FAULT_HEADERS,
	HTTP_FAULT_SINK,
	HTTP_FAULT_MEMORY,
	HTTP_FAULT_FILE_SHORT,
	HTTP_FAULT_FILE_READ,
	HTTP_FAULT_FILE_REFUSED,
};

/* Where an IP address is. */
enum http_place {
	HTTP_PLACE_LOOPBACK, /* this machine */
	HTTP_PLACE_CLOSED,   /* private, link-local, multicast, reserved, ... */
	HTTP_PLACE_PUBLIC,
};

/* Where a request's connection may lead. */
enum http_reach {
	HTTP_REACH_ANY,
	HTTP_REACH_LOOPBACK,
	HTTP_REACH_PUBLIC,
};

/* Whether a proxy of the environment is used. */
enum http_route {
	HTTP_ROUTE_DIRECT,
	HTTP_ROUTE_PROXY,
	HTTP_ROUTE_EITHER, /* as no_proxy says, which curl reads */
};

/* The file of an upload while it leaves. */
struct http_file {
	curl_mime *form;
	int fd; /* borrowed */
	int64_t size, done;
	int (*sent)(void *context, const void *bytes, size_t size);
	void *context;
	int read_errno;
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
	bool once, follow, foreign, allow_loopback_http;
	enum http_reach reach;
	enum http_route route;
	unsigned port;           /* that the address names */
	bool peer_refused;       /* an address that it leads to may not be connected to */
	bool peer_tried;         /* another one may */
	struct http_file upload; /* form is NULL where there is none */
	int64_t deadline_us;     /* 0: none */
	int64_t body_max;
	int sink;
	unsigned redirects;
	long redirect_status; /* of the last one that was followed */

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
	bool foreign; /* it was not chosen by the user: only the Internet's, or allowed loopback */
};

/* What was found out about an address. */
struct http_target {
	char *origin; /* scheme, host and port; owned */
	unsigned port;
	bool loopback; /* its host is this machine */
	enum http_route route;
};

void http_target_done(struct http_target *target);
/* Checks an address.  NULL where it may be used, and then target is filled in; else why not.
 * -ENOMEM. */
int http_address_check(const char *url, const struct http_address_rule *rule,
        const char **ret_refusal, struct http_target *ret_target) NODISCARD;

/* Whether a host is written as an IP address ("127.0.0.1", "[::1]"), and where that is. */
bool http_place_of_host(const char *host, enum http_place *ret_place);
/* What connects to an address with the scheme. */
enum http_route http_route_of(const char *scheme, bool loopback);
/* curl's callback that opens a socket, of a transfer. */
curl_socket_t http_peer_open(void *context, curlsocktype purpose, struct curl_sockaddr *address);

/* Gives curl the form.  -ENOMEM. */
int http_upload_set(struct http_transfer *transfer, const struct http_upload *upload) NODISCARD;

int http_transfer_new(const struct http_client *client, const struct http_request *request,
        struct http_transfer **ret_transfer) NODISCARD;
void http_transfer_free(struct http_transfer *transfer);
void http_transfer_free_p(struct http_transfer **transfer);

/* Prepares the next request of a transfer that was answered with a redirect.  1: it is prepared;
 * 0: no redirect to follow; else the transfer has ended, see ended_outcome: -EACCES; or -ENOMEM. */
int http_transfer_redirect(struct http_transfer *transfer, CURLcode code) NODISCARD;

/* The transfer ends with this instead of what curl says.  -ENOMEM. */
int http_transfer_end_early(
        struct http_transfer *transfer, enum http_outcome outcome, const char *error) NODISCARD;

/* Calls the completion. */
void http_transfer_tell(struct http_transfer *transfer, CURLcode code);
void http_transfer_tell_ended(struct http_transfer *transfer);
