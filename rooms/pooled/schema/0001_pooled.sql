-- Pooled orders: invitations, pledges, shares, receptions, money and settlement.
create table pooled_order (
    id TEXT not null primary key,
    version BIGINT not null,
    lead TEXT not null references organisation (id),
    buyer TEXT not null,
    country TEXT not null,
    contact TEXT,
    product TEXT not null,
    grade TEXT,
    label TEXT,
    unit TEXT not null,
    pack BIGINT not null,
    packs BIGINT not null,
    tolerance BIGINT not null,
    second_grade BIGINT not null,
    price BIGINT not null,
    price_currency TEXT not null,
    incoterm TEXT not null,
    place TEXT not null,
    deliver TEXT not null,
    mode TEXT not null,
    mandate TEXT,
    rule TEXT not null,
    guarantee BIGINT,
    closes TEXT not null,
    stage TEXT not null,
    agreed BIGINT,
    cancelled_reason TEXT
);
create index pooled_order_lead on pooled_order (lead);

create table pooled_part (
    id TEXT not null primary key,
    version BIGINT not null,
    lead TEXT not null references organisation (id),
    pooled_order TEXT not null references pooled_order (id),
    organisation TEXT not null references organisation (id),
    closed TEXT
);
create unique index "pooled_part.organisation.taken" on pooled_part (organisation, pooled_order);
create index pooled_part_order on pooled_part (pooled_order);
create index pooled_part_lead on pooled_part (lead);

create table pooled_pledge (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    part TEXT not null references pooled_part (id),
    most BIGINT not null,
    least BIGINT,
    floor BIGINT,
    floor_currency TEXT,
    ready TEXT not null,
    lot TEXT references lot (id),
    how TEXT not null,
    paper TEXT references file (id),
    members BIGINT not null,
    writer TEXT references account (id)
);
create unique index "pooled_pledge.part.taken" on pooled_pledge (part);
create index pooled_pledge_organisation on pooled_pledge (organisation);
create index pooled_pledge_paper on pooled_pledge (paper) where paper is not null;

create table pooled_share (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    part TEXT not null references pooled_part (id),
    round BIGINT not null,
    packs BIGINT not null,
    kept BIGINT not null,
    why TEXT not null,
    answer TEXT not null,
    answered TEXT,
    how TEXT,
    writer TEXT references account (id)
);
create unique index "pooled_share.round.taken" on pooled_share (part, round);
create index pooled_share_organisation on pooled_share (organisation);

create table pooled_reception (
    id TEXT not null primary key,
    version BIGINT not null,
    lead TEXT not null references organisation (id),
    pooled_order TEXT not null references pooled_order (id),
    part TEXT not null references pooled_part (id),
    lot TEXT not null references lot (id),
    day TEXT not null,
    brought BIGINT not null,
    accepted BIGINT not null,
    grade TEXT not null,
    moisture BIGINT,
    photo TEXT references file (id),
    note TEXT
);
create index pooled_reception_order on pooled_reception (pooled_order);
create index pooled_reception_part on pooled_reception (part);
create index pooled_reception_lot on pooled_reception (lot);
create index pooled_reception_lead on pooled_reception (lead);

create table pooled_charge (
    id TEXT not null primary key,
    version BIGINT not null,
    lead TEXT not null references organisation (id),
    pooled_order TEXT not null references pooled_order (id),
    kind TEXT not null,
    amount BIGINT not null,
    amount_currency TEXT not null,
    day TEXT not null,
    agreed TEXT not null
);
create index pooled_charge_order on pooled_charge (pooled_order);
create index pooled_charge_lead on pooled_charge (lead);

create table pooled_receipt (
    id TEXT not null primary key,
    version BIGINT not null,
    lead TEXT not null references organisation (id),
    pooled_order TEXT not null references pooled_order (id),
    day TEXT not null,
    amount BIGINT not null,
    amount_currency TEXT not null,
    credited BIGINT not null,
    credited_currency TEXT not null,
    note TEXT
);
create index pooled_receipt_order on pooled_receipt (pooled_order);
create index pooled_receipt_lead on pooled_receipt (lead);

create table pooled_advance (
    id TEXT not null primary key,
    version BIGINT not null,
    lead TEXT not null references organisation (id),
    pooled_order TEXT not null references pooled_order (id),
    part TEXT not null references pooled_part (id),
    day TEXT not null,
    amount BIGINT not null,
    amount_currency TEXT not null,
    note TEXT
);
create index pooled_advance_order on pooled_advance (pooled_order);
create index pooled_advance_lead on pooled_advance (lead);

create table pooled_settlement (
    id TEXT not null primary key,
    version BIGINT not null,
    lead TEXT not null references organisation (id),
    pooled_order TEXT not null references pooled_order (id),
    day TEXT not null,
    received BIGINT not null,
    received_currency TEXT not null,
    charges BIGINT not null,
    charges_currency TEXT not null,
    first TEXT not null references account (id),
    second TEXT references account (id),
    signed TEXT,
    constraint "pooled_settlement.second.same" check (second is null or second <> first)
);
create unique index "pooled_settlement.pooled_order.taken" on pooled_settlement (pooled_order);
create index pooled_settlement_lead on pooled_settlement (lead);

create table pooled_payment (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    settlement TEXT not null references pooled_settlement (id),
    part TEXT not null references pooled_part (id),
    first_grade BIGINT not null,
    second_grade BIGINT not null,
    gross BIGINT not null,
    charges BIGINT not null,
    advance BIGINT not null,
    net BIGINT not null
);
create index pooled_payment_settlement on pooled_payment (settlement);
create index pooled_payment_part on pooled_payment (part);
create index pooled_payment_organisation on pooled_payment (organisation);
