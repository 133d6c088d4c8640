-- Prompts, their takes, and what happened to each take.  Paths are bytes; everything else is text.

CREATE TABLE prompts (
	uuid TEXT NOT NULL PRIMARY KEY,
	path BLOB NOT NULL,
	deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
	ctime_ns INTEGER NOT NULL,
	content BLOB
) STRICT;

CREATE INDEX prompts_path ON prompts (path);
-- At most one live prompt at a path; any number of deleted ones.
CREATE UNIQUE INDEX prompts_live_path ON prompts (path) WHERE deleted = 0;

CREATE TABLE takes (
	uuid TEXT NOT NULL PRIMARY KEY,
	prompt TEXT NOT NULL REFERENCES prompts (uuid) ON DELETE CASCADE,
	number INTEGER NOT NULL,
	state TEXT NOT NULL,
	provider TEXT,
	model TEXT,
	text TEXT,
	variation TEXT,
	ignored TEXT,
	reason TEXT,
	error TEXT,
	hint TEXT,
	task_id TEXT,
	discard INTEGER NOT NULL CHECK (discard IN (0, 1)),
	credits REAL,
	created_ms INTEGER NOT NULL,
	submitted_ms INTEGER NOT NULL,
	accepted_ms INTEGER NOT NULL,
	completed_ms INTEGER NOT NULL,
	UNIQUE (prompt, number)
) STRICT;

CREATE TABLE take_parameters (
	take TEXT NOT NULL REFERENCES takes (uuid) ON DELETE CASCADE,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (take, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE take_pictures (
	take TEXT NOT NULL REFERENCES takes (uuid) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	url TEXT,
	name BLOB,
	suffix TEXT,
	inode INTEGER NOT NULL,
	PRIMARY KEY (take, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE take_events (
	id INTEGER PRIMARY KEY,
	take TEXT NOT NULL REFERENCES takes (uuid) ON DELETE CASCADE,
	at_ms INTEGER NOT NULL,
	state TEXT NOT NULL,
	note TEXT NOT NULL,
	UNIQUE (take, at_ms, state, note)
) STRICT;
