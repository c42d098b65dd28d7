-- Numbers that are given out once and never again, whatever is deleted later.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE projects (
    id TEXT NOT NULL PRIMARY KEY,
    path TEXT NOT NULL,
    git_dir TEXT NOT NULL,
    prefix TEXT NOT NULL,
    next_number BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_at BIGINT
);

-- A removed project's tickets stay, so its prefix stays taken.
CREATE UNIQUE INDEX one_project_per_prefix ON projects (prefix);
CREATE UNIQUE INDEX one_project_per_repository ON projects (git_dir) WHERE removed_at IS NULL;

CREATE TABLE tickets (
    key TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id),
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    kind TEXT NOT NULL,
    priority BIGINT NOT NULL,
    agent TEXT,
    stage TEXT NOT NULL CHECK (stage IN ('backlog', 'ready', 'coding', 'review', 'merging', 'done', 'cancelled')),
    clarified BIGINT NOT NULL CHECK (clarified IN (0, 1)),
    criteria TEXT NOT NULL,
    blocked_reason TEXT,
    blocked_by TEXT,
    blocked_at BIGINT,
    held_reason TEXT,
    held_by TEXT,
    held_at BIGINT,
    source_tracker TEXT,
    source_id TEXT,
    source_url TEXT,
    pull_request_number BIGINT,
    pull_request_url TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((blocked_reason IS NULL) = (blocked_by IS NULL) AND (blocked_reason IS NULL) = (blocked_at IS NULL)),
    CHECK ((held_by IS NULL) = (held_at IS NULL) AND (held_by IS NULL) = (held_reason IS NULL)),
    CHECK ((source_tracker IS NULL) = (source_id IS NULL)),
    CHECK ((pull_request_number IS NULL) = (pull_request_url IS NULL))
);

CREATE UNIQUE INDEX one_ticket_per_number ON tickets (project, number);
CREATE INDEX tickets_by_stage ON tickets (stage, project);

CREATE TABLE attempts (
    project TEXT NOT NULL REFERENCES projects (id),
    id TEXT NOT NULL,
    ticket TEXT REFERENCES tickets (key),
    branch TEXT NOT NULL,
    node TEXT NOT NULL,
    worktree TEXT,
    worktree_state TEXT NOT NULL CHECK (worktree_state IN ('none', 'making', 'made', 'removing', 'removed')),
    base TEXT,
    target TEXT,
    head TEXT,
    post_create_at BIGINT,
    landed_at BIGINT,
    closed_at BIGINT,
    close_reason TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project, id),
    CHECK (worktree IS NOT NULL OR worktree_state = 'none'),
    CHECK ((closed_at IS NULL) = (close_reason IS NULL)),
    CHECK (landed_at IS NULL OR closed_at IS NOT NULL)
);

CREATE UNIQUE INDEX one_attempt_per_branch ON attempts (project, branch);
CREATE UNIQUE INDEX one_attempt_per_worktree ON attempts (node, worktree) WHERE worktree IS NOT NULL;
CREATE UNIQUE INDEX one_landed_attempt_per_ticket ON attempts (ticket) WHERE landed_at IS NOT NULL;
CREATE INDEX attempts_by_ticket ON attempts (ticket);
