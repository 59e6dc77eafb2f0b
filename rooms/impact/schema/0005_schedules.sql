-- Reports that make and send themselves, and what became of each letter.
create table report_schedule (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    template TEXT not null,
    title TEXT not null,
    language TEXT not null,
    territory TEXT,
    every TEXT not null,
    next TEXT not null,
    recipients TEXT not null
);
create index report_schedule_programme on report_schedule (programme);
create index report_schedule_next on report_schedule (next);

create table report_letter (
    id TEXT not null primary key,
    programme TEXT not null references programme (id),
    report TEXT not null references report (id),
    address TEXT not null,
    state TEXT not null,
    reason TEXT,
    answered BIGINT,
    tries BIGINT not null,
    changed BIGINT not null
);
create index report_letter_programme on report_letter (programme, changed);
create unique index "report_letter.address.taken" on report_letter (report, address);
