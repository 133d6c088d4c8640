/* SPDX-License-Identifier: MIT */
/* From requests and task ids to HTTP messages. */
#include "definition.h"

#include <string.h>
#include <strings.h>

#define URL_MAX 16384
#define HEADER_MAX 4096
#define FIELD_MAX 4096

#define CONTENT_TYPE "Content-Type:"

static bool is_content_type(const char *header)
{
	return strncasecmp(header, CONTENT_TYPE, strlen(CONTENT_TYPE)) == 0;
}

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
        bool adds_type, struct provider_message *message)
{
	size_t count = provider->headers.count, i, filled = 0;

	message->headers = calloc(count + 2, sizeof(*message->headers));
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
		if (!message->headers[filled])
			return -ENOMEM;
		if (is_content_type(message->headers[filled++]))
			adds_type = false;
	}
	if (!adds_type)
		return 0;
	message->headers[filled] = strdup(CONTENT_TYPE " application/json");
	return message->headers[filled] ? 0 : -ENOMEM;
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
		r = add_headers(provider, values, body != NULL, &message);
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

/* The addresses of the pictures that a parameter carries, as it is sent; *ret_value stays NULL
 * where there are none. */
static int pictures_json(const struct model_parameter *parameter, const struct request *request,
        const char *const *urls, struct json **ret_value)
{
	CLEANUP(json_free_p) struct json *array = json_new_array();
	size_t i;
	int r = array ? 0 : -ENOMEM;

	for (i = 0; r == 0 && i < request->reference_count; i++)
		if (strcmp(request->references[i].parameter, parameter->name) == 0)
			r = json_append(array, json_new_string(urls[i]));
	if (r < 0 || json_count(array) == 0)
		return r;
	if (parameter->type == VALUE_PICTURES) {
		*ret_value = TAKE(array);
		return 0;
	}
	*ret_value = json_copy(json_element(array, 0));
	return *ret_value ? 0 : -ENOMEM;
}

/* Nothing that was ordered may be left out of what is paid for. */
static bool request_fits(
        const struct model *model, const struct request *request, const char *const *picture_urls)
{
	size_t i;

	for (i = 0; i < request->parameters.count; i++) {
		const char *name = request->parameters.items[i].name;

		if (!model_parameter_find(model, name))
			return false;
	}
	for (i = 0; i < request->reference_count; i++) {
		const struct model_parameter *parameter =
		        model_parameter_find(model, request->references[i].parameter);

		if (!parameter || !type_is_picture(parameter->type) || !picture_urls ||
		        !picture_urls[i])
			return false;
	}
	return true;
}

/* The input object: the text first, then the parameters in the definition's order. */
static int make_input(const struct model *model, const struct request *request,
        const char *const *picture_urls, struct json **ret_input)
{
	CLEANUP(json_free_p) struct json *input = json_new_object();
	size_t i;
	int r = input ? 0 : -ENOMEM;

	if (r == 0 && model->text_name && *request->text)
		r = json_set(input, model->text_name, json_new_string(request->text));
	for (i = 0; r == 0 && i < model->parameter_count; i++) {
		const struct model_parameter *parameter = &model->parameters[i];
		const char *value = parameters_get(&request->parameters, parameter->name);
		struct json *member = NULL;

		if (type_is_picture(parameter->type)) {
			r = pictures_json(parameter, request, picture_urls, &member);
		} else if (value) {
			member = value_json(parameter, value);
			r = member ? 0 : -ENOMEM;
		}
		if (r == 0 && member)
			r = json_set(input, parameter->name, member);
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
	struct template_values values = {.key = key};
	int r;

	if (!model || !request_fits(model, request, picture_urls))
		return -EINVAL;
	r = make_input(model, request, picture_urls, &input);
	if (r < 0)
		return r;
	values.model = model->id;
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
        const char *model_id, const char *task_id, struct provider_message *ret_message)
{
	const struct model *model = model_find(provider, model_id);
	struct template_values values = {.key = key, .task = task_id};
	struct action action = provider->status;

	if (model && model->status_path)
		action.path = model->status_path;
	return make_action(provider, base_url, &action, &values, ret_message);
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

/* ---- uploads ---- */

/* A form has a type of its own, which the HTTP library knows. */
static void drop_content_type(struct provider_message *message)
{
	char **from, **to = message->headers;

	for (from = message->headers; *from; from++) {
		if (is_content_type(*from))
			free(*from);
		else
			*to++ = *from;
	}
	*to = NULL;
}

static int make_fields(const struct provider *provider, const struct template_values *values,
        struct provider_upload *upload)
{
	const struct pairs *form = &provider->upload.form;
	size_t i;

	upload->fields = calloc(2 * form->count + 1, sizeof(*upload->fields));
	if (!upload->fields)
		return -ENOMEM;
	for (i = 0; i < form->count; i++) {
		CLEANUP(buf_done) struct buf value = BUF_INIT(FIELD_MAX);
		int r = template_text(form->items[i].to, values, false, &value);

		if (r < 0)
			return r == -EMSGSIZE ? -EINVAL : r;
		upload->fields[2 * i] = strdup(form->items[i].from);
		if (!upload->fields[2 * i])
			return -ENOMEM;
		upload->fields[2 * i + 1] = buf_take(&value);
		if (!upload->fields[2 * i + 1])
			return -ENOMEM;
	}
	return 0;
}

int provider_upload_message(const struct provider *provider, const char *base_url, const char *key,
        const char *file_name, struct provider_upload *ret_upload)
{
	CLEANUP(provider_upload_done) struct provider_upload upload = {0};
	struct template_values values = {.key = key, .name = file_name};
	int r;

	if (!provider->upload.there)
		return -ENOTSUP;
	if (!base_url)
		base_url =
		        provider->upload.base_url ? provider->upload.base_url : provider->base_url;
	if (!base_url)
		return -EINVAL;
	r = make(provider, base_url, provider->upload.method, provider->upload.path, NULL, &values,
	        &upload.message);
	if (r < 0)
		return r;
	drop_content_type(&upload.message);
	r = make_fields(provider, &values, &upload);
	if (r < 0)
		return r;
	upload.file_field = strdup(provider->upload.file);
	if (!upload.file_field)
		return -ENOMEM;
	*ret_upload = upload;
	upload = (struct provider_upload){0};
	return 0;
}

void provider_upload_done(struct provider_upload *upload)
{
	provider_message_done(&upload->message);
	json_strings_free(upload->fields);
	free(upload->file_field);
	*upload = (struct provider_upload){0};
}
