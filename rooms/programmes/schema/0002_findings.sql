-- What a cooperative can be good at, and how far it was found to be.
create table subject (
    code TEXT not null primary key,
    list TEXT not null,
    name TEXT not null,
    belongs TEXT not null,
    position BIGINT not null
);

create table finding (
    id TEXT not null primary key,
    source TEXT not null,
    organisation TEXT not null references organisation (id),
    subject TEXT not null references subject (code),
    level BIGINT not null,
    found TEXT not null
);
create unique index finding_source on finding (source, subject);
create index finding_organisation on finding (organisation, subject, found);
create index finding_subject on finding (subject, found);
