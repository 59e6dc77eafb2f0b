//! Whether an expression is one: the grammar of XPath 1.0, with `${name}` where a value can stand, and the functions that
//! ODK programs know (<https://docs.getodk.org/form-operators-functions/>).

use crate::expression::{Broken, Mark, MarkKind, marks};

const FUNCTIONS: &[&str] = &[
    "abs",
    "acos",
    "area",
    "asin",
    "atan",
    "atan2",
    "boolean",
    "boolean-from-string",
    "ceiling",
    "checklist",
    "coalesce",
    "concat",
    "contains",
    "cos",
    "count",
    "count-non-empty",
    "count-selected",
    "current",
    "date",
    "date-time",
    "decimal-date-time",
    "decimal-time",
    "digest",
    "distance",
    "ends-with",
    "exp",
    "exp10",
    "false",
    "floor",
    "format-date",
    "format-date-time",
    "if",
    "indexed-repeat",
    "instance",
    "int",
    "jr:choice-name",
    "join",
    "last",
    "local-name",
    "log",
    "log10",
    "lower-case",
    "max",
    "min",
    "name",
    "node",
    "normalize-space",
    "not",
    "now",
    "number",
    "once",
    "pi",
    "position",
    "pow",
    "random",
    "randomize",
    "regex",
    "round",
    "selected",
    "selected-at",
    "sin",
    "sqrt",
    "starts-with",
    "string",
    "string-length",
    "substr",
    "substring-after",
    "substring-before",
    "sum",
    "tan",
    "text",
    "today",
    "translate",
    "true",
    "upper-case",
    "uuid",
    "weighted-checklist",
];

/// How deep expressions may stand in expressions.
const DEPTH: usize = 40;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not end.
    Open,
    /// What stands where it cannot stand; empty for the end.
    At(String),
    /// A function that no program knows.
    Function(String),
}

/// Looks whether a text is an expression. The names of the instances that it asks for are given to `instance`.
pub(crate) fn check(text: &str, instance: &mut dyn FnMut(&str)) -> Result<(), Fault> {
    let marks = marks(text).map_err(|broken| match broken {
        Broken::Open => Fault::Open,
        Broken::At(what) => Fault::At(what),
    })?;
    let mut reader = Reader { marks: &marks, at: 0, depth: 0, instance };
    reader.whole()?;
    reader.end()
}

struct Reader<'a> {
    marks: &'a [Mark<'a>],
    at: usize,
    depth: usize,
    instance: &'a mut dyn FnMut(&str),
}

/// Words that are operators between two values.
const BETWEEN: [&str; 12] = ["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "div", "mod"];

impl<'a> Reader<'a> {
    fn here(&self) -> Option<&'a Mark<'a>> {
        self.marks.get(self.at)
    }

    fn is(&self, text: &str) -> bool {
        self.here().is_some_and(|mark| mark.text == text && mark.kind != MarkKind::Quoted)
    }

    fn next_is(&self, text: &str) -> bool {
        self.marks.get(self.at + 1).is_some_and(|mark| mark.text == text)
    }

    fn skip(&mut self, text: &str) -> bool {
        let is = self.is(text);
        self.at += usize::from(is);
        is
    }

    fn fault<T>(&self) -> Result<T, Fault> {
        Err(Fault::At(self.here().map(|mark| mark.text.to_owned()).unwrap_or_default()))
    }

    fn need(&mut self, text: &str) -> Result<(), Fault> {
        if self.skip(text) { Ok(()) } else { self.fault() }
    }

    fn end(&self) -> Result<(), Fault> {
        if self.here().is_none() { Ok(()) } else { self.fault() }
    }

    /// Values with operators between them. Which binds stronger does not matter for whether it is one.
    fn whole(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fault();
        }
        loop {
            while self.skip("-") {}
            self.value()?;
            let operator = BETWEEN.iter().any(|word| self.is(word)) || self.is("*") || self.is("|");
            if !operator {
                break;
            }
            self.at += 1;
        }
        self.depth -= 1;
        Ok(())
    }

    fn value(&mut self) -> Result<(), Fault> {
        let Some(mark) = self.here() else { return self.fault() };
        match mark.kind {
            MarkKind::Number if mark.text.matches('.').count() > 1 => return self.fault(),
            MarkKind::Number | MarkKind::Quoted | MarkKind::Reference => self.at += 1,
            MarkKind::Name if self.next_is("(") && !matches!(mark.text, "node" | "text") => {
                self.call(mark.text)?;
            }
            MarkKind::Sign if mark.text == "(" => {
                self.at += 1;
                self.whole()?;
                self.need(")")?;
            }
            _ => return self.path(),
        }
        self.filters()?;
        if self.is("/") || self.is("//") {
            self.at += 1;
            self.steps()?;
        }
        Ok(())
    }

    fn call(&mut self, name: &str) -> Result<(), Fault> {
        if !FUNCTIONS.contains(&name) {
            return Err(Fault::Function(name.to_owned()));
        }
        self.at += 2;
        if name == "instance"
            && let Some(mark) = self.here().filter(|mark| mark.kind == MarkKind::Quoted)
        {
            (self.instance)(mark.text.trim_matches(['"', '\'']));
        }
        if self.skip(")") {
            return Ok(());
        }
        loop {
            self.whole()?;
            if !self.skip(",") {
                return self.need(")");
            }
        }
    }

    fn filters(&mut self) -> Result<(), Fault> {
        while self.skip("[") {
            self.whole()?;
            self.need("]")?;
        }
        Ok(())
    }

    fn path(&mut self) -> Result<(), Fault> {
        if self.skip("//") {
            return self.steps();
        }
        let root = self.skip("/");
        let goes_on = self
            .here()
            .is_some_and(|mark| mark.kind == MarkKind::Name || matches!(mark.text, "." | ".." | "@" | "*"));
        if root && !goes_on { Ok(()) } else { self.steps() }
    }

    fn steps(&mut self) -> Result<(), Fault> {
        loop {
            self.step()?;
            if !(self.skip("/") || self.skip("//")) {
                return Ok(());
            }
        }
    }

    fn step(&mut self) -> Result<(), Fault> {
        if self.skip(".") || self.skip("..") {
            return self.filters();
        }
        if !self.skip("@") && self.next_is("::") {
            self.at += 2;
        }
        let Some(mark) = self.here() else { return self.fault() };
        if mark.kind != MarkKind::Name && mark.text != "*" {
            return self.fault();
        }
        self.at += 1;
        if matches!(mark.text, "node" | "text") && self.skip("(") {
            self.need(")")?;
        }
        self.filters()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn looked(text: &str) -> Result<(), Fault> {
        check(text, &mut |_| {})
    }

    #[test]
    fn what_people_write_is_an_expression() {
        for good in [
            "true()",
            ". >= 0 and . <= ${total}",
            "if(${a} = 'x', 1, -2) * 3 div 4 mod 5",
            "instance('l')/root/item[name = ${a} and ../b != \"c\"]/label",
            "count(${people}) > position(..)",
            "sum(${r}/x[. > 1]) | //a/@b",
            "not(selected(., 'none') and count-selected(.) > 1)",
            "/data/x/child::y/text()",
            "${x}",
            "jr:choice-name(${x}, '${x}')",
            "regex(., '^[0-9]{4}$')",
        ] {
            assert_eq!(looked(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_is_none_is_told_with_its_place() {
        let at = |text: &str| Err(Fault::At(text.into()));
        assert_eq!(looked("${a} = "), at(""));
        assert_eq!(looked("(1 + 2"), at(""));
        assert_eq!(looked("1 2"), at("2"));
        assert_eq!(looked("${a} == 1"), at("="));
        assert_eq!(looked("f(,)"), Err(Fault::Function("f".into())));
        assert_eq!(looked("'a"), Err(Fault::Open));
        assert_eq!(looked("1.2.3"), at("1.2.3"));
        assert_eq!(looked(&"(".repeat(10_000)), at("("));
    }

    proptest! {
        #[test]
        fn anything_can_be_asked(text in "\\PC{0,80}") {
            let _ = looked(&text);
        }

        #[test]
        fn marks_in_any_order_end(text in "([a-z]|[()\\[\\],=/.*]|\\$\\{a\\}|[0-9]| ){0,60}") {
            let _ = looked(&text);
        }
    }
}
