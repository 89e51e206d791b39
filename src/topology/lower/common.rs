use crate::diagnostic::Diagnostic;
use crate::schema::RefKind;
use crate::source::{Span, Spanned};
use crate::syntax::{Document, Node};

use super::super::{
    Allow, Attach, Component, ConsulServer, Container, Host, Log, Network, Node as Member, Publish, Restart, Scope,
    Secret, SecretForm, SecretSource, ServerSettings, Templates, Timeouts, Topology,
};
use super::{At, Lowering, remarks};

pub(super) fn host(at: At<'_>) -> Option<Host> {
    Some(Host { name: at.arg("name").name()?, address: at.prop("address").ipv4()?, span: at.span() })
}

/// What every component has; `nodes` are its members, read by its own kind.
pub(super) fn component(at: At<'_>, nodes: Vec<Member>) -> Option<Component> {
    Some(Component {
        name: at.arg("name").name()?,
        image: at.prop("image").image(),
        on: at.prop("on").reference(RefKind::Host)?,
        open_files: at.prop("open-files").integer(),
        container: container(at),
        attach: attach(at),
        nodes,
        span: at.span(),
    })
}

fn container(at: At<'_>) -> Container {
    let restarts = [Restart::UnlessStopped, Restart::Always, Restart::OnFailure, Restart::No];
    let log = |at: At<'_>| Log { size: at.prop("size").size(), files: at.prop("files").integer(), span: at.span() };
    Container {
        restart: at.prop("restart").choice(&restarts.map(|restart| (restart.word(), restart))),
        stop_grace: at.prop("stop-grace").duration(),
        log: at.child("log").map(log),
    }
}

/// What a proxy's port says of single servers.
pub(super) fn servers(at: At<'_>) -> Vec<ServerSettings> {
    let server = |at: At<'_>| {
        Some(ServerSettings {
            weight: at.prop("weight").integer(),
            backup: at.prop("backup").boolean(),
            maxconn: at.prop("maxconn").integer(),
            node: at.arg("node").reference(RefKind::Node)?,
            span: at.span(),
        })
    };
    at.children("server").filter_map(server).collect()
}

pub(super) fn templates(at: At<'_>) -> Option<Templates> {
    Some(Templates { dir: at.arg("dir").path()? })
}

/// `attach` of a whole component: without an address.
fn attach(at: At<'_>) -> Vec<Attach> {
    let one = |at: At<'_>| {
        Some(Attach { network: at.arg("network").reference(RefKind::Network)?, address: None, span: at.span() })
    };
    at.children("attach").filter_map(one).collect()
}

/// A node of a component. What only one kind of component has is left open.
pub(super) fn member(at: At<'_>) -> Option<Member> {
    let attach = |at: At<'_>| {
        let address = at.prop("address").ipv4();
        Some(Attach { network: at.arg("network").reference(RefKind::Network)?, address, span: at.span() })
    };
    let publish = |at: At<'_>| {
        let name = at.arg("name").reference(RefKind::Port)?;
        Some(Publish { name: Some(name), ..published(at) })
    };
    let member = Member {
        name: at.arg("name").name()?,
        was: at.prop("was").name(),
        address: at.prop("address").ipv4(),
        on: at.prop("on").reference(RefKind::Host),
        attach: at.children("attach").filter_map(attach).collect(),
        publish: at.children("publish").filter_map(publish).collect(),
        kind: None,
        cookie: None,
        server: ConsulServer::default(),
        instance: None,
        span: at.span(),
    };
    Some(member)
}

/// `publish` inside the port that it publishes: without a name.
pub(super) fn publishes(at: At<'_>) -> Vec<Publish> {
    at.children("publish").map(published).collect()
}

fn published(at: At<'_>) -> Publish {
    Publish { name: None, port: at.prop("port").port(), bind: at.prop("bind").ipv4(), span: at.span() }
}

/// The `timeout` child of a proxy that knows all four.
pub(super) fn timeouts(at: At<'_>) -> Timeouts {
    at.child("timeout").map_or_else(Timeouts::default, |at| Timeouts {
        connect: at.prop("connect").duration(),
        client: at.prop("client").duration(),
        server: at.prop("server").duration(),
        tunnel: at.prop("tunnel").duration(),
    })
}

impl Lowering<'_> {
    pub(super) fn network(&mut self, at: At<'_>) -> Option<Network> {
        let on = at.prop("on");
        for key in ["gateway", "pool"] {
            let field = at.prop(key);
            if field.is_written() && !on.is_written() && self.is_sound(at.span()) {
                self.found.push(
                    Diagnostic::new("bridge-only", format!("`{key}=` of a network that is no bridge"))
                        .label(field.span(), "only Docker's own networks have one")
                        .label(at.node.name_span(), "no `on=`: this is the network between the hosts")
                        .help(format!("remove `{key}=`, or write `on=` with the host whose Docker makes the network")),
                );
            }
        }
        let (gateway, pool) = (at.prop("gateway").ipv4(), at.prop("pool").cidr());
        let name = at.arg("name").name();
        let host = on.reference(RefKind::Host);
        // A host that cannot be read is not the same as none.
        if on.is_written() && host.is_none() {
            return None;
        }
        Some(Network { name: name?, on: host, subnet: at.prop("subnet").cidr()?, gateway, pool, span: at.span() })
    }

    pub(super) fn secret(&mut self, at: At<'_>) -> Option<Secret> {
        let sources = ["generate", "env", "file", "literal"].map(|key| (key, at.prop(key)));
        let written: Vec<_> = sources.into_iter().filter(|(_, field)| field.is_written()).collect();
        let name = at.arg("name").name();
        let known = name.as_ref().map_or("secret".to_owned(), |name| format!("secret `{}`", name.value));
        let form = at.prop("as");
        if let [_, (second, _), ..] = written.as_slice() {
            let mut diagnostic = Diagnostic::new("secret-source", format!("{known} has more than one source"))
                .note("only one of them could be its value")
                .help(format!("keep one; remove `{second}=`, for instance"));
            for (n, (key, field)) in written.iter().enumerate().rev() {
                let text = if n == 0 { format!("`{key}` is one") } else { format!("`{key}` is another") };
                diagnostic = diagnostic.label(field.span(), text);
            }
            self.found.push(diagnostic);
        } else if written.is_empty() && self.is_sound(at.span()) {
            self.found.push(
                Diagnostic::new("secret-source", format!("{known} has no source"))
                    .label(at.node.name_span(), "from where does its value come?")
                    .help("write generate=24, env=\"NAME\" or file=\"PATH\" behind its name"),
            );
        } else if form.is_written() && written.first().is_some_and(|(key, _)| *key != "generate") {
            self.found.push(
                Diagnostic::new("secret-source", format!("{known} is not generated, so `as` means nothing"))
                    .label(form.span(), "only for generate=")
                    .note("a secret from elsewhere is used as it is")
                    .help("remove `as=`"),
            );
        }
        let source = match written.first()? {
            ("generate", field) => SecretSource::Generate(field.integer()?),
            ("env", field) => SecretSource::Env(field.env()?),
            ("file", field) => SecretSource::File(field.path()?),
            (_, field) => SecretSource::Literal(field.text()?),
        };
        let forms = [("text", SecretForm::Text), ("base64", SecretForm::Base64)];
        let form = form.choice(&forms).unwrap_or(Spanned::new(SecretForm::Text, Span::NONE));
        Some(Secret { name: name?, source, form, span: at.span() })
    }

    /// `allow` nodes, wherever they stand.
    pub(super) fn allows(&mut self, topology: &mut Topology, nodes: &[Node<'_>]) {
        let Some(shape) = self.schema.child(self.schema.document(), "allow") else { return };
        let mut documents: Vec<_> = nodes.iter().map(|node| node.document()).collect();
        documents.dedup_by(|a, b| std::ptr::eq(*a, *b));
        documents.sort_by_key(|document| document.base());
        documents.dedup_by(|a, b| std::ptr::eq(*a, *b));
        for document in &documents {
            let first = nodes.first().is_some_and(|node| std::ptr::eq(node.document(), *document));
            remarks::allows(document, first, topology, &mut self.found);
        }
        let all = documents.into_iter().flat_map(Document::all_nodes);
        for node in all.filter(|node| node.name() == "allow") {
            let at = At { schema: self.schema, shape, node };
            let (rule, reason) = (at.arg("rule").reference(RefKind::Rule), at.prop("reason").text());
            let (Some(rule), Some(reason)) = (rule, reason) else { continue };
            if reason.value.trim().is_empty() {
                self.found.push(
                    Diagnostic::new("invalid-value", "`reason` of `allow` is empty")
                        .label(reason.span, "say why")
                        .help("write why the finding is right here; whoever reads it next has to judge it again"),
                );
            }
            let scope = node.parent().map_or(Scope::Topology, |parent| Scope::Node(parent.span()));
            topology.allows.push(Allow { rule, reason, scope, span: at.span() });
        }
    }
}
