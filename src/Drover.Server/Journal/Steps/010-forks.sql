-- The conversation of which a run's own is a copy: that one stays as it was.
ALTER TABLE runs ADD COLUMN fork_of TEXT REFERENCES conversations (id);

-- An agent may use the id of a question again once that is settled.
DROP INDEX one_approval_per_question;
CREATE UNIQUE INDEX one_pending_approval_per_question ON approvals (run, vendor_id) WHERE state = 'pending';
CREATE INDEX approvals_by_run ON approvals (run, asked_at);
