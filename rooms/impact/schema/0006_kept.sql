-- Whose rows changed since when: figures kept in memory read them again. Rows of past days go.
create table impact_touch (
    stamp BIGINT not null,
    owner TEXT not null,
    at BIGINT not null
);
create index impact_touch_stamp on impact_touch (stamp);
