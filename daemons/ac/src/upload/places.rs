//! How many uploads are under way, in all and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

#[derive(Clone, Debug)]
pub(crate) struct Uploads(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    each: usize,
    from: Mutex<HashMap<IpAddr, usize>>,
}

/// One upload; dropped, it is over.
#[derive(Debug)]
pub(crate) struct Place {
    uploads: Uploads,
    ip: IpAddr,
}

impl Uploads {
    /// Allows `limit` uploads, and `each` from one address.
    pub(crate) fn new(limit: usize, each: usize) -> Self {
        let (limit, each) = (limit.max(1), each.max(1));
        Self(Arc::new(Inner { limit, each, from: Mutex::default() }))
    }

    /// Takes a place; `None` if as many as allowed are under way.
    pub(super) fn enter(&self, ip: IpAddr) -> Option<Place> {
        let mut from = self.0.from.lock();
        let mine = from.get(&ip).copied().unwrap_or_default();
        if mine >= self.0.each || from.values().sum::<usize>() >= self.0.limit {
            return None;
        }
        from.insert(ip, mine + 1);
        Some(Place { uploads: self.clone(), ip })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut from = self.uploads.0.from.lock();
        if let Some(count) = from.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                from.remove(&self.ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_all_places() {
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let uploads = Uploads::new(3, 2);
        let first = uploads.enter(one).unwrap();
        let _second = uploads.enter(one).unwrap();
        assert!(uploads.enter(one).is_none());
        let third = uploads.enter(other).unwrap();
        assert!(uploads.enter(other).is_none(), "all are taken");
        drop(first);
        let _again = uploads.enter(one).unwrap();
        drop(third);
        assert!(uploads.enter(other).is_some());
    }
}
