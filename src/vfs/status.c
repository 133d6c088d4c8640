/* SPDX-License-Identifier: MIT */
/* NAME.status and NAME.wait: a prompt's state, commands, and waiting for the end.
 *
 * An open status file shows one snapshot, so that no reader sees two versions mixed; a read from
 * the start takes the newest.
 */
#include "internal.h"

#include <fcntl.h>
#include <string.h>

#define COMMAND_MAX 64
#define TASK_WORD "task "
/* Larger files have a text, or are not worth reading. */
#define EMPTY_SIZE_MAX (64 << 10)

void prompt_seen_done(struct prompt_seen *seen)
{
	free(seen->path);
	view_unref(seen->view);
	*seen = (struct prompt_seen){0};
}

/* Whether a file has no text in it, as far as that can be found out quickly; its header is then the
 * caller's. */
static bool has_no_text(int fd, const struct stat *st, struct parameters *ret_header)
{
	CLEANUP(prompt_done) struct prompt prompt = {0};
	CLEANUP(buf_done) struct buf bytes = {0};

	if (st->st_size == 0)
		return true;
	if (st->st_size > EMPTY_SIZE_MAX || read_all(fd, EMPTY_SIZE_MAX, &bytes) < 0 ||
	        prompt_parse(bytes.data ? bytes.data : "", bytes.size, &prompt, NULL) < 0 ||
	        *prompt.text)
		return false;
	*ret_header = prompt.header;
	prompt.header = (struct parameters){0};
	return true;
}

/* Whether a prompt that the engine does not know orders nothing; err then says what it lacks if
 * that is not a text.  The file is `name` in the directory `at`, or `at` itself where name is NULL.
 */
static bool is_empty(
        struct vfs *vfs, struct node *at, const char *name, const struct stat *st, struct err *err)
{
	CLEANUP(parameters_done) struct parameters header = {0};
	CLEANUP(close_p) int fd = -1;
	HELD(prompt, vfs);
	struct stat ignored;

	if (name)
		fd = openat(at->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	else if (fd_reopen(at->fd, O_RDONLY, &fd) < 0)
		fd = -1; /* what cannot be read is not known to be empty */
	if (!has_no_text(fd, st, &header))
		return false;
	if (!name)
		prompt.node = node_ref(vfs, at);
	else if (lookup_real(vfs, at, name, &prompt.node, &ignored) < 0)
		return true;
	return !reading_needs_no_text(vfs, prompt.node, &header, err);
}

/* Fills in what the engine says of the prompt at seen->path, which is `name` in the directory `at`,
 * or `at` itself where name is NULL. */
static int see_view(struct vfs *vfs, struct prompt_seen *seen, struct node *at, const char *name)
{
	struct err lacks = {""};
	bool empty;

	seen->view = engine_view(vfs->engine, seen->path);
	seen->known = seen->view != NULL;
	if (seen->known)
		return 0;
	empty = is_empty(vfs, at, name, &seen->st, &lacks);
	seen->view = view_unordered(empty, lacks.text[0] ? lacks.text : NULL,
	        (int64_t)seen->st.st_mtim.tv_sec * 1000 + seen->st.st_mtim.tv_nsec / 1000000);
	return seen->view ? 0 : -ENOMEM;
}

/* The prompt's directory and name, by a status or wait file's node. */
static int prompt_of(struct vfs *vfs, struct node *node, struct node **ret_parent,
        char prompt[static NAME_MAX + 1])
{
	CLEANUP(free_p) char *name = NULL;
	HELD(parent, vfs);
	size_t stem;
	int r = node_naming(vfs, node, &parent.node, &name);

	if (r < 0)
		return r;
	if (prompt_name_kind(name, &stem) == PROMPT_NAME_OTHER ||
	        !prompt_name_make(name, stem, "prompt", prompt))
		return -ENOENT;
	*ret_parent = held_take(&parent);
	return 0;
}

int prompt_see(struct vfs *vfs, struct node *node, struct prompt_seen *ret_seen)
{
	CLEANUP(prompt_seen_done) struct prompt_seen seen = {0};
	HELD(parent, vfs);
	char prompt[NAME_MAX + 1];
	int r = prompt_of(vfs, node, &parent.node, prompt);

	if (r < 0)
		return r;
	if (fstatat(parent.node->fd, prompt, &seen.st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISREG(seen.st.st_mode))
		return -ENOENT;
	r = node_child_path(vfs, parent.node, prompt, &seen.path);
	if (r == 0)
		r = see_view(vfs, &seen, parent.node, prompt);
	if (r < 0)
		return r;
	*ret_seen = seen;
	seen = (struct prompt_seen){0};
	return 0;
}

int prompt_see_self(struct vfs *vfs, struct node *node, struct prompt_seen *ret_seen)
{
	CLEANUP(prompt_seen_done) struct prompt_seen seen = {0};
	int r = node_prompt_path(vfs, node, &seen.path);

	if (r == 0 && !seen.path)
		r = -ENOENT;
	if (r == 0)
		r = fd_stat(node->fd, &seen.st);
	if (r == 0)
		r = see_view(vfs, &seen, node, NULL);
	if (r < 0)
		return r;
	*ret_seen = seen;
	seen = (struct prompt_seen){0};
	return 0;
}

/* ---- reading ---- */

static int snapshot(struct vfs *vfs, struct vfs_handle *handle)
{
	CLEANUP(prompt_seen_done) struct prompt_seen seen = {0};
	WITH_READ(&vfs->names);
	int r = prompt_see(vfs, handle->node, &seen);

	if (r < 0)
		return r;
	view_unref(handle->view);
	handle->view = TAKE(seen.view);
	handle->known = seen.known;
	return 0;
}

int status_open(struct vfs *vfs, struct node *node, int flags, struct vfs_handle **ret_handle)
{
	bool write = (flags & O_ACCMODE) != O_RDONLY;
	struct vfs_handle *handle = NULL;
	struct buf page = BUF_INIT(PAGE_MAX);
	int r;

	if (write && node->kind != NODE_STATUS)
		return -EPERM;
	r = handle_new(
	        vfs, node->kind == NODE_WAIT ? VFS_HANDLE_WAIT : VFS_HANDLE_VIRTUAL, node, &handle);
	if (r < 0)
		return r;
	handle->writer = write;
	if (node->kind == NODE_STATUS) {
		r = snapshot(vfs, handle);
	} else if (node->kind != NODE_WAIT) {
		r = virtual_page(vfs, node, &page);
		handle->page_size = page.size;
		handle->page = r == 0 ? buf_take(&page) : NULL;
		if (r == 0 && !handle->page)
			r = -ENOMEM;
		buf_done(&page);
	}
	if (r < 0) {
		vfs_release(vfs, handle);
		return r;
	}
	*ret_handle = handle;
	return 0;
}

static ssize_t copy_out(const char *text, size_t length, void *bytes, size_t size, off_t offset)
{
	if (offset < 0)
		return -EINVAL;
	if ((size_t)offset >= length)
		return 0;
	if (size > length - (size_t)offset)
		size = length - (size_t)offset;
	if (size)
		memcpy(bytes, text + offset, size);
	return (ssize_t)size;
}

static bool is_newer(struct vfs *vfs, struct vfs_handle *handle)
{
	CLEANUP(prompt_seen_done) struct prompt_seen seen = {0};
	WITH_READ(&vfs->names);

	if (prompt_see(vfs, handle->node, &seen) < 0)
		return handle->known;
	return seen.known != handle->known || (seen.known && seen.view != handle->view);
}

ssize_t status_read(
        struct vfs *vfs, struct vfs_handle *handle, void *bytes, size_t size, off_t offset)
{
	WITH_LOCK(&handle->lock);

	if (handle->page)
		return copy_out(handle->page, handle->page_size, bytes, size, offset);
	/* The last snapshot stays readable where the prompt is gone. */
	if (offset == 0) {
		int r = snapshot(vfs, handle);

		if (r < 0 && r != -ENOENT)
			return r;
	}
	return copy_out(handle->view->status, handle->view->status_size, bytes, size, offset);
}

bool vfs_status_changed(struct vfs *vfs, struct vfs_handle *handle)
{
	WITH_LOCK(&handle->lock);

	return handle->view && is_newer(vfs, handle);
}

ssize_t vfs_wait_read(
        struct vfs *vfs, struct vfs_handle *handle, void *bytes, size_t size, off_t offset)
{
	WITH_LOCK(&handle->lock);

	if (!handle->page && offset == 0) {
		CLEANUP(prompt_seen_done) struct prompt_seen seen = {0};
		WITH_READ(&vfs->names);
		int r = prompt_see(vfs, handle->node, &seen);

		if (r < 0)
			return r == -ENOENT ? -EIO : r;
		if (!view_has_ended(seen.view))
			return -EAGAIN;
		if (seen.view->state != TASK_SUCCESS)
			return -EIO;
		handle->page = strdup(seen.view->pictures);
		if (!handle->page)
			return -ENOMEM;
		handle->page_size = strlen(handle->page);
	}
	return copy_out(handle->page, handle->page_size, bytes, size, offset);
}

/* ---- commands ---- */

/* The one word of a command with at most one newline after it, or -EINVAL. */
static int command_word(const char *bytes, size_t size, char word[static COMMAND_MAX])
{
	if (size && bytes[size - 1] == '\n')
		size--;
	if (!size || size >= COMMAND_MAX)
		return -EINVAL;
	for (size_t i = 0; i < size; i++)
		if (bytes[i] < 'a' || bytes[i] > 'z')
			return -EINVAL;
	memcpy(word, bytes, size);
	word[size] = '\0';
	return 0;
}

/* The id in "task ID", with at most one newline after it; *ret_is_one is false for another command.
 * The engine knows what can be an id. */
static int task_word(
        const char *bytes, size_t size, char id[static PROVIDER_TASK_ID_MAX + 1], bool *ret_is_one)
{
	const size_t word = sizeof(TASK_WORD) - 1;

	*ret_is_one = size >= word && memcmp(bytes, TASK_WORD, word) == 0;
	if (!*ret_is_one)
		return 0;
	bytes += word;
	size -= word;
	if (size && bytes[size - 1] == '\n')
		size--;
	while (size && *bytes == ' ') {
		bytes++;
		size--;
	}
	while (size && bytes[size - 1] == ' ')
		size--;
	if (size > PROVIDER_TASK_ID_MAX || memchr(bytes, '\0', size))
		return -EINVAL;
	memcpy(id, bytes, size);
	id[size] = '\0';
	return 0;
}

/* The prompt's own node, by its status file's. */
static int prompt_node(struct vfs *vfs, struct node *node, struct node **ret_node)
{
	HELD(parent, vfs);
	char prompt[NAME_MAX + 1];
	struct stat st;
	int r = prompt_of(vfs, node, &parent.node, prompt);

	return r < 0 ? r : lookup_real(vfs, parent.node, prompt, ret_node, &st);
}

/* A prompt that the engine does not know, or that waits because it was changed while unmounted or
 * could not be understood, is looked at again, and so is one that is ordered again: its directory's
 * settings and the pictures that it refers to may have changed.  *ret_done is set where that alone
 * was the command's work. */
static int look_again(struct vfs *vfs, struct node *prompt, const struct prompt_seen *seen,
        enum engine_command command, bool *ret_done)
{
	enum task_state state = seen->view->state;
	bool held = state == TASK_HELD, invalid = state == TASK_INVALID;
	int r;

	*ret_done = false;
	if (seen->known && invalid && command == ENGINE_RETRY) {
		*ret_done = true;
		return commit_node(vfs, prompt, ENGINE_WRITTEN);
	}
	if (seen->known &&
	        ((command == ENGINE_RETRY && (state == TASK_FAIL || state == TASK_UNKNOWN)) ||
	                (command == ENGINE_REGENERATE && task_state_is_final(state)))) {
		*ret_done = true;
		return commit_command(vfs, prompt, command);
	}
	if (seen->known && !((held || invalid) && command == ENGINE_RELEASE))
		return 0;
	r = commit_node(vfs, prompt, ENGINE_UNMOUNTED);
	/* The command itself says that it makes no sense. */
	return r == -EINVAL ? 0 : r;
}

/* Hands a command to the engine, or where task_id is not NULL, what settles the take. */
static int command_send(
        struct vfs *vfs, struct node *prompt, enum engine_command command, const char *task_id)
{
	WITH_READ(&vfs->orders);
	CLEANUP(free_p) char *path = NULL;
	int r = node_prompt_path(vfs, prompt, &path);

	if (r < 0)
		return r;
	if (!path)
		return -ENOENT;
	r = task_id ? engine_settle(vfs->engine, path, task_id)
	            : engine_command(vfs->engine, path, command);
	/* Nothing was ever ordered: there is nothing to retry, cancel, release or settle. */
	return r == -ENOENT ? -EINVAL : r;
}

ssize_t status_write(struct vfs *vfs, struct vfs_handle *handle, const void *bytes, size_t size)
{
	CLEANUP(prompt_seen_done) struct prompt_seen seen = {0};
	HELD(prompt, vfs);
	char word[COMMAND_MAX], id[PROVIDER_TASK_ID_MAX + 1];
	bool settles, done = false;
	int command = 0, r;

	if (handle->node->kind != NODE_STATUS)
		return -EPERM;
	r = task_word(bytes, size, id, &settles);
	if (r == 0 && !settles)
		r = command_word(bytes, size, word);
	if (r < 0)
		return r;
	if (!settles)
		command = engine_command_parse(word);
	if (command < 0)
		return -EINVAL;
	{
		WITH_READ(&vfs->names);
		r = prompt_see(vfs, handle->node, &seen);
		if (r == 0)
			r = prompt_node(vfs, handle->node, &prompt.node);
	}
	if (r == 0 && !settles)
		r = look_again(vfs, prompt.node, &seen, (enum engine_command)command, &done);
	if (r == 0 && !done)
		r = command_send(
		        vfs, prompt.node, (enum engine_command)command, settles ? id : NULL);
	return r < 0 ? r : (ssize_t)size;
}
