/* SPDX-License-Identifier: MIT */
/* Addresses of results and uploads: made from what the client calls this server, and read back. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "server.h"

void address_make(const struct sandbox *sandbox, const struct request *request,
        char address[static ADDRESS_SIZE])
{
	if (request->host)
		snprintf(address, ADDRESS_SIZE, "http://%.255s", request->host);
	else
		snprintf(address, ADDRESS_SIZE, "%s", sandbox->url);
}

bool address_is_own(const struct sandbox *sandbox, const struct request *request, const char *url,
        const char **ret_path)
{
	size_t own = strlen(sandbox->url), host = request->host ? strlen(request->host) : 0;

	if (strncmp(url, sandbox->url, own) == 0 && url[own] == '/') {
		*ret_path = url + own;
		return true;
	}
	if (strncmp(url, "http://", 7) != 0 || host == 0)
		return false;
	if (strncasecmp(url + 7, request->host, host) != 0 || url[7 + host] != '/')
		return false;
	*ret_path = url + 7 + host;
	return true;
}

bool result_read(const char *path, struct request *request)
{
	size_t size = strcspn(path, "?#");
	const char *name = path + strlen("/r/"), *dot, *line;
	int index = 0;

	if (strncmp(path, "/r/", 3) != 0)
		return false;
	dot = memrchr(name, '.', size - 3);
	line = dot ? memrchr(name, '_', (size_t)(dot - name)) : NULL;
	if (!line || line == name || (size_t)(line - name) >= JOB_ID_SIZE ||
	        strspn(name, JOB_ID_CHARS) != size - 3)
		return false;
	if (dot[1 + strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz")] != path[size])
		return false;
	for (const char *at = line + 1; at < dot; at++) {
		if (!isdigit((unsigned char)*at) || at - line > 4)
			return false;
		index = index * 10 + (*at - '0');
	}
	if (index == 0)
		return false;
	memcpy(request->result_task, name, (size_t)(line - name));
	request->result_task[line - name] = '\0';
	request->result_index = index;
	return true;
}

char *path_encode(const char *path)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(3 * ADDRESS_SIZE);
	int r = 0;

	for (; r == 0 && *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("-._~/", *path))
			r = buf_add(&text, path, 1);
		else
			r = buf_addf(&text, "%%%02X", (unsigned)(unsigned char)*path);
	}
	return r == 0 ? buf_take(&text) : NULL;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *path_decode(const char *path)
{
	char *text = strndup(path, strcspn(path, "?#")), *to = text;

	for (const char *at = text; text && *at; at++) {
		int high = *at == '%' ? hex_value(at[1]) : -1;
		int low = high >= 0 ? hex_value(at[2]) : -1;

		if (low >= 0) {
			*to++ = (char)(high << 4 | low);
			at += 2;
		} else {
			*to++ = *at;
		}
	}
	if (text)
		*to = '\0';
	return text;
}
