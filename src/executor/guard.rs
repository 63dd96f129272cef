//! Which addresses an outgoing request may reach (SEC-11): public ones, and the private ones that the owner named.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// What one request may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The public network, and these `host:port` of private ones.
    Public(Vec<String>),
    /// Any address: the gateway of a channel whose owner allowed private addresses for it.
    Anywhere,
}

impl Reach {
    /// Whether the owner named this very host and port, or everything is allowed.
    pub fn allows_private(&self, url: &Url) -> bool {
        match self {
            Reach::Anywhere => true,
            Reach::Public(named) => {
                let Some(host) = url.host_str() else { return false };
                let wanted = format!("{host}:{}", url.port_or_known_default().unwrap_or(0));
                named.iter().any(|name| name.trim().eq_ignore_ascii_case(&wanted))
            }
        }
    }
}

/// Why an address may not be asked, judged by its text alone; a name's addresses are judged when they are known.
pub fn refusal(url: &Url, reach: &Reach) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Some(format!("{}: only http and https are asked", url.scheme()));
    }
    if reach.allows_private(url) {
        return None;
    }
    let port = url.port_or_known_default().unwrap_or(0);
    if !(port == 80 || port == 443 || port >= 1024) {
        return Some(format!("port {port} is not one for web addresses"));
    }
    match url.host() {
        None => Some("it names no host".to_owned()),
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(ip)) => (!is_public(IpAddr::V4(ip))).then(|| private(ip)),
        Some(Host::Ipv6(ip)) => (!is_public(IpAddr::V6(ip))).then(|| private(ip)),
    }
}

/// The sentence for an address inside a private network.
pub fn private(ip: impl std::fmt::Display) -> String {
    format!("{ip} lies in a private network. If it is yours, name its host and port under Settings, private hosts")
}

/// Whether an address belongs to the public network, whatever spelling it hides in (RFC 6890 and its registries).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match embedded_v4(ip) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    let second = ip.segments()[1];
    (first & 0xe000) == 0x2000 && !(first == 0x2001 && second < 0x0200) && !(first == 0x2001 && second == 0x0db8) && first != 0x3fff
}

/// The IPv4 address inside a mapped, compatible, translated (NAT64) or 6to4 one.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let low = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        [0, 0, 0, 0, 0, 0xffff, a, b] | [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0, 0, 0, 0, 0xffff, 0, a, b] => Some(low(a, b)),
        [0x64, 0xff9b, 1, ..] => Some(Ipv4Addr::UNSPECIFIED),
        [0, 0, 0, 0, 0, 0, a, b] if a != 0 || b > 1 => Some(low(a, b)),
        [0x2002, a, b, ..] => Some(low(a, b)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> bool {
        let url: Url = address.parse().expect(address);
        refusal(&url, &Reach::Public(Vec::new())).is_some()
    }

    #[test]
    fn private_addresses_are_refused_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "127.255.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "192.168.1.20",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.9",
            "192.88.99.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2002:a00:1::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[2001::1]",
            "[2001:10::1]",
            "[::127.0.0.1]",
            "[::ffff:0:127.0.0.1]",
            "[100::1]",
            "[3fff::1]",
            "[4000::1]",
        ] {
            assert!(refused(&format!("http://{host}/")), "{host}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for host in ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700::1111]", "[64:ff9b::8.8.8.8]", "shop.example.com"]
        {
            assert!(!refused(&format!("https://{host}/")), "{host}");
        }
    }

    #[test]
    fn only_web_ports_and_web_schemes_pass() {
        for address in ["http://shop.example.com:22/", "http://shop.example.com:25/", "ftp://shop.example.com/", "file:///etc/passwd"] {
            assert!(refused(address), "{address}");
        }
        assert!(!refused("http://shop.example.com:8080/"));
    }

    #[test]
    fn a_private_host_passes_by_its_very_name_and_port() {
        let reach = Reach::Public(vec!["192.168.1.20:8080".to_owned()]);
        let told = |address: &str| refusal(&address.parse().expect(address), &reach).is_some();
        assert!(!told("http://192.168.1.20:8080/orders"));
        assert!(told("http://192.168.1.20:8081/orders"));
        assert!(told("http://192.168.1.21:8080/orders"));
    }
}
