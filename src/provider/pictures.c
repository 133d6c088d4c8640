/* SPDX-License-Identifier: MIT */
/* Values that are pictures: paths relative to the prompt and addresses, separated by commas. */
#include "definition.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#define QUOTED_CHARS 60
#define SPACES " \t"
#define LIST_TEXT_MAX 16384

/* Cuts the next item off a list, without the white space around it; NULL at its end, -ENOMEM
 * otherwise. */
static int item_next(const char **rest, char **ret_item)
{
	const char *start = *rest;
	size_t length;

	*ret_item = NULL;
	if (!start)
		return 0;
	start += strspn(start, SPACES);
	length = strcspn(start, ",");
	*rest = start[length] ? start + length + 1 : NULL;
	while (length > 0 && strchr(SPACES, start[length - 1]))
		length--;
	*ret_item = strndup(start, length);
	return *ret_item ? 0 : -ENOMEM;
}

/* The length of "https:" and the like, or 0. */
static size_t scheme_length(const char *item)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	size_t length = strspn(item, letters);

	if (length == 0)
		return 0;
	while (item[length] &&
	        (strchr(letters, item[length]) || strchr("0123456789+-.", item[length])))
		length++;
	return item[length] == ':' ? length + 1 : 0;
}

static bool is_address(const char *item)
{
	size_t length = scheme_length(item);

	return (length == 5 && strncasecmp(item, "http:", 5) == 0) ||
	       (length == 6 && strncasecmp(item, "https:", 6) == 0);
}

/* Whether a comma behind an address may be a part of it: what follows begins at once, and is no
 * address itself.  `rest` is what follows the comma. */
static bool comma_is_unclear(const char *value, const char *item, const char *rest)
{
	return rest && is_address(item) && rest - value >= 2 && !strchr(SPACES, rest[-2]) &&
	       *rest && !strchr(SPACES ",", *rest) && !is_address(rest);
}

static int item_check(
        const char *name, const char *value, const char *item, const char *rest, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(item, strlen(item), QUOTED_CHARS);
	struct err why;

	if (!quoted)
		return -ENOMEM;
	if (!*item && !value[strspn(value, SPACES)])
		return err_set(err, -EINVAL,
		        "%s: is empty; give paths relative to the prompt, or https addresses",
		        name);
	if (!*item)
		return err_set(err, -EINVAL,
		        "%s: has nothing before or behind a comma; commas stand between pictures",
		        name);
	if (comma_is_unclear(value, item, rest))
		return err_set(err, -EINVAL,
		        "%s: \"%s\" is followed by a comma that may be a part of it; write a space "
		        "after the comma between pictures, or %%2C for a comma of the address",
		        name, quoted);
	if (is_address(item))
		return address_check_picture(item, &why) < 0
		               ? err_set(err, -EINVAL, "%s: %s", name, why.text)
		               : 0;
	if (scheme_length(item) > 0)
		return err_set(err, -EINVAL,
		        "%s: \"%s\" is no https address; for a file of that name write \"./%s\"",
		        name, quoted, quoted);
	if (*item == '/')
		return err_set(err, -EINVAL,
		        "%s: \"%s\" must be relative to the prompt, not begin with a slash", name,
		        quoted);
	if (strlen(item) >= PATH_MAX)
		return err_set(err, -EINVAL, "%s: \"%s\" is longer than %d bytes", name, quoted,
		        PATH_MAX - 1);
	return 0;
}

static int count_check(
        const struct model_parameter *parameter, const char *name, int64_t count, struct err *err)
{
	int64_t low = parameter->min_length, high = parameter->max_length;
	const char *plural = count == 1 ? " is" : "s are";

	if (count >= low && count <= high)
		return 0;
	if (low == high)
		return err_set(err, -EINVAL,
		        "%s: %" PRId64 " picture%s given; exactly %" PRId64 " must be", name, count,
		        plural, high);
	if (count > high)
		return err_set(err, -EINVAL,
		        "%s: %" PRId64 " picture%s given; at most %" PRId64 " may be", name, count,
		        plural, high);
	return err_set(err, -EINVAL,
	        "%s: %" PRId64 " picture%s given; at least %" PRId64 " must be", name, count,
	        plural, low);
}

int pictures_check(const struct model_parameter *parameter, const char *name, const char *value,
        char **ret_value, struct err *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(LIST_TEXT_MAX);
	const char *rest = value;
	const unsigned char *p;
	int64_t count = 0;
	int r;

	for (p = (const unsigned char *)value; *p && *p >= ' ' && *p != 0x7f; p++)
		;
	if (*p || !utf8_valid(value, strlen(value), NULL))
		return err_set(err, -EINVAL,
		        "%s: must be UTF-8 text without line breaks and control characters", name);
	while (rest) {
		CLEANUP(free_p) char *item = NULL;

		r = item_next(&rest, &item);
		if (r == 0)
			r = item_check(name, value, item, rest, err);
		if (r == 0)
			r = buf_addf(&out, "%s%s", count++ > 0 ? ", " : "", item);
		if (r == -EMSGSIZE)
			return err_set(
			        err, -EINVAL, "%s: is longer than %d bytes", name, LIST_TEXT_MAX);
		if (r < 0)
			return r;
	}
	r = count_check(parameter, name, count, err);
	if (r < 0)
		return r;
	*ret_value = buf_take(&out);
	return *ret_value ? 0 : -ENOMEM;
}

int pictures_check_files(const struct provider *provider, const struct model_parameter *parameter,
        const char *name, const char *value, struct err *err)
{
	const char *rest = value;

	if (provider->upload.there || parameter->pictures.inline_data)
		return 0;
	while (rest) {
		CLEANUP(free_p) char *item = NULL;
		int r = item_next(&rest, &item);

		if (r < 0)
			return r;
		if (!is_address(item))
			return err_set(err, -EINVAL,
			        "%s: %s takes no uploads; give https addresses", name,
			        provider->name);
	}
	return 0;
}

int pictures_refer(const struct model_parameter *parameter, const char *value,
        struct request *request, struct err *err)
{
	const char *rest = value;

	while (rest) {
		CLEANUP(free_p) char *item = NULL;
		int r = item_next(&rest, &item);

		if (r == 0)
			r = request_refer(request, parameter->name, is_address(item) ? NULL : item,
			        is_address(item) ? item : NULL);
		if (r == -E2BIG)
			return err_set(err, -EINVAL, "there are more than %d pictures in all",
			        REFERENCES_MAX);
		if (r < 0)
			return r;
	}
	return 0;
}

size_t pictures_count(const struct request *request, const struct model_parameter *parameter)
{
	size_t count = 0, i;

	for (i = 0; i < request->reference_count; i++)
		count += strcmp(request->references[i].parameter, parameter->name) == 0;
	return count;
}
