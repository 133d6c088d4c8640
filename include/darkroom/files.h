/* SPDX-License-Identifier: MIT */
/* files: pictures as files: received, verified, synced, shown; earlier takes and lost pictures
 * kept.
 *
 * Everything lives below one hidden directory of SOURCE, `.darkroom`:
 *   incoming/TAKE-INDEX       pictures being received, or complete and not yet shown
 *   takes/PROMPT/NUMBER/NAME  earlier pictures
 *   lost+found/NAME           pictures whose prompt or directory was gone
 *   tasks.db, lock            the store's, and the lock of the one daemon
 * All paths are relative to descriptors held in struct files.  Functions block on the local disk
 * only; any thread may call them, one thread at a time for one take.
 */
#pragma once

#include "darkroom/base.h"

#include <sys/stat.h>

#define FILES_DIRECTORY ".darkroom"
#define FILES_INCOMING "incoming"
#define FILES_TAKES "takes"
#define FILES_LOST "lost+found"

/* The largest picture that is accepted. */
#define FILES_PICTURE_MAX (INT64_C(256) << 20)

struct files;

/* Takes hold of SOURCE: makes `.darkroom` (mode 0700) and its directories where missing.  source_fd
 * is borrowed and must stay open.  -errno with a sentence. */
int files_open(int source_fd, struct files **ret_files, struct err *err) NODISCARD;
void files_free(struct files *files);
void files_free_p(struct files **files);

/* Locks SOURCE for this daemon.  Waits up to wait_ms while another one that has been unmounted is
 * finishing.  -EBUSY with a sentence naming the other's process where it is mounted or does not
 * end. files_finishing marks that ours has been unmounted. */
int files_lock(struct files *files, int64_t wait_ms, struct err *err) NODISCARD;
void files_finishing(struct files *files);

/* Whether SOURCE keeps extended attributes of users. */
bool files_has_xattrs(const struct files *files);

/* What fstatat(2) says of a path below SOURCE, without following a symbolic link. */
int files_stat(struct files *files, const char *path, struct stat *ret_stat) NODISCARD;

/* ---- receiving ---- */

/* Opens an empty file for a picture, in incoming/; owned by the caller.  -errno. */
int files_receive(struct files *files, const char *take_uuid, unsigned index, int *ret_fd)
        NODISCARD;
/* Removes what is in incoming/ for the take (a cut or useless picture). */
void files_discard(struct files *files, const char *take_uuid, unsigned index);

enum files_format {
	FILES_UNKNOWN,
	FILES_PNG,
	FILES_JPEG,
	FILES_WEBP,
	FILES_GIF,
	FILES_AVIF,
	FILES_HEIC,
	FILES_BMP,
	FILES_TIFF,
	FILES_JXL,
	FILES_SVG,
};
const char *files_format_suffix(enum files_format format); /* "png", without a dot */
enum files_format files_format_parse(
        const char *suffix); /* the reverse; FILES_UNKNOWN for others */
const char *files_format_mime(enum files_format format);

/* Finds out from the bytes alone what a picture is and whether it is whole: PNG to IEND, JPEG to
 * its end mark, RIFF, ISO and BMP sizes, GIF's trailer.  Pure: reads nothing but the bytes.
 * -EBADMSG with a sentence ("an HTML page, not a picture", "a PNG that is cut short"). */
int files_verify_bytes(const unsigned char *bytes, size_t size, enum files_format *ret_format,
        struct err *err) NODISCARD;

/* What is known of a take's picture when it is shown. */
struct files_attributes {
	const char *take_uuid;
	const char *task_id;
	const char *model;
	const char *comment; /* the prompt's text; cut to what the filesystem takes */
};

/* Verifies a received picture, gives it its attributes (real xattrs: user.darkroom.task.uuid,
 * user.darkroom.task.id, user.darkroom.model, user.mime_type, user.xdg.comment), owner and mode,
 * and syncs it to disk.  Attributes that cannot be kept are left out.  -EBADMSG with a sentence
 * where it is no whole picture, -ENOSPC, -EIO.  *ret_inode is its inode number, ret_sha256 the
 * digest of its bytes. */
int files_finish(struct files *files, const char *take_uuid, unsigned index,
        const struct files_attributes *attributes, uid_t uid, gid_t gid, mode_t mode,
        enum files_format *ret_format, uint64_t *ret_inode,
        char ret_sha256[static DIGEST_TEXT_SIZE], struct err *err) NODISCARD;

/* ---- reference pictures ---- */

/* What a reference picture may be. */
struct files_reference_limits {
	int64_t bytes_max; /* 0, or more than FILES_PICTURE_MAX: that */
	/* As of files_format_suffix, NULL-terminated, borrowed; NULL: any picture. */
	const char *const *suffixes;
	/* Who must be able to read it; heeded where the daemon runs as root.  gid counts where the
	 * user database does not know the user's groups. */
	uid_t uid;
	gid_t gid;
};

/* Opens a picture of the user's for reading: `path` is relative to SOURCE and must not lead out of
 * it, also not through symbolic links; a regular file, not empty, within the limits, a picture by
 * its first bytes.  Never blocks on a FIFO.  -EINVAL with a sentence that begins with the path
 * ("a.png: no such file", "a.png: has 12 MiB; at most 10 MiB are taken", "a.png: is a GIF;
 * allowed are PNG, JPEG"); -errno for trouble that is not the file's.  *ret_fd is the caller's. */
int files_open_reference(struct files *files, const char *path,
        const struct files_reference_limits *limits, int *ret_fd, enum files_format *ret_format,
        struct stat *ret_stat, struct err *err) NODISCARD;
/* The same, and the digest of its bytes, which is remembered for as long as inode, size and times
 * are the same.  Reads the whole file otherwise; -EINVAL also for one that is changed meanwhile. */
int files_digest_reference(struct files *files, const char *path,
        const struct files_reference_limits *limits, char sha256[static DIGEST_TEXT_SIZE],
        int64_t *ret_size, struct err *err) NODISCARD;

/* ---- showing ---- */

/* How a file changes its place, both paths relative to SOURCE, flags as for renameat2(2).  The
 * mount gives one that goes through itself, so that watchers see it; files_rename_direct works on
 * SOURCE. */
typedef int files_rename(void *context, const char *from, const char *to, unsigned flags);
/* context is the struct files. */
files_rename files_rename_direct;

/* An earlier picture that a new one replaces. */
struct files_earlier {
	const char *name; /* beside the prompt */
	const char *take_uuid;
	uint64_t inode;
	int64_t number; /* of its take */
	bool moved;     /* set by files_show: it is in takes/ now */
};

struct files_show_picture {
	unsigned index; /* in incoming/ */
	enum files_format format;
	uint64_t inode; /* as files_finish said */
	char name[256]; /* in: the name it got before a crash, or ""; out: the name it has */
};

/* One take's pictures to be shown beside their prompt. */
struct files_show {
	const char *prompt_uuid;
	const char *take_uuid;
	const char *directory; /* of the prompt, below SOURCE; "" for SOURCE itself */
	const char *stem;      /* the prompt's name without .prompt */
	struct files_show_picture *pictures;
	size_t picture_count;
	struct files_earlier *earlier;
	size_t earlier_count;
	files_rename *rename;
	void *rename_context;
};

/* Moves the earlier pictures that still are this prompt's (their attribute names the take, or the
 * same inode; on a filesystem with attributes, only if it names some take, because the number of a
 * deleted picture may be another file's by now) to takes/, and shows the new ones as STEM.SUFFIX,
 * or STEM-1.SUFFIX and so on for several, or where a file of another origin has the name, the next
 * free STEM-N.SUFFIX.  A picture appears all at once.  May be repeated after a crash at any line:
 * what is done is found done, and a picture that is neither in incoming/ nor beside the prompt
 * counts as shown and taken away since. -ENOENT when the directory is gone (nothing was moved),
 * -ENOSPC, -EIO, ... */
int files_show(struct files *files, struct files_show *show) NODISCARD;

/* Puts a take's pictures into takes/PROMPT/NUMBER/ (the take was replaced or cancelled before they
 * came), or into lost+found/ (the prompt is gone).  Repeatable.  name gets the name used. */
int files_keep(struct files *files, const char *prompt_uuid, int64_t number, const char *stem,
        const char *take_uuid, struct files_show_picture *pictures, size_t count) NODISCARD;
int files_lose(struct files *files, const char *stem, const char *take_uuid,
        struct files_show_picture *pictures, size_t count) NODISCARD;

/* Whether any of the names in the directory is a picture of the take. */
bool files_shown(struct files *files, const char *directory, const char *const *names, size_t count,
        const char *take_uuid);
