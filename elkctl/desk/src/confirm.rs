//! Whether a change runs, asks or is refused.

/// How much a change is asked about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tier {
    /// Not at all.
    None,
    /// Yes or no.
    Moderate,
    /// A word has to be typed.
    Severe,
}

/// What is about to be done.
#[derive(Clone, Copy, Debug)]
pub struct Action<'a> {
    /// The least that this command asks, however little it touches.
    pub floor: Tier,
    /// How many agents it touches; `None` if it is not about agents.
    pub agents: Option<u64>,
    /// Up to so many agents the floor is enough; more make it at least moderate.
    pub free_agents: u64,
    /// The object, for changes that are not about agents.
    pub object: &'a str,
    /// It was addressed to all agents.
    pub all_agents: bool,
}

/// Under which rules, and what the user said beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    /// The context is protected.
    pub protected: bool,
    /// More agents than this make it severe.
    pub threshold: u64,
    /// Somebody can be asked: a terminal, and not told not to.
    pub interactive: bool,
    /// `--yes`
    pub yes: bool,
    /// `--confirm`
    pub confirm: Option<&'a str>,
}

/// What happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// It runs.
    Run,
    /// Yes or no is asked; the default is no.
    Ask,
    /// The user has to type the token.
    AskTyped {
        /// The agent count, or the name of the object.
        token: String,
    },
    /// It does not run.
    Refuse {
        /// The flag that lets it run.
        hint: String,
    },
}

impl Action<'_> {
    /// Returns how much is asked.
    pub fn tier(&self, manner: &Manner<'_>) -> Tier {
        let agents = self.agents.unwrap_or(0);
        if self.agents == Some(0) {
            return Tier::None;
        }
        if manner.protected || self.all_agents || agents > manner.threshold {
            return Tier::Severe;
        }
        let by_count = if agents > self.free_agents { Tier::Moderate } else { Tier::None };
        self.floor.max(by_count)
    }

    /// Returns what has to be typed for a severe change.
    pub fn token(&self) -> String {
        self.agents.map_or_else(|| self.object.to_owned(), |agents| agents.to_string())
    }
}

/// Decides; asks nothing itself.
pub fn decide(action: &Action<'_>, manner: &Manner<'_>) -> Decision {
    let token = action.token();
    match (action.tier(manner), manner.confirm) {
        (Tier::None, _) => Decision::Run,
        (_, Some(confirm)) if confirm == token => Decision::Run,
        (Tier::Moderate, _) if manner.yes => Decision::Run,
        (_, Some(confirm)) => {
            let hint = format!("--confirm={confirm} does not fit: it would be --confirm={token}");
            Decision::Refuse { hint }
        }
        (Tier::Moderate, None) if manner.interactive => Decision::Ask,
        (Tier::Moderate, None) => Decision::Refuse { hint: "pass --yes".to_owned() },
        (Tier::Severe, None) if manner.interactive => Decision::AskTyped { token },
        (Tier::Severe, None) => Decision::Refuse { hint: format!("pass --confirm={token}") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTION: Action<'_> = Action {
        floor: Tier::None,
        agents: Some(5),
        free_agents: 10,
        object: "",
        all_agents: false,
    };
    const MANNER: Manner<'_> =
        Manner { protected: false, threshold: 1_000, interactive: true, yes: false, confirm: None };

    #[test]
    fn more_agents_protection_and_all_agents_raise_the_tier() {
        let cases = [
            (ACTION, MANNER, Tier::None),
            (Action { agents: Some(11), ..ACTION }, MANNER, Tier::Moderate),
            (Action { agents: Some(1_000), ..ACTION }, MANNER, Tier::Moderate),
            (Action { agents: Some(1_001), ..ACTION }, MANNER, Tier::Severe),
            (Action { all_agents: true, ..ACTION }, MANNER, Tier::Severe),
            (ACTION, Manner { protected: true, ..MANNER }, Tier::Severe),
            (Action { floor: Tier::Severe, ..ACTION }, MANNER, Tier::Severe),
            (Action { floor: Tier::Moderate, agents: None, ..ACTION }, MANNER, Tier::Moderate),
            (Action { floor: Tier::Severe, agents: Some(0), ..ACTION }, MANNER, Tier::None),
        ];
        for (action, manner, tier) in cases {
            assert_eq!(action.tier(&manner), tier, "{action:?} {manner:?}");
        }
    }

    #[test]
    fn a_moderate_change_asks_on_a_terminal_and_needs_yes_elsewhere() {
        let action = Action { agents: Some(50), ..ACTION };
        assert_eq!(decide(&action, &MANNER), Decision::Ask);
        assert_eq!(decide(&action, &Manner { yes: true, ..MANNER }), Decision::Run);
        let quiet = Manner { interactive: false, ..MANNER };
        assert_eq!(decide(&action, &quiet), Decision::Refuse { hint: "pass --yes".to_owned() });
        assert_eq!(decide(&action, &Manner { yes: true, ..quiet }), Decision::Run);
    }

    #[test]
    fn yes_is_never_enough_for_a_severe_change() {
        let action = Action { agents: Some(12_480), ..ACTION };
        let typed = Decision::AskTyped { token: "12480".to_owned() };
        assert_eq!(decide(&action, &Manner { yes: true, ..MANNER }), typed);
        let quiet = Manner { interactive: false, yes: true, ..MANNER };
        let refused = Decision::Refuse { hint: "pass --confirm=12480".to_owned() };
        assert_eq!(decide(&action, &quiet), refused);
        let right = Manner { confirm: Some("12480"), ..quiet };
        assert_eq!(decide(&action, &right), Decision::Run);
        let stale = Manner { confirm: Some("12479"), ..quiet };
        assert!(matches!(decide(&action, &stale), Decision::Refuse { .. }));
        let named = Action { floor: Tier::Severe, agents: None, object: "alice", ..ACTION };
        assert_eq!(decide(&named, &MANNER), Decision::AskTyped { token: "alice".to_owned() });
    }
}
