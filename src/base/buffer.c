/* SPDX-License-Identifier: MIT */
#include "darkroom/base.h"

#include <stdio.h>
#include <string.h>

#define BUF_FIRST_CAPACITY 64

/* Makes room for `more` bytes and the NUL after them. */
static int buf_reserve(struct buf *buf, size_t more)
{
	size_t need, capacity;
	char *data;

	if (buf->size > buf->limit || more > buf->limit - buf->size)
		return -EMSGSIZE;
	/* No object is larger than this. */
	if (more >= PTRDIFF_MAX - buf->size)
		return -ENOMEM;
	need = buf->size + more + 1;
	if (need <= buf->capacity)
		return 0;
	capacity = buf->capacity > PTRDIFF_MAX / 2 ? need : buf->capacity * 2;
	if (capacity < BUF_FIRST_CAPACITY)
		capacity = BUF_FIRST_CAPACITY;
	if (capacity > buf->limit && buf->limit < SIZE_MAX)
		capacity = buf->limit + 1;
	if (capacity < need)
		capacity = need;
	data = realloc(buf->data, capacity);
	if (!data)
		return -ENOMEM;
	if (!buf->data)
		data[0] = '\0';
	buf->data = data;
	buf->capacity = capacity;
	return 0;
}

int buf_add(struct buf *buf, const void *bytes, size_t size)
{
	int r;

	if (size == 0)
		return 0;
	r = buf_reserve(buf, size);
	if (r < 0)
		return r;
	memcpy(buf->data + buf->size, bytes, size);
	buf->size += size;
	buf->data[buf->size] = '\0';
	return 0;
}

int buf_add_text(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

int buf_addf(struct buf *buf, const char *format, ...)
{
	va_list args;
	int length, r;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length <= 0)
		return length < 0 ? -EINVAL : 0;
	r = buf_reserve(buf, (size_t)length);
	if (r < 0)
		return r;
	va_start(args, format);
	vsnprintf(buf->data + buf->size, (size_t)length + 1, format, args);
	va_end(args);
	buf->size += (size_t)length;
	return 0;
}

void buf_clear(struct buf *buf)
{
	buf->size = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

void buf_done(struct buf *buf)
{
	free(buf->data);
	*buf = BUF_INIT(buf->limit);
}

char *buf_take(struct buf *buf)
{
	char *data = buf->data ? buf->data : calloc(1, 1);

	if (data)
		*buf = BUF_INIT(buf->limit);
	return data;
}
