/* SPDX-License-Identifier: MIT */
/* The HTTP server.  Each connection has a thread of its own, so that a request that waits (for its
 * delay, for a picture) holds up no other; every wait ends when the sandbox stops.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <microhttpd.h>

#include "server.h"

#define REQUEST_BODY_BYTES_MAX ((size_t)1 << 20)
#define CONNECTIONS_MAX 256u
#define CONNECTION_MEMORY_BYTES ((size_t)128 << 10)
#define THREAD_STACK_BYTES ((size_t)512 << 10)
#define HOST_BYTES_MAX 255

/* A request while its body arrives. */
struct arrival {
	struct buf body;
	bool too_large;
};

bool serve_wait(struct sandbox *sandbox, int64_t duration_ms)
{
	WITH_LOCK(&sandbox->lock);
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += duration_ms / 1000;
	until.tv_nsec += duration_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (!sandbox->stopping)
		if (pthread_cond_timedwait(&sandbox->stop, &sandbox->lock, &until) == ETIMEDOUT)
			break;
	return !sandbox->stopping;
}

/* ---- reading a request ---- */

static enum request_kind kind_of(const char *path)
{
	static const struct {
		const char *path;
		enum request_kind kind;
	} paths[] = {
	        {"/api/v1/jobs/createTask", REQUEST_CREATE},
	        {"/api/v1/jobs/recordInfo", REQUEST_STATUS},
	        {"/api/v1/chat/credit", REQUEST_CREDITS},
	        {"/api/v1/common/download-url", REQUEST_RENEW},
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (strcmp(paths[i].path, path) == 0)
			return paths[i].kind;
	return strncmp(path, "/r/", 3) == 0 ? REQUEST_DOWNLOAD : REQUEST_OTHER;
}

/* Reads "/r/<task>_<index>.<extension>", up to the end, '?' or '#'. */
static bool result_read(const char *path, struct request *request)
{
	size_t digits = JOB_ID_SIZE - 1;
	const char *at = path + 3 + digits;
	int index = 0;

	if (strncmp(path, "/r/", 3) != 0 || strspn(path + 3, "0123456789abcdef") != digits)
		return false;
	if (*at++ != '_')
		return false;
	for (int i = 0; i < 4 && isdigit((unsigned char)*at); i++)
		index = index * 10 + (*at++ - '0');
	if (index == 0 || *at++ != '.')
		return false;
	at += strspn(at, "abcdefghijklmnopqrstuvwxyz");
	if (*at != '\0' && *at != '?' && *at != '#')
		return false;
	memcpy(request->result_task, path + 3, digits);
	request->result_task[digits] = '\0';
	request->result_index = index;
	return true;
}

/* Whether the address begins with ours, and its path in *ret_path. */
static bool own_url(const struct sandbox *sandbox, const struct request *request, const char *url,
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

/* The Host header where it looks like one: it becomes part of addresses. */
static const char *host_check(const char *host)
{
	size_t size = host ? strlen(host) : 0;

	for (size_t i = 0; i < size; i++)
		if (!isalnum((unsigned char)host[i]) && !strchr(".-:[]", host[i]))
			return NULL;
	return size > 0 && size <= HOST_BYTES_MAX ? host : NULL;
}

static void request_read(struct sandbox *sandbox, struct MHD_Connection *connection,
        const char *path, const char *method, const struct arrival *arrival,
        struct request *request)
{
	const char *url;

#define HEADER(name) MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name)
	*request = (struct request){
	        .kind = kind_of(path),
	        .method = method,
	        .path = path,
	        .authorization = HEADER(MHD_HTTP_HEADER_AUTHORIZATION),
	        .content_type = HEADER(MHD_HTTP_HEADER_CONTENT_TYPE),
	        .host = host_check(HEADER(MHD_HTTP_HEADER_HOST)),
	        .user_agent = HEADER(MHD_HTTP_HEADER_USER_AGENT),
	        .body = arrival->body.data,
	        .body_size = arrival->body.size,
	        .body_too_large = arrival->too_large,
	};
#undef HEADER
	if (arrival->body.size > 0 &&
	        json_parse(arrival->body.data, arrival->body.size, &request->json, NULL) != 0)
		request->json = NULL;
	if (request->kind == REQUEST_STATUS)
		request->task =
		        MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "taskId");
	if (request->kind == REQUEST_DOWNLOAD)
		request->result_known = result_read(path, request);
	url = request->kind == REQUEST_RENEW ? json_string(json_path(request->json, "url")) : NULL;
	if (url && own_url(sandbox, request, url, &url))
		request->result_known = result_read(url, request);
}

/* ---- libmicrohttpd's callbacks ---- */

static enum MHD_Result visit(struct sandbox *sandbox, struct MHD_Connection *connection,
        const char *path, const char *method, const struct arrival *arrival)
{
	CLEANUP(answer_done) struct answer answer = {.body = NULL};
	struct request request;
	int64_t delay_ms;

	request_read(sandbox, connection, path, method, arrival, &request);
	visit_decide(sandbox, &request, &answer);
	json_free(request.json);
	delay_ms = answer.fault ? answer.fault->delay_ms : 0;
	if (delay_ms > 0 && !serve_wait(sandbox, delay_ms))
		return MHD_NO;
	return answer.closes ? MHD_NO : (enum MHD_Result)deliver(sandbox, connection, &answer);
}

/* Called for the head of a request, for each part of its body, and at its end. */
static enum MHD_Result on_access(void *context, struct MHD_Connection *connection, const char *path,
        const char *method, const char *version, const char *part, size_t *part_size, void **state)
{
	struct arrival *arrival = *state;

	if (!arrival) {
		arrival = calloc(1, sizeof(*arrival));
		if (!arrival)
			return MHD_NO;
		arrival->body = BUF_INIT(REQUEST_BODY_BYTES_MAX);
		*state = arrival;
		return MHD_YES;
	}
	if (*part_size > 0) {
		if (!arrival->too_large && buf_add(&arrival->body, part, *part_size) != 0) {
			arrival->too_large = true;
			buf_done(&arrival->body);
		}
		*part_size = 0;
		return MHD_YES;
	}
	return visit(context, connection, path, method, arrival);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
        enum MHD_RequestTerminationCode code)
{
	struct arrival *arrival = *state;

	if (!arrival)
		return;
	buf_done(&arrival->body);
	free(arrival);
	*state = NULL;
}

/* ---- listening ---- */

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

static int listen_open(
        const char *listen_text, union address *address, int *ret_fd, struct err *err)
{
	socklen_t size = 0;
	int one = 1, r = listen_read(listen_text, address, &size, err);

	if (r != 0)
		return r;

	CLEANUP(close_p) int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
	        bind(fd, &address->any, size) != 0 || listen(fd, SOMAXCONN) != 0 ||
	        getsockname(fd, &address->any, &size) != 0)
		return err_set(
		        err, -errno, "cannot listen on %.60s: %s", listen_text, strerror(errno));
	*ret_fd = take_fd(&fd);
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

int serve_start(struct sandbox *sandbox, const char *listen, struct err *err)
{
	CLEANUP(close_p) int fd = -1;
	union address address;
	int r = listen_open(listen, &address, &fd, err);

	if (r != 0)
		return r;
	url_make(&address, sandbox->url, sizeof(sandbox->url));
	sandbox->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION |
	                                           MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
	                                           MHD_USE_ITC,
	        0, NULL, NULL, on_access, sandbox, MHD_OPTION_LISTEN_SOCKET, fd,
	        MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	        CONNECTION_MEMORY_BYTES, MHD_OPTION_THREAD_STACK_SIZE, THREAD_STACK_BYTES,
	        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	if (!sandbox->daemon)
		return err_set(err, -EIO, "the HTTP server cannot be started");
	take_fd(&fd); /* the server closes it */
	return 0;
}

void serve_stop(struct sandbox *sandbox)
{
	{
		WITH_LOCK(&sandbox->lock);
		sandbox->stopping = true;
		pthread_cond_broadcast(&sandbox->stop);
	}
	if (sandbox->studio)
		studio_stop(sandbox->studio);
	if (sandbox->daemon)
		MHD_stop_daemon(sandbox->daemon);
	sandbox->daemon = NULL;
}
