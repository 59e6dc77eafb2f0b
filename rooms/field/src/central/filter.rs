//! `$filter` as far as it is understood: comparisons of when a submission came and who sent it, with `and`, `or`, `not`
//! and brackets. It becomes a condition of the query; every value is bound.

use kernel::{Error, Id, Result, Sql, Wrong};

use super::number;

/// Longest filter, in bytes, and how deep brackets may stand in brackets.
const LONGEST: usize = 2_000;
const DEPTH: usize = 20;

/// A filter that was understood.
pub(super) enum Filter {
    All(Box<Filter>, Box<Filter>),
    Any(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    /// When it came: an operator of SQL and an instant.
    Came(&'static str, i64),
    /// Who sent it: one of these.
    From(Vec<Id>),
    /// True for all or for none.
    Always(bool),
}

impl Filter {
    /// Reads a filter. `senders` are the accounts that sent something, of whom numbers speak.
    pub(super) fn read(text: &str, senders: &[Id]) -> Result<Filter> {
        let refused = || Error::Refused(Wrong::new("field.central.filter").with("text", short(text)));
        if text.len() > LONGEST {
            return Err(refused());
        }
        let words = words(text).ok_or_else(refused)?;
        let mut reading = Reading { words: &words, senders };
        let filter = reading.any(0).filter(|_| reading.words.is_empty());
        filter.ok_or_else(refused)
    }

    /// Adds it to a query.
    pub(super) fn add(&self, query: Sql) -> Sql {
        match self {
            Filter::All(a, b) => b.add(a.add(query.and("(")).and(" and ")).and(")"),
            Filter::Any(a, b) => b.add(a.add(query.and("(")).and(" or ")).and(")"),
            Filter::Not(inner) => inner.add(query.and("not (")).and(")"),
            Filter::Came(how, at) => query.and(&format!("s.received_at {how} ?")).bind(*at),
            Filter::From(accounts) if accounts.is_empty() => query.and("1 = 0"),
            Filter::From(accounts) => query.and("s.account").within(accounts),
            Filter::Always(yes) => query.and(if *yes { "1 = 1" } else { "1 = 0" }),
        }
    }
}

/// The beginning of what was asked, for the sentence that refuses it.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

#[derive(Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Word(String),
    Text(String),
}

fn words(text: &str) -> Option<Vec<Token>> {
    let (mut found, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        match first {
            '(' | ')' => {
                found.push(if first == '(' { Token::Open } else { Token::Close });
                rest = &rest[1..];
            }
            '\'' => {
                let (mut quoted, mut inner) = (String::new(), &rest[1..]);
                loop {
                    let (before, after) = inner.split_once('\'')?;
                    quoted.push_str(before);
                    inner = after;
                    let Some(more) = inner.strip_prefix('\'') else { break };
                    quoted.push('\'');
                    inner = more;
                }
                found.push(Token::Text(quoted));
                rest = inner;
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()'".contains(c)).unwrap_or(rest.len());
                found.push(Token::Word(rest[..end].to_owned()));
                rest = &rest[end..];
            }
        }
        rest = rest.trim_start();
    }
    Some(found)
}

struct Reading<'a> {
    words: &'a [Token],
    senders: &'a [Id],
}

/// Columns that say nothing of any submission here.
const EMPTY: &[&str] = &["updatedAt", "reviewState", "deletedAt", "status"];

impl Reading<'_> {
    fn next(&mut self) -> Option<&Token> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn takes(&mut self, word: &str) -> bool {
        let there = matches!(self.words.first(), Some(Token::Word(text)) if text == word);
        if there {
            self.words = &self.words[1..];
        }
        there
    }

    fn any(&mut self, depth: usize) -> Option<Filter> {
        let mut filter = self.all(depth)?;
        while self.takes("or") {
            filter = Filter::Any(Box::new(filter), Box::new(self.all(depth)?));
        }
        Some(filter)
    }

    fn all(&mut self, depth: usize) -> Option<Filter> {
        let mut filter = self.one(depth)?;
        while self.takes("and") {
            filter = Filter::All(Box::new(filter), Box::new(self.one(depth)?));
        }
        Some(filter)
    }

    fn one(&mut self, depth: usize) -> Option<Filter> {
        if depth > DEPTH {
            return None;
        }
        if self.takes("not") {
            return Some(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.words.first() == Some(&Token::Open) {
            self.words = &self.words[1..];
            let inner = self.any(depth + 1)?;
            return (self.next()? == &Token::Close).then_some(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<Filter> {
        let Token::Word(column) = self.next()? else { return None };
        let column = column.strip_prefix("$root/Submissions/").unwrap_or(column);
        let column = column.strip_prefix("__system/")?.to_owned();
        let Token::Word(how) = self.next()? else { return None };
        let how = how.clone();
        let value = self.next()?;
        if EMPTY.contains(&column.as_str()) {
            let nothing = *value == Token::Word("null".into());
            return match how.as_str() {
                "eq" => Some(Filter::Always(nothing)),
                "ne" => Some(Filter::Always(!nothing)),
                "lt" | "le" | "gt" | "ge" => Some(Filter::Always(false)),
                _ => None,
            };
        }
        match column.as_str() {
            "submissionDate" => {
                let Token::Word(value) = value else { return None };
                let at = when(value)?;
                let how = [("eq", "="), ("ne", "<>"), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")]
                    .into_iter()
                    .find(|(code, _)| *code == how)?;
                Some(Filter::Came(how.1, at))
            }
            "submitterId" => {
                let (Token::Word(value) | Token::Text(value)) = value else { return None };
                let asked: i64 = value.parse().ok()?;
                let of = self.senders.iter().copied().filter(|id| number::of_account(*id) == asked);
                let from = Filter::From(of.collect());
                match how.as_str() {
                    "eq" => Some(from),
                    "ne" => Some(Filter::Not(Box::new(from))),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// An instant, or the beginning of a day; without an offset in UTC.
fn when(text: &str) -> Option<i64> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at.as_millisecond());
    }
    let at = text.parse::<jiff::civil::DateTime>().ok()?;
    Some(jiff::tz::Offset::UTC.to_timestamp(at).ok()?.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::sql;

    fn told(text: &str) -> Option<String> {
        let senders = [Id::named("a"), Id::named("b")];
        Filter::read(text, &senders).ok().map(|filter| filter.add(sql("")).told().0.to_owned())
    }

    #[test]
    fn what_is_understood_becomes_a_condition_with_bound_values() {
        let day = "__system/submissionDate ge 2026-11-01";
        assert_eq!(told(day).as_deref(), Some("s.received_at >= ?"));
        let who = number::of_account(Id::named("b"));
        let text = format!("not ({day} and (__system/submitterId eq {who} or __system/reviewState eq null))");
        assert_eq!(
            told(&text).as_deref(),
            Some("not ((s.received_at >= ? and (s.account in (?) or 1 = 1)))")
        );
        let other = told("$root/Submissions/__system/submitterId ne '7'");
        assert_eq!(other.as_deref(), Some("not (1 = 0)"));
        assert!(told("__system/submissionDate lt 2026-11-01T10:00:00.000Z").is_some());
        assert_eq!(told("__system/reviewState eq 'it''s'").as_deref(), Some("1 = 0"));
    }

    #[test]
    fn anything_else_is_refused() {
        let deep = format!("{}__system/submitterId eq 1{}", "(".repeat(500), ")".repeat(500));
        let nots = format!("{}__system/submitterId eq 1", "not ".repeat(400));
        let long = "__system/submitterId eq 1 or ".repeat(100);
        for wrong in [
            "",
            "1 eq 1",
            "name eq 'a'",
            "__system/submissionDate ge '); drop table submission; --",
            "__system/submissionDate ge 2026-11-01 or 1=1",
            "__system/submissionDate ge now()",
            "__system/submitterId gt 5",
            "__system/submitterId eq 1 1",
            "__system/submitterId eq",
            "(__system/submitterId eq 1",
            "__system/submitterId eq 'x",
            &deep,
            &nots,
            &long,
        ] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }
}
