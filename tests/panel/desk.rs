//! A person at the panel, with the token of their forms.

use super::{ask, log_in, text};
use crate::kit::appliance::Appliance;
use crate::kit::client::Answer;
use axum::http::Method;

pub struct Desk {
    pub appliance: Appliance,
    cookie: String,
    token: String,
}

impl Desk {
    pub fn open() -> Desk {
        Desk::at(Appliance::start())
    }

    /// At the panel of this appliance.
    pub fn at(appliance: Appliance) -> Desk {
        let cookie = log_in(&appliance);
        Desk::with(appliance, cookie)
    }

    /// At the panel of this appliance, as who has this cookie.
    pub fn with(appliance: Appliance, cookie: String) -> Desk {
        let page = text(&ask(&appliance, &Method::GET, "/quick-replies", &cookie, ""));
        let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        Desk { appliance, cookie, token }
    }

    pub fn get(&self, path: &str) -> String {
        text(&ask(&self.appliance, &Method::GET, path, &self.cookie, ""))
    }

    pub fn post(&self, path: &str, fields: &str) -> Answer {
        ask(&self.appliance, &Method::POST, path, &self.cookie, &format!("csrf={}&{fields}", self.token))
    }

    /// What is told after something was done, as the next page says it.
    #[track_caller]
    pub fn told(&self, path: &str, fields: &str) -> String {
        let answer = self.post(path, fields);
        assert_eq!(answer.status, 303, "{path}: {}", text(&answer));
        let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.split(';').next().unwrap());
        let said = cookies.filter_map(|cookie| cookie.strip_prefix("flusso_said=")).next_back().unwrap_or_default();
        url::form_urlencoded::parse(said.as_bytes())
            .find(|(name, _)| name == "text")
            .map_or_else(String::new, |(_, text)| text.into_owned())
    }

    /// Moves the clock of the appliance.
    pub fn later(&self, ahead: &str) {
        let body = serde_json::json!({"ahead": ahead}).to_string();
        let moved = self.appliance.ask("POST", "/test/clock", &[("Content-Type", "application/json")], body.as_bytes());
        assert_eq!(moved.status, 200, "{}", moved.text());
    }

    /// Sends a form with a file, as a browser does.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields.iter().chain(&[("csrf", self.token.as_str())]) {
            body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let (name, called, bytes) = file;
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{called}\"\r\n\r\n");
        body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n--edge--\r\n"));
        let headers = [("Content-Type", "multipart/form-data; boundary=edge"), ("Cookie", self.cookie.as_str())];
        self.appliance.ask("POST", path, &headers, &body)
    }
}
