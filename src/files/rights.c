/* SPDX-License-Identifier: MIT */
/* A daemon that runs as root reads a user's files with that user's rights.
 *
 * The kernel checks each directory, mode and access control list of a path against the thread's
 * filesystem user, group and supplementary groups; with another user than root it also leaves aside
 * root's power to pass all of that.  All three are kept by thread: the C library's setgroups(2)
 * would change every thread, so the system call is made directly.
 */
#include "files-private.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>

#define GROUPS_FIRST 64
#define GROUPS_MAX 65536
#define USER_SIZE 16384

#ifdef SYS_setgroups32
#define THREAD_SETGROUPS SYS_setgroups32
#else
#define THREAD_SETGROUPS SYS_setgroups
#endif

struct groups {
	gid_t main;
	gid_t *list;
	int count;
};

static void groups_done(struct groups *groups)
{
	free(groups->list);
}

/* The groups that the user database has for a user; no list where it does not know the user. */
static int groups_of(uid_t uid, struct groups *groups)
{
	CLEANUP(free_p) char *text = malloc(USER_SIZE);
	struct passwd entry, *found = NULL;
	int size = GROUPS_FIRST;

	if (!text)
		return -ENOMEM;
	/* A database that does not answer is as good as one that does not know. */
	if (getpwuid_r(uid, &entry, text, USER_SIZE, &found) != 0 || !found)
		return 0;
	groups->main = found->pw_gid;
	while (size <= GROUPS_MAX) {
		int count = size;
		gid_t *longer = realloc(groups->list, (size_t)size * sizeof(*longer));

		if (!longer)
			return -ENOMEM;
		groups->list = longer;
		if (getgrouplist(found->pw_name, found->pw_gid, groups->list, &count) >= 0) {
			groups->count = count;
			return 0;
		}
		size *= 2;
	}
	return -EPERM;
}

static int thread_setgroups(int count, const gid_t *groups)
{
	return syscall(THREAD_SETGROUPS, (size_t)count, groups) < 0 ? -errno : 0;
}

/* The calls do not say whether they did anything. */
static bool is_fsuid(uid_t uid)
{
	return (uid_t)setfsuid((uid_t)-1) == uid;
}

static bool is_fsgid(gid_t gid)
{
	return (gid_t)setfsgid((gid_t)-1) == gid;
}

static int groups_save(struct rights *rights)
{
	int count = getgroups(0, NULL);

	if (count < 0)
		return -errno;
	rights->groups = malloc(((size_t)count + 1) * sizeof(*rights->groups));
	if (!rights->groups)
		return -ENOMEM;
	rights->group_count = getgroups(count, rights->groups);
	return rights->group_count < 0 ? -errno : 0;
}

int rights_take(uid_t uid, gid_t gid, struct rights *ret_rights)
{
	CLEANUP(groups_done) struct groups groups = {.main = gid};
	CLEANUP(rights_give_back) struct rights rights = {.taken = false};
	int r;

	*ret_rights = (struct rights){.taken = false};
	if (geteuid() != 0 || uid == 0)
		return 0;
	r = groups_of(uid, &groups);
	if (r == 0)
		r = groups_save(&rights);
	if (r == 0)
		r = groups.list ? thread_setgroups(groups.count, groups.list)
		                : thread_setgroups(1, &groups.main);
	/* A group that this user name space does not have. */
	if (r < 0)
		return r == -EINVAL ? -EPERM : r;
	rights.taken = true;
	setfsgid(groups.main);
	setfsuid(uid);
	if (!is_fsgid(groups.main) || !is_fsuid(uid))
		return -EPERM;
	*ret_rights = rights;
	rights = (struct rights){.taken = false};
	return 0;
}

void rights_give_back(struct rights *rights)
{
	int keep = errno;

	if (rights->taken) {
		setfsuid(geteuid());
		setfsgid(getegid());
		/* A thread that stays somebody else would do all that follows as that one. */
		if (thread_setgroups(rights->group_count, rights->groups) < 0 ||
		        !is_fsuid(geteuid()) || !is_fsgid(getegid()))
			abort();
	}
	free(rights->groups);
	*rights = (struct rights){.taken = false};
	errno = keep;
}
