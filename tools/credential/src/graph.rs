//! A graph of few statements, written in the one order that everybody signs.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::holder::hex;

pub(crate) const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
pub(crate) const SCHEMA: &str = "https://schema.org/";
pub(crate) const CREDENTIALS: &str = "https://www.w3.org/2018/credentials#";
pub(crate) const BADGES: &str = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
pub(crate) const SECURITY: &str = "https://w3id.org/security#";
pub(crate) const STATUS: &str = "https://www.w3.org/ns/credentials/status#";
pub(crate) const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";

/// A thing: with an address, or known only by what is said of it.
#[derive(Clone)]
pub(crate) enum Node {
    Iri(String),
    Blank(&'static str),
}

/// The thing with this address.
pub(crate) fn iri(address: &str) -> Node {
    Node::Iri(address.to_owned())
}

/// The third word of a statement.
enum Object {
    Node(Node),
    /// Text in quotes with its language or kind, as it is written.
    Literal(String),
}

/// A predicate: vocabulary and word.
type Predicate<'a> = (&'a str, &'a str);

#[derive(Default)]
pub(crate) struct Graph(Vec<(Node, String, Object)>);

impl Graph {
    fn add(&mut self, subject: &Node, (vocabulary, word): Predicate<'_>, object: Object) {
        self.0.push((subject.clone(), format!("{vocabulary}{word}"), object));
    }

    /// A connection of two things.
    pub(crate) fn node(&mut self, subject: &Node, predicate: Predicate<'_>, object: &Node) {
        self.add(subject, predicate, Object::Node(object.clone()));
    }

    /// What a thing is, by vocabulary and word.
    pub(crate) fn kind(&mut self, subject: &Node, (vocabulary, word): Predicate<'_>) {
        self.node(subject, (TYPE, ""), &Node::Iri(format!("{vocabulary}{word}")));
    }

    /// A plain text.
    pub(crate) fn text(&mut self, subject: &Node, predicate: Predicate<'_>, text: &str) {
        self.literal(subject, predicate, text, "");
    }

    /// A text of a language (`@fr`), or of a kind (`^^<…>`).
    pub(crate) fn literal(&mut self, subject: &Node, predicate: Predicate<'_>, text: &str, suffix: &str) {
        self.add(subject, predicate, Object::Literal(format!("\"{}\"{suffix}", escape(text))));
    }

    /// A text of the kind with this address.
    pub(crate) fn typed(&mut self, subject: &Node, predicate: Predicate<'_>, text: &str, kind: &str) {
        self.literal(subject, predicate, text, &format!("^^<{kind}>"));
    }

    /// The SHA-256 of the graph in canonical form.
    pub(crate) fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.canonical()).into()
    }

    /// RDFC-1.0. A thing without address is named by what is said of it: the hash of its statements gives its rank.
    /// That is the whole algorithm where no two such things look alike, and in our shapes no two share a predicate.
    pub(crate) fn canonical(&self) -> String {
        let blank = |node: &Node| if let Node::Blank(name) = node { Some(*name) } else { None };
        let blanks: BTreeSet<&str> = self
            .0
            .iter()
            .flat_map(|(subject, _, object)| {
                let other = if let Object::Node(node) = object { blank(node) } else { None };
                blank(subject).into_iter().chain(other)
            })
            .collect();
        let rank = |this: &str| {
            let label = |name: &str| if name == this { "a".to_owned() } else { "z".to_owned() };
            hex("", &Sha256::digest(self.lines(label, Some(this))))
        };
        let mut ranked: Vec<(String, &str)> = blanks.into_iter().map(|name| (rank(name), name)).collect();
        ranked.sort();
        let label = |name: &str| {
            let place = ranked.iter().position(|(_, other)| *other == name).unwrap_or_default();
            format!("c14n{place}")
        };
        self.lines(label, None)
    }

    /// The statements in order, one a line: all of them, or those that speak of one thing without address.
    fn lines(&self, label: impl Fn(&str) -> String, of: Option<&str>) -> String {
        let write = |node: &Node| match node {
            Node::Iri(address) => format!("<{address}>"),
            Node::Blank(name) => format!("_:{}", label(name)),
        };
        let is = |node: &Node| matches!(node, Node::Blank(name) if Some(*name) == of);
        let statements = self.0.iter().filter(|(subject, _, object)| {
            of.is_none() || is(subject) || matches!(object, Object::Node(node) if is(node))
        });
        let line = |(subject, predicate, object): &(Node, String, Object)| match object {
            Object::Node(node) => format!("{} <{predicate}> {} .\n", write(subject), write(node)),
            Object::Literal(text) => format!("{} <{predicate}> {text} .\n", write(subject)),
        };
        statements.map(line).collect::<BTreeSet<String>>().into_iter().collect()
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
