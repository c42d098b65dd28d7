-- What the scheduler goes by.
ALTER TABLE tickets ADD COLUMN stage_since BIGINT NOT NULL DEFAULT 0;
UPDATE tickets SET stage_since = updated_at;
ALTER TABLE tickets ADD COLUMN retries BIGINT NOT NULL DEFAULT 0 CHECK (retries >= 0);
ALTER TABLE tickets ADD COLUMN rounds BIGINT NOT NULL DEFAULT 0 CHECK (rounds >= 0);
ALTER TABLE tickets ADD COLUMN not_before BIGINT;
ALTER TABLE tickets ADD COLUMN begins_anew BIGINT NOT NULL DEFAULT 0 CHECK (begins_anew IN (0, 1));

-- What a person asked for while there was no room for it.
ALTER TABLE tickets ADD COLUMN wish_agent TEXT;
ALTER TABLE tickets ADD COLUMN wish_instruction TEXT;
ALTER TABLE tickets ADD COLUMN wish_cleanup BIGINT NOT NULL DEFAULT 0 CHECK (wish_cleanup IN (0, 1));
ALTER TABLE tickets ADD COLUMN wish_by TEXT;

-- A ticket waits for what it depends on. That there is no circle is checked where a row is made: the first statement of that transaction that writes is the only writer.
CREATE TABLE ticket_dependencies (
    ticket TEXT NOT NULL REFERENCES tickets (key),
    depends_on TEXT NOT NULL REFERENCES tickets (key),
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (ticket, depends_on),
    CHECK (ticket <> depends_on)
);

CREATE INDEX dependencies_by_needed ON ticket_dependencies (depends_on);

-- The entry of the roster and the login a run uses; of earlier runs only the slot is known.
ALTER TABLE runs ADD COLUMN entry TEXT;
ALTER TABLE runs ADD COLUMN account TEXT;
UPDATE runs SET entry = agent, account = 'user';

-- What was found wrong with a ticket's work, each once; told to its coder with the first prompt of a run.
CREATE TABLE feedback (
    ticket TEXT NOT NULL REFERENCES tickets (key),
    kind TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    text TEXT NOT NULL,
    run TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (ticket, kind, fingerprint)
);
