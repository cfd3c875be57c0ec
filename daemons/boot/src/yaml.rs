//! One YAML document as a tree with places, whoever wrote it: size, depth and nodes are bounded,
//! also those that aliases make.

use std::collections::{BTreeMap, HashMap};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span};

/// Settings have a few kilobytes.
pub(crate) const MAX_BYTES: u64 = 1 << 20;
const MAX_DEPTH: usize = 16;
const MAX_NODES: usize = 10_000;

/// Where something stands, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A value and where it stands.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What a node holds. It has no `Debug`: values may be secrets.
#[derive(Clone)]
pub(crate) enum Value {
    /// Text; without quotes it may also stand for a number, a switch or nothing.
    Text {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Map),
}

/// Nodes by lower-case key, each with the place of its key.
pub(crate) type Map = BTreeMap<String, (Place, Node)>;

/// What is wrong with a document, and where.
pub(crate) struct Wrong {
    pub(crate) place: Place,
    pub(crate) key: String,
    pub(crate) reason: String,
}

/// Reads the one document in `text`, whose keys count without their case.
pub(crate) fn read(text: &str) -> Result<Map, Wrong> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        disallow_directives: true,
    };
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader {
        parser,
        path: Vec::new(),
        nodes: 0,
        anchors: HashMap::new(),
        place: Place::default(),
    };
    let mut root = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => break,
            Event::StreamStart | Event::DocumentEnd => {}
            Event::DocumentStart(..) if root.is_some() => {
                return Err(reader.wrong("a second document begins; there may be one"));
            }
            Event::DocumentStart(..) => {
                let (event, span) = reader.next()?;
                root = Some(reader.node(event, &span)?);
            }
            event => root = Some(reader.node(event, &span)?),
        }
    }
    match root {
        None => Ok(Map::new()),
        Some(Node { value: Value::Map(map), .. }) => Ok(map),
        Some(node) if node.is_null() => Ok(Map::new()),
        Some(node) => {
            let reason = "keys with values are expected".to_owned();
            Err(Wrong { place: node.place, key: String::new(), reason })
        }
    }
}

impl Node {
    /// Returns whether nothing stands there.
    pub(crate) fn is_null(&self) -> bool {
        match &self.value {
            Value::Text { text, plain: true } => {
                matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    /// Returns whether there is nothing to take: nothing at all, or a list or text without content.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.value {
            Value::Text { text, .. } => text.is_empty() || self.is_null(),
            Value::List(items) => items.is_empty(),
            Value::Map(map) => map.values().all(|(_, node)| node.is_empty()),
        }
    }

    fn count(&self) -> usize {
        1 + match &self.value {
            Value::Text { .. } => 0,
            Value::List(items) => items.iter().map(Self::count).sum(),
            Value::Map(map) => map.values().map(|(_, node)| node.count()).sum(),
        }
    }

    /// Returns how many nodes stand in each other, this one counted.
    fn depth(&self) -> usize {
        1 + match &self.value {
            Value::Text { .. } => 0,
            Value::List(items) => items.iter().map(Self::depth).max().unwrap_or(0),
            Value::Map(map) => map.values().map(|(_, node)| node.depth()).max().unwrap_or(0),
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    /// Keys that lead to where it reads.
    path: Vec<String>,
    nodes: usize,
    anchors: HashMap<usize, Node>,
    place: Place,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Wrong> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.place = place(&span);
                Ok((event, span))
            }
            Some(Err(error)) => {
                let mark = error.marker();
                self.place = Place { line: mark.line(), column: mark.col() + 1 };
                match error.kind() {
                    ErrorKind::RecursionLimitExceeded => Err(self.too_deep()),
                    _ => Err(self.wrong(&error.info())),
                }
            }
            None => Err(self.wrong("the document ends too early")),
        }
    }

    fn wrong(&self, reason: &str) -> Wrong {
        Wrong { place: self.place, key: self.path.join("."), reason: reason.to_owned() }
    }

    fn too_deep(&self) -> Wrong {
        self.wrong(&format!("it is more than {MAX_DEPTH} levels deep"))
    }

    /// Accounts for nodes before they are kept.
    fn spend(&mut self, nodes: usize) -> Result<(), Wrong> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            return Err(self.wrong(&format!("there are more than {MAX_NODES} values")));
        }
        Ok(())
    }

    fn node(&mut self, event: Event<'a>, span: &Span) -> Result<Node, Wrong> {
        let place = place(span);
        self.spend(1)?;
        let (anchor, value) = match event {
            Event::Alias(id) => return self.alias(id, place),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = match tag {
                    None => style == ScalarStyle::Plain,
                    Some(tag) if tag.is_yaml_core_schema_tag("str") => false,
                    Some(_) => return Err(self.wrong("a tag other than `!!str` is not understood")),
                };
                (anchor, Value::Text { text: text.into_owned(), plain })
            }
            Event::SequenceStart(_, anchor, _) => (anchor, Value::List(self.items()?)),
            Event::MappingStart(_, anchor, _) => (anchor, Value::Map(self.entries()?)),
            _ => return Err(self.wrong("a value is expected")),
        };
        let node = Node { place, value };
        if anchor != 0 {
            // The copy that is kept counts, too.
            self.spend(node.count())?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, place: Place) -> Result<Node, Wrong> {
        let Some(target) = self.anchors.get(&id) else {
            return Err(self.wrong("an alias stands inside of what it stands for"));
        };
        let (count, deep) = (target.count(), self.path.len() + target.depth() > MAX_DEPTH);
        self.spend(count)?;
        if deep {
            return Err(self.too_deep());
        }
        let target = self.anchors.get(&id).cloned();
        Ok(Node { place, ..target.expect("it was there") })
    }

    fn items(&mut self) -> Result<Vec<Node>, Wrong> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(items);
            }
            self.path.push(items.len().to_string());
            self.bound()?;
            items.push(self.node(event, &span)?);
            self.path.pop();
        }
    }

    fn entries(&mut self) -> Result<Map, Wrong> {
        let mut map = Map::new();
        loop {
            let (event, span) = self.next()?;
            let at = place(&span);
            let key = match event {
                Event::MappingEnd => return Ok(map),
                Event::Scalar(text, ..) => text.to_lowercase(),
                _ => return Err(self.wrong("a key is text")),
            };
            self.path.push(key.clone());
            self.bound()?;
            if map.contains_key(&key) {
                return Err(self.wrong("the key comes twice; upper and lower case are the same"));
            }
            if key == "<<" {
                return Err(self.wrong("merged keys are not read; write them out"));
            }
            let (event, span) = self.next()?;
            let node = self.node(event, &span)?;
            map.insert(key, (at, node));
            self.path.pop();
        }
    }

    fn bound(&self) -> Result<(), Wrong> {
        if self.path.len() > MAX_DEPTH {
            return Err(self.too_deep());
        }
        Ok(())
    }
}

fn place(span: &Span) -> Place {
    Place { line: span.start.line(), column: span.start.col() + 1 }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_read_ends_in_a_bounded_tree_or_in_one_error_with_its_place(
            parts in proptest::collection::vec(
                prop_oneof![
                    "[a-c0-9:,?~#%. -]{1,6}",
                    "(\n|\n  |\n    |\t|: |- |\\[|\\]|\\{|\\}|&a |\\*a|!!str |!x |'|\"|\\||>|---\n|<<: )",
                    ".",
                ],
                0..60,
            )
        ) {
            let text = parts.concat();
            match read(&text) {
                Ok(map) => {
                    let node = Node { place: Place::default(), value: Value::Map(map) };
                    prop_assert!(node.count() <= MAX_NODES + 1 && node.depth() <= MAX_DEPTH + 2);
                }
                Err(wrong) => {
                    let lines = text.chars().filter(|it| matches!(it, '\n' | '\r')).count();
                    prop_assert!(wrong.place.line <= lines + 1, "{} in {text:?}", wrong.place.line);
                    prop_assert!(!wrong.reason.is_empty() && !wrong.reason.contains('\n'));
                }
            }
        }
    }

    fn refused(text: &str) -> String {
        let wrong = read(text).err().expect("is refused");
        format!("{}:{}: {}: {}", wrong.place.line, wrong.place.column, wrong.key, wrong.reason)
    }

    #[test]
    fn a_document_becomes_a_tree_with_lower_case_keys_and_places() {
        let map =
            read("# note\nServer:\n  Ip: \"0.0.0.0\"\n  Ports: [1, 2]\nempty:\n").ok().unwrap();
        let (at, server) = &map["server"];
        assert_eq!((at.line, at.column), (2, 1));
        let Value::Map(server) = &server.value else { unreachable!("a map") };
        let (_, ip) = &server["ip"];
        assert_eq!((ip.place.line, ip.place.column), (3, 7));
        assert!(matches!(&ip.value, Value::Text { text, plain: false } if text == "0.0.0.0"));
        assert!(matches!(&server["ports"].1.value, Value::List(items) if items.len() == 2));
        assert!(map["empty"].1.is_null());
        assert!(
            read("").is_ok_and(|it| it.is_empty()) && read("---\n").is_ok_and(|it| it.is_empty())
        );
    }

    #[test]
    fn an_alias_stands_for_its_anchor() {
        let map = read("a: &x [1, 2]\nb: *x\n").ok().unwrap();
        assert!(matches!(&map["b"].1.value, Value::List(items) if items.len() == 2));
        assert_eq!(map["b"].1.place, Place { line: 2, column: 4 });
    }

    #[test]
    fn what_grows_without_bound_is_refused_with_its_place() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let alias = format!("*a{}", level - 1);
            writeln!(bomb, "a{level}: &a{level} [{}]", vec![alias; 10].join(", ")).unwrap();
        }
        assert!(refused(&bomb).contains("more than 10000 values"), "{}", refused(&bomb));
        let deep = format!("a: {}", "[".repeat(100_000));
        assert!(refused(&deep).contains("levels deep"), "{}", refused(&deep));
        let mut steps = String::new();
        for level in 0..200 {
            writeln!(steps, "{}k{level}:", " ".repeat(level)).unwrap();
        }
        assert!(refused(&steps).contains("levels deep"), "{}", refused(&steps));
        let many = (0..20_000).map(|it| format!("k{it}: 1\n")).collect::<String>();
        assert!(refused(&many).contains("k9999: there are more than 10000"), "{}", refused(&many));
        // Deeper only by what aliases stand for.
        let mut ladder = "a0: &a0 [x]\n".to_owned();
        for level in 1..20 {
            writeln!(ladder, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
        }
        assert!(refused(&ladder).contains("levels deep"), "{}", refused(&ladder));
    }

    #[test]
    fn what_is_no_plain_tree_is_refused_with_its_place() {
        for (text, expected) in [
            ("a: 1\nA: 2\n", "2:1: a: the key comes twice"),
            ("a:\n  b: *c\n", "2:6: a.b: "),
            ("a: &x [*x]\n", "1:8: a.0: an alias stands inside"),
            ("a: !!binary aGk=\n", "a: a tag other than"),
            ("? [1]\n: 2\n", "1:3: : a key is text"),
            ("a: &x {b: 1}\nc:\n  <<: *x\n", "c.<<: merged keys"),
            ("a: 1\n---\nb: 2\n", "2:1: : a second document"),
            ("- 1\n", "1:1: : keys with values"),
            ("just text", "1:1: : keys with values"),
            ("a: 'x\n", ":"),
            ("a: b: c\n", "1:"),
            ("a: [1\n", ":"),
            ("a:\n\t- b\n", "2:"),
            ("%YAML 1.1\n---\na: 1\n", "1:1: : "),
        ] {
            assert!(refused(text).contains(expected), "{text:?}: {}", refused(text));
        }
    }
}
