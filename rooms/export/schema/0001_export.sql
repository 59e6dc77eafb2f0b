-- What export asks for and no other record holds: numbers, dates and files of an organisation or of a product.
create table export_statement (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    kind TEXT not null,
    product TEXT references product (id),
    number TEXT,
    named TEXT,
    since TEXT not null,
    until TEXT,
    note TEXT,
    file TEXT references file (id)
);
create index export_statement_organisation on export_statement (organisation, kind);
create index export_statement_product on export_statement (product) where product is not null;
