/// Number of a [`Shape`] in its [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(pub(super) u16);

/// A whole language.
#[derive(Debug)]
pub struct Schema {
    /// The first one is the document itself: its children are the nodes of the top level.
    pub(super) shapes: Vec<Shape>,
    /// Those that are legal inside every other node.
    pub(super) everywhere: Vec<ShapeId>,
}

/// One node of the language, at the one place where it is legal. A word that is legal at several places has as many
/// shapes.
#[derive(Debug)]
pub struct Shape {
    /// Its number.
    pub id: ShapeId,
    /// How it is written; `*` stands for any other word, the empty word for the document.
    pub word: String,
    /// The words from the top level down to it, with `/` between them: `haproxy/vip/member`.
    pub path: String,
    /// What it is, in one or two sentences.
    pub doc: String,
    /// Its arguments, in order.
    pub args: Vec<Slot>,
    /// Its properties.
    pub props: Vec<Slot>,
    /// What may stand in its children block.
    pub children: Vec<ShapeId>,
    /// In whose children block it stands; the document's is its own.
    pub parent: ShapeId,
    /// At most one in its parent.
    pub once: bool,
    /// At least one in its parent.
    pub required: bool,
}

/// A place for a value: an argument or a property.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Key of the property, or what people call the argument.
    pub name: String,
    /// What it must be.
    pub ty: Type,
    /// What it means, in one or two sentences.
    pub doc: String,
    /// What holds where it is not written, in words.
    pub default: Option<String>,
    /// Whether it must be written.
    pub required: bool,
    /// Whether it may come more than once; only the last argument.
    pub many: bool,
    /// Values to choose from; for other types than [`Type::Enum`] they are proposals.
    pub values: Vec<Choice>,
    /// Names that cannot be used.
    pub reserved: Vec<Choice>,
}

/// One value and what it means.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The value.
    pub text: String,
    /// What it means; of a reserved name: why.
    pub doc: String,
}

/// Type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A DNS label in lower case.
    Name,
    /// Any text without NUL.
    Text,
    /// A regular expression; not judged here.
    Regex,
    /// A file or folder.
    Path,
    /// The path of a request.
    UriPath,
    /// Name of an environment variable.
    Env,
    /// A whole number.
    Integer,
    /// A TCP port; as wide as an integer.
    Port,
    /// Truth value.
    Bool,
    /// Milliseconds.
    Duration,
    /// Bytes.
    Size,
    /// An IPv4 address.
    Ipv4,
    /// An IPv4 network.
    Cidr,
    /// Three numbers.
    Version,
    /// A container image.
    Image,
    /// One of the slot's values.
    Enum,
    /// Text, whole number or truth value.
    Scalar,
    /// Text, number or truth value.
    Setting,
    /// The name of something declared elsewhere.
    Ref(RefKind),
}

/// To what a reference refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefKind {
    /// A `host`.
    Host,
    /// A `network`.
    Network,
    /// A `secret`.
    Secret,
    /// A `node` of the component in which the reference stands.
    Node,
    /// A `vip` of the component that the same node's service names.
    Vip,
    /// A port of the component in which the reference stands.
    Port,
    /// `component/port`.
    Service,
    /// A component.
    Component,
    /// A rule.
    Rule,
}

impl Type {
    /// The type that the schema files call so.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "name" => Self::Name,
            "string" => Self::Text,
            "regex" => Self::Regex,
            "path" => Self::Path,
            "uri-path" => Self::UriPath,
            "env" => Self::Env,
            "integer" => Self::Integer,
            "port" => Self::Port,
            "bool" => Self::Bool,
            "duration" => Self::Duration,
            "size" => Self::Size,
            "ipv4" => Self::Ipv4,
            "cidr" => Self::Cidr,
            "version" => Self::Version,
            "image" => Self::Image,
            "enum" => Self::Enum,
            "scalar" => Self::Scalar,
            "setting" => Self::Setting,
            "ref:host" => Self::Ref(RefKind::Host),
            "ref:network" => Self::Ref(RefKind::Network),
            "ref:secret" => Self::Ref(RefKind::Secret),
            "ref:node" => Self::Ref(RefKind::Node),
            "ref:vip" => Self::Ref(RefKind::Vip),
            "ref:port" => Self::Ref(RefKind::Port),
            "ref:service" => Self::Ref(RefKind::Service),
            "ref:component" => Self::Ref(RefKind::Component),
            "ref:rule" => Self::Ref(RefKind::Rule),
            _ => return None,
        })
    }

    /// A value as it might be written, to show the form.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Integer => "1",
            Self::Port => "5672",
            Self::Bool => "#true",
            Self::Duration => "\"5s\"",
            Self::Size => "\"512MiB\"",
            Self::Ipv4 => "\"192.168.0.10\"",
            Self::Cidr => "\"172.30.8.0/24\"",
            Self::Version => "\"X.Y.Z\"",
            Self::UriPath => "\"/\"",
            Self::Ref(RefKind::Service) => "\"component/port\"",
            _ => "\"…\"",
        }
    }
}

impl Default for Schema {
    /// A language in which nothing can be said.
    fn default() -> Self {
        let document = Shape {
            id: ShapeId(0),
            word: String::new(),
            path: String::new(),
            doc: String::new(),
            args: Vec::new(),
            props: Vec::new(),
            children: Vec::new(),
            parent: ShapeId(0),
            once: false,
            required: false,
        };
        Self { shapes: vec![document], everywhere: Vec::new() }
    }
}

impl Schema {
    /// The document: what may stand at the top level.
    pub fn document(&self) -> &Shape {
        &self.shapes[0]
    }

    /// The shape with this number.
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.shapes[usize::from(id.0)]
    }

    /// Every shape, parents before children; the document first.
    pub fn shapes(&self) -> impl ExactSizeIterator<Item = &Shape> {
        self.shapes.iter()
    }

    /// What may stand in the children block of `parent`, what may stand everywhere included.
    pub fn children<'a>(&'a self, parent: &'a Shape) -> impl Iterator<Item = &'a Shape> {
        let everywhere: &[ShapeId] =
            if parent.id == ShapeId(0) || self.everywhere.contains(&parent.id) { &[] } else { &self.everywhere };
        parent.children.iter().chain(everywhere).map(|id| self.get(*id))
    }

    /// What `word` is inside `parent`.
    pub fn child<'a>(&'a self, parent: &'a Shape, word: &str) -> Option<&'a Shape> {
        let children = || self.children(parent);
        children().find(|shape| shape.word == word).or_else(|| children().find(|shape| shape.word == "*"))
    }
}

impl Shape {
    /// The argument that people call so, and its index.
    pub fn arg(&self, name: &str) -> Option<(usize, &Slot)> {
        self.args.iter().enumerate().find(|(_, slot)| slot.name == name)
    }

    /// The property with this key.
    pub fn prop(&self, key: &str) -> Option<&Slot> {
        self.props.iter().find(|slot| slot.name == key)
    }

    /// Whether this is the document itself.
    pub fn is_document(&self) -> bool {
        self.word.is_empty()
    }
}
