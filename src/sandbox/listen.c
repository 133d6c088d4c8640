/* SPDX-License-Identifier: MIT */
/* The listening socket: loopback only. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "server.h"

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

/* Splits "ADDR:PORT" or "[ADDR]:PORT". */
static int listen_split(
        const char *listen, char host[static 64], uint64_t *ret_port, struct err *err)
{
	const char *colon = strrchr(listen, ':');
	size_t size = colon ? (size_t)(colon - listen) : 0;

	if (size == 0 || size >= 64 || !text_u64(colon + 1, 65535, ret_port))
		return err_set(err, -EINVAL,
		        "--listen %.60s: not ADDR:PORT (such as 127.0.0.1:8080; port 0 is any free "
		        "one)",
		        listen);
	if (listen[0] == '[' && size > 2 && colon[-1] == ']') {
		listen++;
		size -= 2;
	}
	memcpy(host, listen, size);
	host[size] = '\0';
	return 0;
}

static int listen_read(
        const char *listen, union address *address, socklen_t *ret_size, struct err *err)
{
	char host[64];
	uint64_t port = 0;
	int r = listen_split(listen, host, &port, err);
	bool loopback = false;

	if (r != 0)
		return r;
	*address = (union address){0};
	if (strcmp(host, "localhost") == 0)
		snprintf(host, sizeof(host), "127.0.0.1");
	if (inet_pton(AF_INET, host, &address->four.sin_addr) == 1) {
		address->four.sin_family = AF_INET;
		address->four.sin_port = htons((uint16_t)port);
		*ret_size = sizeof(address->four);
		loopback = ntohl(address->four.sin_addr.s_addr) >> 24 == 127;
	} else if (inet_pton(AF_INET6, host, &address->six.sin6_addr) == 1) {
		address->six.sin6_family = AF_INET6;
		address->six.sin6_port = htons((uint16_t)port);
		*ret_size = sizeof(address->six);
		loopback = IN6_IS_ADDR_LOOPBACK(&address->six.sin6_addr);
	} else {
		return err_set(err, -EINVAL, "--listen %.60s: not a numeric address", listen);
	}
	if (!loopback)
		return err_set(err, -EINVAL,
		        "--listen %.60s: only loopback addresses (127.0.0.1, [::1]) are served",
		        listen);
	return 0;
}

static void url_make(const union address *address, char *url, size_t size)
{
	char host[INET6_ADDRSTRLEN];

	if (address->any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &address->six.sin6_addr, host, sizeof(host));
		snprintf(url, size, "http://[%s]:%u", host, ntohs(address->six.sin6_port));
	} else {
		inet_ntop(AF_INET, &address->four.sin_addr, host, sizeof(host));
		snprintf(url, size, "http://%s:%u", host, ntohs(address->four.sin_port));
	}
}

int listen_open(const char *listen_text, int *ret_fd, char *url, size_t url_size, struct err *err)
{
	union address address;
	socklen_t size = 0;
	int one = 1, r = listen_read(listen_text, &address, &size, err);

	if (r != 0)
		return r;

	CLEANUP(close_p) int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
	        bind(fd, &address.any, size) != 0 || listen(fd, SOMAXCONN) != 0 ||
	        getsockname(fd, &address.any, &size) != 0)
		return err_set(
		        err, -errno, "cannot listen on %.60s: %s", listen_text, strerror(errno));
	url_make(&address, url, url_size);
	*ret_fd = take_fd(&fd);
	return 0;
}
