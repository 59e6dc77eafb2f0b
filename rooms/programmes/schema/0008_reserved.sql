-- Numbers of applications that a telephone holds ahead of time.
create table application_block (
    id TEXT not null primary key,
    call TEXT not null references call (id),
    device TEXT not null,
    account TEXT not null references account (id),
    first BIGINT not null,
    last BIGINT not null,
    at BIGINT not null
);
create index application_block_call on application_block (call, last);
