/* SPDX-License-Identifier: MIT */
/* Mounts by their path: what is mounted where, taken away again; and what a daemon that died left
 * behind. */
#include "internal.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

/* Mounts that may lie on top of one another. */
#define STALE_MAX 16

extern char **environ;

/* Undoes the \ooo of /proc/self/mountinfo. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; to++) {
		if (at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && at[2] >= '0' && at[2] <= '7' &&
		        at[3] >= '0' && at[3] <= '7') {
			*to = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
			at += 4;
		} else {
			*to = *at++;
		}
	}
	*to = '\0';
}

/* One line of mountinfo; false where it is of another path. */
static bool line_read(char *line, const char *path, struct mounted *ret_mounted)
{
	char *rest = line, *fields[5] = {0}, *type;
	unsigned major, minor;

	/* The third field is the device, the fifth where; after " - " comes the type. */
	for (size_t i = 0; i < ARRAY_SIZE(fields) && rest; i++)
		fields[i] = strsep(&rest, " ");
	type = rest ? strstr(rest, " - ") : NULL;
	if (!type || sscanf(fields[2], "%u:%u", &major, &minor) != 2)
		return false;
	unescape(fields[4]);
	if (strcmp(fields[4], path) != 0)
		return false;
	type += strlen(" - ");
	type[strcspn(type, " ")] = '\0';
	*ret_mounted = (struct mounted){
	        .device = makedev(major, minor), .ours = strcmp(type, MOUNT_TYPE) == 0};
	return true;
}

int mounted_read(const char *path, struct mounted *ret_mounted)
{
	CLEANUP(free_p) char *line = NULL;
	FILE *file = fopen("/proc/self/mountinfo", "re");
	size_t size = 0;

	*ret_mounted = (struct mounted){0};
	if (!file)
		return -errno;
	while (getline(&line, &size, file) > 0)
		(void)line_read(line, path, ret_mounted);
	fclose(file);
	return 0;
}

int mounted_path(const char *path, char **ret_path)
{
	CLEANUP(free_p) char *copy = strdup(path);
	CLEANUP(free_p) char *above = NULL;
	char *whole = realpath(path, NULL), *slash;
	size_t size;

	if (whole) {
		*ret_path = whole;
		return 0;
	}
	if (errno != ENOTCONN || !copy)
		return copy ? -errno : -ENOMEM;
	size = strlen(copy);
	while (size > 1 && copy[size - 1] == '/')
		copy[--size] = '\0';
	slash = strrchr(copy, '/');
	if (slash)
		*slash = '\0';
	above = realpath(!slash ? "." : slash == copy ? "/" : copy, NULL);
	if (!above)
		return -errno;
	if (asprintf(&whole, "%s/%s", strcmp(above, "/") == 0 ? "" : above,
	            slash ? slash + 1 : copy) < 0)
		return -ENOMEM;
	*ret_path = whole;
	return 0;
}

static int detach_as_user(const char *path)
{
	char program[] = "fusermount3", unmount[] = "-u", lazy[] = "-z", quiet[] = "-q",
	     end[] = "--";
	CLEANUP(free_p) char *point = strdup(path);
	char *arguments[] = {program, unmount, lazy, quiet, end, point, NULL};
	int status, r;
	pid_t child;

	if (!point)
		return -ENOMEM;
	r = posix_spawnp(&child, program, NULL, NULL, arguments, environ);
	if (r != 0)
		return -r;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EPERM;
}

int mounted_detach(const char *path)
{
	if (geteuid() == 0 && umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		return 0;
	return detach_as_user(path);
}

/* Opened, since the kernel may still know the attributes. */
static bool is_dead(const char *path)
{
	CLEANUP(close_p) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 && errno == ENOTCONN;
}

int mount_clear_stale(const char *mountpoint, struct err *err)
{
	CLEANUP(free_p) char *path = NULL;
	struct mounted mounted;
	int r = mounted_path(mountpoint, &path);

	/* Whoever opens it says what is wrong with it. */
	if (r < 0)
		return r == -ENOMEM ? err_set(err, r, "out of memory") : 0;
	for (int i = 0; i < STALE_MAX; i++) {
		bool dead = is_dead(path);

		r = mounted_read(path, &mounted);
		if (r < 0)
			return err_set(err, r, "/proc/self/mountinfo: %s", strerror(-r));
		if (mounted.ours && !dead)
			return err_set(err, -EBUSY, "%s: a darkroomfs is mounted there", path);
		if (!dead)
			return 0;
		if (!mounted.ours)
			break;
		r = geteuid() == 0 && umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0
		            ? 0
		            : detach_as_user(path);
		if (r < 0)
			return err_set(
			        err, r, "%s: cannot remove the mount of a daemon that died", path);
	}
	return err_set(err, -ENOTCONN,
	        "%s: what is mounted there does not answer; unmount it first", path);
}
