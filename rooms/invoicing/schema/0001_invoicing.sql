-- Invoices and credit notes: a number without a gap for each seller and year, and what was frozen with it.
create table invoice (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    number TEXT not null,
    year BIGINT not null,
    serial BIGINT not null,
    kind TEXT not null,
    issued TEXT not null,
    sale_order TEXT references sale_order (id),
    pooled_order TEXT references pooled_order (id),
    round BIGINT not null,
    credits TEXT references invoice (id),
    buyer TEXT not null,
    net BIGINT not null,
    total BIGINT not null,
    total_currency TEXT not null,
    content TEXT not null,
    clearance_number TEXT,
    clearance_state TEXT,
    clearance_code TEXT
);
create unique index "invoice.number.taken" on invoice (organisation, number);
create unique index "invoice.serial.taken" on invoice (organisation, year, serial);
-- An order is invoiced once, and once more after each credit note for the whole.
create unique index "invoice.sale_order.once" on invoice (sale_order, round) where kind = 'invoice';
create unique index "invoice.pooled_order.once" on invoice (pooled_order, organisation, round) where kind = 'invoice';
create index invoice_credits on invoice (credits);
create index invoice_year on invoice (year, organisation);
create index invoice_pooled on invoice (pooled_order);

-- What an organisation fills in once for all of its invoices.
create table invoice_setting (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    treatment TEXT not null,
    professional_tax TEXT,
    account TEXT
);
create index invoice_setting_organisation on invoice_setting (organisation);
