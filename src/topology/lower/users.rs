use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::schema::shown;
use crate::source::Spanned;

use super::super::{Rabbitmq, Topology, User};
use super::Lowering;

/// A user may be mentioned in several places; together they have to say one password and not two.
pub(super) fn check(topology: &Topology, lowering: &mut Lowering<'_>) {
    for component in &topology.rabbitmqs {
        in_component(component, lowering);
    }
}

fn in_component(component: &Rabbitmq, lowering: &mut Lowering<'_>) {
    let mut mentions: BTreeMap<&str, Vec<&User>> = BTreeMap::new();
    let everywhere = component.users.iter().chain(component.vhosts.iter().flat_map(|vhost| &vhost.users));
    for user in everywhere {
        mentions.entry(&user.name.value).or_default().push(user);
    }
    for (name, mut users) in mentions {
        users.sort_by_key(|user| user.span);
        let passwords: Vec<_> = users.iter().filter_map(|user| user.password.as_ref()).collect();
        let tags: Vec<_> = users.iter().filter_map(|user| user.tags.as_ref()).collect();
        lowering.found.extend(differ(name, "passwords", &passwords));
        lowering.found.extend(differ(name, "tags", &tags));
        if passwords.is_empty() && users.iter().all(|user| lowering.is_sound(user.span)) {
            let mut diagnostic = Diagnostic::new("user-password", format!("user {} has no password", shown(name)));
            // More labels than these help nobody.
            for (n, user) in users.iter().take(8).enumerate() {
                diagnostic = diagnostic.label(user.name.span, if n == 0 { "password= is missing" } else { "nor here" });
            }
            lowering
                .found
                .push(diagnostic.help("declare a secret, and write password=\"NAME\" where the user stands first"));
        }
    }
}

fn differ(name: &str, what: &str, said: &[&Spanned<String>]) -> Option<Diagnostic> {
    let first = said.first()?;
    let other = said.iter().find(|other| other.value != first.value)?;
    let diagnostic = Diagnostic::new("contradiction", format!("user {} has two {what}", shown(name)))
        .label(other.span, "one here")
        .label(first.span, "another here")
        .note("a user is the same one in all vhosts of a cluster")
        .help("write it once; the other mentions need not repeat it");
    Some(diagnostic)
}
