-- What happened: never updated (but for the erasure of a person's data), never deleted.
create table fact (
    id TEXT not null primary key,
    at BIGINT not null,
    device_at BIGINT,
    actor TEXT,
    behalf TEXT,
    kind TEXT not null,
    record TEXT not null,
    about TEXT not null,
    version BIGINT not null,
    changes TEXT not null,
    origin TEXT not null
);
create index fact_record on fact (record, id);
create index fact_about on fact (about, id);

-- Through which scopes a record can be reached, how near, and until when (an instant in milliseconds).
create table reach (
    record TEXT not null,
    scope TEXT not null,
    standing BIGINT not null,
    until BIGINT,
    primary key (record, scope)
) without rowid;
create index reach_scope on reach (scope, record, until);
create index reach_passing on reach (scope, until, record) where until is not null;

-- The index: the number of each indexed record, its place in the order of names and its terms, one a line; and for
-- each term the set of the numbers that have it, in pieces.
create table entry (
    record TEXT not null primary key,
    kind TEXT not null,
    number BIGINT not null,
    sort TEXT not null,
    terms TEXT not null
);
create unique index entry_number on entry (kind, number);
create index entry_sort on entry (kind, sort, number);
-- The order of names of a kind has another stamp after each change.
create table ordering (kind TEXT not null primary key, stamp TEXT not null);
create table posting (
    kind TEXT not null,
    term TEXT not null,
    piece BIGINT not null,
    numbers BYTEA not null,
    primary key (kind, term, piece)
);

-- Words under which a record is found that is not indexed: folded words and sound keys of its names.
create table search (
    kind TEXT not null,
    word TEXT not null,
    record TEXT not null,
    primary key (kind, word, record)
) without rowid;
create index search_record on search (record, kind, word);

-- Stored documents; their bytes lie beside the database under their digest.
create table file (
    id TEXT not null primary key,
    name TEXT not null,
    media TEXT not null,
    size BIGINT not null,
    digest TEXT not null,
    owner TEXT not null,
    at BIGINT not null,
    account TEXT
);
create index file_owner on file (owner);
create index file_digest on file (digest);

-- Work in the background: waits, runs, is done or has failed; survives a restart.
create table job (
    id TEXT not null primary key,
    kind TEXT not null,
    input TEXT not null,
    state TEXT not null,
    done BIGINT not null,
    total BIGINT not null,
    result TEXT,
    account TEXT,
    at BIGINT not null,
    changed_at BIGINT not null
);
create index job_state on job (state, at);
create index job_account on job (account, at);
