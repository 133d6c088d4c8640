/* SPDX-License-Identifier: MIT */
/* Sends an answer: whole, cut, without its length, or with a pause in the middle.  A delivery lives
 * as long as the response that reads from it, in the connection's own thread.
 */
#include <string.h>

#include <microhttpd.h>

#include "server.h"

#define BLOCK_BYTES 65536

struct delivery {
	struct sandbox *sandbox;
	char *body;
	struct blob *print;
	const char *bytes; /* of the body or the print; NULL for blanks */
	uint64_t size;     /* of the right body */
	uint64_t declared; /* what Content-Length says */
	uint64_t sent_max; /* what is sent of it */
	bool ends_well;    /* false: the connection breaks where no more is sent */
	uint64_t stall_at;
	int64_t stall_ms;  /* 0 once it is over */
	const char *until; /* the file for which it stops there; NULL once it is over */
};

static void delivery_free(void *context)
{
	struct delivery *delivery = context;

	blob_unref(delivery->print);
	free(delivery->body);
	free(delivery);
}

static bool delivery_stalls(const struct delivery *delivery)
{
	return delivery->stall_ms > 0 || delivery->until;
}

/* The pause in the middle; false where the sandbox stops in the meantime. */
static bool delivery_stall(struct delivery *delivery)
{
	const char *until = TAKE(delivery->until);
	int64_t stall_ms = delivery->stall_ms;

	delivery->stall_ms = 0;
	if (stall_ms > 0 && !serve_wait(delivery->sandbox, stall_ms))
		return false;
	return !until || serve_wait_for(delivery->sandbox, until);
}

static ssize_t delivery_read(void *context, uint64_t at, char *to, size_t room)
{
	struct delivery *delivery = context;
	uint64_t end = delivery->sent_max, part;

	if (delivery_stalls(delivery) && at >= delivery->stall_at) {
		if (!delivery_stall(delivery))
			return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (at >= end)
		return delivery->ends_well ? MHD_CONTENT_READER_END_OF_STREAM
		                           : MHD_CONTENT_READER_END_WITH_ERROR;
	if (delivery_stalls(delivery) && end > delivery->stall_at)
		end = delivery->stall_at;
	part = end - at < room ? end - at : room;
	if (delivery->bytes) {
		memcpy(to, delivery->bytes + at, part);
	} else {
		memset(to, ' ', part);
		if (at == 0)
			to[0] = '{';
	}
	return (ssize_t)part;
}

/* Moves the answer's body into a delivery as its fault wants it. */
static struct delivery *delivery_new(struct sandbox *sandbox, struct answer *answer)
{
	const struct fault *fault = answer->fault;
	struct delivery *delivery = calloc(1, sizeof(*delivery));

	if (!delivery)
		return NULL;
	delivery->sandbox = sandbox;
	delivery->size = answer->blanks != UNSET ? (uint64_t)answer->blanks
	                 : answer->print         ? answer->print->size
	                                         : answer->size;
	delivery->body = TAKE(answer->body);
	delivery->print = TAKE(answer->print);
	delivery->bytes = answer->blanks != UNSET ? NULL
	                  : delivery->print       ? delivery->print->bytes
	                                          : delivery->body;
	delivery->declared = delivery->sent_max = delivery->size;
	delivery->ends_well = true;
	if (!fault)
		return delivery;
	if (fault->truncate != UNSET && (uint64_t)fault->truncate < delivery->size) {
		delivery->sent_max = (uint64_t)fault->truncate;
		delivery->ends_well = false;
	}
	if (fault->truncate_quietly != UNSET && (uint64_t)fault->truncate_quietly < delivery->size)
		delivery->sent_max = delivery->declared = (uint64_t)fault->truncate_quietly;
	if (fault->no_length)
		delivery->declared = MHD_SIZE_UNKNOWN;
	delivery->stall_ms = fault->stall_ms;
	delivery->until = fault->on == REQUEST_DOWNLOAD ? fault->until : NULL;
	delivery->stall_at = delivery->sent_max / 2;
	return delivery;
}

int deliver(struct sandbox *sandbox, struct MHD_Connection *connection, struct answer *answer)
{
	struct delivery *delivery = delivery_new(sandbox, answer);
	struct MHD_Response *response;
	enum MHD_Result result;

	if (!delivery)
		return MHD_NO;
	response = MHD_create_response_from_callback(
	        delivery->declared, BLOCK_BYTES, delivery_read, delivery, delivery_free);
	if (!response) {
		delivery_free(delivery);
		return MHD_NO;
	}
	result = MHD_add_response_header(
	        response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
	if (result == MHD_YES)
		result = MHD_queue_response(connection, answer->http, response);
	MHD_destroy_response(response);
	return result;
}
