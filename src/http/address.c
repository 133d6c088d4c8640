/* SPDX-License-Identifier: MIT */
/* Which addresses may be used.  They are taken apart by curl's own parser, so that what is checked
 * here is what is connected to: it also turns "0x7f.1" into "127.0.0.1".
 */
#include "http-private.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void url_cleanup_p(CURLU **url)
{
	curl_url_cleanup(*url);
}

static void curl_free_p(char **text)
{
	curl_free(*text);
}

static bool ends_with_localhost(const char *host)
{
	static const char name[] = "localhost";
	size_t size = strlen(host), length = sizeof(name) - 1;

	if (size && host[size - 1] == '.')
		size--;
	if (size < length || strncasecmp(host + size - length, name, length) != 0)
		return false;
	return size == length || host[size - length - 1] == '.';
}

/* The unspecified address counts too: connecting to it reaches this machine. */
static bool is_loopback4(const struct in_addr *address)
{
	uint32_t number = ntohl(address->s_addr);

	return number >> 24 == 127 || number >> 24 == 0;
}

static bool is_loopback6(const struct in6_addr *address)
{
	struct in_addr mapped;

	if (IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_UNSPECIFIED(address))
		return true;
	if (!IN6_IS_ADDR_V4MAPPED(address))
		return false;
	memcpy(&mapped, &address->s6_addr[12], sizeof(mapped));
	return is_loopback4(&mapped);
}

static bool is_loopback(const char *host)
{
	char plain[INET6_ADDRSTRLEN];
	size_t size = strlen(host);
	struct in6_addr six;
	struct in_addr four;

	if (host[0] == '[' && size >= 2 && size - 2 < sizeof(plain)) {
		memcpy(plain, host + 1, size - 2);
		plain[size - 2] = '\0';
		return inet_pton(AF_INET6, plain, &six) == 1 && is_loopback6(&six);
	}
	if (inet_pton(AF_INET, host, &four) == 1)
		return is_loopback4(&four);
	return ends_with_localhost(host);
}

static const char *refusal(const char *scheme, bool loopback, const struct http_address_rule *rule)
{
	bool secure = strcasecmp(scheme, "https") == 0;

	if (!secure && strcasecmp(scheme, "http") != 0)
		return "only https addresses are used";
	if (!secure && !loopback)
		return "plain http is used for addresses of this machine only";
	if (!secure && !rule->allow_loopback_http)
		return "plain http is not used";
	if (rule->redirected && loopback && !rule->from_loopback && !rule->allow_loopback_http)
		return "it leads to an address of this machine";
	return NULL;
}

int http_address_check(const char *url, const struct http_address_rule *rule,
        const char **ret_refusal, bool *ret_loopback, char **ret_origin)
{
	CLEANUP(url_cleanup_p) CURLU *parsed = curl_url();
	CLEANUP(curl_free_p) char *scheme = NULL;
	CLEANUP(curl_free_p) char *host = NULL;
	CLEANUP(curl_free_p) char *port = NULL;
	char *origin;
	bool loopback;
	CURLUcode code;

	if (!parsed)
		return -ENOMEM;
	code = curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER);
	if (!code)
		code = curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
	if (!code)
		code = curl_url_get(parsed, CURLUPART_HOST, &host, 0);
	if (!code)
		code = curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	if (code == CURLUE_OUT_OF_MEMORY)
		return -ENOMEM;
	if (code == CURLUE_UNSUPPORTED_SCHEME) {
		*ret_refusal = "only https addresses are used";
		return 0;
	}
	if (code) {
		*ret_refusal = "the address is malformed";
		return 0;
	}
	loopback = is_loopback(host);
	*ret_refusal = refusal(scheme, loopback, rule);
	if (ret_origin) {
		if (asprintf(&origin, "%s://%s:%s", scheme, host, port) < 0)
			return -ENOMEM;
		*ret_origin = origin;
	}
	if (ret_loopback)
		*ret_loopback = loopback;
	return 0;
}
