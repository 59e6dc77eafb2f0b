-- Payment by card: the account of a cooperative with its provider, and what buyers began.
create table card_merchant (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    provider TEXT not null,
    client TEXT not null,
    testing BIGINT not null,
    store_key TEXT
);
create unique index "card_merchant.organisation.taken" on card_merchant (organisation, provider);

create table card_attempt (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_order TEXT not null references sale_order (id),
    amount BIGINT not null,
    amount_currency TEXT not null,
    status TEXT not null,
    reference TEXT
);
create index card_attempt_order on card_attempt (sale_order);
create index card_attempt_organisation on card_attempt (organisation);
