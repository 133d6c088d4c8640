/* SPDX-License-Identifier: MIT */
/* vfs, private: nodes, locks, and what the files of this module offer one another.
 *
 * Locks, in the order in which they are taken:
 *   orders  read by commits (which read the pictures that a prompt refers to, and wait for the
 *           database), written by whatever changes the path of a prompt: so a prompt keeps its path
 *           while it is committed
 *   commit  one of a few mutexes by node: a prompt is read and handed over by one thread at a time
 *   names   read by look-ups and by whoever tells the engine of a path, written by renames and
 *           removals across the system call, the table's update and the engine's
 *   table   the node table; never held across a system call on files
 */
#pragma once

#include "darkroom/prompt.h"
#include "darkroom/vfs.h"

#include <stdatomic.h>

#define COMMIT_LOCKS 16
/* How long the kernel may keep names and attributes of real files. */
#define REAL_TIMEOUT 1.0
/* A status file's name always means the same node; whether that is there is asked each time. */
#define STATUS_NAME_TIMEOUT 30.0
#define STATUS_MODE 0644
#define WAIT_MODE 0444
#define PAGE_MODE 0444
#define VIRTUAL_DIRECTORY_MODE 0555
/* The size shown of NAME.wait while nobody knows the answer. */
#define WAIT_SIZE_UNKNOWN 4096
#define PAGE_MAX (4u << 20)
/* "/proc/self/fd/" and a number. */
#define FD_PATH_SIZE 32

/* ---- nodes (node.c) ---- */

enum node_kind {
	NODE_REAL,     /* a file of SOURCE */
	NODE_DARKROOM, /* .darkroom in the root */
	NODE_README,
	NODE_MODELS, /* the directory */
	NODE_MODEL,  /* a page */
	NODE_STATUS, /* NAME.status */
	NODE_WAIT,   /* NAME.wait */
	NODE_QUEUE,
	NODE_BUDGET, /* .darkroom/budget */
};

struct node {
	uint64_t id; /* as are kind, fd, device, inode and type: never changed */
	enum node_kind kind;
	int fd; /* O_PATH; of the real `.darkroom` for NODE_DARKROOM; else -1 */
	dev_t device;
	ino_t inode;
	mode_t type;
	atomic_bool changed; /* written since it was last committed */
	atomic_bool fresh;   /* made by a writer who wanted it empty, and not committed yet */

	/* Under the table's lock. */
	uint64_t lookups;    /* the kernel's */
	unsigned references; /* ours: of functions at work, open files and children */
	struct node *parent; /* referenced; NULL for the root and for what has no name */
	char *name;          /* NULL where parent is */
	unsigned writers;    /* open files that may write */
	unsigned counted;    /* those that the engine was told of at the node's path */
	bool keyed;          /* can be found by its key */
	struct node *next_by_id, *next_by_key;
};

struct table {
	pthread_mutex_t lock;
	uint64_t last_id;
	atomic_size_t count; /* changed under the lock */
	size_t limit;        /* above this many it is crowded */
	size_t cursor;       /* the slot of by_id that vfs_crowd looks at next */
	size_t slots;        /* of each of the two arrays; a power of two */
	struct node **by_id, **by_key;
};

int table_init(struct table *table) NODISCARD;
void table_done(struct table *table);

/* By number, referenced, or NULL. */
struct node *node_get(struct vfs *vfs, uint64_t id);
struct node *node_ref(struct vfs *vfs, struct node *node);
void node_unref(struct vfs *vfs, struct node *node);

/* A node reference in a local variable. */
struct held {
	struct vfs *vfs;
	struct node *node;
};
static inline void held_drop(struct held *held)
{
	if (held->node)
		node_unref(held->vfs, held->node);
	held->node = NULL;
}
static inline struct node *held_take(struct held *held)
{
	struct node *node = held->node;

	held->node = NULL;
	return node;
}
#define HELD(variable, table_of) CLEANUP(held_drop) struct held variable = {.vfs = (table_of)}

/* Finds or makes the node of a file and gives it the name it was found by.  *fd is taken. */
int node_add_real(struct vfs *vfs, struct node *parent, const char *name, int *fd,
        const struct stat *st, struct node **ret_node) NODISCARD;
int node_add_virtual(struct vfs *vfs, enum node_kind kind, struct node *parent, const char *name,
        struct node **ret_node) NODISCARD;
/* The nodes by key, referenced, or NULL. */
struct node *node_find_real(struct vfs *vfs, dev_t device, ino_t inode);
struct node *node_find_virtual(
        struct vfs *vfs, enum node_kind kind, struct node *parent, const char *name);
void node_count_lookup(struct vfs *vfs, struct node *node);
void node_forget(struct vfs *vfs, uint64_t id, uint64_t count);
/* Gives it another name; -ENOMEM leaves it without one. */
int node_rename(struct vfs *vfs, struct node *node, struct node *parent, const char *name);
bool node_is_named(struct vfs *vfs, struct node *node, const struct node *parent, const char *name);
/* Takes its name away if it is this one. */
void node_unname(struct vfs *vfs, struct node *node, struct node *parent, const char *name);
void node_unname_any(struct vfs *vfs, struct node *node);
/* Makes a virtual node follow its prompt; left without a key where another has the new one. */
void node_move_virtual(struct vfs *vfs, enum node_kind kind, struct node *parent, const char *name,
        struct node *new_parent, const char *new_name);

/* Whether the node lies in `.darkroom`, where nothing is a prompt. */
bool node_is_kept(struct vfs *vfs, struct node *node);
/* The path below SOURCE of a name in a directory; -ENOENT where it has none any more. */
int node_child_path(struct vfs *vfs, struct node *parent, const char *name, char **ret_path)
        NODISCARD;
bool node_is_prompt(struct vfs *vfs, struct node *node);
/* The path of a prompt; 0 and NULL where the node is none. */
int node_prompt_path(struct vfs *vfs, struct node *node, char **ret_path) NODISCARD;
/* The directory it is in, referenced, or NULL. */
struct node *node_parent(struct vfs *vfs, struct node *node);
/* Parent and name as they are now, referenced and owned; -ENOENT where it has none. */
int node_naming(struct vfs *vfs, struct node *node, struct node **ret_parent, char **ret_name)
        NODISCARD;
/* Changes the count of writers by +1 or -1; returns what is left. */
unsigned node_writers(struct vfs *vfs, struct node *node, int change);
bool node_has_writers(struct vfs *vfs, struct node *node);
/* Tells the engine of all the writers of a prompt, or takes that back. */
void node_tell_writers(struct vfs *vfs, struct node *node);
void node_untell_writers(struct vfs *vfs, struct node *node);

/* ---- the whole ---- */

/* Prompts that are remembered after their name was given up. */
#define DEPARTED_MAX 64

struct vfs {
	int source_fd;
	const struct providers *providers;
	struct engine *engine;
	struct files *files;
	const struct parameters *settings;
	bool status_hidden;
	bool order_unmounted;
	bool is_root; /* files are made for other users */
	struct timespec started;
	struct node *root, *darkroom; /* referenced */
	struct table table;
	pthread_rwlock_t orders, names;
	pthread_mutex_t commit[COMMIT_LOCKS];
	pthread_mutex_t departed_lock;
	struct departed {
		char *path;        /* NULL: none */
		struct node *node; /* referenced */
		int64_t until_us;
	} departed[DEPARTED_MAX]; /* departed_lock */
	unsigned departed_next;   /* departed_lock */
};

static inline pthread_rwlock_t *lock_read(pthread_rwlock_t *lock)
{
	pthread_rwlock_rdlock(lock);
	return lock;
}
static inline pthread_rwlock_t *lock_write(pthread_rwlock_t *lock)
{
	if (lock)
		pthread_rwlock_wrlock(lock);
	return lock;
}
static inline void lock_end(pthread_rwlock_t **lock)
{
	if (*lock)
		pthread_rwlock_unlock(*lock);
}
/* Hold the lock until the end of the enclosing scope. */
#define WITH_READ(l) CLEANUP(lock_end) pthread_rwlock_t *CAT(read_, __LINE__) = lock_read(l)
#define WITH_WRITE(l) CLEANUP(lock_end) pthread_rwlock_t *CAT(write_, __LINE__) = lock_write(l)

void fd_path(int fd, char path[static FD_PATH_SIZE]);
/* Opens a file again by its O_PATH descriptor. */
int fd_reopen(int fd, int flags, int *ret_fd) NODISCARD;
int fd_stat(int fd, struct stat *ret_stat) NODISCARD;
int64_t stat_ctime_ns(const struct stat *st);

/* ---- names (lookup.c, virtual.c) ---- */

/* What stands behind a name of a real directory.  node is referenced. */
int lookup_real(struct vfs *vfs, struct node *parent, const char *name, struct node **ret_node,
        struct stat *ret_stat) NODISCARD;
/* The same for a path below SOURCE, component by component. */
int lookup_path(struct vfs *vfs, const char *path, struct node **ret_node, struct stat *ret_stat)
        NODISCARD;
/* -ESTALE for -ENOENT. */
int gone_is_stale(int r);
/* Fills the entry and counts one lookup. */
int entry_fill(struct vfs *vfs, struct node *node, const struct stat *st,
        struct vfs_entry *ret_entry) NODISCARD;
/* Whether a new name may be made there: 0, -EEXIST or -EPERM. */
int name_check_new(struct vfs *vfs, struct node *parent, const char *name) NODISCARD;
/* Whether a name may be removed or renamed: 0, or -EPERM for virtual ones. */
int name_check_old(struct vfs *vfs, struct node *parent, const char *name) NODISCARD;
/* Whether the name is that of a prompt, were it a regular file. */
bool name_is_prompt(struct vfs *vfs, struct node *parent, const char *name);

/* The virtual file of a name, -ENOENT where there is none. */
int virtual_lookup(struct vfs *vfs, const struct vfs_caller *caller, struct node *parent,
        const char *name, struct node **ret_node, struct stat *ret_stat) NODISCARD;
int virtual_stat(struct vfs *vfs, struct node *node, struct stat *ret_stat) NODISCARD;
/* The page of a README, QUEUE, BUDGET or MODEL node. */
int virtual_page(struct vfs *vfs, struct node *node, struct buf *page) NODISCARD;
uint64_t virtual_inode(uint64_t directory, enum node_kind kind, const char *name);
extern const char readme_text[];

/* ---- models (models.c) ---- */

/* Calls back with each name of .darkroom/models, which may come several times; ends with the first
 * answer that is not 0. */
int models_each(struct vfs *vfs, int (*callback)(void *context, const char *name), void *context)
        NODISCARD;
/* Appends the page of a name there; -ENOENT where no provider has such a model.  page may be NULL.
 */
int models_page(struct vfs *vfs, const char *name, struct buf *page) NODISCARD;

/* ---- the queue (queue.c) ---- */

/* The file's text as it is now, into an empty buffer whose limit is set. */
int queue_page(struct vfs *vfs, struct buf *page) NODISCARD;
/* When it last changed, but for ages. */
struct timespec queue_time(struct vfs *vfs);

/* ---- prompts seen through their virtual files (status.c); the caller holds `names` ---- */

/* A prompt by one of its virtual files. */
struct prompt_seen {
	char *path;
	struct stat st;
	struct view *view; /* never NULL */
	bool known;        /* the engine has it */
};
void prompt_seen_done(struct prompt_seen *seen);
/* Finds the prompt of a NODE_STATUS or NODE_WAIT; -ENOENT where it is gone. */
int prompt_see(struct vfs *vfs, struct node *node, struct prompt_seen *ret_seen) NODISCARD;
/* The same for a prompt's own node; -ENOENT where the node is no prompt. */
int prompt_see_self(struct vfs *vfs, struct node *node, struct prompt_seen *ret_seen) NODISCARD;

/* ---- open files (handle.c, status.c) ---- */

struct vfs_handle {
	enum vfs_handle_kind kind;
	struct node *node; /* referenced */
	int fd;            /* VFS_HANDLE_FILE */
	bool writer;
	pthread_mutex_t lock; /* of what follows; virtual files only */
	struct view *view;    /* a status file's snapshot */
	bool known;           /* the engine had it */
	char *page;           /* a page's text, or the answer to a reader of NAME.wait */
	size_t page_size;
};

int handle_new(struct vfs *vfs, enum vfs_handle_kind kind, struct node *node,
        struct vfs_handle **ret_handle) NODISCARD;
int status_open(struct vfs *vfs, struct node *node, int flags, struct vfs_handle **ret_handle)
        NODISCARD;
ssize_t status_read(struct vfs *vfs, struct vfs_handle *handle, void *bytes, size_t size,
        off_t offset) NODISCARD;
ssize_t status_write(struct vfs *vfs, struct vfs_handle *handle, const void *bytes, size_t size)
        NODISCARD;
/* Counts a writer of a real file, in the table and with the engine. */
void writer_opened(struct vfs *vfs, struct node *node);
/* A file was written through the mount: as root, takes its set-user-ID away. */
void file_written(struct vfs *vfs, struct node *node, int fd);

/* ---- orders (settings.c, commit.c, references.c) ---- */

/* Settings from all levels, nearest first: header, own, the directories' upwards, the mount's. */
struct levels {
	struct parameters header; /* filled in by whoever reads the file */
	struct parameters *own;   /* of the node itself, then of the directories above it */
	const struct parameters **list;
	size_t count;
	struct provider_settings settings;
};
void levels_done(struct levels *levels);
/* Collects the levels of a node.  An own setting named `without` (may be NULL) is left out.
 * -EINVAL and why, where one is no text. */
int levels_collect(struct vfs *vfs, struct node *node, const char *without,
        struct levels *ret_levels, struct err *err) NODISCARD;

/* A prompt read and understood. */
struct reading {
	struct buf content;
	struct stat st;
	bool empty;          /* neither a text nor, for a model that needs none, own pictures */
	bool resolved;       /* order is filled */
	bool lacks_pictures; /* all that keeps it from being sent is a picture it refers to */
	struct provider_order order;
	struct err error;
};
void reading_done(struct reading *reading);
/* path is the prompt's.  -errno only for what is no matter of the prompt's content. */
int reading_make(struct vfs *vfs, struct node *node, const char *path, struct reading *ret_reading)
        NODISCARD;
/* Whether a prompt whose file has this header and no text is ordered all the same; where not, err
 * says what it lacks if that is not a text.  The header is taken. */
bool reading_needs_no_text(
        struct vfs *vfs, struct node *node, struct parameters *header, struct err *err);
/* The header of a prompt as it stands; none where it cannot be understood. */
int reading_header(struct node *node, struct parameters *ret_header) NODISCARD;

/* Fills in the path below SOURCE, digest and size of each file that the request of the prompt at
 * this path refers to.  The owner must be able to read them.  -EINVAL and why; -errno for trouble
 * that is not the prompt's or its pictures'. */
int references_fill(struct vfs *vfs, const char *prompt, const struct stat *owner,
        const struct provider_settings *settings, struct request *request, struct err *err)
        NODISCARD;

/* Reads a prompt and hands it to the engine; 0 for a node that is no prompt.  -EINVAL where it
 * cannot be sent, which the engine then knows. */
int commit_node(struct vfs *vfs, struct node *node, enum engine_cause cause) NODISCARD;
/* The same for a close: only where it was written since the last commit that succeeded, and 0
 * where a picture it refers to is missing. */
int commit_if_changed(struct vfs *vfs, struct node *node) NODISCARD;
/* The same, but 0 for -EINVAL: for what happened already and can only be seen in the state. */
int commit_node_quietly(struct vfs *vfs, struct node *node) NODISCARD;
/* The same for a file that was not written but got another name or other settings: one that is
 * empty is left alone, unless it is known as a prompt. */
int commit_unwritten(struct vfs *vfs, struct node *node) NODISCARD;
/* Carries out retry or regenerate for a take that has ended, with the prompt and its pictures as
 * they are now.  -EINVAL where they cannot be sent, which the engine then knows. */
int commit_command(struct vfs *vfs, struct node *node, enum engine_command command) NODISCARD;

/* Commits anew the prompts below a directory whose orders have not been sent yet. */
int commit_waiting(struct vfs *vfs, struct node *directory) NODISCARD;

/* ---- attributes (xattr.c) ---- */

/* The names of a file's attributes, each ended by a NUL; none where the filesystem has none. */
int xattr_names(int fd, struct buf *names) NODISCARD;

/* A file that replaces one with settings takes them over, unless it has some of its own. */
void xattr_carry_over(struct node *from, struct node *to);

/* ---- departed.c ---- */

/* The file of the prompt at this path was removed, or renamed to an ordinary name. */
void departed_add(struct vfs *vfs, const char *path, struct node *node);
/* Gives a file that is to be committed at this path the settings of the one that left it. */
void departed_carry(struct vfs *vfs, const char *path, struct node *node);
void departed_done(struct vfs *vfs);
