-- The commit of the target branch whose drover.yaml was in force last: what goes on while a later one is broken, also after a restart.
ALTER TABLE projects ADD COLUMN config_commit TEXT;
