//! Consul servers.

use crate::topology::Consul;

use super::draft::Draft;
use super::{Planner, Services};

impl Planner<'_> {
    pub(super) fn consul(&mut self, declared: &Consul, _drafts: &mut Vec<Draft>, services: &mut Services) {
        let Some(component) = self.components.get(declared.name.value.as_str()).copied() else { return };
        for unit in self.system.components[component].units.clone() {
            services.push((self.system.units[unit].host, self.service(unit, self.image(component))));
        }
    }
}
