-- Deadlines that the law or a partner sets, with their sources.
create table legal_rule (
    id TEXT not null primary key,
    version BIGINT not null,
    code TEXT not null,
    name TEXT not null,
    text TEXT,
    article TEXT,
    source TEXT,
    counts_from TEXT not null,
    months BIGINT,
    days BIGINT,
    document TEXT not null,
    once BIGINT not null,
    active BIGINT not null,
    verified_by TEXT,
    verified_on TEXT
);
create unique index "legal_rule.code.taken" on legal_rule (code);
