-- Work that devices sent, byte for byte as it came; never changed, but for the erasure of a person's data.
create table batch (
    key TEXT not null primary key,
    id TEXT not null,
    digest TEXT not null,
    device TEXT not null,
    account TEXT not null,
    sent_at BIGINT,
    received_at BIGINT not null,
    body TEXT not null
);
create unique index batch_id on batch (id, digest);
create index batch_account on batch (account, received_at);

-- What they hold: the forms of pages, filled in elsewhere, and what became of each.
create table device_command (
    id TEXT not null primary key,
    batch TEXT not null,
    digest TEXT not null,
    account TEXT not null,
    carrier TEXT,
    branch TEXT not null,
    made BIGINT not null,
    path TEXT not null,
    form TEXT not null,
    files TEXT not null,
    instead TEXT,
    state TEXT not null,
    waits_for TEXT,
    about TEXT,
    told TEXT,
    location TEXT,
    changed_at BIGINT not null
);
create index command_state on device_command (state, changed_at);
create index command_waits on device_command (waits_for) where waits_for is not null;
create index command_account on device_command (account, changed_at);
create index command_instead on device_command (instead) where instead is not null;

-- The commands that a command stands on.
create table command_after (
    command TEXT not null,
    after TEXT not null,
    primary key (command, after)
);

-- A known id that came with other content: refused, and kept for a look.
create table clash (
    id TEXT not null primary key,
    command TEXT not null,
    batch TEXT not null,
    digest TEXT not null,
    at BIGINT not null
);
create unique index clash_once on clash (command, digest);

-- Photos and sounds that come in pieces.
create table upload (
    id TEXT not null primary key,
    account TEXT not null,
    name TEXT not null,
    size BIGINT not null,
    received BIGINT not null,
    at BIGINT not null
);
