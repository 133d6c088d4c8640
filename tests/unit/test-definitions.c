/* SPDX-License-Identifier: MIT */
/* The built-in definitions: every service and every model, against the JSON that they are written
 * in, which is read here a second time and in another way.
 *
 *     test-definitions DIRECTORY-OF-THE-DEFINITIONS
 */
#include "tap.h"

#include "definitions-facts.h"

static struct providers *set;

/* ---- settings and requests ---- */

/* Settings of one level. */
struct one_level {
	struct parameters parameters;
	const struct parameters *pointer;
	struct provider_settings settings;
};

static void level_set(struct one_level *level, const char *name, const char *value)
{
	if (parameters_set(&level->parameters, name, value) < 0)
		printf("# %s cannot be set\n", name);
	level->pointer = &level->parameters;
	level->settings = (struct provider_settings){&level->pointer, 1};
}

static void level_done(struct one_level *level)
{
	parameters_done(&level->parameters);
}

static int resolve(const struct one_level *level, struct provider_order *order, struct err *err)
{
	err->text[0] = '\0';
	return provider_resolve(set, &level->settings, TEXT, order, err);
}

/* The message that orders what was resolved. */
static bool create(const struct provider *provider, const struct request *request,
        struct provider_message *message)
{
	const char *urls[REFERENCES_MAX];
	size_t i;

	for (i = 0; i < request->reference_count; i++)
		urls[i] = request->references[i].url;
	return provider_create_message(provider, "https://host", "KEY", request, urls, message) ==
	       0;
}

static bool has_header(const struct provider_message *message, const char *line)
{
	size_t i;

	for (i = 0; message->headers[i]; i++)
		if (strcmp(message->headers[i], line) == 0)
			return true;
	return false;
}

/* ---- every model ---- */

/* Gives the parameters that must be set and have no default. */
static void level_needs(struct one_level *level, const struct chosens *chosens)
{
	size_t i;

	for (i = 0; i < chosens->count; i++) {
		const struct chosen *chosen = &chosens->items[i];

		if (is_true(chosen->node, "required") && !has_member(chosen->node, "default"))
			level_set(level, chosen->name, chosen->candidates[chosen->count - 1]);
	}
}

static void level_begin(struct one_level *level, const char *provider, const char *model,
        const struct chosens *chosens)
{
	memset(level, 0, sizeof(*level));
	level_set(level, "provider", provider);
	level_set(level, "model", model);
	if (chosens)
		level_needs(level, chosens);
}

/* Orders with the settings and compares with the body that must be sent. */
static void check_request(const struct facts *facts, const struct provider *provider,
        const char *id, const struct json *model, const struct one_level *level,
        const struct chosens *chosens, const char *const *values, const char *what)
{
	CLEANUP(provider_order_done) struct provider_order order = {0};
	CLEANUP(provider_message_done) struct provider_message message = {0};
	CLEANUP(free_p) char *body = expected_body(facts, id, model, chosens, values);
	const char *path = json_string(json_path(model, "create.path"));
	char name[200], url[400];
	struct err err;
	bool good;

	if (!path)
		path = json_string(facts_path(facts, "create.path"));
	snprintf(url, sizeof(url), "https://host%s", path);
	snprintf(name, sizeof(name), "%s %s: %s", provider_name(provider), id, what);
	good = resolve(level, &order, &err) == 0 && strcmp(order.request.model, id) == 0 &&
	       create(provider, &order.request, &message) && message.body && body &&
	       strcmp(message.body, body) == 0 && strcmp(message.url, url) == 0 &&
	       strcmp(message.method, "POST") == 0;
	OK_NAMED(good, name);
	if (!good)
		printf("# %s\n# got:      %s %s\n# expected: %s %s\n", err.text,
		        message.url ? message.url : "", message.body ? message.body : "", url,
		        body ? body : "");
}

/* Where the model's tasks are looked at. */
static void test_look(const struct facts *facts, const struct provider *provider, const char *id,
        const struct json *model)
{
	CLEANUP(provider_message_done) struct provider_message look = {0};
	const char *path = json_string(json_path(model, "status.path"));
	const char *task;
	char name[200], url[400];

	if (!path)
		path = json_string(facts_path(facts, "status.path"));
	task = strstr(path, "{task}");
	snprintf(url, sizeof(url), "https://host%.*sT%s", (int)(task - path), path,
	        task + strlen("{task}"));
	snprintf(name, sizeof(name), "%s %s: looked at", provider_name(provider), id);
	OK_NAMED(provider_status_message(provider, "https://host", "KEY", id, "T", &look) == 0 &&
	                 strcmp(look.url, url) == 0,
	        name);
}

/* Only what is required. */
static void test_plain(const struct facts *facts, const struct provider *provider, const char *id,
        const struct json *model)
{
	CLEANUP(level_done) struct one_level level;
	CLEANUP(chosens_done) struct chosens chosens;
	const char *values[PARAMETERS_MAX] = {0};
	char *defaults[PARAMETERS_MAX] = {0};
	size_t i;

	chosens_make(&chosens, model);
	level_begin(&level, provider_name(provider), id, &chosens);
	for (i = 0; i < chosens.count; i++) {
		const struct json *node = chosens.items[i].node;

		if (is_true(node, "required") && has_member(node, "default"))
			values[i] = defaults[i] = text_of(json_member(node, "default"));
		else
			values[i] = parameters_get(&level.parameters, chosens.items[i].name);
	}
	check_request(facts, provider, id, model, &level, &chosens, values, "what is required");
	for (i = 0; i < chosens.count; i++)
		free(defaults[i]);
}

/* Every parameter, at another value than its default where that goes together. */
static void test_full(const struct facts *facts, const struct provider *provider, const char *id,
        const struct json *model)
{
	CLEANUP(level_done) struct one_level level;
	CLEANUP(chosens_done) struct chosens chosens;
	const char *values[PARAMETERS_MAX] = {0};
	size_t i;

	chosens_make(&chosens, model);
	chosens_settle(&chosens, model);
	level_begin(&level, provider_name(provider), id, NULL);
	for (i = 0; i < chosens.count; i++) {
		values[i] = chosen_value(&chosens.items[i]);
		level_set(&level, chosens.items[i].name, values[i]);
	}
	check_request(facts, provider, id, model, &level, &chosens, values, "every parameter");
}

static bool accepts(const struct one_level *level, const char *name, const char *value)
{
	struct err err = {{0}};
	int r = provider_check_setting(set, &level->settings, name, value, &err);

	/* What is refused is called by its name. */
	if (r < 0 && (r != -EINVAL || strncmp(err.text, name, strlen(name)) != 0 ||
	                     err.text[strlen(name)] != ':'))
		printf("# %s=%s: %d %s\n", name, value, r, err.text);
	return r == 0;
}

static bool refuses_around(const struct one_level *level, const struct chosen *chosen)
{
	const char *const ends[] = {"min", "max"};
	bool good = true;
	size_t i;

	for (i = 0; i < 2; i++) {
		double number;
		char text[40];

		if (!json_number(json_member(chosen->node, ends[i]), &number))
			continue;
		snprintf(text, sizeof(text), "%.15g", number);
		good = good && accepts(level, chosen->name, text);
		snprintf(text, sizeof(text), "%.15g", number + (i ? 1 : -1));
		good = good && !accepts(level, chosen->name, text);
	}
	return good;
}

static bool refuses_too_long(const struct one_level *level, const struct chosen *chosen)
{
	int64_t most = 0;
	CLEANUP(free_p) char *text = NULL;

	if (is_picture(chosen)) {
		if (strcmp(type_of(chosen), "picture") == 0)
			most = 1;
		json_integer(json_member(chosen->node, "max_length"), &most);
		if (most == 0)
			return true;
		text = addresses("x", (size_t)most + 1);
		return !accepts(level, chosen->name, text) &&
		       !accepts(level, chosen->name, "/etc/passwd") &&
		       !accepts(level, chosen->name, "");
	}
	if (!json_integer(json_member(chosen->node, "max_length"), &most))
		return true;
	text = calloc(1, (size_t)most + 2);
	memset(text, 'x', (size_t)most);
	if (!accepts(level, chosen->name, text))
		return false;
	text[most] = 'x';
	return !accepts(level, chosen->name, text);
}

/* Every value that is named is taken, the default too; others are refused. */
static void test_values(const struct provider *provider, const char *id, const struct json *model)
{
	CLEANUP(level_done) struct one_level level;
	CLEANUP(chosens_done) struct chosens chosens;
	size_t i, j;

	chosens_make(&chosens, model);
	level_begin(&level, provider_name(provider), id, NULL);
	for (i = 0; i < chosens.count; i++) {
		struct chosen *chosen = &chosens.items[i];
		const struct json *values = json_member(chosen->node, "values");
		const struct json *aliases = json_member(chosen->node, "aliases");
		bool limited = values || strcmp(type_of(chosen), "string") != 0;
		bool good = refuses_around(&level, chosen) && refuses_too_long(&level, chosen);
		char name[200];

		for (j = 0; j < chosen->count; j++)
			good = good && accepts(&level, chosen->name, chosen->candidates[j]);
		for (j = 0; j < json_count(aliases); j++) {
			const char *alias = NULL;

			json_member_at(aliases, j, &alias);
			good = good && accepts(&level, chosen->name, alias);
		}
		if (has_member(chosen->node, "default")) {
			CLEANUP(free_p) char *text = text_of(json_member(chosen->node, "default"));

			good = good && accepts(&level, chosen->name, text);
		}
		if (limited && !is_picture(chosen))
			good = good && !accepts(&level, chosen->name, "no such value");
		snprintf(name, sizeof(name), "%s %s: values of %s", provider_name(provider), id,
		        chosen->name);
		OK_NAMED(good, name);
	}
}

#include "definitions-words.h"

/* ---- other names ---- */

static void test_also(const struct provider *provider, const char *id, const struct json *model)
{
	CLEANUP(chosens_done) struct chosens chosens;
	const struct json *also = json_member(model, "also");
	size_t i;

	chosens_make(&chosens, model);
	for (i = 0; i < json_count(also); i++) {
		CLEANUP(provider_order_done) struct provider_order order = {0};
		CLEANUP(level_done) struct one_level level;
		const char *other = json_string(json_element(also, i));
		char name[200];
		struct err err;

		level_begin(&level, provider_name(provider), other, &chosens);
		snprintf(name, sizeof(name), "%s: %s is %s", provider_name(provider), other, id);
		OK_NAMED(resolve(&level, &order, &err) == 0 && strcmp(order.request.model, id) == 0,
		        name);
	}
}

/* The text on one line, with single spaces: where a page breaks its lines does not count. */
static char *unfolded(const char *text)
{
	char *copy = strdup(text), *to = copy;

	for (; *text; text++)
		if ((*text != ' ' && *text != '\n') || (to > copy && to[-1] != ' '))
			*to++ = *text == '\n' ? ' ' : *text;
	*to = '\0';
	return copy;
}

static bool page_says(const char *page, const struct json *node)
{
	CLEANUP(free_p) char *text = node ? text_of(node) : NULL;
	bool good = !text || strstr(page, text);

	if (!good)
		printf("# the page lacks: %s\n", text);
	return good;
}

static void test_page(const struct provider *provider, const char *id, const struct json *model)
{
	static const char *const sentences[] = {
	        "title", "about", "unverified", "price.unit", "price.note"};
	CLEANUP(buf_done) struct buf text = BUF_INIT(1 << 20);
	CLEANUP(free_p) char *page = NULL;
	CLEANUP(chosens_done) struct chosens chosens;
	const struct json *credits = json_path(model, "price.credits");
	const struct json *conflicts = json_member(model, "conflicts");
	bool good = provider_model_page(provider, id, &text) == 0 && text.data;
	size_t i, j;
	char name[200];

	page = unfolded(good ? text.data : "");
	chosens_make(&chosens, model);
	good = good && strstr(page, id);
	for (i = 0; i < ARRAY_SIZE(sentences); i++)
		good = good && page_says(page, json_path(model, sentences[i]));
	for (i = 0; i < json_count(conflicts); i++)
		good = good && page_says(page, json_member(json_element(conflicts, i), "why"));
	if (json_type(credits) != JSON_OBJECT)
		good = good && page_says(page, credits);
	for (i = 0; i < json_count(credits); i++) {
		const char *value = NULL;

		good = good && page_says(page, json_member_at(credits, i, &value));
	}
	for (i = 0; i < chosens.count; i++) {
		const struct json *values = json_member(chosens.items[i].node, "values");

		good = good && strstr(page, chosens.items[i].name) &&
		       page_says(page, json_member(chosens.items[i].node, "help"));
		for (j = 0; j < json_count(values); j++)
			good = good && page_says(page, json_element(values, j));
	}
	snprintf(name, sizeof(name), "%s %s: the page says all of it", provider_name(provider), id);
	OK_NAMED(good, name);
}

static void test_models(const struct facts *facts, const struct provider *provider)
{
	const struct json *models = facts_models(facts);
	size_t i;

	OK(json_count(models) > 0 && !provider_model_at(provider, json_count(models)));
	for (i = 0; i < json_count(models); i++) {
		const char *id = NULL;
		const struct json *model = json_member_at(models, i, &id);

		OK_TEXT(provider_model_at(provider, i), id);
		test_look(facts, provider, id, model);
		test_plain(facts, provider, id, model);
		test_full(facts, provider, id, model);
		test_values(provider, id, model);
		test_words(provider, id, model);
		test_words_pair(provider, id, model);
		test_pictures(provider, id, model);
		test_also(provider, id, model);
		test_page(provider, id, model);
	}
}

#include "definitions-services.h"

int main(int argc, char **argv)
{
	struct err err = {{0}};
	size_t i;

	if (argc != 2)
		return 2;
	definitions_directory = argv[1];
	OK(providers_load(NULL, &set, &err) == 0);
	if (!set) {
		printf("# %s\n", err.text);
		return tap_done();
	}
	for (i = 0; i < ARRAY_SIZE(services); i++) {
		CLEANUP(facts_done) struct facts facts = facts_read(services[i].name);
		const struct provider *provider = provider_find(set, services[i].name);

		OK_NAMED(provider, services[i].name);
		if (!provider)
			continue;
		test_service(&services[i], provider);
		test_models(&facts, provider);
	}
	test_names();
	test_moves();
	test_known_names();
	providers_free(set);
	return tap_done();
}
