//! How a call names a secret of the owner. The engine never knows one: it leaves a mark where it belongs, and the sender fills it in.

/// The sign around a mark. No value of a contact or an answer can bring one into a call: it is taken out of them.
pub const SIGN: char = '\u{1}';
/// What a secret is called in a text: `secret.shop_key`.
pub const PREFIX: &str = "secret.";

/// The name of the secret that a value's name means.
pub fn named(value: &str) -> Option<&str> {
    value.strip_prefix(PREFIX).filter(|name| is_name(name))
}

/// Whether a secret can be called so: letters, digits, `_` and `-`, 60 at most.
pub fn is_name(name: &str) -> bool {
    (1..=60).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// What stands in a call where this secret belongs.
pub fn mark(name: &str) -> String {
    format!("{SIGN}{PREFIX}{name}{SIGN}")
}
