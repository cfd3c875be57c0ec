//! The datagrams of a cluster: between sockets and the pure part.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use elk_life::{Group, Stop};
use parking_lot::Mutex;
use tokio::net::{UdpSocket, lookup_host};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::config::Cluster;
use crate::gossip::{Gossip, Message, Now, TICK_MS};
use crate::http::App;
use crate::seal::{open, seal};

/// The most bytes of a datagram.
const MAX_DATAGRAM: usize = 65_507;
/// How often names are looked up again.
const LOOKUP: Duration = Duration::from_secs(30);
const LOOKUP_LIMIT: Duration = Duration::from_secs(5);

/// A node's place in its cluster.
#[derive(Debug)]
pub(crate) struct Mesh {
    socket: UdpSocket,
    config: Cluster,
    gossip: Gossip,
    began: Instant,
    joined: watch::Sender<Joined>,
}

/// How far a start came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    NotYet,
    /// Another node gave what there was.
    Told,
    /// Nobody answered in time.
    Alone,
}

impl Mesh {
    pub(crate) async fn bind(config: Cluster, listen: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(listen).await?;
        let gossip = Gossip::new(rand::random(), config.peers.len(), 0);
        let (joined, _) = watch::channel(Joined::NotYet);
        Ok(Self { socket, config, gossip, began: Instant::now(), joined })
    }

    pub(crate) fn addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Returns how far the start came, from now on.
    pub(crate) fn joining(&self) -> watch::Receiver<Joined> {
        self.joined.subscribe()
    }

    /// Adds what it does to `group`.
    pub(crate) fn spawn(self, app: App, group: &mut Group, stop: &Stop) {
        let places = Arc::new(Mutex::new(vec![None; self.config.peers.len()]));
        let names = self.config.peers.clone();
        group.spawn("sd-names", look_up(names, Arc::clone(&places), stop.clone()));
        group.spawn("sd-gossip", self.run(app, places, stop.clone()));
    }

    async fn run(mut self, app: App, places: Places, stop: Stop) -> Result<(), Infallible> {
        let mut ticks = interval(Duration::from_millis(TICK_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut buffer = vec![0; MAX_DATAGRAM];
        loop {
            let event = async {
                tokio::select! {
                    _ = ticks.tick() => None,
                    came = self.socket.recv_from(&mut buffer) => Some(came),
                }
            };
            match stop.until(event).await {
                None => return Ok(()),
                Some(None) => self.tick(&app, &places).await,
                Some(Some(Ok((len, from)))) => {
                    let bytes = buffer.get(..len).unwrap_or_default();
                    self.receive(&app, bytes, from).await;
                }
                // An answer that a port is closed: the next tick tries again.
                Some(Some(Err(error))) => tracing::debug!(%error, "a datagram did not come"),
            }
        }
    }

    fn now(&self, app: &App) -> Now {
        let ticks_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Now { unix_ms: app.clock.unix_ms(), ticks_ms }
    }

    async fn tick(&mut self, app: &App, places: &Places) {
        let now = self.now(app);
        let messages = self.gossip.tick(&app.registry.lock(), now);
        for (number, message) in messages {
            let place = places.lock().get(number).copied().flatten();
            if let Some(place) = place {
                self.send(&message, place, now).await;
            }
        }
        app.metrics.show_peers(self.gossip.present(now.ticks_ms));
        self.note_joined(now);
    }

    async fn receive(&mut self, app: &App, bytes: &[u8], from: SocketAddr) {
        let now = self.now(app);
        let message = match open(&self.config.key, bytes, now.unix_ms) {
            Ok(message) => message,
            Err(why) => {
                app.metrics.dropped(why);
                tracing::debug!(%from, %why, "dropped a datagram");
                return;
            }
        };
        app.metrics.taken();
        let answer = self.gossip.receive(message, &mut app.registry.lock(), now);
        if let Some(answer) = answer {
            self.send(&answer, from, now).await;
        }
        self.note_joined(now);
    }

    async fn send(&self, message: &Message, place: SocketAddr, now: Now) {
        let bytes = seal(&self.config.key, message, now.unix_ms);
        // What is not sent is not confirmed, and sent again.
        if let Err(error) = self.socket.send_to(&bytes, place).await {
            tracing::debug!(%place, %error, "a datagram was not sent");
        }
    }

    fn note_joined(&self, now: Now) {
        if *self.joined.borrow() != Joined::NotYet || !self.gossip.joined(now.ticks_ms) {
            return;
        }
        let joined = if self.gossip.told() { Joined::Told } else { Joined::Alone };
        match joined {
            Joined::Told => tracing::info!("joined the cluster: has what its nodes know"),
            _ => tracing::warn!("no other node answered: serving what this one knows"),
        }
        self.joined.send_replace(joined);
    }
}

type Places = Arc<Mutex<Vec<Option<SocketAddr>>>>;

/// Finds out where the others are, again and again: addresses behind names change.
async fn look_up(names: Vec<String>, places: Places, stop: Stop) -> Result<(), Infallible> {
    let mut ticks = interval(LOOKUP);
    while stop.until(ticks.tick()).await.is_some() {
        for (number, name) in names.iter().enumerate() {
            let Some(found) = stop.until(timeout(LOOKUP_LIMIT, lookup_host(name))).await else {
                return Ok(());
            };
            match found.map(|it| it.map(|mut it| it.next())) {
                Ok(Ok(Some(place))) => {
                    if let Some(known) = places.lock().get_mut(number) {
                        *known = Some(place);
                    }
                }
                Ok(Err(error)) => tracing::warn!(%name, %error, "cannot look up a node"),
                Ok(Ok(None)) | Err(_) => tracing::warn!(%name, "cannot look up a node"),
            }
        }
    }
    Ok(())
}
