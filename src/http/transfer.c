/* SPDX-License-Identifier: MIT */
/* One request: how curl is told of it, its callbacks, and how its end is put.
 *
 * Whether a request may have left is known from curl's pre-request callback, which runs when the
 * connection stands (name found, connected, TLS agreed, peer verified) and before the first byte of
 * the request is written.  Until it ran nothing was sent; from then on anything may have been.
 * curl's own times do not tell: the pre-transfer time is set after the first write.  A `once`
 * request is refused there when it comes a second time, whatever the reason curl might have.
 *
 * curl follows no redirect; http_transfer_redirect does, because each target has to be checked, and
 * because curl would send the caller's headers to any host.
 */
#include "http-private.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* ---- callbacks ---- */

static int before_request(void *context, char *peer, char *local, int peer_port, int local_port)
{
	struct http_transfer *transfer = context;

	if (transfer->once && transfer->sent)
		return CURL_PREREQFUNC_ABORT;
	transfer->sent = true;
	return CURL_PREREQFUNC_OK;
}

static bool is_redirect(const struct http_transfer *transfer, long status)
{
	return transfer->follow &&
	       (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

static size_t on_header(char *bytes, size_t one, size_t size, void *context)
{
	struct http_transfer *transfer = context;

	transfer->header_bytes += (int64_t)size;
	if (transfer->header_bytes <= HTTP_HEADERS_MAX)
		return size;
	transfer->fault = HTTP_FAULT_HEADERS;
	return 0;
}

static enum http_fault take_bytes(struct http_transfer *transfer, const char *bytes, size_t size)
{
	long status = 0;
	int r;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	if ((int64_t)size > transfer->body_max - transfer->received - transfer->dropped)
		return HTTP_FAULT_TOO_LONG;
	if (is_redirect(transfer, status)) {
		transfer->dropped += (int64_t)size;
		return HTTP_FAULT_NONE;
	}
	if (transfer->sink < 0) {
		r = buf_add(&transfer->body, bytes, size);
		if (r < 0)
			return r == -EMSGSIZE ? HTTP_FAULT_TOO_LONG : HTTP_FAULT_MEMORY;
	} else {
		r = write_all(transfer->sink, bytes, size);
		if (r < 0) {
			transfer->sink_errno = -r;
			return HTTP_FAULT_SINK;
		}
	}
	transfer->received += (int64_t)size;
	return HTTP_FAULT_NONE;
}

static size_t on_body(char *bytes, size_t one, size_t size, void *context)
{
	struct http_transfer *transfer = context;

	transfer->fault = take_bytes(transfer, bytes, size);
	/* Any other number than size ends the transfer; size may be 0. */
	return transfer->fault == HTTP_FAULT_NONE ? size : size + 1;
}

/* ---- making ---- */

static int header_add(struct http_transfer *transfer, const char *header)
{
	struct curl_slist *longer = curl_slist_append(transfer->headers, header);

	if (!longer)
		return -ENOMEM;
	transfer->headers = longer;
	return 0;
}

/* Gives an option to curl and keeps the first failure in `code`. */
#define SET(option, value)                                                                \
	do {                                                                              \
		if (code == CURLE_OK)                                                     \
			code = curl_easy_setopt(transfer->easy, CURLOPT_##option, value); \
	} while (0)

static CURLcode set_callbacks(struct http_transfer *transfer)
{
	CURLcode code = CURLE_OK;

	SET(PRIVATE, transfer);
	SET(ERRORBUFFER, transfer->error);
	SET(PREREQFUNCTION, before_request);
	SET(PREREQDATA, transfer);
	SET(WRITEFUNCTION, on_body);
	SET(WRITEDATA, transfer);
	SET(HEADERFUNCTION, on_header);
	SET(HEADERDATA, transfer);
	SET(OPENSOCKETFUNCTION, http_peer_open);
	SET(OPENSOCKETDATA, transfer);
	return code;
}

static CURLcode set_message(struct http_transfer *transfer, const struct http_request *request)
{
	CURLcode code = CURLE_OK;
	bool plain = strcmp(request->method, "GET") == 0 && !request->body && !request->upload;

	if (request->upload) {
		SET(MIMEPOST, transfer->upload.form);
	} else if (request->body) {
		SET(POSTFIELDSIZE_LARGE, (curl_off_t)strlen(request->body));
		SET(COPYPOSTFIELDS, request->body);
	} else if (strcmp(request->method, "POST") == 0) {
		SET(POSTFIELDSIZE_LARGE, (curl_off_t)0);
		SET(COPYPOSTFIELDS, "");
	} else if (strcmp(request->method, "HEAD") == 0) {
		SET(NOBODY, 1L);
	}
	if (!plain && !request->upload)
		SET(CUSTOMREQUEST, request->method);
	SET(HTTPHEADER, transfer->headers);
	/* A picture is kept byte by byte as it was sent. */
	if (request->sink < 0)
		SET(ACCEPT_ENCODING, "gzip");
	return code;
}

static CURLcode set_limits(struct http_transfer *transfer, const struct http_request *request)
{
	CURLcode code = CURLE_OK;
	int64_t stall_s = (request->stall_ms + 999) / 1000;

	SET(CONNECTTIMEOUT_MS, HTTP_CONNECT_MAX_MS);
	if (request->timeout_ms > 0) {
		int64_t ms = request->timeout_ms < INT_MAX ? request->timeout_ms : INT_MAX;

		transfer->deadline_us = clock_system.mono_us(clock_system.context) + ms * US_PER_MS;
		SET(TIMEOUT_MS, (long)ms);
	}
	if (request->stall_ms > 0) {
		SET(LOW_SPEED_LIMIT, 1L);
		SET(LOW_SPEED_TIME, stall_s < INT_MAX ? (long)stall_s : (long)INT_MAX);
	}
	/* Ends it at the headers where they give the length; 0 would be no limit. */
	if (request->body_max > 0)
		SET(MAXFILESIZE_LARGE, (curl_off_t)request->body_max);
	SET(MAXREDIRS, 0L);
	SET(FOLLOWLOCATION, 0L);
	SET(NOSIGNAL, 1L);
	SET(TCP_KEEPALIVE, 1L);
	SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(HTTPAUTH, (long)CURLAUTH_NONE);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Without it, giving up on a name that is being looked up waits for the resolver. */
	SET(QUICK_EXIT, 1L);
#endif
	if (transfer->once)
		SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	return code;
}

static CURLcode set_address(
        struct http_transfer *transfer, const char *url, const struct http_target *target)
{
	CURLcode code = CURLE_OK;
	const char *protocols =
	        transfer->allow_loopback_http && target->loopback ? "https,http" : "https";

	transfer->reach = target->loopback    ? HTTP_REACH_LOOPBACK
	                  : transfer->foreign ? HTTP_REACH_PUBLIC
	                                      : HTTP_REACH_ANY;
	transfer->route = target->route;
	transfer->port = target->port;
	transfer->peer_refused = transfer->peer_tried = false;
	SET(URL, url);
	SET(PROTOCOLS_STR, protocols);
	SET(REDIR_PROTOCOLS_STR, protocols);
	/* "" is no proxy, NULL the environment's. */
	SET(PROXY, target->loopback ? "" : NULL);
	/* On a connection used before, curl repeats a request that got no answer; and the address
	 * of one that was opened for another request may have been none for this. */
	SET(FRESH_CONNECT, transfer->once || transfer->reach == HTTP_REACH_PUBLIC ? 1L : 0L);
	return code;
}

static int error_from(CURLcode code)
{
	return code == CURLE_OK ? 0 : code == CURLE_OUT_OF_MEMORY ? -ENOMEM : -EINVAL;
}

int http_transfer_end_early(
        struct http_transfer *transfer, enum http_outcome outcome, const char *error)
{
	free(transfer->ended_error);
	transfer->ended_error = strdup(error);
	if (!transfer->ended_error)
		return -ENOMEM;
	transfer->ended_outcome = outcome;
	return 0;
}

static int set_headers(struct http_transfer *transfer, const struct http_request *request)
{
	int r = header_add(transfer, "Expect:");
	size_t i;

	for (i = 0; r == 0 && request->headers && request->headers[i]; i++)
		r = header_add(transfer, request->headers[i]);
	return r;
}

static int set_all(struct http_transfer *transfer, const struct http_request *request)
{
	struct http_address_rule rule = {
	        .allow_loopback_http = request->allow_loopback_http, .foreign = request->follow};
	CLEANUP(http_target_done) struct http_target target = {.origin = NULL};
	const char *refusal;
	CURLcode code;
	int r;

	r = http_address_check(request->url, &rule, &refusal, &target);
	if (r < 0)
		return r;
	if (refusal)
		return http_transfer_end_early(transfer, HTTP_BAD_URL, refusal);
	transfer->origin = TAKE(target.origin);
	r = set_headers(transfer, request);
	if (r == 0 && request->upload)
		r = http_upload_set(transfer, request->upload);
	if (r < 0 || transfer->ended_error)
		return r;
	code = set_callbacks(transfer);
	if (!code)
		code = set_message(transfer, request);
	if (!code)
		code = set_limits(transfer, request);
	if (!code)
		code = set_address(transfer, request->url, &target);
	if (code == CURLE_OUT_OF_MEMORY)
		return -ENOMEM;
	return code ? http_transfer_end_early(transfer, HTTP_NOT_SENT, curl_easy_strerror(code))
	            : 0;
}

int http_transfer_new(const struct http_client *client, const struct http_request *request,
        struct http_transfer **ret_transfer)
{
	CLEANUP(http_transfer_free_p) struct http_transfer *transfer = calloc(1, sizeof(*transfer));
	int r;

	if (!transfer)
		return -ENOMEM;
	transfer->easy = curl_easy_init();
	if (!transfer->easy)
		return -ENOMEM;
	/* The bytes of a file are read once. */
	transfer->once = request->once || request->upload;
	transfer->foreign = request->follow;
	/* Nothing that changes something is sent to an address the caller did not name. */
	transfer->follow =
	        request->follow && !transfer->once && !request->body &&
	        (strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0);
	transfer->allow_loopback_http = request->allow_loopback_http;
	transfer->body_max = request->body_max;
	transfer->sink = request->sink;
	transfer->body = BUF_INIT(request->body_max > 0 ? (size_t)request->body_max : 0);
	r = error_from(curl_easy_setopt(transfer->easy, CURLOPT_USERAGENT, client->user_agent));
	if (r == 0)
		r = set_all(transfer, request);
	if (r < 0)
		return r;
	*ret_transfer = TAKE(transfer);
	return 0;
}

void http_transfer_free(struct http_transfer *transfer)
{
	if (!transfer)
		return;
	curl_easy_cleanup(transfer->easy);
	curl_mime_free(transfer->upload.form);
	curl_slist_free_all(transfer->headers);
	buf_done(&transfer->body);
	free(transfer->origin);
	free(transfer->ended_error);
	free(transfer);
}

void http_transfer_free_p(struct http_transfer **transfer)
{
	http_transfer_free(*transfer);
	*transfer = NULL;
}

/* ---- redirects ---- */

/* The headers may hold a key: another host does not get them. */
static CURLcode drop_headers_unless(struct http_transfer *transfer, const char *origin)
{
	CURLcode code = CURLE_OK;

	if (strcmp(origin, transfer->origin) == 0)
		return CURLE_OK;
	SET(HTTPHEADER, NULL);
	return code;
}

static int redirect_refused(struct http_transfer *transfer, const char *reason)
{
	char text[HTTP_ERROR_MAX];
	int r;

	snprintf(text, sizeof(text), "redirect refused: %s", reason);
	r = http_transfer_end_early(transfer, HTTP_BAD_URL, text);
	return r < 0 ? r : -EACCES;
}

/* What is left of the time for the whole transfer; curl counts from each start. */
static CURLcode set_time_left(struct http_transfer *transfer)
{
	CURLcode code = CURLE_OK;
	int64_t left_ms;

	if (!transfer->deadline_us)
		return CURLE_OK;
	left_ms = (transfer->deadline_us - clock_system.mono_us(clock_system.context)) / US_PER_MS;
	SET(TIMEOUT_MS, left_ms > 0 ? (long)left_ms : 1L);
	return code;
}

int http_transfer_redirect(struct http_transfer *transfer, CURLcode result)
{
	struct http_address_rule rule = {
	        .allow_loopback_http = transfer->allow_loopback_http, .foreign = true};
	CLEANUP(http_target_done) struct http_target next = {.origin = NULL};
	CLEANUP(free_p) char *url = NULL;
	const char *refusal;
	char *target = NULL;
	long status = 0;
	CURLcode code;
	int r;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &target);
	if (result != CURLE_OK || !is_redirect(transfer, status) || !target)
		return 0;
	if (++transfer->redirects > HTTP_REDIRECTS_MAX)
		return redirect_refused(transfer, "there were too many");
	/* The handle owns it and forgets it when it gets another address. */
	url = strdup(target);
	if (!url)
		return -ENOMEM;
	r = http_address_check(url, &rule, &refusal, &next);
	if (r < 0)
		return r;
	if (refusal)
		return redirect_refused(transfer, refusal);
	code = set_address(transfer, url, &next);
	if (!code)
		code = drop_headers_unless(transfer, next.origin);
	if (!code)
		code = set_time_left(transfer);
	if (code)
		return code == CURLE_OUT_OF_MEMORY
		               ? -ENOMEM
		               : redirect_refused(transfer, curl_easy_strerror(code));
	transfer->redirect_status = status;
	transfer->dropped = 0;
	transfer->error[0] = '\0';
	return 1;
}
