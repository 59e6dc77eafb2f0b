//! The room of surveys, asked through its addresses. One program for all of it links once.

mod answers;
mod hostile;
mod house;
mod publish;
mod rights;
