-- Orders of buyers to cooperatives: what was asked, what was quoted, what was paid.
create table sale_order (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    number BIGINT not null,
    asked TEXT not null,
    language TEXT,
    name TEXT not null,
    buyer TEXT not null,
    phone TEXT,
    email TEXT,
    country TEXT not null,
    town TEXT,
    wanted TEXT,
    note TEXT,
    status TEXT not null,
    ordered TEXT,
    delivered TEXT,
    reason TEXT
);
create unique index "sale_order.number.taken" on sale_order (organisation, number);
create index sale_order_status on sale_order (organisation, status, number);

create table sale_line (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_order TEXT not null references sale_order (id),
    product TEXT not null references product (id),
    pack TEXT references product_pack (id),
    name TEXT not null,
    content BIGINT not null,
    unit TEXT not null,
    count BIGINT not null,
    constraint "sale_line.count.range" check (count > 0),
    constraint "sale_line.content.range" check (content > 0)
);
create index sale_line_order on sale_line (sale_order);
create index sale_line_product on sale_line (product);
create index sale_line_organisation on sale_line (organisation);

create table sale_quotation (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_order TEXT not null references sale_order (id),
    number BIGINT not null,
    dated TEXT not null,
    valid_until TEXT not null,
    ready TEXT,
    terms TEXT not null,
    incoterm TEXT,
    named_place TEXT,
    delivery BIGINT,
    delivery_currency TEXT,
    note TEXT,
    total BIGINT not null,
    total_currency TEXT not null,
    accepted TEXT
);
create unique index "sale_quotation.number.taken" on sale_quotation (sale_order, number);
create index sale_quotation_organisation on sale_quotation (organisation);

create table sale_price (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_quotation TEXT not null references sale_quotation (id),
    sale_line TEXT not null references sale_line (id),
    price BIGINT not null,
    price_currency TEXT not null
);
create unique index "sale_price.once" on sale_price (sale_quotation, sale_line);
create index sale_price_organisation on sale_price (organisation);

create table sale_payment (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_order TEXT not null references sale_order (id),
    day TEXT not null,
    amount BIGINT not null,
    amount_currency TEXT not null,
    means TEXT not null,
    reference TEXT,
    proof TEXT references file (id),
    status TEXT not null,
    constraint "sale_payment.amount.range" check (amount > 0)
);
create index sale_payment_order on sale_payment (sale_order);
create index sale_payment_organisation on sale_payment (organisation);

-- The link of a buyer: what is kept is its digest. One link opens all orders of a basket.
create table sale_link (
    digest TEXT not null,
    sale_order TEXT not null references sale_order (id),
    at BIGINT not null,
    primary key (digest, sale_order)
);
create index sale_link_order on sale_link (sale_order);
