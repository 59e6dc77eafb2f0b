-- What an account began to send, by day; what was let go, whose bytes go next.
create index upload_account on upload (account, at);
create index upload_gone on upload (id) where size < 0;
