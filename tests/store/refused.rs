//! What a build refuses to do, and how it says so.

use super::*;

#[test]
fn no_link_inside_leads_outside() {
    let at = out();
    std::fs::create_dir(at.dir.join("victim")).unwrap();
    std::fs::write(at.dir.join("victim/a"), "precious").unwrap();
    // A host's folder, a folder further in, and a folder of files that are to be removed.
    let first = tree(&[("vm/a", "a"), ("vm/sub/a", "a"), ("old/a", "precious")]);
    at.build(&first);
    for link in ["vm", "vm/sub", "old"] {
        std::fs::remove_dir_all(at.path.join(link)).unwrap();
        symlink(at.dir.join("victim"), at.path.join(link)).unwrap();
        assert!(!at.is_current(&first));
        let next = tree(&[("vm/a", "b"), ("vm/sub/a", "b")]);
        let done = at.try_build(&next, OVERWRITE);
        if link == "old" {
            done.unwrap();
        } else {
            let error = only(done);
            assert!(error.message.contains(link) && error.code == "out-in-the-way", "{error:?}");
        }
        assert_eq!(std::fs::read_to_string(at.dir.join("victim/a")).unwrap(), "precious", "{link}");
        assert_eq!(std::fs::read_dir(at.dir.join("victim")).unwrap().count(), 1);
        std::fs::remove_file(at.path.join(link)).unwrap();
        let _ = std::fs::remove_file(at.path.join("manifest.json"));
        let _ = std::fs::remove_dir_all(at.path.join("vm"));
        at.build(&first);
    }
}

#[test]
fn an_output_folder_that_is_none_is_told_plainly() {
    let at = out();
    std::fs::write(&at.path, "a file").unwrap();
    assert!(only_open(&at).ends_with("is a file, not a folder to write into"));
    std::fs::remove_file(&at.path).unwrap();
    symlink("nothing", &at.path).unwrap();
    assert!(only_open(&at).contains("a link to nothing"));
    std::fs::remove_file(&at.path).unwrap();
    std::fs::write(at.dir.join("file"), "").unwrap();
    symlink("file", &at.path).unwrap();
    assert!(only_open(&at).contains("a link to something that is no folder"));
    std::fs::remove_file(&at.path).unwrap();
    // Before anything is made for a build that could not be written.
    let error = only(Standing::open(&at.dir.join("no/such/out"), None).map(|_| Outcome::default()));
    assert!(error.message.contains("does not exist") && error.help.unwrap().contains("mkdir -p"));
    assert!(!at.dir.join("no").exists());
}

fn only_open(at: &Out) -> String {
    only(Standing::open(&at.path, None).map(|_| Outcome::default())).message
}

#[test]
fn a_manifest_that_is_not_ours_stops_the_build() {
    for (text, what) in [
        ("{\"name\": \"a web application\"}", "not a manifest of hacc"),
        ("", "not a manifest of hacc"),
        ("<<<<<<< HEAD", "not a manifest of hacc"),
        ("{\"format\":7,\"generator\":\"hacc 9\",\"topology\":\"t\",\"model\":\"m\",\"files\":[]}", "has the format 7"),
    ] {
        let at = out();
        at.put("manifest.json", text);
        let error = only(at.try_build(&tree(&[("vm/a", "a")]), OVERWRITE));
        assert!(error.message.contains(what), "{error:?}");
        assert_eq!((at.names(), at.text("manifest.json")), (vec!["manifest.json".to_owned()], text.to_owned()));
    }
    let at = out();
    std::fs::create_dir_all(at.path.join("manifest.json")).unwrap();
    assert!(only(at.try_build(&tree(&[]), Options::default())).message.contains("cannot be read"));
}

#[test]
fn a_manifest_cannot_make_hacc_remove_what_is_elsewhere() {
    let at = out();
    std::fs::write(at.dir.join("precious"), "a").unwrap();
    at.build(&tree(&[("vm/a", "a"), ("vm/b", "b")]));
    let forged = at.text("manifest.json").replace("\"vm/a\"", "\"../precious\"");
    std::fs::write(at.path.join("manifest.json"), forged).unwrap();
    assert_eq!(only(at.try_build(&tree(&[("vm/b", "b")]), OVERWRITE)).code, "out-manifest");
    assert!(at.dir.join("precious").exists());
}

#[test]
fn the_folder_of_another_topology_is_left_alone() {
    let at = out();
    at.build(&tree(&[("vm/a", "a")]));
    let other = Facts { topology: "other".into(), ..facts("m") };
    let standing = Standing::open(&at.path, key()).unwrap();
    let error = only(standing.write(&tree(&[("x/a", "a")]), &other, OVERWRITE));
    assert_eq!(error.code, "out-other-topology");
    assert_eq!(at.names(), ["manifest.json", "vm/a"]);
}

#[test]
fn two_builds_at_once_do_not_mix() {
    let at = out();
    at.build(&tree(&[("vm/a", "a")]));
    let first = Standing::open(&at.path, key()).unwrap();
    let error = only(at.try_build(&tree(&[("vm/a", "b")]), Options::default()));
    assert_eq!(error.code, "out-busy");
    Standing::look(&at.path, key()).unwrap().write(&tree(&[("vm/a", "b")]), &facts("m"), DRY).unwrap();
    drop(first);
    at.build(&tree(&[("vm/a", "b")]));
    // Neither is there a folder yet: one of them makes it.
    let at = out();
    let (one, two) = (Standing::open(&at.path, key()).unwrap(), Standing::open(&at.path, key()).unwrap());
    one.write(&tree(&[("vm/a", "a")]), &facts("m"), Options::default()).unwrap();
    assert_eq!(only(two.write(&tree(&[("vm/a", "b")]), &facts("m"), Options::default())).code, "out-busy");
    assert_eq!(at.text("vm/a"), "a");
}
