use crate::plan::grammar::Grammar;

/// A template: its name, the grammar of what it makes, and its text.
pub struct Template {
    /// `FOLDER/FILE`; the user's replacement is the same with `.j2`.
    pub name: &'static str,
    /// The grammar by which every value in it is written.
    pub grammar: Grammar,
    /// The text.
    pub text: &'static str,
}

macro_rules! catalogue {
    ($($name:literal $grammar:ident,)*) => {
        /// All templates, by name.
        pub const CATALOGUE: &[Template] = &[$(Template {
            name: $name,
            grammar: Grammar::$grammar,
            text: include_str!(concat!("../../../stdlib/templates/", $name, ".j2")),
        },)*];
    };
}

catalogue! {
    "application/deregister" Shell,
    "application/environment" EnvFile,
    "application/health" Shell,
    "application/init.sh" Shell,
    "application/register" Shell,
    "application/start" Shell,
    "compose/docker-compose.yml" Compose,
    "compose/env" Dotenv,
    "consul/consul.json" Json,
    "consul/health" Shell,
    "consul/start" Shell,
    "haproxy/Dockerfile" Dockerfile,
    "haproxy/check" Shell,
    "haproxy/haproxy.cfg" Haproxy,
    "haproxy/keepalived.conf" Keepalived,
    "haproxy/start" Shell,
    "haproxy/vip-fallback" Shell,
    "host/README.txt" Text,
    "nginx/health" Shell,
    "nginx/nginx.conf" Nginx,
    "nginx/servers" Nginx,
    "nginx/start" Shell,
    "rabbitmq/.erlang.cookie" Cookie,
    "rabbitmq/definitions.json" Json,
    "rabbitmq/enabled_plugins" Atom,
    "rabbitmq/health" Shell,
    "rabbitmq/health.erl" Word,
    "rabbitmq/hostname" Word,
    "rabbitmq/hosts" Word,
    "rabbitmq/join" Shell,
    "rabbitmq/rabbitmq.conf" Ini,
    "rabbitmq/start" Shell,
}

/// The template with this name.
pub(super) fn find(name: &str) -> Option<&'static Template> {
    CATALOGUE.binary_search_by(|template| template.name.cmp(name)).ok().map(|n| &CATALOGUE[n])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_so_that_they_are_found() {
        assert!(CATALOGUE.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(CATALOGUE.iter().all(|template| find(template.name).is_some_and(|found| found.name == template.name)));
    }

    #[test]
    fn every_text_ends_its_last_line_and_has_no_carriage_return() {
        for template in CATALOGUE {
            assert!(template.text.ends_with('\n') && !template.text.contains('\r'), "{}", template.name);
        }
    }
}
