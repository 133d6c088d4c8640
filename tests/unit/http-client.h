/* SPDX-License-Identifier: MIT */
/* A client, requests for it, and what came of one. */
#pragma once

#include "darkroom/http.h"
#include "http-server.h"

struct got {
	int calls;
	enum http_outcome outcome;
	int status;
	char body[4096];
	bool body_null;
	size_t size;
	char type[64];
	char error[256];
	int sink_errno;
};

static void on_done(void *context, const struct http_result *result)
{
	struct got *got = context;

	got->calls++;
	got->outcome = result->outcome;
	got->status = result->status;
	got->size = result->size;
	got->body_null = !result->body;
	snprintf(got->body, sizeof(got->body), "%s", result->body ? result->body : "");
	snprintf(got->type, sizeof(got->type), "%s",
	        result->content_type ? result->content_type : "");
	snprintf(got->error, sizeof(got->error), "%s", result->error);
	got->sink_errno = result->sink_errno;
}

static struct http_client *client_new(void)
{
	struct http_client *client = NULL;

	if (http_client_new("darkroom-test/1", &client) < 0)
		die("http_client_new");
	return client;
}

static struct http_request get(const char *url)
{
	return (struct http_request){.method = "GET",
	        .url = url,
	        .timeout_ms = 20000,
	        .body_max = 4000,
	        .sink = -1,
	        .allow_loopback_http = true};
}

static struct http_request post_once(const char *url)
{
	struct http_request request = get(url);

	request.method = "POST";
	request.body = "{\"prompt\":\"a lamp\"}";
	request.once = true;
	return request;
}

static void run_until(struct http_client *client, const int *calls)
{
	int i, r = 0;

	for (i = 0; i < 1000 && !*calls && r == 0; i++)
		r = http_run(client, 1000);
	if (r != 0 || !*calls)
		printf("# the client did not get there: %d\n", r);
}

/* Starts the request and runs until it ended. */
static struct got fetch(struct http_client *client, const struct http_request *request)
{
	struct got got = {0};

	if (http_start(client, request, on_done, &got, NULL) < 0)
		die("http_start");
	if (got.calls)
		die("done was called by http_start");
	run_until(client, &got.calls);
	return got;
}

#define CLIENT(name) CLEANUP(http_client_free_p) struct http_client *name = client_new()

#define PLAIN "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
