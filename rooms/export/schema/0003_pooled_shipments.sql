-- Packages and papers of pooled orders, too: a package belongs to an order of one cooperative or to a pooled order. SQLite
-- takes no "not null" away, so the tables are made anew; nothing outside of them refers to them.
create table shipment_package_before as select * from shipment_package;
create table shipment_content_before as select * from shipment_content;
create table shipment_paper_before as select * from shipment_paper;
drop table shipment_content;
drop table shipment_package;
drop table shipment_paper;

create table shipment_package (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_order TEXT references sale_order (id),
    pooled_order TEXT references pooled_order (id),
    number BIGINT not null,
    count BIGINT not null,
    marks TEXT,
    net BIGINT not null,
    gross BIGINT not null,
    length BIGINT,
    width BIGINT,
    height BIGINT,
    sscc TEXT,
    constraint "shipment_package.order.one" check ((sale_order is null) <> (pooled_order is null)),
    constraint "shipment_package.count.range" check (count between 1 and 9999),
    constraint "shipment_package.net.range" check (net between 1 and 100000000),
    constraint "shipment_package.gross.range" check (gross between net and 100000000)
);
create index shipment_package_sale_order on shipment_package (sale_order, number);
create index shipment_package_pooled_order on shipment_package (pooled_order, number);
create index shipment_package_organisation on shipment_package (organisation);
create unique index "shipment_package.sscc.taken" on shipment_package (sscc) where sscc is not null;

create table shipment_content (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    package TEXT not null references shipment_package (id),
    sale_line TEXT references sale_line (id),
    lot TEXT references lot (id),
    count BIGINT not null,
    constraint "shipment_content.lot.needed" check (sale_line is not null or lot is not null),
    constraint "shipment_content.count.range" check (count between 1 and 1000000)
);
create index shipment_content_package on shipment_content (package);
create index shipment_content_organisation on shipment_content (organisation);

create table shipment_paper (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    sale_order TEXT references sale_order (id),
    pooled_order TEXT references pooled_order (id),
    kind TEXT not null,
    number TEXT not null,
    dated TEXT not null,
    file TEXT references file (id),
    constraint "shipment_paper.order.one" check ((sale_order is null) <> (pooled_order is null))
);
create index shipment_paper_sale_order on shipment_paper (sale_order);
create index shipment_paper_pooled_order on shipment_paper (pooled_order);
create index shipment_paper_organisation on shipment_paper (organisation);

insert into shipment_package (id, version, organisation, sale_order, number, count, marks, net, gross, length, width, height, sscc)
    select id, version, organisation, sale_order, number, count, marks, net, gross, length, width, height, sscc
    from shipment_package_before;
insert into shipment_content (id, version, organisation, package, sale_line, lot, count)
    select id, version, organisation, package, sale_line, lot, count from shipment_content_before;
insert into shipment_paper (id, version, organisation, sale_order, kind, number, dated, file)
    select id, version, organisation, sale_order, kind, number, dated, file from shipment_paper_before;
drop table shipment_package_before;
drop table shipment_content_before;
drop table shipment_paper_before;
