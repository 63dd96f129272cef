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
}
