-- What is promised of a product and still lies with its cooperative, by the id of the order or the share it is promised to.
create table stock_promise (
    holder TEXT not null,
    product TEXT not null references product (id),
    quantity BIGINT not null check (quantity > 0),
    primary key (holder, product)
);
create index stock_promise_product on stock_promise (product);
