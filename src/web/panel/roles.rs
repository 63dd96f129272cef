//! Who may ask for what: the least role of every private route, in one table. A route that is not in it is the owner's alone.

use super::super::Web;
use super::super::page::{self, ErrorPage, Nav};
use super::Panel;
use crate::model::operator::Role;
use crate::store::operators;
use axum::http::{Method, StatusCode};
use axum::response::Response;

/// Pages and forms by the least role that may ask for them.
const TABLE: &[(Role, Method, &[&str])] = &[
    (
        Role::Viewer,
        Method::GET,
        &[
            "/agenda",
            "/broadcasts/{id}",
            "/flows/match",
            "/flows/{id}/history",
            "/flows/{id}/history/compare",
            "/flows/{id}/history/{number}",
            "/flows/{id}/numbers",
            "/quick-replies",
            "/contacts/fields",
            "/contacts/segments",
            "/runs/changes/all",
            "/runs/changes/{id}",
            "/",
            "/events",
            "/flows",
            "/flows/bin",
            "/flows/{id}",
            "/flows/{id}/edit",
            "/flows/{id}/export",
            "/runs",
            "/runs/{id}",
            "/contacts",
            "/contacts/{id}",
            "/simulator",
            "/simulator/{person}",
            "/channels",
            "/undelivered",
            "/unread",
            "/settings",
            "/settings/messages",
            "/settings/account",
        ],
    ),
    (Role::Viewer, Method::POST, &["/settings/look", "/settings/password"]),
    (Role::Viewer, Method::DELETE, &["/session"]),
    (
        Role::Operator,
        Method::GET,
        &[
            "/flows/{id}/start",
            "/quick-replies/new",
            "/contacts/segments/new",
            "/contacts/segments/{name}/edit",
            "/contacts/segments/{name}/delete",
            "/contacts/fields/delete",
            "/quick-replies/{id}/edit",
            "/runs/changes",
            "/runs/{id}/stop",
            "/runs/{id}/actions/{action}/run",
            "/contacts/new",
            "/contacts/start",
            "/contacts/{id}/edit",
            "/unread/{id}/bytes",
        ],
    ),
    (
        Role::Operator,
        Method::POST,
        &[
            "/broadcasts/{id}/stop",
            "/flows/{id}/start",
            "/flows/{id}/starts",
            "/quick-replies",
            "/quick-replies/pack",
            "/contacts/segments",
            "/contacts/segments/{name}",
            "/quick-replies/{id}",
            "/quick-replies/{id}/copies",
            "/runs/views",
            "/runs/{id}/variables",
            "/pause",
            "/runs/changes",
            "/runs/{id}/hold",
            "/runs/{id}/restart",
            "/runs/{id}/jumps",
            "/runs/{id}/actions/{action}",
            "/runs/{id}/actions/{action}/run",
            "/runs/{id}/actions/{action}/skips",
            "/runs/{id}/actions/{action}/hold",
            "/contacts",
            "/contacts/start",
            "/contacts/{id}",
            "/contacts/{id}/messages",
            "/contacts/{id}/automations",
            "/contacts/{id}/tags",
            "/contacts/{id}/block",
            "/simulator/people",
            "/simulator/messages",
            "/undelivered/retries",
            "/undelivered/{id}/retry",
            "/unread/{id}/retry",
        ],
    ),
    (
        Role::Operator,
        Method::DELETE,
        &[
            "/quick-replies/{id}",
            "/contacts/segments/{name}",
            "/contacts/fields",
            "/runs/changes/{id}",
            "/runs/views",
            "/runs/{id}",
            "/runs/{id}/hold",
            "/runs/{id}/actions/{action}",
            "/runs/{id}/actions/{action}/hold",
            "/runs/{id}/actions/{action}/changes",
            "/contacts/{id}/tags",
            "/contacts/{id}/handover",
            "/contacts/{id}/unanswered",
            "/contacts/{id}/block",
            "/undelivered/{id}",
        ],
    ),
    (
        Role::Manager,
        Method::GET,
        &[
            "/settings/log",
            "/flows/{id}/settings",
            "/blueprints",
            "/blueprints/{word}",
            "/blueprints/{word}/try",
            "/first",
            "/exports",
            "/imports",
            "/imports/{word}",
            "/flows/{id}/try",
            "/flows/new",
            "/flows/{id}/name",
            "/flows/{id}/enable",
            "/flows/{id}/delete",
            "/flows/{id}/erase",
            "/flows/{id}/save",
            "/channels/new",
            "/channels/{id}",
            "/channels/{id}/edit",
            "/channels/{id}/delete",
            "/contacts/{id}/delete",
        ],
    ),
    (
        Role::Manager,
        Method::POST,
        &[
            "/blueprints/{word}",
            "/blueprints/{word}/try",
            "/flows/{id}/todos",
            "/imports",
            "/imports/{word}",
            "/flows/{id}/nodes/{node}/overlaps",
            "/flows/{id}/restores",
            "/flows/{id}/start/address",
            "/flows/{id}/talks",
            "/flows/{id}/talks/{place}",
            "/flows/{id}/try",
            "/flows",
            "/flows/changes",
            "/flows/{id}/name",
            "/flows/{id}/pause",
            "/flows/{id}/copies",
            "/flows/{id}/draft/back",
            "/flows/{id}/draft/on",
            "/flows/{id}/reentry",
            "/flows/{id}/settings",
            "/flows/{id}/nodes",
            "/flows/{id}/nodes/{node}",
            "/flows/{id}/nodes/{node}/moves",
            "/flows/{id}/nodes/{node}/copies",
            "/flows/{id}/nodes/{node}/files",
            "/flows/{id}/versions",
            "/channels",
            "/channels/{id}",
            "/channels/{id}/pause",
            "/channels/{id}/tests",
            "/simulator",
            "/settings/general",
            "/settings/messages",
        ],
    ),
    (
        Role::Manager,
        Method::DELETE,
        &[
            "/flows/{id}/talks/{place}",
            "/flows/{id}/todos",
            "/pause",
            "/flows/{id}",
            "/flows/{id}/pause",
            "/flows/{id}/bin",
            "/flows/{id}/bin/contents",
            "/flows/{id}/nodes/{node}",
            "/channels/{id}",
            "/channels/{id}/pause",
            "/contacts/{id}",
            "/unread/{id}",
        ],
    ),
    (
        Role::Owner,
        Method::GET,
        &[
            "/settings/people",
            "/settings/people/{id}",
            "/settings/people/{id}/delete",
            "/settings/backup",
            "/settings/backup/file",
            "/settings/keys",
        ],
    ),
    (
        Role::Owner,
        Method::POST,
        &[
            "/settings/people",
            "/settings/people/{id}/role",
            "/settings/people/{id}/password",
            "/settings/backup/phrase",
            "/settings/keys",
            "/settings/secrets",
        ],
    ),
    (Role::Owner, Method::DELETE, &["/settings/people/{id}", "/settings/people/{id}/sessions", "/settings/keys/{id}"]),
];

/// The least role of a route; nothing where the table does not name it.
pub fn listed(method: &Method, path: &str) -> Option<Role> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    TABLE.iter().find(|(_, of, paths)| of == method && paths.contains(&path)).map(|(role, _, _)| *role)
}

/// The least role that may ask for a route.
pub fn least(method: &Method, path: &str) -> Role {
    listed(method, path).unwrap_or(Role::Owner)
}

/// The least role that may follow a link of the panel.
pub fn least_of_link(href: &str) -> Role {
    let path = href.split(['?', '#']).next().unwrap_or(href);
    let fits = |route: &str| {
        let parts = || route.split('/').zip(path.split('/'));
        route.split('/').count() == path.split('/').count() && parts().all(|(own, given)| own == given || own.starts_with('{'))
    };
    let routes =
        TABLE.iter().filter(|(_, of, _)| *of == Method::GET).flat_map(|(role, _, paths)| paths.iter().map(move |path| (path, role)));
    let found = routes.filter(|(route, _)| fits(route)).min_by_key(|(route, _)| route.contains('{'));
    found.map_or(Role::Owner, |(_, role)| *role)
}

/// Says that a page is for others, and for whom.
pub async fn refused(web: &Web, panel: &Panel, least: Role) -> Response {
    let w = panel.language;
    let names = web.read(move |view| {
        let people = operators::all(view)?.into_iter().filter(|person| person.role >= least);
        Ok(people.map(|person| format!("{} ({})", person.name, w.role(person.role))).collect::<Vec<_>>())
    });
    let names = names.await.unwrap_or_default();
    let chrome = super::Chrome { nav: None, ..panel.chrome(Nav::Flows, w.not_allowed()) };
    let error = ErrorPage {
        chrome: &chrome,
        headline: w.not_allowed().to_owned(),
        text: w.not_allowed_text(w.role(panel.operator.role), &w.list(&names)),
        ways: vec![("/flows".to_owned(), w.go_home().to_owned())],
        detail: None,
    };
    page::page_with(StatusCode::FORBIDDEN, &chrome, &error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_private_route_has_its_least_role_and_no_other_is_named() {
        let routes = super::super::private().list;
        for (method, path) in &routes {
            assert!(listed(method, path).is_some(), "{method} {path} is in no line of the table: only an owner may ask for it");
        }
        for (_, method, paths) in TABLE {
            for path in *paths {
                assert!(routes.contains(&(method.clone(), path)), "{method} {path} is no route");
                let lines = TABLE.iter().filter(|(_, of, paths)| of == method && paths.contains(path)).count();
                assert_eq!(lines, 1, "{method} {path} stands twice");
            }
        }
    }

    #[test]
    fn a_link_wants_the_role_of_its_route() {
        for (href, role) in [
            ("/channels/7", Role::Manager),
            ("/channels", Role::Viewer),
            ("/channels/new?kind=whatsapp", Role::Manager),
            ("/flows/7/edit?node=m1#node-m1", Role::Viewer),
            ("/flows/new", Role::Manager),
            ("/flows/bin", Role::Viewer),
            ("/settings/keys", Role::Owner),
            ("/some/day", Role::Owner),
        ] {
            assert_eq!(least_of_link(href), role, "{href}");
        }
    }

    #[test]
    fn what_nobody_thought_of_is_the_owners() {
        assert_eq!(least(&Method::POST, "/some/day"), Role::Owner);
        assert_eq!(least(&Method::HEAD, "/flows"), Role::Viewer);
    }
}
