use camino::Utf8Path;
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::plan::Planner;
use crate::plan::compose::{Healthcheck, Service, Variable};
use crate::plan::draft::Draft;
use crate::plan::grammar::Grammar;
use crate::system::{Id, Unit};
use crate::topology::{Application, Init, VariableValue};

/// What init.sh is filled with.
#[derive(Serialize)]
struct InitScript<'a> {
    env: &'a str,
    host: String,
}

/// What start is filled with.
#[derive(Serialize)]
struct Start<'a> {
    init: Option<Call<'a>>,
    line: &'a str,
    argument: Option<String>,
}

/// The call of init.sh.
#[derive(Serialize)]
struct Call<'a> {
    script: String,
    ip: &'a str,
    r#type: &'a str,
    port: i64,
}

#[derive(Serialize)]
struct Health {
    port: i64,
}

/// Variables whose values are secrets.
#[derive(Serialize)]
struct Environment {
    variables: Vec<Secret>,
}

#[derive(Serialize)]
struct Secret {
    name: String,
    value: String,
}

impl Planner<'_> {
    /// What no instance can be made of, said once for all of them.
    pub(super) fn judge(&mut self, declared: &Application) {
        // It stands in messages and in README.txt.
        if let Some(key) = declared.register.as_ref().and_then(|register| register.key.as_ref()) {
            self.fits(Grammar::Text, key, "a key");
        }
        let mut refused = Vec::new();
        for variable in &declared.env {
            let name = &variable.name;
            if !is_variable(&name.value) {
                refused.push((name.span, format!("`{}` cannot be the name of a variable", shown(&name.value))));
            }
        }
        let kind = declared.init.as_ref().and_then(|init| init.kind.as_ref());
        if let Some(kind) = kind.filter(|kind| !is_word(&kind.value)) {
            refused.push((kind.span, format!("init.sh cannot be given the type `{}`", shown(&kind.value))));
        }
        self.problems.extend(refused.into_iter().map(|(span, message)| {
            Diagnostic::new("cannot-be-written", message)
                .label(span, "begins with a letter; letters, digits, `_` and `-` follow")
                .help("choose another word: readers split at everything else")
        }));
    }

    /// The files and the service of an instance.
    pub(super) fn application_instance(
        &mut self,
        declared: &Application,
        unit: Id<Unit>,
        image: String,
        drafts: &mut Vec<Draft>,
    ) -> Service {
        let from = self.from("application", &declared.name.value, unit);
        let folder = self.folder(unit);
        let path = |file: &str| format!("{folder}/{file}");
        let mut service = self.service(unit, image);
        // Any image: what Docker grants by itself.
        service.cap_drop = Vec::new();
        // Docker would make an empty folder of root's where there is nothing to mount.
        service.volumes.retain(|_| declared.start.is_some());
        let mut secrets = Vec::new();
        for variable in &declared.env {
            let name = variable.name.value.clone();
            match &variable.value {
                VariableValue::Text(text) => {
                    let value = self.fits(Grammar::Compose, text, "a variable");
                    service.environment.push(Variable { name, value });
                }
                VariableValue::Secret(secret) => {
                    secrets.push(Secret { name, value: self.secret(Grammar::EnvFile, secret, "a variable") });
                }
            }
        }
        if !secrets.is_empty() {
            let context = Environment { variables: secrets };
            let draft = Draft::new(path("environment"), "application/environment", &context, &from);
            drafts.push(draft.secret_if(true).recreate());
            service.env_file = Some(format!("./{}/environment", self.system.units[unit].name.value));
        }
        let Some(line) = &declared.start else { return service };
        let port = self.main_port(unit);
        if let Some(init) = &declared.init {
            let context = InitScript { env: &init.env.value, host: self.own_address(unit).unwrap_or_default() };
            drafts.push(Draft::new(path("init.sh"), "application/init.sh", &context, &from).script());
        }
        let (ip, shown_port) = self.shown(unit).unwrap_or_default();
        let kind = |init: &'_ Init| init.kind.as_ref().map_or("tcp".to_owned(), |kind| kind.value.clone());
        let argument = declared.init.as_ref().filter(|init| init.ext_init.as_ref().is_none_or(|on| on.value));
        let argument = argument.map(|init| format!("ext_init=-i:{ip}?-t:{}?-p:{shown_port}", kind(init)));
        let kind = declared.init.as_ref().map(kind);
        let line = self.fits(Grammar::Shell, line, "a command");
        let start = Start {
            init: declared.init.as_ref().map(|init| Call {
                script: script(init),
                ip: &ip,
                r#type: kind.as_deref().unwrap_or_default(),
                port: shown_port,
            }),
            // What is appended stands in the last line.
            line: line.trim_end(),
            argument,
        };
        drafts.push(Draft::new(path("start"), "application/start", &start, &from).script().recreate());
        drafts.push(Draft::new(path("health"), "application/health", &Health { port }, &from).script().reload());
        service.entrypoint = Some(vec!["/etc/hacc/start"]);
        // As process 1 a program ignores SIGTERM unless it handles it.
        service.init = true;
        service.healthcheck = Some(Healthcheck {
            test: vec!["CMD", "/etc/hacc/health"],
            interval: "10s",
            timeout: "5s",
            retries: 3,
            start_period: "60s",
        });
        service
    }

    /// The address that the instance itself has.
    pub(super) fn own_address(&self, unit: Id<Unit>) -> Option<String> {
        let claim = self.system.units[unit].addresses.first()?;
        self.system.addresses[*claim].ip.known().map(ToString::to_string)
    }

    /// The port on which the instance listens.
    pub(super) fn main_port(&self, unit: Id<Unit>) -> i64 {
        let listen = self.system.units[unit].listens.first();
        listen.and_then(|listen| self.system.listens[*listen].port.known().copied()).unwrap_or_default()
    }

    /// The address and port under which others find it: what is registered, else its own.
    pub(super) fn shown(&self, unit: Id<Unit>) -> Option<(String, i64)> {
        if let Some((ip, port)) = self.derived.advertised.get(&unit) {
            return Some((ip.to_string(), *port));
        }
        Some((self.own_address(unit)?, self.main_port(unit)))
    }
}

/// Where the application finds init.sh.
fn script(init: &Init) -> String {
    match &init.script {
        Some(script) => script.value.clone(),
        None => Utf8Path::new(&init.env.value).with_file_name("init.sh").into_string(),
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_part)
}

/// A word that no reader of `ext_init=` splits, and no line of a file of variables.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_part)
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// A value in a message, on one line.
fn shown(text: &str) -> String {
    text.escape_default().take(60).collect()
}
