/* SPDX-License-Identifier: MIT */
/* http.h without a network: answers come from a script, by what the URL has in it. */
#pragma once

#include "darkroom/http.h"

#include <stdio.h>
#include <string.h>

/* One answer: for requests whose URL contains `url`, `count` times (0: always). */
struct script_line {
	const char *url;
	enum http_outcome outcome;
	int status;
	const char *body;
	int count;
};

struct http_transfer {
	struct http_transfer *next;
	char *url, *body, *method;
	bool once;
	int sink;
	http_done *done;
	void *context;
};

struct http_client {
	struct http_transfer *first;
	bool woken;
};

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	struct script_line *lines;
	int creates, statuses, downloads;
	bool create_was_once, hold_answers;
	char last_create[4096];
} script = {.mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void script_set(struct script_line *lines)
{
	WITH_LOCK(&script.mutex);
	script.lines = lines;
	script.creates = script.statuses = script.downloads = 0;
	script.hold_answers = false;
	pthread_cond_broadcast(&script.wake);
}

/* While held, requests go out and get no answer. */
static void script_hold(bool hold)
{
	WITH_LOCK(&script.mutex);
	script.hold_answers = hold;
	pthread_cond_broadcast(&script.wake);
}

static int script_creates(void)
{
	WITH_LOCK(&script.mutex);
	return script.creates;
}

static int script_downloads(void)
{
	WITH_LOCK(&script.mutex);
	return script.downloads;
}

int http_client_new(const char *user_agent, struct http_client **ret_client)
{
	(void)user_agent;
	*ret_client = calloc(1, sizeof(**ret_client));
	return *ret_client ? 0 : -ENOMEM;
}

static void transfer_free(struct http_transfer *transfer)
{
	free(transfer->url);
	free(transfer->body);
	free(transfer->method);
	free(transfer);
}

void http_client_free(struct http_client *client)
{
	while (client && client->first) {
		struct http_transfer *transfer = client->first;

		client->first = transfer->next;
		transfer_free(transfer);
	}
	free(client);
}

void http_client_free_p(struct http_client **client)
{
	http_client_free(*client);
	*client = NULL;
}

int http_start(struct http_client *client, const struct http_request *request, http_done *done,
        void *context, struct http_transfer **ret)
{
	struct http_transfer *transfer = calloc(1, sizeof(*transfer)), **at = &client->first;

	if (!transfer)
		return -ENOMEM;
	transfer->url = strdup(request->url);
	transfer->method = strdup(request->method);
	transfer->body = request->body ? strdup(request->body) : NULL;
	transfer->once = request->once;
	transfer->sink = request->sink;
	transfer->done = done;
	transfer->context = context;
	while (*at)
		at = &(*at)->next;
	*at = transfer;
	if (ret)
		*ret = transfer;
	WITH_LOCK(&script.mutex);
	if (strstr(request->url, "createTask")) {
		script.creates++;
		script.create_was_once = request->once;
		snprintf(script.last_create, sizeof(script.last_create), "%s", request->body);
	} else if (strstr(request->url, "recordInfo")) {
		script.statuses++;
	} else if (strstr(request->url, "/picture")) {
		script.downloads++;
	}
	return 0;
}

void http_cancel(struct http_client *client, struct http_transfer *transfer)
{
	struct http_transfer **at = &client->first;

	while (*at && *at != transfer)
		at = &(*at)->next;
	if (*at)
		*at = transfer->next;
	transfer_free(transfer);
}

static struct script_line script_find(const char *url)
{
	struct script_line *line;

	WITH_LOCK(&script.mutex);
	for (line = script.lines; line && line->url; line++) {
		if (!strstr(url, line->url) || line->count < 0)
			continue;
		if (line->count > 0 && --line->count == 0)
			line->count = -1;
		return *line;
	}
	return (struct script_line){.outcome = HTTP_NOT_SENT, .body = ""};
}

/* A script's body of "PICTURE" stands for a whole picture. */
static const unsigned char script_picture[] =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\x9c"
        "\x63\x60\0\0\0\x02\0\1\x48\xaf\xa4\x71\0\0\0\0IEND\xae\x42\x60\x82";

static void answer(struct http_transfer *transfer)
{
	struct script_line line = script_find(transfer->url);
	const char *body = line.body ? line.body : "";
	size_t size = strlen(body);
	struct http_result result = {
	        .outcome = line.outcome,
	        .status = line.status,
	        .error = line.outcome == HTTP_ANSWERED ? "" : "as scripted",
	};

	if (strcmp(body, "PICTURE") == 0) {
		body = (const char *)script_picture;
		size = sizeof(script_picture) - 1;
	}
	if (transfer->sink >= 0 && line.outcome == HTTP_ANSWERED &&
	        write_all(transfer->sink, body, size) < 0)
		result.outcome = HTTP_NO_SPACE;
	result.body = transfer->sink >= 0 ? NULL : body;
	result.size = size;
	transfer->done(transfer->context, &result);
}

int http_run(struct http_client *client, int64_t timeout_ms)
{
	struct timespec until;
	bool held;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	{
		WITH_LOCK(&script.mutex);
		while (!client->woken && (!client->first || script.hold_answers))
			if (pthread_cond_timedwait(&script.wake, &script.mutex, &until) != 0)
				break;
		client->woken = false;
		held = script.hold_answers;
	}
	while (client->first && !held) {
		struct http_transfer *transfer = client->first;

		client->first = transfer->next;
		answer(transfer);
		transfer_free(transfer);
	}
	return 0;
}

void http_wake(struct http_client *client)
{
	WITH_LOCK(&script.mutex);
	client->woken = true;
	pthread_cond_broadcast(&script.wake);
}
