-- The spare key of a phone, sealed with the secret of the house; what it opens lies on the phone alone.
alter table field_device add column spare TEXT;
