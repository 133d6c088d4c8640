/* SPDX-License-Identifier: MIT */
/* Which machines may be connected to.
 *
 * A name is looked up by curl, so what it leads to is known only when a socket is opened for it:
 * that is where each address is looked at, and the one that was looked at is connected to.
 */
#include "http-private.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* ---- kinds of addresses ---- */

struct range4 {
	uint32_t network;
	unsigned bits;
};

/* What the registry of special addresses (RFC 6890) keeps from the Internet at large. */
static const struct range4 closed4[] = {
        {0x0a000000, 8},  /* 10.0.0.0: private */
        {0x64400000, 10}, /* 100.64.0.0: between a carrier and its customers */
        {0xa9fe0000, 16}, /* 169.254.0.0: link-local, also where clouds serve their secrets */
        {0xac100000, 12}, /* 172.16.0.0: private */
        {0xc0000000, 24}, /* 192.0.0.0: protocol assignments */
        {0xc0000200, 24}, /* 192.0.2.0: documentation */
        {0xc0586300, 24}, /* 192.88.99.0: relays to IPv6, given up */
        {0xc0a80000, 16}, /* 192.168.0.0: private */
        {0xc6120000, 15}, /* 198.18.0.0: benchmarks */
        {0xc6336400, 24}, /* 198.51.100.0: documentation */
        {0xcb007100, 24}, /* 203.0.113.0: documentation */
        {0xe0000000, 3},  /* 224.0.0.0: multicast, reserved, broadcast */
};

struct range6 {
	uint32_t network[2]; /* the first 64 bits */
	unsigned bits;
};

/* Within 2000::/3, outside of which nothing is open but NAT64's prefix. */
static const struct range6 closed6[] = {
        {{0x20010000, 0}, 23}, /* 2001::/23: protocol assignments, Teredo, ORCHID */
        {{0x20010db8, 0}, 32}, /* 2001:db8::/32: documentation */
        {{0x20020000, 0}, 16}, /* 2002::/16: 6to4, an IPv4 address inside */
        {{0x3fff0000, 0}, 20}, /* 3fff::/20: documentation */
};

static uint32_t mask_of(unsigned bits)
{
	return bits == 0 ? 0 : bits >= 32 ? 0xffffffffu : ~(0xffffffffu >> bits);
}

/* 0.0.0.0 counts as loopback: connecting to it reaches this machine. */
static enum http_place place4(const void *bytes)
{
	uint32_t number;
	size_t i;

	memcpy(&number, bytes, sizeof(number));
	number = ntohl(number);
	if (number >> 24 == 127 || number >> 24 == 0)
		return HTTP_PLACE_LOOPBACK;
	for (i = 0; i < ARRAY_SIZE(closed4); i++) {
		if ((number & mask_of(closed4[i].bits)) == closed4[i].network)
			return HTTP_PLACE_CLOSED;
	}
	return HTTP_PLACE_PUBLIC;
}

static enum http_place place6(const struct in6_addr *address)
{
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
	const unsigned char *four = &address->s6_addr[12];
	uint32_t high[2];
	size_t i;

	if (IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_UNSPECIFIED(address))
		return HTTP_PLACE_LOOPBACK;
	/* Only somebody who wants to get around a check writes an IPv4 address in this way. */
	if (IN6_IS_ADDR_V4MAPPED(address))
		return place4(four) == HTTP_PLACE_LOOPBACK ? HTTP_PLACE_LOOPBACK
		                                           : HTTP_PLACE_CLOSED;
	/* In networks with IPv6 alone every host of the old Internet has such an address. */
	if (memcmp(address->s6_addr, nat64, sizeof(nat64)) == 0)
		return place4(four) == HTTP_PLACE_PUBLIC ? HTTP_PLACE_PUBLIC : HTTP_PLACE_CLOSED;
	memcpy(high, address->s6_addr, sizeof(high));
	high[0] = ntohl(high[0]);
	high[1] = ntohl(high[1]);
	if (high[0] >> 29 != 1)
		return HTTP_PLACE_CLOSED;
	for (i = 0; i < ARRAY_SIZE(closed6); i++) {
		unsigned bits = closed6[i].bits;

		if ((high[0] & mask_of(bits)) == closed6[i].network[0] &&
		        (high[1] & mask_of(bits > 32 ? bits - 32 : 0)) == closed6[i].network[1])
			return HTTP_PLACE_CLOSED;
	}
	return HTTP_PLACE_PUBLIC;
}

bool http_place_of_host(const char *host, enum http_place *ret_place)
{
	char plain[INET6_ADDRSTRLEN];
	size_t size = strlen(host);
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1) {
		*ret_place = place4(&four);
		return true;
	}
	if (host[0] != '[' || size < 2 || size - 2 >= sizeof(plain))
		return false;
	memcpy(plain, host + 1, size - 2);
	plain[size - 2] = '\0';
	if (inet_pton(AF_INET6, plain, &six) != 1)
		return false;
	*ret_place = place6(&six);
	return true;
}

/* ---- sockets ---- */

static bool place_is_allowed(const struct http_transfer *transfer, enum http_place place)
{
	switch (transfer->reach) {
	case HTTP_REACH_ANY:
		return true;
	case HTTP_REACH_LOOPBACK:
		return place == HTTP_PLACE_LOOPBACK;
	case HTTP_REACH_PUBLIC:
		break;
	}
	return place == HTTP_PLACE_PUBLIC;
}

/* Whether the connection is one to a proxy, which may be anywhere and whose name the user gave.
 * Where some hosts are excepted from it, the port tells: what is not connected to a proxy is
 * connected to the port that the address names. */
static bool goes_to_proxy(const struct http_transfer *transfer, unsigned port)
{
	switch (transfer->route) {
	case HTTP_ROUTE_DIRECT:
		return false;
	case HTTP_ROUTE_PROXY:
		return true;
	case HTTP_ROUTE_EITHER:
		break;
	}
	return port != transfer->port;
}

static bool may_connect(const struct http_transfer *transfer, const struct curl_sockaddr *address)
{
	const void *raw = &address->addr;
	struct sockaddr_in6 six;
	struct sockaddr_in four;

	if (transfer->reach == HTTP_REACH_ANY)
		return true;
	if (address->family == AF_INET && address->addrlen >= sizeof(four)) {
		memcpy(&four, raw, sizeof(four));
		return goes_to_proxy(transfer, ntohs(four.sin_port)) ||
		       place_is_allowed(transfer, place4(&four.sin_addr));
	}
	if (address->family == AF_INET6 && address->addrlen >= sizeof(six)) {
		memcpy(&six, raw, sizeof(six));
		return goes_to_proxy(transfer, ntohs(six.sin6_port)) ||
		       place_is_allowed(transfer, place6(&six.sin6_addr));
	}
	return false;
}

curl_socket_t http_peer_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http_transfer *transfer = context;

	if (!may_connect(transfer, address)) {
		transfer->peer_refused = true;
		return CURL_SOCKET_BAD;
	}
	transfer->peer_tried = true;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- proxies ---- */

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

enum http_route http_route_of(const char *scheme, bool loopback)
{
	if (loopback || strcasecmp(scheme, "https") != 0)
		return HTTP_ROUTE_DIRECT;
	if (!is_set("https_proxy") && !is_set("HTTPS_PROXY") && !is_set("all_proxy") &&
	        !is_set("ALL_PROXY"))
		return HTTP_ROUTE_DIRECT;
	return is_set("no_proxy") || is_set("NO_PROXY") ? HTTP_ROUTE_EITHER : HTTP_ROUTE_PROXY;
}
