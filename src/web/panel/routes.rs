//! The table of the panel's routes: what is in it can be walked by a test.

use super::super::Web;
use axum::Router;
use axum::handler::Handler;
use axum::http::{Method, Request};
use axum::routing;

/// Routes and, beside them, what they are called.
#[derive(Debug, Default)]
pub struct Table {
    /// The routes.
    pub router: Router<Web>,
    /// Method and path of each.
    pub list: Vec<(Method, &'static str)>,
}

impl Table {
    /// A page.
    pub fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, Web>) -> Table {
        self.with(Method::GET, path, routing::get(handler))
    }

    /// What a form changes.
    pub fn post<T: 'static>(self, path: &'static str, handler: impl Handler<T, Web>) -> Table {
        self.with(Method::POST, path, routing::post(handler))
    }

    /// What a form takes away: it posts to the path with `?method=delete`.
    pub fn delete<T: 'static>(self, path: &'static str, handler: impl Handler<T, Web>) -> Table {
        self.with(Method::DELETE, path, routing::delete(handler))
    }

    fn with(mut self, method: Method, path: &'static str, route: routing::MethodRouter<Web>) -> Table {
        self.router = self.router.route(path, route);
        self.list.push((method, path));
        self
    }
}

/// Gives a posted form with `?method=delete` that method.
pub fn method_of_form<B>(mut request: Request<B>) -> Request<B> {
    let wants = |query: &str| url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "method" && value == "delete");
    if request.method() == Method::POST && request.uri().query().is_some_and(wants) {
        *request.method_mut() = Method::DELETE;
    }
    request
}
