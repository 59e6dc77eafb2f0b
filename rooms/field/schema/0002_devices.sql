-- Phones on which people work in the field. `seen` is the last instant one was heard of.
create table field_device (
    id TEXT not null primary key,
    version BIGINT not null,
    account TEXT not null references account (id),
    name TEXT not null,
    token TEXT not null,
    seen BIGINT
);
create index field_device_account on field_device (account);
