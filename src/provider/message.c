/* SPDX-License-Identifier: MIT */
/* From requests and task ids to HTTP messages. */
#include "definition.h"

#include <string.h>

#define URL_MAX 16384
#define HEADER_MAX 4096

static bool key_is_valid(const char *key)
{
	const unsigned char *p;

	for (p = (const unsigned char *)key; *p; p++)
		if (*p <= ' ' || *p > '~')
			return false;
	return *key != '\0';
}

static int add_url(const char *base_url, const char *path, const struct template_values *values,
        struct provider_message *message)
{
	CLEANUP(buf_done) struct buf url = BUF_INIT(URL_MAX);
	size_t length = strlen(base_url);
	int r;

	while (length > 0 && base_url[length - 1] == '/')
		length--;
	r = buf_add(&url, base_url, length);
	if (r == 0)
		r = template_text(path, values, true, &url);
	if (r < 0)
		return r;
	message->url = buf_take(&url);
	return message->url ? 0 : -ENOMEM;
}

/* A header that needs a key is left out where there is none. */
static int add_headers(const struct provider *provider, const struct template_values *values,
        struct provider_message *message)
{
	size_t count = provider->headers.count, i, filled = 0;

	message->headers = calloc(count + 1, sizeof(*message->headers));
	if (!message->headers)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		CLEANUP(buf_done) struct buf line = BUF_INIT(HEADER_MAX);
		const struct pair *header = &provider->headers.items[i];
		int r;

		if (!values->key && strstr(header->to, "{key}"))
			continue;
		r = buf_addf(&line, "%s: ", header->from);
		if (r == 0)
			r = template_text(header->to, values, false, &line);
		if (r < 0)
			return r == -EMSGSIZE ? -EINVAL : r;
		message->headers[filled] = buf_take(&line);
		if (!message->headers[filled++])
			return -ENOMEM;
	}
	return 0;
}

static int make(const struct provider *provider, const char *base_url, const char *method,
        const char *path, const struct json *body, const struct template_values *values,
        struct provider_message *ret_message)
{
	CLEANUP(provider_message_done) struct provider_message message = {0};
	CLEANUP(json_free_p) struct json *filled = NULL;
	int r;

	if (values->key && !key_is_valid(values->key))
		return -EINVAL;
	message.method = strdup(method);
	if (!message.method)
		return -ENOMEM;
	r = add_url(base_url, path, values, &message);
	if (r == 0)
		r = add_headers(provider, values, &message);
	if (r == 0 && body)
		r = template_body(body, values, &filled);
	if (r < 0)
		return r;
	if (filled) {
		message.body = json_text(filled);
		if (!message.body)
			return -ENOMEM;
	}
	*ret_message = message;
	message = (struct provider_message){0};
	return 0;
}

void provider_message_done(struct provider_message *message)
{
	free(message->method);
	free(message->url);
	json_strings_free(message->headers);
	free(message->body);
	*message = (struct provider_message){0};
}

/* The input object: the text first, then the parameters in the definition's order. */
static int make_input(
        const struct model *model, const struct request *request, struct json **ret_input)
{
	CLEANUP(json_free_p) struct json *input = json_new_object();
	size_t i;
	int r = input ? 0 : -ENOMEM;

	if (r == 0 && model->text_name && *request->text)
		r = json_set(input, model->text_name, json_new_string(request->text));
	for (i = 0; r == 0 && i < model->parameter_count; i++) {
		const struct model_parameter *parameter = &model->parameters[i];
		const char *value = parameters_get(&request->parameters, parameter->name);

		if (value)
			r = json_set(input, parameter->name, value_json(parameter, value));
	}
	if (r < 0)
		return r;
	*ret_input = TAKE(input);
	return 0;
}

int provider_create_message(const struct provider *provider, const char *base_url, const char *key,
        const struct request *request, const char *const *picture_urls,
        struct provider_message *ret_message)
{
	CLEANUP(json_free_p) struct json *input = NULL;
	const struct model *model = model_find(provider, request->model);
	struct template_values values = {.key = key, .model = request->model};
	int r;

	if (!model)
		return -EINVAL;
	r = make_input(model, request, &input);
	if (r < 0)
		return r;
	values.text = request->text;
	values.input = input;
	return make(provider, base_url, provider->create.method,
	        model->create_path ? model->create_path : provider->create.path,
	        model->create_body ? model->create_body : provider->create.body, &values,
	        ret_message);
}

static int make_action(const struct provider *provider, const char *base_url,
        const struct action *action, const struct template_values *values,
        struct provider_message *ret_message)
{
	if (!action->there)
		return -ENOTSUP;
	return make(provider, base_url, action->method, action->path, action->body, values,
	        ret_message);
}

int provider_status_message(const struct provider *provider, const char *base_url, const char *key,
        const char *task_id, struct provider_message *ret_message)
{
	struct template_values values = {.key = key, .task = task_id};

	return make_action(provider, base_url, &provider->status, &values, ret_message);
}

int provider_credits_message(const struct provider *provider, const char *base_url, const char *key,
        struct provider_message *ret_message)
{
	struct template_values values = {.key = key};

	return make_action(provider, base_url, &provider->credits, &values, ret_message);
}

int provider_renew_message(const struct provider *provider, const char *base_url, const char *key,
        const char *url, struct provider_message *ret_message)
{
	struct template_values values = {.key = key, .url = url};

	return make_action(provider, base_url, &provider->renew, &values, ret_message);
}
