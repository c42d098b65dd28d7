-- A run's agent may be given another process. What it is to begin with while the former one's remnants still stand; null when they do not.
ALTER TABLE runs ADD COLUMN successor TEXT CHECK (successor IN ('same_conversation', 'fresh_conversation'));

-- Of the present process: its number, from 1; the byte of the spool and the turn after which it began; its first prompt, where that is not the run's own.
ALTER TABLE runs ADD COLUMN process_number BIGINT NOT NULL DEFAULT 1 CHECK (process_number > 0);
ALTER TABLE runs ADD COLUMN process_spool BIGINT NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN process_turn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN process_prompt TEXT;

-- When the agent first took up a prompt, in whichever process; accepted_at is of the present one.
ALTER TABLE runs ADD COLUMN begun_at BIGINT;
UPDATE runs SET begun_at = accepted_at;

-- A turn that ended before the agent began it: the message that was to open it was never taken up.
ALTER TABLE turns ADD COLUMN is_untaken BIGINT NOT NULL DEFAULT 0 CHECK (is_untaken IN (0, 1));
