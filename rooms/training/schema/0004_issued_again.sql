-- A certificate that a stolen key signed is taken back and issued again: of each participant one at most holds.
drop index "certificate.participant.taken";
create unique index "certificate.participant.taken" on certificate (participant) where revoked is null;
create index certificate_participant on certificate (participant);
