/* SPDX-License-Identifier: MIT */
/* Which addresses may be used: of an API, to which the key travels, and of reference pictures. */
#include "definition.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define BASE_URL_MAX 1024

/* The parts of an address, cut out of it. */
struct address {
	bool https;
	bool bracketed; /* the host stood in brackets */
	char host[256];
	const char *port; /* behind the colon, or NULL */
};

static int split(const char *url, struct address *address, struct err *err)
{
	const char *host, *end, *close;
	size_t length;

	address->https = strncasecmp(url, "https://", 8) == 0;
	if (!address->https && strncasecmp(url, "http://", 7) != 0)
		return err_set(err, -EINVAL, "the address must begin with https://");
	host = url + (address->https ? 8 : 7);
	end = host + strcspn(host, "/?#");
	if (memchr(host, '@', (size_t)(end - host)))
		return err_set(err, -EINVAL, "the address must not have a user or password in it");
	close = *host == '[' ? memchr(host, ']', (size_t)(end - host)) : NULL;
	address->bracketed = close != NULL;
	if (close) {
		host++;
		length = (size_t)(close - host);
		close++;
	} else {
		close = memchr(host, ':', (size_t)(end - host));
		close = close ? close : end;
		length = (size_t)(close - host);
	}
	if (length == 0 || length >= sizeof(address->host))
		return err_set(err, -EINVAL, "the address has no host");
	memcpy(address->host, host, length);
	address->host[length] = '\0';
	if (close < end && *close != ':')
		return err_set(err, -EINVAL, "the address has no valid host");
	address->port = close < end ? close + 1 : NULL;
	return 0;
}

static bool host_is_valid(const struct address *address)
{
	unsigned char bytes[16];

	if (address->bracketed)
		return inet_pton(AF_INET6, address->host, bytes) == 1;
	return address->host[0] != '.' && address->host[0] != '-' &&
	       address->host[strspn(address->host, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                           "abcdefghijklmnopqrstuvwxyz0123456789-._")] ==
	               '\0';
}

static bool port_is_valid(const char *port)
{
	char digits[6];
	size_t length = strcspn(port, "/?#");
	uint64_t value;

	if (length == 0 || length >= sizeof(digits))
		return false;
	memcpy(digits, port, length);
	digits[length] = '\0';
	return text_u64(digits, 65535, &value) && value > 0;
}

static bool is_loopback(const struct address *address)
{
	unsigned char bytes[16];

	if (address->bracketed)
		return inet_pton(AF_INET6, address->host, bytes) == 1 &&
		       memcmp(bytes, &in6addr_loopback, sizeof(bytes)) == 0;
	if (strcasecmp(address->host, "localhost") == 0)
		return true;
	return inet_pton(AF_INET, address->host, bytes) == 1 && bytes[0] == 127;
}

static int check(const char *url, size_t size_max, bool with_query, struct err *err)
{
	struct address address = {0};
	const unsigned char *p;
	int r;

	if (strlen(url) > size_max)
		return err_set(err, -EINVAL, "the address is longer than %zu bytes", size_max);
	for (p = (const unsigned char *)url; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || *p == '\\')
			return err_set(err, -EINVAL,
			        "the address must not have spaces, backslashes, control characters "
			        "or letters outside of ASCII in it");
	if (!with_query && strpbrk(url, "?#"))
		return err_set(
		        err, -EINVAL, "the address must not have a query or fragment (? or #)");
	r = split(url, &address, err);
	if (r < 0)
		return r;
	if (!host_is_valid(&address))
		return err_set(err, -EINVAL, "the address has no valid host");
	if (address.port && !port_is_valid(address.port))
		return err_set(err, -EINVAL, "the address's port must be from 1 to 65535");
	if (!address.https && !is_loopback(&address))
		return err_set(err, -EINVAL,
		        "plain http is allowed to a loopback address only (127.0.0.1, [::1], "
		        "localhost); use https");
	return 0;
}

int provider_check_base_url(const char *url, struct err *err)
{
	return check(url, BASE_URL_MAX, false, err);
}

int address_check_picture(const char *url, struct err *err)
{
	return check(url, PROVIDER_URL_MAX, true, err);
}
