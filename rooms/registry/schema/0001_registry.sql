create table organisation (
    id TEXT not null primary key,
    version BIGINT not null,
    kind TEXT not null,
    name TEXT not null,
    acronym TEXT,
    place TEXT not null,
    place_lat DOUBLE PRECISION,
    place_lon DOUBLE PRECISION,
    founded TEXT,
    presentation TEXT,
    published BIGINT not null,
    members BIGINT,
    women BIGINT,
    young BIGINT,
    active BIGINT,
    phone TEXT,
    phone_2 TEXT,
    email TEXT,
    address TEXT,
    website TEXT,
    register_number TEXT,
    register_court TEXT,
    national_number TEXT,
    ice TEXT,
    tax_number TEXT,
    social_number TEXT,
    status TEXT not null,
    status_reason TEXT,
    invented BIGINT not null,
    sort TEXT,
    merged_into TEXT,
    constraint "organisation.women.range" check (women is null or members is null or women <= members),
    constraint "organisation.young.range" check (young is null or members is null or young <= members),
    constraint "organisation.active.range" check (active is null or members is null or active <= members)
);
create index organisation_sort on organisation (sort, id);
-- The figures of the home page.
create index organisation_published on organisation (members, women) where published = 1 and merged_into is null;
create index organisation_phone on organisation (phone);
create index organisation_ice on organisation (ice);
create index organisation_register on organisation (register_number);
create index organisation_national on organisation (national_number);
create index organisation_merged on organisation (merged_into) where merged_into is not null;
create table organisation_activities (owner TEXT not null references organisation (id), position BIGINT not null, value TEXT not null, primary key (owner, value));

create table document (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    kind TEXT not null,
    title TEXT,
    file TEXT references file (id),
    issued TEXT,
    expires TEXT,
    constraint "document.expires.order" check (expires is null or issued is null or expires >= issued)
);
create index document_organisation on document (organisation);
create index document_expires on document (expires);

create table mandate (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    person TEXT not null references person (id),
    role TEXT not null,
    since TEXT not null,
    until TEXT,
    constraint "mandate.until.order" check (until is null or until >= since)
);
create index mandate_organisation on mandate (organisation);
create index mandate_person on mandate (person);
create index mandate_until on mandate (until);

create table membership (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    person TEXT not null references person (id),
    since TEXT,
    until TEXT,
    active BIGINT not null,
    constraint "membership.until.order" check (until is null or since is null or until >= since)
);
create unique index "membership.person.taken" on membership (person, organisation);
create index membership_organisation on membership (organisation);

-- A union, a GIE or a federation and the organisations in it.
create table affiliation (
    id TEXT not null primary key,
    version BIGINT not null,
    union_of TEXT not null references organisation (id),
    member TEXT not null references organisation (id),
    since TEXT,
    until TEXT,
    constraint "affiliation.member.itself" check (member <> union_of)
);
create unique index "affiliation.member.taken" on affiliation (member, union_of);
create index affiliation_union on affiliation (union_of);

-- What an organisation lets another one know, for what purpose, until when.
create table agreement (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    partner TEXT not null references organisation (id),
    purpose TEXT not null,
    extent TEXT not null,
    since TEXT not null,
    until TEXT not null,
    ended TEXT,
    constraint "agreement.until.order" check (until >= since),
    constraint "agreement.partner.itself" check (partner <> organisation)
);
create index agreement_organisation on agreement (organisation);
create index agreement_partner on agreement (partner);

-- Two organisations that somebody compared: the same or not. The smaller id stands first.
create table comparison (
    id TEXT not null primary key,
    version BIGINT not null,
    one TEXT not null references organisation (id),
    other TEXT not null references organisation (id),
    verdict TEXT not null,
    reason TEXT
);
create unique index "comparison.other.taken" on comparison (one, other);

-- What a merge moved, so that it can be undone.
create table merge (
    id TEXT not null primary key,
    kept TEXT not null references organisation (id),
    gone TEXT not null references organisation (id),
    moved TEXT not null,
    at BIGINT not null,
    account TEXT,
    undone_at BIGINT
);
create index merge_kept on merge (kept);

-- A list that somebody brought, and how far it has come. Without account, it came through the command line. The subject
-- is the table that its rows become records of. A workbook has sheets with rows; one of them is read.
create table import (
    id TEXT not null primary key,
    account TEXT,
    subject TEXT not null,
    name TEXT not null,
    file TEXT not null references file (id),
    sheets TEXT not null,
    sheet TEXT,
    header TEXT not null,
    mapping TEXT not null,
    state TEXT not null,
    row_count BIGINT not null,
    job TEXT,
    at BIGINT not null
);
create index import_account on import (account, at);

-- Its rows under their number in the spreadsheet: what was found in them, decided about them, made of them.
create table import_row (
    import TEXT not null references import (id),
    number BIGINT not null,
    cells TEXT not null,
    state TEXT not null,
    problems TEXT,
    candidates TEXT,
    decision TEXT,
    target TEXT,
    record TEXT,
    filled TEXT,
    primary key (import, number)
);
create index import_row_state on import_row (import, state, number);
create index import_row_record on import_row (record);

-- How this account mapped a header the last time.
create table import_mapping (account TEXT not null, subject TEXT not null, header TEXT not null, target TEXT not null, primary key (account, subject, header));
