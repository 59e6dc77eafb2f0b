-- The language in which an applicant is told.
alter table application add column language TEXT;

-- That an applicant was told of a decision: what, how, when.
create table notice (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    call TEXT not null references call (id),
    application TEXT not null references application (id),
    account TEXT references account (id),
    way TEXT not null,
    outcome TEXT not null,
    told TEXT not null
);
create index notice_call on notice (call, application, id);
