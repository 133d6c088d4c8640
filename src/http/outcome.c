/* SPDX-License-Identifier: MIT */
/* How a transfer's end is put: what it means for the caller, and a phrase for people. */
#include "http-private.h"

#include <stdio.h>
#include <string.h>

static enum http_outcome outcome_of(const struct http_transfer *transfer, CURLcode code)
{
	switch (transfer->fault) {
	case HTTP_FAULT_NONE:
		break;
	case HTTP_FAULT_TOO_LONG:
	case HTTP_FAULT_HEADERS:
		return HTTP_TOO_LONG;
	case HTTP_FAULT_SINK:
		return HTTP_NO_SPACE;
	case HTTP_FAULT_MEMORY:
		return HTTP_LOST;
	case HTTP_FAULT_FILE_SHORT:
	case HTTP_FAULT_FILE_READ:
	case HTTP_FAULT_FILE_REFUSED:
		return HTTP_NO_FILE;
	}
	if (code == CURLE_OK)
		return HTTP_ANSWERED;
	if (code == CURLE_FILESIZE_EXCEEDED)
		return HTTP_TOO_LONG;
	if (transfer->sent)
		return HTTP_LOST;
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return HTTP_BAD_URL;
	return HTTP_NOT_SENT;
}

/* The phrase for people; owned by the caller, NULL without memory. */
static char *phrase_of(const struct http_transfer *transfer, CURLcode code)
{
	char reason[128];
	const char *text = "";

	switch (transfer->fault) {
	case HTTP_FAULT_NONE:
		if (code == CURLE_FILESIZE_EXCEEDED)
			text = "the answer is too long";
		else if (transfer->error[0] && !strstr(transfer->error, "://"))
			text = transfer->error;
		else if (code != CURLE_OK)
			text = curl_easy_strerror(code);
		break;
	case HTTP_FAULT_TOO_LONG:
		text = "the answer is too long";
		break;
	case HTTP_FAULT_HEADERS:
		text = "the answer's headers are too long";
		break;
	case HTTP_FAULT_SINK:
		text = strerror_r(transfer->sink_errno, reason, sizeof(reason));
		break;
	case HTTP_FAULT_MEMORY:
		text = "out of memory";
		break;
	case HTTP_FAULT_FILE_SHORT:
		text = "the file is shorter than it was";
		break;
	case HTTP_FAULT_FILE_READ:
		text = strerror_r(transfer->upload.read_errno, reason, sizeof(reason));
		break;
	case HTTP_FAULT_FILE_REFUSED:
		text = "the upload was stopped";
		break;
	}
	if (code == CURLE_OK)
		text = "";
	return text_line(text, strlen(text), HTTP_ERROR_MAX);
}

/* The connection was refused by http_peer_open, whatever curl makes of it. */
static bool ends_closed(struct http_transfer *transfer)
{
	static const char reason[] = "it leads to an address that is not public";
	char text[HTTP_ERROR_MAX];

	if (!transfer->peer_refused || transfer->peer_tried)
		return false;
	snprintf(text, sizeof(text), "%s%s", transfer->redirects ? "redirect refused: " : "",
	        transfer->reach == HTTP_REACH_LOOPBACK ? "it leads to another machine" : reason);
	return http_transfer_end_early(transfer, HTTP_BAD_URL, text) == 0;
}

void http_transfer_tell(struct http_transfer *transfer, CURLcode code)
{
	CLEANUP(free_p) char *error = phrase_of(transfer, code);
	char *content_type = NULL;
	long status = 0;
	struct http_result result = {.outcome = outcome_of(transfer, code),
	        .size = (size_t)transfer->received,
	        .error = error ? error : curl_easy_strerror(code),
	        .sink_errno = transfer->sink_errno};

	if (code != CURLE_OK && ends_closed(transfer)) {
		http_transfer_tell_ended(transfer);
		return;
	}
	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_TYPE, &content_type);
	result.status = (int)status;
	result.content_type = content_type;
	if (transfer->sink < 0) {
		result.body = transfer->body.data ? transfer->body.data : "";
		result.size = transfer->body.size;
	}
	transfer->done(transfer->context, &result);
}

void http_transfer_tell_ended(struct http_transfer *transfer)
{
	struct http_result result = {.outcome = transfer->ended_outcome,
	        .error = transfer->ended_error ? transfer->ended_error : "it could not be started",
	        .body = transfer->sink < 0 ? "" : NULL};
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	result.status = (int)(status ? status : transfer->redirect_status);
	transfer->done(transfer->context, &result);
}
