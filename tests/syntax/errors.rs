//! The words of the errors.

use crate::support::{plain, read};

fn told(text: &str) -> String {
    let (_, problems) = read(text);
    format!("{text}\n---\n{}", plain(text, &problems))
}

macro_rules! told {
    ($($name:ident: $text:expr,)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(told($text));
        })*
    };
}

told! {
    old_habits: "topology \"x\" {\n    enabled true\n    on=yes\n    path r\"^a\\b$\"\n    pattern r#\"x\"y\"#\n    cookie null ok=false\n    false 1\n    # a comment of another language\n    port = 5672\n    list [1, 2]\n    every 5s\n    ram 512MiB\n    address 172.30.8.100/24\n    image rabbitmq:3.8/x\n    to=mq/amqp\n    debug #yes\n    1.5\n}\n",
    values_that_look_like_numbers: "n 1.2.3 .5 1. 0xfg 0X1F 1, 2 0b12 1e 1e5.5 -.5 3.8.0-management 5s 0x\n",
    a_quote_is_missing_at_the_end_of_a_line: "a \"one two\nb \"three\"\n",
    a_quote_is_missing_inside_a_line: "a x=\"one y=\"two\" {\n    b\n}\nc\n",
    an_opening_quote_is_missing: "a one\" {\n    b\n}\nc\n",
    a_string_over_lines_as_in_kdl_1: "a \"one\n  two\"\nb 1\n",
    a_long_string_is_not_closed: "a {\n    b \"\"\"\n    text\n}\nc\n",
    a_raw_string_is_not_closed: "a ##\"one\"#\nb\n",
    long_strings: "a \"\"\"one\"\"\" \"\"\"two\n  three\n  \"\"\"\nb \"\"\"\n    one\n  two\n three\n    \"\"\"\nc \"\"\"\n  one\n  two\"\"\"\nd \"\"\"\n  one \\\n  \"\"\"\n",
    escapes: "a \"C:\\dir \\/ \\u0041 \\u{} \\u{41 \\u{D800} \\u{110000} \\u{1234567}\"\n",
    a_brace_is_missing: "a {\n    b {\n        c\n    d\n}\ne {\n}\n",
    braces_are_missing: "a {\n    b {\n        c {\n            d 1\n",
    a_brace_is_missing_and_the_others_are_in_line: "a {\n    b {\n    }\nc {\n}\n",
    a_brace_too_many: "a {\n    b\n}\n}\nc {\n}\n",
    a_block_without_a_node: "a\n{\n    b\n}\nc\n",
    two_blocks: "a { b; } { c; }\nd { e; } f 1\n",
    slashdashes: "a /- /- 1\nb (t)/-1 k=/-2\n(t)/-c\nd /-{ x; } 1\ne { f; /- }\n/-\n",
    comments: "a */ b\nc /* d /* e */\n",
    types: "()a ( )1 (1)2 (t\n(t) (u)b (t)\nc (t)k=1 (#true)3 k=(v)\nd (two words)1\n",
    properties: "a k= b= \nb k=\nc 1=2 #true=3 k==4\nd =5 k =\n",
    spaces: "a\"b\" \"c\"d\ne 1(t)2 #true#false f=1\"g\"\n",
    strange_characters: "a \u{0} b\u{202E}c // \u{FEFF}\nd ) ] é[ü] \\ e\n;\n",
    one_version: "/- kdl-version 1\na true\n",
}
