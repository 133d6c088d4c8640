/* SPDX-License-Identifier: MIT */
/* Apikley: kie's protocol with models of its own. */
#include <string.h>

#include "server.h"

static const struct route routes[] = {
        {"POST", "/api/v1/jobs/createTask", REQUEST_CREATE},
        {"GET", "/api/v1/jobs/recordInfo", REQUEST_STATUS},
        {"GET", "/api/v1/chat/credit", REQUEST_CREDITS},
        {NULL},
};

/* Names the maker of the model: task_bytedance_1765176547151. */
static int id_make(const char *model, int64_t now_ms, int attempt, char id[static JOB_ID_SIZE])
{
	return id_make_task(model, strcspn(model, "/"), now_ms, attempt, id);
}

const struct dialect dialect_apikley = {
        .name = "apikley",
        .key_header = "Authorization",
        .key_prefix = "Bearer ",
        .routes = routes,
        .words = kie_words,
        .body_max = (size_t)1 << 20,
        .param_is_nested = true,
        .id_make = id_make,
        .envelope = kie_envelope,
        .created = created_plain,
        .record = kie_record,
};
