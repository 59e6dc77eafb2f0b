//! The room of people, asked through its addresses. One program for all of it links once.

mod accounts;
mod messages;
mod persons;
mod recordings;
mod sign_in;
