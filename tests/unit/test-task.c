/* SPDX-License-Identifier: MIT */
#include "darkroom/task.h"

#include "tap.h"

/* ---- the table, written a second time as a list ---- */

struct step {
	enum task_state from;
	enum task_event event;
	enum task_state to;
};

static const struct step steps[] = {
        {TASK_HELD, TASK_EV_HOLD, TASK_HELD},
        {TASK_HELD, TASK_EV_REJECT, TASK_INVALID},
        {TASK_HELD, TASK_EV_ORDER, TASK_QUEUED},

        {TASK_INVALID, TASK_EV_HOLD, TASK_HELD},
        {TASK_INVALID, TASK_EV_REJECT, TASK_INVALID},
        {TASK_INVALID, TASK_EV_ORDER, TASK_QUEUED},

        {TASK_QUEUED, TASK_EV_HOLD, TASK_HELD},
        {TASK_QUEUED, TASK_EV_REJECT, TASK_INVALID},
        {TASK_QUEUED, TASK_EV_ORDER, TASK_QUEUED},
        {TASK_QUEUED, TASK_EV_SUBMIT, TASK_SUBMITTING},
        {TASK_QUEUED, TASK_EV_REFUSED, TASK_FAIL},

        {TASK_SUBMITTING, TASK_EV_NOT_SENT, TASK_QUEUED},
        {TASK_SUBMITTING, TASK_EV_REFUSED, TASK_FAIL},
        {TASK_SUBMITTING, TASK_EV_LOST, TASK_UNKNOWN},
        {TASK_SUBMITTING, TASK_EV_ACCEPTED, TASK_WAITING},

        {TASK_WAITING, TASK_EV_WAITING, TASK_WAITING},
        {TASK_WAITING, TASK_EV_QUEUING, TASK_QUEUING},
        {TASK_WAITING, TASK_EV_GENERATING, TASK_GENERATING},
        {TASK_WAITING, TASK_EV_FAILED, TASK_FAIL},
        {TASK_WAITING, TASK_EV_FINISHED, TASK_DOWNLOADING},
        {TASK_WAITING, TASK_EV_EXPIRED, TASK_UNKNOWN},

        {TASK_QUEUING, TASK_EV_WAITING, TASK_WAITING},
        {TASK_QUEUING, TASK_EV_QUEUING, TASK_QUEUING},
        {TASK_QUEUING, TASK_EV_GENERATING, TASK_GENERATING},
        {TASK_QUEUING, TASK_EV_FAILED, TASK_FAIL},
        {TASK_QUEUING, TASK_EV_FINISHED, TASK_DOWNLOADING},
        {TASK_QUEUING, TASK_EV_EXPIRED, TASK_UNKNOWN},

        {TASK_GENERATING, TASK_EV_WAITING, TASK_WAITING},
        {TASK_GENERATING, TASK_EV_QUEUING, TASK_QUEUING},
        {TASK_GENERATING, TASK_EV_GENERATING, TASK_GENERATING},
        {TASK_GENERATING, TASK_EV_FAILED, TASK_FAIL},
        {TASK_GENERATING, TASK_EV_FINISHED, TASK_DOWNLOADING},
        {TASK_GENERATING, TASK_EV_EXPIRED, TASK_UNKNOWN},

        {TASK_DOWNLOADING, TASK_EV_FINISHED, TASK_DOWNLOADING},
        {TASK_DOWNLOADING, TASK_EV_STORED, TASK_SUCCESS},
        {TASK_DOWNLOADING, TASK_EV_UNUSABLE, TASK_FAIL},
        {TASK_DOWNLOADING, TASK_EV_FAILED, TASK_FAIL},
        {TASK_DOWNLOADING, TASK_EV_EXPIRED, TASK_UNKNOWN},

        {TASK_FAIL, TASK_EV_RETRY, TASK_WAITING},

        {TASK_UNKNOWN, TASK_EV_ACCEPTED, TASK_WAITING},
        {TASK_UNKNOWN, TASK_EV_RETRY, TASK_WAITING},
};

static int expected(int state, int event)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		if ((int)steps[i].from == state && (int)steps[i].event == event)
			return (int)steps[i].to;
	return -1;
}

static void test_table(void)
{
	int state, event;

	for (state = 0; state < TASK_STATES; state++) {
		for (event = 0; event < TASK_EVENTS; event++) {
			char name[64];

			snprintf(name, sizeof(name), "%s on %s", task_state_name(state),
			        task_event_name(event));
			OK_NAMED(task_next(state, event) == expected(state, event), name);
		}
	}
	OK(task_next((enum task_state)TASK_STATES, TASK_EV_HOLD) == -1);
	OK(task_next((enum task_state) - 1, TASK_EV_HOLD) == -1);
	OK(task_next(TASK_HELD, (enum task_event)TASK_EVENTS) == -1);
	OK(task_next(TASK_HELD, (enum task_event) - 1) == -1);
}

/* ---- what must hold for any such table ---- */

/* reached[to]: there is a way of one or more events from `from`. */
static void reach(int from, bool reached[TASK_STATES])
{
	bool grown = true;
	int state, event;

	memset(reached, 0, sizeof(bool) * TASK_STATES);
	for (event = 0; event < TASK_EVENTS; event++)
		if (task_next(from, event) >= 0)
			reached[task_next(from, event)] = true;
	while (grown) {
		grown = false;
		for (state = 0; state < TASK_STATES; state++) {
			for (event = 0; reached[state] && event < TASK_EVENTS; event++) {
				int to = task_next(state, event);

				if (to >= 0 && !reached[to])
					grown = reached[to] = true;
			}
		}
	}
}

/* Money: what was sent is never sent again by itself. */
static void test_never_paid_twice(void)
{
	bool reached[TASK_STATES];
	int state, event;

	for (state = 0; state < TASK_STATES; state++) {
		bool sent = !task_state_is_unsent(state) && state != TASK_SUBMITTING;

		reach(state, reached);
		OK_NAMED(!sent || !reached[TASK_SUBMITTING], "no way back to submitting");
		OK_NAMED(!sent || !reached[TASK_QUEUED], "no way back to queued");
		OK_NAMED(!task_state_is_final(state) || !reached[TASK_SUBMITTING],
		        "no way from a final state to submitting");
		OK_NAMED((task_next(state, TASK_EV_LOST) >= 0) == (state == TASK_SUBMITTING),
		        "only submitting can lose its answer");
		OK_NAMED((task_next(state, TASK_EV_NOT_SENT) >= 0) == (state == TASK_SUBMITTING),
		        "only submitting can come back unsent");
		OK_NAMED((task_next(state, TASK_EV_SUBMIT) >= 0) == (state == TASK_QUEUED),
		        "only what is queued is sent");
		OK_NAMED((task_next(state, TASK_EV_STORED) >= 0) == (state == TASK_DOWNLOADING),
		        "only what is fetched is stored");
		for (event = 0; event < TASK_EVENTS; event++) {
			int to = task_next(state, event);

			OK_NAMED(to != TASK_SUBMITTING || event == TASK_EV_SUBMIT,
			        "only SUBMIT leads to submitting");
			OK_NAMED(to != TASK_SUCCESS || event == TASK_EV_STORED,
			        "only STORED leads to success");
		}
	}
}

static void test_nothing_is_stuck(void)
{
	bool reached[TASK_STATES], from_queued[TASK_STATES];
	int state, event;

	reach(TASK_QUEUED, from_queued);
	for (state = 0; state < TASK_STATES; state++) {
		reach(state, reached);
		OK_NAMED(from_queued[state], "every state can be reached from queued");
		OK_NAMED(state == TASK_SUCCESS || reached[TASK_SUCCESS],
		        "every state but success has a way to success");
		OK_NAMED(state == TASK_SUCCESS || reached[TASK_FAIL],
		        "every state but success has a way to fail");
	}
	for (event = 0; event < TASK_EVENTS; event++)
		OK_NAMED(task_next(TASK_SUCCESS, event) == -1, "success is the end");
	for (event = 0; event < TASK_EVENTS; event++) {
		bool used = false;

		for (state = 0; state < TASK_STATES; state++)
			used |= task_next(state, event) >= 0;
		OK_NAMED(used, task_event_name(event));
	}
}

static void test_kinds(void)
{
	static const struct {
		const char *name;
		bool unsent, final, under_way;
	} kinds[TASK_STATES] = {
	        {"held", true, false, false},
	        {"invalid", true, false, false},
	        {"queued", true, false, true},
	        {"submitting", false, false, true},
	        {"waiting", false, false, true},
	        {"queuing", false, false, true},
	        {"generating", false, false, true},
	        {"downloading", false, false, true},
	        {"success", false, true, false},
	        {"fail", false, true, false},
	        {"unknown", false, true, false},
	};
	int state, event, other;

	for (state = 0; state < TASK_STATES; state++) {
		OK_TEXT(task_state_name(state), kinds[state].name);
		OK(task_state_parse(kinds[state].name) == state);
		OK(task_state_is_unsent(state) == kinds[state].unsent);
		OK(task_state_is_final(state) == kinds[state].final);
		OK(task_state_is_under_way(state) == kinds[state].under_way);
	}
	OK(task_state_parse("") == -1);
	OK(task_state_parse("Held") == -1);
	OK(task_state_parse("hel") == -1);
	OK(task_state_parse("helds") == -1);
	OK_TEXT(task_state_name((enum task_state)TASK_STATES), "?");
	OK_TEXT(task_event_name((enum task_event)TASK_EVENTS), "?");
	for (event = 0; event < TASK_EVENTS; event++) {
		bool alone = task_event_name(event)[0] != '\0';

		for (other = 0; other < event; other++)
			alone &= strcmp(task_event_name(event), task_event_name(other)) != 0;
		OK_NAMED(alone, task_event_name(event));
	}
}

/* ---- parameters ---- */

static bool is_sorted(const struct parameters *set)
{
	size_t i;

	for (i = 1; i < set->count; i++)
		if (strcmp(set->items[i - 1].name, set->items[i].name) >= 0)
			return false;
	return true;
}

static void test_parameters(void)
{
	struct parameters set = {0}, copy = {0};
	char name[16];
	int i;

	OK(!parameters_get(&set, "a"));
	OK(parameters_copy(&set, &copy) == 0 && copy.count == 0);
	OK(parameters_set(&set, "quality", "basic") == 0);
	OK(parameters_set(&set, "aspect_ratio", "16:9") == 0);
	OK(parameters_set(&set, "seed", "7") == 0);
	OK(set.count == 3 && is_sorted(&set));
	OK_TEXT(set.items[0].name, "aspect_ratio");
	OK_TEXT(parameters_get(&set, "quality"), "basic");
	OK(parameters_set(&set, "quality", "high") == 0);
	OK(set.count == 3);
	OK_TEXT(parameters_get(&set, "quality"), "high");
	/* A value of the set itself may be given. */
	OK(parameters_set(&set, "quality", parameters_get(&set, "quality")) == 0);
	OK_TEXT(parameters_get(&set, "quality"), "high");
	OK(!parameters_get(&set, "qualit"));
	OK(!parameters_get(&set, "qualityy"));
	OK(!parameters_get(&set, ""));
	OK(parameters_set(&set, "", "") == 0);
	OK_TEXT(parameters_get(&set, ""), "");
	OK(parameters_copy(&set, &copy) == 0);
	OK(parameters_set(&set, "seed", "8") == 0);
	OK_TEXT(parameters_get(&copy, "seed"), "7");
	parameters_done(&copy);
	parameters_done(&set);
	OK(set.count == 0 && !set.items);
	for (i = 0; i < PARAMETERS_MAX; i++) {
		snprintf(name, sizeof(name), "p%02d", (i * 37) % PARAMETERS_MAX);
		OK(parameters_set(&set, name, name) == 0);
	}
	OK(set.count == PARAMETERS_MAX && is_sorted(&set));
	OK(parameters_set(&set, "one-more", "x") == -E2BIG);
	OK(parameters_set(&set, "p07", "x") == 0);
	OK(set.count == PARAMETERS_MAX);
	OK_TEXT(parameters_get(&set, "p07"), "x");
	OK(parameters_copy(&set, &copy) == 0 && copy.count == PARAMETERS_MAX);
	parameters_done(&copy);
	parameters_done(&set);
	parameters_done(&set);
}

/* ---- requests ---- */

static void test_request(void)
{
	struct request a = {.provider = strdup("kie"), .model = strdup("m"), .text = strdup("t")};
	struct request b = {0}, none = {0};
	char **fields[] = {&b.provider, &b.model, &b.text, &b.variation};
	size_t i;

	OK(parameters_set(&a.parameters, "seed", "1") == 0);
	OK(request_equal(&none, &none));
	OK(!request_equal(&a, &none) && !request_equal(&none, &a));
	OK(request_copy(&none, &b) == 0 && request_equal(&none, &b));
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		OK(request_copy(&a, &b) == 0);
		OK(request_equal(&a, &b) && request_equal(&b, &a));
		free(*fields[i]);
		*fields[i] = strdup("other");
		OK(!request_equal(&a, &b) && !request_equal(&b, &a));
		free(*fields[i]);
		*fields[i] = strdup("");
		OK(!request_equal(&a, &b) && !request_equal(&b, &a));
		request_done(&b);
	}
	OK(request_copy(&a, &b) == 0);
	OK(parameters_set(&b.parameters, "seed", "2") == 0);
	OK(!request_equal(&a, &b));
	OK(parameters_set(&b.parameters, "seed", "1") == 0);
	OK(request_equal(&a, &b));
	OK(parameters_set(&b.parameters, "quality", "") == 0);
	OK(!request_equal(&a, &b) && !request_equal(&b, &a));
	request_done(&b);
	/* Set in another order, it is the same. */
	OK(parameters_set(&a.parameters, "b", "2") == 0);
	OK(parameters_set(&a.parameters, "a", "1") == 0);
	b = (struct request){.provider = strdup("kie"), .model = strdup("m"), .text = strdup("t")};
	OK(parameters_set(&b.parameters, "a", "1") == 0);
	OK(parameters_set(&b.parameters, "seed", "1") == 0);
	OK(parameters_set(&b.parameters, "b", "2") == 0);
	OK(request_equal(&a, &b));
	request_done(&b);
	request_done(&a);
	request_done(&a);
}

int main(void)
{
	test_table();
	test_never_paid_twice();
	test_nothing_is_stuck();
	test_kinds();
	test_parameters();
	test_request();
	return tap_done();
}
