-- The month in which the financial year of an organisation ends.
alter table organisation add column year_end TEXT;
