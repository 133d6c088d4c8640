/* SPDX-License-Identifier: MIT */
#include "darkroom/task.h"

#include <string.h>

#define TO(state) ((state) + 1)

/* While the provider works on it. */
#define UNDER_WAY                                                                               \
	{                                                                                       \
		[TASK_EV_WAITING] = TO(TASK_WAITING), [TASK_EV_QUEUING] = TO(TASK_QUEUING),     \
		[TASK_EV_GENERATING] = TO(TASK_GENERATING), [TASK_EV_FAILED] = TO(TASK_FAIL),   \
		[TASK_EV_FINISHED] = TO(TASK_DOWNLOADING), [TASK_EV_EXPIRED] = TO(TASK_UNKNOWN) \
	}

/* The whole life of a take.  An empty cell is an event that must not happen there. */
static const unsigned char next[TASK_STATES][TASK_EVENTS] = {
        [TASK_HELD] = {[TASK_EV_HOLD] = TO(TASK_HELD),
                [TASK_EV_REJECT] = TO(TASK_INVALID),
                [TASK_EV_ORDER] = TO(TASK_QUEUED)},
        [TASK_INVALID] = {[TASK_EV_HOLD] = TO(TASK_HELD),
                [TASK_EV_REJECT] = TO(TASK_INVALID),
                [TASK_EV_ORDER] = TO(TASK_QUEUED)},
        [TASK_QUEUED] = {[TASK_EV_HOLD] = TO(TASK_HELD),
                [TASK_EV_REJECT] = TO(TASK_INVALID),
                [TASK_EV_ORDER] = TO(TASK_QUEUED),
                [TASK_EV_SUBMIT] = TO(TASK_SUBMITTING),
                [TASK_EV_REFUSED] = TO(TASK_FAIL)},
        [TASK_SUBMITTING] = {[TASK_EV_NOT_SENT] = TO(TASK_QUEUED),
                [TASK_EV_REFUSED] = TO(TASK_FAIL),
                [TASK_EV_LOST] = TO(TASK_UNKNOWN),
                [TASK_EV_ACCEPTED] = TO(TASK_WAITING)},
        [TASK_WAITING] = UNDER_WAY,
        [TASK_QUEUING] = UNDER_WAY,
        [TASK_GENERATING] = UNDER_WAY,
        [TASK_DOWNLOADING] = {[TASK_EV_FINISHED] = TO(TASK_DOWNLOADING),
                [TASK_EV_STORED] = TO(TASK_SUCCESS),
                [TASK_EV_UNUSABLE] = TO(TASK_FAIL),
                [TASK_EV_FAILED] = TO(TASK_FAIL),
                [TASK_EV_EXPIRED] = TO(TASK_UNKNOWN)},
        [TASK_SUCCESS] = {0},
        /* The pictures of a finished task could not be used: looking again is free. */
        [TASK_FAIL] = {[TASK_EV_RETRY] = TO(TASK_WAITING)},
        /* Accepted: its id became known after all.  Retry: it has an id. */
        [TASK_UNKNOWN] =
                {[TASK_EV_ACCEPTED] = TO(TASK_WAITING), [TASK_EV_RETRY] = TO(TASK_WAITING)},
};

static const char *const state_names[TASK_STATES] = {
        [TASK_HELD] = "held",
        [TASK_INVALID] = "invalid",
        [TASK_QUEUED] = "queued",
        [TASK_SUBMITTING] = "submitting",
        [TASK_WAITING] = "waiting",
        [TASK_QUEUING] = "queuing",
        [TASK_GENERATING] = "generating",
        [TASK_DOWNLOADING] = "downloading",
        [TASK_SUCCESS] = "success",
        [TASK_FAIL] = "fail",
        [TASK_UNKNOWN] = "unknown",
};

static const char *const event_names[TASK_EVENTS] = {
        [TASK_EV_HOLD] = "hold",
        [TASK_EV_REJECT] = "reject",
        [TASK_EV_ORDER] = "order",
        [TASK_EV_SUBMIT] = "submit",
        [TASK_EV_NOT_SENT] = "not-sent",
        [TASK_EV_REFUSED] = "refused",
        [TASK_EV_LOST] = "lost",
        [TASK_EV_ACCEPTED] = "accepted",
        [TASK_EV_WAITING] = "waiting",
        [TASK_EV_QUEUING] = "queuing",
        [TASK_EV_GENERATING] = "generating",
        [TASK_EV_FAILED] = "failed",
        [TASK_EV_FINISHED] = "finished",
        [TASK_EV_STORED] = "stored",
        [TASK_EV_UNUSABLE] = "unusable",
        [TASK_EV_EXPIRED] = "expired",
        [TASK_EV_RETRY] = "retry",
};

_Static_assert(TASK_UNKNOWN + 1 == TASK_STATES, "TASK_STATES counts the states");
_Static_assert(TASK_EV_RETRY + 1 == TASK_EVENTS, "TASK_EVENTS counts the events");

static bool is_state(enum task_state state)
{
	return (unsigned)state < TASK_STATES;
}

int task_next(enum task_state state, enum task_event event)
{
	if (!is_state(state) || (unsigned)event >= TASK_EVENTS)
		return -1;
	return (int)next[state][event] - 1;
}

const char *task_state_name(enum task_state state)
{
	return is_state(state) ? state_names[state] : "?";
}

int task_state_parse(const char *name)
{
	int state;

	for (state = 0; state < TASK_STATES; state++)
		if (strcmp(state_names[state], name) == 0)
			return state;
	return -1;
}

const char *task_event_name(enum task_event event)
{
	return (unsigned)event < TASK_EVENTS ? event_names[event] : "?";
}

bool task_state_is_unsent(enum task_state state)
{
	return state == TASK_HELD || state == TASK_INVALID || state == TASK_QUEUED;
}

bool task_state_is_final(enum task_state state)
{
	return state == TASK_SUCCESS || state == TASK_FAIL || state == TASK_UNKNOWN;
}

bool task_state_is_under_way(enum task_state state)
{
	return state == TASK_QUEUED ||
	       (!task_state_is_unsent(state) && !task_state_is_final(state));
}
