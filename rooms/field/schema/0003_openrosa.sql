-- What lets ODK Collect and programs like it ask and send in somebody's name, for one programme; its text was shown once.
create table collect_key (
    id TEXT not null primary key,
    digest TEXT not null unique,
    account TEXT not null,
    programme TEXT not null,
    name TEXT not null,
    at BIGINT not null,
    used_at BIGINT,
    ended_at BIGINT
);
create index collect_key_account on collect_key (account, at);

-- What they sent: the forms, each once; their bytes are the body of a batch of the same id.
create table submission (
    id TEXT not null primary key,
    digest TEXT not null,
    account TEXT not null,
    programme TEXT not null,
    form TEXT not null,
    version TEXT not null,
    instance TEXT not null,
    device TEXT not null,
    began BIGINT,
    ended BIGINT,
    received_at BIGINT not null,
    commands TEXT not null
);
create index submission_account on submission (account, received_at);
