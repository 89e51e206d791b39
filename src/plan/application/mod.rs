//! Applications: instances, and the sidecars that register them.

mod instance;
mod readme;
mod register;

pub(super) use readme::Deployed;

use crate::topology::Application;

use super::draft::Draft;
use super::{Planner, Services};

impl Planner<'_> {
    pub(super) fn application(&mut self, declared: &Application, drafts: &mut Vec<Draft>, services: &mut Services) {
        let Some(component) = self.components.get(declared.name.value.as_str()).copied() else { return };
        self.judge(declared);
        let image = self.image(component);
        for unit in self.system.components[component].units.clone() {
            let host = self.system.units[unit].host;
            services.push((host, self.application_instance(declared, unit, image.clone(), drafts)));
            if let Some(sidecar) = self.sidecar(declared, unit, drafts) {
                services.push((host, sidecar));
            }
        }
    }
}
