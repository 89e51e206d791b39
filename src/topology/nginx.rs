use crate::source::{Span, Spanned};

use super::{Attach, Node, Publish, Ref, Timeouts, Version};

/// `nginx NAME …`: an nginx, or several that share one configuration.
#[derive(Clone, Debug)]
pub struct Nginx {
    /// Its name; also the name of its node where none is declared.
    pub name: Spanned<String>,
    /// The release.
    pub version: Spanned<Version>,
    /// An image other than the official one of that version.
    pub image: Option<Spanned<String>>,
    /// The host of every node that names none.
    pub on: Ref,
    /// Files and connections that each container may have open.
    pub open_files: Option<Spanned<i64>>,
    /// Networks of every node.
    pub attach: Vec<Attach>,
    /// Its nodes; where none is declared there is one, named as the component.
    pub nodes: Vec<Node>,
    /// TCP services.
    pub streams: Vec<Stream>,
    /// The whole node.
    pub span: Span,
}

/// `stream NAME port=N to=REF via=…`.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Its name.
    pub name: Spanned<String>,
    /// The port it listens on.
    pub port: Spanned<i64>,
    /// `component/port`.
    pub to: Ref,
    /// The way to it.
    pub via: Option<Spanned<Via>>,
    /// Timeouts; milliseconds (`connect`, and `client` for the idle time both ways).
    pub timeouts: Timeouts,
    /// Published on the host of each node.
    pub publish: Vec<Publish>,
    /// The whole node.
    pub span: Span,
}

/// The way to a component that has a VIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// `via="nodes"`: each node by its own address.
    Nodes,
    /// `via="NAME"`: that VIP.
    Vip(String),
}
