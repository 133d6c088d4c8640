/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "catalog.h"

int catalog_open(const char *service, struct json **ret_models)
{
	for (const struct catalog_table *table = catalog_tables; table->service; table++)
		if (strcmp(table->service, service) == 0)
			return json_parse(table->bytes, table->size, ret_models, NULL);
	return -ENOENT;
}
