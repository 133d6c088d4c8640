/* SPDX-License-Identifier: MIT */
#include "darkroom/json.h"

#include "tap.h"

#include <locale.h>
#include <math.h>

static struct json *parse(const char *text)
{
	struct json *document = NULL;

	return json_parse(text, strlen(text), &document, NULL) == 0 ? document : NULL;
}

static const char *const good[] = {
        "{}",
        "[]",
        " {} ",
        "\r\n\t{}\r\n",
        "12",
        "-0",
        "0",
        "-1.5e+10",
        "1E5",
        "\"\"",
        "true",
        "false",
        "[null]",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
        "\"\\u00e9\\n\\/\\ud83d\\ude00\"",
        "\"\xc3\xa9\xf0\x9f\x98\x80\"",
        "18446744073709551615",
        "-9223372036854775808",
        "[1e999]",
};

static const char *const bad[] = {
        "",
        " ",
        "{",
        "[",
        "]",
        "}",
        "[}",
        "{]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{1:2}",
        "tru",
        "truex",
        "True",
        "NULL",
        "nul",
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "[NaN]",
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "+1",
        "1e",
        "1e+",
        "1.e5",
        "0x10",
        "1 2",
        "{} {}",
        "{}x",
        "[1]]",
        "\"",
        "\"abc",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"a\x01\"",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\",
        "// no\n{}",
        "/* no */{}",
        "\xef\xbb\xbf{}",
        "\"\xc3\"",
        "\"\xc0\xaf\"",
        "\"\xed\xa0\x80\"",
        "\"\xf5\x80\x80\x80\"",
        "\f{}",
        "18446744073709551616",
        "-9223372036854775809",
        "99999999999999999999999999999999999999",
        "<html><body>502</body></html>",
};

static void test_grammar(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct json *document = NULL;
		int r = json_parse(good[i], strlen(good[i]), &document, NULL);

		OK_NAMED(r == 0 && document, good[i]);
		json_free(document);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct json *document = NULL;
		struct err err = {""};
		int r = json_parse(bad[i], strlen(bad[i]), &document, &err);
		char name[80];

		snprintf(name, sizeof(name), "bad document %zu is refused", i);
		OK_NAMED(r == -EINVAL && !document && strncmp(err.text, "line ", 5) == 0, name);
		json_free(document);
	}
}

static void test_bytes(void)
{
	struct json *document = NULL;
	struct err err = {""};

	OK(json_parse("{}\0", 3, &document, &err) == -EINVAL && !document);
	OK(json_parse("\0{}", 3, &document, &err) == -EINVAL && !document);
	OK(json_parse("[1\0]", 4, &document, &err) == -EINVAL && !document);
	OK(json_parse("\"a\0b\"", 5, &document, &err) == -EINVAL && !document);
	/* Bytes after the given size are not looked at. */
	OK(json_parse("12345", 2, &document, &err) == 0 && json_type(document) == JSON_INT);
	json_free(document);
	document = NULL;
	OK(json_parse("null", 4, &document, &err) == 0 && !document);
	OK(json_parse("[1,\n2,\n\n x]", 11, &document, &err) == -EINVAL);
	OK(strncmp(err.text, "line 4:", 7) == 0);
	OK(json_parse("{\n\"a\": 1\n", 9, &document, &err) == -EINVAL);
	OK(strncmp(err.text, "line 3:", 7) == 0);
	OK(json_parse("{\n\"a\": \xff}", 10, &document, &err) == -EINVAL);
	OK(strncmp(err.text, "line 2:", 7) == 0 && strstr(err.text, "UTF-8"));
	OK(json_parse("{", 1, &document, NULL) == -EINVAL);
	json_free(NULL);
}

static int nested(size_t depth, char open, char close, const char *inside)
{
	char text[512];
	struct json *document = NULL;
	size_t i, at = 0;
	int r;

	for (i = 0; i < depth; i++) {
		text[at++] = open;
		if (open == '{') {
			memcpy(text + at, "\"a\":", 4);
			at += 4;
		}
	}
	memcpy(text + at, inside, strlen(inside));
	at += strlen(inside);
	for (i = 0; i < depth; i++)
		text[at++] = close;
	r = json_parse(text, at, &document, NULL);
	json_free(document);
	return r;
}

static void test_depth(void)
{
	static char deep[200000];
	struct json *document = NULL;

	OK(nested(JSON_DEPTH_MAX, '[', ']', "") == 0);
	OK(nested(JSON_DEPTH_MAX, '[', ']', "1") == 0);
	OK(nested(JSON_DEPTH_MAX, '{', '}', "\"x\"") == 0);
	OK(nested(JSON_DEPTH_MAX + 1, '[', ']', "") == -EINVAL);
	OK(nested(JSON_DEPTH_MAX + 1, '{', '}', "1") == -EINVAL);
	memset(deep, '[', sizeof(deep));
	OK(json_parse(deep, sizeof(deep), &document, NULL) == -EINVAL && !document);
}

static void test_look(void)
{
	struct json *document = parse(
	        "{\"data\":{\"taskId\":\"t-1\",\"urls\":[\"a\",\"b\",{\"deep\":7}],\"none\":null},"
	        "\"5\":true,\"nul\":\"a\\u0000b\",\"n\":1.5}");
	const char *key = NULL;

	OK(json_type(document) == JSON_OBJECT);
	OK(json_type(NULL) == JSON_NONE);
	OK(json_count(document) == 4);
	OK(json_count(NULL) == 0);
	OK(json_count(json_member(document, "n")) == 0);
	OK_TEXT(json_string(json_path(document, "data.taskId")), "t-1");
	OK_TEXT(json_string(json_path(document, "data.urls.1")), "b");
	OK(json_type(json_path(document, "data.urls.2.deep")) == JSON_INT);
	OK(json_type(json_path(document, "data.none")) == JSON_NONE);
	OK(json_type(json_path(document, "5")) == JSON_BOOL);
	OK(!json_path(document, "data.urls.3"));
	OK(!json_path(document, "data.urls.-1"));
	OK(!json_path(document, "data.urls.99999999999999999999"));
	OK(!json_path(document, "data.urls.x"));
	OK(!json_path(document, "data.taskId.x"));
	OK(!json_path(document, "data..taskId"));
	OK(!json_path(document, ""));
	OK(!json_path(NULL, "a.b.c"));
	OK(!json_path(document,
	        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
	OK(!json_member(json_path(document, "data.urls"), "0"));
	OK(!json_element(document, 0));
	OK(json_member_at(document, 0, &key) == json_member(document, "data"));
	OK_TEXT(key, "data");
	OK(json_member_at(document, 3, &key) == json_member(document, "n"));
	OK_TEXT(key, "n");
	OK(!json_member_at(document, 4, &key));
	OK(!json_member_at(json_path(document, "data.urls"), 0, &key));
	OK(!json_string(json_member(document, "nul")));
	OK(!json_string(json_member(document, "n")));
	OK(!json_string(NULL));
	json_free(document);
}

struct number_case {
	const char *text;
	bool is_number, is_integer;
	double number;
	int64_t integer;
};

static const struct number_case number_cases[] = {
        {"0", true, true, 0, 0},
        {"14", true, true, 14, 14},
        {"14.0", true, true, 14, 14},
        {"14.5", true, false, 14.5, 0},
        {"-3", true, true, -3, -3},
        {"1e3", true, true, 1000, 1000},
        {"1e-3", true, false, 0.001, 0},
        {"1e999", false, false, 0, 0},
        {"-1e999", false, false, 0, 0},
        {"1e19", true, false, 1e19, 0},
        {"9223372036854775807", true, true, 0x1p63, INT64_MAX},
        {"-9223372036854775808", true, true, -0x1p63, INT64_MIN},
        {"9223372036854775808", true, false, 0x1p63, 0},
        {"18446744073709551615", true, false, 0x1p64, 0},
        {"9223372036854775807.0", true, false, 0x1p63, 0},
        {"\"14\"", true, true, 14, 14},
        {"\"14.0\"", true, true, 14, 14},
        {"\"-2.25\"", true, false, -2.25, 0},
        {"\"1e3\"", true, true, 1000, 1000},
        {"\"9223372036854775807\"", true, true, 0x1p63, INT64_MAX},
        {"\"-9223372036854775808\"", true, true, -0x1p63, INT64_MIN},
        {"\"9223372036854775808\"", true, false, 0x1p63, 0},
        {"\"99999999999999999999999\"", true, false, 1e23, 0},
        {"\"1e999\"", false, false, 0, 0},
        {"\"1e99999999999999999999\"", false, false, 0, 0},
        {"\"\"", false, false, 0, 0},
        {"\" 14\"", false, false, 0, 0},
        {"\"14 \"", false, false, 0, 0},
        {"\"+14\"", false, false, 0, 0},
        {"\"0x10\"", false, false, 0, 0},
        {"\"nan\"", false, false, 0, 0},
        {"\"inf\"", false, false, 0, 0},
        {"\"1,5\"", false, false, 0, 0},
        {"\"14\\u0000\"", false, false, 0, 0},
        {"\"-\"", false, false, 0, 0},
        {"true", false, false, 0, 0},
        {"[]", false, false, 0, 0},
        {"{}", false, false, 0, 0},
        {"null", false, false, 0, 0},
};

static void test_numbers(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(number_cases); i++) {
		const struct number_case *c = &number_cases[i];
		struct json *document = parse(c->text);
		double number = 77;
		int64_t integer = 77;

		OK_NAMED(json_number(document, &number) == c->is_number, c->text);
		OK_NAMED(number == (c->is_number ? c->number : 77), c->text);
		OK_NAMED(json_integer(document, &integer) == c->is_integer, c->text);
		OK_NAMED(integer == (c->is_integer ? c->integer : 77), c->text);
		json_free(document);
	}
}

static void test_bools(void)
{
	struct json *yes = parse("true"), *no = parse("false"), *one = parse("1");
	bool value = false;

	OK(json_bool(yes, &value) && value);
	OK(json_bool(no, &value) && !value);
	OK(!json_bool(one, &value));
	OK(!json_bool(NULL, &value));
	json_free(yes);
	json_free(no);
	json_free(one);
}

struct target {
	char *name;
	char **list;
	double price;
	int64_t count;
	int64_t any;
	bool flag;
	const struct json *node;
};

#define FIELD(member, type_, ...)                                                         \
	{                                                                                 \
		.key = #member, .type = type_, .offset = offsetof(struct target, member), \
		__VA_ARGS__                                                               \
	}

static const struct json_field target_fields[] = {
        FIELD(name, JSON_FIELD_STRING, .required = true),
        FIELD(list, JSON_FIELD_STRINGS),
        FIELD(price, JSON_FIELD_DOUBLE),
        FIELD(count, JSON_FIELD_INTEGER, .min = 1, .max = 15),
        FIELD(any, JSON_FIELD_INTEGER),
        FIELD(flag, JSON_FIELD_BOOL),
        FIELD(node, JSON_FIELD_NODE),
        {0},
};

static void target_done(struct target *target)
{
	free(target->name);
	json_strings_free(target->list);
	*target = (struct target){0};
}

static int read_text(const char *text, struct target *target, struct err *err)
{
	struct json *document = parse(text);
	int r = json_read(document, target_fields, target, "file.json", err);

	target->node = NULL; /* it ends with the document */
	json_free(document);
	return r;
}

struct read_case {
	const char *text;
	const char *message; /* must be in the error */
};

static const struct read_case read_cases[] = {
        {"[]", "must be an object"},
        {"null", "must be an object"},
        {"{}", "\"name\" is missing"},
        {"{\"name\":null}", "\"name\" is missing"},
        {"{\"name\":1}", "\"name\" must be a string"},
        {"{\"name\":\"a\\u0000b\"}", "\"name\" must be a string"},
        {"{\"name\":\"x\",\"colour\":1}", "unknown key \"colour\""},
        {"{\"name\":\"x\",\"colour\":1}", "name, list, price, count"},
        {"{\"name\":\"x\",\"colour\":null}", "unknown key \"colour\""},
        {"{\"name\":\"x\",\"a\\nb\":1}", "unknown key \"a b\""},
        {"{\"name\":\"x\",\"list\":{}}", "\"list\" must be a list of strings"},
        {"{\"name\":\"x\",\"list\":[1]}", "\"list\" must be a list of strings"},
        {"{\"name\":\"x\",\"list\":[\"a\",null]}", "\"list\" must be a list of strings"},
        {"{\"name\":\"x\",\"price\":\"14\"}", "\"price\" must be a number"},
        {"{\"name\":\"x\",\"price\":1e999}", "\"price\" must be a number"},
        {"{\"name\":\"x\",\"count\":0}", "\"count\" must be from 1 to 15"},
        {"{\"name\":\"x\",\"count\":16}", "\"count\" must be from 1 to 15"},
        {"{\"name\":\"x\",\"count\":1.5}", "\"count\" must be a whole number"},
        {"{\"name\":\"x\",\"count\":\"1\"}", "\"count\" must be a whole number"},
        {"{\"name\":\"x\",\"flag\":1}", "\"flag\" must be true or false"},
};

static void test_read_errors(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(read_cases); i++) {
		struct target target = {0};
		struct err err = {""};
		int r = read_text(read_cases[i].text, &target, &err);

		OK_NAMED(r == -EINVAL, read_cases[i].text);
		OK_NAMED(strncmp(err.text, "file.json: ", 11) == 0, read_cases[i].text);
		OK_NAMED(strstr(err.text, read_cases[i].message), read_cases[i].message);
		target_done(&target);
	}
}

static void test_read(void)
{
	struct target target = {.price = 3, .count = 4};
	struct err err = {""};
	struct json *document;

	OK(read_text("{\"name\":\"x\"}", &target, &err) == 0);
	OK_TEXT(target.name, "x");
	OK(target.price == 3 && target.count == 4 && !target.flag && !target.list);
	OK(read_text("{\"name\":\"y\",\"list\":\"one\",\"price\":14,\"count\":15,\"any\":-7,"
	             "\"flag\":true}",
	           &target, &err) == 0);
	OK_TEXT(target.name, "y");
	OK_TEXT(target.list[0], "one");
	OK(!target.list[1]);
	OK(target.price == 14 && target.count == 15 && target.any == -7 && target.flag);
	OK(read_text("{\"name\":\"z\",\"list\":[\"a\",\"b\"],\"count\":1}", &target, &err) == 0);
	OK_TEXT(target.list[1], "b");
	OK(!target.list[2] && target.count == 1);
	OK(read_text("{\"name\":\"z\",\"list\":[]}", &target, &err) == 0);
	OK(target.list && !target.list[0]);
	/* What was read before the error stays. */
	OK(read_text("{\"name\":\"w\",\"flag\":3}", &target, NULL) == -EINVAL);
	OK_TEXT(target.name, "w");
	document = parse("{\"name\":\"x\",\"node\":{\"a\":1}}");
	OK(json_read(document, target_fields, &target, "w", &err) == 0);
	OK(target.node == json_member(document, "node") && target.node);
	json_free(document);
	target_done(&target);
	json_strings_free(NULL);
}

static void test_write(void)
{
	struct json *object = json_new_object(), *array = json_new_array(), *copy;
	char *text;

	OK(json_append(array, json_new_string("http://x/y?\"q\"\n")) == 0);
	OK(json_append(array, json_new_integer(INT64_MIN)) == 0);
	OK(json_append(array, json_new_bool(true)) == 0);
	OK(json_append(array, NULL) == -ENOMEM);
	OK(json_append(object, json_new_bool(true)) == -EINVAL);
	OK(json_set(array, "a", json_new_bool(true)) == -EINVAL);
	OK(json_set(NULL, "a", json_new_bool(true)) == -ENOMEM);
	OK(json_set(object, "a", NULL) == -ENOMEM);
	OK(json_set(object, "list", array) == 0);
	OK(json_set(object, "e\xc3\xa9", json_new_string("\xe2\x82\xac")) == 0);
	OK(json_set(object, "x", json_new_integer(1)) == 0);
	OK(json_set(object, "x", json_new_integer(2)) == 0);
	text = json_text(object);
	OK_TEXT(text, "{\"list\":[\"http://x/y?\\\"q\\\"\\n\",-9223372036854775808,true],"
	              "\"e\xc3\xa9\":\"\xe2\x82\xac\",\"x\":2}");
	free(text);
	copy = json_copy(object);
	OK(json_set(object, "x", json_new_integer(3)) == 0);
	text = json_text(json_member(copy, "x"));
	OK_TEXT(text, "2");
	free(text);
	text = json_text(NULL);
	OK_TEXT(text, "null");
	free(text);
	OK(!json_copy(NULL));
	json_free(copy);
	json_free(object);
}

static const struct {
	double value;
	const char *text;
} doubles[] = {
        {14.0, "14"},
        {0.0, "0"},
        {-0.0, "0"},
        {-3.0, "-3"},
        {0.1, "0.1"},
        {14.5, "14.5"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3.0, "0.3333333333333333"},
        {9007199254740992.0, "9007199254740992"},
        {1e300, "1e+300"},
        {-2.5e-8, "-2.5e-08"},
};

static void test_doubles(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(doubles); i++) {
		struct json *node = json_new_double(doubles[i].value), *again;
		char *text = json_text(node);
		double value = 77;

		OK_TEXT(text, doubles[i].text);
		again = parse(text);
		OK(json_number(again, &value) && value == doubles[i].value);
		json_free(again);
		json_free(node);
		free(text);
	}
	OK(!json_new_double(NAN));
	OK(!json_new_double(INFINITY));
	OK(!json_new_double(-INFINITY));
}

static const struct {
	const char *text, *error; /* NULL: all is well */
} names[] = {
        {"{}", NULL},
        {"[]", NULL},
        {"1", NULL},
        {"\"a\"", NULL},
        {"{\"a\":1,\"b\":{\"a\":2},\"c\":[{\"a\":1},{\"a\":2},\"a\",\"a\"]}", NULL},
        {"{\"a\":\"a\",\"b\":\"a\"}", NULL},
        {"{\"a\":\"\\\"},{\\\"a\",\"b\":1}", NULL},
        {"{\"a\":{},\"b\":1,\"B\":1,\"\":1}", NULL},
        {"{\"a\":1,\n\"a\":2}", "line 2: the name \"a\" is there twice; it is in line 1 already"},
        {"{\"a\":1,\"\\u0061\":2}",
                "line 1: the name \"a\" is there twice; it is in line 1 already"},
        {"[1,{\"x\":{\"k\":[{\"z\":1}],\n\n\"j\":0,\"k\":1}}]",
                "line 3: the name \"k\" is there twice; it is in line 1 already"},
        {"{\"a\":{\"b\":1},\"a\":{\"c\":1}}",
                "line 1: the name \"a\" is there twice; it is in line 1 already"},
        {"{\"a\\u0000b\":1}", "line 1: a name has a NUL in it"},
        {"{\"1\":1,\"2\":1,\"3\":1,\"4\":1}", NULL},
        {"{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\n\"5\":1}", "line 2: more than 4 names in one object"},
};

static void test_names(void)
{
	char deep[2 * JSON_DEPTH_MAX + 1];
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		/* A copy of its exact size, so that a sanitizer sees every read past its end. */
		size_t size = strlen(names[i].text);
		char *copy = malloc(size);
		struct json *document = NULL;
		int r = -ENOMEM;

		err.text[0] = '\0';
		if (copy) {
			memcpy(copy, names[i].text, size);
			r = json_parse(copy, size, &document, &err);
			r = r < 0 ? r : json_check_names(copy, size, 4, &err);
		}
		OK_NAMED(r == (names[i].error ? -EINVAL : 0) &&
		                 strcmp(err.text, names[i].error ? names[i].error : "") == 0,
		        names[i].text);
		json_free(document);
		free(copy);
	}
	memset(deep, '[', JSON_DEPTH_MAX);
	memset(deep + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	OK(json_check_names(deep, 2 * JSON_DEPTH_MAX, 4, &err) == 0);
}

/* A document that was read is written as it was. */
static void test_round_trip(void)
{
	static const char text[] = "{\"a\":[1.50,1e3,null,\"\\u0000\",18446744073709551615],"
	                           "\"b\":{\"c\":\"/\"},\"d\":false}";
	struct json *document = parse(text);
	char *got = json_text(document);

	OK_TEXT(got, text);
	free(got);
	json_free(document);
}

int main(void)
{
	/* The machine's locale must not reach the numbers, where it has one with a comma. */
	if (!setlocale(LC_ALL, "de_DE.UTF-8"))
		printf("# no locale with a comma here\n");
	test_grammar();
	test_bytes();
	test_depth();
	test_look();
	test_numbers();
	test_bools();
	test_read_errors();
	test_read();
	test_write();
	test_doubles();
	test_round_trip();
	test_names();
	return tap_done();
}
