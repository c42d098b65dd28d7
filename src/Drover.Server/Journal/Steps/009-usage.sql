-- Which model a turn used: its price depends on it.
ALTER TABLE turns ADD COLUMN model TEXT;
UPDATE turns SET model = (SELECT model FROM runs WHERE runs.id = turns.run);
