-- Work that waits for an instant: nobody takes it before.
alter table job add column due BIGINT not null default 0;
