//! Floor 0: plain words every other floor speaks. Knows nothing of flows, stores or networks.

pub mod address;
pub mod id;
pub mod limits;
pub mod secret;
pub mod time;
pub mod zone;
