/* SPDX-License-Identifier: MIT */
#include "darkroom/http.h"
#include "http-client.h"
#include "http-reach.h"
#include "http-server.h"
#include "http-upload.h"
#include "tap.h"

/* ---- the cases ---- */

static void test_answers(void)
{
	SERVER(server, {PLAIN, KEEP},
	        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	         "4\r\ndark\r\n4\r\nroom\r\n0\r\n\r\n",
	                KEEP},
	        {"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone", KEEP},
	        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", KEEP},
	        {"HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\nuntil the end", CLOSE});
	CLIENT(client);
	static const char *const headers[] = {
	        "X-Key: secret", "Content-Type: application/json", NULL};
	struct http_request request = get(server->url);
	struct got got = fetch(client, &request);

	OK(got.outcome == HTTP_ANSWERED && got.status == 200 && got.size == 5);
	OK_TEXT(got.body, "hello");
	OK_TEXT(got.type, "text/plain");
	OK_TEXT(got.error, "");
	OK(server_got(server, "GET / HTTP/1.1\r\n"));
	OK(server_got(server, "\r\nUser-Agent: darkroom-test/1\r\n"));
	OK(server_got(server, "\r\nAccept-Encoding: gzip\r\n"));
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED);
	OK_TEXT(got.body, "darkroom");
	request.headers = headers;
	request.method = "POST";
	request.body = "{}";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 404);
	OK_TEXT(got.body, "none");
	OK(server_got(server, "POST / HTTP/1.1\r\n") && server_got(server, "\r\n\r\n{}"));
	OK(server_got(server, "\r\nX-Key: secret\r\n"));
	OK(server_got(server, "\r\nContent-Type: application/json\r\n"));
	OK(!server_got(server, "Expect:") && !server_got(server, "urlencoded"));
	OK(atomic_load(&server->connections) == 1);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.size == 0 && !got.body_null);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 503);
	OK_TEXT(got.body, "until the end");
	OK(atomic_load(&server->requests) == 5);
}

static void test_methods(void)
{
	SERVER(server, {PLAIN, KEEP}, {PLAIN, KEEP},
	        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", KEEP});
	CLIENT(client);
	struct http_request request = get(server->url);
	struct got got;

	request.method = "POST";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && server_got(server, "POST / "));
	OK(server_got(server, "Content-Length: 0\r\n"));
	request.method = "DELETE";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && server_got(server, "DELETE / "));
	request.method = "HEAD";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.size == 0 && server_got(server, "HEAD / "));
}

static void test_gzip(void)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: "
	                           "close\r\n\r\n";
	/* "darkroom darkroom darkroom", and a thousand zeros */
	static const unsigned char words[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
	        0x03, 0x4b, 0x49, 0x2c, 0xca, 0x2e, 0xca, 0xcf, 0xcf, 0x55, 0x48, 0x41, 0x67, 0x00,
	        0x00, 0xd2, 0xee, 0x04, 0x4a, 0x1a, 0x00, 0x00, 0x00};
	static const unsigned char zeros[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
	        0x03, 0x63, 0x60, 0x18, 0x05, 0xa3, 0x60, 0x14, 0x0c, 0x77, 0x00, 0x00, 0x80, 0x17,
	        0x0b, 0x06, 0xe8, 0x03, 0x00, 0x00};
	char first[256], second[256];
	struct answer answers[3] = {{first, CLOSE, sizeof(head) - 1 + sizeof(words)},
	        {second, CLOSE, sizeof(head) - 1 + sizeof(zeros)}, {PLAIN, CLOSE, 0}};
	CLIENT(client);
	CLEANUP(server_free_p) struct server *server = server_new(answers, 3, false);
	CLEANUP(close_p) int sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct http_request request = get(server->url);
	struct got got;

	memcpy(first, head, sizeof(head) - 1);
	memcpy(first + sizeof(head) - 1, words, sizeof(words));
	memcpy(second, head, sizeof(head) - 1);
	memcpy(second + sizeof(head) - 1, zeros, sizeof(zeros));
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED);
	OK_TEXT(got.body, "darkroom darkroom darkroom");
	request.body_max = 999;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_TOO_LONG);
	request.sink = sink;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && !server_got(server, "Accept-Encoding"));
}

static void test_lost(void)
{
	SERVER(server, {NULL, CLOSE}, {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell", CLOSE},
	        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nda", CLOSE},
	        {"HTTP/1.1 200 O", CLOSE}, {"SMTP\r\n", CLOSE},
	        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell", HANG}, {NULL, HANG});
	static const int statuses[] = {0, 200, 200, 0, 0, 200, 0};
	CLIENT(client);
	struct http_request request = post_once(server->url);
	size_t i;

	request.timeout_ms = 500;
	for (i = 0; i < ARRAY_SIZE(server_answers); i++) {
		struct got got = fetch(client, &request);
		char name[300];

		snprintf(name, sizeof(name), "answer %zu is lost: %d, status %d, %s", i,
		        got.outcome, got.status, got.error);
		OK_NAMED(got.outcome == HTTP_LOST && got.error[0] && !strstr(got.error, "://") &&
		                 (got.status == statuses[i] || i == 3),
		        name);
	}
	OK(atomic_load(&server->requests) == ARRAY_SIZE(server_answers));
	OK(atomic_load(&server->connections) == ARRAY_SIZE(server_answers));
}

static void test_close_on_accept(void)
{
	CLEANUP(server_free_p) struct server *server = server_new(NULL, 0, true);
	CLIENT(client);
	struct http_request request = post_once(server->url);
	struct got got = fetch(client, &request);

	OK(got.outcome == HTTP_LOST && got.status == 0);
	OK(atomic_load(&server->connections) == 1);
}

static void test_once(void)
{
	/* The server closes when the second request comes. */
	SERVER(once, {PLAIN, KEEP}, {NULL, CLOSE}, {PLAIN, KEEP});
	SERVER(more, {PLAIN, KEEP}, {NULL, CLOSE}, {PLAIN, KEEP});
	SERVER(wish, {"HTTP/1.1 302 Found\r\nLocation: /2\r\nContent-Length: 0\r\n\r\n", KEEP},
	        {"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: "
	         "0\r\n\r\n",
	                KEEP},
	        {"HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n", KEEP},
	        {"HTTP/1.1 408 Slow\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", CLOSE},
	        {"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n", KEEP});
	static const int statuses[] = {302, 401, 417, 408, 503};
	CLIENT(client);
	struct http_request first = get(once->url), paid = post_once(once->url);
	struct got got = fetch(client, &first);
	size_t i;

	OK(got.outcome == HTTP_ANSWERED);
	got = fetch(client, &paid);
	OK(got.outcome == HTTP_LOST);
	OK(atomic_load(&once->requests) == 2 && atomic_load(&once->connections) == 2);
	/* Without `once` curl does repeat it: the case above is a real one. */
	first = get(more->url);
	paid = post_once(more->url);
	paid.once = false;
	got = fetch(client, &first);
	OK(got.outcome == HTTP_ANSWERED);
	got = fetch(client, &paid);
	OK(got.outcome == HTTP_ANSWERED && atomic_load(&more->requests) == 3);
	/* No answer makes it come again. */
	paid = post_once(wish->url);
	paid.follow = true;
	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		got = fetch(client, &paid);
		OK(got.outcome == HTTP_ANSWERED && got.status == statuses[i]);
		OK(atomic_load(&wish->requests) == i + 1);
	}
	/* A large body is sent without waiting to be asked for. */
	{
		static char large[5000];

		memset(large, 'x', sizeof(large) - 1);
		paid.body = large;
		got = fetch(client, &paid);
		OK(got.outcome == HTTP_ANSWERED && !server_got(wish, "Expect"));
	}
}

/* A port that nobody listens on, for as long as the descriptor is open. */
static int refused_port(int *ret_port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		die("bind");
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static void test_not_sent(void)
{
	SERVER(server, {"no TLS here\r\n", CLOSE});
	CLIENT(client);
	char url[100], proxy[100];
	int port;
	CLEANUP(close_p) int refused = refused_port(&port);
	struct http_request request;
	struct got got;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/path?key=secret", port);
	request = post_once(url);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT && got.status == 0);
	OK(got.error[0] && !strstr(got.error, "secret") && !strstr(got.error, "://"));
	/* A name that does not resolve, or of which nothing is heard in time. */
	unsetenv("https_proxy");
	unsetenv("all_proxy");
	request = post_once("https://nowhere.invalid/");
	request.timeout_ms = 300;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT);
	setenv("all_proxy", "http://127.0.0.1:1/", 1);
	/* A server that answers the TLS greeting with something else. */
	snprintf(url, sizeof(url), "https%s", server->url + 4);
	request = post_once(url);
	request.timeout_ms = 300;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT);
	OK(atomic_load(&server->requests) == 0);
	/* A proxy of the environment is used for other hosts, and refuses the connection. */
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d/", port);
	setenv("https_proxy", proxy, 1);
	request = post_once("https://darkroom.invalid/");
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT && strstr(got.error, "127.0.0.1"));
	setenv("https_proxy", "http://127.0.0.1:1/", 1);
}

static void test_proxy_refuses(void)
{
	SERVER(server, {"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", KEEP});
	CLIENT(client);
	struct http_request request = post_once("https://darkroom.invalid/");
	struct got got;

	setenv("https_proxy", server->url, 1);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT);
	OK(server_got(server, "CONNECT darkroom.invalid:443") && !server_got(server, "a lamp"));
	setenv("https_proxy", "http://127.0.0.1:1/", 1);
}

/* A listener whose queue is full leaves further connections unanswered. */
static void test_timeouts(void)
{
	SERVER(server, {NULL, HANG});
	CLIENT(client);
	char url[100];
	int port, fill[4];
	CLEANUP(close_p) int full = listen_somewhere(0, &port);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct http_request request;
	struct got got;
	size_t i;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (i = 0; i < ARRAY_SIZE(fill); i++) {
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (connect(fill[i], (struct sockaddr *)&address, sizeof(address)) < 0 &&
		        errno != EINPROGRESS)
			die("connect");
	}
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	request = post_once(url);
	request.timeout_ms = 300;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NOT_SENT);
	for (i = 0; i < ARRAY_SIZE(fill); i++)
		close(fill[i]);

	request = post_once(server->url);
	request.timeout_ms = 300;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_LOST && atomic_load(&server->requests) == 1);
	request.timeout_ms = 0;
	request.stall_ms = 100;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_LOST && atomic_load(&server->requests) == 2);
}

static void test_too_long(void)
{
	static char headers[400 << 10];
	SERVER(server, {PLAIN, KEEP}, {PLAIN, KEEP},
	        {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", CLOSE},
	        {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", CLOSE}, {PLAIN, KEEP},
	        {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", CLOSE}, {headers, CLOSE});
	static const struct {
		int64_t max;
		enum http_outcome outcome;
	} cases[] = {{5, HTTP_ANSWERED}, {4, HTTP_TOO_LONG}, {5, HTTP_ANSWERED}, {4, HTTP_TOO_LONG},
	        {0, HTTP_TOO_LONG}, {0, HTTP_ANSWERED}, {5, HTTP_TOO_LONG}};
	CLIENT(client);
	struct http_request request = get(server->url);
	size_t i, size;

	size = (size_t)snprintf(headers, sizeof(headers), "HTTP/1.1 200 OK\r\n");
	while (size < sizeof(headers) - 100)
		size += (size_t)snprintf(
		        headers + size, sizeof(headers) - size, "X-Y: %064d\r\n", 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct got got;
		char name[300];

		request.body_max = cases[i].max;
		got = fetch(client, &request);
		snprintf(name, sizeof(name), "length %zu: outcome %d, %s", i, got.outcome,
		        got.error);
		OK_NAMED(got.outcome == cases[i].outcome &&
		                 !got.error[0] == (got.outcome == HTTP_ANSWERED),
		        name);
	}
}

static void test_redirects(void)
{
	static char away[200];
	SERVER(other, {PLAIN, KEEP});
	SERVER(server, {"HTTP/1.1 301 A\r\nLocation: /b\r\nContent-Length: 3\r\n\r\nbye", KEEP},
	        {PLAIN, KEEP}, {away, KEEP},
	        {"HTTP/1.1 302 A\r\nContent-Length: 3\r\n\r\nbye", KEEP},
	        {"HTTP/1.1 302 A\r\nLocation: /c\r\nContent-Length: 0\r\n\r\n", KEEP});
	static const char *const headers[] = {"X-Key: secret", NULL};
	CLIENT(client);
	struct http_request request = get(server->url);
	struct got got;

	snprintf(away, sizeof(away), "HTTP/1.1 307 A\r\nLocation: %sx\r\nContent-Length: 0\r\n\r\n",
	        other->url);
	request.follow = true;
	request.headers = headers;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 200);
	OK_TEXT(got.body, "hello");
	OK(server_got(server, "GET /b ") && server_got(server, "X-Key"));
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 200);
	OK(server_got(other, "GET /x ") && !server_got(other, "X-Key"));
	/* One that leads nowhere. */
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 302 && got.size == 0);
	/* A ring. */
	got = fetch(client, &request);
	OK(got.outcome == HTTP_BAD_URL && got.status == 302);
	OK_TEXT(got.error, "redirect refused: there were too many");
	OK(atomic_load(&server->requests) == 4 + 1 + HTTP_REDIRECTS_MAX);
	/* Not followed without being asked to, nor with a body. */
	request.follow = false;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 302);
	request.follow = true;
	request.method = "POST";
	request.body = "x";
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 302);
}

static void test_redirect_targets(void)
{
	static const char *const targets[] = {"http://example.com/", "ftp://127.0.0.1/",
	        "file:///etc/passwd", "https://user:word@example.com/",
	        "http://127.0.0.1.example/"};
	CLIENT(client);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		char text[200];
		struct answer answer = {text, KEEP, 0};
		CLEANUP(server_free_p) struct server *server = NULL;
		struct http_request request;
		struct got got;

		snprintf(text, sizeof(text),
		        "HTTP/1.1 302 A\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", targets[i]);
		server = server_new(&answer, 1, false);
		request = get(server->url);
		request.follow = true;
		got = fetch(client, &request);
		OK_NAMED(got.outcome == HTTP_BAD_URL && got.status == 302, targets[i]);
	}
}

/* The time for the whole transfer is not begun anew by a redirect. */
static void test_redirect_time(void)
{
	SERVER(server, {"HTTP/1.1 302 A\r\nLocation: /c\r\nContent-Length: 0\r\n\r\n", KEEP},
	        {NULL, HANG});
	CLIENT(client);
	struct http_request request = get(server->url);
	struct got got;

	request.follow = true;
	request.timeout_ms = 400;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_LOST && atomic_load(&server->requests) == 2);
}

static void test_addresses(void)
{
	static const struct {
		const char *url;
		bool allow;
		bool good;
	} cases[] = {{"http://example.com/", true, false}, {"http://127.0.0.1:1/", false, false},
	        {"http://localhost:1/", false, false}, {"ftp://127.0.0.1:1/", true, false},
	        {"file:///etc/passwd", true, false}, {"", true, false},
	        {"127.0.0.1:1/", true, false}, {"localhost/", true, false},
	        {"http://", true, false}, {"https://", true, false},
	        {"http://127.0.0.1:99999/", true, false},
	        {"http://127.0.0.1.example.com/", true, false},
	        {"http://localhost.example.com/", true, false},
	        {"http://notlocalhost/", true, false}, {"http://128.0.0.1/", true, false},
	        {"http://[2001:db8::1]/", true, false}, {"http://a@127.0.0.1:1/", true, false},
	        {"https://a:b@127.0.0.1:1/", true, false},
	        {"http://127.0.0.1:1@example.com/", true, false},
	        {"http://127.0.0.1:1/", true, true}, {"http://127.255.0.3:1/", true, true},
	        {"http://[::1]:1/", true, true}, {"http://[::ffff:127.0.0.1]:1/", true, true},
	        {"http://localhost:1/", true, true}, {"http://LOCALHOST:1/", true, true},
	        {"http://0x7f.1:1/", true, true}, {"http://2130706433:1/", true, true},
	        {"https://127.0.0.1:1/", false, true}, {"HTTP://127.0.0.1:1/", true, true}};
	CLIENT(client);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_request request = get(cases[i].url);
		struct got got;
		char name[300];

		request.allow_loopback_http = cases[i].allow;
		got = fetch(client, &request);
		snprintf(name, sizeof(name), "<%s>, allowed %d: outcome %d, %s", cases[i].url,
		        cases[i].allow, got.outcome, got.error);
		OK_NAMED(got.outcome == (cases[i].good ? HTTP_NOT_SENT : HTTP_BAD_URL) &&
		                 got.error[0],
		        name);
	}
}

static void test_sink(void)
{
	SERVER(server, {PLAIN, KEEP}, {"HTTP/1.1 500 A\r\nContent-Length: 3\r\n\r\nbad", KEEP},
	        {"HTTP/1.1 302 A\r\nLocation: /c\r\nContent-Length: 3\r\n\r\nbye", KEEP},
	        {PLAIN, KEEP}, {PLAIN, KEEP},
	        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", CLOSE}, {PLAIN, KEEP});
	CLIENT(client);
	CLEANUP(close_p) int sink = open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	CLEANUP(close_p) int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct http_request request = get(server->url);
	char bytes[64] = "";
	struct got got;

	if (sink < 0 || full < 0)
		die("sinks");
	request.sink = sink;
	request.follow = true;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.size == 5 && got.body_null);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 500 && got.size == 3);
	got = fetch(client, &request);
	OK(got.outcome == HTTP_ANSWERED && got.status == 200 && got.size == 5);
	OK(pread(sink, bytes, sizeof(bytes) - 1, 0) == 13);
	OK_TEXT(bytes, "hellobadhello");
	request.sink = full;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_NO_SPACE && got.sink_errno == ENOSPC && got.size == 0);
	OK_TEXT(got.error, strerror(ENOSPC));
	request.sink = sink;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_LOST && got.status == 200 && got.size == 5);
	request.body_max = 4;
	got = fetch(client, &request);
	OK(got.outcome == HTTP_TOO_LONG);
}

static void test_cancel(void)
{
	SERVER(server, {NULL, HANG});
	CLIENT(client);
	struct http_request request = get(server->url);
	struct http_request bad = get("nothing");
	struct http_transfer *transfer = NULL, *never = NULL;
	struct got got = {0};
	int i;

	OK(http_start(client, &request, on_done, &got, &transfer) == 0 && transfer);
	OK(http_start(client, &bad, on_done, &got, &never) == 0 && never);
	http_cancel(client, never);
	for (i = 0; i < 1000 && !atomic_load(&server->requests); i++) {
		if (http_run(client, 10) != 0)
			break;
	}
	OK(atomic_load(&server->requests) == 1);
	http_cancel(client, transfer);
	http_cancel(client, NULL);
	/* The connection ends with it. */
	for (i = 0; i < 1000 && !atomic_load(&server->ended); i++) {
		if (http_run(client, 10) != 0)
			break;
	}
	OK(atomic_load(&server->ended) == 1);
	OK(got.calls == 0);
	/* Left for http_client_free to end. */
	OK(http_start(client, &request, on_done, &got, NULL) == 0);
	OK(http_start(client, &bad, on_done, &got, NULL) == 0);
}

static void *waker(void *context)
{
	http_wake(context);
	return NULL;
}

static void test_wake(void)
{
	CLIENT(client);
	int64_t start = clock_system.mono_us(clock_system.context);
	pthread_t thread;

	/* Before the wait, and during it or before it. */
	http_wake(client);
	OK(http_run(client, 60000) == 0);
	if (pthread_create(&thread, NULL, waker, client) != 0)
		die("thread");
	OK(http_run(client, 60000) == 0);
	pthread_join(thread, NULL);
	OK(clock_system.mono_us(clock_system.context) - start < 30 * US_PER_S);
	/* And without one it waits. */
	start = clock_system.mono_us(clock_system.context);
	OK(http_run(client, 50) == 0);
	OK(clock_system.mono_us(clock_system.context) - start >= 40 * US_PER_MS);
}

struct chain {
	struct http_client *client;
	struct http_request next, bad;
	struct http_transfer *hanging, *ready;
	struct got got;
	int calls;
};

static void chain_done(void *context, const struct http_result *result)
{
	struct chain *chain = context;

	chain->calls++;
	OK(result->outcome == HTTP_ANSWERED);
	http_cancel(chain->client, TAKE(chain->hanging));
	http_cancel(chain->client, TAKE(chain->ready));
	OK(http_start(chain->client, &chain->next, on_done, &chain->got, NULL) == 0);
	OK(http_start(chain->client, &chain->bad, on_done, &chain->got, NULL) == 0);
	OK(chain->got.calls == 0);
}

static void test_again_from_done(void)
{
	SERVER(hanging, {NULL, HANG});
	SERVER(server, {PLAIN, KEEP}, {PLAIN, KEEP});
	CLIENT(client);
	struct http_request first = get(server->url), wait = get(hanging->url);
	struct chain chain = {.client = client, .next = first, .bad = get("bad")};
	struct got never = {0};
	int i;

	OK(http_start(client, &wait, on_done, &never, &chain.hanging) == 0);
	OK(http_start(client, &first, chain_done, &chain, NULL) == 0);
	for (i = 0; i < 1000 && chain.got.calls < 2; i++) {
		if (http_run(client, 1000) != 0)
			break;
	}
	OK(chain.calls == 1 && chain.got.calls == 2 && never.calls == 0);
	OK(atomic_load(&server->requests) == 2);
}

/* Of two that ended before they began, the first one's completion cancels the second. */
static void cancel_other(void *context, const struct http_result *result)
{
	struct chain *chain = context;

	chain->calls++;
	http_cancel(chain->client, TAKE(chain->ready));
}

static void test_cancel_from_done(void)
{
	CLIENT(client);
	struct http_request bad = get("bad");
	struct chain chain = {.client = client};
	struct got got = {0};

	OK(http_start(client, &bad, cancel_other, &chain, NULL) == 0);
	OK(http_start(client, &bad, on_done, &got, &chain.ready) == 0);
	OK(http_run(client, 60000) == 0);
	OK(http_run(client, 0) == 0);
	OK(chain.calls == 1 && got.calls == 0);
}

int main(void)
{
	/* Proxies that do not answer: loopback addresses must not be asked for through them. */
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("https_proxy", "http://127.0.0.1:1/", 1);
	setenv("all_proxy", "http://127.0.0.1:1/", 1);
	unsetenv("no_proxy");
	unsetenv("NO_PROXY");
	test_answers();
	test_methods();
	test_gzip();
	test_lost();
	test_close_on_accept();
	test_once();
	test_not_sent();
	test_proxy_refuses();
	test_timeouts();
	test_too_long();
	test_redirects();
	test_redirect_targets();
	test_redirect_time();
	test_addresses();
	test_reach();
	test_upload();
	test_sink();
	test_cancel();
	test_wake();
	test_again_from_done();
	test_cancel_from_done();
	return tap_done();
}
