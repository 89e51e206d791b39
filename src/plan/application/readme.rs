use serde::Serialize;

use crate::plan::Planner;
use crate::system::{Component, Id, Unit};

/// What a host's README.txt says of the instances of an application there.
#[derive(Serialize)]
pub(in crate::plan) struct Deployed {
    name: String,
    instances: Vec<Instance>,
}

#[derive(Serialize)]
struct Instance {
    service: String,
    container: String,
    /// Where it is registered.
    register: Option<Registered>,
}

#[derive(Serialize)]
struct Registered {
    service: String,
    container: String,
    key: String,
    /// Where Consul is asked for the folder of the key.
    folder: String,
}

impl Planner<'_> {
    /// An application on a host; `here` are its instances there.
    pub(in crate::plan) fn deployed(&self, component: Id<Component>, here: &[Id<Unit>]) -> Deployed {
        Deployed {
            name: self.system.components[component].name.value.clone(),
            instances: here.iter().map(|unit| self.deployed_instance(*unit)).collect(),
        }
    }

    fn deployed_instance(&self, unit: Id<Unit>) -> Instance {
        let service = self.system.units[unit].name.value.clone();
        let container = format!("{}-{service}", self.system.name.value);
        let registered = self.registration(unit);
        let register = registered.map(|registered| Registered {
            service: format!("{service}-register"),
            container: format!("{container}-register"),
            folder: registered.folder_url(),
            key: registered.key,
        });
        Instance { service, container, register }
    }
}
