CREATE TABLE landings (
    id BIGINT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id),
    ticket TEXT NOT NULL REFERENCES tickets (key),
    attempt TEXT NOT NULL,
    run TEXT REFERENCES runs (id),
    target TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('merge', 'squash', 'ff')),
    state TEXT NOT NULL CHECK (state IN ('made', 'testing', 'tested', 'intended', 'landed', 'conflict', 'failed', 'raced', 'abandoned')),
    head TEXT NOT NULL,
    old_commit TEXT NOT NULL,
    new_commit TEXT,
    tree TEXT,
    reason TEXT,
    files TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (project, attempt) REFERENCES attempts (project, id),
    CHECK (state IN ('conflict', 'failed', 'raced', 'abandoned') OR (new_commit IS NOT NULL AND tree IS NOT NULL)),
    CHECK (state NOT IN ('conflict', 'failed', 'raced', 'abandoned') OR reason IS NOT NULL)
);

CREATE UNIQUE INDEX one_open_landing_per_attempt ON landings (project, attempt) WHERE state IN ('made', 'testing', 'tested', 'intended');
CREATE UNIQUE INDEX one_landed_landing_per_ticket ON landings (ticket) WHERE state = 'landed';
CREATE INDEX landings_by_ticket ON landings (ticket, id);

CREATE TABLE landing_approvals (
    project TEXT NOT NULL,
    attempt TEXT NOT NULL,
    ticket TEXT NOT NULL REFERENCES tickets (key),
    head TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('approve', 'merge')),
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (project, attempt, head, kind),
    FOREIGN KEY (project, attempt) REFERENCES attempts (project, id)
);

CREATE TABLE receipts (
    id BIGINT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id),
    tree TEXT NOT NULL,
    gate TEXT NOT NULL,
    command TEXT NOT NULL,
    config_sha TEXT NOT NULL,
    passed BIGINT NOT NULL CHECK (passed IN (0, 1)),
    exit_code BIGINT,
    duration_ms BIGINT NOT NULL,
    log TEXT NOT NULL,
    output_tail TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX receipts_by_tree ON receipts (project, tree, gate, id);
