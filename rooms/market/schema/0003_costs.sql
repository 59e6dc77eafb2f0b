-- What a batch of a product takes, gives and should earn; nobody but its cooperative and whoever works on its file reads it.
create table cost_sheet (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    product TEXT not null references product (id),
    made BIGINT not null,
    margin BIGINT not null,
    constraint "cost_sheet.made.range" check (made > 0),
    constraint "cost_sheet.margin.range" check (margin between 0 and 500)
);
create unique index "cost_sheet.product.taken" on cost_sheet (product);
create index cost_sheet_organisation on cost_sheet (organisation);

create table cost_line (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    product TEXT not null references product (id),
    kind TEXT not null,
    name TEXT not null,
    count BIGINT not null,
    price BIGINT not null,
    price_currency TEXT not null
);
create index cost_line_product on cost_line (product);
create index cost_line_organisation on cost_line (organisation);
