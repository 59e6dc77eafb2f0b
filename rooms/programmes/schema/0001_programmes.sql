create table programme (
    id TEXT not null primary key,
    version BIGINT not null,
    name TEXT not null,
    summary TEXT,
    objectives TEXT,
    territory TEXT,
    since TEXT not null,
    until TEXT not null,
    status TEXT not null,
    published BIGINT not null,
    invented BIGINT not null,
    constraint "programme.until.order" check (until >= since)
);
create table programme_themes (owner TEXT not null references programme (id), position BIGINT not null, value TEXT not null, primary key (owner, value));

create table phase (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    name TEXT not null,
    since TEXT not null,
    until TEXT not null,
    constraint "phase.until.order" check (until >= since)
);
create index phase_programme on phase (programme, since);

create table partner (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    organisation TEXT not null references organisation (id),
    role TEXT not null
);
create unique index "partner.organisation.taken" on partner (programme, organisation, role);
create index partner_organisation on partner (organisation);

create table convention (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    title TEXT not null,
    territory TEXT,
    signed TEXT,
    since TEXT,
    until TEXT,
    file TEXT references file (id),
    constraint "convention.until.order" check (until is null or since is null or until >= since)
);
create index convention_programme on convention (programme);

create table signatory (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    convention TEXT not null references convention (id),
    organisation TEXT not null references organisation (id)
);
create unique index "signatory.organisation.taken" on signatory (convention, organisation);
create index signatory_organisation on signatory (organisation);

create table contribution (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    convention TEXT not null references convention (id),
    organisation TEXT not null references organisation (id),
    nature TEXT not null,
    subject TEXT,
    promised BIGINT not null,
    promised_currency TEXT not null,
    due TEXT
);
create index contribution_convention on contribution (convention);
create index contribution_organisation on contribution (organisation);

create table receipt (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    contribution TEXT not null references contribution (id),
    amount BIGINT not null,
    amount_currency TEXT not null,
    received TEXT not null,
    note TEXT,
    file TEXT references file (id)
);
create index receipt_contribution on receipt (contribution);

create table budget_line (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    phase TEXT references phase (id),
    name TEXT not null,
    theme TEXT,
    planned BIGINT not null,
    planned_currency TEXT not null
);
create index budget_line_programme on budget_line (programme);

create table promotion (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    phase TEXT references phase (id),
    name TEXT not null,
    since TEXT not null,
    until TEXT,
    constraint "promotion.until.order" check (until is null or until >= since)
);
create index promotion_programme on promotion (programme, since);

create table enrolment (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    promotion TEXT not null references promotion (id),
    organisation TEXT not null references organisation (id),
    status TEXT not null,
    since TEXT not null,
    reason TEXT
);
create unique index "enrolment.organisation.taken" on enrolment (organisation, programme);
create index enrolment_programme on enrolment (programme, status);
create index enrolment_promotion on enrolment (promotion);

create table assignment (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    organisation TEXT not null references organisation (id),
    account TEXT not null references account (id),
    since TEXT not null,
    until TEXT,
    constraint "assignment.until.order" check (until is null or until >= since)
);
create index assignment_organisation on assignment (organisation);
create index assignment_account on assignment (account);
create index assignment_programme on assignment (programme);

create table intervention (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    actor TEXT not null references organisation (id),
    programme TEXT references programme (id),
    theme TEXT not null,
    title TEXT not null,
    since TEXT not null,
    until TEXT,
    quantity BIGINT,
    unit TEXT,
    amount BIGINT,
    amount_currency TEXT,
    status TEXT not null,
    source TEXT,
    place TEXT not null default '',
    constraint "intervention.until.order" check (until is null or until >= since)
);
create index intervention_organisation on intervention (organisation, theme, since);
create index intervention_actor on intervention (actor);
create index intervention_programme on intervention (programme);
create index intervention_place on intervention (place, theme);
