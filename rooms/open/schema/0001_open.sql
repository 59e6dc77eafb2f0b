-- What a programme publishes, by whom, under which licence.
create table open_data (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    published BIGINT not null,
    who_where BIGINT not null,
    activity BIGINT not null,
    figures BIGINT not null,
    money BIGINT not null,
    publisher TEXT not null references organisation (id),
    publisher_kind TEXT not null,
    identifier TEXT not null,
    sector TEXT not null,
    licence TEXT not null,
    issued TEXT not null
);
create unique index "open_data.programme.taken" on open_data (programme);

-- A link by which a spreadsheet reads the figures of an indicator until a day.
create table figure_link (
    id TEXT not null primary key,
    version BIGINT not null,
    programme TEXT not null references programme (id),
    indicator TEXT not null,
    cut TEXT,
    account TEXT not null references account (id),
    until TEXT not null,
    withdrawn_on TEXT
);
create index figure_link_programme on figure_link (programme, until);

-- The secret of a link is kept as its digest alone.
create table figure_key (
    digest TEXT not null primary key,
    link TEXT not null references figure_link (id)
);
