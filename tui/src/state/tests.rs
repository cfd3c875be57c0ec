use proptest::prelude::*;
use serde_json::json;

use super::*;

fn model(view: View) -> Model {
    let place = Place { name: "here".to_owned(), protected: false };
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    Model::new(place, Screen::View(view), Duration::from_secs(5), now)
}

fn press(model: &mut Model, keys: &str) -> Vec<Cmd> {
    let mut done = Vec::new();
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            '\u{1b}' => KeyCode::Esc,
            it => KeyCode::Char(it),
        };
        done = model.update(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }
    done
}

fn fetched(cmds: &[Cmd]) -> Vec<(Feed, u64, Query)> {
    let fetch = |cmd: &Cmd| match cmd {
        Cmd::Fetch(feed, generation, query) => Some((feed.clone(), *generation, query.clone())),
        _ => None,
    };
    cmds.iter().filter_map(fetch).collect()
}

fn agents(ids: std::ops::Range<u32>, next: Option<&str>) -> Answer {
    let items: Vec<_> = ids.map(|it| json!({ "id": format!("agent-{it:04}") })).collect();
    Answer { total: Some(1_000), items, next: next.map(str::to_owned), ..Answer::default() }
}

/// Answers what was just asked.
fn answer(model: &mut Model, cmds: &[Cmd], answer: &Answer) {
    for (feed, generation, _) in fetched(cmds) {
        model.update(Msg::Data(feed, generation, Ok(answer.clone())));
    }
}

#[test]
fn a_row_stays_chosen_by_its_object_when_rows_move() {
    let mut model = model(View::Agents);
    let asked = model.ask();
    answer(&mut model, &asked, &agents(10..20, None));
    press(&mut model, "jjj");
    assert_eq!(model.chosen().as_deref(), Some("agent-0013"));
    let asked = model.ask();
    answer(&mut model, &asked, &agents(8..20, None));
    assert_eq!(model.chosen().as_deref(), Some("agent-0013"));
    assert_eq!(model.lists[&View::Agents].row, 5);
    let asked = model.ask();
    answer(&mut model, &asked, &agents(0..2, None));
    assert_eq!(model.chosen().as_deref(), Some("agent-0001"));
}

#[test]
fn behind_the_last_row_of_a_page_is_the_next_page_and_back() {
    let mut model = model(View::Agents);
    let asked = model.ask();
    answer(&mut model, &asked, &agents(0..3, Some("three")));
    let asked = press(&mut model, "jjj");
    assert_eq!(fetched(&asked)[0].2.cursor.as_deref(), Some("three"));
    answer(&mut model, &asked, &agents(3..6, None));
    assert_eq!(model.chosen().as_deref(), Some("agent-0003"));
    assert!(press(&mut model, "jjjjj").is_empty());
    let asked = press(&mut model, "kkk");
    assert_eq!(fetched(&asked)[0].2.cursor, None);
    answer(&mut model, &asked, &agents(0..3, Some("three")));
    assert_eq!(model.chosen().as_deref(), Some("agent-0002"));
}

#[test]
fn an_answer_to_a_question_that_is_not_asked_any_more_is_dropped() {
    let mut model = model(View::Agents);
    let old = model.ask();
    let new = press(&mut model, "/tag=a\n");
    assert_eq!(fetched(&new)[0].2.filter, "tag=a");
    answer(&mut model, &old, &agents(0..9, None));
    assert!(model.panels[&Feed::List(View::Agents)].answer.is_none());
    answer(&mut model, &new, &agents(0..1, None));
    assert_eq!(model.chosen().as_deref(), Some("agent-0000"));
}

#[test]
fn escape_takes_a_filter_away_before_it_leads_back_and_then_ends() {
    let mut model = model(View::Overview);
    press(&mut model, "2/x\n");
    let asked = press(&mut model, "\u{1b}");
    assert_eq!(fetched(&asked)[0].2.filter, "");
    press(&mut model, "\u{1b}");
    assert_eq!(model.screen, Screen::View(View::Overview));
    assert_eq!(press(&mut model, "q"), [Cmd::Quit]);
}

#[test]
fn what_fails_keeps_what_was_shown_and_says_why() {
    let mut model = model(View::Agents);
    let asked = model.ask();
    answer(&mut model, &asked, &agents(0..3, None));
    let asked = model.ask();
    let refusal = Refusal { text: "refused".to_owned(), away: true };
    for (feed, generation, _) in fetched(&asked) {
        model.update(Msg::Data(feed, generation, Err(refusal.clone())));
    }
    let panel = &model.panels[&Feed::List(View::Agents)];
    assert_eq!(panel.answer.as_ref().map(|it| it.items.len()), Some(3));
    assert_eq!(panel.refusal.as_ref(), Some(&refusal));
}

#[test]
fn it_asks_again_after_the_interval_once_and_sooner_when_something_happens() {
    let mut model = model(View::Agents);
    let start = model.now;
    let asked = model.ask();
    let at = |s: i64| Msg::Tick(start + SignedDuration::from_secs(s));
    assert!(model.update(at(5)).is_empty(), "one is under way");
    answer(&mut model, &asked, &agents(0..3, None));
    model.now = start;
    let asked = model.ask();
    answer(&mut model, &asked, &agents(0..3, None));
    assert!(model.update(at(2)).is_empty());
    model.update(Msg::Live(Live::Event(json!({ "id": "1" }))));
    let asked = model.update(at(3));
    assert_eq!(fetched(&asked).len(), 1);
    answer(&mut model, &asked, &agents(0..3, None));
    press(&mut model, "z");
    assert!(model.update(at(60)).is_empty(), "frozen");
    press(&mut model, "z");
    assert_eq!(fetched(&model.update(at(61))).len(), 1);
}

#[test]
fn commands_lead_to_views_and_objects_and_tell_what_there_is() {
    let mut model = model(View::Overview);
    let asked = press(&mut model, ":agents tag=prod\n");
    assert_eq!(fetched(&asked)[0].2.filter, "tag=prod");
    press(&mut model, ":rollout ro-1\n");
    assert_eq!(model.screen, Screen::One(View::Rollouts, "ro-1".to_owned()));
    press(&mut model, ":nonsense\n");
    assert!(model.flash.contains("there is no :nonsense"), "{}", model.flash);
    press(&mut model, ":refresh 10s\n");
    assert_eq!(model.refresh, Duration::from_secs(10));
    press(&mut model, ":refresh 0s\n");
    assert_eq!(model.refresh, Duration::from_secs(10));
    assert_eq!(press(&mut model, ":q\n"), [Cmd::Quit]);
}

#[test]
fn events_are_bounded_and_the_latest_is_first() {
    let mut model = model(View::Events);
    let asked = model.ask();
    answer(&mut model, &asked, &Answer::default());
    for number in 0..3_000 {
        model.update(Msg::Live(Live::Event(json!({ "id": number.to_string() }))));
    }
    let answer = model.panels[&Feed::List(View::Events)].answer.as_ref().unwrap();
    assert_eq!(answer.items.len(), MAX_EVENTS);
    assert_eq!(answer.items[0]["id"], "2999");
}

#[test]
fn events_that_are_streamed_are_not_asked_for_until_one_may_be_missing() {
    let mut model = model(View::Events);
    let start = model.now;
    let asked = model.ask();
    answer(&mut model, &asked, &Answer::default());
    model.update(Msg::Live(Live::Open));
    let event = |id: &str| Msg::Live(Live::Event(json!({ "id": id })));
    model.update(event("1"));
    let at = |s: i64| Msg::Tick(start + SignedDuration::from_secs(s));
    assert!(model.update(at(60)).is_empty());
    model.update(event("2"));
    assert_eq!(model.chosen().as_deref(), Some("2"), "the latest is followed");
    press(&mut model, "j");
    model.update(event("3"));
    assert_eq!(model.chosen().as_deref(), Some("1"), "what was chosen stays chosen");
    for (missing, when) in [(Live::Gap, 120), (Live::Lost("reset".to_owned()), 180)] {
        model.update(Msg::Live(missing));
        let asked = model.update(at(when));
        assert_eq!(fetched(&asked).len(), 1);
        answer(&mut model, &asked, &Answer::default());
    }
    model.update(Msg::Live(Live::Open));
    press(&mut model, "z");
    model.update(event("4"));
    press(&mut model, "z");
    assert_eq!(fetched(&model.update(at(240))).len(), 1, "what came while it was frozen");
}

#[test]
fn a_filter_of_alerts_that_is_no_state_is_refused_and_not_shown_as_if_it_were_in_use() {
    let mut model = model(View::Alerts);
    press(&mut model, "/open\n");
    assert_eq!(model.lists[&View::Alerts].filter, "open");
    assert!(press(&mut model, "/nonsense\n").is_empty());
    assert!(model.flash.contains("open"), "{}", model.flash);
    press(&mut model, "\u{1b}");
    assert_eq!(model.lists[&View::Alerts].filter, "");
}

#[test]
fn ctrl_c_ends_it_from_everywhere() {
    for keys in ["", "/", ":x", "?", "z", "2"] {
        for with in [KeyModifiers::CONTROL, KeyModifiers::CONTROL | KeyModifiers::ALT] {
            let mut model = model(View::Overview);
            press(&mut model, keys);
            let done = model.update(Msg::Key(KeyEvent::new(KeyCode::Char('c'), with)));
            assert_eq!(done, [Cmd::Quit], "{keys}");
        }
    }
}

fn key() -> impl Strategy<Value = KeyEvent> {
    let code = prop_oneof![
        8 => prop::sample::select(keymap::KEYS.map(|(with, code, ..)| (with, code)).to_vec()),
        4 => any::<char>().prop_map(|it| (KeyModifiers::NONE, KeyCode::Char(it))),
        2 => (0..10_u8).prop_map(|it| (KeyModifiers::NONE, KeyCode::Char(char::from(b'0' + it)))),
        1 => prop::sample::select(vec![
            (KeyModifiers::NONE, KeyCode::Backspace),
            (KeyModifiers::CONTROL, KeyCode::Char('x')),
            (KeyModifiers::NONE, KeyCode::F(1)),
        ]),
    ];
    code.prop_map(|(with, code)| KeyEvent::new(code, with))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_keys_at_any_size_draw_and_never_panic(
        keys in prop::collection::vec(key(), 0..60),
        size in (1..200_u16, 1..80_u16),
        rows in 0..40_u32,
        text in "\\PC{0,40}",
    ) {
        let mut model = model(View::Overview);
        model.update(Msg::Resize(size.0, size.1));
        let mut cmds = model.ask();
        for key in keys {
            let mut page = agents(0..rows, (rows % 2 == 0).then_some("next"));
            page.items.push(json!({ "id": text, "hostname": text, "name": [text, { "x": text }] }));
            page.whole = json!({ "total": rows, "status": [{ "key": text, "count": rows }], "steps": [{}] });
            answer(&mut model, &cmds, &crate::feed::clean_answer(page));
            cmds = model.update(Msg::Key(key));
            let drawn = crate::snapshot::draw(&model, size, crate::Theme::Auto);
            prop_assert_eq!(drawn.lines().count(), usize::from(size.1));
            prop_assert!(!drawn.contains(char::from(27)), "a control character is drawn");
        }
    }
}
