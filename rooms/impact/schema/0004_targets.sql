-- The communes of a programme's target territory, with the inhabitants that the census counted: worked out from the
-- programme's territory whenever it changes.
create table target_commune (
    programme TEXT not null references programme (id),
    commune TEXT not null,
    name TEXT not null,
    inhabitants BIGINT not null,
    primary key (programme, commune)
);
