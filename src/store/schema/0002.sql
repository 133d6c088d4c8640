-- Reference pictures and the uploads of them, the digests of finished pictures, the service's own time
-- for a task, and what is known of each provider's account.

ALTER TABLE takes ADD COLUMN took_ms INTEGER NOT NULL DEFAULT 0;

ALTER TABLE take_pictures ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';

-- The pictures that go with a request, in the order in which they are sent.
CREATE TABLE take_references (
	take TEXT NOT NULL REFERENCES takes (uuid) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	parameter TEXT NOT NULL,
	path BLOB,
	url TEXT,
	sha256 TEXT NOT NULL,
	size INTEGER NOT NULL,
	PRIMARY KEY (take, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX take_references_path ON take_references (path) WHERE path IS NOT NULL;

-- Files that providers keep for us, and their addresses there.
CREATE TABLE uploads (
	provider TEXT NOT NULL,
	base_url TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	suffix TEXT NOT NULL,
	url TEXT NOT NULL,
	expires_ms INTEGER NOT NULL,
	PRIMARY KEY (provider, base_url, sha256, suffix)
) STRICT, WITHOUT ROWID;

CREATE INDEX uploads_expires ON uploads (expires_ms);

-- Answers to orders that were lost one after the other.
CREATE TABLE accounts (
	provider TEXT NOT NULL PRIMARY KEY,
	losses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What each order costs, or may cost: all that counts against the budget.  Not tied to the takes, so
-- that what was spent stays spent when a prompt is deleted.
CREATE TABLE spending (
	take TEXT NOT NULL PRIMARY KEY,
	provider TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	credits REAL NOT NULL CHECK (credits >= 0),
	reported INTEGER NOT NULL CHECK (reported IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX spending_at ON spending (at_ms);

INSERT INTO spending
	SELECT uuid, provider, submitted_ms, coalesce(credits, 0), credits IS NOT NULL FROM takes
	WHERE submitted_ms > 0 AND provider IS NOT NULL AND coalesce(credits, 1) > 0
		AND state NOT IN ('held', 'invalid', 'queued');
