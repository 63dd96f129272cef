//! The editor of a flow.

use super::words;

words! {
    map_of(name: &str) = "Drawing of {name}", "Disegno di {name}";
    has_error = "There is a problem here", "Qui c'è un problema";
    has_warning = "There may be a surprise here", "Qui può esserci una sorpresa";
}
