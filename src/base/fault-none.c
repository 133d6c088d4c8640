/* SPDX-License-Identifier: MIT */
#include "darkroom/base.h"

void fault_point(const char *name)
{
}
