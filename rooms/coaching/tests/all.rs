//! The room of coaching, asked through its addresses. One program for all of it links once.

mod diagnosis;
mod house;
mod instrument;
mod legal;
mod scoring;
mod vectors;
mod visits;
mod work;
