-- No foreign keys: an event outlives what it speaks of.
CREATE TABLE events (
    seq BIGINT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    project TEXT,
    ticket TEXT,
    run TEXT,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    data TEXT NOT NULL
);

CREATE INDEX events_by_run ON events (run, seq) WHERE run IS NOT NULL;
CREATE INDEX events_by_ticket ON events (ticket, seq) WHERE ticket IS NOT NULL;

INSERT INTO counters (name, value) VALUES ('events', 0), ('events_pruned', 0), ('landings', 0), ('receipts', 0);
