-- Programmes as programs that know ODK Central call them: by a small number.
create table central_project (
    programme TEXT not null primary key,
    number BIGINT not null unique
);

-- What such a program shows instead of the key it began with, for a day.
create table central_session (
    digest TEXT not null primary key,
    collect_key TEXT not null,
    at BIGINT not null,
    expires BIGINT not null
);
create index central_session_key on central_session (collect_key);

-- What was sent with a form of a programme, the newest first; and what a batch brought.
create index submission_form on submission (programme, form, received_at, id);
create index command_batch on device_command (batch);
