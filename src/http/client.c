/* SPDX-License-Identifier: MIT */
/* The client: which transfers there are, and what happens when one ends.
 *
 * A transfer is in one of two lists.  In `running` curl has its handle; in `ended` are those that
 * could not begin and whose completion is still to be called.  It leaves its list before its
 * completion is called, so that the completion may start and cancel others freely.
 */
#include "http-private.h"

#include <limits.h>
#include <string.h>

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_ready;

static void curl_begin(void)
{
	curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void list_add(struct http_transfer **list, struct http_transfer *transfer)
{
	while (*list)
		list = &(*list)->next;
	transfer->next = NULL;
	transfer->link = list;
	*list = transfer;
}

static void list_remove(struct http_transfer *transfer)
{
	if (transfer->next)
		transfer->next->link = transfer->link;
	*transfer->link = transfer->next;
	transfer->next = NULL;
	transfer->link = NULL;
}

int http_client_new(const char *user_agent, struct http_client **ret_client)
{
	CLEANUP(http_client_free_p) struct http_client *client = calloc(1, sizeof(*client));

	pthread_once(&curl_once, curl_begin);
	if (curl_ready)
		return -EIO;
	if (!client)
		return -ENOMEM;
	client->user_agent = strdup(user_agent);
	client->multi = curl_multi_init();
	if (!client->user_agent || !client->multi)
		return -ENOMEM;
	*ret_client = TAKE(client);
	return 0;
}

static void transfers_free(struct http_client *client, struct http_transfer **list)
{
	while (*list)
		http_cancel(client, *list);
}

void http_client_free(struct http_client *client)
{
	if (!client)
		return;
	transfers_free(client, &client->running);
	transfers_free(client, &client->ended);
	if (client->multi)
		curl_multi_cleanup(client->multi);
	free(client->user_agent);
	free(client);
}

void http_client_free_p(struct http_client **client)
{
	http_client_free(*client);
	*client = NULL;
}

/* Gives the transfer to curl, or has its end told by the next http_run. */
static void transfer_begin(struct http_client *client, struct http_transfer *transfer)
{
	if (!transfer->ended_error) {
		if (curl_multi_add_handle(client->multi, transfer->easy) == CURLM_OK) {
			list_add(&client->running, transfer);
			return;
		}
		transfer->ended_outcome = transfer->sent ? HTTP_LOST : HTTP_NOT_SENT;
	}
	list_add(&client->ended, transfer);
}

int http_start(struct http_client *client, const struct http_request *request, http_done *done,
        void *context, struct http_transfer **ret)
{
	CLEANUP(http_transfer_free_p) struct http_transfer *transfer = NULL;
	int r;

	r = http_transfer_new(client, request, &transfer);
	if (r < 0)
		return r;
	transfer->done = done;
	transfer->context = context;
	transfer_begin(client, transfer);
	if (ret)
		*ret = transfer;
	TAKE(transfer);
	return 0;
}

void http_cancel(struct http_client *client, struct http_transfer *transfer)
{
	if (!transfer)
		return;
	list_remove(transfer);
	curl_multi_remove_handle(client->multi, transfer->easy);
	http_transfer_free(transfer);
}

/* curl is done with a request of the transfer. */
static void transfer_ended(
        struct http_client *client, struct http_transfer *unlinked, CURLcode code)
{
	CLEANUP(http_transfer_free_p) struct http_transfer *transfer = unlinked;
	int r = http_transfer_redirect(transfer, code);

	if (r > 0)
		transfer_begin(client, TAKE(transfer));
	else if (r == -EACCES)
		http_transfer_tell_ended(transfer);
	else
		http_transfer_tell(transfer, r < 0 ? CURLE_OUT_OF_MEMORY : code);
}

/* Calls the completions of what has ended; the number of them. */
static int tell_all(struct http_client *client)
{
	struct http_transfer *ended = TAKE(client->ended), *transfer;
	CURLMsg *message;
	int count = 0, left;

	/* Taken off first: what a completion adds belongs to the next http_run. */
	if (ended)
		ended->link = &ended;
	while ((transfer = ended)) {
		list_remove(transfer);
		http_transfer_tell_ended(transfer);
		http_transfer_free(transfer);
		count++;
	}
	while ((message = curl_multi_info_read(client->multi, &left))) {
		/* The message is gone when its handle is removed. */
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		char *self = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
		transfer = (struct http_transfer *)(void *)self;
		curl_multi_remove_handle(client->multi, easy);
		list_remove(transfer);
		transfer_ended(client, transfer, code);
		count++;
	}
	return count;
}

int http_run(struct http_client *client, int64_t timeout_ms)
{
	int running, wait_ms;

	if (curl_multi_perform(client->multi, &running) != CURLM_OK)
		return -EIO;
	if (tell_all(client) > 0)
		return 0;
	wait_ms = timeout_ms < 0 ? 0 : timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms;
	if (curl_multi_poll(client->multi, NULL, 0, wait_ms, NULL) != CURLM_OK)
		return -EIO;
	if (curl_multi_perform(client->multi, &running) != CURLM_OK)
		return -EIO;
	tell_all(client);
	return 0;
}

void http_wake(struct http_client *client)
{
	curl_multi_wakeup(client->multi);
}
