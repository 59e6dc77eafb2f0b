-- Instruments of diagnosis, assessments with them, plans, visits.
create table instrument (
    id TEXT not null primary key,
    version BIGINT not null,
    code TEXT not null,
    edition BIGINT not null,
    name TEXT not null,
    summary TEXT,
    licence TEXT,
    credit TEXT,
    status TEXT not null
);
create unique index "instrument.edition.taken" on instrument (code, edition);

create table dimension (
    id TEXT not null primary key,
    version BIGINT not null,
    instrument TEXT not null references instrument (id),
    code TEXT not null,
    position BIGINT not null,
    name TEXT not null,
    summary TEXT,
    weight BIGINT not null,
    constraint "dimension.weight.range" check (weight between 1 and 9)
);
create unique index "dimension.code.taken" on dimension (instrument, code);

create table item (
    id TEXT not null primary key,
    version BIGINT not null,
    instrument TEXT not null references instrument (id),
    dimension TEXT not null references dimension (id),
    code TEXT not null,
    position BIGINT not null,
    topic TEXT not null,
    ask TEXT,
    level_0 TEXT not null,
    level_1 TEXT not null,
    level_2 TEXT not null,
    level_3 TEXT not null,
    level_4 TEXT not null,
    weight BIGINT not null,
    gate BIGINT not null,
    optional BIGINT not null,
    short BIGINT not null,
    probe TEXT,
    constraint "item.weight.range" check (weight between 1 and 9)
);
create unique index "item.code.taken" on item (instrument, code);
create index item_dimension on item (dimension);

create table remedy (
    id TEXT not null primary key,
    version BIGINT not null,
    instrument TEXT not null references instrument (id),
    item TEXT not null references item (id),
    name TEXT not null,
    ease BIGINT not null,
    hint TEXT,
    constraint "remedy.ease.range" check (ease between 1 and 3)
);
create index remedy_instrument on remedy (instrument, item);
create index remedy_item on remedy (item);

create table assessment (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    instrument TEXT not null references instrument (id),
    extent TEXT not null,
    held TEXT not null,
    programme TEXT references programme (id),
    assessor TEXT references account (id),
    repeats TEXT references assessment (id),
    concluded TEXT,
    note TEXT
);
create index assessment_organisation on assessment (organisation, held);
create index assessment_instrument on assessment (instrument);
create index assessment_programme on assessment (programme);
create index assessment_assessor on assessment (assessor);
create index assessment_repeats on assessment (repeats);

create table answer (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    assessment TEXT not null references assessment (id),
    item TEXT not null references item (id),
    level BIGINT,
    evidence TEXT not null,
    note TEXT,
    file TEXT references file (id),
    proposed BIGINT,
    constraint "answer.level.range" check (level is null or level between 0 and 4)
);
create unique index "answer.item.taken" on answer (assessment, item);
create index answer_organisation on answer (organisation);
create index answer_item on answer (item);

create table plan_action (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    programme TEXT references programme (id),
    assessment TEXT references assessment (id),
    item TEXT references item (id),
    title TEXT not null,
    owner TEXT,
    due TEXT,
    cost BIGINT,
    cost_currency TEXT,
    funding TEXT,
    status TEXT not null,
    proof TEXT references file (id),
    note TEXT
);
create index plan_action_organisation on plan_action (organisation, status);
create index plan_action_due on plan_action (status, due);
create index plan_action_item on plan_action (item);
create index plan_action_assessment on plan_action (assessment);
create index plan_action_programme on plan_action (programme);
