/* SPDX-License-Identifier: MIT */
/* A form with a file.  curl reads the file's part through a callback just before it sends it.
 *
 * The part's size is told beforehand, so that the form's length is known.  curl trusts it: a part
 * that is shorter would leave a form that never ends, and one that is longer would break the
 * message, so both are seen to here.  The part cannot be rewound: without a function for it curl
 * gives up instead of sending bytes a second time.
 */
#include "http-private.h"

static size_t file_failed(struct http_transfer *transfer, enum http_fault fault)
{
	transfer->fault = fault;
	return CURL_READFUNC_ABORT;
}

static size_t on_read(char *bytes, size_t one, size_t size, void *context)
{
	struct http_transfer *transfer = context;
	struct http_file *file = &transfer->upload;
	ssize_t got;

	if ((int64_t)size > file->size - file->done)
		size = (size_t)(file->size - file->done);
	if (size == 0)
		return 0;
	do
		got = pread(file->fd, bytes, size, (off_t)file->done);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		file->read_errno = errno;
		return file_failed(transfer, HTTP_FAULT_FILE_READ);
	}
	if (got == 0)
		return file_failed(transfer, HTTP_FAULT_FILE_SHORT);
	file->done += got;
	if (file->sent && file->sent(file->context, bytes, (size_t)got) != 0)
		return file_failed(transfer, HTTP_FAULT_FILE_REFUSED);
	return (size_t)got;
}

static int field_add(curl_mime *form, const char *name, const char *value)
{
	curl_mimepart *part = curl_mime_addpart(form);

	if (!part || curl_mime_name(part, name) ||
	        curl_mime_data(part, value, CURL_ZERO_TERMINATED))
		return -ENOMEM;
	return 0;
}

static int file_add(struct http_transfer *transfer, const struct http_upload *upload)
{
	curl_mimepart *part = curl_mime_addpart(transfer->upload.form);

	if (!part || curl_mime_name(part, upload->file_field) ||
	        curl_mime_filename(part, upload->file_name) ||
	        (upload->file_type && curl_mime_type(part, upload->file_type)) ||
	        curl_mime_data_cb(part, (curl_off_t)upload->size, on_read, NULL, NULL, transfer))
		return -ENOMEM;
	return 0;
}

int http_upload_set(struct http_transfer *transfer, const struct http_upload *upload)
{
	struct http_file *file = &transfer->upload;
	size_t i;
	int r = 0;

	/* A negative size would be an unknown one to curl. */
	if (upload->size < 0)
		return http_transfer_end_early(transfer, HTTP_NO_FILE, "the file has no size");
	file->form = curl_mime_init(transfer->easy);
	if (!file->form)
		return -ENOMEM;
	file->fd = upload->fd;
	file->size = upload->size;
	file->sent = upload->sent;
	file->context = upload->context;
	for (i = 0; r == 0 && upload->fields && upload->fields[i]; i += 2)
		r = field_add(file->form, upload->fields[i], upload->fields[i + 1]);
	return r < 0 ? r : file_add(transfer, upload);
}
