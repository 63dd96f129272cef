//! Holds the style sheet to the promises of panel.md 3.10. Nothing here is part of the running program.

use std::collections::BTreeMap;

const CSS: &str = include_str!("../../templates/static/app.css");

/// The light and the dark colour of each token.
fn tokens() -> BTreeMap<&'static str, (&'static str, &'static str)> {
    let mut tokens = BTreeMap::new();
    for line in CSS.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|rest| rest.split_once(':')) else { continue };
        let Some((light, dark)) = value.trim().strip_prefix("light-dark(").and_then(|rest| rest.split_once(", ")) else { continue };
        let dark = dark.trim_end_matches([';', ')']);
        if light.starts_with('#') && dark.starts_with('#') {
            tokens.insert(name, (light, dark));
        }
    }
    tokens
}

type Rgb = [f64; 3];

fn rgb(hex: &str) -> Rgb {
    let hex = hex.trim_start_matches('#');
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect(hex)) / 255.0)
}

fn mix(color: Rgb, ground: Rgb, share: f64) -> Rgb {
    [0, 1, 2].map(|at| color[at] * share + ground[at] * (1.0 - share))
}

/// Relative luminance (WCAG 2.2).
fn luminance(color: Rgb) -> f64 {
    let linear = color.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn ratio(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn side(pair: (&str, &str), dark: bool) -> Rgb {
    rgb(if dark { pair.1 } else { pair.0 })
}

#[test]
fn the_ratios_of_the_table_hold() {
    let tokens = tokens();
    let table = [
        ("text", 16.7, 15.5, 15.7, 14.1),
        ("muted", 7.2, 6.7, 8.7, 7.9),
        ("line", 3.6, 3.3, 4.6, 4.1),
        ("primary", 6.5, 6.0, 9.9, 8.9),
        ("wait", 6.8, 6.3, 11.3, 10.2),
        ("error", 7.5, 6.9, 8.3, 7.5),
        ("info", 8.1, 7.6, 9.4, 8.5),
        ("api", 7.7, 7.1, 9.0, 8.1),
        ("launch", 7.0, 6.5, 9.4, 8.5),
        ("data", 7.2, 6.7, 10.3, 9.3),
    ];
    for (name, light, light_surface, dark, dark_surface) in table {
        for (is_dark, ground, wanted) in
            [(false, "bg", light), (false, "surface", light_surface), (true, "bg", dark), (true, "surface", dark_surface)]
        {
            let got = ratio(side(tokens[name], is_dark), side(tokens[ground], is_dark));
            assert!((got - wanted).abs() < 0.06, "{name} on {ground}, dark {is_dark}: {got:.2}, and the table says {wanted}");
        }
    }
}

#[test]
fn every_text_can_be_read_on_every_ground_it_stands_on() {
    let tokens = tokens();
    let colors = ["text", "muted", "primary", "wait", "error", "info", "api", "launch", "data"];
    for is_dark in [false, true] {
        let grounds = ["bg", "surface", "page", "card", "sunken", "bubble-in", "bubble-out"];
        for name in colors {
            let color = side(tokens[name], is_dark);
            for ground in grounds {
                let got = ratio(color, side(tokens[ground], is_dark));
                assert!(got >= 4.5, "{name} on {ground}, dark {is_dark}: {got:.2}");
            }
            // A badge, a tag and the place of the rail: the colour on a tint of itself.
            for ground in ["card", "page"] {
                let tint = mix(color, side(tokens[ground], is_dark), 0.13);
                assert!(ratio(color, tint) >= 4.5, "{name} on its own tint over {ground}, dark {is_dark}: {:.2}", ratio(color, tint));
            }
        }
        for ground in grounds {
            let got = ratio(side(tokens["line"], is_dark), side(tokens[ground], is_dark));
            assert!(got >= 3.0, "the border of a control on {ground}, dark {is_dark}: {got:.2}");
        }
        assert!(ratio(side(tokens["on-primary"], is_dark), side(tokens["primary"], is_dark)) >= 4.5);
    }
}

#[test]
fn the_sheet_has_its_layers_and_loads_nothing() {
    assert!(CSS.contains("@layer reset, tokens, base, components, utilities;"));
    for forbidden in ["@import", "url(", "http:", "https:", "@font-face"] {
        assert!(!CSS.contains(forbidden), "{forbidden}");
    }
    for wanted in ["prefers-reduced-motion", "forced-colors", "prefers-contrast", ":focus-visible", "[data-theme=\"dark\"]"] {
        assert!(CSS.contains(wanted), "{wanted}");
    }
}
