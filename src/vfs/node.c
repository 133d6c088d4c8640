/* SPDX-License-Identifier: MIT */
/* The node table.
 *
 * A node is found by its number, and by its key: device and inode of a real file, or kind, parent
 * and name of a virtual one.  A real node holds a descriptor of its file, so its inode number is
 * not given to another file while the node lives.  A node lives while the kernel has looked it up
 * more often than forgotten, or something here references it; children reference their parent.
 * Finding and inserting is one critical section, so that one file never has two nodes.
 */
#include "table.h"

#include <string.h>
#include <sys/resource.h>

#define SLOTS_FIRST 1024

static uint64_t mix(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

static uint64_t text_hash(uint64_t seed, const char *text)
{
	uint64_t hash = mix(seed) ^ UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return mix(hash);
}

static uint64_t real_hash(dev_t device, ino_t inode)
{
	return mix(mix((uint64_t)device) ^ (uint64_t)inode);
}

static uint64_t virtual_hash(enum node_kind kind, const struct node *parent, const char *name)
{
	return text_hash(parent->id * 16 + (uint64_t)kind, name);
}

static uint64_t key_hash(const struct node *node)
{
	return node->kind == NODE_REAL ? real_hash(node->device, node->inode)
	                               : virtual_hash(node->kind, node->parent, node->name);
}

uint64_t virtual_inode(uint64_t directory, enum node_kind kind, const char *name)
{
	return text_hash(mix(directory) + (uint64_t)kind, name) | UINT64_C(1) << 63;
}

int table_init(struct table *table)
{
	struct rlimit limit;

	*table = (struct table){.slots = SLOTS_FIRST, .limit = SIZE_MAX};
	/* The other half is for open files and for what is known while they are forgotten. */
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		table->limit = limit.rlim_cur / 2;
	table->by_id = calloc(table->slots, sizeof(*table->by_id));
	table->by_key = calloc(table->slots, sizeof(*table->by_key));
	pthread_mutex_init(&table->lock, NULL);
	return table->by_id && table->by_key ? 0 : -ENOMEM;
}

static void node_free(struct node *node)
{
	close_p(&node->fd);
	free(node->name);
	free(node);
}

void table_done(struct table *table)
{
	for (size_t i = 0; table->by_id && i < table->slots; i++) {
		struct node *next;

		for (struct node *node = table->by_id[i]; node; node = next) {
			next = node->next_by_id;
			node_free(node);
		}
	}
	free(table->by_id);
	free(table->by_key);
	pthread_mutex_destroy(&table->lock);
	*table = (struct table){0};
}

/* ---- under the lock ---- */

static struct node **slot_id(struct table *table, uint64_t id)
{
	return &table->by_id[mix(id) & (table->slots - 1)];
}

static struct node **slot_key(struct table *table, uint64_t hash)
{
	return &table->by_key[hash & (table->slots - 1)];
}

/* Doubles the arrays; without memory the chains just grow longer. */
static void table_grow(struct table *table)
{
	size_t slots = table->slots * 2;
	struct node **by_id = calloc(slots, sizeof(*by_id));
	struct node **by_key = calloc(slots, sizeof(*by_key));
	struct table old = *table;

	if (!by_id || !by_key) {
		free(by_id);
		free(by_key);
		return;
	}
	table->slots = slots;
	table->by_id = by_id;
	table->by_key = by_key;
	for (size_t i = 0; i < old.slots; i++) {
		struct node *next;

		for (struct node *node = old.by_id[i]; node; node = next) {
			struct node **slot = slot_id(table, node->id);

			next = node->next_by_id;
			node->next_by_id = *slot;
			*slot = node;
		}
		for (struct node *node = old.by_key[i]; node; node = next) {
			struct node **slot = slot_key(table, key_hash(node));

			next = node->next_by_key;
			node->next_by_key = *slot;
			*slot = node;
		}
	}
	free(old.by_id);
	free(old.by_key);
}

void locked_key_insert(struct table *table, struct node *node)
{
	struct node **slot = slot_key(table, key_hash(node));

	node->next_by_key = *slot;
	*slot = node;
	node->keyed = true;
}

void locked_key_remove(struct table *table, struct node *node)
{
	if (!node->keyed)
		return;
	for (struct node **at = slot_key(table, key_hash(node)); *at; at = &(*at)->next_by_key) {
		if (*at == node) {
			*at = node->next_by_key;
			break;
		}
	}
	node->keyed = false;
}

static void node_insert(struct table *table, struct node *node)
{
	struct node **slot;

	if (table->count >= table->slots)
		table_grow(table);
	node->id = ++table->last_id;
	slot = slot_id(table, node->id);
	node->next_by_id = *slot;
	*slot = node;
	table->count++;
	locked_key_insert(table, node);
}

/* Takes a node that nobody holds out of the table, with the ancestors that it alone kept; returns
 * them as a chain through next_by_id. */
static struct node *node_collect(struct table *table, struct node *node)
{
	struct node *chain = NULL;

	while (node && !node->references && !node->lookups) {
		struct node *parent = node->parent;

		locked_key_remove(table, node);
		for (struct node **at = slot_id(table, node->id); *at; at = &(*at)->next_by_id) {
			if (*at == node) {
				*at = node->next_by_id;
				break;
			}
		}
		table->count--;
		node->next_by_id = chain;
		chain = node;
		if (parent)
			parent->references--;
		node = parent;
	}
	return chain;
}

void nodes_free(struct node *chain)
{
	while (chain) {
		struct node *next = chain->next_by_id;

		node_free(chain);
		chain = next;
	}
}

static struct node *find_id(struct table *table, uint64_t id)
{
	struct node *node = *slot_id(table, id);

	while (node && node->id != id)
		node = node->next_by_id;
	return node;
}

static struct node *find_real(struct table *table, dev_t device, ino_t inode)
{
	struct node *node = *slot_key(table, real_hash(device, inode));

	while (node && (node->kind != NODE_REAL || node->inode != inode || node->device != device))
		node = node->next_by_key;
	return node;
}

struct node *locked_find_virtual(
        struct table *table, enum node_kind kind, const struct node *parent, const char *name)
{
	struct node *node = *slot_key(table, virtual_hash(kind, parent, name));

	while (node &&
	        (node->kind != kind || node->parent != parent || strcmp(node->name, name) != 0))
		node = node->next_by_key;
	return node;
}

/* Gives the node a name that the caller allocated; returns what to free without the lock. */
struct node *locked_set_name(
        struct table *table, struct node *node, struct node *parent, char **name)
{
	struct node *old = node->parent;
	char *old_name = node->name;

	if (parent)
		parent->references++;
	node->parent = parent;
	node->name = *name;
	*name = old_name;
	if (!old)
		return NULL;
	old->references--;
	return node_collect(table, old);
}

/* ---- found and made ---- */

struct node *node_get(struct vfs *vfs, uint64_t id)
{
	WITH_LOCK(&vfs->table.lock);
	struct node *node = find_id(&vfs->table, id);

	if (node)
		node->references++;
	return node;
}

struct node *node_ref(struct vfs *vfs, struct node *node)
{
	WITH_LOCK(&vfs->table.lock);

	node->references++;
	return node;
}

void node_unref(struct vfs *vfs, struct node *node)
{
	struct node *chain;

	{
		WITH_LOCK(&vfs->table.lock);
		node->references--;
		chain = node_collect(&vfs->table, node);
	}
	nodes_free(chain);
}

void node_forget(struct vfs *vfs, uint64_t id, uint64_t count)
{
	struct node *chain = NULL;

	{
		WITH_LOCK(&vfs->table.lock);
		struct node *node = find_id(&vfs->table, id);

		if (node) {
			node->lookups -= count < node->lookups ? count : node->lookups;
			chain = node_collect(&vfs->table, node);
		}
	}
	nodes_free(chain);
}

void node_count_lookup(struct vfs *vfs, struct node *node)
{
	WITH_LOCK(&vfs->table.lock);

	node->lookups++;
}

static int node_new(enum node_kind kind, const char *name, struct node **ret_node, char **ret_name)
{
	struct node *node = calloc(1, sizeof(*node));

	*ret_name = strdup(name);
	if (!node || !*ret_name) {
		free(node);
		free(*ret_name);
		*ret_name = NULL;
		return -ENOMEM;
	}
	node->kind = kind;
	node->fd = -1;
	*ret_node = node;
	return 0;
}

/* Whether a file that was found by a name is called so from now on.  The root has none.  Of
 * several names a prompt's counts, and one that is being written keeps the name that the engine
 * knows its writers by. */
static bool takes_name(
        struct vfs *vfs, const struct node *node, const struct node *parent, const char *name)
{
	if (node == vfs->root || locked_is_named(node, parent, name))
		return false;
	if (!node->parent)
		return true;
	return !node->counted &&
	       (!locked_is_prompt(node) || prompt_name_kind(name, NULL) == PROMPT_NAME_PROMPT);
}

int node_add_real(struct vfs *vfs, struct node *parent, const char *name, int *fd,
        const struct stat *st, struct node **ret_node)
{
	CLEANUP(free_p) char *new_name = NULL;
	struct node *fresh = NULL, *node, *chain = NULL;
	int r = node_new(NODE_REAL, name, &fresh, &new_name);

	if (r < 0)
		return r;
	{
		WITH_LOCK(&vfs->table.lock);

		node = find_real(&vfs->table, st->st_dev, st->st_ino);
		if (!node) {
			node = fresh;
			fresh = NULL;
			node->fd = take_fd(fd);
			node->device = st->st_dev;
			node->inode = st->st_ino;
			node->type = st->st_mode & S_IFMT;
			node_insert(&vfs->table, node);
		}
		node->references++;
		if (parent && takes_name(vfs, node, parent, name))
			chain = locked_set_name(&vfs->table, node, parent, &new_name);
	}
	nodes_free(chain);
	if (fresh)
		node_free(fresh);
	close_p(fd);
	*ret_node = node;
	return 0;
}

int node_add_virtual(struct vfs *vfs, enum node_kind kind, struct node *parent, const char *name,
        struct node **ret_node)
{
	CLEANUP(free_p) char *new_name = NULL;
	struct node *fresh = NULL, *node;
	int r = node_new(kind, name, &fresh, &new_name);

	if (r < 0)
		return r;
	{
		WITH_LOCK(&vfs->table.lock);

		node = locked_find_virtual(&vfs->table, kind, parent, name);
		if (!node) {
			node = fresh;
			fresh = NULL;
			node->type =
			        kind == NODE_DARKROOM || kind == NODE_MODELS ? S_IFDIR : S_IFREG;
			locked_set_name(&vfs->table, node, parent, &new_name);
			node_insert(&vfs->table, node);
		}
		node->references++;
	}
	if (fresh)
		node_free(fresh);
	*ret_node = node;
	return 0;
}

struct node *node_find_real(struct vfs *vfs, dev_t device, ino_t inode)
{
	WITH_LOCK(&vfs->table.lock);
	struct node *node = find_real(&vfs->table, device, inode);

	if (node)
		node->references++;
	return node;
}

struct node *node_find_virtual(
        struct vfs *vfs, enum node_kind kind, struct node *parent, const char *name)
{
	WITH_LOCK(&vfs->table.lock);
	struct node *node = locked_find_virtual(&vfs->table, kind, parent, name);

	if (node)
		node->references++;
	return node;
}

/* ---- not too many ---- */

bool vfs_is_crowded(const struct vfs *vfs)
{
	return atomic_load_explicit(&vfs->table.count, memory_order_relaxed) > vfs->table.limit;
}

/* Directories are left: somebody may be in them. */
static bool is_forgettable(const struct node *node)
{
	return node->kind == NODE_REAL && !S_ISDIR(node->type) && node->lookups &&
	       !node->references && node->parent && strlen(node->name) <= NAME_MAX;
}

size_t vfs_crowd(struct vfs *vfs, struct vfs_name *ret_names, size_t count)
{
	struct table *table = &vfs->table;
	size_t found = 0;
	WITH_LOCK(&table->lock);

	for (size_t i = 0; i < table->slots && found < count; i++) {
		struct node *node = table->by_id[table->cursor++ & (table->slots - 1)];

		for (; node && found < count; node = node->next_by_id) {
			if (!is_forgettable(node))
				continue;
			ret_names[found].parent = node->parent->id;
			memcpy(ret_names[found++].name, node->name, strlen(node->name) + 1);
		}
	}
	return found;
}
