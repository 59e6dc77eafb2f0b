//! Where the house is reached: under the address that was set, or under the name by which it was asked.

use crate::{Error, Result};

/// The address of the house for everybody, such as `https://tiwizi.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddress {
    /// Name and, if it is not the usual one, port.
    pub host: String,
    /// True for `https`.
    pub encrypted: bool,
}

impl PublicAddress {
    /// Reads `TIWIZI_PUBLIC_ADDRESS`: a scheme, a name, perhaps a port, nothing more.
    pub fn read(text: &str) -> Result<PublicAddress> {
        let whole = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let read = whole.split_once("://").and_then(|(scheme, host)| {
            let (encrypted, usual) = match scheme {
                "https" => (true, ":443"),
                "http" => (false, ":80"),
                _ => return None,
            };
            let host = host.strip_suffix(usual).unwrap_or(host);
            is_host(host).then(|| PublicAddress { host: host.to_owned(), encrypted })
        });
        read.ok_or_else(|| {
            Error::internal(format!(
                "TIWIZI_PUBLIC_ADDRESS={text} is no address: write https://tiwizi.example"
            ))
        })
    }

    /// The beginning of every address of the house.
    pub fn base(&self) -> String {
        base(self.encrypted, &self.host)
    }
}

/// The beginning of addresses under this host.
pub(crate) fn base(encrypted: bool, host: &str) -> String {
    format!("{}://{host}", if encrypted { "https" } else { "http" })
}

/// True for the name of a host as it may stand in an address, with or without port: what it names need not exist.
pub(crate) fn is_host(text: &str) -> bool {
    let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, rest)) => {
            let address = name.parse::<std::net::Ipv6Addr>().is_ok();
            (address, if rest.is_empty() { Some("0") } else { rest.strip_prefix(':') })
        }
        None => {
            let (name, port) = text.split_once(':').unwrap_or((text, "0"));
            let label = |label: &str| {
                !label.is_empty()
                    && label.len() <= 63
                    && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
            };
            (name.len() <= 253 && name.trim_end_matches('.').split('.').all(label), Some(port))
        }
    };
    name && port.is_some_and(|port| port.bytes().all(|c| c.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

/// True for a host that is this machine itself: nobody listens in between.
pub(crate) fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        let base = |text| PublicAddress::read(text).map(|address| address.base()).ok();
        assert_eq!(base("https://Tiwizi.example/").as_deref(), Some("https://tiwizi.example"));
        assert_eq!(base("https://tiwizi.example:443").as_deref(), Some("https://tiwizi.example"));
        assert_eq!(base("http://10.0.0.5:8080").as_deref(), Some("http://10.0.0.5:8080"));
        for wrong in
            ["tiwizi.example", "ftp://a.b", "https://", "https://a.b/c", "https://a b", "https://a@b"]
        {
            assert_eq!(base(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_port() {
        for right in ["localhost", "tiwizi.example:8443", "127.0.0.1:8080", "[::1]:80", "[::1]", "a_b.c."] {
            assert!(is_host(right), "{right}");
        }
        for wrong in ["", ":80", "a..b", "a/b", "a b", "a\"b", "a:b", "a:99999", "[::1", "[x]", "a@b", "é.fr"]
        {
            assert!(!is_host(wrong), "{wrong}");
        }
        for here in ["localhost", "localhost:8080", "127.0.0.1:80", "127.1.2.3", "[::1]:80", "[::1]"] {
            assert!(is_local(here), "{here}");
        }
        for elsewhere in ["localhost.example", "127.example", "tiwizi.example:80", "10.0.0.1"] {
            assert!(!is_local(elsewhere), "{elsewhere}");
        }
    }
}
