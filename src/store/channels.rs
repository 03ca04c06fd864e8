//! The notification channels of an org, and who hears of which topic.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    base::{ids::ChannelId, table::Table, time::Timestamp},
    domain::channel::{Channel, MOST_TOPICS, Owner},
};

/// Channels of an org.
const CHANNELS: usize = 50_000;

/// All channels of an org, in the order of making.
#[derive(Clone, Serialize, Deserialize)]
pub struct Channels {
    rows: Table<ChannelId, Channel>,
    #[serde(skip)]
    by_topic: BTreeMap<String, BTreeSet<ChannelId>>,
}

impl Default for Channels {
    fn default() -> Self {
        Self { rows: Table::bounded(CHANNELS), by_topic: BTreeMap::new() }
    }
}

impl Channels {
    /// Read from somewhere else: it is bounded, and who hears of what is found out anew.
    pub fn hold(&mut self) {
        self.rows.hold(CHANNELS);
        self.rows.for_each(|_, channel| channel.subscriptions.truncate(MOST_TOPICS));
        self.by_topic.clear();
        let heard = self.rows.iter().flat_map(|(id, channel)| channel.topics().map(move |topic| (topic, id)));
        for (topic, id) in heard {
            self.by_topic.entry(topic).or_default().insert(id.clone());
        }
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Option<&Channel> {
        self.rows.get(id)
    }

    /// One of them, to change all but what it is subscribed to.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Channel> {
        self.rows.get_mut(id)
    }

    /// Adds one that is subscribed to nothing yet. The oldest goes for it when there are too many.
    pub fn insert(&mut self, channel: Channel) {
        if let Some((id, evicted)) = self.rows.insert(channel.id.clone(), channel) {
            self.forget(&id, &evicted);
        }
    }

    /// Takes one out.
    pub fn remove(&mut self, id: &str) -> Option<Channel> {
        let channel = self.rows.remove(id)?;
        self.forget(&channel.id.clone(), &channel);
        Some(channel)
    }

    fn forget(&mut self, id: &ChannelId, channel: &Channel) {
        for topic in channel.topics() {
            if let Some(heard) = self.by_topic.get_mut(&topic) {
                heard.remove(id);
                if heard.is_empty() {
                    self.by_topic.remove(&topic);
                }
            }
        }
    }

    /// From now on a channel is subscribed to this and nothing else.
    pub fn subscribe(&mut self, id: &ChannelId, subscriptions: Vec<String>) {
        let Some(channel) = self.rows.get_mut(id.as_str()) else { return };
        let mut before = channel.clone();
        before.subscriptions = std::mem::replace(&mut channel.subscriptions, subscriptions);
        let topics: Vec<String> = channel.topics().collect();
        self.forget(id, &before);
        for topic in topics {
            self.by_topic.entry(topic).or_default().insert(id.clone());
        }
    }

    /// Is there nobody who hears of anything?
    pub fn is_unheard(&self) -> bool {
        self.by_topic.is_empty()
    }

    /// Who hears of a topic.
    pub fn of_topic(&self, topic: &str) -> impl Iterator<Item = &ChannelId> {
        self.by_topic.get(topic).into_iter().flatten()
    }

    /// The channels of a user and application that are not over, in the order of making.
    pub fn of_owner(&self, owner: &Owner, now: Timestamp) -> impl Iterator<Item = &Channel> {
        let all = self.rows.iter().map(|(_, channel)| channel);
        all.filter(move |channel| channel.owner == *owner && now < channel.ends())
    }

    /// The keys of the access tokens that channels were made with.
    pub fn tokens(&self) -> BTreeSet<String> {
        self.rows.iter().map(|(_, channel)| channel.token.clone()).collect()
    }

    /// The channels that were made with an access token, by its key.
    pub fn of_token(&self, token: &str) -> Vec<ChannelId> {
        let of_token = self.rows.iter().filter(|(_, channel)| channel.token == token);
        of_token.map(|(id, _)| id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn channel(id: u8) -> Channel {
        Channel {
            id: id.to_string().into(),
            owner: Owner { client: "c".into(), user: None },
            token: String::new(),
            token_expires: Timestamp::END,
            expires: Timestamp::END,
            used: Timestamp::default(),
            subscriptions: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn who_hears_of_a_topic_is_who_is_subscribed_to_it(
            changes in proptest::collection::vec((0..3_u8, proptest::option::of(proptest::collection::vec(0..4_u8, 0..4))), 0..40),
        ) {
            let mut channels = Channels::default();
            for (id, wanted) in changes {
                match wanted {
                    None => drop(channels.remove(&id.to_string())),
                    Some(topics) => {
                        if channels.get(&id.to_string()).is_none() {
                            channels.insert(channel(id));
                        }
                        let named = topics.iter().map(|user| format!("v2.users.{user}?presence&activity")).collect();
                        channels.subscribe(&id.to_string().into(), named);
                    }
                }
                let mut anew = channels.clone();
                anew.hold();
                prop_assert_eq!(&anew.by_topic, &channels.by_topic);
                for user in 0..4 {
                    let topic = format!("v2.users.{user}.activity");
                    let wanted = format!("v2.users.{user}?presence&activity");
                    let expected: BTreeSet<_> = channels.rows.iter()
                        .filter(|(_, one)| one.subscriptions.contains(&wanted)).map(|(id, _)| id.clone()).collect();
                    prop_assert_eq!(channels.of_topic(&topic).cloned().collect::<BTreeSet<_>>(), expected);
                }
            }
        }
    }
}
