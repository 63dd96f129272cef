//! Hands the arguments to `app`.

fn main() {}
