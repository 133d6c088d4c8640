/* SPDX-License-Identifier: MIT */
#include "darkroom/sched.h"

int64_t backoff_us(unsigned attempt, int64_t first_us, int64_t most_us, uint32_t random)
{
	int64_t delay = first_us, quarter, spread;

	if (most_us < 1)
		return 0;
	if (delay < 1)
		delay = 1;
	while (attempt-- > 0 && delay < most_us)
		delay = delay > most_us / 2 ? most_us : delay * 2;
	if (delay > most_us)
		delay = most_us;
	quarter = delay / 4;
	/* From -quarter at random 0 to +quarter at its largest. */
	spread = (int64_t)((__int128)quarter * 2 * random / UINT32_MAX) - quarter;
	return __builtin_add_overflow(delay, spread, &delay) ? INT64_MAX : delay;
}
