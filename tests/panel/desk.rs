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
