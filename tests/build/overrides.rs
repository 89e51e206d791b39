//! Templates of the user that are odd or hostile.

use std::fs;
use std::os::unix::fs::symlink;

use crate::site::{Said, Site};

/// The example with a folder of templates, one of them of this text.
fn with(name: &str, text: &[u8]) -> Site {
    let site = Site::srm();
    site.write("topo.kdl", &format!("{}\ntemplates \"t\"\n", site.read("topo.kdl")));
    let path = site.path("t").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    site
}

/// A build that must end with an error that says this and names a way out, and write nothing.
fn refused(site: &Site, says: &str) -> String {
    let Said { code, out, err } = site.run(&["build", "topo.kdl", "-o", "out"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{says}: {err}");
    let flat = err.split_whitespace().filter(|word| !matches!(*word, "│" | "|")).collect::<Vec<_>>().join(" ");
    assert!(flat.contains(says) && flat.contains("help: "), "{says}: {err}");
    assert!(!site.path("out").exists(), "{says}");
    err
}

#[test]
fn long_chains_do_not_overflow_the_stack() {
    let chains = [
        ("", "-", "1"),
        ("", "not ", "1"),
        ("", "1 if 1 else ", "2"),
        ("1", "|abs", ""),
        ("1", "+1", ""),
        ("1", "<1", ""),
        ("maxconn", ".a", ""),
        ("maxconn", "()", ""),
        ("maxconn", "[0]", ""),
    ];
    for (before, link, after) in chains {
        let chain = link.repeat(60_000 / link.len());
        let site = with("nginx/health.j2", format!("{{{{ {before}{chain}{after} }}}}\n").as_bytes());
        let said = site.run(&["build", "topo.kdl", "-o", "out"]);
        assert!(matches!(said.code, Some(0 | 2)), "{link}: {:?} {}", said.code, said.err);
    }
}

#[test]
fn what_is_no_plain_text_is_refused() {
    refused(&with("nginx/health.j2", b"#!/bin/sh\r\ntrue\r\n"), "save it with LF");
    refused(&with("nginx/health.j2", b"a\0b\n"), "U+0000");
    refused(&with("nginx/health.j2", b"\xff\xfe"), "not UTF-8");
    refused(&with("nginx/health.j2", &vec![b'x'; 70_000]), "at most 64 KiB");
}

#[test]
fn a_link_to_a_template_is_one_and_anything_else_is_refused() {
    let site = with("nginx/health.j2", b"exit 7");
    fs::rename(site.path("t/nginx/health.j2"), site.path("mine")).unwrap();
    symlink("../../mine", site.path("t/nginx/health.j2")).unwrap();
    // The final newline, which this one lacks, is hacc's to add.
    assert_eq!(site.build()["vm/edge/health"].text, "exit 7\n");

    for target in ["/dev/zero", "nothing", "."] {
        let site = with("nginx/health.j2", b"");
        fs::remove_file(site.path("t/nginx/health.j2")).unwrap();
        symlink(target, site.path("t/nginx/health.j2")).unwrap();
        refused(&site, "t/nginx/health.j2` cannot be read");
    }
}

#[test]
fn an_error_of_a_template_does_not_name_a_secret() {
    for tag in ["include", "import", "extends"] {
        let text = match tag {
            "import" => "{% import instances[0].auth.pass as x %}".to_owned(),
            tag => format!("{{% {tag} instances[0].auth.pass %}}"),
        };
        let site = with("haproxy/keepalived.conf.j2", text.as_bytes());
        let store = site.read("topo.secrets");
        let secret = store.lines().find_map(|line| line.strip_prefix("secret \"vrrp\" \"")).unwrap();
        let err = refused(&site, "cannot include, import or extend");
        assert!(!err.contains(secret.trim_end_matches('"')), "{err}");
    }
}

#[test]
fn a_folder_of_other_things_is_not_listed_to_its_end() {
    let site = with("0", b"");
    (1..100).for_each(|n| fs::write(site.path("t").join(n.to_string()), "").unwrap());
    let err = refused(&site, "90 more files of `t` replace no template");
    assert_eq!(err.matches("error[template-unknown]").count(), 11);
}
