-- Keys: the public half stands in clear, the private one is sealed; a key may be declared stolen.
alter table signing_key add column public TEXT;
alter table signing_key add column stolen BIGINT;
