-- Until when a run waits for its vendor, since when, how many such waits came in a row, and how long it has waited before this one.
ALTER TABLE runs ADD COLUMN waiting_until BIGINT;
ALTER TABLE runs ADD COLUMN waiting_since BIGINT;
ALTER TABLE runs ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN waited_ms BIGINT NOT NULL DEFAULT 0;

-- What the watchdog has found, and the look at the process that failed.
ALTER TABLE runs ADD COLUMN silent_limit TEXT CHECK (silent_limit IN ('idle', 'tool', 'wall'));
ALTER TABLE runs ADD COLUMN silent_since BIGINT;
ALTER TABLE runs ADD COLUMN look_failed_at BIGINT;

-- The vendor's id of the conversation that the run goes on with, or why it began one of its own although it was to go on with another's.
ALTER TABLE runs ADD COLUMN resume_vendor_id TEXT;
ALTER TABLE runs ADD COLUMN fresh_reason TEXT;
