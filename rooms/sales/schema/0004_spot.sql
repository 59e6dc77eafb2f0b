-- What was sold on the spot, at a souk or a fair.
alter table sale_order add column spot BIGINT not null default 0;
