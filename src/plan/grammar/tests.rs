use proptest::prelude::*;

use super::Grammar;

fn written(grammar: Grammar, text: &str) -> Result<String, String> {
    let mut out = String::new();
    grammar.write(&mut out, text).map(|()| out).map_err(|refusal| refusal.with)
}

#[test]
fn plain_values_stay_plain() {
    for grammar in [Grammar::Haproxy, Grammar::Keepalived, Grammar::Nginx, Grammar::Shell, Grammar::Ini] {
        assert_eq!(written(grammar, "172.30.8.100:5600").unwrap(), "172.30.8.100:5600");
    }
}

#[test]
fn what_has_a_meaning_is_quoted_or_refused() {
    assert_eq!(written(Grammar::Haproxy, "root:a#b 'c'").unwrap(), r"'root:a#b '\''c'\'''");
    assert_eq!(written(Grammar::Keepalived, "ab#cd!e").unwrap(), "\"ab#cd!e\"");
    assert_eq!(written(Grammar::Keepalived, "a{").unwrap_err(), "`{`");
    assert!(written(Grammar::Keepalived, &"a".repeat(512)).is_ok());
    assert_eq!(written(Grammar::Keepalived, &"a".repeat(513)).unwrap_err(), "more than 512 bytes");
    assert_eq!(written(Grammar::Keepalived, "a$b").unwrap_err(), "`$`");
    assert_eq!(written(Grammar::Nginx, r#"a"b\;"#).unwrap(), r#""a\"b\\;""#);
    assert_eq!(written(Grammar::Nginx, "$host").unwrap_err(), "`$`");
    assert_eq!(written(Grammar::Shell, "$(reboot)'\n").unwrap(), "'$(reboot)'\\''\n'");
    assert_eq!(written(Grammar::Ini, "s3cret#x").unwrap_err(), "`#`");
    assert_eq!(written(Grammar::Ini, "a\nb = c").unwrap_err(), "a line break");
    assert_eq!(written(Grammar::Compose, "a${HOME}\u{7f}\u{2028}\"").unwrap(), r#""a$${HOME}\u007f\u2028\"""#);
    assert_eq!(written(Grammar::Json, "a\"\u{1}").unwrap(), r#""a\"\u0001""#);
    assert_eq!(written(Grammar::EnvFile, "").unwrap(), "");
    assert_eq!(written(Grammar::EnvFile, "a #\"$HOME").unwrap(), "'a #\"$HOME'");
    assert_eq!(written(Grammar::EnvFile, "a${HOME}").unwrap_err(), "`${`");
    assert_eq!(written(Grammar::EnvFile, "it's").unwrap_err(), "`'`");
    assert_eq!(written(Grammar::EnvFile, "a\nB=1").unwrap_err(), "a line break");
    assert_eq!(written(Grammar::Cookie, "").unwrap_err(), "nothing in it");
    assert_eq!(written(Grammar::Cookie, &"x".repeat(256)).unwrap_err(), "more than 255 characters");
    assert_eq!(written(Grammar::Word, "mq3\n127.0.0.1 evil").unwrap_err(), "a line break");
}

/// Words of a line as HAProxy's and a shell's reader see them (strong quotes and backslashes only).
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut any, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false, false);
    for c in line.chars() {
        match c {
            c if escaped => {
                word.push(c);
                escaped = false;
            }
            '\'' => {
                quoted = !quoted;
                any = true;
            }
            c if quoted => word.push(c),
            '\\' => {
                escaped = true;
                any = true;
            }
            ' ' | '\t' | '\n' => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            c => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

proptest! {
    #[test]
    fn a_shell_and_haproxy_read_back_one_word(text in any::<String>()) {
        for grammar in [Grammar::Shell, Grammar::Haproxy] {
            if let Ok(line) = written(grammar, &text) {
                prop_assert_eq!(shell_words(&format!("a {line} b")), ["a", text.as_str(), "b"]);
            }
        }
    }

    #[test]
    fn json_and_compose_read_back_the_same_text(text in any::<String>()) {
        prop_assert_eq!(&serde_json::from_str::<String>(&written(Grammar::Json, &text).unwrap()).unwrap(), &text);
        if let Ok(scalar) = written(Grammar::Compose, &text) {
            // Every escape that is written is JSON's as well.
            let read: String = serde_json::from_str(&scalar).unwrap();
            prop_assert_eq!(read.replace("$$", "$"), text);
        }
    }

    #[test]
    fn one_line_grammars_never_write_a_second_line(text in any::<String>()) {
        use Grammar::{Atom, Compose, Cookie, Dockerfile, Dotenv, EnvFile, Haproxy, Ini, Json, Keepalived, Nginx, Text, Word};
        for grammar in [Atom, Haproxy, Keepalived, Nginx, Ini, Compose, Json, Dotenv, EnvFile, Dockerfile, Word, Cookie, Text] {
            if let Ok(line) = written(grammar, &text) {
                prop_assert!(!line.contains(['\n', '\r']), "{:?}: {line:?}", grammar);
            }
        }
    }
}
