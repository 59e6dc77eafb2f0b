-- Visits of coaches, their photos, and market days.
create table visit (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    programme TEXT references programme (id),
    coach TEXT not null references account (id),
    held TEXT not null,
    status TEXT not null,
    purpose TEXT,
    minutes BIGINT,
    met TEXT,
    seen TEXT,
    next_step TEXT,
    next_visit TEXT,
    photo TEXT references file (id),
    constraint "visit.minutes.range" check (minutes is null or minutes between 1 and 1440)
);
create index visit_organisation on visit (organisation, held);
create index visit_coach on visit (coach, held);
create index visit_programme on visit (programme);

create table visit_photo (
    id TEXT not null primary key,
    version BIGINT not null,
    organisation TEXT not null references organisation (id),
    visit TEXT not null references visit (id),
    file TEXT not null references file (id),
    caption TEXT
);
create index visit_photo_visit on visit_photo (visit);
create index visit_photo_organisation on visit_photo (organisation);

create table souk (
    id TEXT not null primary key,
    version BIGINT not null,
    place TEXT not null,
    place_lat DOUBLE PRECISION,
    place_lon DOUBLE PRECISION,
    day TEXT not null
);
create unique index "souk.place.taken" on souk (place);
