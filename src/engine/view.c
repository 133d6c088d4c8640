/* SPDX-License-Identifier: MIT */
/* Views: what the status file, the attributes and NAME.wait show of a prompt's latest take. */
#include "engine-private.h"

#include <stdio.h>
#include <string.h>

#define STATUS_MAX (64u << 10)

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

static int line(struct buf *status, const char *key, const char *value)
{
	if (!value || !*value)
		return 0;
	return buf_addf(status, "%s: %s\n", key, value);
}

static int line_time(struct buf *status, const char *key, int64_t wall_ms)
{
	char text[TIME_TEXT_SIZE];

	if (!wall_ms)
		return 0;
	time_text(wall_ms, text);
	return line(status, key, text);
}

static int line_seconds(struct buf *status, const char *key, int64_t from_ms, int64_t to_ms)
{
	if (!from_ms || to_ms < from_ms)
		return 0;
	return buf_addf(status, "%s: %.1f s\n", key, (double)(to_ms - from_ms) / 1000.0);
}

/* Credits as people write them: 6.5, 14. */
static int line_credits(struct buf *status, const char *key, double credits)
{
	return buf_addf(status, "%s: %.10g\n", key, credits);
}

/* The value on one line and cut, since a parameter may be a text of its own. */
static int line_text(struct buf *status, const char *key, const char *value)
{
	CLEANUP(free_p) char *text = NULL;

	if (!value)
		return 0;
	text = text_line(value, strlen(value), 400);
	if (!text)
		return -ENOMEM;
	return line(status, key, text);
}

static int render_outcome(struct buf *status, const struct store_take *row, const char *wait_reason)
{
	int r = line(status, "state", task_state_name(row->state));

	if (r == 0)
		r = line_text(status, "reason", wait_reason ? wait_reason : row->reason);
	if (r == 0)
		r = line_text(status, "error", row->error);
	if (r == 0 && row->state == TASK_FAIL && row->credits_known)
		r = row->credits > 0 ? line_credits(status, "charged", row->credits)
		                     : line(status, "charged", "no");
	if (r == 0)
		r = line_text(status, "hint", row->hint);
	return r;
}

/* The pictures of one parameter, whose first one is the reference at `first`. */
static int render_pictures(struct buf *status, const struct request *request, size_t first)
{
	const char *parameter = request->references[first].parameter;
	CLEANUP(buf_done) struct buf names = BUF_INIT(STATUS_MAX);
	size_t i;
	int r = 0;

	for (i = first; r == 0 && i < request->reference_count; i++) {
		const struct reference *reference = &request->references[i];

		if (strcmp(reference->parameter, parameter) == 0)
			r = buf_addf(&names, "%s%s", i > first ? ", " : "",
			        reference->path ? reference->path : reference->url);
	}
	return r == 0 ? line_text(status, parameter, names.data) : r;
}

static int render_references(struct buf *status, const struct request *request)
{
	size_t i, k;
	int r = 0;

	for (i = 0; r == 0 && i < request->reference_count; i++) {
		for (k = 0; k < i; k++)
			if (strcmp(request->references[k].parameter,
			            request->references[i].parameter) == 0)
				break;
		if (k == i)
			r = render_pictures(status, request, i);
	}
	return r;
}

static int render_request(struct buf *status, const struct store_take *row)
{
	size_t i;
	int r = line_text(status, "provider", row->request.provider);

	if (r == 0)
		r = line_text(status, "model", row->request.model);
	for (i = 0; r == 0 && i < row->request.parameters.count; i++)
		r = line_text(status, row->request.parameters.items[i].name,
		        row->request.parameters.items[i].value);
	if (r == 0)
		r = render_references(status, &row->request);
	if (r == 0)
		r = line_text(status, "variation", row->request.variation);
	if (r == 0)
		r = line_text(status, "ignored", row->ignored);
	return r;
}

static int render_images(struct buf *status, const struct store_take *row)
{
	bool first = true;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < row->picture_count; i++) {
		if (!row->pictures[i].name)
			continue;
		r = buf_addf(status, "%s%s", first ? "images: " : ", ", row->pictures[i].name);
		first = false;
	}
	if (r == 0 && !first)
		r = buf_add_text(status, "\n");
	return r;
}

static int render_task(struct buf *status, const struct store_take *row)
{
	int r = line_text(status, "task", row->task_id);

	if (r == 0)
		r = line(status, "uuid", row->uuid);
	if (r == 0)
		r = buf_addf(status, "take: %lld\n", (long long)row->number);
	if (r == 0)
		r = line_time(status, "created", row->created_ms);
	if (r == 0)
		r = line_time(status, "completed", row->completed_ms);
	if (r == 0 && task_state_is_final(row->state))
		r = line_seconds(status, "elapsed", row->submitted_ms, row->completed_ms);
	if (r == 0 && row->took_ms > 0 && task_state_is_final(row->state))
		r = buf_addf(status, "generated: %.1f s\n", (double)row->took_ms / 1000.0);
	if (r == 0 && row->credits_known && row->state != TASK_FAIL)
		r = line_credits(status, "credits", row->credits);
	if (r == 0)
		r = render_images(status, row);
	return r;
}

static char *picture_lines(const struct store_take *row)
{
	struct buf lines CLEANUP(buf_done) = BUF_INIT(STATUS_MAX);
	size_t i;

	for (i = 0; i < row->picture_count; i++)
		if (row->pictures[i].name && buf_addf(&lines, "%s\n", row->pictures[i].name) < 0)
			return NULL;
	return buf_take(&lines);
}

/* Keeps what belongs together in one snapshot; NULL without memory. */
static struct view *view_make(
        const struct store_take *row, const char *wait_reason, int64_t wall_ms)
{
	struct buf status CLEANUP(buf_done) = BUF_INIT(STATUS_MAX);
	CLEANUP(view_unref_p) struct view *view = calloc(1, sizeof(*view));

	if (!view)
		return NULL;
	view->refs = 1;
	view->state = row->state;
	if (render_outcome(&status, row, wait_reason) < 0 || render_request(&status, row) < 0 ||
	        (row->number > 0 && render_task(&status, row) < 0))
		return NULL;
	view->status_size = status.size;
	view->status = buf_take(&status);
	view->pictures = picture_lines(row);
	memcpy(view->prompt_uuid, row->prompt, sizeof(view->prompt_uuid));
	memcpy(view->take_uuid, row->uuid, sizeof(view->take_uuid));
	view->credits_known = row->credits_known;
	view->credits = row->credits;
	view->created_ms = row->created_ms;
	view->completed_ms = row->completed_ms;
	view->changed_ms = wall_ms;
	if (!view->status || !view->pictures || row_set(&view->task_id, row->task_id) < 0 ||
	        row_set(&view->error, row->error) < 0)
		return NULL;
	return TAKE(view);
}

struct view *view_unordered(bool empty, const char *lacks, int64_t changed_ms)
{
	const struct store_take row = {
	        .state = empty ? TASK_INVALID : TASK_HELD,
	        .error = !empty  ? NULL
	                 : lacks ? (char *)lacks
	                         : (char *)"the prompt is empty",
	        .reason = empty ? NULL : (char *)"changed while unmounted",
	        .hint = !empty  ? (char *)"write release into the status file to order it"
	                : lacks ? NULL
	                        : (char *)"write a text into it",
	};

	return view_make(&row, NULL, changed_ms);
}

void view_publish(struct engine *engine, struct prompt *prompt)
{
	struct take *take = prompt->takes;
	struct view *view = NULL, *old;

	if (take) {
		view = view_make(&take->row, take->wait_reason, engine_wall_ms(engine));
		if (!view)
			return; /* the older view stays until the next change */
	}
	{
		WITH_LOCK(&engine->index_lock);
		old = prompt->view;
		if (view && old && view->status_size == old->status_size &&
		        strcmp(view->status, old->status) == 0) {
			view_unref(view);
			return;
		}
		prompt->view = view;
	}
	view_unref(old);
	publisher_notify(engine, prompt);
}
