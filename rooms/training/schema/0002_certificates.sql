-- Certificates of sessions, and the keys that sign them.
create table certificate (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    session TEXT not null references training_session (id),
    participant TEXT not null references participant (id),
    person TEXT not null references person (id),
    code TEXT not null,
    issued TEXT not null,
    place BIGINT not null,
    revoked TEXT,
    reason TEXT
);
create unique index "certificate.participant.taken" on certificate (participant);
create unique index certificate_code on certificate (code);
create unique index certificate_place on certificate (place);
create index certificate_session on certificate (session);
create index certificate_person on certificate (person);

create table certificate_proof (
    certificate TEXT not null primary key references certificate (id),
    credential TEXT not null
);

create table signing_key (
    id TEXT not null primary key,
    seed TEXT not null,
    made BIGINT not null,
    retired BIGINT
);
