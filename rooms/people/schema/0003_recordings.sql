-- A text that was spoken: a word of the interface (`word/…`) or a text of a record (`its id/…`), in one language.
create table recording (
    id TEXT not null primary key,
    version BIGINT not null,
    subject TEXT not null,
    tongue TEXT not null,
    file TEXT not null,
    since TEXT not null,
    speaker TEXT,
    agreed BIGINT not null
);
create unique index "recording.subject.taken" on recording (subject, tongue);

-- The language in which its holder likes to listen.
alter table account add column speaks TEXT;
