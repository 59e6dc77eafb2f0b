alter table programme add column follow_up BIGINT;
