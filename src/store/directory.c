/* SPDX-License-Identifier: MIT */
/* SQLite names its files by path, and opens, looks up and removes the log of the database by that
 * path again and again.  The path must lead to the same directory for as long as the store is open,
 * also when a filesystem has been mounted over it, whose requests this very process answers: it is
 * therefore /proc/self/fd/N/tasks.db.  SQLite's own VFS would resolve that link to the ordinary
 * path, so this VFS is a copy of it that takes a path as it is.
 */
#include "store-private.h"

#include <stdio.h>

static sqlite3_vfs vfs;
static int vfs_result;
static pthread_once_t vfs_once = PTHREAD_ONCE_INIT;

static int vfs_full_pathname(sqlite3_vfs *self, const char *name, int size, char *full)
{
	int length = snprintf(full, (size_t)size, "%s", name);

	return length >= 0 && length < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static void vfs_register(void)
{
	const sqlite3_vfs *unix_vfs = sqlite3_vfs_find("unix");

	if (!unix_vfs) {
		vfs_result = -ENOTSUP;
		return;
	}
	vfs = *unix_vfs;
	vfs.pNext = NULL;
	vfs.zName = STORE_VFS;
	vfs.xFullPathname = vfs_full_pathname;
	vfs_result = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? 0 : -ENOMEM;
}

int store_vfs_register(void)
{
	pthread_once(&vfs_once, vfs_register);
	return vfs_result;
}
