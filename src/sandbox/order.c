/* SPDX-License-Identifier: MIT */
/* A service takes what it knows and looks at nothing else: a member that the table does not have is
 * no error, only noted.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "order.h"

int complain(struct complaint *complaint, enum trouble trouble, const char *about)
{
	complaint->trouble = trouble;
	snprintf(complaint->about, sizeof(complaint->about), "%s", about);
	return 1;
}

static bool given(const struct json *node)
{
	return json_type(node) != JSON_NONE &&
	       !(json_type(node) == JSON_ARRAY && !json_count(node));
}

static bool is_empty(const struct json *node)
{
	const char *text = json_string(node);

	return text && !*text;
}

const struct json *order_value(const struct order *order, const char *field)
{
	const struct json *node = json_member(order->input, field);
	const struct json *row = json_member(json_member(order->model, "fields"), field);

	return json_type(node) != JSON_NONE ? node : json_member(row, "else");
}

const struct json *order_value_of(const struct order *order, const char *key)
{
	const char *field = json_string(json_member(order->model, key));

	return field ? order_value(order, field) : NULL;
}

/* ---- one field ---- */

static bool in_range(double value, const struct json *row)
{
	double low, high;

	if (json_number(json_member(row, "min"), &low) && value < low)
		return false;
	return !json_number(json_member(row, "max"), &high) || value <= high;
}

static bool text_is_of(const char *text, const struct json *words)
{
	for (size_t i = 0; i < json_count(words); i++)
		if (strcmp(json_string(json_element(words, i)), text) == 0)
			return true;
	return json_type(words) == JSON_NONE;
}

static bool starts_with(const char *text, const char *start)
{
	return strncasecmp(text, start, strlen(start)) == 0;
}

static bool address_is_good(const struct dialect *dialect, const struct json *node)
{
	const char *address = json_string(node);

	if (!address)
		return false;
	if (starts_with(address, "data:"))
		return dialect->takes_data;
	return (starts_with(address, "http://") || starts_with(address, "https://")) &&
	       strlen(address) <= ADDRESS_BYTES_MAX;
}

static bool text_check(const struct json *row, const char *field, const struct json *node,
        struct complaint *complaint)
{
	const char *text = json_string(node);

	if (!text || !text_is_of(text, json_member(row, "of"))) {
		complain(complaint, TROUBLE_VALUE, field);
		return false;
	}
	if (!in_range((double)utf8_length(text, strlen(text)), row)) {
		complain(complaint, TROUBLE_LENGTH, field);
		return false;
	}
	return true;
}

static bool items_are_good(const struct dialect *dialect, const char *type, const struct json *row,
        const struct json *node)
{
	bool addresses = strcmp(type, "addresses") == 0, integers = strcmp(type, "integers") == 0;

	if (json_type(node) != JSON_ARRAY || !in_range((double)json_count(node), row))
		return false;
	for (size_t i = 0; i < json_count(node); i++) {
		const struct json *item = json_element(node, i);

		if ((addresses && !address_is_good(dialect, item)) ||
		        (integers && json_type(item) != JSON_INT))
			return false;
	}
	return true;
}

static bool value_is_good(const struct dialect *dialect, const char *type, const struct json *row,
        const struct json *node)
{
	enum json_type is = json_type(node);
	double number = 0;

	if (strcmp(type, "boolean") == 0)
		return is == JSON_BOOL;
	if (strcmp(type, "integer") == 0)
		return is == JSON_INT && json_number(node, &number) && in_range(number, row);
	if (strcmp(type, "number") == 0)
		return (is == JSON_INT || is == JSON_DOUBLE) && json_number(node, &number) &&
		       in_range(number, row);
	if (strcmp(type, "address") == 0)
		return address_is_good(dialect, node);
	if (strcmp(type, "task") == 0)
		return json_string(node) != NULL;
	return items_are_good(dialect, type, row, node);
}

static int field_check(const struct dialect *dialect, const struct json *row, const char *field,
        const struct json *node, struct complaint *complaint)
{
	const char *type = json_string(json_member(row, "type"));
	bool required = false;

	json_bool(json_member(row, "required"), &required);
	if (!given(node) || is_empty(node)) {
		if (required)
			return complain(complaint, TROUBLE_MISSING, field);
		if (!given(node))
			return 0;
	}
	if (strcmp(type, "text") == 0)
		return text_check(row, field, node, complaint) ? 0 : 1;
	return value_is_good(dialect, type, row, node) ? 0
	                                               : complain(complaint, TROUBLE_VALUE, field);
}

/* ---- fields together ---- */

static bool value_is_among(const struct json *value, const struct json *list)
{
	const char *text = json_string(value);
	bool flag = false, listed = false, is_flag = json_bool(value, &flag);

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_element(list, i);

		if (text && json_string(item) && strcmp(text, json_string(item)) == 0)
			return true;
		if (is_flag && json_bool(item, &listed) && flag == listed)
			return true;
	}
	return false;
}

static bool condition_holds(
        const struct order *order, const char *field, const struct json *condition)
{
	const struct json *node = json_member(order->input, field);
	const char *word = json_string(condition);
	double value = 0;
	int above = 0;

	if (!word)
		return value_is_among(order_value(order, field), condition);
	if (sscanf(word, "above %d", &above) == 1)
		return json_type(node) == JSON_ARRAY ? json_count(node) > (size_t)above
		                                     : json_number(node, &value) && value > above;
	return (given(node) && !is_empty(node)) == (strcmp(word, "given") == 0);
}

static int address_count(void *context, const char *field, const struct json *row,
        const char *address, struct complaint *complaint)
{
	++*(int64_t *)context;
	return 0;
}

/* Whether what the rule is about is so. */
static bool rule_holds(const struct order *order, const struct json *rule)
{
	const struct json *when = json_member(rule, "when");
	int64_t most = 0, count = 0;

	if (json_integer(json_member(rule, "addresses"), &most))
		return order_each_address(order, address_count, &count, NULL) == 0 && count > most;
	for (size_t i = 0; i < json_count(when); i++) {
		const char *field;
		const struct json *condition = json_member_at(when, i, &field);

		if (!condition_holds(order, field, condition))
			return false;
	}
	return true;
}

static int ignore(struct order *order, const char *name)
{
	return json_append(order->ignored, json_new_string(name));
}

static int rules_check(struct order *order, struct complaint *complaint)
{
	const struct json *rules = json_member(order->model, "rules");
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_count(rules); i++) {
		const struct json *rule = json_element(rules, i);
		const char *say = json_string(json_member(rule, "say"));

		if (!rule_holds(order, rule))
			continue;
		r = say ? complain(complaint, TROUBLE_RULE, say)
		        : ignore(order, json_string(json_member(rule, "ignores")));
	}
	return r;
}

/* ---- the whole ---- */

static int unknown_note(const struct json *object, const struct json *known, struct order *order)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_count(object); i++) {
		const char *name;

		json_member_at(object, i, &name);
		if (!json_member(known, name))
			r = ignore(order, name);
	}
	return r;
}

static int body_unknown_note(const struct json *body, struct order *order)
{
	CLEANUP(json_free_p)
	struct json *known = template_new("{\"model\":1,\"input\":1,\"callBackUrl\":1}");

	return known ? unknown_note(body, known, order) : -ENOMEM;
}

/* Which model is ordered.  A side service looks at a name only where its models have that field. */
static const char *model_name(
        const struct json *models, const struct side_service *side, const struct json *body)
{
	const char *named = json_string(json_member(body, "model"));
	const struct json *fields;

	if (!side)
		return named;
	fields = json_member(json_member(models, side->model), "fields");
	return named && json_member(fields, "model") ? named : side->model;
}

static bool is_of_family(const struct json *model, const char *family)
{
	const char *own = json_string(json_member(model, "family"));

	return own && family ? strcmp(own, family) == 0 : !own && !family;
}

static int body_check(const struct json *models, const struct route *route, const struct json *body,
        struct order *order, struct complaint *complaint)
{
	const struct json *call_back = json_member(body, "callBackUrl");

	if (json_type(body) != JSON_OBJECT ||
	        (!route->side && json_type(json_member(body, "model")) == JSON_NONE))
		return complain(complaint, TROUBLE_SHAPE, "model");
	order->side = route->side;
	order->model_name = model_name(models, route->side, body);
	order->model = order->model_name ? json_member(models, order->model_name) : NULL;
	if (!order->model || !is_of_family(order->model, route->family))
		return complain(
		        complaint, TROUBLE_MODEL, order->model_name ? order->model_name : "");
	order->input = route->side ? body : json_member(body, "input");
	if (json_type(order->input) != JSON_OBJECT)
		return complain(complaint, TROUBLE_SHAPE, "input");
	if (json_type(call_back) != JSON_NONE && !json_string(call_back))
		return complain(complaint, TROUBLE_CALL_BACK, "callBackUrl");
	return 0;
}

const char *order_prompt(const struct json *body)
{
	const struct json *input = json_member(body, "input");

	return json_string(json_member(input ? input : body, "prompt"));
}

int order_read(const struct dialect *dialect, const struct json *models, const struct route *route,
        const struct json *body, struct order *order, struct complaint *complaint)
{
	const struct json *fields;
	int r;

	*order = (struct order){.ignored = json_new_array()};
	r = order->ignored ? body_check(models, route, body, order, complaint) : -ENOMEM;
	fields = json_member(order->model, "fields");
	for (size_t i = 0; r == 0 && i < json_count(fields); i++) {
		const char *field;
		const struct json *row = json_member_at(fields, i, &field);

		r = field_check(dialect, row, field, json_member(order->input, field), complaint);
	}
	if (r == 0)
		r = rules_check(order, complaint);
	if (r == 0)
		r = unknown_note(order->input, fields, order);
	if (r == 0 && !order->side)
		r = body_unknown_note(body, order);
	order->prompt = json_string(json_member(order->input, "prompt"));
	if (!order->prompt)
		order->prompt = "";
	return r;
}

void order_done(struct order *order)
{
	json_free(order->ignored);
	order->ignored = NULL;
}

int order_each_address(const struct order *order, order_address_fn *each, void *context,
        struct complaint *complaint)
{
	const struct json *fields = json_member(order->model, "fields");
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_count(fields); i++) {
		const char *field;
		const struct json *row = json_member_at(fields, i, &field);
		const char *type = json_string(json_member(row, "type"));
		const struct json *node = json_member(order->input, field);

		if (strcmp(type, "address") == 0 && json_string(node))
			r = each(context, field, row, json_string(node), complaint);
		for (size_t j = 0; r == 0 && strcmp(type, "addresses") == 0 && j < json_count(node);
		        j++)
			r = each(
			        context, field, row, json_string(json_element(node, j)), complaint);
	}
	return r;
}
