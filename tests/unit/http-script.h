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
	/* An upload: */
	bool is_upload;
	int fd;
	int64_t size, left;
	int (*sent)(void *context, const void *bytes, size_t size);
	void *sent_context;
};

struct http_client {
	struct http_transfer *first;
	bool woken;
};

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	struct script_line *lines;
	struct http_client *client;
	int creates, statuses, downloads, balances;
	int endless; /* requests without a limit to their time */
	bool create_was_once, hold_answers;
	const char *hold_url; /* only such requests get no answer */
	char last_create[4096];
	char last_authorization[128]; /* of a createTask */
	int uploads, uploads_now, uploads_most, cancels;
	int64_t upload_first;   /* so many bytes of each upload leave while answers are held */
	char last_upload[1024]; /* name and value of each part, then the file's */
} script = {.mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void script_set(struct script_line *lines)
{
	WITH_LOCK(&script.mutex);
	script.lines = lines;
	script.creates = script.statuses = script.downloads = script.endless = 0;
	script.balances = 0;
	script.uploads = script.uploads_now = script.uploads_most = script.cancels = 0;
	script.hold_answers = false;
	script.hold_url = NULL;
	pthread_cond_broadcast(&script.wake);
}

/* While held, requests go out and get no answer. */
static void script_hold(bool hold)
{
	WITH_LOCK(&script.mutex);
	script.hold_answers = hold;
	pthread_cond_broadcast(&script.wake);
}

/* The same for requests whose URL contains this; NULL: none. */
static void script_hold_only(const char *url)
{
	WITH_LOCK(&script.mutex);
	script.hold_url = url;
	pthread_cond_broadcast(&script.wake);
}

static int script_creates(void)
{
	WITH_LOCK(&script.mutex);
	return script.creates;
}

static bool script_authorized(const char *with)
{
	WITH_LOCK(&script.mutex);
	return strcmp(script.last_authorization, with) == 0;
}

static int script_balances(void)
{
	WITH_LOCK(&script.mutex);
	return script.balances;
}

static int script_uploads(void)
{
	WITH_LOCK(&script.mutex);
	return script.uploads;
}

static int script_uploads_now(void)
{
	WITH_LOCK(&script.mutex);
	return script.uploads_now;
}

static int script_uploads_most(void)
{
	WITH_LOCK(&script.mutex);
	return script.uploads_most;
}

static int script_cancels(void)
{
	WITH_LOCK(&script.mutex);
	return script.cancels;
}

/* Of each upload that begins while answers are held, so many bytes leave. */
static void script_upload_first(int64_t bytes)
{
	WITH_LOCK(&script.mutex);
	script.upload_first = bytes;
}

static void script_last_upload(char text[static 1024])
{
	WITH_LOCK(&script.mutex);
	memcpy(text, script.last_upload, sizeof(script.last_upload));
}

/* The test has changed the time. */
static void script_wake(void)
{
	WITH_LOCK(&script.mutex);
	if (script.client)
		script.client->woken = true;
	pthread_cond_broadcast(&script.wake);
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
	WITH_LOCK(&script.mutex);
	script.client = *ret_client;
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
	{
		WITH_LOCK(&script.mutex);
		if (script.client == client)
			script.client = NULL;
		script.uploads_now = 0;
	}
	free(client);
}

void http_client_free_p(struct http_client **client)
{
	http_client_free(*client);
	*client = NULL;
}

/* With the mutex held. */
static void upload_note(struct http_transfer *transfer, const struct http_upload *upload)
{
	size_t at = 0, i;

	transfer->is_upload = true;
	transfer->fd = upload->fd;
	transfer->size = transfer->left = upload->size;
	transfer->sent = upload->sent;
	transfer->sent_context = upload->context;
	script.uploads++;
	if (++script.uploads_now > script.uploads_most)
		script.uploads_most = script.uploads_now;
	for (i = 0; upload->fields[i]; i++)
		at += (size_t)snprintf(script.last_upload + at, sizeof(script.last_upload) - at,
		        "%s ", upload->fields[i]);
	snprintf(script.last_upload + at, sizeof(script.last_upload) - at, "%s %s %s %lld",
	        upload->file_field, upload->file_name, upload->file_type, (long long)upload->size);
}

/* Lets more of the file leave; false where it does not have so many bytes, or may not. */
static bool upload_send(struct http_transfer *transfer, int64_t bytes)
{
	char chunk[1000];

	while (bytes > 0 && transfer->left > 0) {
		size_t size = sizeof(chunk);
		ssize_t got;

		if ((int64_t)size > bytes)
			size = (size_t)bytes;
		if ((int64_t)size > transfer->left)
			size = (size_t)transfer->left;
		got = pread(transfer->fd, chunk, size, transfer->size - transfer->left);
		if (got <= 0 || transfer->sent(transfer->sent_context, chunk, (size_t)got) != 0)
			return false;
		transfer->left -= got;
		bytes -= got;
	}
	return true;
}

/* With the mutex held. */
static void note_authorization(const char *const *headers)
{
	script.last_authorization[0] = '\0';
	for (; headers && *headers; headers++)
		if (strncmp(*headers, "Authorization: ", 15) == 0)
			snprintf(script.last_authorization, sizeof(script.last_authorization), "%s",
			        *headers + 15);
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
	if (request->timeout_ms <= 0)
		script.endless++;
	if (request->upload)
		upload_note(transfer, request->upload);
	if (strstr(request->url, "createTask")) {
		script.creates++;
		script.create_was_once = request->once;
		snprintf(script.last_create, sizeof(script.last_create), "%s", request->body);
		note_authorization(request->headers);
	} else if (strstr(request->url, "chat/credit")) {
		script.balances++;
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
	{
		WITH_LOCK(&script.mutex);
		script.cancels++;
		if (transfer->is_upload)
			script.uploads_now--;
	}
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

/* A script's body of "PICTURE" stands for a whole picture, and with a letter after it for another
 * one. */
static const unsigned char script_picture[] =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\x9c"
        "\x63\x60\0\0\0\x02\0\1\x48\xaf\xa4\x71\0\0\0\0IEND\xae\x42\x60\x82";

#define SCRIPT_END 12 /* bytes of the chunk IEND */

struct script_other_picture {
	unsigned char bytes[sizeof(script_picture) - 1 + 13];
};

static struct script_other_picture script_other_picture(char letter)
{
	struct script_other_picture picture;
	const size_t before = sizeof(script_picture) - 1 - SCRIPT_END;

	memcpy(picture.bytes, script_picture, before);
	memcpy(picture.bytes + before, "\0\0\0\1prVt?\0\0\0", 13);
	picture.bytes[before + 8] = (unsigned char)letter;
	memcpy(picture.bytes + before + 13, script_picture + before, SCRIPT_END);
	return picture;
}

static void answer(struct http_transfer *transfer)
{
	struct script_other_picture other;
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
	} else if (strncmp(body, "PICTURE", 7) == 0) {
		other = script_other_picture(body[7]);
		body = (const char *)other.bytes;
		size = sizeof(other.bytes);
	}
	/* A refusal comes before all was read. */
	if (transfer->is_upload && line.outcome != HTTP_NOT_SENT && line.status < 400 &&
	        !upload_send(transfer, transfer->left))
		result.outcome = HTTP_NO_FILE;
	if (transfer->is_upload) {
		WITH_LOCK(&script.mutex);
		script.uploads_now--;
	}
	if (transfer->sink >= 0 && line.outcome == HTTP_ANSWERED &&
	        write_all(transfer->sink, body, size) < 0)
		result.outcome = HTTP_NO_SPACE;
	result.body = transfer->sink >= 0 ? NULL : body;
	result.size = size;
	transfer->done(transfer->context, &result);
}

static void uploads_begin(struct http_client *client)
{
	struct http_transfer *transfer;
	int64_t first;

	{
		WITH_LOCK(&script.mutex);
		first = script.hold_answers ? script.upload_first : 0;
	}
	for (transfer = client->first; transfer; transfer = transfer->next)
		if (transfer->is_upload && transfer->left == transfer->size)
			(void)!upload_send(transfer, first);
}

/* Where the first request is that gets an answer now.  With the mutex held. */
static struct http_transfer **answerable(struct http_client *client)
{
	struct http_transfer **at = &client->first;

	if (script.hold_answers)
		return NULL;
	while (*at && script.hold_url && strstr((*at)->url, script.hold_url))
		at = &(*at)->next;
	return *at ? at : NULL;
}

static struct http_transfer *take_answerable(struct http_client *client)
{
	struct http_transfer **at, *transfer;

	WITH_LOCK(&script.mutex);
	at = answerable(client);
	if (!at)
		return NULL;
	transfer = *at;
	*at = transfer->next;
	return transfer;
}

int http_run(struct http_client *client, int64_t timeout_ms)
{
	struct http_transfer *transfer;
	struct timespec until;

	uploads_begin(client);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	{
		WITH_LOCK(&script.mutex);
		while (!client->woken && !answerable(client))
			if (pthread_cond_timedwait(&script.wake, &script.mutex, &until) != 0)
				break;
		client->woken = false;
	}
	while ((transfer = take_answerable(client))) {
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
