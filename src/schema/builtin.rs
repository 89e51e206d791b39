use std::sync::OnceLock;

use super::Schema;

/// One file for each component; a new component adds its own here.
const FILES: &[(&str, &str)] = &[
    ("schemas/language.kdl", include_str!("../../schemas/language.kdl")),
    ("schemas/rabbitmq.kdl", include_str!("../../schemas/rabbitmq.kdl")),
    ("schemas/haproxy.kdl", include_str!("../../schemas/haproxy.kdl")),
    ("schemas/nginx.kdl", include_str!("../../schemas/nginx.kdl")),
    ("schemas/consul.kdl", include_str!("../../schemas/consul.kdl")),
    ("schemas/application.kdl", include_str!("../../schemas/application.kdl")),
];

impl Schema {
    /// The schema of hacc's language, read on first use.
    pub fn builtin() -> &'static Self {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        // The files are part of the program; a test sees to it that they can be read.
        SCHEMA.get_or_init(|| Self::read(FILES).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_can_be_read() {
        let schema = Schema::read(FILES).unwrap();
        assert!(schema.shapes().len() > 40, "{}", schema.shapes().len());
    }
}
