use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::schema::shown;
use crate::source::{Span, Spanned};

use super::super::{Application, Attach, Haproxy, Nginx, Node, Rabbitmq, Topology};

/// Names of one kind, of which no two may be the same.
struct Names<'a> {
    /// What bears the names: "host".
    kind: &'static str,
    /// What it would break.
    note: &'static str,
    help: &'static str,
    first: FxHashMap<&'a str, Span>,
}

impl<'a> Names<'a> {
    fn new(kind: &'static str, note: &'static str) -> Self {
        Self { kind, note, help: "give one of them another name", first: FxHashMap::default() }
    }

    /// Of things that are named after something else.
    fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    fn add(&mut self, name: &'a Spanned<String>, found: &mut Vec<Diagnostic>) {
        let before = *self.first.entry(&name.value).or_insert(name.span);
        if before == name.span {
            return;
        }
        found.push(
            Diagnostic::new("duplicate-name", format!("more than one {} is called {}", self.kind, shown(&name.value)))
                .label(name.span, "again")
                .label(before, "first here")
                .note(self.note)
                .help(self.help),
        );
    }

    fn all(mut self, names: impl IntoIterator<Item = &'a Spanned<String>>, found: &mut Vec<Diagnostic>) {
        for name in names {
            self.add(name, found);
        }
    }
}

/// Finds names that are used twice.
pub(super) fn check(topology: &Topology, found: &mut Vec<Diagnostic>) {
    const REFERENCE: &str = "a reference to this name could mean either";
    Names::new("host", "a host's name is also the name of its folder in the output")
        .all(topology.hosts.iter().map(|host| &host.name), found);
    Names::new("network", REFERENCE).all(topology.networks.iter().map(|network| &network.name), found);
    Names::new("secret", REFERENCE).all(topology.secrets.iter().map(|secret| &secret.name), found);
    let mut components: Vec<_> = topology.components().map(|component| &component.name).collect();
    components.sort_by_key(|name| name.span);
    Names::new("component", REFERENCE).all(components, found);
    nodes(topology, found);
    topology.components().for_each(|component| attached_twice(&component.attach, found));
    topology.rabbitmqs.iter().for_each(|component| rabbitmq(component, found));
    topology.haproxies.iter().for_each(|component| haproxy(component, found));
    topology.nginxes.iter().for_each(|component| nginx(component, found));
    topology.applications.iter().for_each(|component| application(component, found));
}

/// A node's name is the end of a container's name, so it is looked at across all components.
fn nodes(topology: &Topology, found: &mut Vec<Diagnostic>) {
    let nodes: Vec<&Node> = topology.components().flat_map(|component| &component.nodes).collect();
    // An nginx without nodes has one of its own name.
    let unsaid =
        topology.nginxes.iter().filter(|component| component.nodes.is_empty()).map(|component| &component.name);
    let mut names: Vec<_> = nodes.iter().map(|node| &node.name).chain(unsaid).collect();
    names.sort_by_key(|name| name.span);
    Names::new("node", "a node's name is a host name, the name of a container and of a folder").all(names, found);
    let mut before: Vec<_> = nodes.iter().filter_map(|node| node.was.as_ref()).collect();
    before.sort_by_key(|name| name.span);
    let mut first: FxHashMap<&str, Span> = FxHashMap::default();
    for was in before {
        let Some(other) = first.get(was.value.as_str()) else {
            first.insert(&was.value, was.span);
            continue;
        };
        found.push(
            Diagnostic::new("duplicate-name", format!("two nodes say that they were called `{}`", was.value))
                .label(was.span, "the second one")
                .label(*other, "the first one")
                .note("what was kept for the old name can go on under one new name only")
                .help("remove `was=` from one of them"),
        );
    }
    registers(topology, &nodes, found);
    for node in nodes {
        attached_twice(&node.attach, found);
    }
}

/// Whoever registers an instance is a container of its own, `NAME-register`, that nobody declares.
fn registers(topology: &Topology, nodes: &[&Node], found: &mut Vec<Diagnostic>) {
    /// What a host name holds: RFC 1035, 2.3.4.
    const LONGEST: usize = 63;
    let names: FxHashMap<&str, Span> = nodes.iter().map(|node| (node.name.value.as_str(), node.name.span)).collect();
    let registered = topology.applications.iter().filter(|application| application.register.is_some());
    for instance in registered.flat_map(|application| &application.nodes) {
        let register = format!("{}-register", instance.name.value);
        let what = format!("`{register}` is the container that registers `{}`", instance.name.value);
        if let Some(other) = names.get(register.as_str()) {
            found.push(
                Diagnostic::new("duplicate-name", format!("{what}, and a node"))
                    .label(*other, "called so as well")
                    .label(instance.name.span, "this instance is registered")
                    .note("a node's name is a host name, the name of a container and of a folder")
                    .help("give one of them another name"),
            );
        } else if register.len() > LONGEST {
            found.push(
                Diagnostic::new("name-too-long", format!("the name of an instance is too long: {what}"))
                    .label(instance.name.span, format!("{} characters with `-register`", register.len()))
                    .note(format!("a host name has at most {LONGEST} characters: Docker refuses the container"))
                    .help("give the instance a shorter name"),
            );
        }
    }
}

fn rabbitmq(component: &Rabbitmq, found: &mut Vec<Diagnostic>) {
    const ONE: &str = "keep one of them";
    const ENTRY: &str = "a vhost has one of a name, and the second would be refused";
    Names::new("vhost", "all that a vhost holds is declared in one place")
        .help("put the content of both into one")
        .all(component.vhosts.iter().map(|vhost| &vhost.name), found);
    Names::new("setting", "RabbitMQ would take the last line and say nothing")
        .help(ONE)
        .all(component.settings.iter().map(|setting| &setting.key), found);
    Names::new("user", "a user stands once for the cluster and once in each vhost")
        .help("put what both say into one")
        .all(component.users.iter().map(|user| &user.name), found);
    for vhost in &component.vhosts {
        Names::new("user", "a user has one permission in a vhost")
            .help("put what both say into one")
            .all(vhost.users.iter().map(|user| &user.name), found);
        Names::new("policy", "a vhost has one policy of a name")
            .all(vhost.policies.iter().map(|policy| &policy.name), found);
        for policy in &vhost.policies {
            Names::new("key", "a key of a policy has one value; several texts behind one key are a list")
                .help(ONE)
                .all(policy.definition.iter().map(|(key, _)| key), found);
        }
        Names::new("queue", ENTRY).all(vhost.queues.iter().map(|queue| &queue.name), found);
        Names::new("exchange", ENTRY).all(vhost.exchanges.iter().map(|exchange| &exchange.name), found);
        let arguments = vhost.queues.iter().map(|queue| &queue.arguments);
        for arguments in arguments.chain(vhost.exchanges.iter().map(|exchange| &exchange.arguments)) {
            Names::new("argument", "an argument has one value")
                .help(ONE)
                .all(arguments.iter().map(|(key, _)| key), found);
        }
    }
}

fn haproxy(component: &Haproxy, found: &mut Vec<Diagnostic>) {
    let mut listens = Names::new("listen", "a port is referred to by its name");
    for listen in &component.listens {
        listens.add(&listen.name, found);
        if let Some(stats) = component.stats.as_ref().filter(|_| listen.name.value == "stats") {
            found.push(
                Diagnostic::new("duplicate-name", "the statistics page and a listen are both called `stats`")
                    .label(listen.name.span, "this listen")
                    .label(stats.span, "the page is called so by itself")
                    .note("a port is referred to by its name")
                    .help("give the listen another name"),
            );
        }
    }
    Names::new("vip", "`via=` refers to it by name").all(component.vips.iter().map(|vip| &vip.name), found);
    for vip in &component.vips {
        let mut members =
            Names::new("member", "a balancer claims one thing for each VIP").help("put what both say into one");
        vip.members.iter().for_each(|member| members.add(&member.node, found));
    }
}

fn nginx(component: &Nginx, found: &mut Vec<Diagnostic>) {
    let streams = component.streams.iter().map(|stream| &stream.name);
    let mut ports: Vec<_> = streams.chain(component.https.iter().map(|http| &http.name)).collect();
    ports.sort_by_key(|name| name.span);
    let kind = if component.https.is_empty() { "stream" } else { "port" };
    Names::new(kind, "a port is referred to by its name").all(ports, found);
}

fn application(component: &Application, found: &mut Vec<Diagnostic>) {
    Names::new("variable", "a variable has one value")
        .help("keep one of them")
        .all(component.env.iter().map(|variable| &variable.name), found);
}

/// A container has one address on a network.
fn attached_twice(attached: &[Attach], found: &mut Vec<Diagnostic>) {
    let mut first: FxHashMap<&str, Span> = FxHashMap::default();
    for attach in attached {
        let Some(before) = first.get(attach.network.value.as_str()) else {
            first.insert(&attach.network.value, attach.network.span);
            continue;
        };
        found.push(
            Diagnostic::new("duplicate-name", format!("network `{}` is attached twice", attach.network.value))
                .label(attach.network.span, "again")
                .label(*before, "first here")
                .note("a container has one address on a network")
                .help("remove one of them"),
        );
    }
}
