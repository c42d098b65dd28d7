CREATE TABLE conversations (
    id TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id),
    attempt TEXT,
    run TEXT NOT NULL,
    node TEXT NOT NULL,
    adapter TEXT NOT NULL,
    home TEXT NOT NULL,
    cwd TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    model TEXT,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (project, attempt) REFERENCES attempts (project, id)
);

CREATE UNIQUE INDEX one_conversation_per_run_and_vendor_id ON conversations (run, vendor_id);
CREATE INDEX conversations_by_attempt ON conversations (project, attempt);

CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id),
    ticket TEXT REFERENCES tickets (key),
    attempt TEXT,
    role TEXT NOT NULL CHECK (role IN ('intake', 'orchestrator', 'coder', 'reviewer', 'merger', 'investigator')),
    agent TEXT NOT NULL,
    adapter TEXT NOT NULL,
    name TEXT NOT NULL,
    node TEXT NOT NULL,
    parent TEXT REFERENCES runs (id),
    resume_of TEXT REFERENCES runs (id),
    state TEXT NOT NULL CHECK (state IN ('reserved', 'preparing', 'starting', 'live', 'stopping', 'settled')),
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,

    -- What was ordered.
    no_worktree BIGINT NOT NULL CHECK (no_worktree IN (0, 1)),
    cleanup BIGINT NOT NULL CHECK (cleanup IN (0, 1)),
    worktree TEXT,
    base TEXT,
    model TEXT,
    instruction TEXT,
    prompt TEXT,
    settings TEXT NOT NULL,
    command TEXT NOT NULL,
    token_hash TEXT NOT NULL,

    -- Its process.
    sandbox TEXT,
    containment TEXT CHECK (containment IN ('pid_namespace', 'cgroup', 'scan')),
    boot_id TEXT,
    pid BIGINT,
    pid_start BIGINT,
    exit_code BIGINT,
    exit_at BIGINT,

    -- How far it has been read and written.
    conversation TEXT REFERENCES conversations (id),
    vendor_conversation TEXT,
    checkpoint_version TEXT,
    checkpoint TEXT,
    watermark BIGINT NOT NULL,
    input_end BIGINT NOT NULL,
    input_closed BIGINT NOT NULL CHECK (input_closed IN (0, 1)),
    handshake_at BIGINT,
    prompt_message TEXT,
    prompt_written_at BIGINT,
    accepted_at BIGINT,
    turn_open BIGINT NOT NULL CHECK (turn_open IN (0, 1)),
    open_tools BIGINT NOT NULL CHECK (open_tools >= 0),
    last_event_at BIGINT,
    limited_until BIGINT,
    awake_ms BIGINT NOT NULL,
    commit_asks BIGINT NOT NULL,

    -- Why it is to end.
    stop_by TEXT,
    stop_reason TEXT,
    stop_at BIGINT,
    fault_outcome TEXT CHECK (fault_outcome IN ('succeeded', 'failed', 'interrupted', 'stopped', 'lost')),
    fault_class TEXT CHECK (fault_class IN ('auth', 'rate_limit', 'usage_limit', 'overloaded', 'context', 'max_turns', 'budget', 'refused', 'connection', 'crashed', 'killed', 'silent', 'protocol', 'no_commits', 'other')),
    fault_reason TEXT,
    finish_at BIGINT,

    -- How it ended.
    outcome TEXT CHECK (outcome IN ('succeeded', 'failed', 'interrupted', 'stopped', 'lost')),
    class TEXT CHECK (class IN ('auth', 'rate_limit', 'usage_limit', 'overloaded', 'context', 'max_turns', 'budget', 'refused', 'connection', 'crashed', 'killed', 'silent', 'protocol', 'no_commits', 'other')),
    reason TEXT,
    ended_by TEXT,
    retryable BIGINT NOT NULL CHECK (retryable IN (0, 1)),
    resets_at BIGINT,

    -- What it left.
    head TEXT,
    commits BIGINT,
    files_changed BIGINT,
    insertions BIGINT,
    deletions BIGINT,
    dirty TEXT NOT NULL,
    salvage_ref TEXT,
    summary TEXT,
    note TEXT,
    tokens_input BIGINT NOT NULL,
    tokens_output BIGINT NOT NULL,
    tokens_cache_read BIGINT NOT NULL,
    tokens_cache_write BIGINT NOT NULL,
    usd_micros BIGINT,

    FOREIGN KEY (project, attempt) REFERENCES attempts (project, id),
    CHECK ((state = 'settled') = (outcome IS NOT NULL)),
    CHECK ((state = 'settled') = (ended_at IS NOT NULL)),
    CHECK ((outcome IS NULL) = (reason IS NULL) AND (outcome IS NULL) = (ended_by IS NULL)),
    CHECK (outcome <> 'failed' OR class IS NOT NULL),
    CHECK ((stop_by IS NULL) = (stop_reason IS NULL) AND (stop_by IS NULL) = (stop_at IS NULL)),
    CHECK ((fault_outcome IS NULL) = (fault_reason IS NULL)),
    CHECK ((pid IS NULL) = (boot_id IS NULL) AND (pid IS NULL) = (pid_start IS NULL)),
    CHECK ((checkpoint IS NULL) = (checkpoint_version IS NULL))
);

CREATE UNIQUE INDEX one_active_run_per_role ON runs (project, attempt, role) WHERE state <> 'settled';
CREATE UNIQUE INDEX one_active_writer_per_attempt ON runs (project, attempt) WHERE state <> 'settled' AND role IN ('coder', 'merger');
CREATE UNIQUE INDEX one_active_run_per_agent ON runs (project, agent) WHERE state <> 'settled' AND role <> 'orchestrator';
CREATE UNIQUE INDEX one_active_run_without_worktree ON runs (project) WHERE state <> 'settled' AND no_worktree = 1;
CREATE UNIQUE INDEX one_run_per_name ON runs (project, name);
CREATE UNIQUE INDEX one_run_per_token ON runs (token_hash);
CREATE INDEX runs_active ON runs (state) WHERE state <> 'settled';
CREATE INDEX runs_by_age ON runs (created_at);
CREATE INDEX runs_by_ticket ON runs (ticket, created_at);
CREATE INDEX runs_by_attempt ON runs (project, attempt, created_at);

CREATE TABLE turns (
    run TEXT NOT NULL REFERENCES runs (id),
    number BIGINT NOT NULL,
    message TEXT,
    opened_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT CHECK (outcome IN ('succeeded', 'failed', 'interrupted', 'stopped', 'lost')),
    class TEXT CHECK (class IN ('auth', 'rate_limit', 'usage_limit', 'overloaded', 'context', 'max_turns', 'budget', 'refused', 'connection', 'crashed', 'killed', 'silent', 'protocol', 'no_commits', 'other')),
    reason TEXT,
    retryable BIGINT NOT NULL CHECK (retryable IN (0, 1)),
    resets_at BIGINT,
    tokens_input BIGINT NOT NULL,
    tokens_output BIGINT NOT NULL,
    tokens_cache_read BIGINT NOT NULL,
    tokens_cache_write BIGINT NOT NULL,
    usd_micros BIGINT,
    PRIMARY KEY (run, number),
    CHECK ((ended_at IS NULL) = (outcome IS NULL) AND (ended_at IS NULL) = (reason IS NULL))
);

CREATE UNIQUE INDEX one_open_turn_per_run ON turns (run) WHERE ended_at IS NULL;

CREATE TABLE steers (
    id TEXT NOT NULL PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs (id),
    text TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('now', 'next', 'interrupt')),
    state TEXT NOT NULL CHECK (state IN ('queued', 'written', 'acknowledged', 'refused', 'unknown')),
    why TEXT,
    actor TEXT NOT NULL,
    frame_end BIGINT,
    created_at BIGINT NOT NULL,
    taken_at BIGINT,
    written_at BIGINT,
    settled_at BIGINT,
    CHECK ((state IN ('acknowledged', 'refused', 'unknown')) = (settled_at IS NOT NULL)),
    CHECK (state NOT IN ('refused', 'unknown') OR why IS NOT NULL)
);

CREATE INDEX steers_by_run ON steers (run, created_at);

CREATE TABLE approvals (
    id TEXT NOT NULL PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs (id),
    vendor_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    detail TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'allowed', 'denied', 'expired')),
    actor TEXT,
    why TEXT,
    asked_at BIGINT NOT NULL,
    settled_at BIGINT,
    CHECK ((state = 'pending') = (settled_at IS NULL) AND (state = 'pending') = (actor IS NULL))
);

CREATE UNIQUE INDEX one_approval_per_question ON approvals (run, vendor_id);
CREATE INDEX approvals_pending ON approvals (asked_at) WHERE state = 'pending';

-- The bytes that are written to an agent's input, at their place in it. Gone when the run has settled.
CREATE TABLE frames (
    run TEXT NOT NULL REFERENCES runs (id),
    start BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (run, start)
);

-- What a run's machine was told beside the agent's lines. Gone when the run has settled.
CREATE TABLE inputs (
    run TEXT NOT NULL REFERENCES runs (id),
    number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    input TEXT NOT NULL,
    PRIMARY KEY (run, number)
);
