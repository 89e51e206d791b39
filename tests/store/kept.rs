//! What somebody else wrote or edited is kept.

use super::*;

#[test]
fn a_file_edited_by_hand_is_kept_until_told_otherwise() {
    let at = out();
    at.build(&tree(&[("vm/a", "one"), ("vm/b", "b"), ("vm/gone", "gone")]));
    at.put("vm/a", "eno");
    at.put("vm/gone", "mine now");
    let next = tree(&[("vm/a", "two"), ("vm/b", "B")]);
    for turn in 0..2 {
        let outcome = at.build(&next);
        let b = if turn == 0 { Change::Replaced } else { Change::Unchanged };
        assert_eq!(
            changes(&outcome),
            [("vm/a", Change::Edited), ("vm/b", b), ("vm/gone", Change::Edited)],
            "turn {turn}"
        );
        assert_eq!(outcome.changed, turn == 0);
        assert_eq!((at.text("vm/a").as_str(), at.text("vm/gone").as_str()), ("eno", "mine now"));
        assert!(!at.is_current(&next), "an edit is shown at every build");
        assert_eq!(outcome.foreign, Vec::<String>::new());
    }
    // Back to what hacc wrote last: no edit any more.
    at.put("vm/a", "one");
    assert_eq!(at.build(&next).files[0].change, Change::Replaced);
    at.put("vm/a", "eno");
    let outcome = at.try_build(&next, OVERWRITE).unwrap();
    assert_eq!(
        changes(&outcome),
        [("vm/a", Change::Replaced), ("vm/b", Change::Unchanged), ("vm/gone", Change::Removed)]
    );
    assert_eq!(at.text("vm/a"), "two");
    assert!(at.is_current(&next));
}

#[test]
fn an_edit_of_the_same_size_is_noticed_even_at_once() {
    for _ in 0..20 {
        let at = out();
        let tree = tree(&[("vm/a", "one"), ("vm/b", "two")]);
        at.build(&tree);
        at.put("vm/a", "eno");
        assert!(!at.is_current(&tree));
        assert_eq!(at.build(&tree).files[0].change, Change::Edited);
    }
}

#[test]
fn a_link_in_place_of_a_file_is_an_edit_and_what_it_points_to_is_safe() {
    let at = out();
    at.build(&tree(&[("vm/a", "one")]));
    std::fs::write(at.dir.join("other"), "other").unwrap();
    std::fs::remove_file(at.path.join("vm/a")).unwrap();
    symlink(at.dir.join("other"), at.path.join("vm/a")).unwrap();
    let next = tree(&[("vm/a", "two")]);
    assert_eq!(at.build(&next).files[0].change, Change::Edited);
    at.try_build(&next, OVERWRITE).unwrap();
    assert_eq!(at.text("vm/a"), "two");
    assert!(!at.path.join("vm/a").is_symlink());
    assert_eq!(std::fs::read_to_string(at.dir.join("other")).unwrap(), "other");
}

#[test]
fn a_seed_is_written_once() {
    let at = out();
    let seed = |body: &str| file("vm/dump", body).with_keep(Keep::Seeded);
    let first = Tree::new(vec![seed("one"), file("vm/a", "a")]).unwrap();
    assert_eq!(at.build(&first).with(Change::Created).count(), 2);
    at.put("vm/dump", "the program's own");
    assert!(at.is_current(&first), "what the program writes is no change");
    let second = Tree::new(vec![seed("two"), file("vm/a", "A")]).unwrap();
    assert_eq!(at.build(&second).with(Change::Seeded).collect::<Vec<_>>(), ["vm/dump"]);
    assert_eq!(at.text("vm/dump"), "the program's own");
    std::fs::remove_file(at.path.join("vm/dump")).unwrap();
    assert!(!at.is_current(&second));
    at.build(&second);
    assert_eq!(at.text("vm/dump"), "two");
    at.put("vm/dump", "the program's own");
    at.build(&tree(&[("vm/a", "a")]));
    assert_eq!(at.text("vm/dump"), "the program's own", "not even when it is planned no more");
}

#[test]
fn what_is_somebody_elses_is_left_alone_and_told() {
    let at = out();
    let certificate = file("vm/cert.pem", "").with_keep(Keep::Foreign);
    let tree = Tree::new(vec![certificate, file("vm/a", "a")]).unwrap();
    at.put("vm/cert.pem", "a certificate");
    at.put("vm/data/notes", "notes");
    at.put("elsewhere/x", "x");
    let outcome = at.build(&tree);
    assert_eq!(changes(&outcome), [("vm/a", Change::Created), ("vm/cert.pem", Change::Foreign)]);
    assert_eq!(outcome.foreign, ["vm/data/notes"]);
    assert!(!at.text("manifest.json").contains("\"path\":\"vm/cert.pem\""));
    assert!(at.is_current(&tree));
    assert_eq!(at.build(&self::tree(&[("vm2/a", "a")])).with(Change::Removed).count(), 1);
    assert_eq!(at.names(), ["elsewhere/x", "manifest.json", "vm/cert.pem", "vm/data/notes", "vm2/a"]);
}

#[test]
fn a_folder_of_others_is_taken_unless_something_stands_in_the_way() {
    let at = out();
    at.put("vm/a", "a");
    at.put("vm/b", "not ours");
    at.put("vm/c", "nor this");
    at.put("vm/d/e", "a folder");
    let plan = tree(&[("vm/a", "a"), ("vm/b", "b"), ("vm/c", "c"), ("vm/d", "d"), ("vm/f", "f")]);
    for options in [Options::default(), OVERWRITE, DRY] {
        let errors = at.try_build(&plan, options).unwrap_err();
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages.len(), 2);
        assert!(messages[0].contains("vm/b`, `") && messages[0].contains("vm/c`"), "{messages:?}");
        assert!(messages[1].contains("vm/d`"), "{messages:?}");
        assert_eq!(at.names(), ["vm/a", "vm/b", "vm/c", "vm/d/e"]);
    }
    assert_eq!(at.build(&tree(&[("vm/a", "a"), ("vm/f", "f")])).files[0].change, Change::Unchanged);
}

#[test]
fn a_lost_manifest_is_made_again_where_everything_is_as_planned() {
    let at = out();
    let plan = tree(&[("vm/a", "a"), ("vm/b", "b")]);
    at.build(&plan);
    let manifest = at.text("manifest.json");
    std::fs::remove_file(at.path.join("manifest.json")).unwrap();
    assert!(!at.is_current(&plan));
    assert_eq!(at.build(&plan).count(Change::Unchanged), 2);
    assert_eq!(at.text("manifest.json"), manifest);
}

#[test]
fn a_new_fingerprint_key_makes_no_file_look_edited() {
    let at = out();
    at.build(&Tree::new(vec![secret("vm/s", "s"), secret("vm/t", "t")]).unwrap());
    // So that the files are older than the manifest beyond doubt.
    std::thread::sleep(std::time::Duration::from_millis(30));
    let manifest = at.text("manifest.json");
    std::fs::write(at.path.join("manifest.json"), manifest).unwrap();
    let plan = Tree::new(vec![secret("vm/s", "new"), secret("vm/t", "t")]).unwrap();
    let new_key = Some(FingerprintKey::new([6; 32]));
    let standing = Standing::open(&at.path, new_key.clone()).unwrap();
    let outcome = standing.write(&plan, &facts("m"), Options::default()).unwrap();
    assert_eq!(changes(&outcome), [("vm/s", Change::Replaced), ("vm/t", Change::Unchanged)]);
    assert!(Standing::open(&at.path, new_key).unwrap().is_current(&facts("m")));
}
