-- What other actors publish of themselves: read from their files, of a place rather than of a cooperative.
create table others_file (
    id TEXT not null primary key,
    version BIGINT not null,
    name TEXT not null,
    standard TEXT not null,
    publisher TEXT,
    account TEXT not null references account (id),
    told BIGINT not null,
    refused TEXT
);

create table reported_intervention (
    reference TEXT not null,
    place TEXT not null,
    file TEXT not null references others_file (id),
    actor TEXT not null,
    title TEXT not null,
    theme TEXT,
    sector TEXT,
    since TEXT,
    until TEXT,
    status TEXT not null,
    primary key (reference, place)
);
create index reported_intervention_place on reported_intervention (place);
create index reported_intervention_file on reported_intervention (file);
