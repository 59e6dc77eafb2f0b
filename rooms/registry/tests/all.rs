//! The registry, asked through its addresses. One program for all of it links once.

mod import;
mod index;
mod organisations;
mod space;
