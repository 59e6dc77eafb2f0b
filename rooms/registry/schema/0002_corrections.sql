-- Corrections that somebody asks for.
create table correction (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    part TEXT not null,
    text TEXT not null,
    account TEXT references account (id),
    status TEXT not null,
    answer TEXT
);
create index correction_organisation on correction (organisation, status);
create index correction_account on correction (account);
