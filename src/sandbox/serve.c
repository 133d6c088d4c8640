/* SPDX-License-Identifier: MIT */
/* The HTTP server.  Each connection has a thread of its own, so that a request that waits (for its
 * delay, for a picture) holds up no other; every wait ends when the sandbox stops.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <microhttpd.h>

#include "server.h"

#define CONNECTIONS_MAX 256u
#define CONNECTION_MEMORY_BYTES ((size_t)128 << 10)
#define THREAD_STACK_BYTES ((size_t)512 << 10)
#define GATE_LOOK_MS 20

/* A request while its body arrives. */
struct arrival {
	struct buf body;
	bool too_large;
	char *until; /* the file for which the body waits half way; NULL: none */
	size_t half;
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

bool serve_wait_for(struct sandbox *sandbox, const char *path)
{
	while (access(path, F_OK) != 0)
		if (!serve_wait(sandbox, GATE_LOOK_MS))
			return false;
	return true;
}

/* ---- libmicrohttpd's callbacks ---- */

/* What the fault wants before the answer; false where the sandbox stops in the meantime. */
static bool fault_wait(struct sandbox *sandbox, const struct fault *fault)
{
	if (!fault)
		return true;
	if (fault->delay_ms > 0 && !serve_wait(sandbox, fault->delay_ms))
		return false;
	if (!fault->until || fault->on == REQUEST_DOWNLOAD)
		return true;
	return serve_wait_for(sandbox, fault->until);
}

static enum MHD_Result visit(struct sandbox *sandbox, struct MHD_Connection *connection,
        const char *path, const char *method, const struct arrival *arrival)
{
	CLEANUP(answer_done) struct answer answer = {.body = NULL};
	struct request request;
	int r = request_read(
	        sandbox, connection, path, method, &arrival->body, arrival->too_large, &request);

	if (r == 0)
		visit_decide(sandbox, &request, &answer);
	else
		log_error("a request was dropped: %s", strerror(-r));
	request_done(&request);
	if (r != 0 || !fault_wait(sandbox, answer.fault))
		return MHD_NO;
	return answer.closes ? MHD_NO : (enum MHD_Result)deliver(sandbox, connection, &answer);
}

/* A request has begun: how much of it is taken, and where it waits. */
static int arrival_new(struct sandbox *sandbox, struct MHD_Connection *connection, const char *path,
        struct arrival **ret_arrival)
{
	enum request_kind kind = request_kind_of(sandbox, path);
	const char *length = MHD_lookup_connection_value(
	        connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
	struct arrival *arrival = calloc(1, sizeof(*arrival));
	uint64_t size = 0;
	WITH_LOCK(&sandbox->lock);
	const char *until =
	        kind == REQUEST_UPLOAD ? scenario_until(&sandbox->scenario, kind) : NULL;

	if (!arrival)
		return -ENOMEM;
	arrival->body = BUF_INIT(request_body_max(sandbox, kind));
	arrival->half = length && text_u64(length, SIZE_MAX, &size) ? size / 2 : 0;
	arrival->until = until ? strdup(until) : NULL;
	if (until && !arrival->until) {
		free(arrival);
		return -ENOMEM;
	}
	*ret_arrival = arrival;
	return 0;
}

/* False where the sandbox stops in the meantime. */
static bool arrival_wait(struct sandbox *sandbox, struct arrival *arrival)
{
	CLEANUP(free_p) char *until = NULL;

	if (!arrival->until || arrival->body.size < arrival->half)
		return true;
	until = TAKE(arrival->until);
	return serve_wait_for(sandbox, until);
}

/* Called for the head of a request, for each part of its body, and at its end. */
static enum MHD_Result on_access(void *context, struct MHD_Connection *connection, const char *path,
        const char *method, const char *version, const char *part, size_t *part_size, void **state)
{
	struct arrival *arrival = *state;

	if (!arrival) {
		if (arrival_new(context, connection, path, &arrival) != 0)
			return MHD_NO;
		*state = arrival;
		return MHD_YES;
	}
	if (*part_size > 0) {
		if (!arrival->too_large && buf_add(&arrival->body, part, *part_size) != 0) {
			arrival->too_large = true;
			buf_done(&arrival->body);
		}
		*part_size = 0;
		return arrival_wait(context, arrival) ? MHD_YES : MHD_NO;
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
	free(arrival->until);
	free(arrival);
	*state = NULL;
}

int serve_start(struct sandbox *sandbox, const char *listen, struct err *err)
{
	CLEANUP(close_p) int fd = -1;
	int r = listen_open(listen, &fd, sandbox->url, sizeof(sandbox->url), err);

	if (r != 0)
		return r;
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
