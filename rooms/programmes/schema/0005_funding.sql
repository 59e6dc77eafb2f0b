-- Equipment and co-financing: requests, papers, decisions, payments, hand-overs, inspections.
create table funding (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    organisation TEXT not null references organisation (id),
    title TEXT not null,
    purpose TEXT,
    asked TEXT not null,
    cost BIGINT not null,
    cost_currency TEXT not null,
    grant_asked BIGINT not null,
    grant_asked_currency TEXT not null,
    own_cash BIGINT not null,
    own_cash_currency TEXT not null,
    own_kind BIGINT,
    own_kind_currency TEXT,
    call TEXT references call (id),
    budget_line TEXT references budget_line (id)
);
create index funding_programme on funding (programme);
create index funding_organisation on funding (organisation);

create table hand_over (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    equipment TEXT,
    handed TEXT not null,
    receiver TEXT not null,
    note TEXT,
    file TEXT not null
);
create index hand_over_funding on hand_over (funding);

create table equipment (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    name TEXT not null,
    quantity BIGINT not null,
    serial TEXT,
    hand_over TEXT references hand_over (id)
);
create index equipment_funding on equipment (funding);

create table inspection (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    equipment TEXT not null references equipment (id),
    inspected TEXT not null,
    occasion TEXT not null,
    state TEXT not null,
    note TEXT,
    photo TEXT,
    account TEXT not null references account (id)
);
create index inspection_funding on inspection (funding);
create index inspection_equipment on inspection (equipment);

create table quotation (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    supplier TEXT not null,
    amount BIGINT not null,
    amount_currency TEXT not null,
    dated TEXT not null,
    valid_until TEXT,
    file TEXT not null,
    chosen BIGINT not null,
    reason TEXT
);
create index quotation_funding on quotation (funding);

create table grant_decision (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    outcome TEXT not null,
    decided TEXT not null,
    body TEXT not null,
    granted BIGINT,
    granted_currency TEXT,
    reason TEXT,
    file TEXT
);
create index grant_decision_funding on grant_decision (funding);

create table tranche (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    milestone TEXT not null,
    amount BIGINT not null,
    amount_currency TEXT not null,
    due TEXT,
    reached TEXT,
    proof TEXT
);
create index tranche_funding on tranche (funding);

create table grant_payment (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    tranche TEXT not null references tranche (id),
    amount BIGINT not null,
    amount_currency TEXT not null,
    paid TEXT not null,
    contribution TEXT references contribution (id),
    reference TEXT,
    file TEXT
);
create index grant_payment_funding on grant_payment (funding);
create index grant_payment_tranche on grant_payment (tranche);
create index grant_payment_contribution on grant_payment (contribution);

create table own_part (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    nature TEXT not null,
    subject TEXT not null,
    amount BIGINT not null,
    amount_currency TEXT not null,
    given TEXT not null,
    file TEXT
);
create index own_part_funding on own_part (funding);

create table purchase (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    funding TEXT not null references funding (id),
    supplier TEXT not null,
    amount BIGINT not null,
    amount_currency TEXT not null,
    bought TEXT not null,
    invoice TEXT,
    file TEXT not null
);
create index purchase_funding on purchase (funding);
