use crate::source::{Span, Spanned};

use super::Ref;

/// `server NODE weight=… backup=… maxconn=…` of a proxy's port: how one of its servers differs from the others.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// The node of the component to which connections go.
    pub node: Ref,
    /// Its share of the connections; 1 where none is written.
    pub weight: Option<Spanned<i64>>,
    /// Whether it serves only while no other one does.
    pub backup: Option<Spanned<bool>>,
    /// Most connections at once to this server.
    pub maxconn: Option<Spanned<i64>>,
    /// The whole node.
    pub span: Span,
}
