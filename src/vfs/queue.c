/* SPDX-License-Identifier: MIT */
/* `.darkroom/queue`: one line for each take under way: state, age in seconds, path.
 *
 * The first two columns have one width for all lines, so that the size of the file says nothing
 * about ages, and stays as long as the file's time does.
 */
#include "internal.h"

/* How far the file grows; what does not fit is counted in its last line. */
#define QUEUE_MAX (16u << 20)
#define LAST_LINE_MAX 64

struct lines {
	struct buf *page;
	size_t left_out;
};

static int line_add(void *context, const struct engine_queued *queued)
{
	struct lines *lines = context;
	struct buf *page = lines->page;
	size_t start = page->size;
	int r = lines->left_out ? -EMSGSIZE : 0;

	if (r == 0)
		r = buf_addf(page, "%-11s %8lld ", task_state_name(queued->state),
		        (long long)(queued->age_ms / 1000));
	if (r == 0)
		r = buf_add_column(page, queued->path);
	if (r == 0)
		r = buf_add_text(page, "\n");
	if (r == 0 && page->size > page->limit - LAST_LINE_MAX)
		r = -EMSGSIZE;
	if (r != -EMSGSIZE)
		return r;
	if (page->size > start) {
		page->size = start;
		page->data[start] = '\0';
	}
	lines->left_out++;
	return 0;
}

int queue_page(struct vfs *vfs, struct buf *page)
{
	struct lines lines = {.page = page};
	int r;

	page->limit = QUEUE_MAX;
	r = engine_each_queued(vfs->engine, line_add, &lines);
	if (r == 0 && lines.left_out)
		r = buf_addf(page, "%-11s %8zu more\n", "...", lines.left_out);
	return r;
}

struct timespec queue_time(struct vfs *vfs)
{
	int64_t changed_ms = engine_queue_changed_ms(vfs->engine);

	return (struct timespec){
	        .tv_sec = changed_ms / 1000, .tv_nsec = changed_ms % 1000 * INT64_C(1000000)};
}
