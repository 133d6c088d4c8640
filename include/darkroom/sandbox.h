/* SPDX-License-Identifier: MIT */
/* sandbox: a simulator of the provider's API on a loopback port, which really draws the pictures.
 *
 * It speaks the services' protocols from the outside in: it shares no code with the modules that
 * are its clients, so that it does not share their mistakes.  Faults are data (a scenario file),
 * and every request is written down (a journal) before its answer leaves.  darkroom-sandbox(1)
 * describes both.
 */
#pragma once

#include "darkroom/base.h"

struct sandbox;

/* All strings are borrowed and may be NULL. */
struct sandbox_options {
	const char *dialect;  /* kie, revidapi, liangxin or apikley; NULL is kie */
	const char *listen;   /* ADDR:PORT, loopback only; NULL is 127.0.0.1 and any free port */
	const char *key;      /* the one key that is accepted; NULL accepts every key and none */
	const char *scenario; /* path of the scenario; NULL has every default */
	const char *journal;  /* path of the journal; NULL keeps everything in memory */
};

/* Reads the scenario and the journal, and serves with threads of its own as soon as it returns.
 * Errors are -errno with a sentence in *err.  Owned: sandbox_stop. */
int sandbox_start(const struct sandbox_options *options, struct sandbox **ret_sandbox,
        struct err *err) NODISCARD;
/* "http://127.0.0.1:PORT", borrowed; valid until sandbox_stop. */
const char *sandbox_url(const struct sandbox *sandbox);
/* Ends all waiting and drawing, closes every connection, and frees; NULL is fine. */
void sandbox_stop(struct sandbox *sandbox);
void sandbox_stop_p(struct sandbox **sandbox);
