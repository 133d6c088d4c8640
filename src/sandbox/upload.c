/* SPDX-License-Identifier: MIT */
/* Uploads: the file in a form or in JSON, its address, and its being fetched again. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "server.h"

#define UPLOAD_BYTES_MAX ((size_t)100 << 20)
#define NAME_BYTES_MAX 200
#define ACCOUNT "sandbox"

/* ---- reading ---- */

static int form_parcel(const struct request *request, struct parcel *parcel)
{
	const struct form_part *part;
	int r = form_read(request->content_type, request->body, request->body_size, &parcel->form);

	if (r == -EINVAL) {
		parcel->mistake = "The body is not multipart/form-data";
		return 0;
	}
	part = r == 0 ? form_part(&parcel->form, "file") : NULL;
	if (!part || !part->file_name) {
		parcel->mistake = "Missing required parameter: file";
		return r;
	}
	parcel->bytes = part->bytes;
	parcel->size = part->size;
	parcel->file_name = part->file_name;
	return 0;
}

static int json_parcel(const struct request *request, struct parcel *parcel)
{
	const char *text = json_string(json_member(request->json, "base64Data")), *comma;
	int r;

	if (!text) {
		parcel->mistake = "Missing required parameter: base64Data";
		return 0;
	}
	comma = strncasecmp(text, "data:", 5) == 0 ? strchr(text, ',') : NULL;
	text = comma ? comma + 1 : text;
	parcel->decoded = BUF_INIT(UPLOAD_BYTES_MAX);
	r = base64_read(text, strlen(text), &parcel->decoded);
	if (r == -EINVAL || parcel->decoded.size == 0) {
		parcel->mistake = "Base64 decoding failed: Invalid Base64 format";
		return 0;
	}
	parcel->bytes = parcel->decoded.data;
	parcel->size = parcel->decoded.size;
	parcel->file_name = json_string(json_member(request->json, "fileName"));
	return r;
}

static bool is_form(const struct request *request)
{
	return strcmp(request->path, "/api/file-stream-upload") == 0;
}

int parcel_read(const struct request *request, struct parcel *parcel)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(UPLOAD_BYTES_MAX);
	int r = is_form(request) ? form_parcel(request, parcel) : json_parcel(request, parcel);

	if (r != 0 || parcel->mistake)
		return r;
	r = digest_of(parcel->bytes, parcel->size, parcel->digest);
	if (r == 0)
		r = buf_add(&bytes, parcel->bytes, parcel->size);
	if (r == -EMSGSIZE) {
		parcel->mistake = "File size exceeds the limit";
		return 0;
	}
	return r == 0 ? blob_new(&bytes, &parcel->blob) : r;
}

void parcel_done(struct parcel *parcel)
{
	form_done(&parcel->form);
	buf_done(&parcel->decoded);
	blob_unref(parcel->blob);
	*parcel = (struct parcel){.blob = NULL};
}

/* A field beside the file, owned; NULL where there is none, or without memory. */
static char *field_text(const struct request *request, const char *name)
{
	const struct form_part *part = form_part(&request->parcel.form, name);
	const char *text;

	if (is_form(request))
		return part ? strndup(part->bytes, part->size) : NULL;
	text = json_string(json_member(request->json, name));
	return text ? strdup(text) : NULL;
}

/* ---- where it goes ---- */

static bool path_is_good(const char *path)
{
	size_t size = strlen(path);

	return size > 0 && size <= NAME_BYTES_MAX && path[0] != '/' && path[size - 1] != '/' &&
	       !strstr(path, "..") && utf8_valid(path, size, NULL);
}

/* A name is made up where none is given: 1776323952044-dtzo7rcrpdj.png */
static int name_make(const struct request *request, const char *extension, char **ret_name)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	char *given = field_text(request, "fileName"), word[12];
	unsigned char random[sizeof(word) - 1];

	if (given && *given) {
		*ret_name = given;
		return 0;
	}
	free(given);
	if (getentropy(random, sizeof(random)) != 0)
		return -errno;
	for (size_t i = 0; i < sizeof(random); i++)
		word[i] = digits[random[i] % 36];
	word[sizeof(random)] = '\0';
	return asprintf(ret_name, "%lld-%s.%s",
	               (long long)clock_system.wall_ms(clock_system.context), word, extension) < 0
	               ? -ENOMEM
	               : 0;
}

/* ---- answers ---- */

int upload_refuse(struct answer *answer, unsigned http, const char *message)
{
	CLEANUP(json_free_p)
	struct json *document = template_new("{\"success\":false,\"code\":0,\"msg\":\"\"}");
	int r = json_set(document, "code", json_new_integer(http));

	if (r == 0)
		r = json_set(document, "msg", json_new_string(message));
	return r == 0 ? answer_body(answer, http, http, TAKE(document)) : r;
}

static int data_fill(struct json *data, const char *name, const char *path, const char *url,
        const struct upload *upload)
{
	char uploaded[TIME_TEXT_SIZE];
	int r = json_set(data, "fileName", json_new_string(name));

	time_text(clock_system.wall_ms(clock_system.context), uploaded);
	if (r == 0)
		r = json_set(data, "filePath", json_new_string(path));
	if (r == 0)
		r = json_set(data, "downloadUrl", json_new_string(url));
	if (r == 0)
		r = json_set(data, "fileSize", json_new_integer((int64_t)upload->size));
	if (r == 0)
		r = json_set(data, "mimeType", json_new_string(upload->kind.content_type));
	if (r == 0)
		r = json_set(data, "uploadedAt", json_new_string(uploaded));
	return r;
}

static int grant(struct answer *answer, const char *name, const char *path, const char *url,
        const struct upload *upload)
{
	CLEANUP(json_free_p)
	struct json *document =
	        template_new("{\"success\":true,\"code\":200,\"msg\":\"File uploaded "
	                     "successfully\",\"data\":{\"success\":true}}");
	int r = data_fill(json_member(document, "data"), name, path, url, upload);

	return r == 0 ? answer_body(answer, 200, 200, TAKE(document)) : r;
}

static int upload_keep(struct sandbox *sandbox, const struct request *request, const char *path,
        const char *name, struct answer *answer)
{
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	CLEANUP(free_p) char *encoded = path_encode(path);
	char url[ADDRESS_SIZE];
	struct upload *upload = NULL;
	size_t host;
	int r;

	if (!encoded)
		return -ENOMEM;
	r = uploads_add(&sandbox->uploads, path, request->parcel.blob,
	        now_ms + sandbox->scenario.upload_keep_ms, &upload);
	if (r == -ENOSPC)
		return upload_refuse(answer, 500, sandbox->dialect->words[TROUBLE_FULL].text);
	if (r != 0)
		return r;
	answer->upload = upload;
	address_make(sandbox, request, url);
	host = strlen(url);
	snprintf(url + host, sizeof(url) - host, "/uploads/%s", encoded);
	return grant(answer, name, path, url, upload);
}

int upload_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	const struct parcel *parcel = &request->parcel;
	CLEANUP(free_p) char *folder = field_text(request, "uploadPath");
	CLEANUP(free_p) char *name = NULL;
	CLEANUP(free_p) char *path = NULL;
	int r;

	if (parcel->mistake)
		return upload_refuse(answer, 400, parcel->mistake);
	if (!folder || !*folder)
		return upload_refuse(answer, 400, "Missing required parameter: uploadPath");
	r = name_make(request, file_kind_of(parcel->bytes, parcel->size).extension, &name);
	if (r != 0)
		return r;
	if (!path_is_good(folder) || !path_is_good(name) || strchr(name, '/'))
		return upload_refuse(answer, 400, "Invalid parameter: uploadPath or fileName");
	if (asprintf(&path, "kieai/%s/%s/%s", ACCOUNT, folder, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return upload_keep(sandbox, request, path, name, answer);
}

int file_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
	int64_t now_ms = clock_system.wall_ms(clock_system.context);
	struct upload *upload =
	        uploads_find(&sandbox->uploads, request->path + strlen("/uploads/"), now_ms);
	struct blob *blob = upload ? upload_blob(upload) : NULL;

	if (!blob)
		return api_refuse(sandbox, answer, TROUBLE_PATH, NULL);
	answer->http = 200;
	answer->code = UNSET;
	answer->content_type = upload->kind.content_type;
	answer->print = blob;
	answer->upload = upload;
	return 0;
}
