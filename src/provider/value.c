/* SPDX-License-Identifier: MIT */
/* Values of parameters: whether one is allowed, its one spelling, and how it is sent. */
#include "definition.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define QUOTED_CHARS 60
#define RANGE_MAX 16384

const struct common *parameter_common(const struct model_parameter *parameter, const char *name)
{
	size_t i;

	for (i = 0; i < parameter->common_count; i++)
		if (strcmp(parameter->commons[i].name, name) == 0)
			return &parameter->commons[i];
	return NULL;
}

/* A range without a lower or upper end is said in words that have only the other one. */
static int range_numbers(const struct model_parameter *parameter, const char *what, struct buf *out)
{
	bool low = isfinite(parameter->min), high = isfinite(parameter->max);

	if (low && high)
		return buf_addf(
		        out, "%s from %.15g to %.15g", what, parameter->min, parameter->max);
	if (low)
		return buf_addf(out, "%s from %.15g", what, parameter->min);
	if (high)
		return buf_addf(out, "%s up to %.15g", what, parameter->max);
	return buf_addf(out, "%s", what);
}

static int range_lengths(const struct model_parameter *parameter, const char *what, struct buf *out)
{
	bool low = parameter->min_length > 0, high = parameter->max_length < INT64_MAX;

	if (low && high)
		return buf_addf(out, "from %" PRId64 " to %" PRId64 " %s", parameter->min_length,
		        parameter->max_length, what);
	if (low)
		return buf_addf(out, "at least %" PRId64 " %s", parameter->min_length, what);
	if (high)
		return buf_addf(out, "at most %" PRId64 " %s", parameter->max_length, what);
	return buf_add_text(out, strcmp(what, "characters") == 0 ? "any text" : what);
}

static int range_pictures(const struct model_parameter *parameter, struct buf *out)
{
	int64_t low = parameter->min_length, high = parameter->max_length;

	if (high == 1)
		return buf_add_text(out, "a picture");
	if (low == high)
		return buf_addf(out, "exactly %" PRId64 " pictures", high);
	return buf_addf(out, "%" PRId64 " to %" PRId64 " pictures", low, high);
}

static int range_values(
        const struct model_parameter *parameter, const struct common *common, struct buf *out)
{
	bool mapped = common && common->map.count > 0;
	bool single = mapped ? common->map.count == 1 : !parameter->values[1];
	size_t i;
	int r = 0;

	for (i = 0; r == 0; i++) {
		const char *value =
		        mapped ? i < common->map.count ? common->map.items[i].from : NULL
		               : parameter->values[i];

		if (!value)
			break;
		r = buf_addf(out, "%s%s", i ? ", " : single ? "" : "one of ", value);
	}
	return r;
}

char *value_range(const struct model_parameter *parameter, const struct common *common)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(RANGE_MAX);
	int r = 0;

	if (parameter->values || (common && common->map.count > 0)) {
		r = range_values(parameter, common, &out);
		return r == -ENOMEM ? NULL : buf_take(&out);
	}
	switch (parameter->type) {
	case VALUE_STRING:
		r = range_lengths(parameter, "characters", &out);
		break;
	case VALUE_INTEGER:
		r = range_numbers(parameter, "a whole number", &out);
		break;
	case VALUE_NUMBER:
		r = range_numbers(parameter, "a number", &out);
		break;
	case VALUE_BOOLEAN:
		r = buf_add_text(&out, "one of true, false");
		break;
	case VALUE_STRINGS:
		r = range_lengths(parameter, "words separated by spaces", &out);
		break;
	case VALUE_JSON:
		r = buf_add_text(&out, "JSON");
		break;
	case VALUE_PICTURE:
	case VALUE_PICTURES:
		r = range_pictures(parameter, &out);
		break;
	}
	return r == -ENOMEM ? NULL : buf_take(&out);
}

/* Digits with a sign, and where it need not be whole, a point and an exponent. */
static bool is_number(const char *text, bool whole)
{
	size_t length;

	text += *text == '-';
	length = strspn(text, "0123456789");
	if (length == 0)
		return false;
	text += length;
	if (!whole && *text == '.') {
		length = strspn(++text, "0123456789");
		if (length == 0)
			return false;
		text += length;
	}
	if (!whole && (*text == 'e' || *text == 'E')) {
		text++;
		text += *text == '-' || *text == '+';
		length = strspn(text, "0123456789");
		if (length == 0)
			return false;
		text += length;
	}
	return *text == '\0';
}

/* Read by json, which does not depend on the locale as strtod does. */
static int number_of(const char *value, double *ret_number)
{
	CLEANUP(json_free_p) struct json *text = json_new_string(value);

	if (!text)
		return -ENOMEM;
	return json_number(text, ret_number) && isfinite(*ret_number) ? 0 : -EINVAL;
}

static int spell_integer(const struct model_parameter *parameter, const char *value, char **ret)
{
	intmax_t number;

	if (!is_number(value, true))
		return -EINVAL;
	errno = 0;
	number = strtoimax(value, NULL, 10);
	if (errno != 0 || (double)number < parameter->min || (double)number > parameter->max)
		return -EINVAL;
	return asprintf(ret, "%" PRIdMAX, number) < 0 ? -ENOMEM : 0;
}

static int spell_number(const struct model_parameter *parameter, const char *value, char **ret)
{
	CLEANUP(json_free_p) struct json *node = NULL;
	double number;
	int r;

	if (!is_number(value, false))
		return -EINVAL;
	r = number_of(value, &number);
	if (r < 0)
		return r;
	if (number < parameter->min || number > parameter->max)
		return -EINVAL;
	node = json_new_double(number == 0 ? 0 : number);
	*ret = node ? json_text(node) : NULL;
	return *ret ? 0 : -ENOMEM;
}

static int spell_boolean(const char *value, char **ret)
{
	static const char *const words[] = {
	        "false", "true", "0", "1", "no", "yes", "off", "on", NULL};
	int index = word_read(value, words, "", NULL);

	if (index < 0)
		return index;
	*ret = strdup(words[index % 2]);
	return *ret ? 0 : -ENOMEM;
}

static int spell_string(const struct model_parameter *parameter, const char *value, char **ret)
{
	size_t length, size = strlen(value);

	if (!utf8_valid(value, size, NULL))
		return -EINVAL;
	length = utf8_length(value, size);
	if (length < (uint64_t)parameter->min_length || length > (uint64_t)parameter->max_length)
		return -EINVAL;
	*ret = strdup(value);
	return *ret ? 0 : -ENOMEM;
}

#define SPACES " \t\n\r"

/* Words with one space between them. */
static int spell_strings(const struct model_parameter *parameter, const char *value, char **ret)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(PARAMETER_VALUE_MAX);
	int64_t count = 0;

	if (!utf8_valid(value, strlen(value), NULL))
		return -EINVAL;
	for (value += strspn(value, SPACES); *value; value += strspn(value, SPACES)) {
		size_t length = strcspn(value, SPACES);
		int r = count++ > 0 ? buf_add_text(&out, " ") : 0;

		if (r == 0)
			r = buf_add(&out, value, length);
		if (r < 0)
			return r == -ENOMEM ? r : -EINVAL;
		value += length;
	}
	if (count == 0 || count < parameter->min_length || count > parameter->max_length)
		return -EINVAL;
	*ret = buf_take(&out);
	return *ret ? 0 : -ENOMEM;
}

static int spell_json(const char *value, char **ret)
{
	CLEANUP(json_free_p) struct json *document = NULL;
	int r = json_parse(value, strlen(value), &document, NULL);

	if (r < 0)
		return r;
	if (json_type(document) == JSON_NONE)
		return -EINVAL;
	*ret = json_text(document);
	return *ret ? 0 : -ENOMEM;
}

static int spell(const struct model_parameter *parameter, const char *value, char **ret)
{
	switch (parameter->type) {
	case VALUE_STRING:
		return spell_string(parameter, value, ret);
	case VALUE_INTEGER:
		return spell_integer(parameter, value, ret);
	case VALUE_NUMBER:
		return spell_number(parameter, value, ret);
	case VALUE_BOOLEAN:
		return spell_boolean(value, ret);
	case VALUE_STRINGS:
		return spell_strings(parameter, value, ret);
	case VALUE_JSON:
		return spell_json(value, ret);
	case VALUE_PICTURE:
	case VALUE_PICTURES:
		break;
	}
	return -EINVAL;
}

static int wrong(const struct model_parameter *parameter, const struct common *common,
        const char *name, const char *value, struct err *err)
{
	CLEANUP(free_p) char *quoted = text_line(value, strlen(value), QUOTED_CHARS);
	CLEANUP(free_p) char *range = value_range(parameter, common);

	return err_set(err, -EINVAL, "%s: \"%s\" is not %s", name, quoted ? quoted : "",
	        range ? range : "allowed");
}

int value_check(const struct model_parameter *parameter, const struct common *common,
        const char *name, const char *value, char **ret_value, struct err *err)
{
	CLEANUP(free_p) char *spelled = NULL;
	const char *own = value;
	int r;

	if (type_is_picture(parameter->type)) {
		r = pictures_check(parameter, name, value, ret_value, err);
		return r == -ENOMEM ? err_set(err, r, "out of memory") : r;
	}
	if (common && common->map.count > 0)
		own = pairs_get(&common->map, value);
	else if (pairs_get(&parameter->aliases, value))
		own = pairs_get(&parameter->aliases, value);
	if (!own)
		return wrong(parameter, common, name, value, err);
	r = spell(parameter, own, &spelled);
	if (r == -ENOMEM)
		return err_set(err, r, "out of memory");
	if (r < 0 || (parameter->values && !list_has(parameter->values, spelled)))
		return wrong(parameter, common, name, value, err);
	*ret_value = TAKE(spelled);
	return 0;
}

static struct json *strings_json(const char *value)
{
	CLEANUP(json_free_p) struct json *array = json_new_array();

	if (!array)
		return NULL;
	while (*value) {
		size_t length = strcspn(value, " ");
		CLEANUP(free_p) char *word = strndup(value, length);

		if (!word || json_append(array, json_new_string(word)) < 0)
			return NULL;
		value += length + (value[length] == ' ');
	}
	return TAKE(array);
}

struct json *value_json(const struct model_parameter *parameter, const char *value)
{
	struct json *document = NULL;
	double number;

	if (parameter->as_string)
		return json_new_string(value);
	switch (parameter->type) {
	case VALUE_STRING:
		return json_new_string(value);
	case VALUE_INTEGER:
		return json_new_integer(strtoimax(value, NULL, 10));
	case VALUE_NUMBER:
		return number_of(value, &number) == 0 ? json_new_double(number) : NULL;
	case VALUE_BOOLEAN:
		return json_new_bool(strcmp(value, "true") == 0);
	case VALUE_STRINGS:
		return strings_json(value);
	case VALUE_JSON:
		return json_parse(value, strlen(value), &document, NULL) == 0 ? document : NULL;
	case VALUE_PICTURE:
	case VALUE_PICTURES:
		break;
	}
	return NULL;
}
