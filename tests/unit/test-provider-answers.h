/* SPDX-License-Identifier: MIT */
/* What kie.ai's answers mean: one line a body. */
#pragma once

#include "darkroom/provider.h"

struct answer_case {
	const char *name;
	int status;
	const char *body;
	enum provider_verdict verdict;
	const char *error; /* NULL: none */
};

#define OK_MSG "\"code\":200,\"msg\":\"success\""
#define NO_CREDITS_TEXT                                                                  \
	"Credits insufficient : Your current balance isn't enough to run this request. " \
	"Please top up to continue."
#define UNAUTHORIZED_TEXT                                                          \
	"Unauthorized \xe2\x80\x93 Authentication failed. Please check that your " \
	"Authorization and Content-Type headers are correctly set."
#define FREQUENCY_TEXT "Your call frequency is too high. Please try again later."
#define MODEL_TEXT                                                                         \
	"The model name you specified is not supported. Please verify your input and use " \
	"one of the supported models provided by KIE."
#define CODE(code, msg) "{\"code\":" code ",\"msg\":\"" msg "\",\"data\":null}"

static const struct answer_case create_cases[] = {
        /* accepted */
        {"as documented", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"t1\"}}", PROVIDER_ACCEPTED},
        {"as on the wire", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"t1\",\"recordId\":\"t1\"}}",
                PROVIDER_ACCEPTED},
        {"HTTP 201", 201, "{" OK_MSG ",\"data\":{\"taskId\":\"t1\"}}", PROVIDER_ACCEPTED},
        {"code as a string", 200, "{\"code\":\"200\",\"data\":{\"taskId\":\"t1\"}}",
                PROVIDER_ACCEPTED},
        {"no code", 200, "{\"data\":{\"taskId\":\"t1\"}}", PROVIDER_ACCEPTED},
        {"code null", 200, "{\"code\":null,\"data\":{\"taskId\":\"t1\"}}", PROVIDER_ACCEPTED},
        {"task_id", 200, "{" OK_MSG ",\"data\":{\"task_id\":\"t1\"}}", PROVIDER_ACCEPTED},
        {"at the top", 200, "{\"code\":200,\"taskId\":\"t1\"}", PROVIDER_ACCEPTED},
        {"in an array", 200, "[{" OK_MSG ",\"data\":{\"taskId\":\"t1\"}}]", PROVIDER_ACCEPTED},
        {"white space", 200, " \r\n{" OK_MSG ",\"data\":{\"taskId\":\"t1\"}}\n", PROVIDER_ACCEPTED},
        /* the key */
        {"401, no data", 200, "{\"code\":401,\"msg\":\"" UNAUTHORIZED_TEXT "\"}", PROVIDER_BAD_KEY,
                UNAUTHORIZED_TEXT},
        {"401 as text", 200, "{\"code\":\"401\",\"message\":\"no\"}", PROVIDER_BAD_KEY, "no"},
        {"HTTP 401", 401, CODE("401", "Unauthorized"), PROVIDER_BAD_KEY, "Unauthorized"},
        {"HTTP 401, empty", 401, "", PROVIDER_BAD_KEY},
        {"HTTP 401, HTML", 401, "<html>", PROVIDER_BAD_KEY},
        {"HTTP 401, new-api", 401,
                "{\"error\":{\"message\":\"invalid token\",\"type\":\"new_api_error\","
                "\"code\":\"\"}}",
                PROVIDER_BAD_KEY, "invalid token"},
        {"HTTP 403", 403, CODE("403", "denied"), PROVIDER_BAD_KEY, "denied"},
        /* credits */
        {"402", 200, CODE("402", NO_CREDITS_TEXT), PROVIDER_NO_CREDITS, NO_CREDITS_TEXT},
        {"402, no text", 200, "{\"code\":402}", PROVIDER_NO_CREDITS},
        {"402, other text", 200, CODE("402", "no"), PROVIDER_NO_CREDITS, "no"},
        {"HTTP 402", 402, "{\"detail\":\"pay\"}", PROVIDER_NO_CREDITS, "pay"},
        {"500 for credits", 200, CODE("500", "Credits insufficient"), PROVIDER_NO_CREDITS,
                "Credits insufficient"},
        {"HTTP 500 for credits", 500, CODE("500", "Credits insufficient"), PROVIDER_NO_CREDITS,
                "Credits insufficient"},
        {"500, top up", 200, CODE("500", "The current credits are insufficient. Please top up."),
                PROVIDER_NO_CREDITS, "The current credits are insufficient. Please top up."},
        {"400 for credits", 200, CODE("400", "Insufficient funds"), PROVIDER_NO_CREDITS,
                "Insufficient funds"},
        {"422, balance", 200, CODE("422", "Your Balance is low"), PROVIDER_NO_CREDITS,
                "Your Balance is low"},
        {"403 for quota", 403, CODE("403", "insufficient quota"), PROVIDER_NO_CREDITS,
                "insufficient quota"},
        {"a load balancer", 200, CODE("500", "load balancer failed"), PROVIDER_UNCLEAR,
                "load balancer failed"},
        {"balance of load", 502, CODE("502", "cannot balance"), PROVIDER_UNCLEAR, "cannot balance"},
        {"memory", 200, CODE("500", "insufficient memory"), PROVIDER_UNCLEAR,
                "insufficient memory"},
        {"insufficient without a code", 200, "{\"msg\":\"Credits insufficient\"}", PROVIDER_UNCLEAR,
                "Credits insufficient"},
        /* busy */
        {"429", 200, CODE("429", FREQUENCY_TEXT), PROVIDER_BUSY, FREQUENCY_TEXT},
        {"429 as text", 200, "{\"code\":\"429\"}", PROVIDER_BUSY},
        {"433", 200, CODE("433", "too many at once"), PROVIDER_BUSY, "too many at once"},
        {"HTTP 429", 429, "", PROVIDER_BUSY},
        {"HTTP 429, HTML", 429, "<html>slow down</html>", PROVIDER_BUSY},
        {"frequency with another code", 200, CODE("430", "Call FREQUENCY is too high"),
                PROVIDER_BUSY, "Call FREQUENCY is too high"},
        {"frequency without a code", 200, "{\"msg\":\"" FREQUENCY_TEXT "\"}", PROVIDER_BUSY,
                FREQUENCY_TEXT},
        {"frequency in data.msg", 200, "{\"code\":500,\"data\":{\"msg\":\"call frequency\"}}",
                PROVIDER_BUSY, "call frequency"},
        {"frequency in good words", 200, "{\"code\":200,\"msg\":\"call frequency\"}",
                PROVIDER_UNCLEAR},
        /* maintenance */
        {"455", 200, CODE("455", "maintenance"), PROVIDER_MAINTENANCE, "maintenance"},
        {"HTTP 455", 455, "", PROVIDER_MAINTENANCE},
        /* refused */
        {"422, the model", 200, CODE("422", MODEL_TEXT), PROVIDER_REFUSED, MODEL_TEXT},
        {"422, a field", 200, CODE("422", "This field is required"), PROVIDER_REFUSED,
                "This field is required"},
        {"400", 200, CODE("400", "bad"), PROVIDER_REFUSED, "bad"},
        {"404", 200, CODE("404", "not there"), PROVIDER_REFUSED, "not there"},
        {"413", 200, CODE("413", "too large"), PROVIDER_REFUSED, "too large"},
        {"501", 200, CODE("501", "generation failed"), PROVIDER_REFUSED, "generation failed"},
        {"505", 200, CODE("505", "disabled"), PROVIDER_REFUSED, "disabled"},
        {"500 for a field", 200, CODE("500", "aspect_ratio is required"), PROVIDER_REFUSED,
                "aspect_ratio is required"},
        {"500, not supported", 200, CODE("500", "21:8 is not supported"), PROVIDER_REFUSED,
                "21:8 is not supported"},
        {"HTTP 400, liangxin", 400, CODE("400", "input.prompt is required"), PROVIDER_REFUSED,
                "input.prompt is required"},
        {"HTTP 400, a better code", 400, CODE("402", "no"), PROVIDER_NO_CREDITS, "no"},
        {"HTTP 404, HTML", 404, "<html>", PROVIDER_REFUSED},
        {"HTTP 413", 413, "", PROVIDER_REFUSED},
        {"HTTP 422, detail", 422, "{\"detail\":\"no such ratio\"}", PROVIDER_REFUSED,
                "no such ratio"},
        /* not certain */
        {"500", 200, CODE("500", "Server exception, please try again"), PROVIDER_UNCLEAR,
                "Server exception, please try again"},
        {"HTTP 500", 500, CODE("500", "Server Error"), PROVIDER_UNCLEAR, "Server Error"},
        {"HTTP 500, a code below", 500, CODE("429", "slow"), PROVIDER_UNCLEAR, "slow"},
        {"HTTP 502, HTML", 502, "<html><h1>502 Bad Gateway</h1>", PROVIDER_UNCLEAR},
        {"HTTP 503, empty", 503, "", PROVIDER_UNCLEAR},
        {"HTTP 504", 504, "upstream timed out", PROVIDER_UNCLEAR},
        {"HTTP 524", 524, "error code: 524", PROVIDER_UNCLEAR},
        {"HTTP 408", 408, "", PROVIDER_UNCLEAR},
        {"HTTP 409", 409, "", PROVIDER_UNCLEAR},
        {"408", 200, CODE("408", "late"), PROVIDER_UNCLEAR, "late"},
        {"503", 200, CODE("503", "busy"), PROVIDER_UNCLEAR, "busy"},
        {"520", 200, CODE("520", "?"), PROVIDER_UNCLEAR, "?"},
        {"code 0", 200, "{\"code\":0,\"msg\":\"m\"}", PROVIDER_UNCLEAR, "m"},
        {"code -1", 200, "{\"code\":-1}", PROVIDER_UNCLEAR},
        {"empty", 200, "", PROVIDER_UNCLEAR},
        {"HTML", 200, "<!DOCTYPE html><html>Bad gateway</html>", PROVIDER_UNCLEAR},
        {"cut", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"t1\"", PROVIDER_UNCLEAR},
        {"cut in the id", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"t", PROVIDER_UNCLEAR},
        {"more behind", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"t1\"}}{}", PROVIDER_UNCLEAR},
        {"no id", 200, "{" OK_MSG ",\"data\":{}}", PROVIDER_UNCLEAR},
        {"data null", 200, "{" OK_MSG ",\"data\":null}", PROVIDER_UNCLEAR},
        {"no data", 200, "{" OK_MSG "}", PROVIDER_UNCLEAR},
        {"data is text", 200, "{" OK_MSG ",\"data\":\"t1\"}", PROVIDER_UNCLEAR},
        {"id empty", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"\"}}", PROVIDER_UNCLEAR},
        {"id null", 200, "{" OK_MSG ",\"data\":{\"taskId\":null}}", PROVIDER_UNCLEAR},
        {"id number", 200, "{" OK_MSG ",\"data\":{\"taskId\":17}}", PROVIDER_UNCLEAR},
        {"id object", 200, "{" OK_MSG ",\"data\":{\"taskId\":{}}}", PROVIDER_UNCLEAR},
        {"id with a NUL", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"a\\u0000b\"}}",
                PROVIDER_UNCLEAR},
        {"id with a line", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"a\\nb\"}}", PROVIDER_UNCLEAR},
        {"id with DEL", 200, "{" OK_MSG ",\"data\":{\"taskId\":\"a\\u007fb\"}}", PROVIDER_UNCLEAR},
        {"code object", 200, "{\"code\":{},\"data\":{\"taskId\":\"t1\"}}", PROVIDER_UNCLEAR},
        {"code word", 200, "{\"code\":\"ok\",\"data\":{\"taskId\":\"t1\"}}", PROVIDER_UNCLEAR},
        {"an id and 429", 200, "{\"code\":429,\"msg\":\"m\",\"data\":{\"taskId\":\"t1\"}}",
                PROVIDER_UNCLEAR, "m"},
        {"an id and HTTP 401", 401, "{\"code\":401,\"data\":{\"taskId\":\"t1\"}}",
                PROVIDER_UNCLEAR},
        {"an id and HTTP 500", 500, "{\"code\":200,\"data\":{\"taskId\":\"t1\"}}",
                PROVIDER_UNCLEAR},
        {"HTTP 302", 302, "", PROVIDER_UNCLEAR},
        {"HTTP 302 with an id", 302, "{" OK_MSG ",\"data\":{\"taskId\":\"t1\"}}", PROVIDER_UNCLEAR},
        {"HTTP 302 with 401", 302, CODE("401", "no"), PROVIDER_UNCLEAR, "no"},
        {"HTTP 0", 0, CODE("429", "slow"), PROVIDER_UNCLEAR, "slow"},
        {"null", 200, "null", PROVIDER_UNCLEAR},
        {"text", 200, "\"success\"", PROVIDER_UNCLEAR},
        {"number", 200, "200", PROVIDER_UNCLEAR},
        {"empty array", 200, "[]", PROVIDER_UNCLEAR},
        {"array of text", 200, "[\"t1\"]", PROVIDER_UNCLEAR},
};

/* A record of a task with these members besides its id. */
#define RECORD(members) "{" OK_MSG ",\"data\":{\"taskId\":\"t1\"," members "}}"
#define PICTURE "https://tempfile.aiquickdraw.com/r/t1_1750000045_ab12cd34.png"
#define RESULT "\"resultJson\":\"{\\\"resultUrls\\\":[\\\"" PICTURE "\\\"]}\""
#define NO_PICTURE "kie.ai says the task succeeded but gave no picture"

struct status_case {
	struct answer_case answer;
	enum task_event event;
	const char *urls;    /* joined by spaces */
	const char *credits; /* as text, NULL: not known */
};

static const struct status_case status_cases[] = {
        /* running */
        {{"waiting", 200, RECORD("\"state\":\"waiting\",\"resultJson\":\"\""), PROVIDER_RUNNING},
                TASK_EV_WAITING},
        {{"queuing", 200, RECORD("\"state\":\"queuing\""), PROVIDER_RUNNING}, TASK_EV_QUEUING},
        {{"generating", 200, RECORD("\"state\":\"generating\",\"creditsConsumed\":6.0"),
                 PROVIDER_RUNNING},
                TASK_EV_GENERATING},
        {{"waiting with a result", 200, RECORD("\"state\":\"waiting\"," RESULT), PROVIDER_RUNNING},
                TASK_EV_WAITING},
        {{"an unknown word", 200, RECORD("\"state\":\"polishing\"," RESULT), PROVIDER_RUNNING},
                TASK_EV_WAITING},
        {{"processing", 200, RECORD("\"state\":\"PROCESSING\""), PROVIDER_RUNNING},
                TASK_EV_GENERATING},
        {{"pending", 200, RECORD("\"state\":\"pending\""), PROVIDER_RUNNING}, TASK_EV_WAITING},
        {{"flag 0", 200, RECORD("\"successFlag\":0"), PROVIDER_RUNNING}, TASK_EV_GENERATING},
        {{"in an array", 200, "[" RECORD("\"state\":\"queuing\"") "]", PROVIDER_RUNNING},
                TASK_EV_QUEUING},
        {{"no code", 200, "{\"data\":{\"state\":\"queuing\"}}", PROVIDER_RUNNING}, TASK_EV_QUEUING},
        {{"a code for nothing", 200, RECORD("\"state\":\"waiting\",\"failCode\":\"0\""),
                 PROVIDER_RUNNING},
                TASK_EV_WAITING},
        /* finished */
        {{"success", 200,
                 RECORD("\"state\":\"success\"," RESULT
                        ",\"failCode\":null,\"failMsg\":null,\"costTime\":45"),
                 PROVIDER_FINISHED},
                0, PICTURE},
        {{"with credits", 200, RECORD("\"state\":\"success\"," RESULT ",\"creditsConsumed\":14.0"),
                 PROVIDER_FINISHED},
                0, PICTURE, "14"},
        {{"consumeCredits", 200,
                 RECORD("\"state\":\"success\"," RESULT ",\"consumeCredits\":\"6.5\""),
                 PROVIDER_FINISHED},
                0, PICTURE, "6.5"},
        {{"credits of a wrong type", 200,
                 RECORD("\"state\":\"success\"," RESULT ",\"creditsConsumed\":[]"),
                 PROVIDER_FINISHED},
                0, PICTURE},
        {{"several", 200,
                 RECORD("\"state\":\"success\",\"resultJson\":\"{\\\"resultUrls\\\":"
                        "[\\\"https://a/1\\\",\\\"http://b/2\\\"]}\""),
                 PROVIDER_FINISHED},
                0, "https://a/1 http://b/2"},
        {{"an object", 200,
                 RECORD("\"state\":\"success\",\"resultJson\":{\"resultUrls\":[\"https://a/1\"]}"),
                 PROVIDER_FINISHED},
                0, "https://a/1"},
        {{"outputs", 200,
                 RECORD("\"state\":\"success\",\"resultJson\":{\"outputs\":[{\"url\":"
                        "\"https://a/1\"},\"https://a/2\"]}"),
                 PROVIDER_FINISHED},
                0, "https://a/1 https://a/2"},
        {{"an array", 200, RECORD("\"state\":\"success\",\"resultJson\":\"[\\\"https://a/1\\\"]\""),
                 PROVIDER_FINISHED},
                0, "https://a/1"},
        {{"one string", 200, RECORD("\"state\":\"success\",\"resultJson\":\"https://a/1\""),
                 PROVIDER_FINISHED},
                0, "https://a/1"},
        {{"resultUrls as a string", 200,
                 RECORD("\"state\":\"success\",\"resultJson\":{\"resultUrls\":\"https://a/1\"}"),
                 PROVIDER_FINISHED},
                0, "https://a/1"},
        {{"response", 200,
                 RECORD("\"state\":\"success\",\"resultJson\":\"\",\"response\":"
                        "{\"resultUrls\":[\"https://a/1\"]}"),
                 PROVIDER_FINISHED},
                0, "https://a/1"},
        {{"info", 200, RECORD("\"state\":\"success\",\"info\":{\"resultUrls\":[\"https://a/1\"]}"),
                 PROVIDER_FINISHED},
                0, "https://a/1"},
        {{"flag 1", 200,
                 RECORD("\"successFlag\":1,\"response\":{\"resultUrls\":[\"https://a/1\"]}"),
                 PROVIDER_FINISHED},
                0, "https://a/1"},
        {{"bad links left out", 200,
                 RECORD("\"state\":\"success\",\"resultJson\":{\"resultUrls\":[\"ftp://a/1\",7,"
                        "\"\",\"https://\",\"https://a b\",\"https://a\\n\",\"/x\",null,"
                        "\"https://a\\u0000\",\"javascript:x\",\"HTTPS://a/2\"]}"),
                 PROVIDER_FINISHED},
                0, "HTTPS://a/2"},
        /* failed */
        {{"success without links", 200, RECORD("\"state\":\"success\",\"resultJson\":\"\""),
                PROVIDER_FAILED, NO_PICTURE}},
        {{"success without anything", 200, RECORD("\"state\":\"success\""), PROVIDER_FAILED,
                NO_PICTURE}},
        {{"success, no links", 200,
                 RECORD("\"state\":\"success\",\"resultJson\":\"{\\\"resultUrls\\\":[]}\","
                        "\"creditsConsumed\":6.5"),
                 PROVIDER_FAILED, NO_PICTURE},
                0, NULL, "6.5"},
        {{"success, cut", 200,
                RECORD("\"state\":\"success\",\"resultJson\":\"{\\\"resultUrls\\\":[\""),
                PROVIDER_FAILED, NO_PICTURE}},
        {{"fail", 200,
                RECORD("\"state\":\"fail\",\"resultJson\":\"\",\"failCode\":\"500\","
                       "\"failMsg\":\"Internal server error\""),
                PROVIDER_FAILED, "Internal server error (500)"}},
        {{"fail, number", 200,
                 RECORD("\"state\":\"fail\",\"failCode\":422,\"failMsg\":\"unsafe\","
                        "\"creditsConsumed\":0.0"),
                 PROVIDER_FAILED, "unsafe (422)"},
                0, NULL, "0"},
        {{"fail, code 0", 200,
                RECORD("\"state\":\"fail\",\"failCode\":\"0\",\"failMsg\":\"unsafe\""),
                PROVIDER_FAILED, "unsafe"}},
        {{"fail, code null", 200,
                RECORD("\"state\":\"fail\",\"failCode\":null,\"failMsg\":\"unsafe\""),
                PROVIDER_FAILED, "unsafe"}},
        {{"fail, code empty", 200, RECORD("\"state\":\"fail\",\"failCode\":\"\",\"failMsg\":null"),
                PROVIDER_FAILED}},
        {{"fail, only a code", 200,
                RECORD("\"state\":\"fail\",\"failCode\":\"SENSITIVE_WORD_ERROR\""), PROVIDER_FAILED,
                "error SENSITIVE_WORD_ERROR"}},
        {{"fail on two lines", 200, RECORD("\"state\":\"fail\",\"failMsg\":\"a\\nb\""),
                PROVIDER_FAILED, "a b"}},
        {{"fail with a result", 200, RECORD("\"state\":\"fail\",\"failMsg\":\"x\"," RESULT),
                PROVIDER_FAILED, "x"}},
        {{"flag 2", 200, RECORD("\"successFlag\":2,\"errorMessage\":\"no\""), PROVIDER_FAILED,
                "no"}},
        {{"501", 200, CODE("501", "Playground task failed."), PROVIDER_FAILED,
                "Playground task failed."}},
        {{"501 with a record", 200,
                 "{\"code\":501,\"msg\":\"Playground task failed.\",\"data\":{\"state\":\"fail\","
                 "\"failCode\":\"500\",\"failMsg\":\"Internal server error\","
                 "\"consumeCredits\":0}}",
                 PROVIDER_FAILED, "Internal server error (500)"},
                0, NULL, "0"},
        {{"408", 200, CODE("408", "no answer for 10 minutes"), PROVIDER_FAILED,
                "no answer for 10 minutes"}},
        /* not found */
        {{"recordInfo is null", 200, CODE("422", "recordInfo is null"), PROVIDER_NOT_FOUND,
                "recordInfo is null"}},
        {{"HTTP 422", 422, CODE("422", "recordInfo is null"), PROVIDER_NOT_FOUND,
                "recordInfo is null"}},
        {{"404", 200, CODE("404", "Task not found"), PROVIDER_NOT_FOUND, "Task not found"}},
        {{"HTTP 404", 404, CODE("404", "Task not found"), PROVIDER_NOT_FOUND, "Task not found"}},
        {{"HTTP 404, empty", 404, "", PROVIDER_NOT_FOUND}},
        {{"data null", 200, "{" OK_MSG ",\"data\":null}", PROVIDER_NOT_FOUND}},
        {{"no data", 200, "{" OK_MSG "}", PROVIDER_NOT_FOUND}},
        /* everybody's */
        {{"401", 200, CODE("401", "Unauthorized"), PROVIDER_BAD_KEY, "Unauthorized"}},
        {{"402", 200, CODE("402", "no"), PROVIDER_NO_CREDITS, "no"}},
        {{"429", 200, CODE("429", FREQUENCY_TEXT), PROVIDER_BUSY, FREQUENCY_TEXT}},
        {{"HTTP 429", 429, "", PROVIDER_BUSY}},
        {{"455", 200, CODE("455", "maintenance"), PROVIDER_MAINTENANCE, "maintenance"}},
        /* not certain: goes on */
        {{"422, other", 200, CODE("422", "hm"), PROVIDER_UNCLEAR, "hm"}},
        {{"400", 200, CODE("400", "taskId parameter is required"), PROVIDER_UNCLEAR,
                "taskId parameter is required"}},
        {{"500", 200, CODE("500", "Server Error"), PROVIDER_UNCLEAR, "Server Error"}},
        {{"HTTP 501", 501, "", PROVIDER_UNCLEAR}},
        {{"HTTP 502", 502, "<html>", PROVIDER_UNCLEAR}},
        {{"HTTP 404, HTML", 404, "<html>", PROVIDER_UNCLEAR}},
        {{"HTTP 500 and a failure", 500, "{\"code\":501,\"data\":{\"state\":\"fail\"}}",
                PROVIDER_UNCLEAR}},
        {{"501 and success", 200, "{\"code\":501,\"data\":{\"state\":\"success\"}}",
                PROVIDER_UNCLEAR}},
        {{"empty", 200, "", PROVIDER_UNCLEAR}},
        {{"HTML", 200, "<html>", PROVIDER_UNCLEAR}},
        {{"not quite JSON", 200,
                RECORD("\"state\":\"waiting\",\"param\":\"{\\\"a\\\":\\\\\"x\\\\\"}\""),
                PROVIDER_UNCLEAR}},
        {{"cut", 200, "{" OK_MSG ",\"data\":{\"state\":\"success\",\"resu", PROVIDER_UNCLEAR}},
        {{"no state", 200, RECORD("\"model\":\"x\""), PROVIDER_UNCLEAR}},
        {{"state empty", 200, RECORD("\"state\":\"\""), PROVIDER_UNCLEAR}},
        {{"state object", 200, RECORD("\"state\":{}"), PROVIDER_UNCLEAR}},
        {{"data is text", 200, "{" OK_MSG ",\"data\":\"success\"}", PROVIDER_UNCLEAR}},
        {{"data is empty", 200, "{" OK_MSG ",\"data\":{}}", PROVIDER_UNCLEAR}},
        {{"no code, no data", 200, "{}", PROVIDER_UNCLEAR}},
        {{"array", 200, "[]", PROVIDER_UNCLEAR}},
        {{"HTTP 302", 302, RECORD("\"state\":\"success\"," RESULT), PROVIDER_UNCLEAR}},
};

static const struct answer_case credits_cases[] = {
        {"a balance", 200, "{" OK_MSG ",\"data\":5916.25}", PROVIDER_ANSWERED},
        {"as text", 200, "{" OK_MSG ",\"data\":\"5916.25\"}", PROVIDER_ANSWERED},
        {"null", 200, "{" OK_MSG ",\"data\":null}", PROVIDER_UNCLEAR},
        {"object", 200, "{" OK_MSG ",\"data\":{}}", PROVIDER_UNCLEAR},
        {"401", 200, "{\"code\":401,\"msg\":\"Unauthorized\"}", PROVIDER_BAD_KEY, "Unauthorized"},
        {"429", 200, CODE("429", FREQUENCY_TEXT), PROVIDER_BUSY, FREQUENCY_TEXT},
        {"an error with data", 200, "{\"code\":500,\"msg\":\"x\",\"data\":5}", PROVIDER_UNCLEAR,
                "x"},
        {"HTTP 500", 500, "", PROVIDER_UNCLEAR},
        {"HTML", 200, "<html>", PROVIDER_UNCLEAR},
};

static const struct answer_case renew_cases[] = {
        {"a link", 200, "{" OK_MSG ",\"data\":\"https://a/fresh\"}", PROVIDER_ANSWERED},
        {"no link", 200, "{" OK_MSG ",\"data\":\"file:///etc/passwd\"}", PROVIDER_UNCLEAR},
        {"null", 200, "{" OK_MSG ",\"data\":null}", PROVIDER_UNCLEAR},
        {"another's link", 200, CODE("422", "url is wrong"), PROVIDER_REFUSED, "url is wrong"},
        {"401", 200, "{\"code\":401,\"msg\":\"Unauthorized\"}", PROVIDER_BAD_KEY, "Unauthorized"},
        {"429", 200, CODE("429", FREQUENCY_TEXT), PROVIDER_BUSY, FREQUENCY_TEXT},
        {"HTTP 404", 404, "", PROVIDER_REFUSED},
        {"HTTP 502", 502, "<html>", PROVIDER_UNCLEAR},
};
