CREATE TABLE tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('human', 'browser', 'run', 'script', 'server')),
    principal TEXT NOT NULL,
    scopes TEXT NOT NULL,
    run TEXT REFERENCES runs (id),
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CHECK ((kind = 'run') = (run IS NOT NULL))
);

CREATE INDEX tokens_by_run ON tokens (run, created_at) WHERE run IS NOT NULL;

CREATE TABLE idempotency (
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (principal, key)
);

CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE logins (
    hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('link', 'cookie')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
