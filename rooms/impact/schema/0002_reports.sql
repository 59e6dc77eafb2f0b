-- Reports: what is told to sponsors and teams. Once frozen, their figures stand here and no longer follow the records.
create table report (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    template TEXT not null,
    title TEXT not null,
    language TEXT not null,
    since TEXT not null,
    until TEXT not null,
    territory TEXT,
    state TEXT not null,
    frozen_on TEXT,
    frozen_by TEXT references account (id),
    previous TEXT references report (id),
    constraint "report.until.order" check (until >= since)
);
create index report_programme on report (programme, until);

create table report_section (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    report TEXT not null references report (id),
    position BIGINT not null,
    kind TEXT not null,
    heading TEXT,
    body TEXT,
    indicators TEXT,
    first_cut TEXT,
    second_cut TEXT,
    organisation TEXT references organisation (id),
    person TEXT references person (id),
    photo TEXT references file (id)
);
create index report_section_report on report_section (report, position);

-- A frozen figure: what it counted (cuts: how many cuts narrow it), by which statement, over which items.
create table report_figure (
    section TEXT not null references report_section (id),
    position BIGINT not null,
    indicator TEXT not null,
    name TEXT not null,
    definition TEXT not null,
    unit TEXT not null,
    place TEXT,
    since TEXT not null,
    until TEXT not null,
    cuts BIGINT not null,
    row_code TEXT,
    row_label TEXT not null,
    column_code TEXT,
    column_label TEXT not null,
    value BIGINT,
    currency TEXT,
    n BIGINT not null,
    low BIGINT,
    high BIGINT,
    hidden BIGINT not null,
    statement TEXT not null,
    items TEXT not null,
    at BIGINT not null,
    before_value BIGINT,
    before_n BIGINT,
    before_since TEXT,
    before_until TEXT,
    again_value BIGINT,
    again_n BIGINT,
    again_same BIGINT,
    primary key (section, position)
);

-- What was told of a cooperative when the report was frozen, as JSON.
create table report_story (
    section TEXT not null primary key references report_section (id),
    told TEXT not null
);

create table report_link (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    report TEXT not null references report (id),
    until TEXT not null,
    withdrawn_on TEXT
);
create index report_link_report on report_link (report, until);

-- The secret of a link is kept as its digest alone.
create table report_key (
    digest TEXT not null primary key,
    link TEXT not null references report_link (id)
);
