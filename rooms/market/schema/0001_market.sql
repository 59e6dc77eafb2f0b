-- Products of cooperatives, their packs, prices and photos; lots and what moved; labels and what they stand for.
create table product (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    kind TEXT not null,
    making TEXT not null,
    name TEXT not null,
    story TEXT,
    origin TEXT,
    unit TEXT not null,
    minimum BIGINT,
    capacity BIGINT,
    length BIGINT,
    width BIGINT,
    height BIGINT,
    weight BIGINT,
    ingredients TEXT,
    gtin TEXT,
    hs TEXT,
    share BIGINT,
    share_told BIGINT not null,
    status TEXT not null
);
create index product_organisation on product (organisation, status);
create unique index "product.gtin.taken" on product (gtin) where gtin is not null;
create table product_season (owner TEXT not null references product (id), position BIGINT not null, value TEXT not null, primary key (owner, value));
create table product_allergens (owner TEXT not null references product (id), position BIGINT not null, value TEXT not null, primary key (owner, value));

create table product_photo (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    product TEXT not null references product (id),
    file TEXT not null references file (id),
    caption TEXT
);
create index product_photo_product on product_photo (product);
create index product_photo_organisation on product_photo (organisation);

create table product_pack (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    product TEXT not null references product (id),
    name TEXT not null,
    quantity BIGINT not null,
    reference TEXT,
    constraint "product_pack.quantity.range" check (quantity > 0)
);
create index product_pack_product on product_pack (product);
create index product_pack_organisation on product_pack (organisation);

create table product_price (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    product TEXT not null references product (id),
    pack TEXT references product_pack (id),
    buyer TEXT not null,
    price BIGINT not null,
    price_currency TEXT not null
);
create index product_price_product on product_price (product);
create index product_price_organisation on product_price (organisation);

create table lot (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    product TEXT not null references product (id),
    number TEXT not null,
    produced TEXT not null,
    best_before TEXT,
    quantity BIGINT not null,
    unit TEXT not null,
    note TEXT
);
create unique index "lot.number.taken" on lot (number, organisation);
create index lot_product on lot (product, produced);
create index lot_organisation on lot (organisation);

create table lot_movement (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    lot TEXT not null references lot (id),
    day TEXT not null,
    reason TEXT not null,
    quantity BIGINT not null,
    note TEXT,
    blend TEXT references lot (id),
    constraint "lot_movement.quantity.nothing" check (quantity > 0)
);
create index lot_movement_lot on lot_movement (lot, day);
create index lot_movement_blend on lot_movement (blend) where blend is not null;
create index lot_movement_organisation on lot_movement (organisation);

create table quality_label (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    scheme TEXT not null,
    title TEXT,
    body TEXT not null,
    number TEXT not null,
    since TEXT not null,
    until TEXT,
    file TEXT references file (id),
    verified TEXT,
    verifier TEXT references account (id),
    withdrawn TEXT,
    withdrawn_reason TEXT
);
create index quality_label_organisation on quality_label (organisation);
create index quality_label_until on quality_label (until);

create table label_cover (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    label TEXT not null references quality_label (id),
    product TEXT not null references product (id),
    lot TEXT references lot (id)
);
create index label_cover_label on label_cover (label);
create index label_cover_product on label_cover (product);
create index label_cover_organisation on label_cover (organisation);
