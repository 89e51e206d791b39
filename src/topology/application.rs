use crate::source::{Span, Spanned};

use super::{Component, Ref};

/// `application NAME …`: instances of one program.
#[derive(Clone, Debug)]
pub struct Application {
    /// What every component has.
    pub component: Component,
    /// The command that starts an instance, a line for the shell; `None`: what the image starts by itself.
    pub start: Option<Spanned<String>>,
    /// Memory limit of each container in bytes.
    pub memory: Option<Spanned<u64>>,
    /// Where the instances are registered.
    pub register: Option<Register>,
    /// What is written before an instance starts.
    pub init: Option<Init>,
    /// Variables of the environment.
    pub env: Vec<Variable>,
}

/// What an `instance` says beside what a node says.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The port on which it listens.
    pub port: Spanned<i64>,
    /// Its share of the connections.
    pub weight: Option<Spanned<i64>>,
}

/// `register REGISTRY key=… …`: registration in the key-value store of Consul.
#[derive(Clone, Debug)]
pub struct Register {
    /// The Consul servers.
    pub registry: Ref,
    /// The folder in the key-value store; `upstreams/NAME/` where none is written.
    pub key: Option<Spanned<String>>,
    /// The share of the connections of each instance; 1 where none is written.
    pub weight: Option<Spanned<i64>>,
    /// Failures until a reader leaves an instance out for a while; 2 where none is written.
    pub max_fails: Option<Spanned<i64>>,
    /// For how long, in milliseconds; 10 s where none is written.
    pub fail_timeout: Option<Spanned<u64>>,
    /// How long the registration outlives whoever renews it, in milliseconds; 15 s where none is written.
    pub ttl: Option<Spanned<u64>>,
    /// Time between two looks at the instance, in milliseconds; 2 s where none is written.
    pub check_every: Option<Spanned<u64>>,
    /// The whole node.
    pub span: Span,
}

/// `init env=… …`: a file of variables that is written before an instance starts.
#[derive(Clone, Debug)]
pub struct Init {
    /// The file, as the container sees it.
    pub env: Spanned<String>,
    /// The value of TYPE; `tcp` where none is written.
    pub kind: Option<Spanned<String>>,
    /// Where the container finds `init.sh` as well; beside the file where none is written.
    pub script: Option<Spanned<String>>,
    /// Whether the command gets the argument `ext_init=…`; yes where nothing is written.
    pub ext_init: Option<Spanned<bool>>,
    /// The whole node.
    pub span: Span,
}

/// `env NAME VALUE` or `env NAME secret=SECRET`.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The variable.
    pub name: Spanned<String>,
    /// Its value.
    pub value: VariableValue,
}

/// From where the value of a variable comes.
#[derive(Clone, Debug)]
pub enum VariableValue {
    /// It is written.
    Text(Spanned<String>),
    /// It is this secret.
    Secret(Ref),
}
