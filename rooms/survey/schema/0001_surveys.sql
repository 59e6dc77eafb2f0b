-- A programme's own questionnaires. What one asks stands in its editions; answers to each of them stay.
create table survey (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    form TEXT not null,
    title TEXT not null,
    edition BIGINT not null,
    status TEXT not null
);
create unique index "survey.form.taken" on survey (programme, form);

-- What was published: the spreadsheet as it came, what was read from it, and the form that telephones get.
create table survey_edition (
    id TEXT not null primary key,
    survey TEXT not null references survey (id),
    number BIGINT not null,
    content TEXT not null,
    file TEXT not null references file (id),
    form TEXT not null,
    xml TEXT not null,
    at BIGINT not null,
    account TEXT
);
create unique index survey_edition_number on survey_edition (survey, number);

-- What was sent in and looked at, and not yet published.
create table survey_draft (
    id TEXT not null primary key,
    programme TEXT not null references programme (id),
    account TEXT,
    file TEXT not null references file (id),
    at BIGINT not null
);
create index survey_draft_programme on survey_draft (programme);

-- The columns of the answers: every question of every edition by where it stands, as the latest edition calls it.
create table survey_question (
    id TEXT not null primary key,
    survey TEXT not null references survey (id),
    path TEXT not null,
    kind TEXT not null,
    label TEXT not null,
    position BIGINT not null
);
create unique index survey_question_path on survey_question (survey, path);
create table survey_choice (
    question TEXT not null references survey_question (id),
    code TEXT not null,
    label TEXT not null,
    position BIGINT not null,
    primary key (question, code)
);

-- One questionnaire filled in; `content` names what came. `owner` is the record whose rights cover it: the cooperative, or the programme without one.
-- `place` is a commune; `lat` and `lon` are millionths of a degree.
create table survey_answer (
    id TEXT not null primary key,
    survey TEXT not null references survey (id),
    edition BIGINT not null,
    content TEXT not null,
    programme TEXT not null references programme (id),
    organisation TEXT references organisation (id),
    owner TEXT not null,
    day TEXT not null,
    made BIGINT not null,
    at BIGINT not null,
    account TEXT references account (id),
    lat BIGINT,
    lon BIGINT,
    aside BIGINT
);
create index survey_answer_survey on survey_answer (survey, day);
create index survey_answer_organisation on survey_answer (organisation);
create index survey_answer_owner on survey_answer (owner);

-- Its answers, one row each; one row a choice where several were chosen. `entry` says which entry of which repeat:
-- `clients/2`. `number` is in ten-thousandths.
create table survey_value (
    answer TEXT not null references survey_answer (id),
    question TEXT not null references survey_question (id),
    entry TEXT not null,
    position BIGINT not null,
    text TEXT not null,
    number BIGINT,
    file TEXT references file (id),
    primary key (answer, question, entry, position)
) without rowid;
create index survey_value_file on survey_value (file) where file is not null;
