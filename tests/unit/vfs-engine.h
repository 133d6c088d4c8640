/* SPDX-License-Identifier: MIT */
/* An engine for the tests of vfs: writes down what it is told, and shows the views it is given. */
#pragma once

#include "darkroom/engine.h"

#include <stdio.h>
#include <string.h>

#define CALLS_MAX 4096
#define VIEWS_MAX 64

struct engine {
	pthread_mutex_t lock;
	char calls[CALLS_MAX]; /* one a line */
	int order_result;
	char content[8192]; /* of the last order */
	size_t content_size;
	char error[400];
	char model[100], text[1000], aspect_ratio[40];
	char references[2000]; /* parameter, path or address, size and digest's begin, one a line */
	struct {
		char path[300];
		struct view *view;
	} views[VIEWS_MAX];
	size_t view_count;
	struct engine_known known[8];
	size_t known_count;
	const struct engine_queued *queued;
	size_t queued_count;
	int64_t queue_changed_ms;
};

static struct engine stub = {.lock = PTHREAD_MUTEX_INITIALIZER};

PRINTF(1, 2) static void stub_note(const char *format, ...)
{
	size_t used = strlen(stub.calls);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(stub.calls + used, sizeof(stub.calls) - used, format, arguments);
	va_end(arguments);
}

/* What was called since the last time. */
static const char *stub_calls(void)
{
	static char calls[CALLS_MAX];

	WITH_LOCK(&stub.lock);
	memcpy(calls, stub.calls, sizeof(calls));
	stub.calls[0] = '\0';
	return calls;
}

static struct view *stub_view_new(enum task_state state, const char *status, const char *pictures)
{
	struct view *view = calloc(1, sizeof(*view));

	view->refs = 1;
	view->state = state;
	view->status = strdup(status);
	view->status_size = strlen(status);
	view->pictures = strdup(pictures);
	return view;
}

/* Takes the view; NULL makes the prompt unknown. */
static void stub_view_set(const char *path, struct view *view)
{
	struct view *old = NULL;
	size_t i;

	{
		WITH_LOCK(&stub.lock);
		for (i = 0; i < stub.view_count && strcmp(stub.views[i].path, path) != 0; i++)
			;
		if (i == stub.view_count && i < VIEWS_MAX) {
			stub.view_count++;
			snprintf(stub.views[i].path, sizeof(stub.views[i].path), "%s", path);
		}
		old = stub.views[i].view;
		stub.views[i].view = view;
	}
	view_unref(old);
}

static void stub_done(void)
{
	for (size_t i = 0; i < stub.view_count; i++)
		stub.views[i].view = view_unref(stub.views[i].view);
	stub.view_count = 0;
	stub.queued = NULL;
	stub.queued_count = 0;
}

/* ---- engine.h ---- */

struct view *view_ref(struct view *view)
{
	__atomic_add_fetch(&view->refs, 1, __ATOMIC_RELAXED);
	return view;
}

struct view *view_unref(struct view *view)
{
	if (view && __atomic_sub_fetch(&view->refs, 1, __ATOMIC_ACQ_REL) == 0) {
		free(view->status);
		free(view->pictures);
		free(view->task_id);
		free(view->error);
		free(view);
	}
	return NULL;
}

void view_unref_p(struct view **view)
{
	*view = view_unref(*view);
}

bool view_has_ended(const struct view *view)
{
	return task_state_is_final(view->state) || view->state == TASK_INVALID;
}

struct view *view_unordered(bool empty, const char *lacks, int64_t changed_ms)
{
	struct view *view = stub_view_new(empty ? TASK_INVALID : TASK_HELD,
	        empty ? "state: invalid\n" : "state: held\nreason: changed while unmounted\n", "");

	view->error = lacks ? strdup(lacks) : NULL;
	view->changed_ms = changed_ms;
	return view;
}

struct view *engine_view(struct engine *engine, const char *path)
{
	WITH_LOCK(&stub.lock);
	(void)engine;
	for (size_t i = 0; i < stub.view_count; i++)
		if (stub.views[i].view && strcmp(stub.views[i].path, path) == 0)
			return view_ref(stub.views[i].view);
	return NULL;
}

static void note_order(const struct provider_order *order)
{
	const char *aspect_ratio = parameters_get(&order->request.parameters, "aspect_ratio");

	snprintf(stub.model, sizeof(stub.model), "%s", order->request.model);
	snprintf(stub.text, sizeof(stub.text), "%s", order->request.text);
	snprintf(stub.aspect_ratio, sizeof(stub.aspect_ratio), "%s",
	        aspect_ratio ? aspect_ratio : "");
	stub.references[0] = '\0';
	for (size_t i = 0; i < order->request.reference_count; i++) {
		const struct reference *reference = &order->request.references[i];
		size_t used = strlen(stub.references);

		snprintf(stub.references + used, sizeof(stub.references) - used,
		        "%s %s %lld %.8s\n", reference->parameter,
		        reference->path ? reference->path : reference->url,
		        (long long)reference->size, reference->sha256);
	}
}

int engine_order(struct engine *engine, const struct engine_order *order)
{
	WITH_LOCK(&stub.lock);
	(void)engine;
	stub_note("order %s%s%s\n", order->path,
	        order->cause == ENGINE_UNMOUNTED ? " unmounted" : "",
	        order->empty         ? " empty"
	        : !order->order      ? " error"
	        : order->order->hold ? " hold"
	                             : "");
	snprintf(stub.error, sizeof(stub.error), "%s", order->error ? order->error : "");
	stub.content_size = order->content_size < sizeof(stub.content) ? order->content_size
	                                                               : sizeof(stub.content);
	memcpy(stub.content, order->content, stub.content_size);
	if (order->order)
		note_order(order->order);
	return stub.order_result;
}

void engine_writers(struct engine *engine, const char *path, int change)
{
	WITH_LOCK(&stub.lock);
	(void)engine;
	stub_note("writers %s %+d\n", path, change);
}

static const char *const stub_commands[] = {"retry", "regenerate", "cancel", "release"};

int engine_command_parse(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(stub_commands); i++)
		if (strcmp(stub_commands[i], word) == 0)
			return (int)i;
	return -1;
}

int engine_command(struct engine *engine, const char *path, enum engine_command command)
{
	WITH_LOCK(&stub.lock);
	(void)engine;
	stub_note("%s %s\n", stub_commands[command], path);
	return 0;
}

int engine_command_now(
        struct engine *engine, enum engine_command command, const struct engine_order *now)
{
	WITH_LOCK(&stub.lock);
	(void)engine;
	stub_note("%s %s%s\n", stub_commands[command], now->path,
	        now->empty    ? " empty"
	        : !now->order ? " error"
	                      : " as it is now");
	if (now->order)
		note_order(now->order);
	return now->order ? 0 : -EINVAL;
}

int engine_settle(struct engine *engine, const char *path, const char *task_id)
{
	WITH_LOCK(&stub.lock);
	(void)engine;
	stub_note("settle %s [%s]\n", path, task_id);
	return *task_id ? 0 : -EINVAL;
}

void engine_moved(struct engine *engine, const char *from, const char *to, bool exchange)
{
	WITH_LOCK(&stub.lock);
	(void)engine;
	stub_note("moved %s %s%s\n", from, to, exchange ? " exchange" : "");
}

void engine_deleted(struct engine *engine, const char *path)
{
	WITH_LOCK(&stub.lock);
	(void)engine;
	stub_note("deleted %s\n", path);
}

int engine_budget_page(struct engine *engine, struct buf *page)
{
	(void)engine;
	return buf_add_text(page, "size: 12.5\n");
}

int engine_each_known(struct engine *engine,
        int (*callback)(void *context, const struct engine_known *known), void *context)
{
	int r = 0;

	(void)engine;
	for (size_t i = 0; r == 0 && i < stub.known_count; i++)
		r = callback(context, &stub.known[i]);
	return r;
}

int engine_each_queued(struct engine *engine,
        int (*callback)(void *context, const struct engine_queued *queued), void *context)
{
	int r = 0;

	(void)engine;
	for (size_t i = 0; r == 0 && i < stub.queued_count; i++)
		r = callback(context, &stub.queued[i]);
	return r;
}

int64_t engine_queue_changed_ms(struct engine *engine)
{
	(void)engine;
	return stub.queue_changed_ms;
}
