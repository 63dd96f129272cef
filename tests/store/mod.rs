//! The store through its public face.

mod conformance;
