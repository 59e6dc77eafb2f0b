-- When the house was restored from a backup, and the number above which versions of records go on since.
create table restoration (
    at BIGINT not null primary key,
    floor BIGINT not null
);
