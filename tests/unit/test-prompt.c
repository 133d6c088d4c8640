/* SPDX-License-Identifier: MIT */
#include "darkroom/prompt.h"

#include "tap.h"

/* ---- names ---- */

static const struct {
	const char *name;
	enum prompt_name kind;
	size_t stem;
} names[] = {
        {"hero.prompt", PROMPT_NAME_PROMPT, 4},
        {"hero.status", PROMPT_NAME_STATUS, 4},
        {"hero.wait", PROMPT_NAME_WAIT, 4},
        {"a.prompt", PROMPT_NAME_PROMPT, 1},
        {"a.b.prompt", PROMPT_NAME_PROMPT, 3},
        {"a..prompt", PROMPT_NAME_PROMPT, 2},
        {"a b.prompt", PROMPT_NAME_PROMPT, 3},
        {"-.prompt", PROMPT_NAME_PROMPT, 1},
        {"~.prompt", PROMPT_NAME_PROMPT, 1},
        {"x.prompt.prompt", PROMPT_NAME_PROMPT, 8},
        {"x.prompt.status", PROMPT_NAME_STATUS, 8},
        {"x.status.prompt", PROMPT_NAME_PROMPT, 8},
        {"\xc3\xa9.prompt", PROMPT_NAME_PROMPT, 2},
        {"\xff\xfe.prompt", PROMPT_NAME_PROMPT, 2},
        {"line\nbreak.prompt", PROMPT_NAME_PROMPT, 10},
        {"prompt", PROMPT_NAME_OTHER, 0},
        {"heroprompt", PROMPT_NAME_OTHER, 0},
        {".prompt", PROMPT_NAME_OTHER, 0},
        {".status", PROMPT_NAME_OTHER, 0},
        {".wait", PROMPT_NAME_OTHER, 0},
        {".x.prompt", PROMPT_NAME_OTHER, 0},
        {".x.status", PROMPT_NAME_OTHER, 0},
        {".x.wait", PROMPT_NAME_OTHER, 0},
        {"..prompt", PROMPT_NAME_OTHER, 0},
        {".x.prompt.swp", PROMPT_NAME_OTHER, 0},
        {".x.prompt.Ab12cD", PROMPT_NAME_OTHER, 0},
        {".#x.prompt", PROMPT_NAME_OTHER, 0},
        {"#x.prompt#", PROMPT_NAME_OTHER, 0},
        {"x.prompt~", PROMPT_NAME_OTHER, 0},
        {"x.prompt.bak", PROMPT_NAME_OTHER, 0},
        {"x.prompt.part", PROMPT_NAME_OTHER, 0},
        {"x.prompt ", PROMPT_NAME_OTHER, 0},
        {"x.Prompt", PROMPT_NAME_OTHER, 0},
        {"x.PROMPT", PROMPT_NAME_OTHER, 0},
        {"4913", PROMPT_NAME_OTHER, 0},
        {"x.png", PROMPT_NAME_OTHER, 0},
        {"", PROMPT_NAME_OTHER, 0},
        {".", PROMPT_NAME_OTHER, 0},
        {"..", PROMPT_NAME_OTHER, 0},
};

static enum prompt_name kind_of_length(size_t stem, const char *suffix)
{
	char name[512];
	size_t length = 77;
	enum prompt_name kind;

	memset(name, 'n', stem);
	memcpy(name + stem, suffix, strlen(suffix) + 1);
	kind = prompt_name_kind(name, &length);
	OK(length == (kind == PROMPT_NAME_OTHER ? 77 : stem));
	return kind;
}

static void test_names(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		size_t stem = 77, want = names[i].kind == PROMPT_NAME_OTHER ? 77 : names[i].stem;
		char label[32];

		snprintf(label, sizeof(label), "name %zu", i);
		OK_NAMED(prompt_name_kind(names[i].name, &stem) == names[i].kind, label);
		OK_NAMED(stem == want, label);
		OK_NAMED(prompt_name_kind(names[i].name, NULL) == names[i].kind, label);
	}
	OK(kind_of_length(248, ".prompt") == PROMPT_NAME_PROMPT);
	OK(kind_of_length(249, ".prompt") == PROMPT_NAME_OTHER);
	OK(kind_of_length(400, ".prompt") == PROMPT_NAME_OTHER);
	OK(kind_of_length(248, ".status") == PROMPT_NAME_STATUS);
	OK(kind_of_length(249, ".status") == PROMPT_NAME_OTHER);
	OK(kind_of_length(248, ".wait") == PROMPT_NAME_WAIT);
	/* The name fits, but its prompt's would not. */
	OK(kind_of_length(249, ".wait") == PROMPT_NAME_OTHER);
	OK(kind_of_length(250, ".wait") == PROMPT_NAME_OTHER);
}

static void test_make(void)
{
	char out[256], stem[300];

	memset(stem, 's', sizeof(stem));
	OK(prompt_name_make("hero.prompt", 4, "png", out));
	OK_TEXT(out, "hero.png");
	OK(prompt_name_make("a", 1, "status", out));
	OK_TEXT(out, "a.status");
	OK(prompt_name_make(stem, 251, "png", out) && strlen(out) == 255);
	OK(!prompt_name_make(stem, 252, "png", out));
	OK(prompt_name_make(stem, 254, "", out) && strlen(out) == 255);
	OK(!prompt_name_make(stem, 255, "", out));
	OK(!prompt_name_make(stem, SIZE_MAX, "png", out));
	stem[299] = '\0';
	OK(!prompt_name_make("a", 1, stem, out));
	stem[253] = '\0';
	OK(prompt_name_make("a", 1, stem, out) && strlen(out) == 255);
	OK(!prompt_name_make("ab", 2, stem, out));
}

/* ---- files that are good ---- */

struct good {
	const char *bytes;
	const char *text;
	const char *header; /* name=value; of each, sorted */
};

static const struct good goods[] = {
        {"", "", ""},
        {" \n\t\r\n ", "", ""},
        {"a red fox", "a red fox", ""},
        {"  a\n\n b  \n", "a\n\n b", ""},
        {"a\r\nb\r\n", "a\nb", ""},
        {"a\rb", "a\rb", ""},
        {"a\r\r\nb", "a\r\nb", ""},
        {"\xef\xbb\xbf"
         "fox",
                "fox", ""},
        {"\xef\xbb\xbf---\nseed: 1\n---\nfox", "fox", "seed=1;"},
        {"---\n---\nfox", "fox", ""},
        {"---\n---", "", ""},
        {"---\nseed: 1\n---", "", "seed=1;"},
        {"---  \t\nseed: 1\n--- \nfox", "fox", "seed=1;"},
        {"---\r\nseed: 1\r\nquality: high\r\n---\r\nfox\r\n", "fox", "quality=high;seed=1;"},
        {"---\n\n# a note: x\n  # another\nseed:1\n---\nfox", "fox", "seed=1;"},
        {"---\n  seed  :  1  \n---\nfox", "fox", "seed=1;"},
        {"---\naspect_ratio: 16:9\n---\nfox", "fox", "aspect_ratio=16:9;"},
        {"---\na: \"x y\"\nb: 'it: \"1\"'\nc: \"\"\nd:\n---\nfox", "fox",
                "a=x y;b=it: \"1\";c=;d=;"},
        {"---\na: \" x \"\n---\nfox", "fox", "a= x ;"},
        {"---\na: x # y\n---\nfox", "fox", "a=x # y;"},
        {"---\na: it's\n---\nfox", "fox", "a=it's;"},
        {"---\na.b-c_9: 1\n---\nfox", "fox", "a.b-c_9=1;"},
        {"---\na: \xc3\xa9\n---\n\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac",
                "a=\xc3\xa9;"},
        /* Only a first line of three dashes begins a header. */
        {" ---\nseed: 1\n---\nfox", "---\nseed: 1\n---\nfox", ""},
        {"\n---\nseed: 1\n---\nfox", "---\nseed: 1\n---\nfox", ""},
        {"----\nfox", "----\nfox", ""},
        {"--- fox", "--- fox", ""},
        {"--\nfox", "--\nfox", ""},
        /* And the next such line ends it. */
        {"---\na: 1\n---\nfox\n---\nb: 2\n---\n", "fox\n---\nb: 2\n---", "a=1;"},
};

static char *join(const struct parameters *header)
{
	struct buf buf = BUF_INIT(100000);
	size_t i;

	for (i = 0; i < header->count; i++)
		if (buf_addf(&buf, "%s=%s;", header->items[i].name, header->items[i].value) < 0)
			break;
	return buf_take(&buf);
}

static void test_good(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(goods); i++) {
		struct prompt prompt = {0};
		struct err err = {""};
		size_t size = strlen(goods[i].bytes);
		char *exact = malloc(size + 1), *header;

		memcpy(exact, goods[i].bytes, size);
		OK(prompt_parse(exact, size, &prompt, &err) == 0);
		header = join(&prompt.header);
		OK_TEXT(prompt.text, goods[i].text);
		OK_TEXT(header, goods[i].header);
		free(header);
		free(exact);
		prompt_done(&prompt);
	}
}

/* ---- files that are refused ---- */

static const struct {
	const char *bytes;
	const char *message; /* must be in the error */
} bads[] = {
        {"---", "line 1: the header that begins here has no end"},
        {"---\n", "line 1: the header that begins here has no end"},
        {"---\na fox runs\n", "line 1: the header that begins here has no end"},
        {"---\nseed: 1\n ---\nfox", "line 1: the header that begins here has no end"},
        {"---\nseed: 1\n----\nfox", "line 1: the header that begins here has no end"},
        {"---\na fox runs\n---\n", "line 2: \"a fox runs\" is not \"name: value\""},
        {"---\n\n\nfox\n---\n", "line 4: \"fox\""},
        {"---\n: 1\n---\n", "line 2: nothing before the colon"},
        {"---\nSeed: 1\n---\n", "line 2: \"Seed\": names are written in lower case"},
        {"---\nse ed: 1\n---\n", "line 2: \"se ed\" is no name"},
        {"---\ns\xc3\xa9: 1\n---\n", "line 2: \"s\xc3\xa9\" is no name"},
        {"---\na/b: 1\n---\n", "is no name"},
        {"---\na: 1\nb: 2\na: 1\n---\n", "line 4: \"a\" is there twice"},
        {"---\na: \"x\n---\n", "line 2: quotation mark \" without its end"},
        {"---\na: \"\n---\n", "line 2: quotation mark \" without its end"},
        {"---\na: 'x\"\n---\n", "line 2: quotation mark ' without its end"},
        {"---\na: \"x\" y\n---\n", "line 2: more follows"},
        {"---\na: 'x''y'\n---\n", "line 2: more follows"},
        {"---\na: x\x01y\n---\n", "line 2: control character"},
        {"---\na: x\ry\n---\n", "line 2: control character"},
        {"fox\n\xff", "line 2: not UTF-8"},
        {"fox \xc3", "line 1: not UTF-8"},
        {"\xc0\xaf", "line 1: not UTF-8"},
        {"\xed\xa0\x80", "line 1: not UTF-8"},
        {"\xff\xfe"
         "f",
                "not UTF-8"},
        {"---\na: \xff\n---\n", "line 2: not UTF-8"},
};

static void expect_error(const char *bytes, size_t size, const char *message)
{
	struct prompt prompt = {.text = NULL};
	struct err err = {""};

	OK_NAMED(prompt_parse(bytes, size, &prompt, &err) == -EINVAL, message);
	OK_NAMED(strstr(err.text, message), message);
	OK_NAMED(!prompt.text && prompt.header.count == 0, message);
	OK_NAMED(prompt_parse(bytes, size, &prompt, NULL) == -EINVAL, message);
}

static void test_bad(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bads); i++)
		expect_error(bads[i].bytes, strlen(bads[i].bytes), bads[i].message);
	expect_error("a\nb\0c", 5, "line 2: not text: a NUL byte");
	expect_error("\0", 1, "line 1: not text: a NUL byte");
	/* UTF-16, as some editors save. */
	expect_error("f\0o\0x\0", 6, "NUL byte");
}

/* ---- limits ---- */

static char *repeat(const char *head, const char *line, size_t count, const char *tail)
{
	struct buf buf = BUF_INIT(PROMPT_FILE_MAX * 2);
	size_t i;
	int r = buf_add_text(&buf, head);

	for (i = 0; r == 0 && i < count; i++)
		r = buf_add_text(&buf, line);
	if (r == 0)
		r = buf_add_text(&buf, tail);
	return buf_take(&buf);
}

static int parse_repeated(const char *head, const char *line, size_t count, const char *tail,
        struct prompt *prompt, struct err *err)
{
	char *bytes = repeat(head, line, count, tail);
	int r = prompt_parse(bytes, strlen(bytes), prompt, err);

	free(bytes);
	return r;
}

static void test_limits(void)
{
	struct prompt prompt = {0};
	struct err err = {""};
	struct buf many = BUF_INIT(100000);
	int i, r;

	OK(parse_repeated("---\n", "#\n", PROMPT_HEADER_LINES_MAX, "---\nx", &prompt, &err) == 0);
	prompt_done(&prompt);
	r = parse_repeated("---\n", "#\n", PROMPT_HEADER_LINES_MAX + 1, "---\nx", &prompt, &err);
	OK(r == -EINVAL && strstr(err.text, "line 1: ") && strstr(err.text, "100 lines"));
	OK(parse_repeated("---\n", "a", PARAMETER_NAME_MAX, ": 1\n---\nx", &prompt, &err) == 0);
	prompt_done(&prompt);
	r = parse_repeated("---\n", "a", PARAMETER_NAME_MAX + 1, ": 1\n---\nx", &prompt, &err);
	OK(r == -EINVAL && strstr(err.text, "line 2: name longer than 64"));
	OK(parse_repeated("---\na: ", "v", PARAMETER_VALUE_MAX, "\n---\nx", &prompt, &err) == 0);
	prompt_done(&prompt);
	r = parse_repeated("---\na: ", "v", PARAMETER_VALUE_MAX + 1, "\n---\nx", &prompt, &err);
	OK(r == -EINVAL && strstr(err.text, "line 2: value longer than 8192"));
	OK(parse_repeated("", "x", PROMPT_FILE_MAX, "", &prompt, &err) == 0);
	OK(strlen(prompt.text) == PROMPT_FILE_MAX);
	prompt_done(&prompt);
	r = parse_repeated("", "x", PROMPT_FILE_MAX + 1, "", &prompt, &err);
	OK(r == -EINVAL && strstr(err.text, "larger than"));
	OK(parse_repeated("", "\xe6\x97\xa5", 3000, "\n", &prompt, &err) == 0);
	OK(strlen(prompt.text) == 9000 && utf8_length(prompt.text, 9000) == 3000);
	prompt_done(&prompt);
	OK(buf_add_text(&many, "---\n") == 0);
	for (i = 0; i <= PARAMETERS_MAX; i++)
		OK(buf_addf(&many, "p%d: %d\n", i, i) == 0);
	OK(buf_add_text(&many, "---\n") == 0);
	OK(prompt_parse(many.data, many.size, &prompt, &err) == -EINVAL);
	OK(strstr(err.text, "line 66: more than 64 names"));
	buf_done(&many);
	/* Nothing but no bytes at all. */
	OK(prompt_parse(NULL, 0, &prompt, &err) == 0);
	OK_TEXT(prompt.text, "");
	prompt_done(&prompt);
	prompt_done(&prompt);
}

int main(void)
{
	test_names();
	test_make();
	test_good();
	test_bad();
	test_limits();
	return tap_done();
}
