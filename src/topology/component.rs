use std::ops::Deref;

use crate::source::{Span, Spanned};

use super::{Application, Attach, Consul, Container, Haproxy, Nginx, Node, Rabbitmq, Ref};

/// What every component has, whatever it runs.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its name.
    pub name: Spanned<String>,
    /// The image; the official one of the release where none is written.
    pub image: Option<Spanned<String>>,
    /// The host of every node that names none.
    pub on: Ref,
    /// Files and connections that each container may have open.
    pub open_files: Option<Spanned<i64>>,
    /// How each container is kept.
    pub container: Container,
    /// Networks of every node.
    pub attach: Vec<Attach>,
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// The whole node.
    pub span: Span,
}

macro_rules! components {
    ($($declaration:ident)*) => {
        $(impl Deref for $declaration {
            type Target = Component;

            fn deref(&self) -> &Component {
                &self.component
            }
        })*
    };
}

components! { Rabbitmq Haproxy Nginx Consul Application }
