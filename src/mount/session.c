/* SPDX-License-Identifier: MIT */
/* The session: mounted, served, ended.
 *
 * A signal ends mount_serve, but not the serving: until mount_close one thread goes on, so that
 * whoever still renames through the mount meanwhile is not left waiting for ever.
 */
#include "internal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

#define IDLE_THREADS_MAX 10

/* ---- what the kernel is told ---- */

static void operation_init(void *data, struct fuse_conn_info *connection)
{
	struct mount *mount = data;

	connection->max_write = MOUNT_TRANSFER_MAX;
	connection->want &= ~(unsigned)(FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE |
	                                FUSE_CAP_SPLICE_MOVE | FUSE_CAP_WRITEBACK_CACHE |
	                                /* Whatever is listed is known by name: see vfs_unlink. */
	                                FUSE_CAP_READDIRPLUS_AUTO);
	connection->want |=
	        connection->capable &
	        (FUSE_CAP_HANDLE_KILLPRIV | FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_ATOMIC_O_TRUNC |
	                FUSE_CAP_PARALLEL_DIROPS | FUSE_CAP_READDIRPLUS);
	if (mount->ready)
		mount->ready(mount->ready_context);
}

/* No getlk, setlk and flock: the kernel keeps locks itself, for all users of the mount.  No access:
 * the kernel checks permissions. */
const struct fuse_lowlevel_ops mount_operations = {
        .init = operation_init,
        .lookup = operation_lookup,
        .forget = operation_forget,
        .forget_multi = operation_forget_multi,
        .getattr = operation_getattr,
        .setattr = operation_setattr,
        .readlink = operation_readlink,
        .mknod = operation_mknod,
        .mkdir = operation_mkdir,
        .symlink = operation_symlink,
        .link = operation_link,
        .unlink = operation_unlink,
        .rmdir = operation_rmdir,
        .rename = operation_rename,
        .statfs = operation_statfs,
        .setxattr = operation_setxattr,
        .getxattr = operation_getxattr,
        .listxattr = operation_listxattr,
        .removexattr = operation_removexattr,
        .open = operation_open,
        .create = operation_create,
        .read = operation_read,
        .write = operation_write,
        .flush = operation_flush,
        .release = operation_release,
        .fsync = operation_fsync,
        .fallocate = operation_fallocate,
        .copy_file_range = operation_copy_range,
        .lseek = operation_seek,
        .poll = operation_poll,
        .opendir = operation_opendir,
        .readdir = operation_readdir,
        .readdirplus = operation_readdirplus,
        .fsyncdir = operation_fsyncdir,
        .releasedir = operation_releasedir,
};

/* ---- the log ---- */

PRINTF(2, 0)
static void log_fuse(enum fuse_log_level level, const char *format, va_list arguments)
{
	enum log_level ours = level <= FUSE_LOG_ERR       ? LOG_LEVEL_ERROR
	                      : level == FUSE_LOG_WARNING ? LOG_LEVEL_WARNING
	                      : level <= FUSE_LOG_INFO    ? LOG_LEVEL_INFO
	                                                  : LOG_LEVEL_DEBUG;
	char line[1024];
	size_t size;

	vsnprintf(line, sizeof(line), format, arguments);
	size = strlen(line);
	while (size && line[size - 1] == '\n')
		line[--size] = '\0';
	if (size)
		log_line(ours, "%s", line);
}

/* ---- mounting ---- */

static int add_options(const struct mount_options *options, char **list)
{
	CLEANUP(free_p) char *source = NULL;
	int r = 0;

	if (asprintf(&source, "fsname=%s", options->source_path) < 0) {
		source = NULL;
		return -1;
	}
	r = fuse_opt_add_opt_escaped(list, source);
	if (r == 0)
		r = fuse_opt_add_opt(list, "subtype=" MOUNT_SUBTYPE);
	if (r == 0)
		r = fuse_opt_add_opt(list, "default_permissions");
	for (size_t i = 0; r == 0 && i < options->option_count; i++)
		r = fuse_opt_add_opt(list, options->options[i]);
	return r;
}

static int session_new(struct mount *mount, const struct mount_options *options, struct err *err)
{
	struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
	char *list = NULL;
	int r = fuse_opt_add_arg(&args, options->program);

	if (r == 0 && options->debug)
		r = fuse_opt_add_arg(&args, "-d");
	if (r == 0)
		r = add_options(options, &list);
	if (r == 0)
		r = fuse_opt_add_arg(&args, "-o");
	if (r == 0)
		r = fuse_opt_add_arg(&args, list);
	if (r == 0)
		mount->session =
		        fuse_session_new(&args, &mount_operations, sizeof(mount_operations), mount);
	free(list);
	fuse_opt_free_args(&args);
	if (r < 0)
		return err_set(err, -ENOMEM, "out of memory");
	if (!mount->session)
		return err_set(err, -EINVAL, "an option of the mount is not known to FUSE");
	return 0;
}

int mount_open(const struct mount_options *options, struct vfs *vfs, struct mount **ret_mount,
        struct err *err)
{
	CLEANUP(mount_close_p) struct mount *mount = calloc(1, sizeof(*mount));
	struct mounted mounted;
	struct stat st;
	int r;

	if (!mount)
		return err_set(err, -ENOMEM, "out of memory");
	mount->drain_stop = mount->trim_wake = -1;
	mount->vfs = vfs;
	mount->single_thread = options->single_thread;
	pthread_mutex_init(&mount->lock, NULL);
	fuse_set_log_func(log_fuse);
	mount->drain_stop = eventfd(0, EFD_CLOEXEC);
	if (mount->drain_stop < 0)
		return err_set(err, -errno, "no event descriptor: %s", strerror(errno));
	r = mounted_path(options->mountpoint, &mount->mountpoint);
	if (r == 0 && stat(mount->mountpoint, &st) < 0)
		r = -errno;
	if (r == 0 && !S_ISDIR(st.st_mode))
		r = -ENOTDIR;
	if (r < 0)
		return err_set(err, r, "the mount point %s: %s", options->mountpoint, strerror(-r));
	r = session_new(mount, options, err);
	if (r < 0)
		return r;
	if (fuse_session_mount(mount->session, mount->mountpoint) != 0)
		return err_set(err, -EIO, "%s: cannot be mounted; see the message of FUSE above",
		        mount->mountpoint);
	mount->mounted = true;
	if (mounted_read(mount->mountpoint, &mounted) == 0 && mounted.ours)
		mount->device = mounted.device;
	*ret_mount = TAKE(mount);
	return 0;
}

/* ---- serving ---- */

/* One thread that serves until it is told to stop or nothing is mounted. */
static void *drain(void *data)
{
	struct mount *mount = data;
	struct fuse_buf buffer = {0};
	struct pollfd watched[] = {
	        {.fd = fuse_session_fd(mount->session), .events = POLLIN},
	        {.fd = mount->drain_stop, .events = POLLIN},
	};

	for (;;) {
		int r;

		if (poll(watched, ARRAY_SIZE(watched), -1) < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		if (watched[1].revents)
			break;
		r = fuse_session_receive_buf(mount->session, &buffer);
		if (r == -EINTR || r == -EAGAIN)
			continue;
		if (r <= 0)
			break;
		fuse_session_process_buf(mount->session, &buffer);
	}
	free(buffer.mem);
	return NULL;
}

int thread_start(pthread_t *thread, void *(*run)(void *data), void *data)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(thread, NULL, run, data);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -r;
}

static int serve(struct mount *mount)
{
	struct fuse_loop_config *config;
	int r;

	if (mount->single_thread)
		return fuse_session_loop(mount->session);
	config = fuse_loop_cfg_create();
	if (!config)
		return -ENOMEM;
	fuse_loop_cfg_set_clone_fd(config, 0);
	fuse_loop_cfg_set_idle_threads(config, IDLE_THREADS_MAX);
	r = fuse_session_loop_mt(mount->session, config);
	fuse_loop_cfg_destroy(config);
	return r;
}

int mount_serve(struct mount *mount, void (*ready)(void *context), void *context)
{
	int r;

	mount->ready = ready;
	mount->ready_context = context;
	if (fuse_set_signal_handlers(mount->session) != 0)
		return -EINVAL;
	mount->handles_signals = true;
	r = trim_start(mount);
	if (r == 0)
		r = serve(mount);
	mount->draining = thread_start(&mount->drain, drain, mount) == 0;
	wait_close(mount);
	/* Above 0: the signal that ended it. */
	return r < 0 ? r : 0;
}

/* Nothing can be asked of the kernel any more: the last of the mount is gone. */
static bool connection_is_dead(const struct mount *mount)
{
	struct pollfd watched = {.fd = fuse_session_fd(mount->session)};

	return poll(&watched, 1, 0) == 1 && (watched.revents & POLLERR);
}

void mount_unmount(struct mount *mount)
{
	struct mounted mounted;

	/* Once only: the number of the device may be another's by the second time. */
	if (!mount->mounted || mount->unmounted || !mount->device || connection_is_dead(mount))
		return;
	mount->unmounted = true;
	/* Another may have been mounted there since ours was taken away. */
	if (mounted_read(mount->mountpoint, &mounted) == 0 && mounted.device == mount->device &&
	        mounted_detach(mount->mountpoint) < 0)
		log_warning("%s: cannot be unmounted", mount->mountpoint);
}

/* libfuse unmounts whatever has the path by now, unless its connection is dead: a pipe without a
 * reader looks like that. */
static void connection_replace(struct mount *mount)
{
	int fds[2];

	if (!mount->device || pipe2(fds, O_CLOEXEC) < 0)
		return;
	close(fds[0]);
	(void)!dup3(fds[1], fuse_session_fd(mount->session), O_CLOEXEC);
	close(fds[1]);
}

void mount_close(struct mount *mount)
{
	if (!mount)
		return;
	/* Unmounting may ask the mount something. */
	mount_unmount(mount);
	trim_end(mount);
	if (mount->draining) {
		(void)!eventfd_write(mount->drain_stop, 1);
		pthread_join(mount->drain, NULL);
	}
	if (mount->mounted) {
		connection_replace(mount);
		fuse_session_unmount(mount->session);
	}
	if (mount->handles_signals)
		fuse_remove_signal_handlers(mount->session);
	open_files_abandon(mount);
	if (mount->session)
		fuse_session_destroy(mount->session);
	close_p(&mount->drain_stop);
	free(mount->mountpoint);
	pthread_mutex_destroy(&mount->lock);
	free(mount);
}

void mount_close_p(struct mount **mount)
{
	mount_close(*mount);
	*mount = NULL;
}
