/* SPDX-License-Identifier: MIT */
/* From answers to verdicts.
 *
 * Money decides every doubt: createTask's answer is a refusal only where that is certain, a task id
 * next to anything but plain success is unclear, and a task whose state cannot be understood goes
 * on being asked for.  A body counts only below status 500 and above 199; a 5xx status is whatever
 * the rules say of the status and the message's words, and else unclear.
 */
#include "definition.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ERROR_CHARS_MAX 300

/* An answer taken apart. */
struct envelope {
	const struct provider *provider;
	int status;              /* of HTTP */
	bool empty;              /* there is no body */
	struct json *document;   /* owned; NULL where the body is no JSON */
	const struct json *root; /* the document's object, or the first of its array; or NULL */
	bool has_code;
	char *code; /* owned; "" where it is no scalar */
	bool good;  /* the code says that all is well */
	bool ok;    /* a 2xx with an object that has no code or a good one */
};

static void envelope_done(struct envelope *envelope)
{
	json_free(envelope->document);
	free(envelope->code);
}

/* The first of the paths that leads to something. */
static const struct json *find(const struct envelope *envelope, char *const *paths)
{
	const struct json *node = NULL;

	for (; paths && *paths && !node; paths++) {
		node = json_path(envelope->root, *paths);
		if (json_type(node) == JSON_NONE)
			node = NULL;
	}
	return node;
}

/* The first of the paths that leads to text that is not empty, or NULL; owned. */
static int find_text(const struct envelope *envelope, char *const *paths, char **ret_text)
{
	*ret_text = NULL;
	for (; paths && *paths; paths++) {
		CLEANUP(free_p) char *text = NULL;
		int r = scalar_text(json_path(envelope->root, *paths), &text);

		if (r < 0)
			return r;
		if (text && *text) {
			*ret_text = TAKE(text);
			return 0;
		}
	}
	return 0;
}

static int envelope_read(const struct provider *provider, int status, const char *body, size_t size,
        struct envelope *envelope)
{
	const struct json *code;
	int r = 0;

	*envelope = (struct envelope){.provider = provider, .status = status, .empty = size == 0};
	if (size <= PROVIDER_ANSWER_MAX && size > 0)
		r = json_parse(body, size, &envelope->document, NULL);
	if (r == -ENOMEM)
		return r;
	envelope->root = envelope->document;
	if (json_type(envelope->root) == JSON_ARRAY)
		envelope->root = json_element(envelope->root, 0);
	if (json_type(envelope->root) != JSON_OBJECT)
		envelope->root = NULL;
	code = find(envelope, provider->envelope.code);
	envelope->has_code = code != NULL;
	r = scalar_text(code, &envelope->code);
	if (r == 0 && code && !envelope->code)
		r = (envelope->code = strdup("")) ? 0 : -ENOMEM;
	if (r < 0)
		return r;
	envelope->good = envelope->has_code && list_has(provider->envelope.ok, envelope->code);
	envelope->ok = status >= 200 && status < 300 && envelope->root &&
	               (envelope->good || !envelope->has_code);
	return 0;
}

/* ---- rules ---- */

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Whether the text has the words, in any case, as whole words. */
static bool has_words(const char *text, const char *words)
{
	size_t length = strlen(words);
	const char *p;

	for (p = strcasestr(text, words); p; p = strcasestr(p + 1, words))
		if ((p == text || !is_word_char(p[-1]) || !is_word_char(words[0])) &&
		        (!is_word_char(p[length]) || !is_word_char(words[length - 1])))
			return true;
	return false;
}

static bool message_has(const struct envelope *envelope, char *const *words)
{
	char *const *path;

	for (; *words; words++) {
		for (path = envelope->provider->envelope.message; path && *path; path++) {
			const char *text = json_string(json_path(envelope->root, *path));

			if (text && has_words(text, *words))
				return true;
		}
	}
	return false;
}

static bool rule_matches(const struct rule *rule, const struct envelope *envelope)
{
	bool good_status = envelope->status >= 200 && envelope->status < 300;
	bool error_status = envelope->status >= 400;
	bool code_counts = good_status || (error_status && envelope->status < 500);
	bool by_status = false, by_code = false;
	char status[16];

	if (!good_status && !error_status)
		return false;
	snprintf(status, sizeof(status), "%d", envelope->status);
	by_status = error_status && list_has(rule->http, status);
	if (code_counts && envelope->has_code && !envelope->ok)
		by_code = list_has(rule->code, envelope->code);
	else if (good_status && envelope->root && !envelope->has_code)
		by_code = list_has(rule->code, "none");
	if (rule->http || rule->code ? !by_status && !by_code
	                             : !error_status && (!envelope->has_code || envelope->ok))
		return false;
	return !rule->text || !rule->text[0] || message_has(envelope, rule->text);
}

static bool rules_find(const struct rules *rules, const struct envelope *envelope,
        enum provider_verdict *ret_verdict)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		if (!rule_matches(&rules->items[i], envelope))
			continue;
		*ret_verdict = rules->items[i].verdict;
		return true;
	}
	return false;
}

static enum provider_verdict verdict_of(const struct envelope *envelope, const struct rules *own)
{
	enum provider_verdict verdict = PROVIDER_UNCLEAR;

	if (!rules_find(&envelope->provider->errors.always, envelope, &verdict))
		rules_find(own, envelope, &verdict);
	return verdict;
}

/* The provider's words for an answer that is not good. */
static int set_message(const struct envelope *envelope, struct provider_answer *answer)
{
	CLEANUP(free_p) char *text = NULL;
	int r;

	if (envelope->good)
		return 0;
	r = find_text(envelope, envelope->provider->envelope.message, &text);
	if (r < 0 || !text)
		return r;
	answer->error = text_line(text, strlen(text), ERROR_CHARS_MAX);
	return answer->error ? 0 : -ENOMEM;
}

/* Moves the answer out, or frees it. */
static int finish(int r, struct provider_answer *answer, struct provider_answer *ret_answer)
{
	if (r < 0)
		return r;
	*ret_answer = *answer;
	*answer = (struct provider_answer){0};
	return 0;
}

void provider_answer_done(struct provider_answer *answer)
{
	free(answer->task_id);
	json_strings_free(answer->urls);
	free(answer->error);
	*answer = (struct provider_answer){0};
}

/* ---- createTask ---- */

static bool task_id_is_valid(const char *id)
{
	const unsigned char *p;

	for (p = (const unsigned char *)id; *p; p++)
		if (*p < ' ' || *p == 0x7f)
			return false;
	return *id && strlen(id) <= PROVIDER_TASK_ID_MAX;
}

/* What stands where the task id is expected, unless it is an empty string. */
static const struct json *find_task(const struct envelope *envelope)
{
	char *const *path = envelope->provider->create_task;

	for (; *path; path++) {
		const struct json *node = json_path(envelope->root, *path);
		const char *text = json_string(node);

		if (json_type(node) != JSON_NONE && !(text && !*text))
			return node;
	}
	return NULL;
}

int provider_read_create(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer)
{
	CLEANUP(provider_answer_done) struct provider_answer answer = {0};
	CLEANUP(envelope_done) struct envelope envelope;
	const struct json *task;
	const char *id;
	int r = envelope_read(provider, http_status, body, size, &envelope);

	if (r < 0)
		return r;
	task = find_task(&envelope);
	id = json_string(task);
	if (envelope.ok && id && task_id_is_valid(id)) {
		answer.verdict = PROVIDER_ACCEPTED;
		answer.task_id = strdup(id);
		return finish(answer.task_id ? 0 : -ENOMEM, &answer, ret_answer);
	}
	if (!task)
		answer.verdict = verdict_of(&envelope, &provider->errors.create);
	return finish(set_message(&envelope, &answer), &answer, ret_answer);
}

/* ---- status ---- */

/* The task's own words for its failure, with its code. */
static int set_failure(const struct envelope *envelope, struct provider_answer *answer)
{
	CLEANUP(free_p) char *text = NULL;
	CLEANUP(free_p) char *code = NULL;
	CLEANUP(free_p) char *line = NULL;
	int r = find_text(envelope, envelope->provider->status_error_text, &text);

	if (r == 0)
		r = find_text(envelope, envelope->provider->status_error_code, &code);
	if (r < 0)
		return r;
	if (code && (strcmp(code, "0") == 0 || (text && strcmp(code, text) == 0))) {
		free(code);
		code = NULL;
	}
	if (!text && !code)
		return set_message(envelope, answer);
	if (text && code)
		r = asprintf(&line, "%s (%s)", text, code);
	else
		r = asprintf(&line, "%s%s", text ? "" : "error ", text ? text : code);
	if (r < 0) {
		line = NULL;
		return -ENOMEM;
	}
	answer->error = text_line(line, strlen(line), ERROR_CHARS_MAX);
	return answer->error ? 0 : -ENOMEM;
}

static void set_credits(
        const struct envelope *envelope, char *const *paths, struct provider_answer *answer)
{
	double credits;

	for (; paths && *paths && !answer->credits_known; paths++) {
		if (!json_number(json_path(envelope->root, *paths), &credits) || !isfinite(credits))
			continue;
		answer->credits_known = true;
		answer->credits = credits;
	}
}

static int set_urls(
        const struct envelope *envelope, char *const *paths, struct provider_answer *answer)
{
	int r = 0;

	for (; *paths && r == 0 && !answer->urls; paths++)
		r = results_collect(
		        envelope->provider, json_path(envelope->root, *paths), &answer->urls);
	return r;
}

static int read_finished(const struct envelope *envelope, struct provider_answer *answer)
{
	int r = set_urls(envelope, envelope->provider->status_results, answer);

	if (r < 0)
		return r;
	set_credits(envelope, envelope->provider->status_credits, answer);
	if (answer->urls) {
		answer->verdict = PROVIDER_FINISHED;
		return 0;
	}
	answer->verdict = PROVIDER_FAILED;
	if (asprintf(&answer->error, "%s says the task succeeded but gave no picture",
	            envelope->provider->title) < 0) {
		answer->error = NULL;
		return -ENOMEM;
	}
	return 0;
}

static int read_failed(const struct envelope *envelope, struct provider_answer *answer)
{
	answer->verdict = PROVIDER_FAILED;
	set_credits(envelope, envelope->provider->status_credits, answer);
	return set_failure(envelope, answer);
}

static int read_running(enum task_event event, struct provider_answer *answer)
{
	answer->verdict = PROVIDER_RUNNING;
	answer->event = event;
	return 0;
}

/* The meaning of a state's word; one that is not known means that it is not done yet. */
static enum state_meaning meaning_of(const struct provider *provider, const char *word)
{
	size_t i;

	for (i = 0; i < provider->states.count; i++)
		if (strcasecmp(provider->states.items[i].from, word) == 0)
			return (enum state_meaning)state_meaning_parse(
			        provider->states.items[i].to);
	return STATE_WAITING;
}

static int read_state(
        const struct envelope *envelope, const char *word, struct provider_answer *answer)
{
	switch (meaning_of(envelope->provider, word)) {
	case STATE_WAITING:
		return read_running(TASK_EV_WAITING, answer);
	case STATE_QUEUING:
		return read_running(TASK_EV_QUEUING, answer);
	case STATE_GENERATING:
		return read_running(TASK_EV_GENERATING, answer);
	case STATE_FINISHED:
		return read_finished(envelope, answer);
	case STATE_FAILED:
		return read_failed(envelope, answer);
	}
	return 0;
}

/* An answer that is no plain record of a task. */
static int read_error(
        const struct envelope *envelope, const char *word, struct provider_answer *answer)
{
	const struct provider *provider = envelope->provider;
	enum provider_verdict verdict = verdict_of(envelope, &provider->errors.status);
	bool final = verdict == PROVIDER_FAILED || verdict == PROVIDER_NOT_FOUND;

	/* A page of somebody else's, or a task that is finished all the same, ends nothing. */
	if (final && !envelope->root && !envelope->empty)
		verdict = PROVIDER_UNCLEAR;
	if (final && word && meaning_of(provider, word) == STATE_FINISHED)
		verdict = PROVIDER_UNCLEAR;
	if (verdict == PROVIDER_FAILED)
		return read_failed(envelope, answer);
	answer->verdict = verdict;
	return set_message(envelope, answer);
}

int provider_read_status(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer)
{
	CLEANUP(provider_answer_done) struct provider_answer answer = {0};
	CLEANUP(envelope_done) struct envelope envelope;
	CLEANUP(free_p) char *word = NULL;
	int r = envelope_read(provider, http_status, body, size, &envelope);

	if (r == 0)
		r = find_text(&envelope, provider->status_state, &word);
	if (r < 0)
		return r;
	if (!envelope.ok)
		r = read_error(&envelope, word, &answer);
	else if (word)
		r = read_state(&envelope, word, &answer);
	else if (envelope.has_code && provider->status_record &&
	         !find(&envelope, provider->status_record))
		answer.verdict = PROVIDER_NOT_FOUND;
	else if (!envelope.has_code)
		r = read_error(&envelope, word, &answer);
	return finish(r, &answer, ret_answer);
}

/* ---- balance and fresh links ---- */

int provider_read_credits(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer)
{
	CLEANUP(provider_answer_done) struct provider_answer answer = {0};
	CLEANUP(envelope_done) struct envelope envelope;
	int r = envelope_read(provider, http_status, body, size, &envelope);

	if (r < 0)
		return r;
	if (envelope.ok)
		set_credits(&envelope, provider->credits_balance, &answer);
	if (answer.credits_known) {
		answer.verdict = PROVIDER_ANSWERED;
		return finish(0, &answer, ret_answer);
	}
	answer.verdict = verdict_of(&envelope, &provider->errors.other);
	return finish(set_message(&envelope, &answer), &answer, ret_answer);
}

int provider_read_renew(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer)
{
	CLEANUP(provider_answer_done) struct provider_answer answer = {0};
	CLEANUP(envelope_done) struct envelope envelope;
	int r = envelope_read(provider, http_status, body, size, &envelope);

	if (r == 0 && envelope.ok && provider->renew_result)
		r = set_urls(&envelope, provider->renew_result, &answer);
	if (r < 0)
		return r;
	if (answer.urls) {
		answer.verdict = PROVIDER_ANSWERED;
		return finish(0, &answer, ret_answer);
	}
	answer.verdict = verdict_of(&envelope, &provider->errors.other);
	return finish(set_message(&envelope, &answer), &answer, ret_answer);
}
