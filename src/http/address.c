/* SPDX-License-Identifier: MIT */
/* Which addresses may be used.  They are taken apart by curl's own parser, so that what is checked
 * here is what is connected to: it also turns "0x7f.1" into "127.0.0.1".
 */
#include "http-private.h"

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

static bool is_web(const char *scheme)
{
	return strcasecmp(scheme, "https") == 0 || strcasecmp(scheme, "http") == 0;
}

static const char *refusal(
        const char *scheme, const char *host, bool loopback, const struct http_address_rule *rule)
{
	bool secure = strcasecmp(scheme, "https") == 0;
	enum http_place place;

	if (strlen(host) > HTTP_HOST_MAX)
		return "the host's name is too long";
	if (!secure && !loopback)
		return "plain http is used for addresses of this machine only";
	if (!secure && !rule->allow_loopback_http)
		return "plain http is not used";
	if (rule->foreign && loopback && !rule->allow_loopback_http)
		return "it leads to this machine";
	if (rule->foreign && !loopback && http_place_of_host(host, &place) &&
	        place != HTTP_PLACE_PUBLIC)
		return "it leads to an address that is not public";
	return NULL;
}

static bool is_loopback(const char *host)
{
	enum http_place place;

	if (http_place_of_host(host, &place))
		return place == HTTP_PLACE_LOOPBACK;
	return ends_with_localhost(host);
}

void http_target_done(struct http_target *target)
{
	free(target->origin);
	target->origin = NULL;
}

int http_address_check(const char *url, const struct http_address_rule *rule,
        const char **ret_refusal, struct http_target *ret_target)
{
	CLEANUP(url_cleanup_p) CURLU *parsed = curl_url();
	CLEANUP(curl_free_p) char *scheme = NULL;
	CLEANUP(curl_free_p) char *host = NULL;
	CLEANUP(curl_free_p) char *port = NULL;
	struct http_target target = {.origin = NULL};
	uint64_t number = 0;
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
	if (code == CURLUE_UNSUPPORTED_SCHEME || (scheme && !is_web(scheme)))
		*ret_refusal = "only https addresses are used";
	else if (code == CURLUE_USER_NOT_ALLOWED)
		*ret_refusal = "it holds a user's name or password";
	else if (code || !text_u64(port, UINT16_MAX, &number))
		*ret_refusal = "the address is malformed";
	else
		*ret_refusal = NULL;
	if (*ret_refusal)
		return 0;
	target.port = (unsigned)number;
	target.loopback = is_loopback(host);
	target.route = http_route_of(scheme, target.loopback);
	*ret_refusal = refusal(scheme, host, target.loopback, rule);
	if (*ret_refusal)
		return 0;
	if (asprintf(&target.origin, "%s://%s:%s", scheme, host, port) < 0)
		return -ENOMEM;
	*ret_target = target;
	return 0;
}
