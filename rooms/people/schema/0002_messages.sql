-- Messages to telephones: written here first, sent by the background work. A text that opens something is forgotten
-- once the gateway has it, or when it is too old (`expires`, an instant in milliseconds).
create table message (
    id TEXT not null primary key,
    kind TEXT not null,
    about TEXT not null,
    name TEXT,
    phone TEXT,
    lang TEXT not null,
    text TEXT,
    secret BIGINT not null,
    expires BIGINT,
    state TEXT not null,
    reason TEXT,
    status BIGINT,
    tries BIGINT not null,
    account TEXT,
    at BIGINT not null,
    tried BIGINT,
    changed BIGINT not null
);
create index message_at on message (at, id);
create index message_state on message (state, at);
create index message_phone on message (phone);
