-- A programme's own indicators: the records of a shipped one, narrowed and measured as the programme needs.
create table own_indicator (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    name TEXT not null,
    definition TEXT not null,
    base TEXT not null,
    measure TEXT not null,
    only_1 TEXT,
    only_2 TEXT,
    only_3 TEXT,
    meets TEXT
);
create index own_indicator_programme on own_indicator (programme);

-- What a target is set for is one choice, `cut:code`, of which neither half can be missing.
alter table impact_target add column slice TEXT;
update impact_target set slice = cut || ':' || bucket where cut is not null and bucket is not null;
alter table impact_target drop column cut;
alter table impact_target drop column bucket;
