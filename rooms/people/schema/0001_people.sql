create table person (
    id TEXT not null primary key,
    version BIGINT not null,
    name TEXT not null,
    sex TEXT,
    birth_year BIGINT,
    phone TEXT,
    position TEXT,
    erased BIGINT not null,
    sort TEXT
);
create index person_phone on person (phone);
create index person_sort on person (sort, id);
create table person_speaks (owner TEXT not null references person (id), position BIGINT not null, value TEXT not null, primary key (owner, value));
create table person_reads (owner TEXT not null references person (id), position BIGINT not null, value TEXT not null, primary key (owner, value));

create table account (
    id TEXT not null primary key,
    version BIGINT not null,
    name TEXT not null,
    email TEXT,
    phone TEXT,
    language TEXT,
    disabled BIGINT not null,
    sort TEXT,
    constraint "account.email.or_phone" check (email is not null or phone is not null)
);
create unique index "account.email.taken" on account (email);
create unique index "account.phone.taken" on account (phone);

-- What proves that a person is the account's: never in a fact, never in an answer.
create table secret (
    account TEXT not null primary key references account (id),
    password TEXT,
    totp TEXT,
    totp_waiting TEXT,
    totp_step BIGINT
);

-- Somebody who gave the right password and still owes the code of the second factor.
create table half_way (
    digest TEXT not null primary key,
    account TEXT not null references account (id),
    expires BIGINT not null
);

create table session (
    digest TEXT not null primary key,
    account TEXT not null references account (id),
    at BIGINT not null,
    expires BIGINT not null,
    device TEXT not null
);
create index session_account on session (account);

-- A link that lets someone choose a password once: for a new account or a forgotten password.
create table invitation (
    digest TEXT not null primary key,
    account TEXT not null references account (id),
    at BIGINT not null,
    expires BIGINT not null
);
create index invitation_account on invitation (account);

create table token (
    id TEXT not null primary key,
    digest TEXT not null unique,
    account TEXT not null references account (id),
    name TEXT not null,
    writes BIGINT not null,
    at BIGINT not null,
    expires BIGINT not null
);
create index token_account on token (account);

create table role (
    id TEXT not null primary key,
    version BIGINT not null,
    account TEXT not null references account (id),
    role TEXT not null,
    scope TEXT not null,
    since TEXT not null,
    until TEXT,
    constraint "role.until.order" check (until is null or until >= since)
);
create index role_account on role (account);
create index role_scope on role (scope);

create table consent (
    id TEXT not null primary key,
    version BIGINT not null,
    person TEXT not null references person (id),
    purpose TEXT not null,
    text_version TEXT not null,
    form TEXT not null,
    witness TEXT,
    given_on TEXT not null,
    withdrawn_on TEXT,
    constraint "consent.withdrawn_on.order" check (withdrawn_on is null or withdrawn_on >= given_on)
);
create index consent_person on consent (person);
