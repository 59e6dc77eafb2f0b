-- What a programme wants to reach, and where it began.
create table impact_target (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    indicator TEXT not null,
    target BIGINT not null,
    due TEXT not null,
    baseline BIGINT,
    phase TEXT references phase (id),
    cut TEXT,
    bucket TEXT
);
create index impact_target_programme on impact_target (programme, due);
