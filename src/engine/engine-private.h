/* SPDX-License-Identifier: MIT */
/* What the files of the engine share.
 *
 * Threads: "engine" is the owner of takes, accounts, timers and the network; "publisher" does the
 * blocking work on pictures; everybody else comes in through engine.h.  A field's comment says who
 * may touch it; what says nothing is the engine thread's.
 *
 * Every transition of a take goes the same way (change.c): a new row is made, the store commits it,
 * then memory takes it over, then the new view is shown, then its consequence is started.  A take
 * has at most one thing under way: a timer, a transfer, a job of the publisher or a change.  Calls
 * from outside wait while a change of their prompt is on its way to the disk.
 */
#pragma once

#include "darkroom/engine.h"
#include "darkroom/http.h"
#include "darkroom/sched.h"

#include <stdatomic.h>

#define FETCHES_MAX 8     /* downloads at the same time */
#define SUBMISSIONS_MAX 8 /* createTasks of an account at the same time */
#define LOSSES_MAX 3      /* lost answers in a row before an account stops */
#define PAUSE_NETWORK_FIRST_US (2 * US_PER_S)
#define PAUSE_NETWORK_MOST_US (60 * US_PER_S)
#define KEY_MAX 4096     /* bytes of an API key */
#define UNUSABLE_TRIES 5 /* times that a picture is fetched before it counts as none */
#define DELETED_GRACE_US (2 * US_PER_S) /* editors remove a prompt and write it again */
#define KEY_LOOK_US (3 * US_PER_S)      /* between looks for a key that is missing or was refused */
#define CREDITS_LOOK_US (60 * US_PER_S) /* between looks at an empty account */
#define STORE_RETRY_US (2 * US_PER_S)   /* between tries to store what must not be lost */
#define UPLOADS_MAX 4                   /* uploads of pictures at the same time */
#define UPLOAD_TRIES 4      /* answers without an address, in a row, until a picture is given up */
#define ADDRESSES_MAX 10000 /* addresses of uploaded pictures that are remembered */
#define UPLOAD_BUCKETS 4096
#define MB 1000000                     /* bytes, as messages count them */
#define INLINE_MAX (INT64_C(64) << 20) /* bytes of all pictures inside one request */

/* Why something is held, and what to do then. */
#define REASON_DRAFT "a draft: hold is set"
#define REASON_CANCELLED "cancelled before it was sent"
#define HINT_RELEASE "write release into the status file to order it"

struct account;
struct budget_entry;
struct change;
struct message;
struct prompt;
struct take;
struct upload;

/* Something for the engine thread to do at a time. */
struct timer {
	struct due due;
	void (*fire)(struct engine *engine, struct timer *timer);
};

/* Something for the engine thread to do now. */
struct message {
	struct message *next;
	void (*run)(struct engine *engine, struct message *message);
};

/* A message whose sender waits for an answer; lives on the sender's stack. */
struct call {
	struct message message;
	pthread_mutex_t mutex;
	pthread_cond_t answered;
	bool done;
	int result;
	struct call *next; /* waiting for a prompt that is busy */
	void (*begin)(struct engine *engine, struct call *call);
	const char *path;
	const struct engine_order *order;
	enum engine_command command;
	const char *task_id; /* to settle with */
	struct prompt *prompt;
};

/* A prompt on record.  Prompts are never freed before the engine is. */
struct prompt {
	/* under engine->index_lock: */
	struct prompt *next_in_bucket;
	struct store_prompt row;
	bool given_up; /* another record has its path; no longer in the index */
	bool recorded; /* has a row in the store, or is about to */
	int writers;
	unsigned under_way;  /* takes in the queue */
	int64_t deleted_us;  /* when row.deleted became true */
	int64_t released_us; /* when the last writer left */
	struct view *view;
	/* the engine thread's: */
	struct prompt *next; /* all prompts */
	struct take *takes;  /* by number, the latest first */
	unsigned changes;    /* on their way to the disk */
	bool showing;        /* pictures of one of its takes are being shown */
	bool stale;          /* a later text could not be stored: the unsent one is not sent */
	int change_error;    /* a change could not be stored and will be tried again */
	struct call *waiting, **waiting_end;
};

/* In which line a take under way stands; those of an earlier one go first. */
enum queue_line {
	QUEUE_SENT,
	QUEUE_NEXT,      /* about to be sent */
	QUEUE_READY,     /* in its account's line */
	QUEUE_UPLOADING, /* its pictures have no addresses yet */
	QUEUE_SETTLING,
};

/* A take's place among those under way (queue.c).  All under index_lock. */
struct queue_place {
	struct queue_place *next, *previous; /* NULL: not under way */
	struct prompt *prompt;               /* NULL: a reader's mark */
	uint64_t number;                     /* grows along the ring */
	enum task_state state;
	enum queue_line line;
	int64_t when; /* within the line: when it was or will be sent, if that is known */
	uint64_t turn;
	int64_t created_ms;
};

struct take {
	struct store_take row;
	struct queue_place place;
	struct prompt *prompt;
	struct take *older;
	struct timer due; /* the next thing to do, if it waits for time */
	struct account *account;
	struct take *next_ready; /* in account->ready or ->uploading, or engine->fetch_ready */
	struct http_transfer *transfer;
	char *wait_reason;    /* shown while it waits; not stored */
	int64_t ready_us;     /* not sent before: the settle time */
	int64_t accepted_us;  /* when the task began, on our own clock */
	unsigned not_found;   /* status answers in a row that did not know the task */
	unsigned failures;    /* of looking or fetching, in a row */
	int64_t failing_us;   /* since when, in this run; 0: not failing */
	int64_t watched_us;   /* since when it is looked at, in this run */
	int64_t submitted_us; /* when createTask was sent, in this run */
	unsigned key_number;  /* of the account's key that it was sent with */
	unsigned unusable;    /* how often what came was no picture, or its address of no use */
	uint64_t useless;     /* a bit for each picture that was given up as none */
	unsigned fetch_index;
	int fetch_fd;
	bool in_ready, in_uploading, fetching;
	uint32_t to_upload;    /* a bit for each reference that is a file to be uploaded */
	int64_t uploading_us;  /* since when it has waited for addresses, the last time */
	struct job *preparing; /* its pictures are being put into the request */
	char **inlined;        /* data: URLs by reference, NULL for others; while it is submitted */
	struct budget_entry *budget_entry; /* what it costs or may cost, while that counts */
	bool hold_wanted;                  /* hold was set while createTask was under way */
	bool unstored;                     /* the row is newer than the store's */
};

/* Why nothing is sent to a provider for now. */
enum account_stop {
	ACCOUNT_OPEN,
	ACCOUNT_NO_ADDRESS,
	ACCOUNT_NO_KEY,
	ACCOUNT_BAD_KEY,
	ACCOUNT_NO_CREDITS,
	ACCOUNT_LOSING, /* several answers in a row were lost: until retry */
	ACCOUNT_PAUSED, /* rate limit, maintenance, network: until pause_us */
};

/* A provider as it is used here: address, key, pace. */
struct account {
	struct account *next;
	struct engine *engine;
	const struct provider *provider;
	char *base_url;
	const char *own_base_url; /* the user's, or NULL; borrowed */
	char *key;
	unsigned key_number; /* counts the keys */
	char *refused_key;   /* the one that the provider did not accept */
	enum account_stop stop;
	char *reason;       /* of the stop, for the status */
	int64_t stopped_us; /* when it was */
	int64_t pause_us;
	unsigned pauses;      /* in a row */
	unsigned losses;      /* of answers, in a row */
	unsigned submissions; /* createTasks under way */
	struct bucket create, status;
	struct take *ready, **ready_end; /* settled orders, first come first served */
	struct timer due;
	bool looking_for_credits;
	int64_t credits_look_us; /* not asked again before */
	bool balance_known;      /* the balance with which orders were sent again */
	double balance;
	bool short_known; /* the highest balance that was too low for an order */
	double short_balance;
	bool probing;      /* one order finds out whether a pause is over */
	bool over_budget;  /* the line waits for the budget */
	bool budget_shown; /* which the status of those in it says */

	/* Orders whose pictures have no address yet. */
	struct take *uploading, **uploading_end;
	size_t uploading_count;
	char *upload_url; /* where pictures go to */
	struct timer upload_due;
	char *upload_reason;     /* why none is sent for now */
	int64_t upload_pause_us; /* until when */
	unsigned upload_pauses;  /* in a row */
	unsigned uploads;        /* under way */
};

/* A picture of the user's at a provider: its address there, or the way to get one. */
struct upload {
	struct upload *next;     /* in its bucket */
	struct store_upload row; /* without url: it has no address yet */
	int64_t given_us;        /* when it got the address, in this run */
	unsigned wanted;         /* references of orders that wait for the address */
	unsigned failures;       /* in a row */
	unsigned unclear;        /* answers without an address, in a row */
	/* while it is under way: */
	bool under_way;
	struct account *account;
	struct http_transfer *transfer;
	struct digest *digest; /* of what was sent; NULL where that failed */
	char *path;            /* the file, below SOURCE */
	int fd;
	int64_t size, sent;
	unsigned key_number; /* of the account's key that it was sent with */
};

/* A job of the publisher's thread. */
enum job_kind { JOB_NOTIFY, JOB_FINISH, JOB_SHOW, JOB_INLINE };

struct job {
	struct message message; /* the way back */
	struct job *next;
	enum job_kind kind;
	char *path;            /* NOTIFY */
	struct take *take;     /* not looked into by the publisher; NULL: no longer wanted */
	struct prompt *prompt; /* its path, under index_lock */
	struct store_take row; /* a copy of the take's */
	unsigned index;
	int result;
	struct err err;
	enum files_format format;
	uint64_t inode;
	char sha256[DIGEST_TEXT_SIZE];
	bool superseded; /* SHOW: goes to takes/ */
	bool elsewhere;  /* SHOW: went to takes/, for the prompt is on another filesystem */
	bool lost;       /* SHOW: went to lost+found/ */
	struct files_show_picture *pictures; /* the complete ones */
	size_t picture_count;
	struct files_earlier *earlier;
	struct take **earlier_takes;
	size_t earlier_count;
	const struct provider *provider; /* INLINE */
	struct account *account;         /* INLINE: not looked into by the publisher */
	char **inlined;                  /* INLINE: what came of it, by reference */
};

/* What was spent in the last 24 hours or may have been, and who waits for some of that to be over
 * (budget.c). */
struct budget {
	/* never change after engine_new */
	bool limited;
	int64_t size;         /* of the whole, in millionths of a credit, as are all sums */
	pthread_mutex_t lock; /* of what follows; changed by the engine thread only */
	int64_t used;
	struct due_queue by_wall;  /* entries by the wall time at which they are over, in ms */
	struct due_queue by_clock; /* those for which that time has come, by the engine's clock */
	/* the engine thread's: */
	struct account *turn; /* the first whose order was too much: the others wait for it */
	struct timer timer;
	int64_t shown_us; /* when the reasons of all that wait were last brought up to date */
	struct budget_freed {
		int64_t at_ms, sum; /* so much is free by then */
	} * plan;
	size_t plan_count;
	int64_t planned_us;
	bool plan_is_old;
};

struct engine {
	/* never change after engine_new */
	const struct providers *providers;
	const struct clock *clock;
	struct store *store;
	struct files *files;
	char *option_provider, *option_base_url, *option_key_file, *config_dir;
	int64_t settle_us;
	struct http_client *http;

	pthread_mutex_t index_lock; /* innermost of all locks */
	struct prompt **buckets;    /* index_lock; by path */
	size_t bucket_count, prompt_count;
	struct queue_place queue; /* index_lock; the ring of takes under way */
	uint64_t queue_turn;      /* index_lock */
	int64_t queue_changed_ms; /* index_lock */

	pthread_mutex_t mailbox_lock;
	pthread_cond_t mailbox_wake;            /* only for when there is no network library */
	struct message *mailbox, **mailbox_end; /* mailbox_lock */
	bool closed;                            /* mailbox_lock: the thread has ended */

	pthread_mutex_t publisher_lock;
	pthread_cond_t publisher_wake;
	struct job *jobs, **jobs_end; /* publisher_lock */
	bool publisher_stops;         /* publisher_lock */

	struct engine_host host;
	pthread_t thread, publisher;
	atomic_bool started; /* the threads are there, or have been */
	bool stopped;        /* of engine_stop */
	/* the engine thread's: */
	bool sending; /* createTask may leave */
	bool stopping;
	int64_t stop_us; /* the end of lingering */
	struct prompt *prompts;
	struct account *accounts;
	struct due_queue due;
	struct change *changes; /* not durable yet */
	struct take *fetch_ready, **fetch_ready_end;
	unsigned fetches, submissions, uploads;
	bool in_fetch_next;
	struct upload *upload_buckets[UPLOAD_BUCKETS]; /* by digest */
	size_t upload_count;
	struct budget budget;
	uint64_t random;
};

/* ---- engine.c ---- */

int64_t engine_now_us(const struct engine *engine);
int64_t engine_wall_ms(const struct engine *engine);
uint32_t engine_random(struct engine *engine);
/* Hands a message to the engine thread; false where that has ended.  Any thread. */
bool engine_post(struct engine *engine, struct message *message);
/* The same for one that is made here, which nobody waits for; run frees it.  Any thread. */
void engine_tell(struct engine *engine, void (*run)(struct engine *, struct message *));
/* Sets or moves a timer. */
void engine_due(struct engine *engine, struct timer *timer, int64_t at_us);
void engine_undue(struct engine *engine, struct timer *timer);
/* Moves a take on when its time has come. */
void take_step(struct engine *engine, struct take *take);

/* ---- index.c: prompts by path; these take index_lock themselves ---- */

/* A prompt on record, or NULL. */
struct prompt *index_find(struct engine *engine, const char *path);
/* Finds or makes the prompt of a path, and marks it as in use by the engine; NULL without memory.
 */
struct prompt *index_claim(struct engine *engine, const char *path);
/* Adds a prompt read from the store. */
int index_add(struct engine *engine, struct prompt *prompt);
/* Frees the table, and the prompts that are in nothing but the table. */
void index_free(struct engine *engine);
struct prompt *prompt_new(void);
void prompt_free(struct prompt *prompt);
/* Whether the file is gone, and since when (may be NULL). */
bool prompt_is_deleted(struct engine *engine, struct prompt *prompt, int64_t *ret_since_us);
/* A copy of the path, owned by the caller. */
char *prompt_path(struct engine *engine, struct prompt *prompt);

/* ---- queue.c: takes under way, as others see them; these take index_lock themselves ---- */

void queue_init(struct engine *engine);
/* The take's row is what it is now: it comes into the queue, or leaves it. */
void queue_state(struct engine *engine, struct take *take);
/* An order that is not sent yet waits in this line now. */
void queue_line(struct engine *engine, struct take *take, enum queue_line line);
/* The take will be freed. */
void queue_remove(struct engine *engine, struct take *take);

/* ---- take.c ---- */

/* The object that a member is part of. */
#define CONTAINER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

/* A new random UUID as text. */
void uuid_text_make(char text[static UUID_TEXT_SIZE]);
struct take *take_new(struct prompt *prompt);
void take_free(struct take *take);
/* Links a new take as its prompt's latest. */
void take_link(struct take *take);
void take_unlink(struct take *take);
/* A new row: UUID, number, time. */
void row_begin(
        struct store_take *row, struct engine *engine, struct prompt *prompt, int64_t number);
/* Replaces a string of a row by a copy, or by a formatted text; NULL clears. */
int row_set(char **field, const char *text) NODISCARD;
int row_setf(char **field, const char *format, ...) PRINTF(2, 3) NODISCARD;
/* What was seen of the task so far counts no more: it is looked at as if it were new. */
void take_looks_anew(struct engine *engine, struct take *take);
/* Shows why a take waits (NULL: for nothing); publishes only what changed. */
void take_wait_reason(struct engine *engine, struct take *take, const char *format, ...)
        PRINTF(3, 4);

/* ---- change.c ---- */

typedef void change_then(struct engine *engine, struct change *change);

/* A transition on its way to the disk. */
struct change {
	struct message message;
	struct change *next;
	struct engine *engine;
	struct prompt *prompt;
	struct take *take; /* linked when it is durable, if new */
	bool new_take;
	bool drop; /* the take is deleted */
	bool with_prompt;
	bool must;  /* is tried again until it is stored */
	bool tried; /* and was, at least once */
	struct store_take row;
	struct store_prompt prompt_row;
	const char *note;
	bool spends, spends_not;        /* the take's entry in the budget is written, or deleted */
	struct store_spending spending; /* its provider is borrowed from the row */
	int result;
	struct timer due;  /* the next try */
	change_then *then; /* durable, or given up (result < 0) */
	struct call *call; /* answered by then */
	int answer;        /* what the call gets when it is stored */
};

/* A change of a take's row, which starts as a copy of it; NULL without memory. */
struct change *change_new(struct engine *engine, struct prompt *prompt, struct take *take);
/* Moves the row's state by an event; -EINVAL where that must not happen. */
int change_event(struct change *change, enum task_event event) NODISCARD;
/* Adds the prompt's row as it stands, with this content where not NULL. */
int change_with_prompt(struct change *change, const char *content, size_t size, int64_t ctime_ns)
        NODISCARD;
/* Sends it to the store; owned by the engine from here on.  then is always called later. */
void change_commit(struct change *change, change_then *then);
void change_free(struct change *change);
/* An event that must be stored, made and committed at once; the row may be edited in between.
 * Returns NULL where there is no memory or the event must not happen (logged). */
struct change *change_begin(struct engine *engine, struct take *take, enum task_event event);

/* ---- order.c ---- */

void order_begin(struct engine *engine, struct call *call);
void command_begin(struct engine *engine, struct call *call);
/* Answers a call; its memory is the caller's again. */
void call_answer(struct call *call, int result);
/* True where the call has to wait or has been refused because a change is on its way. */
bool call_waits_for_changes(struct prompt *prompt, struct call *call);
/* Lets the calls that waited for a prompt go on, and then its queued orders. */
void prompt_goes_on(struct engine *engine, struct prompt *prompt);

/* ---- settle.c: unknown takes whose task a person names ---- */

void settle_begin(struct engine *engine, struct call *call);
/* The row's task is known from a person only; the provider has not spoken of it yet. */
bool row_is_claimed(const struct store_take *row);
/* Whether the provider's word on a claimed task may be taken for this take's. */
enum claim {
	CLAIM_HOLDS,
	CLAIM_OPEN,  /* another order is being sent whose task it may be */
	CLAIM_TAKEN, /* it is the task of another prompt, whose path is *ret_owner if memory does */
};
enum claim claim_check(struct engine *engine, struct take *take, char **ret_owner);
/* Takes a claimed id out of the row of a take that becomes unknown again; why is the beginning of
 * its error. */
int row_unsettle(struct store_take *row, const char *title, const char *why) NODISCARD;
/* What to do about a lost answer; title may be NULL. */
int row_set_lost_hint(struct store_take *row, const char *title) NODISCARD;

/* ---- same.c: whether an order asks for what was ordered already ---- */

/* Cancelled before it was sent. */
bool row_is_cancelled(const struct store_take *row);
/* The unsent order says what it said before. */
bool same_as_unsent(const struct take *unsent, const struct engine_order *order);
/* What was sent is what the order asks for. */
bool same_as_sent(struct engine *engine, struct prompt *prompt, struct take *sent,
        const struct engine_order *order);
/* Takes over what the files are now that both refer to in the same place. */
void same_but_pictures(struct request *request, const struct request *now);

/* ---- account.c ---- */

/* The account of a provider; made at the first use; NULL without memory or for an unknown name. */
struct account *account_get(struct engine *engine, const char *provider);
void account_free(struct account *account);
/* A key is there again: what waited for one goes on. */
void account_has_key(struct account *account);
/* Stops sending, with a sentence for the status of all that wait. */
void account_stop(struct account *account, enum account_stop stop, const char *format, ...)
        PRINTF(3, 4);
/* Stops for a growing time. */
void account_pause(struct account *account, int64_t first_us, int64_t most_us, const char *why);
void account_open(struct account *account);
/* Tells all that wait in its line why, or that nothing is in the way. */
void account_show_reason(struct account *account);
/* The account has too few credits for an order. */
void account_short(struct account *account, const char *words);
/* An answer to an order was lost, and may have cost something: the others wait for a while, or
 * until retry. */
void account_loses(struct account *account);
/* Reads from the store what earlier runs know of accounts. */
int account_load(struct engine *engine, struct err *err) NODISCARD;
/* The provider gave a clear answer to a request that left after the account was paused. */
void account_answers(struct account *account, const struct take *take);
/* Sends a message to the provider, at most once on the wire where `once`; done is as of http_start.
 */
int account_ask(struct account *account, const struct provider_message *message, int64_t timeout_ms,
        bool once, http_done *done, void *context, struct http_transfer **ret) NODISCARD;
/* Whether something is in the way of orders, or only of uploads; sets the timer to look again. */
bool account_is_stopped(struct account *account, bool only_uploads);
/* Puts a settled order into the line. */
void account_ready(struct account *account, struct take *take);
void account_unready(struct account *account, struct take *take);
/* Sends what may be sent now. */
void account_step(struct account *account);

/* ---- key.c ---- */

/* Looks for key and address again where they are missing.  True when requests can be made. */
bool account_usable(struct account *account);

/* ---- budget.c ---- */

/* Reads what was spent by earlier runs, and connects it with the takes, which have been read. */
int budget_load(struct engine *engine, const struct engine_options *options, struct err *err)
        NODISCARD;
void budget_done(struct engine *engine);
/* What an order costs; ret_known may be NULL. */
int64_t budget_price(const struct take *take, bool *ret_known);
/* Whether the order costs more than the whole budget; then says so, and it waits for ever. */
bool budget_never_allows(struct engine *engine, struct take *take);
/* Whether the budget has enough for the first order of the account's line; where not, all that wait
 * say so, and the line goes on by itself when it has. */
bool budget_allows(struct account *account, struct take *take);
/* Takes what the order costs out of the budget; on disk with the state submitting. */
int budget_reserve(struct engine *engine, struct take *take) NODISCARD;
/* Gives it back where the order was not sent after all, and nothing is on disk. */
void budget_release(struct take *take);
/* A take is freed: what it has cost still counts. */
void budget_forget_take(struct take *take);
/* Works out what a change of a take's row means for its entry; and takes that over when it is
 * durable. */
void budget_change(struct change *change);
void budget_install(struct change *change);
/* The account that has the turn sends nothing now: the others may. */
void budget_turn_ends(struct engine *engine);

/* ---- budget-show.c ---- */

/* An amount as people write it. */
#define BUDGET_TEXT_SIZE 32
const char *budget_text(int64_t amount, char text[static BUDGET_TEXT_SIZE]);
/* When an entry is over, on the wall clock. */
int64_t budget_entry_over_ms(const struct budget_entry *entry, int64_t wall_ms, int64_t now_us);
/* Says why an order waits for the budget, or for ever. */
void budget_show(struct engine *engine, struct take *take);
void budget_show_never(struct engine *engine, struct take *take);

#define BUDGET_DAY_MS INT64_C(86400000)
#define BUDGET_CREDIT INT64_C(1000000) /* what one is of an amount */
/* Credits that an order is taken to cost whose model has no price in the definition. */
#define BUDGET_UNKNOWN_PRICE 50

/* What one take costs or may cost.  It counts for 24 hours by the wall clock, and in the run in
 * which it was made, also by the engine's own, so that a clock that is put forward frees nothing.
 */
struct budget_entry {
	struct due due; /* in one of the two queues */
	struct engine *engine;
	struct take *take;         /* NULL: there is none any more */
	char uuid[UUID_TEXT_SIZE]; /* the take's */
	int64_t at_ms, at_us;      /* at_us 0: of an earlier run */
	int64_t amount;
	bool by_clock; /* in which of the queues */
	bool reported; /* by the provider; else the price that was expected */
	bool stored;
};

/* ---- upload.c: which orders wait for addresses of their pictures ---- */

/* Whether a picture of the request has no address that the provider could use. */
bool upload_is_missing(struct engine *engine, struct take *take);
/* The address of its i-th picture, borrowed; NULL where there is none, or it goes in the request.
 */
const char *upload_address(struct engine *engine, struct take *take, size_t i);
/* The order waits for its addresses, and goes on by itself when it has them. */
void upload_want(struct engine *engine, struct take *take);
/* It no longer does; an upload that nobody wants ends. */
void upload_unwant(struct engine *engine, struct take *take);
/* A task has failed, perhaps because the provider no longer has the pictures: whoever needs the
 * addresses that the task was given waits for new ones. */
void upload_forget(struct take *take);
/* Sends what may be sent now, and shows how far it is. */
void upload_step(struct account *account);
void upload_show_reasons(struct account *account);
/* Reads what the store remembers. */
int upload_load(struct engine *engine, struct err *err) NODISCARD;
void upload_free_all(struct engine *engine);

/* Whether the take's reference is a file that must be uploaded, as upload_is_missing found it. */
bool upload_is_for(const struct take *take, size_t i);
/* What the file of a reference may be. */
struct files_reference_limits reference_limits(const struct provider *provider, const char *model,
        const char *parameter, const struct stat *prompt);
/* The order's reference that waits for this picture's address, or NULL. */
const struct reference *upload_wanted_by(
        struct engine *engine, const struct take *take, const struct upload *upload);
/* Lets the account, or all, look soon at what they wait for. */
void upload_soon(struct account *account);
void upload_wake(struct engine *engine);
/* Forgets a picture that nobody wants and that has no address. */
void upload_release(struct engine *engine, struct upload *upload);
/* A new address was added: forgets the one that expires first where there are too many. */
void upload_trim(struct engine *engine);
/* Stops the uploads of the account for a growing time, with a sentence; and lets them go on. */
void upload_pause(struct account *account, const char *format, ...) PRINTF(2, 3);
void upload_go_on(struct account *account);

/* ---- upload-send.c: one upload ---- */

/* Sends the file of this order's reference.  What goes wrong is dealt with. */
void upload_begin(struct account *account, struct upload *upload, struct take *take,
        const struct reference *reference);
/* Ends one that is under way without an answer. */
void upload_cancel(struct engine *engine, struct upload *upload);

/* ---- inline.c: pictures inside the request ---- */

/* Whether pictures of the request go inside it. */
bool inline_is_needed(const struct take *take);
/* Reads them, on the publisher's thread, and goes on with submit_intend. */
void inline_begin(struct engine *engine, struct take *take);
/* The order is taken back: what is being read is of no use. */
void inline_end(struct take *take);
void inline_run(struct engine *engine, struct job *job);
void inline_free(char **inlined, size_t count);

/* ---- submit.c, watch.c, fetch.c, show.c ---- */

/* Whether an order in its account's line may still be sent: nobody writes it, and it is there. */
bool submit_is_wanted(struct engine *engine, struct take *take);
/* Sends it: reads the pictures that go inside the request, stores the intention, createTask. */
void submit_take(struct engine *engine, struct take *take);
/* The same from the intention on. */
void submit_intend(struct engine *engine, struct take *take);
/* It was not sent after all, before there was an intention. */
void submit_ends(struct take *take);
/* A picture of an order is not what was ordered: it cannot be sent.  detail may be "". */
void submit_spoiled(struct engine *engine, struct take *take, const char *path, const char *detail);
/* An order cannot be sent for another reason; the hint says what to do. */
void submit_invalid(struct engine *engine, struct take *take, const char *error, const char *hint);
/* It was refused before there was a createTask. */
void submit_fails(struct engine *engine, struct take *take, const char *error, const char *hint);
/* Takes an unsent order out of every line. */
void submit_take_back(struct engine *engine, struct take *take);
/* Whether a QUEUED take may go to its account's queue; sets its timer where not. */
void submit_step(struct engine *engine, struct take *take);
void watch_step(struct engine *engine, struct take *take);
/* Plans the next look at a task. */
void watch_plan(struct engine *engine, struct take *take);
void fetch_step(struct engine *engine, struct take *take);
void fetch_next(struct engine *engine);
/* What is complete, or could be, waits for the disk or for memory. */
void fetch_waits(struct engine *engine, struct take *take, const char *what, int error);
/* Shows a take's complete pictures beside its prompt. */
void show_begin(struct engine *engine, struct take *take);
/* One more failure; true where there has been nothing else for very long. */
bool take_fails(struct engine *engine, struct take *take);
/* Whether something was bought that may still be fetched: retry looks for it and buys nothing. */
bool row_has_bought(const struct store_take *row);
/* Takes over the URLs of a finished task. */
int row_set_urls(struct store_take *row, char *const *urls) NODISCARD;

/* ---- publish.c ---- */

void *publisher_main(void *engine);
void publisher_add(struct engine *engine, struct job *job);
/* Tells the host that the prompt's view has changed. */
void publisher_notify(struct engine *engine, struct prompt *prompt);
void job_free(struct job *job);
/* A job about a take; NULL without memory. */
struct job *job_new(enum job_kind kind, struct take *take,
        void (*done)(struct engine *engine, struct message *message));

/* ---- view.c ---- */

/* Makes the prompt's view from its latest take and shows it. */
void view_publish(struct engine *engine, struct prompt *prompt);

/* ---- recover.c ---- */

/* Reads all prompts and takes from the store.  A take that was being submitted when the daemon
 * ended becomes unknown: its answer may have been lost. */
int recover_load(struct engine *engine, struct err *err) NODISCARD;
/* Takes up what was under way. */
void recover_resume(struct engine *engine);
