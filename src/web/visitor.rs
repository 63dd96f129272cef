//! Who asks: the address behind a connection, also through a proxy that the owner trusts. Nobody else's word is taken for it.

use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// The one who asks. Every request carries it as an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Their address.
    pub ip: IpAddr,
    /// Whether they came by HTTPS, as far as a trusted proxy says.
    pub secure: bool,
}

/// Addresses of proxies whose forwarding headers are believed: one address, or a network as `10.0.0.0/8`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    bits: u32,
}

/// A text that is no address and no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write an address as 192.168.1.2 or a network as 10.0.0.0/8")]
pub struct NotANetwork;

/// All addresses on one line: IPv4 lies where IPv6 maps it.
fn line(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

fn mask(bits: u32) -> u128 {
    u128::MAX.checked_shl(128 - bits).unwrap_or(0)
}

impl Network {
    /// Whether an address lies in it.
    pub fn holds(&self, ip: IpAddr) -> bool {
        line(ip) & mask(self.bits) == self.base
    }
}

impl FromStr for Network {
    type Err = NotANetwork;
    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let (address, length) = text.trim().split_once('/').map_or((text.trim(), None), |(a, l)| (a, Some(l)));
        let ip: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let whole: u32 = if ip.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(whole), str::parse).map_err(|_| NotANetwork)?;
        if length > whole {
            return Err(NotANetwork);
        }
        let bits = 128 - whole + length;
        Ok(Network { base: line(ip) & mask(bits), bits })
    }
}

/// The proxies that are believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies(pub Vec<Network>);

impl Proxies {
    /// Whether a connection from here speaks for others.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(peer))
    }

    /// The one behind a request that came over a connection from `peer`. Of the forwarded addresses the last that is no trusted
    /// proxy counts: whatever stands before it, the visitor may have written.
    pub fn visitor(&self, peer: IpAddr, headers: &HeaderMap) -> Visitor {
        if !self.trusts(peer) {
            return Visitor { ip: peer, secure: false };
        }
        let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let chain: Vec<IpAddr> = forwarded.flat_map(|value| value.split(',')).filter_map(|part| part.trim().parse().ok()).collect();
        let ip = chain.iter().rev().find(|ip| !self.trusts(**ip)).copied().unwrap_or(peer);
        let secure = headers.get_all("x-forwarded-proto").iter().next_back().is_some_and(|value| value.as_bytes() == b"https");
        Visitor { ip, secure }
    }
}

/// What connections are counted by: an IPv4 address, or the /64 that an IPv6 subscriber gets whole.
pub fn household(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from(u128::from(v6) & mask(64))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(forwarded: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", forwarded.parse().expect("a header"));
        headers.append("x-forwarded-proto", "https".parse().expect("a header"));
        headers
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn only_a_trusted_proxy_speaks_for_others() {
        let proxies = Proxies(vec!["10.0.0.0/8".parse().expect("a network")]);
        let told = headers("6.6.6.6, 203.0.113.9, 10.0.0.7");
        assert_eq!(proxies.visitor(ip("10.1.2.3"), &told), Visitor { ip: ip("203.0.113.9"), secure: true });
        assert_eq!(proxies.visitor(ip("198.51.100.1"), &told), Visitor { ip: ip("198.51.100.1"), secure: false });
    }

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        let network: Network = "192.168.1.0/24".parse().expect("a network");
        assert!(network.holds(ip("192.168.1.77")) && network.holds(ip("::ffff:192.168.1.77")));
        assert!(!network.holds(ip("192.168.2.1")) && !network.holds(ip("::1")));
        let all: Network = "0.0.0.0/0".parse().expect("a network");
        assert!(all.holds(ip("1.2.3.4")) && !all.holds(ip("2001:db8::1")));
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "example.org"] {
            assert_eq!(bad.parse::<Network>(), Err(NotANetwork), "{bad}");
        }
    }

    #[test]
    fn an_ipv6_subscriber_counts_once() {
        assert_eq!(household(ip("2001:db8:1:2:aaaa::1")), household(ip("2001:db8:1:2:bbbb::9")));
        assert_eq!(household(ip("::ffff:1.2.3.4")), ip("1.2.3.4"));
    }
}
