//! Every page with sample data, written as plain files to look at. Run by hand:
//! `GALLERY=/tmp/gallery cargo test --test main gallery:: -- --ignored`, then serve that folder and open `index.html`.

#[path = "gallery/samples.rs"]
mod samples;

use flusso::web::page::Theme;
use flusso::web::words::Language;
use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    std::env::var_os("GALLERY").map_or_else(|| std::env::temp_dir().join("flusso-gallery"), PathBuf::from)
}

fn each(language: Language, theme: Theme, mut page: impl FnMut(&str, String)) {
    samples::all(language, theme, &mut samples::Show(&mut page));
}

#[test]
#[ignore = "writes files for a person to look at"]
fn write_the_gallery() {
    let folder = folder();
    fs::create_dir_all(&folder).expect("a folder");
    let mut index = String::from("<!doctype html><meta charset=utf-8><title>Gallery</title>");
    for (language, theme) in [(Language::Italian, Theme::Light), (Language::Italian, Theme::Dark), (Language::English, Theme::Light)] {
        each(language, theme, |name, html| {
            for (at, _) in html.match_indices("/assets/") {
                let address: String = html[at..].chars().take_while(|c| !"\"#".contains(*c)).collect();
                let name = address.rsplit('/').next().expect("a name");
                let to = folder.join(address.trim_start_matches('/'));
                fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
                fs::copy(format!("{}/templates/static/{name}", env!("CARGO_MANIFEST_DIR")), to).expect("an asset");
            }
            let file = format!("{name}.{language}.{}.html", theme.word());
            index.push_str(&format!("<p><a href=\"{file}\">{file}</a>"));
            fs::write(folder.join(file), html).expect("a page");
        });
    }
    fs::write(folder.join("index.html"), index).expect("an index");
}

#[test]
fn every_page_has_one_heading_and_nothing_inline_in_both_languages() {
    for language in Language::ALL {
        let mut pages = 0;
        each(language, Theme::Auto, |name, html| {
            pages += 1;
            assert_eq!(html.matches("<h1").count(), 1, "{name}");
            for forbidden in [" style=", "<style", "<script>", " onclick=", " onchange=", "javascript:", "foreignObject"] {
                assert!(!html.contains(forbidden), "{name} has {forbidden}");
            }
            assert!(!html.contains("/assets/-/"), "{name} asks for a file that is not there");
            assert!(html.len() < 200_000, "{name} has {} bytes", html.len());
        });
        assert!(pages > 20);
    }
}

#[test]
fn every_form_that_posts_carries_the_token() {
    each(Language::English, Theme::Auto, |name, html| {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form").next().expect("a form");
            let is_public = form.contains("action=\"/login") || form.contains("action=\"/setup");
            if form.contains("method=\"post\"") && !is_public {
                assert!(form.contains("name=\"csrf\""), "{name}: {}", &form[..form.len().min(120)]);
            }
        }
    });
}

#[test]
fn every_id_of_a_page_is_there_once() {
    each(Language::Italian, Theme::Auto, |name, html| {
        let mut seen = std::collections::BTreeSet::new();
        for (at, _) in html.match_indices(" id=\"") {
            let id: String = html[at + 5..].chars().take_while(|c| *c != '"').collect();
            assert!(seen.insert(id.clone()), "{name} has {id} twice");
        }
        for (at, _) in html.match_indices(" for=\"") {
            let id: String = html[at + 6..].chars().take_while(|c| *c != '"').collect();
            assert!(seen.contains(&id), "{name}: a label for {id}, which is not there");
        }
    });
}

#[test]
fn every_icon_of_a_page_is_in_the_sprite() {
    let sprite = include_str!("../templates/static/icons.svg");
    each(Language::Italian, Theme::Auto, |name, html| {
        for part in html.split("icons.svg#").skip(1) {
            let icon: String = part.chars().take_while(|c| *c != '"').collect();
            assert!(sprite.contains(&format!("id=\"{icon}\"")), "{name} has the icon {icon}");
        }
    });
}

#[test]
fn what_was_typed_stands_in_its_field() {
    let wanted = [
        ("setup-wrong", "name=\"name\" type=\"text\" value=\"Anna\""),
        ("channel-form", "name=\"name\" type=\"text\" value=\"Negozio\""),
        ("flow-new", "name=\"name\" type=\"text\" value=\"Benvenuto\""),
        ("contact-edit", "name=\"name\" type=\"text\" value=\"Marco Rossi\""),
        ("editor-keyword", "name=\"phrases.0.text\" value=\"ciao\""),
        ("settings-general", "name=\"quiet_hours.from\" type=\"time\" value=\"21:00\""),
    ];
    let mut found = 0;
    each(Language::Italian, Theme::Auto, |name, html| {
        for (page, field) in wanted.iter().filter(|(page, _)| *page == name) {
            assert!(html.contains(field), "{page} lacks {field}");
            found += 1;
        }
    });
    assert_eq!(found, wanted.len());
}
