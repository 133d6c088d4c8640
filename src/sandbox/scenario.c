/* SPDX-License-Identifier: MIT */
/* Reads the scenario file.  People write it, so every member that is not known is an error with its
 * path, and every number has a range.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario-read.h"

#define SCENARIO_BYTES_MAX (4 << 20)
#define RULES_MAX 1000
#define BALANCE_MAX 1e12

const char *const request_kind_names[REQUEST_KINDS] = {
        [REQUEST_CREATE] = "create",
        [REQUEST_STATUS] = "status",
        [REQUEST_CREDITS] = "credits",
        [REQUEST_RENEW] = "renew",
        [REQUEST_DOWNLOAD] = "download",
        [REQUEST_UPLOAD] = "upload",
        [REQUEST_FILE] = "file",
        [REQUEST_OTHER] = "other",
};

int word_index(const char *const *list, const char *word, int otherwise, const char *where,
        const char *key, int *ret_index, struct err *err)
{
	CLEANUP(buf_done) struct buf known = BUF_INIT(200);

	if (!word) {
		*ret_index = otherwise;
		return 0;
	}
	for (int i = 0; list[i]; i++) {
		if (strcmp(list[i], word) == 0) {
			*ret_index = i;
			return 0;
		}
		if (buf_addf(&known, "%s%s", i ? ", " : "", list[i]) != 0)
			return -ENOMEM;
	}
	return err_set(
	        err, -EINVAL, "%s.%s: \"%.40s\" is none of %s", where, key, word, known.data);
}

#define FIELD_INTEGER(type, member, low, high)                                                   \
	{                                                                                        \
#member, JSON_FIELD_INTEGER, offsetof(type, member), .min = (low), .max = (high) \
	}

/* ---- the whole ---- */

struct scenario_file {
	const struct json *rate, *status_rate, *faults, *tasks;
	int64_t waiting_ms, queuing_ms, generating_ms, strict_id_visibility_ms, upload_keep_ms;
	double balance, scale;
	char *hold_in, *gate;
};

static void scenario_file_done(struct scenario_file *file)
{
	free(file->hold_in);
	free(file->gate);
}

static const struct json_field scenario_fields[] = {
        FIELD_INTEGER(struct scenario_file, waiting_ms, 0, DURATION_MS_MAX),
        FIELD_INTEGER(struct scenario_file, queuing_ms, 0, DURATION_MS_MAX),
        FIELD_INTEGER(struct scenario_file, generating_ms, 0, DURATION_MS_MAX),
        FIELD_INTEGER(struct scenario_file, strict_id_visibility_ms, 0, DURATION_MS_MAX),
        FIELD_INTEGER(struct scenario_file, upload_keep_ms, 0, DURATION_MS_MAX),
        {"hold_in", JSON_FIELD_STRING, offsetof(struct scenario_file, hold_in)},
        {"gate", JSON_FIELD_STRING, offsetof(struct scenario_file, gate)},
        {"balance", JSON_FIELD_DOUBLE, offsetof(struct scenario_file, balance)},
        {"scale", JSON_FIELD_DOUBLE, offsetof(struct scenario_file, scale)},
        {"rate", JSON_FIELD_NODE, offsetof(struct scenario_file, rate)},
        {"status_rate", JSON_FIELD_NODE, offsetof(struct scenario_file, status_rate)},
        {"faults", JSON_FIELD_NODE, offsetof(struct scenario_file, faults)},
        {"tasks", JSON_FIELD_NODE, offsetof(struct scenario_file, tasks)},
        {NULL},
};

static const struct json_field rate_fields[] = {
        {"count", JSON_FIELD_INTEGER, offsetof(struct rate, count), .required = true, .min = 1,
                .max = COUNT_MAX},
        {"period_ms", JSON_FIELD_INTEGER, offsetof(struct rate, period_ms), .required = true,
                .min = 1, .max = DURATION_MS_MAX},
        {NULL},
};

static int rate_read(const struct json *node, const char *path, const char *key, struct rate *rate,
        struct err *err)
{
	char where[300];

	if (json_type(node) == JSON_NONE)
		return 0;
	snprintf(where, sizeof(where), "%.200s: %s", path, key);
	return json_read(node, rate_fields, rate, where, err);
}

static int list_check(const struct json *list, const char *path, const char *key, struct err *err)
{
	if (json_type(list) == JSON_NONE)
		return 0;
	if (json_type(list) != JSON_ARRAY)
		return err_set(err, -EINVAL, "%.200s: %s: not a list", path, key);
	if (json_count(list) > RULES_MAX)
		return err_set(err, -EINVAL, "%.200s: %s: more than %d", path, key, RULES_MAX);
	return 0;
}

static int faults_read(
        const struct json *list, const char *path, struct scenario *scenario, struct err *err)
{
	size_t count = json_count(list);
	int r = list_check(list, path, "faults", err);

	if (r != 0 || count == 0)
		return r;
	scenario->faults = calloc(count, sizeof(*scenario->faults));
	if (!scenario->faults)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		char where[300];

		snprintf(where, sizeof(where), "%.200s: faults[%zu]", path, i);
		r = fault_read(json_element(list, i), where, &scenario->faults[i], err);
		if (r != 0)
			return r;
		scenario->fault_count++;
	}
	return 0;
}

static int rules_read(
        const struct json *list, const char *path, struct scenario *scenario, struct err *err)
{
	size_t count = json_count(list);
	int r = list_check(list, path, "tasks", err);

	if (r != 0 || count == 0)
		return r;
	scenario->rules = calloc(count, sizeof(*scenario->rules));
	if (!scenario->rules)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		char where[300];

		snprintf(where, sizeof(where), "%.200s: tasks[%zu]", path, i);
		r = rule_read(json_element(list, i), where, &scenario->rules[i], err);
		if (r != 0)
			return r;
		scenario->rule_count++;
	}
	return 0;
}

void scenario_init(struct scenario *scenario)
{
	*scenario = (struct scenario){
	        .waiting_ms = 400,
	        .queuing_ms = 400,
	        .generating_ms = 800,
	        .upload_keep_ms = DURATION_MS_MAX,
	        .balance = 1000,
	        .create_rate = {20, 10000},
	        .status_rate = {10, 1000},
	        .scale = 1.0,
	        .plain_rule = rule_defaults,
	};
}

static int scenario_read(
        const struct json *document, const char *path, struct scenario *scenario, struct err *err)
{
	CLEANUP(scenario_file_done)
	struct scenario_file file = {
	        .waiting_ms = scenario->waiting_ms,
	        .queuing_ms = scenario->queuing_ms,
	        .generating_ms = scenario->generating_ms,
	        .upload_keep_ms = scenario->upload_keep_ms,
	        .balance = scenario->balance,
	        .scale = scenario->scale,
	};
	int r = json_read(document, scenario_fields, &file, path, err);

	if (r != 0)
		return r;
	if (!(file.balance >= 0 && file.balance <= BALANCE_MAX))
		return err_set(err, -EINVAL, "%.200s: balance: not a number from 0 to 1e12", path);
	if (!(file.scale >= 0.005 && file.scale <= 1.0))
		return err_set(err, -EINVAL, "%.200s: scale: not a number from 0.005 to 1", path);
	r = hold_read(&file.hold_in, &file.gate, path, &scenario->hold, err);
	if (r != 0)
		return r;
	scenario->waiting_ms = file.waiting_ms;
	scenario->queuing_ms = file.queuing_ms;
	scenario->generating_ms = file.generating_ms;
	scenario->id_visibility_ms = file.strict_id_visibility_ms;
	scenario->upload_keep_ms = file.upload_keep_ms;
	scenario->balance = file.balance;
	scenario->scale = file.scale;
	r = rate_read(file.rate, path, "rate", &scenario->create_rate, err);
	if (r == 0)
		r = rate_read(file.status_rate, path, "status_rate", &scenario->status_rate, err);
	if (r == 0)
		r = faults_read(file.faults, path, scenario, err);
	if (r == 0)
		r = rules_read(file.tasks, path, scenario, err);
	return r;
}

int scenario_load(const char *path, struct scenario *scenario, struct err *err)
{
	CLEANUP(close_p) int fd = open(path, O_RDONLY | O_CLOEXEC);
	CLEANUP(buf_done) struct buf text = BUF_INIT(SCENARIO_BYTES_MAX);
	CLEANUP(json_free_p) struct json *document = NULL;
	struct err inner = {{0}};

	if (fd < 0)
		return err_set(err, -errno, "%.200s: %s", path, strerror(errno));

	int r = read_all(fd, SCENARIO_BYTES_MAX, &text);

	if (r != 0)
		return err_set(err, r, "%.200s: %s", path, strerror(-r));
	r = json_parse(text.data ? text.data : "", text.size, &document, &inner);
	if (r != 0)
		return err_set(err, r, "%.200s: %s", path, inner.text);
	r = scenario_read(document, path, scenario, err);
	if (r == -ENOMEM)
		return err_set(err, r, "%.200s: out of memory", path);
	return r;
}

void scenario_done(struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->fault_count; i++)
		fault_done(&scenario->faults[i]);
	for (size_t i = 0; i < scenario->rule_count; i++)
		rule_done(&scenario->rules[i]);
	free(scenario->hold.gate);
	free(scenario->faults);
	free(scenario->rules);
	*scenario = (struct scenario){0};
}
