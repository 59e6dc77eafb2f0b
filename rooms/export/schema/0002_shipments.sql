-- What leaves with an order: packages with what is in them, and the papers that were made elsewhere.
create table shipment_package (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_order TEXT not null references sale_order (id),
    number BIGINT not null,
    count BIGINT not null,
    marks TEXT,
    net BIGINT not null,
    gross BIGINT not null,
    length BIGINT,
    width BIGINT,
    height BIGINT,
    sscc TEXT,
    constraint "shipment_package.count.range" check (count between 1 and 9999),
    constraint "shipment_package.net.range" check (net between 1 and 100000000),
    constraint "shipment_package.gross.range" check (gross between net and 100000000)
);
create index shipment_package_sale_order on shipment_package (sale_order, number);
create index shipment_package_organisation on shipment_package (organisation);
create unique index "shipment_package.sscc.taken" on shipment_package (sscc) where sscc is not null;

create table shipment_content (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    package TEXT not null references shipment_package (id),
    sale_line TEXT not null references sale_line (id),
    lot TEXT references lot (id),
    count BIGINT not null,
    constraint "shipment_content.count.range" check (count between 1 and 1000000)
);
create index shipment_content_package on shipment_content (package);
create index shipment_content_organisation on shipment_content (organisation);

create table shipment_paper (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_order TEXT not null references sale_order (id),
    kind TEXT not null,
    number TEXT not null,
    dated TEXT not null,
    file TEXT references file (id)
);
create index shipment_paper_sale_order on shipment_paper (sale_order);
create index shipment_paper_organisation on shipment_paper (organisation);
