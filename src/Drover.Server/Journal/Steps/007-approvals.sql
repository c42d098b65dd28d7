-- What is asked, as the adapter read it.
ALTER TABLE approvals ADD COLUMN kind TEXT NOT NULL DEFAULT 'other' CHECK (kind IN ('command', 'edit', 'read', 'fetch', 'question', 'other'));
ALTER TABLE approvals ADD COLUMN command TEXT;
ALTER TABLE approvals ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
ALTER TABLE approvals ADD COLUMN diff TEXT;
ALTER TABLE approvals ADD COLUMN words TEXT;
ALTER TABLE approvals ADD COLUMN is_cut BIGINT NOT NULL DEFAULT 0 CHECK (is_cut IN (0, 1));

-- How long an answer has been waited for, while the machine and the server were awake.
ALTER TABLE approvals ADD COLUMN waited_ms BIGINT NOT NULL DEFAULT 0 CHECK (waited_ms >= 0);

-- When the run's machine was given the answer, and where the frame that it made of it ends in the agent's input; none when the agent did not wait for it any more.
ALTER TABLE approvals ADD COLUMN taken_at BIGINT;
ALTER TABLE approvals ADD COLUMN frame_end BIGINT CHECK (frame_end IS NULL OR taken_at IS NOT NULL);

UPDATE approvals SET taken_at = settled_at WHERE state <> 'pending';
