/* SPDX-License-Identifier: MIT */
/* A server on a loopback socket, in a thread, whose answers are scripted: its n-th request gets the
 * n-th answer, whatever the connection, and those beyond the last one get the last. */
#pragma once

#include "darkroom/base.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum after { KEEP, CLOSE, HANG };

struct answer {
	const char *bytes; /* NULL: none */
	enum after after;
	size_t size;  /* 0: that of the text */
	size_t early; /* answered after so many bytes of a request, of which no more are read */
};

#define PEERS_MAX 16
#define REQUEST_MAX ((size_t)1 << 20)

struct peer {
	int fd;    /* -1: free */
	bool deaf; /* nothing more is read */
	size_t size;
	char *bytes; /* REQUEST_MAX, once there was a connection */
};

struct server {
	int listener, stop[2];
	pthread_t thread;
	const struct answer *answers;
	unsigned answer_count;
	bool close_on_accept;
	atomic_uint connections, requests, ended;
	pthread_mutex_t mutex; /* last */
	char *last;            /* request, and its size */
	size_t last_size;
	struct peer peers[PEERS_MAX];
	char url[64];
};

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Listens on a free loopback port; *ret_port is the number. */
static int listen_somewhere(int backlog, int *ret_port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	        listen(fd, backlog) < 0 || getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		die("listen");
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static const struct answer *next_answer(struct server *server)
{
	unsigned number = atomic_load(&server->requests);

	return &server->answers[number < server->answer_count ? number : server->answer_count - 1];
}

/* The size of the whole request at the start of the bytes, 0 while it is not whole. */
static size_t request_size(const struct peer *peer)
{
	const char *end = memmem(peer->bytes, peer->size, "\r\n\r\n", 4);
	const char *length;
	size_t size;

	if (!end)
		return 0;
	size = (size_t)(end - peer->bytes) + 4;
	length = strcasestr(peer->bytes, "content-length:");
	if (length && length < end)
		size += strtoul(length + 15, NULL, 10);
	return peer->size >= size ? size : 0;
}

static void peer_close(struct server *server, struct peer *peer)
{
	close(peer->fd);
	peer->fd = -1;
	peer->size = 0;
	peer->deaf = false;
	atomic_fetch_add(&server->ended, 1);
}

static void answer_request(struct server *server, struct peer *peer, size_t size)
{
	const struct answer *answer = next_answer(server);
	size_t length = answer->size ? answer->size : answer->bytes ? strlen(answer->bytes) : 0;

	{
		WITH_LOCK(&server->mutex);
		memcpy(server->last, peer->bytes, size);
		server->last[size] = '\0';
		server->last_size = size;
	}
	peer->size = 0;
	peer->deaf = answer->early > 0;
	atomic_fetch_add(&server->requests, 1);
	if (length && send(peer->fd, answer->bytes, length, MSG_NOSIGNAL) < 0)
		printf("# send: %s\n", strerror(errno));
	if (answer->after == CLOSE)
		peer_close(server, peer);
}

static void peer_read(struct server *server, struct peer *peer)
{
	ssize_t got = recv(peer->fd, peer->bytes + peer->size, REQUEST_MAX - 1 - peer->size, 0);
	size_t early, size;

	if (got <= 0) {
		peer_close(server, peer);
		return;
	}
	peer->size += (size_t)got;
	peer->bytes[peer->size] = '\0';
	early = next_answer(server)->early;
	size = early && peer->size >= early ? peer->size : request_size(peer);
	if (size)
		answer_request(server, peer, size);
}

static void peer_accept(struct server *server)
{
	int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
	size_t i;

	if (fd < 0)
		return;
	atomic_fetch_add(&server->connections, 1);
	for (i = 0; i < PEERS_MAX && !server->close_on_accept; i++) {
		if (server->peers[i].fd < 0) {
			server->peers[i].fd = fd;
			if (!server->peers[i].bytes)
				server->peers[i].bytes = malloc(REQUEST_MAX);
			if (!server->peers[i].bytes)
				die("memory");
			return;
		}
	}
	close(fd);
}

static void *server_main(void *context)
{
	struct server *server = context;
	struct pollfd polls[PEERS_MAX + 2];
	size_t i;

	for (;;) {
		polls[0] = (struct pollfd){.fd = server->stop[0], .events = POLLIN};
		polls[1] = (struct pollfd){.fd = server->listener, .events = POLLIN};
		for (i = 0; i < PEERS_MAX; i++)
			polls[i + 2] = (struct pollfd){
			        .fd = server->peers[i].deaf ? -1 : server->peers[i].fd,
			        .events = POLLIN};
		if (poll(polls, ARRAY_SIZE(polls), -1) < 0)
			continue;
		if (polls[0].revents)
			return NULL;
		for (i = 0; i < PEERS_MAX; i++) {
			if (polls[i + 2].revents)
				peer_read(server, &server->peers[i]);
		}
		if (polls[1].revents)
			peer_accept(server);
	}
}

static struct server *server_new(const struct answer *answers, unsigned count, bool close_on_accept)
{
	struct server *server = calloc(1, sizeof(*server));
	int port;
	size_t i;

	if (!server || pipe2(server->stop, O_CLOEXEC) < 0)
		die("server");
	server->last = calloc(1, REQUEST_MAX);
	if (!server->last)
		die("memory");
	server->answers = answers;
	server->answer_count = count;
	server->close_on_accept = close_on_accept;
	server->listener = listen_somewhere(64, &port);
	pthread_mutex_init(&server->mutex, NULL);
	for (i = 0; i < PEERS_MAX; i++)
		server->peers[i].fd = -1;
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d/", port);
	if (pthread_create(&server->thread, NULL, server_main, server) != 0)
		die("thread");
	return server;
}

static void server_free_p(struct server **pointer)
{
	struct server *server = *pointer;
	size_t i;

	if (write(server->stop[1], "", 1) != 1)
		die("stop");
	pthread_join(server->thread, NULL);
	for (i = 0; i < PEERS_MAX; i++) {
		if (server->peers[i].fd >= 0)
			close(server->peers[i].fd);
		free(server->peers[i].bytes);
	}
	free(server->last);
	close(server->listener);
	close(server->stop[0]);
	close(server->stop[1]);
	pthread_mutex_destroy(&server->mutex);
	free(server);
}

/* Whether the last request has the text. */
static bool server_got(struct server *server, const char *text)
{
	WITH_LOCK(&server->mutex);
	return strcasestr(server->last, text);
}

#define SERVER(name, ...)                                            \
	static const struct answer name##_answers[] = {__VA_ARGS__}; \
	CLEANUP(server_free_p)                                       \
	struct server *name = server_new(name##_answers, ARRAY_SIZE(name##_answers), false)
