/* SPDX-License-Identifier: MIT */
/* Uploads: the form on the wire, taken apart by hand, and all that can go wrong with its file. */
#pragma once

#include "http-client.h"
#include "tap.h"

#define UPLOAD_SIZE 300000
/* More than the buffers of a connection hold. */
#define UPLOAD_LARGE ((off_t)64 << 20)

static const char *const upload_fields[] = {
        "uploadPath", "darkroom", "fileName", "a \"b\" \xc3\xa9", "empty", "", NULL};

/* What `sent` was given. */
struct upload_seen {
	char bytes[UPLOAD_SIZE + 1];
	size_t size, refuse_at;
};

static int upload_sent(void *context, const void *bytes, size_t size)
{
	struct upload_seen *seen = context;

	if (size <= sizeof(seen->bytes) - seen->size && seen->size < sizeof(seen->bytes))
		memcpy(seen->bytes + seen->size, bytes, size);
	seen->size += size;
	return seen->refuse_at && seen->size >= seen->refuse_at ? -ECANCELED : 0;
}

/* A file whose every position has bytes of its own. */
static int upload_file(char bytes[static UPLOAD_SIZE])
{
	int fd = open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	uint32_t number;
	size_t i;

	for (i = 0; i + sizeof(number) <= UPLOAD_SIZE; i += sizeof(number)) {
		number = htonl((uint32_t)i * 2654435761u);
		memcpy(bytes + i, &number, sizeof(number));
	}
	if (fd < 0 || write_all(fd, bytes, UPLOAD_SIZE) < 0)
		die("file");
	return fd;
}

static struct http_upload upload_of(int fd, int64_t size, struct upload_seen *seen)
{
	*seen = (struct upload_seen){.size = 0};
	return (struct http_upload){.fields = upload_fields,
	        .file_field = "file",
	        .file_name = "lamp.png",
	        .file_type = "image/png",
	        .fd = fd,
	        .size = size,
	        .sent = upload_sent,
	        .context = seen};
}

static struct http_request upload_request(const char *url, const struct http_upload *upload)
{
	struct http_request request = get(url);

	request.method = "POST";
	request.upload = upload;
	return request;
}

/* ---- the form on the wire ---- */

struct wire {
	const char *at;
	size_t size;
};

/* Takes the text off the front of the bytes. */
static bool wire_take(struct wire *wire, const char *text)
{
	size_t size = strlen(text);

	if (wire->size < size || memcmp(wire->at, text, size) != 0) {
		printf("# expected: %s\n# got: %.*s\n", text,
		        (int)(wire->size < 200 ? wire->size : 200), wire->at);
		return false;
	}
	wire->at += size;
	wire->size -= size;
	return true;
}

static bool wire_field(struct wire *wire, const char *boundary, const char *name, const char *value)
{
	char text[500];

	snprintf(text, sizeof(text),
	        "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary, name,
	        value);
	return wire_take(wire, text);
}

/* The whole body, from the first boundary to the last. */
static bool wire_form(struct wire *wire, const char *boundary, const char *bytes, size_t size)
{
	char text[500];
	size_t i;

	for (i = 0; upload_fields[i]; i += 2) {
		if (!wire_field(wire, boundary, upload_fields[i], upload_fields[i + 1]))
			return false;
	}
	snprintf(text, sizeof(text),
	        "--%s\r\nContent-Disposition: form-data; name=\"file\"; "
	        "filename=\"lamp.png\"\r\nContent-Type: image/png\r\n\r\n",
	        boundary);
	if (!wire_take(wire, text) || wire->size < size || memcmp(wire->at, bytes, size) != 0)
		return false;
	wire->at += size;
	wire->size -= size;
	snprintf(text, sizeof(text), "\r\n--%s--\r\n", boundary);
	return wire_take(wire, text) && wire->size == 0;
}

/* Whether the server's last request is the form with these bytes of the file, of the length that
 * its headers say. */
static bool upload_arrived(struct server *server, const char *bytes, size_t size)
{
	static const char type[] = "content-type: multipart/form-data; boundary=";
	char boundary[100] = "", length[100];
	const char *found, *end;
	struct wire wire;

	WITH_LOCK(&server->mutex);
	end = memmem(server->last, server->last_size, "\r\n\r\n", 4);
	found = strcasestr(server->last, type);
	if (!end || !found || found > end ||
	        sscanf(found + sizeof(type) - 1, "%99[^\r;]", boundary) != 1)
		return false;
	wire.at = end + 4;
	wire.size = server->last_size - (size_t)(wire.at - server->last);
	snprintf(length, sizeof(length), "\r\nContent-Length: %zu\r\n", wire.size);
	found = strcasestr(server->last, length);
	return found && found < end && wire_form(&wire, boundary, bytes, size);
}

static void test_upload_form(const char *bytes, int fd)
{
	static const char *const headers[] = {"X-Key: secret", NULL};
	SERVER(server, {PLAIN, KEEP});
	CLIENT(client);
	static struct upload_seen seen;
	struct http_upload upload = upload_of(fd, UPLOAD_SIZE, &seen);
	struct http_request request = upload_request(server->url, &upload);
	struct got got;

	request.headers = headers;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 200);
	OK_TEXT(got.body, "hello");
	OK(server_got(server, "POST / HTTP/1.1\r\n") && server_got(server, "X-Key: secret\r\n"));
	OK(!server_got(server, "Expect:") && !server_got(server, "Transfer-Encoding"));
	OK(upload_arrived(server, bytes, UPLOAD_SIZE));
	OK(seen.size == UPLOAD_SIZE && memcmp(seen.bytes, bytes, UPLOAD_SIZE) == 0);
	/* The file has grown since its size was taken; and nobody looks at the bytes. */
	upload = upload_of(fd, UPLOAD_SIZE / 2 + 1, &seen);
	upload.sent = NULL;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && upload_arrived(server, bytes, UPLOAD_SIZE / 2 + 1));
	upload = upload_of(fd, 0, &seen);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && upload_arrived(server, bytes, 0) && seen.size == 0);
	OK(atomic_load(&server->requests) == 3);
}

/* ---- the file ---- */

static void test_upload_no_file(const char *bytes, int fd)
{
	SERVER(server, {PLAIN, KEEP});
	CLIENT(client);
	CLEANUP(close_p) int unreadable = open("/tmp", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	static struct upload_seen seen;
	struct http_upload upload = upload_of(fd, UPLOAD_SIZE + 1, &seen);
	struct http_request request = upload_request(server->url, &upload);
	struct got got = fetch(client, &request);

	OK(got.outcome == HTTP_NO_FILE && got.status == 0);
	OK_TEXT(got.error, "the file is shorter than it was");
	OK(seen.size == UPLOAD_SIZE);
	upload = upload_of(unreadable, UPLOAD_SIZE, &seen);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NO_FILE && seen.size == 0);
	OK_TEXT(got.error, strerror(EBADF));
	upload = upload_of(fd, UPLOAD_SIZE, &seen);
	seen.refuse_at = 100000;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NO_FILE && seen.size >= 100000 && seen.size < UPLOAD_SIZE);
	OK_TEXT(got.error, "the upload was stopped");
	upload = upload_of(fd, -1, &seen);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NO_FILE && got.error[0]);
	OK(atomic_load(&server->requests) == 0);
	/* The client goes on. */
	upload = upload_of(fd, UPLOAD_SIZE, &seen);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && upload_arrived(server, bytes, UPLOAD_SIZE));
}

/* ---- the server ---- */

/* No answer makes the form leave a second time or elsewhere. */
static void test_upload_once(const char *bytes, int fd)
{
	static char away[200];
	SERVER(other, {PLAIN, KEEP});
	SERVER(server, {PLAIN, KEEP}, {away, KEEP},
	        {"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: "
	         "0\r\n\r\n",
	                KEEP},
	        {"HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n", KEEP}, {PLAIN, KEEP},
	        {NULL, CLOSE}, {PLAIN, KEEP});
	static const int statuses[] = {307, 401, 417};
	CLIENT(client);
	static struct upload_seen seen;
	struct http_upload upload = upload_of(fd, UPLOAD_SIZE, &seen);
	struct http_request request = upload_request(server->url, &upload);
	struct http_request plain = get(server->url);
	unsigned connections;
	struct got got;
	size_t i;

	snprintf(away, sizeof(away), "HTTP/1.1 307 A\r\nLocation: %sx\r\nContent-Length: 0\r\n\r\n",
	        other->url);
	request.follow = true;
	got = fetch(client, &plain);
	OK(got.outcome == HTTP_ANSWERED);
	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		upload = upload_of(fd, UPLOAD_SIZE, &seen);
		got = fetch(client, &request);
		OK(got.outcome == HTTP_ANSWERED && got.status == statuses[i]);
		OK(atomic_load(&server->requests) == 2 + i && seen.size == UPLOAD_SIZE);
		OK(upload_arrived(server, bytes, UPLOAD_SIZE));
	}
	OK(atomic_load(&other->connections) == 0);
	/* Each on a connection of its own, which nobody has closed meanwhile. */
	OK(atomic_load(&server->connections) == 1 + ARRAY_SIZE(statuses));
	/* Closed without an answer, where a connection that is still open could have been used. */
	got = fetch(client, &plain);
	OK(got.outcome == HTTP_ANSWERED);
	connections = atomic_load(&server->connections);
	upload = upload_of(fd, UPLOAD_SIZE, &seen);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_LOST && got.status == 0);
	OK(atomic_load(&server->connections) == connections + 1);
	OK(atomic_load(&server->requests) == 6);
}

/* The server reads a part of a large file only. */
static void test_upload_early(void)
{
	SERVER(server, {"HTTP/1.1 413 Large\r\nContent-Length: 5\r\n\r\nhello", HANG, 0, 100000},
	        {NULL, CLOSE, 0, 100000}, {NULL, HANG, 0, 100000}, {NULL, HANG, 0, 100000});
	CLIENT(client);
	CLEANUP(close_p) int fd = open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	static struct upload_seen seen;
	struct http_upload upload = upload_of(fd, UPLOAD_LARGE, &seen);
	struct http_request request = upload_request(server->url, &upload);
	struct got got;

	if (fd < 0 || ftruncate(fd, UPLOAD_LARGE) < 0)
		die("file");
	/* A refusal ends it, and the rest of the file does not leave. */
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 413);
	OK_TEXT(got.body, "hello");
	OK((off_t)seen.size < UPLOAD_LARGE);
	upload = upload_of(fd, UPLOAD_LARGE, &seen);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_LOST && got.status == 0 && got.error[0]);
	OK((off_t)seen.size < UPLOAD_LARGE && atomic_load(&server->connections) == 2);
	/* Neither read nor answered. */
	upload = upload_of(fd, UPLOAD_LARGE, &seen);
	request.timeout_ms = 300;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_LOST && (off_t)seen.size < UPLOAD_LARGE);
	upload = upload_of(fd, UPLOAD_LARGE, &seen);
	request.timeout_ms = 0;
	request.stall_ms = 100;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_LOST && (off_t)seen.size < UPLOAD_LARGE);
	OK(atomic_load(&server->requests) == 4);
}

static void test_upload_not_sent(int fd)
{
	CLIENT(client);
	static struct upload_seen seen;
	struct http_upload upload = upload_of(fd, UPLOAD_SIZE, &seen);
	struct http_request request = upload_request("http://127.0.0.1:1/", &upload);
	struct got got = fetch(client, &request);

	OK(got.outcome == HTTP_NOT_SENT && seen.size == 0);
	request.url = "http://example.com/";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL && seen.size == 0);
}

static void test_upload_cancel(int fd)
{
	SERVER(server, {NULL, HANG, 0, 100});
	CLIENT(client);
	static struct upload_seen seen;
	struct http_upload upload = upload_of(fd, UPLOAD_SIZE, &seen);
	struct http_request request = upload_request(server->url, &upload);
	struct http_transfer *transfer = NULL;
	struct got got = {0};
	int i;

	OK(http_start(client, &request, on_done, &got, &transfer) == 0);
	for (i = 0; i < 1000 && !atomic_load(&server->requests); i++) {
		if (http_run(client, 10) != 0)
			break;
	}
	OK(atomic_load(&server->requests) == 1);
	http_cancel(client, transfer);
	/* Left for http_client_free to end. */
	OK(http_start(client, &request, on_done, &got, NULL) == 0);
	OK(http_run(client, 0) == 0 && got.calls == 0);
}

static void test_upload(void)
{
	static char bytes[UPLOAD_SIZE];
	CLEANUP(close_p) int fd = upload_file(bytes);

	test_upload_form(bytes, fd);
	test_upload_no_file(bytes, fd);
	test_upload_once(bytes, fd);
	test_upload_early();
	test_upload_not_sent(fd);
	test_upload_cancel(fd);
}
