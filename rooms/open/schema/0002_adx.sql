-- Which code of the receiver stands for what.
create table adx_code (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    ours TEXT not null,
    code TEXT not null
);
create unique index "adx_code.ours.taken" on adx_code (ours, programme);
create index adx_code_programme on adx_code (programme);

-- Files handed to the receiver, with its answers.
create table adx_push (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    period TEXT not null,
    dry BIGINT not null,
    digest TEXT not null,
    account TEXT not null references account (id),
    state TEXT not null,
    answered BIGINT,
    answer TEXT
);
create index adx_push_programme on adx_push (programme, digest);
