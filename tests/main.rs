//! The one test binary: a module for each part of the house that is looked at from outside.

mod floors;
