/* SPDX-License-Identifier: MIT */
/* What can be asked of a service: the members "create", "status", "credits" and "renew". */
#include "definition.h"

#include <string.h>

static const char *const create_words[] = {"model", NULL};
static const char *const create_body_words[] = {"model", "text", "input", NULL};
static const char *const task_words[] = {"task", NULL};
static const char *const url_words[] = {"url", NULL};
static const char *const no_words[] = {NULL};

/* Checks what was read into an action; words are those allowed in its path and body, and the first
 * of the body's must be there where it is `needed`. */
static int action_check(struct action *action, const char *const *path_words,
        const char *const *body_words, bool needed, const char *where, struct err *err)
{
	static const char *const methods[] = {"GET", "POST", NULL};
	int r;

	if (!action->method)
		action->method = strdup(action->body ? "POST" : "GET");
	if (!action->method)
		return -ENOMEM;
	r = word_read(action->method, methods, where_below(where, "method").text, err);
	if (r < 0)
		return r;
	if (!action->path || *action->path != '/')
		return err_set(err, -EINVAL, "%s.path: must begin with a slash", where);
	r = template_check(action->path, path_words, where_below(where, "path").text, err);
	if (r == 0 && action->body)
		r = template_check_body(
		        action->body, body_words, where_below(where, "body").text, err);
	if (r < 0)
		return r;
	if (needed && !template_text_has(action->path, body_words[0]) &&
	        !template_has(action->body, body_words[0]))
		return err_set(err, -EINVAL, "%s: must have \"{%s}\" in its path or body", where,
		        body_words[0]);
	action->there = true;
	return 0;
}

#define ACTION_FIELDS(member)                                                              \
	{"method", JSON_FIELD_STRING, offsetof(struct provider, member.method)},           \
	        {"path", JSON_FIELD_STRING, offsetof(struct provider, member.path), true}, \
	{                                                                                  \
		"body", JSON_FIELD_NODE, offsetof(struct provider, member.body)            \
	}
#define LIST_FIELD(key, member)                                            \
	{                                                                  \
		key, JSON_FIELD_STRINGS, offsetof(struct provider, member) \
	}
#define NEEDED_LIST_FIELD(key, member)                                           \
	{                                                                        \
		key, JSON_FIELD_STRINGS, offsetof(struct provider, member), true \
	}

int action_create_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        ACTION_FIELDS(create),
	        NEEDED_LIST_FIELD("task", create_task),
	        {NULL},
	};
	int r = object_read(node, table, provider, where, err);

	return r < 0 ? r
	             : action_check(&provider->create, create_words, create_body_words, false,
	                       where, err);
}

/* A name with a dot is of no member; NAME.* is all that is below one. */
static int members_names_check(char *const *names, const char *where, struct err *err)
{
	for (; names && *names; names++) {
		const char *dot = strchr(*names, '.');

		if (dot && (dot == *names || strcmp(dot, ".*") != 0))
			return err_set(err, -EINVAL,
			        "%s: \"%s\" must be a member's name, without dots, or NAME.*",
			        where, *names);
	}
	return 0;
}

int action_status_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        ACTION_FIELDS(status),
	        LIST_FIELD("record", status_record),
	        NEEDED_LIST_FIELD("state", status_state),
	        NEEDED_LIST_FIELD("results", status_results),
	        LIST_FIELD("result_members", status_result_members),
	        LIST_FIELD("error_code", status_error_code),
	        LIST_FIELD("error_text", status_error_text),
	        LIST_FIELD("credits", status_credits),
	        LIST_FIELD("created", status_created),
	        LIST_FIELD("completed", status_completed),
	        LIST_FIELD("cost_time", status_cost_time),
	        {NULL},
	};
	int r = object_read(node, table, provider, where, err);

	if (r == 0)
		r = action_check(&provider->status, task_words, task_words, true, where, err);
	if (r == 0)
		r = members_names_check(provider->status_result_members,
		        where_below(where, "result_members").text, err);
	return r;
}

int action_credits_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        ACTION_FIELDS(credits),
	        NEEDED_LIST_FIELD("balance", credits_balance),
	        {NULL},
	};
	int r = node ? object_read(node, table, provider, where, err) : 0;

	if (r < 0 || !node)
		return r;
	return action_check(&provider->credits, no_words, no_words, false, where, err);
}

int action_renew_read(
        const struct json *node, const char *where, struct provider *provider, struct err *err)
{
	static const struct json_field table[] = {
	        ACTION_FIELDS(renew),
	        NEEDED_LIST_FIELD("result", renew_result),
	        {NULL},
	};
	int r = node ? object_read(node, table, provider, where, err) : 0;

	if (r < 0 || !node)
		return r;
	return action_check(&provider->renew, url_words, url_words, true, where, err);
}
