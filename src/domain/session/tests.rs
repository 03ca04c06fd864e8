use proptest::prelude::*;

use super::inbound::{GuestEvent, MAX_TEXT};
use super::*;
use crate::{
    base::draw::{Cause, DrawKey},
    domain::{
        bot::{
            Rule, When,
            step::{Reply, Step},
            turn::Cue,
        },
        content::Content,
        deployment::{
            Admission, ConversationDisconnect, DeploymentStatus, HandshakeRefusal, Notifications, SignInRules,
        },
        message::Happening,
        messenger::Messenger,
    },
};

/// A deployment where everything is possible.
pub fn deployment() -> Deployment {
    Deployment {
        id: "d".into(),
        status: DeploymentStatus::Active,
        version: "1".into(),
        allowed_domains: None,
        admission: Admission::Anyone,
        handshake_refusal: HandshakeRefusal::ByCause,
        handshake: crate::domain::handshake::Handshake::default(),
        strict_issuer: false,
        strict_message_ids: false,
        authentication: false,
        sign_in: SignInRules::default(),
        allow_session_upgrade: false,
        conversation_disconnect: ConversationDisconnect::ReadOnly,
        conversation_clear: true,
        name: "d".to_owned(),
        revision: 0,
        written: None,
        agent_typing: true,
        guest_typing: true,
        auto_start: false,
        attachment_types: vec![],
        attachment_max_kb: 0,
        blocked_extensions: vec![],
        session_duration: Span::from_secs(3600),
        notifications: Notifications::default(),
        messenger: Messenger::default(),
        primary_color: "#000000".into(),
        languages: vec!["en-us".into()],
        bot: None,
    }
}

fn bot() -> Bot {
    let reply = |step| Reply::try_from(vec![step]).unwrap();
    let rule = |text: &str, step| Rule { when: When::Text(text.into()), reply: reply(step) };
    let bye = rule("bye", Step::Disconnect { say: Some("Bye".into()) });
    let agent = rule("agent", Step::HandOver { queue: "q".into(), say: Some("One moment".into()) });
    let otherwise = Some(reply(Step::Say("{text}!".into())));
    Bot { delay: Span::ZERO, rules: vec![bye, agent], otherwise }
}

/// The bot has thought about this text.
fn turn(text: &str) -> Event {
    let said = Cue::Said { text: text.into(), payloads: Vec::new() };
    Event::BotTurn(bot().turn(said).unwrap())
}

struct World {
    session: Session,
    deployment: Deployment,
    bot: Bot,
    key: DrawKey,
    frame: u32,
}

impl World {
    fn new() -> Self {
        let deployment = deployment();
        let session = Session::new("t".into(), &deployment, Timestamp::default());
        Self { session, deployment, bot: bot(), key: DrawKey::new(1, "o"), frame: 0 }
    }

    fn step(&mut self, event: Event, now: Timestamp) -> Vec<Action> {
        self.frame += 1;
        let rules = Rules { deployment: &self.deployment, bot: Some(&self.bot) };
        let mut mint = Mint::new(&self.key, Cause::visit(1).frame(self.frame));
        self.session.step(event, None, &rules, now, &mut mint)
    }

    fn say(&mut self, text: &str, now: Timestamp) -> Vec<Action> {
        self.step(Event::Say(Inbound { text: Some(text.into()), ..Inbound::default() }), now)
    }
}

fn configure(start_new: bool) -> Event {
    Event::Configure { start_new, person: None, cleared_existing: false }
}

fn at(secs: i64) -> Timestamp {
    Timestamp::default().plus(Span::from_secs(secs))
}

fn error_code(actions: &[Action]) -> Option<u32> {
    actions.iter().find_map(|action| match action {
        Action::Answer(Frame { body: Body::Error { code, .. }, .. }) => Some(*code),
        _ => None,
    })
}

#[test]
fn bye_makes_the_session_read_only_until_a_new_one_is_started() {
    let mut world = World::new();
    world.step(configure(false), at(0));
    world.say("bye", at(1));
    let ended = world.step(turn("bye"), at(1));
    assert!(matches!(ended.last(), Some(Action::End(_, Ending::Disconnected))));
    assert_eq!(error_code(&world.say("more", at(2))), Some(409));
    world.step(configure(true), at(3));
    assert_eq!(error_code(&world.say("again", at(4))), None);
}

#[test]
fn every_message_moves_the_expiry_and_an_expired_session_says_so() {
    let mut world = World::new();
    world.step(configure(false), at(0));
    world.say("hi", at(3000));
    assert!(
        matches!(world.step(Event::Deadline, at(3600))[..], [Action::WakeAt(again)] if again == at(6600))
    );
    let over = world.step(Event::Deadline, at(6600));
    let expired = matches!(
        over[..],
        [Action::Everyone(Frame { body: Body::SessionExpired, .. }), Action::End(_, Ending::Expired)]
    );
    assert!(expired, "{over:?}");
    let configured = world.step(configure(false), at(6601));
    let [_, Action::Answer(Frame { body: Body::Session(state), .. }), ..] = &configured[..] else {
        panic!("{configured:?}")
    };
    assert!(state.new_session);
}

proptest! {
    #[test]
    fn message_times_strictly_increase_by_whole_milliseconds(steps in proptest::collection::vec((0_i64..3_000, any::<bool>()), 1..60)) {
        let mut world = World::new();
        world.step(configure(false), at(0));
        let mut now = at(0);
        world.say("x", now);
        for (micros, bot) in steps {
            now = now.plus(Span::from_micros(micros));
            if bot { world.step(turn("x"), now); } else { world.say("x", now); }
        }
        let times: Vec<_> = world.session.messages().map(|message| message.time.micros()).collect();
        prop_assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 1_000));
        prop_assert!(times.iter().all(|time| time % 1_000 == 0));
        prop_assert_eq!(world.session.expires, Timestamp::from_micros(times[times.len() - 1]).plus(Span::from_secs(3600)));
    }

    #[test]
    fn texts_are_refused_exactly_above_4096_bytes(length in 4_000_usize..4_200, wide in any::<bool>()) {
        let mut world = World::new();
        world.step(configure(false), at(0));
        let text = if wide { "é".repeat(length / 2) } else { "x".repeat(length) };
        let refused = error_code(&world.say(&text, at(1))) == Some(4011);
        prop_assert_eq!(refused, text.len() > MAX_TEXT);
    }

    #[test]
    fn no_order_of_events_breaks_what_always_holds(
        events in proptest::collection::vec((any_event(), 0_i64..2_500), 0..60),
    ) {
        let mut world = World::new();
        let (mut now, mut last, mut configured) = (at(0), Timestamp::default(), false);
        for (event, pause) in events {
            now = now.plus(Span::from_secs(pause));
            let (expired, read_only) = (world.session.is_expired(now), world.session.read_only);
            let is_request = matches!(event, Event::Say(_) | Event::Echo { .. } | Event::Close { .. });
            let configures = matches!(event, Event::Configure { .. });
            let speaks = matches!(event, Event::BotTurn(_) | Event::Speak(_) | Event::Type { .. } | Event::Disconnect { .. });
            let clears = matches!(&event, Event::Say(inbound) if inbound.event == Some(GuestEvent::Clear));
            let before = world.session.messages().len();
            let actions = world.step(event, now);
            configured |= configures;

            let answers = actions.iter().filter(|action| matches!(action, Action::Answer(_))).count();
            prop_assert!(answers <= 1, "a request is answered once: {actions:?}");
            if expired && is_request {
                let only_that = matches!(actions[..], [Action::Answer(Frame { body: Body::SessionExpired, .. })]);
                prop_assert!(only_that, "an expired session says so and nothing else: {actions:?}");
            }
            if speaks && (expired || read_only || !configured) {
                prop_assert!(actions.is_empty(), "nobody speaks to a session that is over: {actions:?}");
            }
            if read_only && is_request && !clears && !expired {
                prop_assert_eq!(world.session.messages().len(), before, "read-only sessions stay as they are");
            }
            for action in &actions {
                if let Action::Message { message, .. } = action {
                    prop_assert!(message.time > last && message.time.micros() % 1_000 == 0, "{message:?}");
                    last = message.time;
                }
            }
            let times: Vec<_> = world.session.messages().map(|message| message.time).collect();
            prop_assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
            let typed = |message: &Message| matches!(message.happening, Some(Happening::Typing { .. }));
            prop_assert!(!world.session.messages().any(|message| typed(message)), "typing is not kept");
        }
    }
}

/// Every event that there is, as far as clients, agents and time can bring it about.
fn any_event() -> impl Strategy<Value = Event> {
    let person = || Some(Person { subject: "alice".into(), ..Person::default() });
    let inbound = |text: &str, event| {
        let text = Some(text.to_owned()).filter(|text| !text.is_empty());
        Event::Say(Inbound { text, event, ..Inbound::default() })
    };
    let spoken =
        Spoken { text: Some("Hi".into()), content: Content::None, from: None, originator: Originator::Human };
    let (from, originator) = (None, Originator::Human);
    proptest::sample::select(vec![
        configure(false),
        configure(true),
        Event::Configure { start_new: false, person: person(), cleared_existing: false },
        Event::Close { all: true },
        Event::Close { all: false },
        inbound("bye", None),
        inbound("hello", None),
        inbound("", None),
        inbound(&"x".repeat(5_000), None),
        inbound("", Some(GuestEvent::Join)),
        inbound("", Some(GuestEvent::Clear)),
        inbound("", Some(GuestEvent::Typing { on: true })),
        Event::Echo { text: "ping".into(), custom_message_id: None },
        turn("bye"),
        turn("hello"),
        turn("agent"),
        Event::Speak(spoken),
        Event::Type { from: from.clone(), originator, on: true, lasting: None },
        Event::Disconnect { from, originator },
        Event::SignedInElsewhere,
        Event::Logout,
        Event::Deadline,
        Event::Expire,
    ])
}
