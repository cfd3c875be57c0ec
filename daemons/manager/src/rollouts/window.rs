//! When orders may be given: `Mon-Thu 02:00-05:00 Europe/Berlin`.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

const MAX: usize = 120;
const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// Times of days on which orders may be given.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    days: Vec<Weekday>,
    from: Time,
    /// Not included; before `from` it is of the next day.
    to: Time,
    zone: TimeZone,
}

impl Window {
    /// Reads `[DAYS] HH:MM-HH:MM [ZONE]`: all days and UTC if they are not said.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let malformed = || "write it like 'Mon-Thu 02:00-05:00 Europe/Berlin'".to_owned();
        if text.len() > MAX {
            return Err(malformed());
        }
        let mut words = text.split_whitespace().peekable();
        let is_days = |it: &&str| !it.contains(':');
        let days = match words.next_if(is_days) {
            Some(days) => read_days(days).ok_or_else(malformed)?,
            None => DAYS.map(|it| it.1).to_vec(),
        };
        let times = words.next().and_then(|it| it.split_once('-')).ok_or_else(malformed)?;
        let time = |text: &str| Time::strptime("%H:%M", text).map_err(|_| malformed());
        let (from, to) = (time(times.0)?, time(times.1)?);
        if from == to {
            return Err("it begins when it ends; leave it out for all the time".to_owned());
        }
        let name = words.next().unwrap_or("UTC");
        if words.next().is_some() {
            return Err(malformed());
        }
        let zone = match name {
            "UTC" => TimeZone::UTC,
            name => TimeZone::get(name)
                .map_err(|_| format!("this server knows no time zone {name:?}; UTC it knows"))?,
        };
        Ok(Self { days, from, to, zone })
    }

    /// Returns whether orders may be given at `now`.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        let here = now.to_zoned(self.zone.clone());
        let (day, time) = (here.weekday(), here.time());
        if self.from < self.to {
            return self.days.contains(&day) && self.from <= time && time < self.to;
        }
        // Over midnight: the day is that on which it begins.
        let yesterday = day.previous();
        (self.days.contains(&day) && self.from <= time)
            || (self.days.contains(&yesterday) && time < self.to)
    }
}

/// Reads `Mon-Thu`, `Sat,Sun` or both.
fn read_days(text: &str) -> Option<Vec<Weekday>> {
    let place = |name: &str| {
        let name = name.to_ascii_lowercase();
        DAYS.iter().position(|it| it.0 == name)
    };
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut at, last) = (place(first)?, place(last)?);
        loop {
            days.push(DAYS.get(at)?.1);
            if at == last {
                break;
            }
            at = (at + 1) % DAYS.len();
        }
    }
    Some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(window: &Window, at: &str) -> bool {
        window.is_open(at.parse().unwrap())
    }

    #[test]
    fn a_window_is_open_on_its_days_between_its_times() {
        // 2026-11-24 is a Tuesday.
        let it = Window::parse("Mon-Thu 02:00-05:00").unwrap();
        for (at, is) in [
            ("2026-11-24T01:59:59Z", false),
            ("2026-11-24T02:00:00Z", true),
            ("2026-11-24T04:59:59Z", true),
            ("2026-11-24T05:00:00Z", false),
            ("2026-11-27T03:00:00Z", false),
        ] {
            assert_eq!(open(&it, at), is, "{at}");
        }
    }

    #[test]
    fn over_midnight_the_day_is_that_on_which_it_begins() {
        let it = Window::parse("Fri 22:00-04:00 UTC").unwrap();
        for (at, is) in [
            ("2026-11-27T21:00:00Z", false),
            ("2026-11-27T23:00:00Z", true),
            ("2026-11-28T03:00:00Z", true),
            ("2026-11-28T23:00:00Z", false),
            ("2026-11-27T03:00:00Z", false),
        ] {
            assert_eq!(open(&it, at), is, "{at}");
        }
        let weekend = Window::parse("sat-sun,WED 00:00-12:00").unwrap();
        assert_eq!(weekend.days, [Weekday::Saturday, Weekday::Sunday, Weekday::Wednesday]);
        assert_eq!(Window::parse("Fri-Mon 00:00-12:00").unwrap().days.len(), 4);
    }

    #[test]
    fn a_zone_moves_it() {
        let zone = TimeZone::posix("<+02>-2").unwrap();
        let it = Window { zone, ..Window::parse("02:00-05:00").unwrap() };
        assert!(open(&it, "2026-11-24T00:30:00Z") && !open(&it, "2026-11-24T04:00:00Z"));
    }

    #[test]
    fn what_is_no_window_is_refused() {
        let long = "x".repeat(200);
        for text in [
            "",
            "Mon",
            "02:00",
            "02:00-02:00",
            "Mon-Someday 02:00-05:00",
            "25:00-26:00",
            "02:00-05:00 Nowhere/None",
            "02:00-05:00 UTC and more",
            long.as_str(),
        ] {
            assert!(Window::parse(text).is_err(), "{text}");
        }
    }
}
