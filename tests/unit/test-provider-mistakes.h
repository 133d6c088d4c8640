/* SPDX-License-Identifier: MIT */
/* Part of test-provider.c: definitions with a mistake in them. */
#pragma once

#include "test-provider-plain.h"

/* Mistakes as changes of kie's definition, and what must be said of them. */
static const struct mistake {
	const char *text, *words;
} mistakes[] = {
        {"", "kie.json: "},
        {"[]", "kie.json: must be an object"},
        {"{\"titel\":\"x\"}", "kie.json: unknown key \"titel\"; known are: name, like, "},
        {"{\"title\":7}", "kie.json: \"title\" must be a string"},
        {"{\"title\":null}", "kie.json: \"title\" is missing"},
        {"{\"name\":\"kiey\"}", "kie.json: name: must be \"kie\", as the file is called"},
        {"{\"base_url\":\"http://x\"}", "kie.json: base_url: plain http is allowed to a loopback"},
        {"{\"like\":\"nobody\"}",
                "kie.json: like: \"nobody\" is not one of kie, revidapi, liangxin, "},
        {"{\"like\":7}", "kie.json: like: must be a string"},
        {"{\"like\":\"kie\"}", "kie.json: like: comes back to itself: kie -> kie"},
        {"{\"like\":\"sandbox\"}", "kie.json: like: comes back to itself: kie -> sandbox -> kie"},
        {"{\"key\":{\"env\":\"A=B\"}}", "kie.json: key.env: cannot be an environment"},
        {"{\"key\":{\"evn\":\"A\"}}", "kie.json: key: unknown key \"evn\"; known are: env, page"},
        {"{\"headers\":{\"X\":\"{kye}\"}}", "kie.json: headers.X: \"kye\" is not key"},
        {"{\"headers\":{\"X y\":\"\"}}",
                "kie.json: headers.X y: cannot be an HTTP header: its name must have one or more "
                "of the characters A-Z a-z 0-9 - _"},
        {"{\"headers\":{\"X\":\"a\\r\\nb\"}}",
                "kie.json: headers.X: cannot be an HTTP header: its value must have printable"},
        {"{\"headers\":{\"X\":[]}}", "kie.json: headers.X: must be a string"},
        {"{\"envelope\":{\"ok\":null}}", "kie.json: envelope: \"ok\" is missing"},
        {"{\"envelope\":{\"ok\":[{}]}}",
                "kie.json: envelope.ok: must be a list of strings or numbers"},
        {"{\"create\":null}", "kie.json: \"create\" is missing"},
        {"{\"create\":{\"method\":\"PUT\"}}",
                "kie.json: create.method: \"PUT\" is not one of GET, POST"},
        {"{\"create\":{\"path\":\"x\"}}", "kie.json: create.path: must begin with a slash"},
        {"{\"create\":{\"path\":\"/{task}\"}}", "kie.json: create.path: \"task\" is not model"},
        {"{\"create\":{\"task\":null}}", "kie.json: create: \"task\" is missing"},
        {"{\"create\":{\"task\":7}}", "kie.json: create: \"task\" must be a list of strings"},
        {"{\"create\":{\"task\":[]}}", "kie.json: create.task: must have at least one element"},
        {"{\"status\":{\"results\":[]}}",
                "kie.json: status.results: must have at least one element"},
        {"{\"upload\":{\"result\":[]}}", "kie.json: upload.result: must have at least one element"},
        {"{\"create\":{\"body\":{\"a\":\"x {input}\"}}}",
                "kie.json: create.body.a: \"{input}\" must be the whole string"},
        {"{\"credits\":{\"path\":\"/{task}\"}}",
                "kie.json: credits.path: \"{task}\" cannot stand here"},
        {"{\"create\":{\"body\":{\"a\":[{\"b\":\"{mdoel}\"}]}}}",
                "kie.json: create.body.a.b: \"mdoel\" is not one of model, text, input"},
        {"{\"create\":{\"body\":\"{input}\"}}", "kie.json: create.body: must be an object"},
        {"{\"status\":{\"path\":\"/{tsk}\"}}", "kie.json: status.path: \"tsk\" is not task"},
        {"{\"status\":{\"colour\":1}}", "kie.json: status: unknown key \"colour\"; known are: "},
        {"{\"states\":{\"done\":\"success\"}}",
                "kie.json: states.done: \"success\" is not one of waiting, queuing, generating, "
                "finished, failed"},
        {"{\"errors\":{\"create\":[{\"verdict\":\"busy\"}]}}",
                "kie.json: errors.create.0: needs one of http, code, text"},
        {"{\"errors\":{\"create\":[{\"http\":[200],\"verdict\":\"busy\"}]}}",
                "kie.json: errors.create.0.http: must be statuses from 400 to 599"},
        {"{\"errors\":{\"create\":[{\"code\":1,\"verdict\":\"failed\"}]}}",
                "kie.json: errors.create.0.verdict: \"failed\" is not one of key, credits, busy, "
                "maintenance, unclear, refused"},
        {"{\"errors\":{\"status\":[{\"code\":1,\"verdict\":\"lost\"}]}}",
                "kie.json: errors.status.0.verdict: \"lost\" is not one of key, credits, busy, "
                "maintenance, unclear, refused, not_found, failed"},
        {"{\"errors\":{\"failed\":[{\"code\":1,\"verdict\":\"busy\"}]}}",
                "kie.json: errors.failed.0.verdict: \"busy\" is not one of again, final"},
        {"{\"errors\":{\"failed\":[{\"http\":500,\"verdict\":\"again\"}]}}",
                "kie.json: errors.failed.0.http: a failed task has a code and a text only"},
        {"{\"errors\":{\"failed\":[{\"text\":[\" _ \"],\"verdict\":\"again\"}]}}",
                "kie.json: errors.failed.0.text: must not be empty"},
        {"{\"errors\":{\"failed\":[{\"verdict\":\"again\"}]}}",
                "kie.json: errors.failed.0: needs one of code, text"},
        {"{\"errors\":{\"later\":[]}}", "kie.json: errors: unknown key \"later\"; known are: "},
        {"{\"errors\":{\"always\":{}}}", "kie.json: errors.always: must be a list of at most"},
        {"{\"pace\":{\"create\":{\"count\":0}}}",
                "kie.json: pace.create: \"count\" must be from 1 to 1000000"},
        {"{\"pace\":{\"poll\":[]}}", "kie.json: pace.poll: must be a list of 1 to 4 steps"},
        {"{\"pace\":{\"poll\":[{\"until_ms\":5,\"every_ms\":10}]}}",
                "kie.json: pace.poll.0.until_ms: every step but the last must have one"},
        {"{\"pace\":{\"poll\":[{\"until_ms\":5,\"every_ms\":10},{\"until_ms\":5,\"every_ms\":10},"
         "{\"every_ms\":10}]}}",
                "kie.json: pace.poll.1.until_ms: must be more than the step's before"},
        {"{\"default_model\":\"z-imag\"}",
                "kie.json: default_model: \"z-imag\" is not one of the models: "},
        {"{\"default_model\":\"topaz\"}",
                "\"topaz\" is not one of the models: topaz/image-upscale, ..."},
        {"{\"models\":[]}", "kie.json: models: must be an object of 1 to 512 models"},
        {"{\"models\":{\"m\":{\"txt\":{}}}}", "kie.json: models.m: unknown key \"txt\""},
        {"{\"models\":{\"m\":{\"text\":{\"max_chars\":0}}}}",
                "kie.json: models.m.text: \"max_chars\" must be from 1 to 1000000"},
        {"{\"models\":{\"m\":{\"create\":{\"path\":\"x\"}}}}",
                "kie.json: models.m.create.path: must begin with a slash"},
        {"{\"models\":{\"m\":{\"price\":{}}}}", "kie.json: models.m.price: \"credits\" is missing"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":-1}}}}",
                "kie.json: models.m.price.credits: must be a number from 0 on, or an object"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"a\":1},\"by\":\"x\"}}}}",
                "kie.json: models.m.price.by: must name a parameter of the model: it has none"},
        {"{\"models\":{\"" SEEDREAM "\":{\"parameters\":{\"quality\":{\"type\":\"strin\"}}}}}",
                "kie.json: models." SEEDREAM ".parameters.quality.type: \"strin\" is not one of "
                "string, integer, number, boolean, strings, json"},
        {"{\"models\":{\"" SEEDREAM "\":{\"parameters\":{\"quality\":{\"default\":\"x\"}}}}}",
                "kie.json: models." SEEDREAM ".parameters.quality.default: \"x\" is not one of "
                "basic, high"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{}}}}}",
                "kie.json: models.m.parameters.p: \"type\" is missing"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"integer\",\"values\":[\"x\"]}}}}}",
                "kie.json: models.m.parameters.p.values: \"x\" is not a whole number"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"values\":[\"a\"],"
         "\"aliases\":{\"b\":\"c\"}}}}}}",
                "kie.json: models.m.parameters.p.aliases: \"c\" is not a"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"values\":[\"a\"],"
         "\"common\":{\"quality\":{\"high\":\"c\"}}}}}}}",
                "kie.json: models.m.parameters.p.common.quality: \"c\" is not a"},
        {"{\"models\":{\"m\":{\"parameters\":{\"hold\":{\"type\":\"string\"}}}}}",
                "kie.json: models.m.parameters.hold: cannot be a parameter's name: it has a "
                "meaning of its own"},
        {"{\"models\":{\"m\":{\"parameters\":{\"task.x\":{\"type\":\"string\"}}}}}",
                "kie.json: models.m.parameters.task.x: cannot be a parameter's name: it must not "
                "begin with"},
        {"{\"models\":{\"m\":{\"text\":{\"name\":\"p\"},"
         "\"parameters\":{\"p\":{\"type\":\"string\"}}}}}",
                "kie.json: models.m.parameters.p: cannot be a parameter's name: the text is sent "
                "under it"},
        {"{\"title\":\"a\",\n\"title\":\"b\"}",
                "kie.json: line 2: the name \"title\" is there twice; it is in line 1 already"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\"},\n\"p\":{\"type\":"
         "\"integer\"}}}}}",
                "kie.json: line 2: the name \"p\" is there twice"},
        {"{\"title\":\"a\"} {}", "kie.json: line 1: not JSON: more follows after its end"},
        {"{\"without\":[\"renew\"]}", "kie.json: without: is for a definition that has \"like\""},
        {"{\"upload\":{\"base_url\":\"http://x\"}}",
                "kie.json: upload.base_url: plain http is allowed to a loopback"},
        {"{\"upload\":{\"method\":\"PUT\"}}", "kie.json: upload.method: \"PUT\" is not POST"},
        {"{\"upload\":{\"path\":\"x\"}}", "kie.json: upload.path: must begin with a slash"},
        {"{\"upload\":{\"path\":\"/{name}\"}}",
                "kie.json: upload.path: \"{name}\" cannot stand here"},
        {"{\"upload\":{\"file\":null}}", "kie.json: upload: \"file\" is missing"},
        {"{\"upload\":{\"file\":\"a b\"}}",
                "kie.json: upload.file: cannot be the name of a form's part"},
        {"{\"upload\":{\"form\":{\"a\":\"{nam}\"}}}",
                "kie.json: upload.form.a: \"nam\" is not name"},
        {"{\"upload\":{\"form\":{\"a\\\"b\":\"x\"}}}",
                "kie.json: upload.form.a\"b: cannot be the name of a form's part"},
        {"{\"upload\":{\"file\":\"x\",\"form\":{\"x\":\"y\"}}}",
                "kie.json: upload.form.x: cannot be the name of a form's part"},
        {"{\"upload\":{\"result\":null}}", "kie.json: upload: \"result\" is missing"},
        {"{\"upload\":{\"keep_ms\":null}}", "kie.json: upload: \"keep_ms\" is missing"},
        {"{\"upload\":{\"keep_ms\":5}}",
                "kie.json: upload: \"keep_ms\" must be from 60000 to 31622400000"},
        {"{\"upload\":{\"kept\":5}}", "kie.json: upload: unknown key \"kept\"; known are: "
                                      "base_url, method, path, file, form, result, keep_ms"},
        {"{\"models\":{\"m\":{\"about\":\"\"}}}",
                "kie.json: models.m.about: must have from 1 to 1000 characters"},
        {"{\"models\":{\"m\":{\"unverified\":true}}}",
                "kie.json: models.m: \"unverified\" must be a string"},
        {"{\"models\":{\"m\":{\"text\":{\"name\":\"\"}}}}",
                "kie.json: models.m.text.name: must not be empty"},
        {"{\"models\":{\"m\":{\"text\":{\"min_chars\":9,\"max_chars\":8}}}}",
                "kie.json: models.m.text.min_chars: is more than max_chars"},
        {"{\"models\":{\"m\":{\"create\":{\"body\":{\"a\":\"{model}\"}},\"parameters\":{\"a\":{"
         "\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.parameters: are never sent: the body of \"create\" has no "
                "\"{input}\""},
        {"{\"models\":{\"m\":{\"create\":{\"body\":{\"a\":\"{model}\"}},\"text\":{\"name\":\"t\"}}}"
         "}",
                "kie.json: models.m.text: is never sent: the body of \"create\" has neither"},
        {"{\"models\":{\"m\":{\"text\":{}}}}",
                "kie.json: models.m.text: is required and never sent: it has no \"name\""},
        {"{\"models\":{\"m\":{\"also\":[\"" SEEDREAM "\"]}}}",
                "kie.json: models.m.also: \"" SEEDREAM "\" is already a name of \"" SEEDREAM "\""},
        {"{\"models\":{\"m\":{\"also\":[\"m\"]}}}",
                "kie.json: models.m.also: \"m\" is already a name of \"m\""},
        {"{\"models\":{\"m\":{\"also\":[\"n\",\"n\"]}}}",
                "kie.json: models.m.also: \"n\" is already a name of \"m\""},
        {"{\"models\":{\"m\":{\"also\":[\"\"]}}}", "kie.json: models.m.also: \"\" cannot be a "
                                                   "model's name: it must have 1 to 255 bytes"},
        {"{\"models\":{\"m\":{\"also\":[7]}}}",
                "kie.json: models.m: \"also\" must be a list of strings"},
        {"{\"models\":{\"m\":{\"also\":[\"x\"]},\"n\":{\"also\":[\"x\"]}}}",
                "kie.json: models.n.also: \"x\" is already a name of \"m\"; a name is one model's, "
                "and given once"},
        {"{\"models\":{\"m\":{\"also\":[\"..\"]}}}",
                "kie.json: models.m.also: \"..\" cannot be a model's name: "},
        {"{\"models\":{\"\":{}}}", "kie.json: models: \"\" cannot be a model's name: "},
        {"{\"models\":{\".\":{}}}", "kie.json: models: \".\" cannot be a model's name: "},
        {"{\"models\":{\".hidden/m\":{}}}",
                "kie.json: models: \".hidden/m\" cannot be a model's name: it must have 1 to 255 "
                "bytes, no control characters, and not begin with a dot"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p q\":{\"type\":\"string\"}}}}}",
                "parameters.p q: cannot be a parameter's name: it must have 1 to 64 of the "
                "characters A-Z a-z 0-9 . _ -"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"values\":[\"a\",\"b\","
         "\"a\"]}}}}}",
                "parameters.p.values: \"a\" is given twice"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":\"6\"}}}}",
                "kie.json: models.m.price.credits: must be a number from 0 on, or an object"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":1,\"times\":\"n\"},\"parameters\":{\"a\":{"
         "\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.price.times: must name a parameter of the model: a, b, c, f"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":1,\"times\":\"a\"},\"parameters\":{\"a\":{"
         "\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.price.times: a must be a parameter of numbers or pictures"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":1,\"by\":\"a\"},\"parameters\":{\"a\":{"
         "\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.price.credits: must be an object of prices by a"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"x\":1},\"by\":\"n\"},\"parameters\":{\"a\":"
         "{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.price.by: must name a parameter of the model: a, b, c, f"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"x\":1}},\"parameters\":{\"a\":{\"type\":"
         "\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,\"max\":9},"
         "\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.price.by: must name the parameter that the prices go by"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"x\":1},\"by\":\"a\"},\"parameters\":{\"a\":"
         "{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.price.credits: has no price for a \"y\""},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"x\":1,\"y\":2,\"z\":3},\"by\":\"a\"},"
         "\"parameters\":{\"a\":{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":"
         "\"integer\",\"min\":1,\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":"
         "\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.price.credits.z: is not a value of a"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"x\":1,\"y\":\"2\"},\"by\":\"a\"},"
         "\"parameters\":{\"a\":{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":"
         "\"integer\",\"min\":1,\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":"
         "\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.price.credits.y: must be a number from 0 on"},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"1\":1},\"by\":\"b\"},\"parameters\":{\"a\":"
         "{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.price.credits: prices can only go by a parameter that has "
                "\"values\""},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":{\"true\":1},\"by\":\"c\"},\"parameters\":{"
         "\"a\":{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":"
         "1,\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}"
         "}}}",
                "kie.json: models.m.price.credits: has no price for c \"false\""},
        {"{\"models\":{\"m\":{\"price\":{\"credits\":1,\"note\":\"\"}}}}",
                "kie.json: models.m.price.note: must have from 1 to 1000 characters"},
        {"{\"models\":{\"m\":{\"conflicts\":{},\"parameters\":{\"a\":{\"type\":\"string\","
         "\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,\"max\":9},\"c\":{"
         "\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.conflicts: must be a list of at most 256 conflicts"},
        {"{\"models\":{\"m\":{\"conflicts\":[{\"why\":\"x\"}],\"parameters\":{\"a\":{\"type\":"
         "\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,\"max\":9},"
         "\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.conflicts.0: \"when\" is missing"},
        {"{\"models\":{\"m\":{\"conflicts\":[{\"when\":{\"a\":\"x\"}}],\"parameters\":{\"a\":{"
         "\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.conflicts.0: \"why\" is missing"},
        {"{\"models\":{\"m\":{\"conflicts\":[{\"when\":{},\"why\":\"x\"}],\"parameters\":{\"a\":{"
         "\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,"
         "\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}"
         "}",
                "kie.json: models.m.conflicts.0.when: must be an object of parameters with a value "
                "or a list"},
        {"{\"models\":{\"m\":{\"conflicts\":[{\"when\":{\"n\":\"x\"},\"why\":\"x\"}],"
         "\"parameters\":{\"a\":{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":"
         "\"integer\",\"min\":1,\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":"
         "\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.conflicts.0.when.n: must name a parameter of the model: a, b, "
                "c, f"},
        {"{\"models\":{\"m\":{\"conflicts\":[{\"when\":{\"a\":[\"x\",\"z\"]},\"why\":\"x\"}],"
         "\"parameters\":{\"a\":{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":"
         "\"integer\",\"min\":1,\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":"
         "\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.conflicts.0.when.a: \"z\" is not one of x, y"},
        {"{\"models\":{\"m\":{\"conflicts\":[{\"when\":{\"b\":10},\"why\":\"x\"}],\"parameters\":{"
         "\"a\":{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":"
         "1,\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}"
         "}}}",
                "kie.json: models.m.conflicts.0.when.b: \"10\" is not a whole number from 1 to 9"},
        {"{\"models\":{\"m\":{\"conflicts\":[{\"when\":{\"f\":4},\"why\":\"x\"}],\"parameters\":{"
         "\"a\":{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":"
         "1,\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}"
         "}}}",
                "kie.json: models.m.conflicts.0.when.f: must be a number of pictures up to 3"},
        {"{\"models\":{\"m\":{\"conflicts\":[{\"when\":{\"a\":[]},\"why\":\"x\"}],\"parameters\":{"
         "\"a\":{\"type\":\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":"
         "1,\"max\":9},\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}"
         "}}}",
                "kie.json: models.m.conflicts.0.when.a: must have from 1 to 256 elements"},
        {"{\"models\":{\"m\":{\"together\":[\"a\",\"b\"],\"parameters\":{\"a\":{\"type\":"
         "\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,\"max\":9},"
         "\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.together.0: must be a list of two or more parameters"},
        {"{\"models\":{\"m\":{\"together\":[[\"a\"]],\"parameters\":{\"a\":{\"type\":\"string\","
         "\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,\"max\":9},\"c\":{"
         "\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.together.0: must be a list of two or more parameters"},
        {"{\"models\":{\"m\":{\"together\":[[\"a\",\"n\"]],\"parameters\":{\"a\":{\"type\":"
         "\"string\",\"values\":[\"x\",\"y\"]},\"b\":{\"type\":\"integer\",\"min\":1,\"max\":9},"
         "\"c\":{\"type\":\"boolean\"},\"f\":{\"type\":\"pictures\",\"max_length\":3}}}}}",
                "kie.json: models.m.together.0: must name a parameter of the model: a, b, c, f"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"pictures\",\"formats\":[\"png\","
         "\"jpeg\"]}}}}}",
                "kie.json: models.m.parameters.p.formats: \"jpeg\" is not one of png, jpg, webp, "
                "gif, avif, heic, bmp, tiff, jxl, svg"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"pictures\",\"formats\":[]}}}}}",
                "kie.json: models.m.parameters.p.formats: must have at least one element"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"formats\":[\"png\"]}}}}"
         "}",
                "kie.json: models.m.parameters.p.formats: a parameter of the type string has none"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"strings\",\"max_bytes\":5}}}}}",
                "kie.json: models.m.parameters.p.max_bytes: a parameter of the type strings has "
                "none"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"integer\",\"inline\":true}}}}}",
                "kie.json: models.m.parameters.p.inline: a parameter of the type integer has none"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"picture\",\"default\":\"a\"}}}}}",
                "kie.json: models.m.parameters.p.default: a parameter of the type picture has "
                "none"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"picture\",\"values\":[\"a\"]}}}}}",
                "kie.json: models.m.parameters.p.values: a parameter of the type picture has none"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"picture\",\"max_length\":2}}}}}",
                "kie.json: models.m.parameters.p.max_length: a parameter of the type picture has "
                "none"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"pictures\",\"common\":{\"images\":{"
         "\"a\":\"b\"}}}}}}}",
                "kie.json: models.m.parameters.p.common.images: must be {}: pictures have no other "
                "words"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"pictures\",\"max_length\":33}}}}}",
                "kie.json: models.m.parameters.p.max_length: must be from 1 to 32"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"pictures\",\"min_length\":3,\"max_"
         "length\":2}}}}}",
                "kie.json: models.m.parameters.p.min_length: is more than max_length"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"pictures\",\"max_bytes\":268435457}"
         "}}}}",
                "kie.json: models.m.parameters.p: \"max_bytes\" must be from 1 to 268435456"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"picture\",\"inline\":true,\"max_"
         "bytes\":20971521}}}}}",
                "kie.json: models.m.parameters.p.max_bytes: must be at most 20971520 where inline "
                "is true"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"min\":1}}}}}",
                "kie.json: models.m.parameters.p.min: a parameter of the type string has none"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"integer\",\"max_length\":1}}}}}",
                "kie.json: models.m.parameters.p.max_length: a parameter of the type integer has "
                "none"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"integer\",\"min\":2,\"max\":1}}}}}",
                "kie.json: models.m.parameters.p.min: is more than max"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"common\":{\"p\":{\"a\":"
         "\"b\"}}}}}}}",
                "kie.json: models.m.parameters.p.common.p: is the parameter's own name; other "
                "words for its values stand in \"aliases\""},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"string\",\"values\":[\"a\",\"b\"],"
         "\"aliases\":{\"a\":\"b\"}}}}}}",
                "kie.json: models.m.parameters.p.aliases.a: is one of the values itself"},
        {"{\"title\":\"\"}", "kie.json: title: must not be empty"},
        {"{\"headers\":{\"Authorization\":\"Bearer x\"}}",
                "kie.json: key: is never sent: no header has \"{key}\""},
        {"{\"headers\":null}", "kie.json: key: is never sent: no header has \"{key}\""},
        {"{\"envelope\":{\"code\":null}}",
                "kie.json: envelope.ok: is for an envelope that has \"code\""},
        {"{\"create\":{\"body\":{\"...\":\"{text}\"}}}",
                "kie.json: create.body: \"...\" takes \"{input}\" only"},
        {"{\"create\":{\"body\":{\"a\":[{\"...\":{\"b\":1}}]}}}",
                "kie.json: create.body.a: \"...\" takes \"{input}\" only"},
        {"{\"models\":{\"m\":{\"create\":{\"body\":{\"...\":\"{model}\"}}}}}",
                "kie.json: models.m.create.body: \"...\" takes \"{input}\" only"},
        {"{\"renew\":{\"body\":{\"...\":\"{url}\"}}}",
                "kie.json: renew.body: \"...\" can only stand in the body of \"create\""},
        {"{\"status\":{\"path\":\"/look?id=task\"}}",
                "kie.json: status: must have \"{task}\" in its path or body"},
        {"{\"status\":{\"path\":\"/look\",\"body\":{\"id\":\"task\"}}}",
                "kie.json: status: must have \"{task}\" in its path or body"},
        {"{\"models\":{\"m\":{\"status\":{\"path\":\"/look\"}}}}",
                "kie.json: models.m.status.path: must have \"{task}\": the body of \"status\" has "
                "none either"},
        {"{\"renew\":{\"path\":\"/fresh\",\"body\":{\"url\":\"url\"}}}",
                "kie.json: renew: must have \"{url}\" in its path or body"},
        {"{\"renew\":{\"body\":null}}", "kie.json: renew: must have \"{url}\" in its path or body"},
        {"{\"status\":{\"result_members\":\"images.url\"}}",
                "kie.json: status.result_members: \"images.url\" must be a member's name, without "
                "dots, or NAME.*"},
        {"{\"status\":{\"result_members\":[\"a\",\"b.*.c\"]}}",
                "kie.json: status.result_members: \"b.*.c\" must be"},
        {"{\"status\":{\"result_members\":\"a.b.*\"}}",
                "kie.json: status.result_members: \"a.b.*\" must be"},
        {"{\"status\":{\"result_members\":\"a.\"}}",
                "kie.json: status.result_members: \"a.\" must be"},
        {"{\"status\":{\"result_members\":\".*\"}}",
                "kie.json: status.result_members: \".*\" must be"},
        {"{\"states\":{\"success\":\"waiting\",\"succeeded\":\"waiting\",\"completed\":\"waiting\","
         "\"1\":\"waiting\"}}",
                "kie.json: states: must have a word that means finished"},
        {"{\"states\":{\"fail\":null,\"failed\":null,\"error\":null,\"cancelled\":null,"
         "\"canceled\":null,\"timeout\":null,\"create_task_failed\":null,\"generate_failed\":null,"
         "\"2\":null,\"3\":null}}",
                "kie.json: states: must have a word that means failed"},
        {"{\"models\":{\"m\":{\"parameters\":{\"p\":{\"type\":\"number\",\"values\":[\"0.50\"]}}}}"
         "}",
                "kie.json: models.m.parameters.p.values: \"0.50\" must be written \"0.5\""},
        {"{\"envelope\":{\"code\":null,\"ok\":null},\"errors\":{\"always\":[{\"code\":\"none\","
         "\"verdict\":\"key\"},{\"http\":404,\"code\":[\"none\",5],\"verdict\":\"key\"}],"
         "\"create\":null,\"status\":null,\"other\":null}}",
                "kie.json: errors.always.1.code: can only be \"none\": \"envelope.code\" is "
                "missing"},
        {"{\"envelope\":{\"message\":null},\"errors\":{\"always\":[{\"http\":404,\"verdict\":"
         "\"key\"},{\"code\":404,\"text\":\"a\",\"verdict\":\"key\"}],\"create\":null,\"status\":"
         "null,\"other\":null}}",
                "kie.json: errors.always.1.text: matches nothing: \"envelope.message\" is missing"},
        {"{\"envelope\":{\"code\":null,\"ok\":null},\"errors\":{\"always\":null,\"create\":[{"
         "\"code\":\"none\",\"verdict\":\"refused\"},{\"http\":404,\"code\":[\"none\",5],"
         "\"verdict\":\"refused\"}],\"status\":null,\"other\":null}}",
                "kie.json: errors.create.1.code: can only be \"none\": \"envelope.code\" is "
                "missing"},
        {"{\"envelope\":{\"message\":null},\"errors\":{\"always\":null,\"create\":[{\"http\":404,"
         "\"verdict\":\"refused\"},{\"code\":404,\"text\":\"a\",\"verdict\":\"refused\"}],"
         "\"status\":null,\"other\":null}}",
                "kie.json: errors.create.1.text: matches nothing: \"envelope.message\" is missing"},
        {"{\"envelope\":{\"code\":null,\"ok\":null},\"errors\":{\"always\":null,\"create\":null,"
         "\"status\":[{\"code\":\"none\",\"verdict\":\"not_found\"},{\"http\":404,\"code\":["
         "\"none\",5],\"verdict\":\"not_found\"}],\"other\":null}}",
                "kie.json: errors.status.1.code: can only be \"none\": \"envelope.code\" is "
                "missing"},
        {"{\"envelope\":{\"message\":null},\"errors\":{\"always\":null,\"create\":null,\"status\":["
         "{\"http\":404,\"verdict\":\"not_found\"},{\"code\":404,\"text\":\"a\",\"verdict\":\"not_"
         "found\"}],\"other\":null}}",
                "kie.json: errors.status.1.text: matches nothing: \"envelope.message\" is missing"},
        {"{\"envelope\":{\"code\":null,\"ok\":null},\"errors\":{\"always\":null,\"create\":null,"
         "\"status\":null,\"other\":[{\"code\":\"none\",\"verdict\":\"refused\"},{\"http\":404,"
         "\"code\":[\"none\",5],\"verdict\":\"refused\"}]}}",
                "kie.json: errors.other.1.code: can only be \"none\": \"envelope.code\" is "
                "missing"},
        {"{\"envelope\":{\"message\":null},\"errors\":{\"always\":null,\"create\":null,\"status\":"
         "null,\"other\":[{\"http\":404,\"verdict\":\"refused\"},{\"code\":404,\"text\":\"a\","
         "\"verdict\":\"refused\"}]}}",
                "kie.json: errors.other.1.text: matches nothing: \"envelope.message\" is missing"},
};

static void test_mistakes(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		CLEANUP(providers_free_p) struct providers *none = NULL;
		struct err err = {{0}};
		bool good;

		file_write("kie.json", mistakes[i].text);
		good = providers_load(directory, &none, &err) == -EINVAL && !none &&
		       strstr(err.text, mistakes[i].words) &&
		       strncmp(err.text, directory, strlen(directory)) == 0;
		/* What sandbox takes from kie is said of sandbox too. */
		good = good ||
		       (strstr(mistakes[i].text, "sandbox") && strstr(err.text, mistakes[i].words));
		OK_NAMED(good, mistakes[i].words);
		if (!good)
			printf("# %s\n", err.text);
	}
}
