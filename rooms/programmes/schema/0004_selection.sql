-- Calls for applications, applications, marks and decisions.
create table call (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    phase TEXT references phase (id),
    title TEXT not null,
    summary TEXT,
    offer TEXT,
    territory TEXT,
    opens TEXT not null,
    closes TEXT not null,
    places BIGINT not null,
    status TEXT not null,
    constraint "call.closes.order" check (closes >= opens)
);
create index call_programme on call (programme, closes);

create table call_question (
    id TEXT not null primary key,
    version BIGINT not null,
    call TEXT not null references call (id),
    position BIGINT not null,
    label TEXT not null,
    hint TEXT,
    kind TEXT not null,
    choices TEXT,
    needed BIGINT not null
);
create index call_question_call on call_question (call, position);

create table call_rule (
    id TEXT not null primary key,
    version BIGINT not null,
    call TEXT not null references call (id),
    position BIGINT not null,
    name TEXT not null,
    subject TEXT not null,
    relation TEXT not null,
    percent BIGINT,
    base TEXT,
    amount BIGINT,
    amount_currency TEXT,
    number BIGINT,
    source TEXT,
    verified BIGINT not null
);
create index call_rule_call on call_rule (call, position);

create table criterion (
    id TEXT not null primary key,
    version BIGINT not null,
    call TEXT not null references call (id),
    position BIGINT not null,
    name TEXT not null,
    hint TEXT,
    weight BIGINT not null,
    highest BIGINT not null,
    constraint "criterion.weight.range" check (weight between 1 and 100),
    constraint "criterion.highest.range" check (highest between 1 and 100)
);
create index criterion_call on criterion (call, position);

create table assessor (
    id TEXT not null primary key,
    version BIGINT not null,
    call TEXT not null references call (id),
    account TEXT not null references account (id)
);
create unique index "assessor.account.taken" on assessor (call, account);
create index assessor_account on assessor (account);

create table application (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    call TEXT not null references call (id),
    organisation TEXT references organisation (id),
    account TEXT references account (id),
    name TEXT not null,
    place TEXT not null,
    place_lat DOUBLE PRECISION,
    place_lon DOUBLE PRECISION,
    register_number TEXT,
    founded TEXT,
    contact TEXT,
    phone TEXT,
    members BIGINT,
    women BIGINT,
    young BIGINT,
    women_or_young BIGINT,
    title TEXT,
    summary TEXT,
    cost BIGINT,
    cost_currency TEXT,
    asked BIGINT,
    asked_currency TEXT,
    own_cash BIGINT,
    own_cash_currency TEXT,
    own_kind BIGINT,
    own_kind_currency TEXT,
    status TEXT not null,
    submitted TEXT,
    number BIGINT
);
create unique index "application.number.taken" on application (call, number);
create index application_programme on application (programme);
create index application_organisation on application (organisation);

create table application_link (
    digest TEXT not null primary key,
    application TEXT not null references application (id),
    at BIGINT not null
);
create index application_link_application on application_link (application);

create table application_answer (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    application TEXT not null references application (id),
    question TEXT not null references call_question (id),
    value TEXT not null
);
create unique index "application_answer.question.taken" on application_answer (application, question);
create index application_answer_question on application_answer (question);

create table mark_sheet (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    application TEXT not null references application (id),
    account TEXT not null references account (id),
    points TEXT not null,
    remark TEXT
);
create unique index "mark_sheet.account.taken" on mark_sheet (application, account);
create index mark_sheet_account on mark_sheet (account);

create table declared_interest (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    application TEXT not null references application (id),
    account TEXT not null references account (id),
    reason TEXT not null
);
create unique index "declared_interest.account.taken" on declared_interest (application, account);

create table call_decision (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    call TEXT not null references call (id),
    application TEXT not null references application (id),
    outcome TEXT not null,
    position BIGINT not null,
    score BIGINT,
    reason TEXT,
    decided TEXT not null
);
create unique index "call_decision.application.taken" on call_decision (application);
create index call_decision_call on call_decision (call, position);
