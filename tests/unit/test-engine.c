/* SPDX-License-Identifier: MIT */
/* The engine over a real store and real files, with a scripted network. */
#include "engine-accounts.h"
#include "engine-budget.h"
#include "engine-changed.h"
#include "engine-create.h"
#include "engine-failed.h"
#include "engine-fetch.h"
#include "engine-inline.h"
#include "engine-own.h"
#include "engine-prompts.h"
#include "engine-queue.h"
#include "engine-settle.h"
#include "engine-upload-answers.h"
#include "engine-uploads.h"

static int open_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (directory && readdir(directory))
		count++;
	if (directory)
		closedir(directory);
	return count;
}

int main(void)
{
	int before;

	setenv("KIE_API_KEY", "secret", 1);
	unsetenv("CREDENTIALS_DIRECTORY");
	log_setup(LOG_LEVEL_ERROR, false);
	before = open_files();
	test_create();
	test_accounts();
	test_budget();
	test_prompts();
	test_fetching();
	test_failed();
	test_generated();
	test_settle();
	test_uploads();
	test_upload_trouble();
	test_changed();
	test_owned();
	test_inlined();
	test_queue();
	OK_NAMED(open_files() == before, "no file is left open");
	return tap_done();
}
