/* SPDX-License-Identifier: MIT */
/* The parts joined: scenario, journal, studio, server. */
#include <string.h>
#include <time.h>

#include "catalog.h"
#include "server.h"

static int sandbox_new(struct sandbox **ret_sandbox)
{
	struct sandbox *sandbox = calloc(1, sizeof(*sandbox));
	pthread_condattr_t monotonic;

	if (!sandbox)
		return -ENOMEM;
	sandbox->journal.fd = -1;
	scenario_init(&sandbox->scenario);
	pthread_mutex_init(&sandbox->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&sandbox->stop, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret_sandbox = sandbox;
	return 0;
}

int sandbox_start(
        const struct sandbox_options *options, struct sandbox **ret_sandbox, struct err *err)
{
	CLEANUP(sandbox_stop_p) struct sandbox *sandbox = NULL;
	int r = sandbox_new(&sandbox);

	if (r != 0)
		return err_set(err, r, "out of memory");
	if (options->key) {
		sandbox->key = strdup(options->key);
		if (!sandbox->key)
			return err_set(err, -ENOMEM, "out of memory");
	}
	sandbox->dialect = dialect_find(options->dialect ? options->dialect : "kie");
	if (!sandbox->dialect)
		return err_set(err, -EINVAL, "--dialect %.40s: none of %s", options->dialect,
		        dialect_names());
	r = catalog_open(sandbox->dialect->name, &sandbox->models);
	if (r != 0)
		return err_set(err, r, "the models' table: %s", strerror(-r));
	if (options->scenario)
		r = scenario_load(options->scenario, &sandbox->scenario, err);
	if (r == 0 && options->journal)
		r = journal_open(options->journal, visit_recall, sandbox, &sandbox->journal, err);
	if (r != 0)
		return r;
	r = studio_new(&sandbox->studio);
	if (r != 0)
		return err_set(err, r, "the drawing thread cannot be started: %s", strerror(-r));
	r = serve_start(sandbox, options->listen ? options->listen : "127.0.0.1:0", err);
	if (r != 0)
		return r;
	*ret_sandbox = TAKE(sandbox);
	return 0;
}

const char *sandbox_url(const struct sandbox *sandbox)
{
	return sandbox->url;
}

void sandbox_stop(struct sandbox *sandbox)
{
	if (!sandbox)
		return;
	serve_stop(sandbox);
	studio_free(sandbox->studio);
	journal_close(&sandbox->journal);
	jobs_done(&sandbox->jobs);
	uploads_done(&sandbox->uploads);
	json_free(sandbox->models);
	scenario_done(&sandbox->scenario);
	pthread_cond_destroy(&sandbox->stop);
	pthread_mutex_destroy(&sandbox->lock);
	free(sandbox->key);
	free(sandbox);
}

void sandbox_stop_p(struct sandbox **sandbox)
{
	sandbox_stop(*sandbox);
}
