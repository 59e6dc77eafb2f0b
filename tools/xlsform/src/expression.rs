//! Expressions as people write them in an XLSForm: taken apart into marks, and written anew with paths for `${name}`.

/// A mark of an expression, with where it stands in the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark<'a> {
    pub(crate) at: usize,
    pub(crate) text: &'a str,
    pub(crate) kind: MarkKind,
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MarkKind {
    /// `${name}`.
    Reference,
    /// A text in quotes.
    Quoted,
    Number,
    /// A name, of a function, an operator, an axis or an element.
    Name,
    /// Anything else: `(`, `<=`, `//`.
    Sign,
}

/// The signs of two characters.
const PAIRS: [&str; 6] = ["!=", "<=", ">=", "//", "..", "::"];

/// Why an expression cannot be taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// A text in quotes or a reference does not end.
    Open,
    /// A character that stands in no expression, or a mark where it cannot stand; where.
    At(String),
}

/// True for letters that may begin the name of an element: XML knows fewer than there are (not `ª` nor `µ`).
pub(crate) fn is_name_start(c: char) -> bool {
    c == '_' || (c.is_alphabetic() && in_names(c))
}

pub(crate) fn is_name(c: char) -> bool {
    matches!(c, '_' | '-' | '.') || (c.is_alphanumeric() && in_names(c))
}

/// Letters and digits of names, <https://www.w3.org/TR/xml/#NT-NameChar>: `m²` is none.
fn in_names(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\u{c0}'..='\u{1fff}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
            | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// Spreadsheets like to turn straight quotes into curved ones.
pub(crate) fn straight(text: &str) -> String {
    let quote = |c: char| match c {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '\u{a0}' | '\n' | '\r' | '\t' => ' ',
        _ => c,
    };
    text.chars().map(quote).collect::<String>().trim().to_owned()
}

/// Takes an expression apart.
pub(crate) fn marks(text: &str) -> Result<Vec<Mark<'_>>, Broken> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = if rest.starts_with("${") {
            (MarkKind::Reference, rest.find('}').ok_or(Broken::Open)? + 1)
        } else if first == '"' || first == '\'' {
            (MarkKind::Quoted, rest[1..].find(first).ok_or(Broken::Open)? + 2)
        } else if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            (MarkKind::Number, digits)
        } else if is_name_start(first) {
            (MarkKind::Name, name_length(rest))
        } else if let Some(pair) = PAIRS.iter().find(|pair| rest.starts_with(**pair)) {
            (MarkKind::Sign, pair.len())
        } else if "()[],=<>+-*/|.@".contains(first) {
            (MarkKind::Sign, 1)
        } else {
            return Err(Broken::At(first.to_string()));
        };
        found.push(Mark { at, text: &rest[..length], kind });
        at += length;
    }
    Ok(found)
}

/// A name may carry one prefix: `jr:choice-name`.
fn name_length(rest: &str) -> usize {
    let length = |text: &str| text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let first = length(rest);
    match rest[first..].strip_prefix(':') {
        Some(more) if more.starts_with(is_name_start) => first + 1 + length(more),
        _ => first,
    }
}

/// The names that an expression or a text refers to.
pub(crate) fn references(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("${") {
        let Some((name, more)) = after.split_once('}') else { break };
        found.push(name.trim());
        rest = more;
    }
    found
}

/// Where a reference stands, for whoever writes the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Around {
    /// Inside of `[…]`: what is relative to the question begins at `current()`.
    pub(crate) filtered: bool,
    /// Where the whole list of nodes is meant: the first argument of `indexed-repeat`.
    pub(crate) whole: bool,
}

/// Writes an expression anew, with what `path` says for each `${name}`.
pub(crate) fn rewritten(text: &str, filtered: bool, path: &dyn Fn(&str, Around) -> String) -> String {
    let text = straight(text);
    let Ok(marks) = marks(&text) else { return text };
    let (mut out, mut done, mut brackets) = (String::with_capacity(text.len() * 2), 0, 0_usize);
    // Functions around, each with which of its arguments we are in.
    let mut calls: Vec<(&str, usize)> = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        match mark.text {
            "[" => brackets += 1,
            "]" => brackets = brackets.saturating_sub(1),
            "(" => {
                let before = at.checked_sub(1).and_then(|at| marks.get(at));
                let called = before.filter(|mark| mark.kind == MarkKind::Name).map_or("", |mark| mark.text);
                calls.push((called, 0));
            }
            ")" => drop(calls.pop()),
            "," => calls.iter_mut().rev().take(1).for_each(|call| call.1 += 1),
            _ => {}
        }
        if !mark.text.contains("${") || !matches!(mark.kind, MarkKind::Reference | MarkKind::Quoted) {
            continue;
        }
        let whole =
            matches!(calls.last(), Some(("indexed-repeat", argument)) if *argument == 0 || argument % 2 == 1);
        let around = Around { filtered: filtered || brackets > 0, whole };
        out.push_str(&text[done..mark.at]);
        out.push_str(&filled(mark.text, &|name| path(name, around)));
        done = mark.at + mark.text.len();
    }
    out.push_str(&text[done..]);
    out
}

/// A text with what `path` says for each `${name}` in it.
fn filled(text: &str, path: &dyn Fn(&str) -> String) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, more)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&format!(" {} ", path(name.trim())));
        rest = more;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> String {
        rewritten(text, false, &|name, around| {
            format!(
                "/{name}{}{}",
                if around.filtered { "!" } else { "" },
                if around.whole { "*" } else { "" }
            )
        })
    }

    #[test]
    fn references_become_paths_where_they_stand() {
        assert_eq!(plain("${a} + 1 > ${b_c}"), " /a  + 1 >  /b_c ");
        assert_eq!(plain("selected(${x}, 'a ]')"), "selected( /x , 'a ]')");
        assert_eq!(plain("instance('l')/root/item[v = ${x}]/w"), "instance('l')/root/item[v =  /x! ]/w");
        assert_eq!(
            plain("indexed-repeat(${n}, ${r}, position(..) + ${i})"),
            "indexed-repeat( /n* ,  /r* , position(..) +  /i )"
        );
        assert_eq!(plain("jr:choice-name(${x}, '${x}')"), "jr:choice-name( /x , ' /x ')");
        assert_eq!(plain("‘oui’ = ${a}"), "'oui' =  /a ");
    }

    #[test]
    fn marks_are_those_of_xpath() {
        let texts =
            |text| marks(text).map(|marks| marks.into_iter().map(|mark| mark.text).collect::<Vec<_>>());
        assert_eq!(texts("a-b<=.5"), Ok(vec!["a-b", "<=", ".5"]));
        assert_eq!(texts("../x[1]//@y"), Ok(vec!["..", "/", "x", "[", "1", "]", "//", "@", "y"]));
        assert_eq!(texts("child::a"), Ok(vec!["child", "::", "a"]));
        assert_eq!(texts("'open"), Err(Broken::Open));
        assert_eq!(texts("${open"), Err(Broken::Open));
        assert_eq!(texts("a && b"), Err(Broken::At("&".into())));
    }

    proptest! {
        #[test]
        fn anything_can_be_asked(text in "\\PC{0,60}") {
            let _ = marks(&text);
            let _ = rewritten(&text, true, &|name, _| name.to_owned());
        }

        #[test]
        fn what_refers_to_nothing_stays(text in "[a-z0-9 ()+<>=.,'/]{0,40}") {
            prop_assert_eq!(plain(&text), straight(&text));
        }
    }
}
