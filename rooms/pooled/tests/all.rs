//! Pooled orders through their addresses, on both databases; their rules without any.

mod rules;
