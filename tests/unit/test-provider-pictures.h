/* SPDX-License-Identifier: MIT */
/* Part of test-provider.c: pictures, uploads, other names of models, values that go together. */
#pragma once

#include "test-provider-mine.h"

static const char shop[] =
        "{\"title\":\"Shop\",\"base_url\":\"https://shop.example\","
        "\"headers\":{\"Authorization\":\"Bearer {key}\",\"content-TYPE\":\"application/json\","
        "\"X-App\":\"darkroom\"},"
        "\"create\":{\"path\":\"/new/{model}\",\"body\":{\"m\":\"{model}\",\"input\":\"{input}\"},"
        "\"task\":\"id\"},"
        "\"upload\":{\"base_url\":\"https://files.shop.example/v1/\",\"path\":\"/put\","
        "\"file\":\"data\",\"form\":{\"dir\":\"darkroom\",\"as\":\"x-{name}\"},"
        "\"result\":[\"url\"],\"keep_ms\":3600000},"
        "\"status\":{\"path\":\"/s/{task}\",\"state\":\"state\",\"results\":\"out\"},"
        "\"states\":{\"done\":\"finished\",\"bad\":\"failed\"},\"default_model\":\"paint\","
        "\"models\":{"
        "\"paint\":{\"title\":\"Paint\",\"also\":[\"paint-1\",\"easel/paint\"],"
        "\"about\":\"Paints over pictures.\",\"unverified\":\"The sizes are a guess.\","
        "\"text\":{\"name\":\"prompt\",\"max_chars\":100},"
        "\"price\":{\"credits\":{\"1K\":2,\"2K\":3,\"4K\":5.5},\"by\":\"size\","
        "\"unit\":\"picture\",\"times\":\"count\",\"note\":\"a mask is free\"},"
        "\"conflicts\":[{\"when\":{\"ratio\":\"sq\",\"size\":[\"4K\"]},"
        "\"why\":\"squares are made up to 2K\"},"
        "{\"when\":{\"mask_url\":1,\"image_urls\":[0,2,3]},\"why\":\"a mask is for one picture\"}],"
        "\"together\":[[\"width\",\"height\"]],"
        "\"parameters\":{"
        "\"image_urls\":{\"type\":\"pictures\",\"common\":{\"images\":{}},\"max_length\":3,"
        "\"max_bytes\":2097152,\"formats\":[\"jpg\",\"webp\"]},"
        "\"mask_url\":{\"type\":\"picture\",\"common\":{\"mask\":{}}},"
        "\"ratio\":{\"type\":\"string\",\"values\":[\"sq\",\"wide\",\"tall\"],\"default\":\"sq\","
        "\"aliases\":{\"square\":\"sq\"},"
        "\"common\":{\"aspect_ratio\":{\"1:1\":\"sq\",\"16:9\":\"wide\"}}},"
        "\"size\":{\"type\":\"string\",\"values\":[\"1K\",\"2K\",\"4K\"],\"default\":\"1K\","
        "\"common\":{\"quality\":{\"basic\":\"1K\",\"high\":\"4K\"}}},"
        "\"count\":{\"type\":\"integer\",\"min\":1,\"max\":4,\"default\":1},"
        "\"width\":{\"type\":\"integer\"},\"height\":{\"type\":\"integer\"}}},"
        "\"enlarge\":{\"parameters\":{"
        "\"image\":{\"type\":\"picture\",\"common\":{\"images\":{}},\"required\":true},"
        "\"factor\":{\"type\":\"integer\",\"values\":[2,4],\"default\":2,\"required\":true,"
        "\"as_string\":true}}},"
        "\"blend\":{\"text\":{\"name\":\"prompt\",\"required\":false},\"parameters\":{"
        "\"pair\":{\"type\":\"pictures\",\"common\":{\"images\":{}},\"min_length\":2,"
        "\"max_length\":2}}},"
        "\"box\":{\"text\":{\"name\":\"prompt\"},\"parameters\":{"
        "\"w\":{\"type\":\"integer\",\"common\":{\"aspect_ratio\":{\"1:1\":8,\"16:9\":16}}},"
        "\"h\":{\"type\":\"integer\",\"common\":{\"aspect_ratio\":{\"1:1\":8,\"16:9\":9}}}}}}}";

/* The same without uploads, but for one model whose pictures travel inside the request; it has an
 * other name for one of shop's models. */
static const char wall[] =
        "{\"like\":\"shop\",\"title\":\"Wall\",\"without\":[\"upload\",\"models\"],"
        "\"default_model\":\"fresco\",\"models\":{"
        "\"fresco\":{\"also\":[\"paint\"],\"text\":{\"name\":\"prompt\"},\"parameters\":{"
        "\"refs\":{\"type\":\"pictures\",\"common\":{\"images\":{}},\"required\":true},"
        "\"quality\":{\"type\":\"string\",\"values\":[\"high\"]}}},"
        "\"mosaic\":{\"text\":{\"name\":\"prompt\"},\"parameters\":{"
        "\"stone\":{\"type\":\"picture\",\"common\":{\"images\":{}},\"inline\":true}}}}}";

/* Model and references as "MODEL PARAMETER=PICTURE ...", an address with an @ before it. */
static char *references_joined(const struct request *request)
{
	struct buf out = BUF_INIT(65536);
	size_t i;
	int r = buf_add_text(&out, request->model);

	for (i = 0; r == 0 && i < request->reference_count; i++) {
		const struct reference *reference = &request->references[i];

		r = buf_addf(&out, " %s=%s%s", reference->parameter, reference->url ? "@" : "",
		        reference->url ? reference->url : reference->path);
		if (reference->url ? reference->path != NULL : !reference->path)
			return NULL;
		if (reference->sha256[0] || reference->size != 0)
			return NULL;
	}
	return buf_take(&out);
}

/* The parameters are the model and the references here. */
static const struct resolve_case picture_cases[] = {
        {"provider=shop", "paint"},
        {"provider=shop;images=a.jpg", "paint image_urls=a.jpg"},
        {"provider=shop;image_urls=a.jpg", "paint image_urls=a.jpg"},
        {"provider=shop;images= refs/a b.jpg ,../c.jpg,HTTPS://x.example/p.jpg?q=1#f",
                "paint image_urls=refs/a b.jpg image_urls=../c.jpg "
                "image_urls=@HTTPS://x.example/p.jpg?q=1#f"},
        {"provider=shop;images=./file:a.jpg", "paint image_urls=./file:a.jpg"},
        {"provider=shop;images=12:30.jpg", "paint image_urls=12:30.jpg"},
        {"provider=shop;images=http://127.0.0.1:8080/a",
                "paint image_urls=@http://127.0.0.1:8080/a"},
        {"provider=shop;mask=m.png;images=a.jpg", "paint image_urls=a.jpg mask_url=m.png"},
        {"provider=shop;images=a.jpg|images=b.jpg,c.jpg", "paint image_urls=a.jpg"},
        {"provider=shop;image_urls=a.jpg|images=b.jpg", "paint image_urls=a.jpg"},
        {"provider=shop;images=a.jpg|image_urls=b.jpg", "paint image_urls=a.jpg"},
        {"provider=shop;images=a.jpg, b.jpg;image_urls=a.jpg ,b.jpg",
                "paint image_urls=a.jpg image_urls=b.jpg"},
        {"provider=shop;images=a.jpg;image_urls=b.jpg", NULL, "images and image_urls disagree: *"},
        {"provider=shop;images=", NULL, "images: is empty; *"},
        {"provider=shop;images=  ", NULL, "images: is empty; *"},
        {"provider=shop;images=a.jpg,", NULL, "images: has nothing before or behind a comma; *"},
        {"provider=shop;images=,a.jpg", NULL, "images: has nothing before or behind a comma; *"},
        {"provider=shop;images=a.jpg, ,b.jpg", NULL,
                "images: has nothing before or behind a comma; *"},
        {"provider=shop;images=/etc/a.jpg", NULL,
                "images: \"/etc/a.jpg\" must be relative to the prompt, not begin with a slash"},
        {"provider=shop;images=file:///a.jpg", NULL,
                "images: \"file:///a.jpg\" is no https address; for a file of that name write "
                "\"./file:///a.jpg\""},
        {"provider=shop;images=data:image/png;base64", NULL,
                "no model has a parameter \"base64\"; *"},
        {"provider=shop;images=data:image/png", NULL, "images: \"data:image/png\" is no https *"},
        {"provider=shop;images=ftp://x/a.jpg", NULL, "images: \"ftp://x/a.jpg\" is no https *"},
        {"provider=shop;images=http://example.com/a.jpg", NULL,
                "images: plain http is allowed to a loopback address only *"},
        {"provider=shop;images=https:a.jpg", NULL, "images: the address must begin with https://"},
        {"provider=shop;images=https:///a.jpg", NULL, "images: the address has no host"},
        {"provider=shop;images=https://user:secret@x/a.jpg", NULL,
                "images: the address must not have a user or password in it"},
        {"provider=shop;images=https://?user@x", NULL, "images: the address has no host"},
        {"provider=shop;images=https://x/a b", NULL, "images: the address must not have spaces*"},
        {"provider=shop;images=a\nb.jpg", NULL, "images: must be UTF-8 text without *"},
        {"provider=shop;images=\xff.jpg", NULL, "images: must be UTF-8 text without *"},
        /* A comma that may be an address's. */
        {"provider=shop;images=https://x.example/p,q.png", NULL,
                "images: \"https://x.example/p\" is followed by a comma that may be a part of "
                "it; write a space after the comma between pictures, or %2C for a comma of the "
                "address"},
        {"provider=shop;images=a.jpg, HTTPS://x.example/p?a=1,2", NULL,
                "images: \"HTTPS://x.example/p?a=1\" is followed by a comma *"},
        {"provider=shop;images=https://x.example/p,httpx.png", NULL,
                "images: \"https://x.example/p\" is followed by a comma *"},
        {"provider=shop;images=https://x.example/p, q.png",
                "paint image_urls=@https://x.example/p image_urls=q.png"},
        {"provider=shop;images=https://x.example/p ,q.png",
                "paint image_urls=@https://x.example/p image_urls=q.png"},
        {"provider=shop;images=https://x.example/p.png,https://y.example/q.png,HTTP://localhost/r",
                "paint image_urls=@https://x.example/p.png image_urls=@https://y.example/q.png "
                "image_urls=@HTTP://localhost/r"},
        {"provider=shop;images=q.png,https://x.example/p%2Cq.png",
                "paint image_urls=q.png image_urls=@https://x.example/p%2Cq.png"},
        {"provider=shop;images=https://x.example/p,", NULL,
                "images: has nothing before or behind a comma; *"},
        {"provider=shop;images=https://x.example/p,,q.png", NULL,
                "images: has nothing before or behind a comma; *"},
        {"provider=shop;images=a,b,c,d", NULL, "images: 4 pictures are given; at most 3 may be"},
        {"provider=shop;mask=a,b", NULL, "mask: 2 pictures are given; exactly 1 must be"},
        {"provider=shop;model=blend;images=a", NULL,
                "images: 1 picture is given; exactly 2 must be"},
        {"provider=shop;model=blend", "blend"},
        {"provider=shop;model=blend;images=b,a", "blend pair=b pair=a"},
        {"provider=shop;model=enlarge", NULL,
                "images: is required by enlarge: the path of a picture, relative to the prompt, "
                "or an https address"},
        {"provider=shop;model=enlarge;images=a.png", "enlarge image=a.png",
                "text (enlarge takes no text)"},
        /* A model without pictures ignores a directory's. */
        {"images=a.png;mask=b.png|quality=high", SEEDREAM,
                "images (" SEEDREAM " has no such parameter), mask (" SEEDREAM
                " has no such parameter)"},
        /* No uploads. */
        {"provider=wall;images=https://x/a", "fresco refs=@https://x/a"},
        {"provider=wall;images=https://x/a, b.png", NULL,
                "images: wall takes no uploads; give https addresses"},
        {"provider=wall", NULL, "images: is required by fresco: the https address of a picture"},
        {"provider=wall;model=mosaic;images=b.png", "mosaic stone=b.png"},
        /* Other names, and the way from one service to another. */
        {"provider=shop;model=easel/paint", "paint"},
        {"provider=shop;model=paint-1|model=enlarge", "paint"},
        {"provider=wall;model=paint;images=https://x/a", "fresco refs=@https://x/a"},
        {"images=https://x/a;model=paint|provider=wall", "fresco refs=@https://x/a"},
        {"provider=wall;model=enlarge;images=https://x/a", NULL,
                "model: \"enlarge\" is not one of those that Wall has: fresco, mosaic"},
        {"images=https://x/a;model=enlarge|provider=wall", NULL,
                "model: \"enlarge\" is not one of those that Wall has: fresco, mosaic"},
        {"provider=wall;images=https://x/a|provider=shop;model=enlarge", "fresco refs=@https://x/a",
                "model (Wall has no enlarge)"},
        {"provider=wall;images=https://x/a;aspect_ratio=16:9;size=2K", "fresco refs=@https://x/a",
                "aspect_ratio (fresco has no such parameter), size (fresco has no such parameter)"},
};

/* What values mean together; the parameters are parameters again. */
static const struct resolve_case together_cases[] = {
        {"provider=shop;aspect_ratio=16:9;quality=high", "ratio=wide;size=4K"},
        {"provider=shop;aspect_ratio=16:9;ratio=wide", "ratio=wide"},
        {"provider=shop;aspect_ratio=1:1;ratio=square", "ratio=sq"},
        {"provider=shop;aspect_ratio=16:9;ratio=sq", NULL,
                "aspect_ratio and ratio disagree: they are two names of one parameter, and "
                "\"16:9\" is not \"sq\"; set only one of them"},
        {"provider=shop;aspect_ratio=16:9|ratio=sq", "ratio=wide"},
        {"provider=shop;ratio=tall|aspect_ratio=16:9", "ratio=tall"},
        {"provider=shop;aspect_ratio=9:16;ratio=tall", NULL,
                "aspect_ratio: \"9:16\" is not one of 1:1, 16:9"},
        {"provider=shop;size=4K", NULL,
                "ratio: sq, size: 4K do not go together: squares are made up to 2K"},
        {"provider=shop;size=4K;ratio=tall", "ratio=tall;size=4K"},
        {"provider=shop;quality=high;aspect_ratio=1:1", NULL,
                "ratio: sq, size: 4K do not go together: squares are made up to 2K"},
        {"provider=shop;mask=m", NULL,
                "mask_url: 1, image_urls: 0 do not go together: a mask is for one picture"},
        {"provider=shop;mask=m;images=a,b", NULL,
                "mask_url: 1, image_urls: 2 do not go together: a mask is for one picture"},
        {"provider=shop;mask=m;images=a", ""},
        {"provider=shop;width=5", NULL,
                "width, height must be given together, or none of them; height is missing"},
        {"provider=shop;height=5", NULL,
                "width, height must be given together, or none of them; width is missing"},
        {"provider=shop;width=5|height=6", "height=6;width=5"},
        {"provider=shop;model=box;aspect_ratio=16:9", "h=9;w=16"},
        {"provider=shop;model=box;aspect_ratio=16:9;w=16", "h=9;w=16"},
        {"provider=shop;model=box;aspect_ratio=16:9;w=5", NULL, "aspect_ratio and w disagree: *"},
        {"provider=shop;model=box;w=5|aspect_ratio=16:9", "h=9;w=5"},
        {"provider=shop;model=box;aspect_ratio=4:3", NULL,
                "aspect_ratio: \"4:3\" is not one of 1:1, 16:9"},
};

static const struct check_case picture_checks[] = {
        {"provider=shop", "images", "a.jpg, https://x/b"},
        {"provider=shop", "image_urls", "a.jpg"},
        {"provider=shop", "images", "a,b,c,d", "images: 4 pictures are given; at most 3 may be"},
        {"provider=shop", "images", "/a", "images: \"/a\" must be relative to the prompt, *"},
        {"provider=shop", "mask", "file:a", "mask: \"file:a\" is no https address; *"},
        {"provider=shop;model=paint-1", "images", "a,b,c,d",
                "images: 4 pictures are given; at most 3 may be"},
        {"provider=wall", "images", "a.jpg", "images: wall takes no uploads; give https addresses"},
        {"provider=wall;model=mosaic", "images", "a.jpg"},
        /* Whichever of provider and model comes first. */
        {"provider=wall", "model", "enlarge"},
        {"", "model", "easel/paint"},
        {"model=easel/paint", "provider", "shop"},
        {"model=easel/paint", "provider", "kie"},
        /* The model in force has none, but another has. */
        {"", "images", "a.jpg"},
        {"", "mask", "a.jpg"},
        {"", "images", "a,,b", "images: has nothing before or behind a comma; *"},
        {"", "images", "", "images: is empty; *"},
        {"", "aspect_ratio", "16:9"},
};

static void resolve_pictures(const struct providers *in, const struct resolve_case *c)
{
	CLEANUP(free_p) char *joined = NULL;
	struct provider_order order = {0};
	struct levels levels;
	struct err err = {{0}};
	bool good;
	int r;

	levels_make(&levels, c->settings);
	r = provider_resolve(in, &levels.settings, "a cat", &order, &err);
	joined = r == 0 ? references_joined(&order.request) : NULL;
	good = r == (c->parameters ? 0 : -EINVAL) && text_same(joined, c->parameters) &&
	       text_like(r == 0 ? order.ignored : err.text, c->words);
	OK_NAMED(good, c->settings);
	if (!good)
		printf("# %d %s, %s, %s\n", r, joined ? joined : "",
		        order.ignored ? order.ignored : "", err.text);
	provider_order_done(&order);
	levels_done(&levels);
}

/* What an empty prompt is told that is not ordered: of a picture where the model takes no text. */
static void test_lacks_picture(const struct providers *in)
{
	static const struct {
		const char *settings, *words;
	} cases[] = {
	        {"provider=shop;model=enlarge",
	                "the prompt names no picture, and enlarge takes no text: name the picture "
	                "in \"images\" of the prompt itself; one that a directory names orders "
	                "nothing"},
	        {"|images=a.png|provider=shop;model=enlarge",
	                "the prompt names no picture, and enlarge takes no text: *"},
	        {"provider=kie;model=topaz/image-upscale",
	                "the prompt names no picture, and topaz/image-upscale takes no text: *"},
	        {"provider=shop;model=blend", NULL},
	        {"provider=shop", NULL},
	        {"provider=shop;model=nothing", NULL},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct levels levels;
		struct err err = {{0}};
		bool lacks;

		levels_make(&levels, cases[i].settings);
		lacks = provider_lacks_own_picture(in, &levels.settings, &err);
		OK_NAMED(lacks == (cases[i].words != NULL), cases[i].settings);
		OK_NAMED(cases[i].words ? text_like(err.text, cases[i].words) : !err.text[0],
		        err.text);
		levels_done(&levels);
	}
}

static void test_without_text(const struct providers *in)
{
	static const struct {
		const char *settings;
		size_t own;
		bool orders;
	} cases[] = {
	        {"images=a.png|provider=shop;model=enlarge", 1, true},
	        {"image=a.png|provider=shop;model=enlarge", 1, true},
	        {"|images=a.png|provider=shop;model=enlarge", 2, true},
	        {"||images=a.png;provider=shop;model=enlarge", 2, false},
	        {"provider=shop;model=enlarge", 1, false},
	        {"provider=shop;model=enlarge;factor=4", 1, false},
	        {"provider=shop;model=blend;images=a,b", 1, true},
	        {"provider=shop;model=blend;images=/wrong", 1, true},
	        {"provider=shop;images=a.png", 1, false},
	        {"provider=shop;model=nothing;images=a.png", 1, false},
	        {"images=a.png", 1, false},
	        {"", 0, false},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct levels levels;

		levels_make(&levels, cases[i].settings);
		levels.settings.own_count = cases[i].own;
		OK_NAMED(provider_orders_without_text(in, &levels.settings) == cases[i].orders,
		        cases[i].settings);
		levels_done(&levels);
	}
}

/* Pictures that the prompt itself names are never left out; a directory's are. */
static void test_own_pictures(const struct providers *in)
{
	static const struct {
		const char *settings;
		const char *refused; /* NULL: ignored */
	} cases[] = {
	        {"images=a.png", "images: " SEEDREAM " has no such parameter; take a model that *"},
	        {"|mask=a.png", "mask: " SEEDREAM " has no such parameter; *"},
	        {"provider=wall;images=https://x/a;image_urls=b",
	                "image_urls: fresco has no such parameter; *"},
	        {"||images=a.png", NULL},
	        {"|size=2K", NULL},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct provider_order order = {0};
		struct levels levels;
		struct err err = {{0}};
		int r;

		levels_make(&levels, cases[i].settings);
		levels.settings.own_count = 2;
		r = provider_resolve(in, &levels.settings, "a cat", &order, &err);
		OK_NAMED(cases[i].refused ? r == -EINVAL && text_like(err.text, cases[i].refused)
		                          : r == 0 && order.ignored,
		        cases[i].settings);
		provider_order_done(&order);
		levels_done(&levels);
	}
}

static void test_picture_limits(const struct providers *in)
{
	const struct provider *service = provider_find(in, "shop");
	const struct provider *inline_service = provider_find(in, "wall");
	const struct provider_pictures *pictures;

	pictures = provider_pictures(service, "paint", "image_urls");
	OK(pictures && pictures->bytes_max == 2097152 && !pictures->inline_data);
	OK(pictures && strcmp(pictures->suffixes[0], "jpg") == 0 &&
	        strcmp(pictures->suffixes[1], "webp") == 0 && !pictures->suffixes[2]);
	OK(pictures == provider_pictures(service, "paint-1", "image_urls"));
	pictures = provider_pictures(service, "paint", "mask_url");
	OK(pictures && pictures->bytes_max == 256 << 20 && !pictures->suffixes);
	OK(!provider_pictures(service, "paint", "ratio"));
	OK(!provider_pictures(service, "paint", "images"));
	OK(!provider_pictures(service, "nothing", "image_urls"));
	pictures = provider_pictures(inline_service, "mosaic", "stone");
	OK(pictures && pictures->inline_data && pictures->bytes_max == 10 << 20);
	OK(provider_upload_keep_ms(service) == 3600000);
	OK(provider_upload_keep_ms(inline_service) == 0);
}

static void test_picture_messages(const struct providers *in)
{
	static const char *const urls[] = {"https://f/1", "https://f/\"2\"", "https://f/3", NULL};
	static const char *const data[] = {"data:image/png;base64,AAAA"};
	const struct provider *service = provider_find(in, "shop");
	struct provider_order order = {0};
	struct provider_message message = {0};
	struct levels levels;
	struct err err;

	levels_make(&levels, "provider=shop;model=paint-1;images=a,https://f/2;mask=m;ratio=tall");
	OK(provider_resolve(in, &levels.settings, "t", &order, &err) == -EINVAL);
	levels_done(&levels);
	levels_make(&levels, "provider=shop;model=paint-1;images=a,https://f/2;ratio=tall");
	OK(provider_resolve(in, &levels.settings, "t", &order, &err) == 0);
	OK_TEXT(order.request.model, "paint");
	OK(provider_create_message(service, "https://g", "k", &order.request, urls, &message) == 0);
	OK_TEXT(message.url, "https://g/new/paint");
	OK_TEXT(message.body,
	        "{\"m\":\"paint\",\"input\":{\"prompt\":\"t\",\"image_urls\":[\"https://f/1\","
	        "\"https://f/\\\"2\\\"\"],\"ratio\":\"tall\"}}");
	provider_message_done(&message);
	/* What was ordered is sent as a whole or not at all. */
	OK(provider_create_message(service, "https://g", "k", &order.request, NULL, &message) ==
	        -EINVAL);
	OK(provider_create_message(service, "https://g", "k", &order.request, urls + 2, &message) ==
	        -EINVAL);
	OK(provider_create_message(provider_find(in, "wall"), "https://g", "k", &order.request,
	           urls, &message) == -EINVAL);
	provider_order_done(&order);
	levels_done(&levels);

	levels_make(&levels, "provider=shop;images=a;mask=m");
	OK(provider_resolve(in, &levels.settings, "t", &order, &err) == 0);
	OK(provider_create_message(service, "https://g", "k", &order.request, urls, &message) == 0);
	OK_TEXT(message.body,
	        "{\"m\":\"paint\",\"input\":{\"prompt\":\"t\",\"image_urls\":[\"https://f/1\"],"
	        "\"mask_url\":\"https://f/\\\"2\\\"\"}}");
	provider_message_done(&message);
	provider_order_done(&order);
	levels_done(&levels);

	levels_make(&levels, "provider=shop;model=enlarge;images=a");
	OK(provider_resolve(in, &levels.settings, " \n", &order, &err) == 0 && !order.ignored);
	OK_TEXT(order.request.text, "");
	OK(provider_create_message(service, "https://g", "k", &order.request, urls, &message) == 0);
	OK_TEXT(message.body,
	        "{\"m\":\"enlarge\",\"input\":{\"image\":\"https://f/1\",\"factor\":\"2\"}}");
	provider_message_done(&message);
	provider_order_done(&order);
	/* Notes in a prompt whose model reads none make no other request. */
	OK(provider_resolve(in, &levels.settings, "notes", &order, &err) == 0);
	OK_TEXT(order.request.text, "");
	provider_order_done(&order);
	levels_done(&levels);

	levels_make(&levels, "provider=wall;model=mosaic;images=a");
	OK(provider_resolve(in, &levels.settings, "t", &order, &err) == 0);
	OK(provider_create_message(provider_find(in, "wall"), "https://g", "k", &order.request,
	           data, &message) == 0);
	OK_TEXT(message.body, "{\"m\":\"mosaic\",\"input\":{\"prompt\":\"t\","
	                      "\"stone\":\"data:image/png;base64,AAAA\"}}");
	provider_message_done(&message);
	provider_order_done(&order);
	levels_done(&levels);
}

static void test_upload_messages(const struct providers *in)
{
	const struct provider *service = provider_find(in, "shop");
	struct provider_upload upload = {0};

	OK(provider_upload_message(service, NULL, "k", "a \"b\".png", &upload) == 0);
	OK_TEXT(upload.message.method, "POST");
	OK_TEXT(upload.message.url, "https://files.shop.example/v1/put");
	OK(!upload.message.body);
	OK(has_header(&upload.message, "Authorization: Bearer k"));
	OK(has_header(&upload.message, "X-App: darkroom") && !upload.message.headers[2]);
	OK_TEXT(upload.file_field, "data");
	OK_TEXT(upload.fields[0], "dir");
	OK_TEXT(upload.fields[1], "darkroom");
	OK_TEXT(upload.fields[2], "as");
	OK_TEXT(upload.fields[3], "x-a \"b\".png");
	OK(!upload.fields[4]);
	provider_upload_done(&upload);
	OK(provider_upload_message(service, "https://gateway/", "k", "a", &upload) == 0);
	OK_TEXT(upload.message.url, "https://gateway/put");
	provider_upload_done(&upload);
	provider_upload_done(&upload);
	OK(provider_upload_message(service, NULL, "a\nb", "a", &upload) == -EINVAL);
	OK(provider_upload_message(provider_find(in, "wall"), NULL, "k", "a", &upload) == -ENOTSUP);
}

static void test_picture_page(const struct providers *in)
{
	static const char *const lines[] = {"Shop: paint\n", "Paint. Paints over pictures. ",
	        "\nNot verified: The sizes are a guess.\n", "\nProvider: shop\n",
	        "\nOther names: paint-1, easel/paint\n", "\nText: at most 100 characters, needed\n",
	        "by size: 1K: 2, 2K: 3, 4K: 5.5, times\n    count; a mask is free\n",
	        "\nimage_urls: 1 to 3 pictures\n",
	        "a file has at most 2 MiB and is one of jpg, webp\n", "\n    also set as images\n",
	        "\nmask_url: a picture\n", "\n    square means sq\n",
	        "\n    also set as aspect_ratio: 1:1 is sq, 16:9 is wide\n",
	        "\nSet all of these, or none: width, height\n",
	        "\n    ratio sq with size 4K: squares are made up to 2K\n",
	        "\n    setfattr -n user.darkroom.model -v paint hero.prompt\n",
	        "\n    setfattr -n user.darkroom.images -v photo.jpg hero.prompt\n"};
	struct buf page = BUF_INIT(65536);
	size_t i;

	OK(provider_model_page(provider_find(in, "shop"), "easel/paint", &page) == 0);
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		OK_NAMED(strstr(page.data, lines[i]), lines[i]);
	buf_clear(&page);
	OK(provider_model_page(provider_find(in, "shop"), "enlarge", &page) == 0);
	OK(strstr(page.data, "\nText: none; what the prompt says is not sent\n"));
	OK(strstr(page.data, "\nPrice: not known\n") && strstr(page.data, "must be set\n"));
	OK(strstr(page.data, "\n    setfattr -n user.darkroom.images -v photo.png hero.prompt\n\n"
	                     "The last line orders the picture.\n"));
	buf_clear(&page);
	OK(provider_model_page(provider_find(in, "wall"), "fresco", &page) == 0);
	OK(strstr(page.data, "https addresses only: this model takes no files; "));
	OK(strstr(page.data, "-v https://example.org/photo.png hero.prompt\n"));
	buf_clear(&page);
	OK(provider_model_page(provider_find(in, "revidapi"), "nano-banana-pro", &page) == 0);
	OK(strstr(page.data, "https addresses only: this service takes no files; "));
	buf_done(&page);
}

/* What an example sets besides what must be: nothing that does not count, and nothing made up. */
static void test_page_examples(const struct providers *in)
{
	static const struct {
		const char *model, *has, *has_not;
	} cases[] = {
	        {"wan/2-7-image", "darkroom.images -v photo.png", "darkroom.aspect_ratio"},
	        {"wan/2-7-image-pro", "darkroom.enable_sequential -v true",
	                "darkroom.aspect_ratio"},
	        {"seedream/4.5-edit", "darkroom.aspect_ratio -v ", "Write values of your own"},
	        {"seedream/4.5-text-to-image", "darkroom.aspect_ratio -v ", "darkroom.images"},
	        {"grok-imagine-image-2-0/image-edit", "darkroom.task_id -v TASK_ID hero.prompt",
	                "some words"},
	        {"grok-imagine-image-2-0/image-edit",
	                "orders the picture.\nWrite values of your own for the words in "
	                "capitals.\n",
	                "darkroom.mask_indexs"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf page = BUF_INIT(65536);

		OK(provider_model_page(provider_find(in, "kie"), cases[i].model, &page) == 0);
		OK_NAMED(strstr(page.data, cases[i].has), cases[i].has);
		OK_NAMED(!strstr(page.data, cases[i].has_not), cases[i].has_not);
		buf_done(&page);
	}
}

static void test_pictures(void)
{
	CLEANUP(providers_free_p) struct providers *both = NULL;
	struct err err = {{0}};
	size_t i;

	directory_empty();
	file_write("shop.json", shop);
	file_write("wall.json", wall);
	OK(providers_load(directory, &both, &err) == 0);
	if (!both) {
		printf("# %s\n", err.text);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(picture_cases); i++)
		resolve_pictures(both, &picture_cases[i]);
	for (i = 0; i < ARRAY_SIZE(together_cases); i++)
		resolve_one(both, &together_cases[i]);
	for (i = 0; i < ARRAY_SIZE(picture_checks); i++)
		check_one(both, &picture_checks[i]);
	test_without_text(both);
	test_lacks_picture(both);
	test_own_pictures(both);
	test_picture_limits(both);
	test_picture_messages(both);
	test_upload_messages(both);
	test_picture_page(both);
	test_page_examples(both);
}
