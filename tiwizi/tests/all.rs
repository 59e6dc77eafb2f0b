//! What looks at the whole house. One program for all of it links once.

mod export;
mod house;
mod paper;
mod restored;
mod schema;
mod stop;
mod tidy;
mod walk;
