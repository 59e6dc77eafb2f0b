-- Work that was done elsewhere and sent later: what was applied of it, each once.
create table command_receipt (
    command TEXT not null,
    part BIGINT not null,
    at BIGINT not null,
    primary key (command, part)
);
-- The facts that such work made: by which command, in which thread of work, and when its maker made it.
create table fact_command (
    fact TEXT not null primary key,
    command TEXT not null,
    branch TEXT not null,
    made BIGINT not null
);
create index fact_command_command on fact_command (command);

-- A field to which several people gave values without knowing of each other's; open until it is closed.
create table conflict (
    id TEXT not null primary key,
    kind TEXT not null,
    record TEXT not null,
    about TEXT not null,
    field TEXT not null,
    opened BIGINT not null,
    shown TEXT not null,
    closed BIGINT,
    outcome TEXT,
    chosen TEXT,
    before TEXT,
    account TEXT
);
create unique index conflict_open on conflict (record, field) where closed is null;
create index conflict_about on conflict (about, opened);
-- The values, each with who gave it.
create table conflict_side (
    id TEXT not null primary key,
    owner TEXT not null,
    source TEXT not null,
    branch TEXT,
    account TEXT,
    made BIGINT not null,
    at BIGINT not null,
    version BIGINT not null,
    value TEXT not null
);
create index conflict_side_owner on conflict_side (owner);
create index conflict_side_account on conflict_side (account);
