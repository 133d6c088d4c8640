/* SPDX-License-Identifier: MIT */
/* What parameters mean for each other: the price that goes by them, values that do not go
 * together, and parameters that are given all or none. */
#include "definition.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define CONFLICTS_MAX 256
#define TOGETHER_MAX 64

static const struct model_parameter *known(
        const struct model *model, const char *name, const char *where, struct err *err)
{
	const struct model_parameter *parameter = model_parameter_find(model, name);
	CLEANUP(buf_done) struct buf list = BUF_INIT(sizeof(err->text));
	size_t i;

	if (parameter)
		return parameter;
	for (i = 0; i < model->parameter_count; i++)
		if (buf_addf(&list, "%s%s", i ? ", " : "", model->parameters[i].name) < 0)
			break;
	err_set(err, -EINVAL, "%s: must name a parameter of the model: %s", where,
	        list.data ? list.data : "it has none");
	return NULL;
}

/* ---- the price ---- */

/* The values of a parameter that can have prices of their own, or NULL. */
static char *const *priced_values(const struct model_parameter *parameter)
{
	static char words[][6] = {"false", "true"};
	static char *const boolean[] = {words[0], words[1], NULL};

	return parameter->type == VALUE_BOOLEAN ? boolean : parameter->values;
}

static int prices_check(const struct model *model, const struct model_parameter *by,
        const char *where, struct err *err)
{
	char *const *values = priced_values(by);
	double credits;
	size_t i;

	if (!values)
		return err_set(err, -EINVAL,
		        "%s: prices can only go by a parameter that has \"values\" or is a boolean",
		        where);
	for (i = 0; i < model->price_of.count; i++) {
		const char *value = model->price_of.items[i].from;
		const struct json *node = json_member(model->price_credits, value);

		if (!json_number(node, &credits) || json_type(node) == JSON_STRING ||
		        !(credits >= 0))
			return err_set(err, -EINVAL, "%s: must be a number from 0 on",
			        where_below(where, value).text);
		if (!list_has(values, value))
			return err_set(err, -EINVAL, "%s: is not a value of %s",
			        where_below(where, value).text, by->name);
	}
	for (i = 0; values[i]; i++)
		if (!pairs_get(&model->price_of, values[i]))
			return err_set(err, -EINVAL, "%s: has no price for %s \"%s\"", where,
			        by->name, values[i]);
	return 0;
}

static int times_check(const struct model *model, const char *where, struct err *err)
{
	const struct model_parameter *parameter;
	size_t i;

	if (!model->price_times)
		return 0;
	parameter = known(model, model->price_times, where, err);
	if (!parameter)
		return -EINVAL;
	if (parameter->type == VALUE_INTEGER || parameter->type == VALUE_NUMBER ||
	        type_is_picture(parameter->type))
		return 0;
	for (i = 0; parameter->values && parameter->values[i]; i++) {
		uint64_t number;

		if (!text_u64(parameter->values[i], UINT32_MAX, &number))
			break;
	}
	if (i > 0 && !parameter->values[i])
		return 0;
	return err_set(err, -EINVAL, "%s: %s must be a parameter of numbers or pictures", where,
	        parameter->name);
}

int price_read(const struct json *node, const char *where, struct model *model, struct err *err)
{
	static const struct json_field table[] = {
	        {"credits", JSON_FIELD_NODE, offsetof(struct model, price_credits), true},
	        {"by", JSON_FIELD_STRING, offsetof(struct model, price_by)},
	        {"unit", JSON_FIELD_STRING, offsetof(struct model, price_unit)},
	        {"times", JSON_FIELD_STRING, offsetof(struct model, price_times)},
	        {"note", JSON_FIELD_STRING, offsetof(struct model, price_note)},
	        {NULL},
	};
	struct where at = where_below(where, "credits");
	const struct model_parameter *by;
	int r;

	if (!node)
		return 0;
	r = object_read(node, table, model, where, err);
	if (r == 0)
		r = times_check(model, where_below(where, "times").text, err);
	if (r < 0)
		return r;
	if (json_type(model->price_credits) == JSON_OBJECT) {
		if (!model->price_by)
			return err_set(err, -EINVAL,
			        "%s: must name the parameter that the prices go by",
			        where_below(where, "by").text);
		by = known(model, model->price_by, where_below(where, "by").text, err);
		if (!by)
			return -EINVAL;
		r = pairs_read(model->price_credits, at.text, &model->price_of, err);
		return r < 0 ? r : prices_check(model, by, at.text, err);
	}
	if (model->price_by)
		return err_set(err, -EINVAL, "%s: must be an object of prices by %s", at.text,
		        model->price_by);
	if (json_type(model->price_credits) == JSON_STRING ||
	        !json_number(model->price_credits, &model->price) || !(model->price >= 0))
		return err_set(
		        err, -EINVAL, "%s: must be a number from 0 on, or an object", at.text);
	model->price_known = true;
	return 0;
}

/* The value that is sent, or that the service takes where none is; NULL: not known. */
static const char *value_in_force(
        const struct model *model, const struct request *request, const char *name)
{
	const struct model_parameter *parameter = model_parameter_find(model, name);
	const char *value = parameters_get(&request->parameters, name);

	return value || !parameter ? value : parameter->fallback;
}

/* Where the value is not known, the highest. */
static double price_of_one(const struct model *model, const struct request *request)
{
	const char *value, *credits;
	double price = 0;
	size_t i;

	if (model->price_known)
		return model->price;
	value = value_in_force(model, request, model->price_by);
	credits = value ? pairs_get(&model->price_of, value) : NULL;
	if (credits)
		return strtod(credits, NULL);
	for (i = 0; i < model->price_of.count; i++)
		price = fmax(price, strtod(model->price_of.items[i].to, NULL));
	return price;
}

static double price_times(const struct model *model, const struct request *request)
{
	const struct model_parameter *parameter;
	const char *value;

	if (!model->price_times)
		return 1;
	parameter = model_parameter_find(model, model->price_times);
	if (type_is_picture(parameter->type))
		return (double)pictures_count(request, parameter);
	value = value_in_force(model, request, model->price_times);
	return value ? strtod(value, NULL) : 1;
}

bool provider_price(
        const struct provider *provider, const struct request *request, double *ret_credits)
{
	const struct model *model = model_find(provider, request->model);

	if (!model || (!model->price_known && model->price_of.count == 0))
		return false;
	*ret_credits = price_of_one(model, request) * price_times(model, request);
	return true;
}

/* ---- conflicts ---- */

/* Puts a value that the definition names into the parameter's one spelling. */
static int spell(
        const struct model_parameter *parameter, const char *where, char **value, struct err *err)
{
	CLEANUP(free_p) char *spelled = NULL;
	uint64_t count;
	int r;

	if (type_is_picture(parameter->type))
		return text_u64(*value, (uint64_t)parameter->max_length, &count)
		               ? 0
		               : err_set(err, -EINVAL,
		                         "%s: must be a number of pictures up to %" PRId64, where,
		                         parameter->max_length);
	r = value_check(parameter, NULL, where, *value, &spelled, err);
	if (r < 0)
		return r;
	free(*value);
	*value = TAKE(spelled);
	return 0;
}

static int conditions_read(const struct json *node, const char *where, const struct model *model,
        struct conflict *conflict, struct err *err)
{
	size_t count = json_count(node), i, j;
	int r;

	if (json_type(node) != JSON_OBJECT || count == 0)
		return err_set(err, -EINVAL,
		        "%s: must be an object of parameters with a value or a list of values",
		        where);
	conflict->conditions = calloc(count, sizeof(*conflict->conditions));
	if (!conflict->conditions)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct condition *condition = &conflict->conditions[i];
		const char *key = NULL;
		const struct json *member = json_member_at(node, i, &key);
		struct where below = where_below(where, key);

		conflict->count = i + 1;
		condition->parameter = known(model, key, below.text, err);
		if (!condition->parameter)
			return -EINVAL;
		r = scalars_read(member, below.text, &condition->values, err);
		if (r == 0 && !condition->values)
			r = err_set(err, -EINVAL, "%s: must be a value or a list of values",
			        below.text);
		for (j = 0; r == 0 && condition->values[j]; j++)
			r = spell(condition->parameter, below.text, &condition->values[j], err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int conflict_read(const struct json *node, const char *where, const struct model *model,
        struct conflict *conflict, struct err *err)
{
	struct fields {
		const struct json *when;
		char *why;
	} fields = {0};
	static const struct json_field table[] = {
	        {"when", JSON_FIELD_NODE, offsetof(struct fields, when), true},
	        {"why", JSON_FIELD_STRING, offsetof(struct fields, why), true},
	        {NULL},
	};
	int r = object_read(node, table, &fields, where, err);

	/* Owned by the conflict from here on, whatever was read. */
	conflict->why = fields.why;
	if (r < 0)
		return r;
	return conditions_read(fields.when, where_below(where, "when").text, model, conflict, err);
}

int conflicts_read(const struct json *node, const char *where, struct model *model, struct err *err)
{
	size_t count = json_count(node), i;
	int r = 0;

	if (!node)
		return 0;
	if (json_type(node) != JSON_ARRAY || count > CONFLICTS_MAX)
		return err_set(err, -EINVAL, "%s: must be a list of at most %d conflicts", where,
		        CONFLICTS_MAX);
	model->conflicts = calloc(count + 1, sizeof(*model->conflicts));
	if (!model->conflicts)
		return -ENOMEM;
	for (i = 0; i < count && r == 0; i++) {
		char index[24];

		snprintf(index, sizeof(index), "%zu", i);
		model->conflict_count = i + 1;
		r = conflict_read(json_element(node, i), where_below(where, index).text, model,
		        &model->conflicts[i], err);
	}
	return r;
}

/* ---- together ---- */

int together_read(const struct json *node, const char *where, struct model *model, struct err *err)
{
	size_t count = json_count(node), i, j;
	int r = 0;

	if (!node)
		return 0;
	if (json_type(node) != JSON_ARRAY || count > TOGETHER_MAX)
		return err_set(err, -EINVAL, "%s: must be a list of at most %d lists", where,
		        TOGETHER_MAX);
	model->together = calloc(count + 1, sizeof(*model->together));
	if (!model->together)
		return -ENOMEM;
	for (i = 0; i < count && r == 0; i++) {
		const struct json *names = json_element(node, i);
		struct where below;
		char index[24];

		snprintf(index, sizeof(index), "%zu", i);
		below = where_below(where, index);
		if (json_type(names) != JSON_ARRAY || json_count(names) < 2)
			return err_set(err, -EINVAL, "%s: must be a list of two or more parameters",
			        below.text);
		r = scalars_read(names, below.text, &model->together[i], err);
		for (j = 0; r == 0 && model->together[i][j]; j++)
			if (!known(model, model->together[i][j], below.text, err))
				r = -EINVAL;
	}
	return r;
}

void combinations_done(struct model *model)
{
	size_t i, j;

	for (i = 0; i < model->conflict_count; i++) {
		for (j = 0; j < model->conflicts[i].count; j++)
			json_strings_free(model->conflicts[i].conditions[j].values);
		free(model->conflicts[i].conditions);
		free(model->conflicts[i].why);
	}
	free(model->conflicts);
	for (i = 0; model->together && model->together[i]; i++)
		json_strings_free(model->together[i]);
	free(model->together);
}

/* ---- checking a request ---- */

#define COUNT_TEXT_SIZE 24

/* What the service makes of the parameter, or NULL; pictures are told by their number. */
static const char *effective(const struct request *request, const struct model_parameter *parameter,
        char count[static COUNT_TEXT_SIZE])
{
	const char *value;

	if (type_is_picture(parameter->type)) {
		snprintf(count, COUNT_TEXT_SIZE, "%zu", pictures_count(request, parameter));
		return count;
	}
	value = parameters_get(&request->parameters, parameter->name);
	return value ? value : parameter->fallback;
}

static bool conflict_holds(const struct conflict *conflict, const struct request *request)
{
	size_t i;

	for (i = 0; i < conflict->count; i++) {
		const struct condition *condition = &conflict->conditions[i];
		char count[COUNT_TEXT_SIZE];
		const char *value = effective(request, condition->parameter, count);

		if (!value || !list_has(condition->values, value))
			return false;
	}
	return true;
}

static int conflict_say(
        const struct conflict *conflict, const struct request *request, struct err *err)
{
	CLEANUP(buf_done) struct buf list = BUF_INIT(sizeof(err->text));
	size_t i;

	for (i = 0; i < conflict->count; i++) {
		const struct model_parameter *parameter = conflict->conditions[i].parameter;
		char count[COUNT_TEXT_SIZE];
		const char *value = effective(request, parameter, count);

		if (buf_addf(&list, "%s%s: %s", i ? ", " : "", parameter->name,
		            value ? value : "") < 0)
			break;
	}
	return err_set(err, -EINVAL, "%s %s: %s", list.data ? list.data : "",
	        conflict->count > 1 ? "do not go together" : "does not work", conflict->why);
}

static bool is_given(const struct model *model, const struct request *request, const char *name)
{
	const struct model_parameter *parameter = model_parameter_find(model, name);

	return parameters_get(&request->parameters, name) ||
	       (parameter && pictures_count(request, parameter) > 0);
}

static int together_check(const struct model *model, const struct request *request,
        char *const *names, struct err *err)
{
	CLEANUP(free_p) char *list = NULL;
	const char *missing = NULL;
	bool given = false;
	size_t i;

	for (i = 0; names[i]; i++) {
		if (is_given(model, request, names[i]))
			given = true;
		else if (!missing)
			missing = names[i];
	}
	if (!given || !missing)
		return 0;
	list = list_join(names);
	return err_set(err, -EINVAL, "%s must be given together, or none of them; %s is missing",
	        list ? list : missing, missing);
}

int combinations_check(const struct model *model, const struct request *request, struct err *err)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && model->together && model->together[i]; i++)
		r = together_check(model, request, model->together[i], err);
	for (i = 0; r == 0 && i < model->conflict_count; i++)
		if (conflict_holds(&model->conflicts[i], request))
			r = conflict_say(&model->conflicts[i], request, err);
	return r;
}
