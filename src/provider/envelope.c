/* SPDX-License-Identifier: MIT */
/* What stands in an answer, and the rules of a definition that match it.
 *
 * The HTTP status, the code and the words of the message are looked at.  Below status 500 all three
 * count.  From 500 on somebody between us and the service may have answered, or the service in the
 * middle of its work: a code counts only where it is the status again.  The words count always.
 */
#include "envelope.h"

#include <stdio.h>
#include <string.h>

/* No more of a message is compared with the rules' phrases. */
#define MESSAGE_BYTES_MAX 2000

void envelope_done(struct envelope *envelope)
{
	json_free(envelope->document);
	free(envelope->code);
	free(envelope->words);
}

const struct json *envelope_find(const struct envelope *envelope, char *const *paths)
{
	const struct json *node = NULL;

	for (; paths && *paths && !node; paths++) {
		node = json_path(envelope->root, *paths);
		if (json_type(node) == JSON_NONE)
			node = NULL;
	}
	return node;
}

static int first_text(const struct envelope *envelope, char *const *paths,
        int (*read)(const struct json *, char **), char **ret_text)
{
	*ret_text = NULL;
	for (; paths && *paths; paths++) {
		CLEANUP(free_p) char *text = NULL;
		int r = read(json_path(envelope->root, *paths), &text);

		if (r < 0)
			return r;
		if (text && *text) {
			*ret_text = TAKE(text);
			return 0;
		}
	}
	return 0;
}

int envelope_scalar(const struct envelope *envelope, char *const *paths, char **ret_text)
{
	return first_text(envelope, paths, scalar_text, ret_text);
}

int envelope_words(const struct envelope *envelope, char *const *paths, char **ret_text)
{
	return first_text(envelope, paths, words_of, ret_text);
}

/* Adds a line of plain text; NULL adds nothing. */
static int add_plain(struct buf *lines, const char *text)
{
	CLEANUP(free_p) char *plain = text ? strndup(text, MESSAGE_BYTES_MAX) : NULL;

	if (!plain)
		return text ? -ENOMEM : 0;
	words_plain(plain);
	return buf_addf(lines, "%s\n", plain) < 0 ? -ENOMEM : 0;
}

static int read_words(struct envelope *envelope)
{
	CLEANUP(buf_done) struct buf lines = BUF_INIT(PROVIDER_ANSWER_MAX);
	char *const *path = envelope->provider->envelope.message;
	int r = 0;

	for (; envelope->root && path && *path && r == 0; path++) {
		CLEANUP(free_p) char *text = NULL;

		r = words_of(json_path(envelope->root, *path), &text);
		if (r == 0)
			r = add_plain(&lines, text);
	}
	if (r < 0)
		return r;
	envelope->words = buf_take(&lines);
	return envelope->words ? 0 : -ENOMEM;
}

int envelope_read(const struct provider *provider, int status, const char *body, size_t size,
        struct envelope *envelope)
{
	const struct json *code;
	char text[16];
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
	code = envelope_find(envelope, provider->envelope.code);
	envelope->has_code = code != NULL;
	r = scalar_text(code, &envelope->code);
	if (r == 0 && code && !envelope->code)
		r = (envelope->code = strdup("")) ? 0 : -ENOMEM;
	if (r == 0)
		r = read_words(envelope);
	if (r < 0)
		return r;
	snprintf(text, sizeof(text), "%d", status);
	envelope->counts = envelope->root && status >= 200 && (status < 300 || status >= 400) &&
	                   (status < 500 || (envelope->code && strcmp(envelope->code, text) == 0));
	envelope->good = envelope->has_code && list_has(provider->envelope.ok, envelope->code);
	envelope->ok = status >= 200 && status < 300 && envelope->root &&
	               (envelope->good || !envelope->has_code);
	return 0;
}

/* ---- rules ---- */

static bool is_code(const char *wanted, const char *code)
{
	bool any = strlen(wanted) == 3 && wanted[0] >= '1' && wanted[0] <= '9' &&
	           strcmp(wanted + 1, "xx") == 0;

	if (!any)
		return strcmp(wanted, code) == 0;
	return strlen(code) == 3 && code[0] == wanted[0] && strspn(code, "0123456789") == 3;
}

static bool has_code(char *const *wanted, const char *code)
{
	for (; wanted && *wanted; wanted++)
		if (is_code(*wanted, code))
			return true;
	return false;
}

static bool has_phrase(char *const *phrases, const char *words)
{
	for (; phrases && *phrases; phrases++)
		if (words_have(words, *phrases))
			return true;
	return false;
}

static bool rule_matches(const struct rule *rule, const struct envelope *envelope)
{
	bool good_status = envelope->status >= 200 && envelope->status < 300;
	bool error_status = envelope->status >= 400;
	bool by_status = false, by_code = false;
	char status[16];

	if (!good_status && !error_status)
		return false;
	snprintf(status, sizeof(status), "%d", envelope->status);
	by_status = error_status && list_has(rule->http, status);
	if (envelope->has_code && !envelope->ok)
		by_code = envelope->counts && has_code(rule->code, envelope->code);
	else if (good_status && envelope->root && !envelope->has_code)
		by_code = list_has(rule->code, "none");
	if (rule->http || rule->code ? !by_status && !by_code : envelope->good && envelope->ok)
		return false;
	return !rule->text || !rule->text[0] || has_phrase(rule->text, envelope->words);
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

bool envelope_rule(const struct envelope *envelope, const struct rules *own,
        enum provider_verdict *ret_verdict)
{
	return rules_find(&envelope->provider->errors.always, envelope, ret_verdict) ||
	       rules_find(own, envelope, ret_verdict);
}

enum provider_verdict envelope_verdict(const struct envelope *envelope, const struct rules *own)
{
	enum provider_verdict verdict = PROVIDER_UNCLEAR;

	envelope_rule(envelope, own, &verdict);
	return verdict;
}

int envelope_prospect(const struct envelope *envelope, const char *code, const char *text,
        enum provider_prospect *ret_prospect)
{
	const struct rules *rules = &envelope->provider->errors.failed;
	CLEANUP(buf_done) struct buf words = BUF_INIT(PROVIDER_ANSWER_MAX);
	size_t i;

	*ret_prospect = PROVIDER_PROSPECT_OPEN;
	if (add_plain(&words, text) < 0 || add_plain(&words, code) < 0)
		return -ENOMEM;
	for (i = 0; i < rules->count && words.data; i++) {
		const struct rule *rule = &rules->items[i];

		if (rule->code && (!code || !has_code(rule->code, code)))
			continue;
		if (rule->text && rule->text[0] && !has_phrase(rule->text, words.data))
			continue;
		*ret_prospect = rule->prospect;
		break;
	}
	return 0;
}
