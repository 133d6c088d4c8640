/* SPDX-License-Identifier: MIT */
/* A request as the rest of the simulator sees it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <microhttpd.h>

#include "server.h"

#define HOST_BYTES_MAX 255
#define UPLOAD_BODY_MAX ((size_t)112 << 20)
#define OTHER_BODY_MAX ((size_t)1 << 20)

enum request_kind request_kind_of(const struct sandbox *sandbox, const char *path)
{
	const struct route *route = dialect_route(sandbox->dialect, path);

	return route ? route->kind : REQUEST_OTHER;
}

size_t request_body_max(const struct sandbox *sandbox, enum request_kind kind)
{
	if (kind == REQUEST_CREATE)
		return sandbox->dialect->body_max;
	return kind == REQUEST_UPLOAD ? UPLOAD_BODY_MAX : OTHER_BODY_MAX;
}

/* The Host header where it looks like one: it becomes part of addresses. */
static const char *host_check(const char *host)
{
	size_t size = host ? strlen(host) : 0;

	for (size_t i = 0; i < size; i++)
		if (!isalnum((unsigned char)host[i]) && !strchr(".-:[]", host[i]))
			return NULL;
	return size > 0 && size <= HOST_BYTES_MAX ? host : NULL;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* The result that the address names, where the request is about one. */
static void request_find_result(const struct sandbox *sandbox, struct request *request)
{
	const char *url = request->kind == REQUEST_RENEW
	                          ? json_string(json_path(request->json, "url"))
	                          : NULL;

	if (request->kind == REQUEST_DOWNLOAD)
		request->result_known = result_read(request->path, request);
	if (url && address_is_own(sandbox, request, url, &url))
		request->result_known = result_read(url, request);
}

static int body_read(struct request *request)
{
	if (request->body_size == 0)
		return 0;
	if (json_parse(request->body, request->body_size, &request->json, NULL) != 0)
		request->json = NULL;
	if (request->kind == REQUEST_CREATE && request->json)
		return body_slim(request->json, &request->slim);
	return request->kind == REQUEST_UPLOAD ? parcel_read(request, &request->parcel) : 0;
}

int request_read(const struct sandbox *sandbox, struct MHD_Connection *connection, const char *path,
        const char *method, const struct buf *body, bool too_large, struct request *request)
{
	const char *own = header(connection, sandbox->dialect->key_header);
	int r;

	*request = (struct request){
	        .kind = request_kind_of(sandbox, path),
	        .route = dialect_route(sandbox->dialect, path),
	        .method = method,
	        .path = path,
	        .key = own,
	        .has_key = own || header(connection, MHD_HTTP_HEADER_AUTHORIZATION) ||
	                   header(connection, "x-api-key"),
	        .content_type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE),
	        .host = host_check(header(connection, MHD_HTTP_HEADER_HOST)),
	        .user_agent = header(connection, MHD_HTTP_HEADER_USER_AGENT),
	        .body = body->data,
	        .body_size = body->size,
	        .body_too_large = too_large,
	};
	if (request->kind == REQUEST_STATUS)
		request->task =
		        MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "taskId");
	r = body_read(request);
	request_find_result(sandbox, request);
	return r;
}

void request_done(struct request *request)
{
	json_free(request->json);
	json_free(request->slim);
	parcel_done(&request->parcel);
}
