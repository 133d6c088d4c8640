/* SPDX-License-Identifier: MIT */
/* Going to the background: the parent waits until the mount is usable, and exits with its status.
 */
#pragma once

#include "darkroom/base.h"

/* Forks.  In the child, returns 0 with *ret_ready, the descriptor for background_ready.  The parent
 * does not return: it exits with the status that the child reports, or with that of a child that
 * ends before.  -errno where there can be no child. */
int background_fork(int *ret_ready) NODISCARD;
/* In the child: the mount is usable.  Leaves the terminal; the log goes to syslog from here on. */
void background_ready(int *ready, enum log_level most_detailed);
