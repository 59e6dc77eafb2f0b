-- Who worked how much for a cooperative and what they received, as it was told at a visit or seen in its papers.
create table work_record (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    visit TEXT references visit (id),
    since TEXT not null,
    until TEXT not null,
    person TEXT references person (id),
    people BIGINT not null,
    sex TEXT,
    standing TEXT not null,
    rhythm TEXT,
    days BIGINT not null,
    full_time BIGINT not null,
    pay BIGINT,
    pay_currency TEXT,
    before TEXT,
    evidence TEXT not null,
    proof TEXT references file (id),
    minimum TEXT,
    protected TEXT,
    lawful TEXT,
    safe TEXT,
    written TEXT,
    voice TEXT,
    constraint "work_record.people.range" check (people between 1 and 10000),
    constraint "work_record.full_time.range" check (full_time between 150 and 366)
);
create index work_record_organisation on work_record (organisation, until);
create index work_record_person on work_record (person);
create index work_record_visit on work_record (visit);
