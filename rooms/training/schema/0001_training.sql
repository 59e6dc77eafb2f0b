-- The catalogue: what can be taught.
create table module (
    id TEXT not null primary key,
    version BIGINT not null,
    code TEXT not null,
    title TEXT not null,
    objectives TEXT,
    content TEXT,
    hours BIGINT not null,
    pass_mark BIGINT,
    published BIGINT not null,
    invented BIGINT not null,
    constraint "module.hours.range" check (hours between 1 and 1000),
    constraint "module.pass_mark.range" check (pass_mark is null or pass_mark between 1 and 100)
);
create unique index "module.code.taken" on module (code);
create table module_languages (owner TEXT not null references module (id), position BIGINT not null, value TEXT not null, primary key (owner, value));
create table module_themes (owner TEXT not null references module (id), position BIGINT not null, value TEXT not null, primary key (owner, value));
create table module_subjects (owner TEXT not null references module (id), position BIGINT not null, value TEXT not null references subject (code), primary key (owner, value));
create index module_subjects_value on module_subjects (value);

create table module_material (
    id TEXT not null primary key,
    version BIGINT not null,
    module TEXT not null references module (id),
    title TEXT not null,
    language TEXT,
    file TEXT not null references file (id)
);
create index module_material_module on module_material (module);

create table training_question (
    id TEXT not null primary key,
    version BIGINT not null,
    module TEXT not null references module (id),
    position BIGINT not null,
    wording TEXT not null,
    picture TEXT references file (id),
    choice_a TEXT not null,
    choice_b TEXT not null,
    choice_c TEXT,
    choice_d TEXT,
    correct TEXT not null
);
create index training_question_module on training_question (module, position);

-- A module taught somewhere, for a programme.
create table training_session (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    module TEXT not null references module (id),
    promotion TEXT references promotion (id),
    title TEXT,
    place TEXT,
    place_lat DOUBLE PRECISION,
    place_lon DOUBLE PRECISION,
    venue TEXT,
    language TEXT,
    capacity BIGINT not null,
    status TEXT not null,
    cost BIGINT,
    cost_currency TEXT,
    partner_cost BIGINT,
    partner_cost_currency TEXT,
    partner TEXT references organisation (id),
    constraint "training_session.capacity.range" check (capacity between 1 and 1000)
);
create index training_session_programme on training_session (programme);
create index training_session_module on training_session (module);
create index training_session_partner on training_session (partner);

create table half_day (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    session TEXT not null references training_session (id),
    day TEXT not null,
    part TEXT not null,
    minutes BIGINT not null,
    constraint "half_day.minutes.range" check (minutes between 15 and 480)
);
create unique index "half_day.day.taken" on half_day (day, session, part);
create index half_day_session on half_day (session, day);

create table session_trainer (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    session TEXT not null references training_session (id),
    account TEXT references account (id),
    name TEXT,
    constraint "session_trainer.name.either" check (account is not null or name is not null)
);
create unique index "session_trainer.account.taken" on session_trainer (account, session);
create index session_trainer_session on session_trainer (session);

create table training_invitation (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    session TEXT not null references training_session (id),
    organisation TEXT not null references organisation (id),
    places BIGINT not null,
    status TEXT not null,
    asked TEXT not null,
    constraint "training_invitation.places.range" check (places between 1 and 200)
);
create unique index "training_invitation.organisation.taken" on training_invitation (organisation, session);
create index training_invitation_session on training_invitation (session, status);

create table participant (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    session TEXT not null references training_session (id),
    person TEXT not null references person (id),
    organisation TEXT references organisation (id),
    role TEXT,
    at_the_door BIGINT not null
);
create unique index "participant.person.taken" on participant (person, session);
create index participant_session on participant (session);
create index participant_programme on participant (programme);
create index participant_organisation on participant (organisation);

-- Who was there, per half-day; a late entry keeps the instant of the device beside that of the server.
create table attendance (
    half_day TEXT not null references half_day (id),
    participant TEXT not null references participant (id),
    present BIGINT not null,
    at BIGINT not null,
    device_at BIGINT,
    account TEXT references account (id),
    primary key (half_day, participant)
);
create index attendance_participant on attendance (participant, present);

create table attendance_sheet (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    half_day TEXT not null references half_day (id),
    file TEXT not null references file (id)
);
create index attendance_sheet_half_day on attendance_sheet (half_day);

create table test_score (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    participant TEXT not null references participant (id),
    moment TEXT not null,
    score BIGINT not null,
    out_of BIGINT not null,
    mode TEXT not null,
    given TEXT,
    constraint "test_score.out_of.range" check (out_of between 1 and 60),
    constraint "test_score.score.range" check (score between 0 and out_of)
);
create unique index "test_score.participant.taken" on test_score (participant, moment);

-- What somebody thought of a session: five faces, no name.
create table training_reaction (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    session TEXT not null references training_session (id),
    useful BIGINT,
    clear BIGINT,
    language BIGINT,
    moment BIGINT,
    would_apply BIGINT,
    remark TEXT,
    constraint "training_reaction.useful.range" check (
        coalesce(useful, 1) between 1 and 5 and coalesce(clear, 1) between 1 and 5 and coalesce(language, 1) between 1 and 5
        and coalesce(moment, 1) between 1 and 5 and coalesce(would_apply, 1) between 1 and 5)
);
create index training_reaction_session on training_reaction (session);
