//! The room of training, asked through its addresses. One program for all of it links once.

mod certificates;
mod common;
mod measure;
mod results;
mod roll_call;
mod session;
mod told;
