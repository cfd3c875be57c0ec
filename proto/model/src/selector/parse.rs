//! Text to [`Selector`].

use std::str::FromStr;

use super::{
    Age, AgeKey, AgentStatus, KEYS, MAX_LEN, MAX_PATTERNS, MAX_TERMS, MAX_VALUES, Membership,
    Ordering, ParseSelectorError, Selector, Term, TextKey, TextTest, VersionTest,
};
use crate::Tag;

impl FromStr for Selector {
    type Err = ParseSelectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_LEN {
            return Err(error(format!("a selector has at most {MAX_LEN} bytes"), MAX_LEN));
        }
        let chars: Vec<char> = text.chars().collect();
        let mut input = Input { chars: &chars, at: 0, values: 0, patterns: 0 };
        let mut terms = Vec::new();
        input.blanks();
        if input.peek().is_none() {
            return Ok(Self::default());
        }
        loop {
            if terms.len() == MAX_TERMS {
                return Err(error(format!("a selector has at most {MAX_TERMS} terms"), input.at));
            }
            terms.push(input.term()?);
            input.blanks();
            if input.peek().is_none() {
                return Ok(Self { terms });
            }
            input.expect(',')?;
        }
    }
}

struct Input<'a> {
    chars: &'a [char],
    at: usize,
    values: usize,
    patterns: usize,
}

/// No key, name of a component or tag is longer.
const MAX_KEY: usize = 128;

enum Operator {
    Is,
    IsNot,
    In,
    NotIn,
    Compare(Ordering),
    Matches,
}

type Parsed<T> = Result<T, ParseSelectorError>;

fn error(what: impl Into<String>, index: usize) -> ParseSelectorError {
    ParseSelectorError { what: what.into(), at: index + 1 }
}

impl Input<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let taken =
            wanted.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c));
        if taken {
            self.at += wanted.chars().count();
        }
        taken
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn expect(&mut self, wanted: char) -> Parsed<()> {
        self.blanks();
        if self.peek() == Some(wanted) {
            self.at += 1;
            return Ok(());
        }
        let found =
            self.peek().map_or_else(|| "the end".to_owned(), |c| format!("`{}`", c.escape_debug()));
        Err(error(format!("expected `{wanted}`, found {found}"), self.at))
    }

    fn word(&mut self) -> Parsed<String> {
        self.blanks();
        let start = self.at;
        let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        while self.peek().is_some_and(inner) {
            self.at += 1;
        }
        if start == self.at {
            return Err(error("expected a key", start));
        }
        if self.at - start > MAX_KEY {
            return Err(error(format!("a key has at most {MAX_KEY} characters"), start));
        }
        Ok(self.chars.get(start..self.at).unwrap_or_default().iter().collect())
    }

    fn term(&mut self) -> Parsed<Term> {
        self.blanks();
        if self.take("!") {
            let at = self.at;
            let word = self.word()?;
            return presence(&word, false, at);
        }
        let at = self.at;
        let word = self.word()?;
        if word == "exists" && self.take("(") {
            let at = self.at;
            let word = self.word()?;
            self.expect(')')?;
            return presence(&word, true, at);
        }
        let operator = self.operator(&word)?;
        self.comparison(&word, operator, at)
    }

    fn operator(&mut self, key: &str) -> Parsed<Operator> {
        self.blanks();
        let at = self.at;
        let table = [
            ("!=", Operator::IsNot),
            ("<=", Operator::Compare(Ordering::LessOrEqual)),
            (">=", Operator::Compare(Ordering::GreaterOrEqual)),
            ("<", Operator::Compare(Ordering::Less)),
            (">", Operator::Compare(Ordering::Greater)),
            ("==", Operator::Is),
            ("=", Operator::Is),
            ("~", Operator::Matches),
        ];
        for (sign, operator) in table {
            if self.take(sign) {
                return Ok(operator);
            }
        }
        match self.word().unwrap_or_default().as_str() {
            "in" => Ok(Operator::In),
            "notin" => Ok(Operator::NotIn),
            _ => Err(error(
                format!(
                    "expected = != < <= > >= ~ in notin after `{key}`; a tag is written tag={key}"
                ),
                at,
            )),
        }
    }

    fn value(&mut self) -> Parsed<(String, usize)> {
        self.blanks();
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(error(format!("a selector names at most {MAX_VALUES} values"), self.at));
        }
        let start = self.at;
        if self.take("\"") {
            let from = self.at;
            while self.peek().is_some_and(|c| c != '"') {
                self.at += 1;
            }
            let text = self.chars.get(from..self.at).unwrap_or_default().iter().collect();
            self.expect('"')?;
            return Ok((text, start));
        }
        while self.peek().is_some_and(|c| !c.is_whitespace() && !matches!(c, ',' | '(' | ')' | '"'))
        {
            self.at += 1;
        }
        if start == self.at {
            return Err(error("expected a value", start));
        }
        Ok((self.chars.get(start..self.at).unwrap_or_default().iter().collect(), start))
    }

    /// A regular expression runs to the next comma outside brackets, or between double quotes.
    fn pattern(&mut self) -> Parsed<(String, usize)> {
        self.blanks();
        self.patterns += 1;
        if self.patterns > MAX_PATTERNS {
            let what = format!("a selector holds at most {MAX_PATTERNS} regular expressions");
            return Err(error(what, self.at));
        }
        if self.peek() == Some('"') {
            return self.value();
        }
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(c) = self.peek() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                '\\' => self.at += 1,
                ',' if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(self.chars.len());
        if start == self.at {
            return Err(error("expected a regular expression", start));
        }
        Ok((self.chars.get(start..self.at).unwrap_or_default().iter().collect(), start))
    }

    fn values(&mut self, operator: &Operator) -> Parsed<Vec<(String, usize)>> {
        if !matches!(operator, Operator::In | Operator::NotIn) {
            return Ok(vec![self.value()?]);
        }
        self.expect('(')?;
        let mut values = vec![self.value()?];
        loop {
            self.blanks();
            if self.take(")") {
                return Ok(values);
            }
            self.expect(',')?;
            values.push(self.value()?);
        }
    }

    fn membership<T>(
        &mut self,
        key: &str,
        operator: &Operator,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Parsed<Membership<T>> {
        let at = self.at;
        if matches!(operator, Operator::Compare(_) | Operator::Matches) {
            return Err(error(format!("`{key}` takes only = != in notin"), at));
        }
        let values = self.values(operator)?;
        let read = |(text, at): (String, usize)| read(&text).map_err(|what| error(what, at));
        let values = values.into_iter().map(read).collect::<Parsed<Vec<T>>>()?;
        Ok(match operator {
            Operator::IsNot | Operator::NotIn => Membership::NotIn(values),
            _ => Membership::In(values),
        })
    }

    fn version(&mut self, key: &str, operator: &Operator) -> Parsed<VersionTest> {
        let read = |text: &str| text.parse().map_err(|e| format!("{e}"));
        if let Operator::Compare(ordering) = operator {
            let (text, at) = self.value()?;
            let version = read(&text).map_err(|what| error(what, at))?;
            return Ok(VersionTest::Compare(*ordering, version));
        }
        Ok(VersionTest::Membership(self.membership(key, operator, read)?))
    }

    fn comparison(&mut self, key: &str, operator: Operator, at: usize) -> Parsed<Term> {
        if let Some((_, text_key)) = TextKey::NAMES.into_iter().find(|(name, _)| *name == key) {
            let test = if matches!(operator, Operator::Matches) {
                TextTest::Matches(self.pattern()?.0)
            } else {
                TextTest::Membership(self.membership(key, &operator, |text| Ok(text.to_owned()))?)
            };
            return Ok(Term::Text(text_key, test));
        }
        if let Some(age_key) = age_key(key) {
            let Operator::Compare(ordering) = operator else {
                return Err(error(format!("`{key}` takes only < <= > >= and a duration"), at));
            };
            let (text, at) = self.value()?;
            let age = text.parse().map_err(|what: String| error(what, at))?;
            return Ok(Term::Age(age_key, ordering, age));
        }
        match key {
            "tag" => {
                let read =
                    |text: &str| text.parse().map_err(|e: crate::ParseNameError| e.to_string());
                Ok(Term::Tag(self.membership(key, &operator, read)?))
            }
            "status" => Ok(Term::Status(self.membership(key, &operator, status)?)),
            "version" => Ok(Term::Version(self.version(key, &operator)?)),
            _ => {
                let name = key.strip_prefix("component.").ok_or_else(|| unknown(key, at))?;
                let name = name.parse().map_err(|e| error(format!("{e}"), at))?;
                Ok(Term::Component(name, self.version(key, &operator)?))
            }
        }
    }
}

fn unknown(key: &str, at: usize) -> ParseSelectorError {
    error(format!("unknown key `{key}`; keys are {}", KEYS.join(", ")), at)
}

fn age_key(key: &str) -> Option<AgeKey> {
    match key {
        "last_seen" => Some(AgeKey::LastSeen),
        "first_seen" => Some(AgeKey::FirstSeen),
        _ => None,
    }
}

fn status(text: &str) -> Result<AgentStatus, String> {
    let known = AgentStatus::ALL.into_iter().find(|status| status.as_str() == text);
    known.ok_or_else(|| "a status is running, abnormal or offline".to_owned())
}

fn presence(word: &str, wanted: bool, at: usize) -> Parsed<Term> {
    fn of<T>(wanted: bool) -> Membership<T> {
        if wanted { Membership::Exists } else { Membership::Missing }
    }
    if let Some((_, key)) = TextKey::NAMES.into_iter().find(|(name, _)| *name == word) {
        return Ok(Term::Text(key, TextTest::Membership(of(wanted))));
    }
    if let Some(name) = word.strip_prefix("component.") {
        let name = name.parse().map_err(|e| error(format!("{e}"), at))?;
        return Ok(Term::Component(name, VersionTest::Membership(of(wanted))));
    }
    match word {
        "tag" => Ok(Term::Tag(of(wanted))),
        "version" => Ok(Term::Version(VersionTest::Membership(of(wanted)))),
        "status" | "last_seen" | "first_seen" => {
            Err(error(format!("every agent has `{word}`; compare it instead"), at))
        }
        _ => {
            let tag: Tag = word.parse().map_err(|_| unknown(word, at))?;
            let tags = vec![tag];
            Ok(Term::Tag(if wanted { Membership::In(tags) } else { Membership::NotIn(tags) }))
        }
    }
}

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rule = || "a duration is written like 30s, 5m, 2h or 7d".to_owned();
        let unit = text.chars().last().ok_or_else(rule)?;
        let factor = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(rule()),
        };
        let digits = text.strip_suffix(unit).unwrap_or_default();
        if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(rule());
        }
        let count: u64 = digits.parse().map_err(|_| rule())?;
        Ok(Self { seconds: count * factor })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Selector {
        text.parse().unwrap_or_else(|e| panic!("parsing {text:?}: {e}"))
    }

    #[test]
    fn the_documented_example_means_five_terms() {
        let selector =
            parsed("tag=prod,platform in (debian, rhel),version<1.9.1.22,!canary,status=running");
        let tag = |text: &str| text.parse::<Tag>().unwrap();
        assert_eq!(
            selector.terms,
            [
                Term::Tag(Membership::In(vec![tag("prod")])),
                Term::Text(
                    TextKey::Platform,
                    TextTest::Membership(Membership::In(vec!["debian".into(), "rhel".into()]))
                ),
                Term::Version(VersionTest::Compare(Ordering::Less, "1.9.1.22".parse().unwrap())),
                Term::Tag(Membership::NotIn(vec![tag("canary")])),
                Term::Status(Membership::In(vec![AgentStatus::Running])),
            ]
        );
    }

    #[test]
    fn every_operator_reads() {
        let cases = [
            "",
            "  ",
            "id=33623333-3365-4905-b417-331e183333183",
            "hostname~^web-[0-9]{1,3}$,arch!=x86_64",
            "hostname=\"a, b\"",
            "last_seen>5m",
            "first_seen <= 7d",
            "exists(idc), !ac",
            "component.driver>=1.0.0.0,!component.scanner",
            "tag notin (a,b)",
            "ip in (10.0.0.1,fd00::2)",
        ];
        for text in cases {
            parsed(text);
        }
        assert_eq!(parsed("hostname~a{1,2},tag=x").terms.len(), 2);
    }

    #[test]
    fn errors_name_what_and_where() {
        let cases = [
            ("tag=", "selector: expected a value at character 5"),
            ("status=up", "selector: a status is running, abnormal or offline at character 8"),
            (
                "last_seen>5",
                "selector: a duration is written like 30s, 5m, 2h or 7d at character 11",
            ),
            (&"k".repeat(MAX_KEY + 1), "selector: a key has at most 128 characters at character 1"),
            ("tag=a tag=b", "selector: expected `,`, found `t` at character 7"),
            ("tag in (a", "selector: expected `,`, found the end at character 10"),
            ("tag<a", "selector: `tag` takes only = != in notin at character 5"),
            (
                "version=1.2",
                "selector: a version has four numbers of 0 to 9999, such as 1.9.1.22 at character 9",
            ),
        ];
        for (text, expected) in cases {
            let error = text.parse::<Selector>().unwrap_err();
            assert_eq!(error.to_string(), expected, "parsing {text:?}");
        }
        for text in
            ["canary", "nope=1", "tag=\"a", ",", "tag=a,", "hostname~", "hostname~\\", "=", "!"]
        {
            text.parse::<Selector>()
                .map_or_else(drop, |s| assert_eq!(text, "hostname~\\", "{s:?}"));
        }
    }

    #[test]
    fn terms_values_and_regular_expressions_are_bounded() {
        let many = |term: &str, count: usize| vec![term; count].join(",");
        let cases = [
            ("!ac", MAX_TERMS, "a selector has at most 200 terms at character 801"),
            ("id~a", MAX_PATTERNS, "at most 16 regular expressions at character 84"),
            ("id~\"a\"", MAX_PATTERNS, "at most 16 regular expressions at character 116"),
        ];
        for (term, most, expected) in cases {
            assert_eq!(parsed(&many(term, most)).terms.len(), most);
            let error = many(term, most + 1).parse::<Selector>().unwrap_err().to_string();
            assert!(error.ends_with(expected), "{error}");
        }
        let values = |count| format!("ip in ({})", many("10.0.0.1", count));
        parsed(&values(MAX_VALUES));
        assert!(values(MAX_VALUES + 1).parse::<Selector>().is_err());
    }

    proptest! {
        #[test]
        fn hostile_text_never_panics(text in "[ -~é\u{1b}]{0,80}") {
            drop(text.parse::<Selector>());
        }

        #[test]
        fn any_text_survives_between_double_quotes(value in "[^\"]{0,40}") {
            let selector: Selector = format!("hostname=\"{value}\"").parse().unwrap();
            let wanted = TextTest::Membership(Membership::In(vec![value]));
            prop_assert_eq!(selector.terms, vec![Term::Text(TextKey::Hostname, wanted)]);
        }
    }
}
