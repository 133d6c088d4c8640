/* SPDX-License-Identifier: MIT */
/* Keys: where an account's comes from, and whether it can be used. */
#include "engine-private.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define KEY_PATH_MAX 4096

static int key_from_text(const char *text, size_t size, char **ret_key)
{
	size_t i;

	while (size > 0 && strchr(" \t\r\n", text[size - 1]))
		size--;
	while (size > 0 && strchr(" \t\r\n", *text)) {
		text++;
		size--;
	}
	if (size == 0)
		return -ENOENT;
	for (i = 0; i < size; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return -EINVAL;
	*ret_key = strndup(text, size);
	return *ret_key ? 0 : -ENOMEM;
}

/* -ENOENT where there is no such file; otherwise err says what is wrong with it. */
static int key_from_file(const char *path, char **ret_key, struct err *err)
{
	CLEANUP(close_p) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	CLEANUP(buf_done) struct buf text = BUF_INIT(KEY_MAX);
	struct stat st;
	int r;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
		               ? -ENOENT
		               : err_set(err, -errno, "the key file %s cannot be read: %s", path,
		                         strerror(errno));
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "the key file %s is not a regular file", path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(err, -EPERM,
		        "the key file %s may be read by others and is not used: chmod 600 %s", path,
		        path);
	r = read_all(fd, KEY_MAX, &text);
	if (r == 0)
		r = key_from_text(text.data ? text.data : "", text.size, ret_key);
	if (text.data)
		explicit_bzero(text.data, text.size);
	if (r < 0)
		return err_set(
		        err, -EINVAL, "the key file %s holds no key: one line of text", path);
	return 0;
}

/* Whether the mount's options for a provider are meant for this one. */
static bool is_option_provider(const struct account *account)
{
	return strcmp(provider_name(account->provider), account->engine->option_provider) == 0;
}

/* Says where a key can be had and where it belongs: into this file, if any. */
static int key_missing(const struct account *account, const char *path, struct err *err)
{
	const char *page = provider_key_page(account->provider);
	const char *title = provider_title(account->provider);
	char get[200] = "", put[KEY_PATH_MAX + 64] = "";

	if (page)
		snprintf(get, sizeof(get), "get one at %s, ", page);
	if (path)
		snprintf(put, sizeof(put), "put it into %s (chmod 600), or ", path);
	return err_set(err, -ENOENT, "no key for %s: %s%smount with %s%s set", title, get, put,
	        is_option_provider(account) ? "key_file=PATH, or with " : "",
	        provider_key_env(account->provider));
}

/* The first place that has a key counts, also where what it has is unusable. */
static int key_find(struct account *account, char **ret_key, struct err *err)
{
	struct engine *engine = account->engine;
	const char *name = provider_name(account->provider);
	const char *variable = provider_key_env(account->provider);
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	const char *value = variable ? getenv(variable) : NULL;
	char path[KEY_PATH_MAX];
	int r = -ENOENT;

	if (engine->option_key_file && is_option_provider(account)) {
		r = key_from_file(engine->option_key_file, ret_key, err);
		if (r == -ENOENT)
			return err_set(err, -ENOENT, "the key file %s does not exist",
			        engine->option_key_file);
		return r;
	}
	if (credentials) {
		snprintf(path, sizeof(path), "%s/darkroom-%s-key", credentials, name);
		r = key_from_file(path, ret_key, err);
	}
	if (r == -ENOENT && value && *value)
		return key_from_text(value, strlen(value), ret_key) == 0
		               ? 0
		               : err_set(err, -EINVAL, "%s holds no key", variable);
	if (r == -ENOENT && engine->config_dir) {
		snprintf(path, sizeof(path), "%s/%s.key", engine->config_dir, name);
		r = key_from_file(path, ret_key, err);
	}
	return r == -ENOENT ? key_missing(account, engine->config_dir ? path : NULL, err) : r;
}

/* The mount's options have an address for the mount's own provider only. */
static void stop_without_address(struct account *account)
{
	const char *title = provider_title(account->provider);
	const char *name = provider_name(account->provider);
	const struct engine *engine = account->engine;
	bool own = is_option_provider(account);

	/* What needs neither is started by the mount that it is for. */
	if (!own && !provider_key_env(account->provider))
		account_stop(account, ACCOUNT_NO_ADDRESS,
		        "%s is there only in a filesystem that is mounted with provider=%s", title,
		        name);
	else if (!engine->config_dir)
		account_stop(account, ACCOUNT_NO_ADDRESS,
		        "%s has no address of its own: mount with provider=%s,base_url=URL", title,
		        name);
	else
		account_stop(account, ACCOUNT_NO_ADDRESS,
		        "%s has no address of its own: %sput {\"base_url\": \"https://...\"} into "
		        "%s/providers/%s.json and mount again",
		        title, own ? "mount with base_url=URL, or " : "", engine->config_dir, name);
}

bool account_usable(struct account *account)
{
	CLEANUP(free_p) char *key = NULL;
	struct err err = {0};

	if (!account->base_url) {
		stop_without_address(account);
		return false;
	}
	if (!provider_key_env(account->provider))
		return true;
	if (account->key && account->stop != ACCOUNT_BAD_KEY)
		return true;
	if (key_find(account, &key, &err) < 0) {
		if (account->stop != ACCOUNT_BAD_KEY)
			account_stop(account, ACCOUNT_NO_KEY, "%s", err.text);
		return false;
	}
	if (account->refused_key && strcmp(key, account->refused_key) == 0)
		return false;
	if (!account->key || strcmp(account->key, key) != 0)
		account->key_number++;
	free(account->key);
	account->key = TAKE(key);
	return true;
}

/* ---- looking again, because somebody says so ---- */

static void key_forget(struct account *account)
{
	if (account->key)
		explicit_bzero(account->key, strlen(account->key));
	free(account->key);
	account->key = NULL;
	account->key_number++;
}

/* What is found now is the key, also where it is none. */
static void key_look(struct account *account)
{
	const char *title = provider_title(account->provider);
	CLEANUP(free_p) char *key = NULL;
	struct err err = {0};

	if (!account->base_url || !provider_key_env(account->provider))
		return;
	if (key_find(account, &key, &err) < 0) {
		key_forget(account);
		log_info("%s: there is no key any more that can be used", title);
		if (account->stop != ACCOUNT_LOSING)
			account_stop(account, ACCOUNT_NO_KEY, "%s", err.text);
		/* It may come by itself. */
		account_step(account);
		return;
	}
	if (account->refused_key && strcmp(key, account->refused_key) == 0) {
		log_info("%s: the key is still the one that was not accepted", title);
		return;
	}
	if (account->key && strcmp(key, account->key) == 0) {
		log_info("%s: the key is the same as before", title);
		return;
	}
	key_forget(account);
	account->key = TAKE(key);
	log_info("%s: there is another key, used from now on", title);
	/* It may be another account's. */
	account->balance_known = account->short_known = false;
	if (account->stop == ACCOUNT_NO_KEY || account->stop == ACCOUNT_BAD_KEY ||
	        account->stop == ACCOUNT_NO_CREDITS)
		account_has_key(account);
	upload_soon(account);
	account_step(account);
}

static void keys_look(struct engine *engine, struct message *message)
{
	struct account *account;

	free(message);
	for (account = engine->accounts; account; account = account->next)
		key_look(account);
}

void engine_look_for_keys(struct engine *engine)
{
	engine_tell(engine, keys_look);
}
