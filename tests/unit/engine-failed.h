/* SPDX-License-Identifier: MIT */
/* Tasks that fail, and what the status says of a task that has ended. */
#pragma once

#include "engine-bench.h"

#define FAILURE(members) "{\"code\":200,\"data\":{\"state\":\"fail\"," members "}}"
#define PAID ",\"creditsConsumed\":6.5"
#define FREE ",\"creditsConsumed\":0"
#define EMPTY "{\"code\":200,\"data\":{\"state\":\"success\"" PAID ",\"resultJson\":\"\"}}"
#define NO_TASK "{\"code\":422,\"msg\":\"recordInfo is null\"}"

#define HINT_OPEN \
	"change the prompt, or write retry into the status file to order it again, at its price"
#define HINT_SERVICE                                                                              \
	"the trouble was the service's own: write retry into the status file to order it again, " \
	"at its price"
#define HINT_PROMPT "change the prompt or its pictures; the same again would fail again"
#define HINT_LOOK                                                                                \
	"write retry into the status file to look for its pictures again, which costs nothing, " \
	"or regenerate to order it anew, at its price"
#define HINT_LOOK_PROMPT                                                                           \
	"change the prompt or its pictures, the same again would fail again; retry looks for its " \
	"pictures again, which costs nothing"
#define HINT_LOOK_TASK "write retry into the status file to look for it again, which costs nothing"
#define HINT_ACCOUNT                                                                          \
	"look at your account; write retry into the status file to look for it again, which " \
	"costs "                                                                              \
	"nothing"
#define HINT_LOST                                                                                  \
	"look for the task in your account at kie.ai; if it is there, write task and its id "      \
	"into the status file to fetch its pictures, which costs nothing; if not, write retry to " \
	"order it again, at its price"
#define HINT_REQUEST                                                                            \
	"change the prompt or its parameters, or write retry into the status file to order it " \
	"again"
#define HINT_NO_PICTURE HINT_LOOK_TASK "; your account at kie.ai shows task T1 with its picture too"

/* How a take that got no picture ended, by what the provider says at each step: what its status
 * says, and whether retry buys another one. */
static const struct ending {
	const char *name;
	struct script_line create, status, picture; /* without url: as when all is well */
	enum task_state state;
	const char *error, *charged, *hint; /* charged NULL: nobody knows */
	bool retry_buys;
} endings[] = {
        {"refused", .create = {"createTask", HTTP_ANSWERED, 200, "{\"code\":422,\"msg\":\"bad\"}"},
                .state = TASK_FAIL, .error = "kie.ai refused the request: bad", .charged = "no",
                .hint = HINT_REQUEST, .retry_buys = true},
        {"answer lost", .create = {"createTask", HTTP_LOST, 0, ""}, .state = TASK_UNKNOWN,
                .error = "createTask was sent and no answer came back (as scripted); kie.ai may "
                         "have made and charged the task",
                .hint = HINT_LOST, .retry_buys = true},
        {"answer unclear", .create = {"createTask", HTTP_ANSWERED, 502, "<html>"},
                .state = TASK_UNKNOWN,
                .error = "createTask was sent and the answer was not clear (HTTP 502, 6 bytes); "
                         "kie.ai may have made and charged the task",
                .hint = HINT_LOST, .retry_buys = true},

        {"failed", .status = {"recordInfo", HTTP_ANSWERED, 200, FAILURE("\"failMsg\":\"no luck\"")},
                .state = TASK_FAIL, .error = "no luck", .hint = HINT_OPEN, .retry_buys = true},
        {"failed, free",
                .status = {"recordInfo", HTTP_ANSWERED, 200,
                        FAILURE("\"failMsg\":\"no luck\"" FREE)},
                .state = TASK_FAIL, .error = "no luck", .charged = "no", .hint = HINT_OPEN,
                .retry_buys = true},
        {"failed, paid",
                .status = {"recordInfo", HTTP_ANSWERED, 200,
                        FAILURE("\"failMsg\":\"no luck\"" PAID)},
                .state = TASK_FAIL, .error = "no luck", .charged = "6.5", .hint = HINT_LOOK},
        {"failed without a word",
                .status = {"recordInfo", HTTP_ANSWERED, 200, FAILURE("\"failMsg\":\"\"")},
                .state = TASK_FAIL, .error = "", .hint = HINT_OPEN, .retry_buys = true},
        {"the service's trouble",
                .status = {"recordInfo", HTTP_ANSWERED, 200,
                        FAILURE("\"failMsg\":\"high demand\"")},
                .state = TASK_FAIL, .error = "high demand", .hint = HINT_SERVICE,
                .retry_buys = true},
        {"the service's trouble, free",
                .status = {"recordInfo", HTTP_ANSWERED, 200,
                        FAILURE("\"failMsg\":\"high demand\"" FREE)},
                .state = TASK_FAIL, .error = "high demand", .charged = "no", .hint = HINT_SERVICE,
                .retry_buys = true},
        {"the service's trouble, paid",
                .status = {"recordInfo", HTTP_ANSWERED, 200,
                        FAILURE("\"failMsg\":\"high demand\"" PAID)},
                .state = TASK_FAIL, .error = "high demand", .charged = "6.5", .hint = HINT_LOOK},
        {"the prompt",
                .status = {"recordInfo", HTTP_ANSWERED, 200,
                        FAILURE("\"failMsg\":\"content policy\"")},
                .state = TASK_FAIL, .error = "content policy", .hint = HINT_PROMPT,
                .retry_buys = true},
        {"the prompt, free",
                .status = {"recordInfo", HTTP_ANSWERED, 200,
                        FAILURE("\"failMsg\":\"content policy\"" FREE)},
                .state = TASK_FAIL, .error = "content policy", .charged = "no", .hint = HINT_PROMPT,
                .retry_buys = true},
        {"the prompt, paid",
                .status = {"recordInfo", HTTP_ANSWERED, 200,
                        FAILURE("\"failMsg\":\"content policy\"" PAID)},
                .state = TASK_FAIL, .error = "content policy", .charged = "6.5",
                .hint = HINT_LOOK_PROMPT},
        {"no pictures, paid", .status = {"recordInfo", HTTP_ANSWERED, 200, EMPTY},
                .state = TASK_FAIL, .error = "", .charged = "6.5", .hint = HINT_LOOK},

        {"no such task", .status = {"recordInfo", HTTP_ANSWERED, 200, NO_TASK},
                .state = TASK_UNKNOWN, .error = "kie.ai does not know task T1",
                .hint = HINT_ACCOUNT},
        {"endless", .status = {"recordInfo", HTTP_ANSWERED, 200, RUNNING}, .state = TASK_UNKNOWN,
                .error = "the task did not end for very long", .hint = HINT_LOOK_TASK},
        {"status lost", .status = {"recordInfo", HTTP_LOST, 0, ""}, .state = TASK_UNKNOWN,
                .error = "the task's end was never heard of (kie.ai cannot be asked (as "
                         "scripted))",
                .hint = HINT_LOOK_TASK},
        {"status unclear", .status = {"recordInfo", HTTP_ANSWERED, 502, "<html>"},
                .state = TASK_UNKNOWN,
                .error = "the task's end was never heard of (kie.ai gives no clear answer (HTTP "
                         "502",
                .hint = HINT_LOOK_TASK},
        {"status busy",
                .status = {"recordInfo", HTTP_ANSWERED, 200, "{\"code\":429,\"msg\":\"slow\"}"},
                .state = TASK_UNKNOWN,
                .error = "the task's end was never heard of (kie.ai asks to slow down)",
                .hint = HINT_LOOK_TASK},

        {"no picture", .picture = {"/picture", HTTP_ANSWERED, 200, "<html>"}, .state = TASK_FAIL,
                .error = "kie.ai delivered no picture: ", .charged = "6.5",
                .hint = HINT_NO_PICTURE},
        {"picture too long", .picture = {"/picture", HTTP_TOO_LONG, 200, ""}, .state = TASK_FAIL,
                .error = "kie.ai delivered no picture: it is larger than 256 MiB", .charged = "6.5",
                .hint = HINT_NO_PICTURE},
        {"picture's address", .picture = {"/picture", HTTP_BAD_URL, 0, ""}, .state = TASK_FAIL,
                .error = "kie.ai delivered no picture: the picture's address cannot be used (as "
                         "scripted)",
                .charged = "6.5", .hint = HINT_NO_PICTURE},
        {"picture gone", .picture = {"/picture", HTTP_ANSWERED, 404, ""}, .state = TASK_UNKNOWN,
                .error = "kie.ai delivered no picture: the picture's link gives HTTP 404",
                .hint = HINT_NO_PICTURE},
        {"picture cut", .picture = {"/picture", HTTP_LOST, 200, ""}, .state = TASK_UNKNOWN,
                .error = "kie.ai delivered no picture: the picture did not arrive (as scripted)",
                .hint = HINT_NO_PICTURE},
};

static bool is_final(const void *path)
{
	struct view *view = engine_view(bench.engine, path);
	bool final = view && task_state_is_final(view->state);

	view_unref(view);
	return final;
}

/* Whether the status has the line, or where the value is NULL, none of that key. */
static bool line_is(const char *key, const char *value, bool whole)
{
	char line[600];

	snprintf(line, sizeof(line), "\n%s: %s%s", key, value ? value : "", whole ? "\n" : "");
	if (value)
		return status_has("a.prompt", line);
	snprintf(line, sizeof(line), "\n%s: ", key);
	return !status_says(&(const struct says){"a.prompt", line});
}

static void test_ending(const struct ending *ending)
{
	struct script_line good[] = {GOOD};
	struct script_line lines[] = {ending->create, ending->status, ending->picture, GOOD};
	struct script_line *at = lines, *next;
	const char *name = ending->name;

	/* A step that goes well has no line of its own. */
	for (next = lines; next < lines + 3; next++)
		if (next->url)
			*at++ = *next;
	memmove(at, lines + 3, sizeof(lines) - 3 * sizeof(*lines));
	script_set(lines);
	bench_new();
	bench_open(true);
	OK_NAMED(order("a.prompt", "x") == 0, name);
	/* A day is what the definition waits for an end. */
	OK_NAMED(comes_true(is_final, "a.prompt", 3600000), name);
	OK_NAMED(reaches("a.prompt", ending->state), name);
	OK_NAMED(line_is("error", ending->error, false), name);
	OK_NAMED(line_is("charged", ending->charged, true), name);
	OK_NAMED(line_is("hint", ending->hint, true), name);
	OK_NAMED(script_creates() == 1, name);
	OK_NAMED(!exists("a.png"), name);
	/* What the hint says of its price is so. */
	script_set(good);
	OK_NAMED(engine_command(bench.engine, "a.prompt", ENGINE_RETRY) == 0, name);
	OK_NAMED(says("a.prompt", "state: success\n", 100), name);
	OK_NAMED(script_creates() == ending->retry_buys, name);
	OK_NAMED(line_is("take", ending->retry_buys ? "2" : "1", true), name);
	bench_close();
	bench_remove();
}

static void test_failed(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(endings); i++)
		test_ending(&endings[i]);
}

static void test_generated(void)
{
	struct script_line lines[] = {
	        {"createTask", HTTP_ANSWERED, 200, CREATED, 0},
	        {"recordInfo", HTTP_ANSWERED, 200,
	                "{\"code\":200,\"data\":{\"state\":\"success\",\"createTime\":"
	                "1700000000000,\"completeTime\":1700000046200,\"resultJson\":"
	                "\"{\\\"resultUrls\\\":[\\\"http://127.0.0.1:9/picture\\\"]}\"}}",
	                1},
	        {"recordInfo", HTTP_ANSWERED, 200,
	                "{\"code\":200,\"data\":{\"state\":\"fail\",\"failMsg\":\"no luck\","
	                "\"createTime\":1700000000000,\"completeTime\":1700000001500}}",
	                1},
	        GOOD,
	};

	script_set(lines);
	bench_new();
	bench_open(true);
	OK(order("a.prompt", "x") == 0);
	OK(reaches("a.prompt", TASK_SUCCESS));
	OK(status_has("a.prompt", "generated: 46.2 s\n"));
	OK(order("b.prompt", "x") == 0);
	OK(reaches("b.prompt", TASK_FAIL));
	OK(status_has("b.prompt", "generated: 1.5 s\n"));
	bench_close();
	bench_open(true);
	OK(status_has("a.prompt", "generated: 46.2 s\n"));
	bench_close();
	bench_remove();
}
