/* SPDX-License-Identifier: MIT */
/* From answers to verdicts.
 *
 * Money decides every doubt: createTask's answer is a refusal only where that is certain, a task id
 * next to anything but plain success is unclear, and a task whose state cannot be understood goes
 * on being asked for.
 */
#include "envelope.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ERROR_CHARS_MAX 300
/* Times of the clock below this are in seconds: it is the year 1973 in milliseconds. */
#define CLOCK_MS_MIN 100000000000.0
/* A task that takes longer does not exist: its times are wrong. */
#define TOOK_MS_MAX 2592000000.0
/* A task's own time below this is in seconds. */
#define COST_TIME_MS_MIN 1000.0

/* The provider's words for an answer that is not good. */
static int set_message(const struct envelope *envelope, struct provider_answer *answer)
{
	CLEANUP(free_p) char *text = NULL;
	int r;

	if (envelope->good)
		return 0;
	r = envelope_words(envelope, envelope->provider->envelope.message, &text);
	if (r < 0 || !text)
		return r;
	answer->error = text_line(text, strlen(text), ERROR_CHARS_MAX);
	return answer->error ? 0 : -ENOMEM;
}

static int PRINTF(2, 3) set_error(struct provider_answer *answer, const char *format, ...)
{
	va_list arguments;
	int r;

	va_start(arguments, format);
	r = vasprintf(&answer->error, format, arguments);
	va_end(arguments);
	if (r >= 0)
		return 0;
	answer->error = NULL;
	return -ENOMEM;
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

bool provider_task_id_is_valid(const char *id)
{
	const unsigned char *p;

	for (p = (const unsigned char *)id; *p; p++)
		if (*p < ' ' || *p == 0x7f)
			return false;
	return *id && strlen(id) <= PROVIDER_TASK_ID_MAX && utf8_valid(id, strlen(id), NULL);
}

/* The id as it is asked for; *ret_id stays NULL for what can be none. */
static int task_id_read(const struct json *node, char **ret_id)
{
	CLEANUP(free_p) char *id = NULL;
	int64_t number;
	int r = 0;

	if (json_type(node) == JSON_STRING ||
	        (json_type(node) == JSON_INT && json_integer(node, &number) && number > 0))
		r = scalar_text(node, &id);
	if (r == 0 && id && provider_task_id_is_valid(id))
		*ret_id = TAKE(id);
	return r;
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
	CLEANUP(free_p) char *id = NULL;
	int r = envelope_read(provider, http_status, body, size, &envelope);

	if (r < 0)
		return r;
	task = find_task(&envelope);
	r = task_id_read(task, &id);
	if (r < 0)
		return r;
	if (envelope.ok && id) {
		answer.verdict = PROVIDER_ACCEPTED;
		answer.task_id = TAKE(id);
		return finish(0, &answer, ret_answer);
	}
	if (!task)
		answer.verdict = envelope_verdict(&envelope, &provider->errors.create);
	return finish(set_message(&envelope, &answer), &answer, ret_answer);
}

/* ---- status ---- */

/* A number at one of the paths that is more than 0 and no more than the limit, or 0. */
static double number_at(const struct envelope *envelope, char *const *paths, double limit)
{
	double number;

	if (!json_number(envelope_find(envelope, paths), &number) || !isfinite(number))
		return 0;
	return number > 0 && number <= limit ? number : 0;
}

static double clock_ms(const struct envelope *envelope, char *const *paths)
{
	double time = number_at(envelope, paths, 1e15);

	return time < CLOCK_MS_MIN ? time * 1000 : time;
}

static void set_took(const struct envelope *envelope, struct provider_answer *answer)
{
	const struct provider *provider = envelope->provider;
	double created = clock_ms(envelope, provider->status_created);
	double completed = clock_ms(envelope, provider->status_completed);
	double took = number_at(envelope, provider->status_cost_time, TOOK_MS_MAX);

	if (took < COST_TIME_MS_MIN)
		took *= 1000;
	if (created > 0 && completed > created && completed - created <= TOOK_MS_MAX)
		took = completed - created;
	answer->took_ms = (int64_t)took;
}

/* The code and the words by which a failed task is judged. */
static int set_prospect(const struct envelope *envelope, const char *code, const char *text,
        struct provider_answer *answer)
{
	CLEANUP(free_p) char *message = NULL;
	int r = 0;

	if (!code && !envelope->good && envelope->has_code)
		code = envelope->code;
	if (!text && !envelope->good)
		r = envelope_words(envelope, envelope->provider->envelope.message, &message);
	return r < 0 ? r
	             : envelope_prospect(envelope, code, text ? text : message, &answer->prospect);
}

/* The task's own words for its failure, with its code, and what they mean for another one. */
static int set_failure(const struct envelope *envelope, struct provider_answer *answer)
{
	CLEANUP(free_p) char *text = NULL;
	CLEANUP(free_p) char *code = NULL;
	CLEANUP(free_p) char *line = NULL;
	int r = envelope_words(envelope, envelope->provider->status_error_text, &text);

	if (r == 0)
		r = envelope_scalar(envelope, envelope->provider->status_error_code, &code);
	if (code && strcmp(code, "0") == 0) {
		free(code);
		code = NULL;
	}
	if (r == 0)
		r = set_prospect(envelope, code, text, answer);
	if (r < 0)
		return r;
	if (!text && !code)
		return set_message(envelope, answer);
	if (text && code && strcmp(code, text) != 0)
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

/* The usable links at the first path that has any; else *ret_refused is why the first of the others
 * is none, or NULL. */
static int set_urls(const struct envelope *envelope, char *const *paths,
        struct provider_answer *answer, const char **ret_refused)
{
	int r = 0;

	*ret_refused = NULL;
	for (; *paths && r == 0 && !answer->urls; paths++) {
		const char *refused = NULL;

		r = results_collect(envelope->provider, json_path(envelope->root, *paths),
		        &answer->urls, &refused);
		if (!*ret_refused)
			*ret_refused = refused;
	}
	return r;
}

static int read_finished(const struct envelope *envelope, struct provider_answer *answer)
{
	const char *refused;
	int r = set_urls(envelope, envelope->provider->status_results, answer, &refused);

	if (r < 0)
		return r;
	set_credits(envelope, envelope->provider->status_credits, answer);
	set_took(envelope, answer);
	if (answer->urls) {
		answer->verdict = PROVIDER_FINISHED;
		return 0;
	}
	answer->verdict = PROVIDER_FAILED;
	if (refused)
		return set_error(answer,
		        "%s says the task succeeded but its link cannot be used: %s",
		        envelope->provider->title, refused);
	return set_error(answer, "%s says the task succeeded but gave no usable link to a picture",
	        envelope->provider->title);
}

static int read_failed(const struct envelope *envelope, struct provider_answer *answer)
{
	answer->verdict = PROVIDER_FAILED;
	set_credits(envelope, envelope->provider->status_credits, answer);
	set_took(envelope, answer);
	return set_failure(envelope, answer);
}

static int read_running(enum task_event event, struct provider_answer *answer)
{
	answer->verdict = PROVIDER_RUNNING;
	answer->event = event;
	return 0;
}

/* The meaning of a state's word, or -1 where it is not known. */
static int known_meaning(const struct provider *provider, const char *word)
{
	size_t i;

	for (i = 0; word && i < provider->states.count; i++)
		if (strcasecmp(provider->states.items[i].from, word) == 0)
			return state_meaning_parse(provider->states.items[i].to);
	return -1;
}

/* A word that is not known means that it is not done yet. */
static enum state_meaning meaning_of(const struct provider *provider, const char *word)
{
	int meaning = known_meaning(provider, word);

	return meaning < 0 ? STATE_WAITING : (enum state_meaning)meaning;
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
	enum provider_verdict verdict = envelope_verdict(envelope, &provider->errors.status);
	int meaning = known_meaning(provider, word);

	/* The record's own word counts more than the code around it. */
	if (verdict == PROVIDER_UNCLEAR && meaning == STATE_FAILED && envelope->counts)
		verdict = PROVIDER_FAILED;
	/* A page of somebody else's, or a task whose record says otherwise, ends nothing. */
	if ((verdict == PROVIDER_FAILED || verdict == PROVIDER_NOT_FOUND) &&
	        ((!envelope->root && !envelope->empty) ||
	                (meaning >= 0 && meaning != STATE_FAILED)))
		verdict = PROVIDER_UNCLEAR;
	if (verdict == PROVIDER_FAILED)
		return read_failed(envelope, answer);
	answer->verdict = verdict;
	return set_message(envelope, answer);
}

/* Whether the record that a known task has is not there. */
static bool record_is_missing(const struct envelope *envelope)
{
	char *const *record = envelope->provider->status_record;

	return record && !envelope_find(envelope, record);
}

/* An answer of status 2xx with neither a code nor a state. */
static int read_stateless(const struct envelope *envelope, struct provider_answer *answer)
{
	const struct provider *provider = envelope->provider;
	enum provider_verdict verdict;
	int r = read_error(envelope, NULL, answer);

	/* The service has no codes that could say that all is well: nothing says otherwise. */
	if (r == 0 && !provider->envelope.code && !answer->error && record_is_missing(envelope) &&
	        !envelope_rule(envelope, &provider->errors.status, &verdict))
		answer->verdict = PROVIDER_NOT_FOUND;
	return r;
}

int provider_read_status(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer)
{
	CLEANUP(provider_answer_done) struct provider_answer answer = {0};
	CLEANUP(envelope_done) struct envelope envelope;
	CLEANUP(free_p) char *word = NULL;
	int r = envelope_read(provider, http_status, body, size, &envelope);

	if (r == 0)
		r = envelope_scalar(&envelope, provider->status_state, &word);
	if (r < 0)
		return r;
	if (!envelope.ok)
		r = read_error(&envelope, word, &answer);
	else if (word)
		r = read_state(&envelope, word, &answer);
	else if (!envelope.has_code)
		r = read_stateless(&envelope, &answer);
	else if (record_is_missing(&envelope))
		answer.verdict = PROVIDER_NOT_FOUND;
	return finish(r, &answer, ret_answer);
}

/* ---- balance, fresh links, uploads ---- */

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
	answer.verdict = envelope_verdict(&envelope, &provider->errors.other);
	return finish(set_message(&envelope, &answer), &answer, ret_answer);
}

/* An answer that is a link, at one of the paths. */
static int read_link(const struct provider *provider, char *const *paths, int http_status,
        const char *body, size_t size, struct provider_answer *ret_answer)
{
	CLEANUP(provider_answer_done) struct provider_answer answer = {0};
	CLEANUP(envelope_done) struct envelope envelope;
	const char *refused = NULL;
	int r = envelope_read(provider, http_status, body, size, &envelope);

	if (r == 0 && envelope.ok && paths)
		r = set_urls(&envelope, paths, &answer, &refused);
	if (r < 0)
		return r;
	if (answer.urls) {
		answer.verdict = PROVIDER_ANSWERED;
		return finish(0, &answer, ret_answer);
	}
	answer.verdict = envelope_verdict(&envelope, &provider->errors.other);
	r = set_message(&envelope, &answer);
	if (r == 0 && envelope.ok && !answer.error)
		r = refused ? set_error(
		                      &answer, "the link in the answer cannot be used: %s", refused)
		            : set_error(&answer, "the answer has no link that can be used");
	return finish(r, &answer, ret_answer);
}

int provider_read_renew(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer)
{
	return read_link(provider, provider->renew_result, http_status, body, size, ret_answer);
}

int provider_read_upload(const struct provider *provider, int http_status, const char *body,
        size_t size, struct provider_answer *ret_answer)
{
	return read_link(provider, provider->upload_result, http_status, body, size, ret_answer);
}
