//! The lock and the secret store: what is read, what is refused, what is written.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use camino::{Utf8Path, Utf8PathBuf};
use hacc::diagnostic::Diagnostic;
use hacc::secrets::{Need, SecretValues, Secrets, Wanted, resolve};
use hacc::source::{SourceMap, Span, Spanned};
use hacc::store::{LockFile, SecretsFile, save};
use hacc::system::Lock;
use hacc::topology::{Secret, SecretForm, SecretSource};
use hacc::world::{Disk, World};
use proptest::prelude::*;

/// The disk, with an environment and a randomness of its own.
#[derive(Default)]
struct Test {
    env: BTreeMap<&'static str, &'static str>,
    dead: bool,
}

impl World for Test {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        Disk.read(path)
    }
    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        Disk.list(dir)
    }
    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).map(|value| (*value).to_owned())
    }
    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        if self.dead { Err(io::Error::other("no entropy")) } else { Disk.random(bytes) }
    }
    fn mode(&self, path: &Utf8Path) -> io::Result<u32> {
        Disk.mode(path)
    }
}

struct Place {
    _guard: tempfile::TempDir,
    dir: Utf8PathBuf,
    topology: Utf8PathBuf,
}

fn place() -> Place {
    let guard = tempfile::tempdir().unwrap();
    let dir = Utf8PathBuf::from_path_buf(guard.path().to_owned()).unwrap();
    Place { topology: dir.join("topo.kdl"), dir, _guard: guard }
}

impl Place {
    fn lock(&self) -> Result<LockFile, Vec<Diagnostic>> {
        LockFile::read(&Disk, &mut SourceMap::new(), &self.topology)
    }
    fn secrets(&self) -> Result<SecretsFile, Vec<Diagnostic>> {
        SecretsFile::read(&Disk, &self.topology)
    }
    fn put(&self, name: &str, text: impl AsRef<[u8]>, mode: u32) {
        std::fs::write(self.dir.join(name), text).unwrap();
        self.chmod(name, mode);
    }
    fn chmod(&self, name: &str, mode: u32) {
        std::fs::set_permissions(self.dir.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.dir.join(name)).unwrap()
    }
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.dir.read_dir_utf8().unwrap().map(|entry| entry.unwrap().file_name().to_owned()).collect();
        names.sort();
        names
    }
    /// One whole turn of a build: read, resolve, save.
    fn turn(&self, secrets: &[Secret], world: &Test, new_secrets: bool) -> Result<SecretValues, Vec<Diagnostic>> {
        let (mut lock, mut store) = (self.lock()?, self.secrets()?);
        let salts = if secrets.is_empty() { vec![] } else { vec!["mq/srm".to_owned()] };
        let wanted = Wanted { secrets, salts: &salts, base: &self.dir, need: Need::All, new_secrets };
        let values = resolve(&wanted, &mut store.secrets, &mut lock.lock, world)?;
        save(&store, &lock)?;
        Ok(values)
    }
}

fn secret(name: &str, source: SecretSource) -> Secret {
    let at = |text: &str| Spanned::new(text.to_owned(), Span::new(1, 2));
    Secret { name: at(name), source, form: Spanned::new(SecretForm::Text, Span::NONE), span: Span::new(1, 2) }
}

fn generate(name: &str, length: i64) -> Secret {
    secret(name, SecretSource::Generate(Spanned::new(length, Span::new(3, 4))))
}

fn base64(name: &str, length: i64) -> Secret {
    Secret { form: Spanned::new(SecretForm::Base64, Span::NONE), ..generate(name, length) }
}

fn env(name: &str, variable: &str) -> Secret {
    secret(name, SecretSource::Env(Spanned::new(variable.to_owned(), Span::new(5, 6))))
}

fn file(name: &str, path: &str) -> Secret {
    secret(name, SecretSource::File(Spanned::new(path.to_owned(), Span::new(5, 6))))
}

#[test]
fn without_anything_to_keep_nothing_is_written() {
    let place = place();
    assert_eq!(place.turn(&[], &Test::default(), false).unwrap().fingerprint(), None);
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn generated_secrets_stay_and_the_files_are_written_once() {
    let place = place();
    let declared = [generate("cookie", 32), base64("gossip", 32), generate("vrrp", 8)];
    let first = place.turn(&declared, &Test::default(), false).unwrap();
    let cookie = &first.get("cookie").unwrap().text;
    assert_eq!(cookie.len(), 32);
    assert!(cookie.bytes().all(|byte| byte.is_ascii_alphanumeric() && !b"0Oo1Il".contains(&byte)), "{cookie}");
    let gossip = STANDARD.decode(&first.get("gossip").unwrap().text).unwrap();
    assert_eq!(gossip.len(), 32);
    assert_ne!(first.get("vrrp").unwrap().text, cookie[..8]);
    assert_eq!(place.names(), ["topo.lock", "topo.secrets"]);
    assert_eq!(Disk.mode(&place.dir.join("topo.secrets")).unwrap(), 0o600);
    assert_eq!(Disk.mode(&place.dir.join("topo.lock")).unwrap(), 0o644);
    assert!(place.text("topo.lock").contains("secret \"cookie\"\nsecret \"gossip\"\nsecret \"vrrp\"\n"));
    assert!(!place.text("topo.lock").contains(cookie.as_str()));

    // A second turn has nothing to write: it succeeds where nothing can be written.
    let before = std::fs::metadata(place.dir.join("topo.secrets")).unwrap();
    let second = place.turn(&declared, &Test { dead: true, ..Test::default() }, false).unwrap();
    assert_eq!(second.get("cookie"), first.get("cookie"));
    assert_eq!(second.salt("mq/srm"), first.salt("mq/srm"));
    assert_eq!(second.fingerprint(), first.fingerprint());
    assert_eq!(std::fs::metadata(place.dir.join("topo.secrets")).unwrap().ino(), before.ino());
}

#[test]
fn a_lost_secret_is_an_error_and_never_silently_a_new_one() {
    let place = place();
    let declared = [generate("cookie", 32), generate("vrrp", 8)];
    let first = place.turn(&declared, &Test::default(), false).unwrap();
    let kept: Vec<String> =
        place.text("topo.secrets").lines().filter(|line| !line.contains("cookie")).map(|l| format!("{l}\n")).collect();
    place.put("topo.secrets", kept.concat(), 0o600);
    let lock = place.text("topo.lock");

    let errors = place.turn(&declared, &Test::default(), false).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].code, "secret-lost");
    assert!(errors[0].help.as_ref().unwrap().contains("--new-secrets"));
    assert_eq!(errors[0].labels.len(), 1);
    assert_eq!(place.text("topo.secrets"), kept.concat(), "an error writes nothing");

    let second = place.turn(&declared, &Test::default(), true).unwrap();
    assert_ne!(second.get("cookie"), first.get("cookie"));
    assert_eq!(second.get("vrrp"), first.get("vrrp"), "only what was lost is new");
    assert_eq!(second.key(), first.key());
    assert_eq!(place.text("topo.lock"), lock);

    std::fs::remove_file(place.dir.join("topo.secrets")).unwrap();
    assert_eq!(place.turn(&declared, &Test::default(), false).unwrap_err().len(), 2);
    assert!(!place.dir.join("topo.secrets").exists());
}

#[test]
fn another_length_is_asked_about() {
    let place = place();
    let first = place.turn(&[generate("cookie", 32)], &Test::default(), false).unwrap();
    let errors = place.turn(&[generate("cookie", 20)], &Test::default(), false).unwrap_err();
    assert_eq!(errors[0].code, "secret-form");
    assert_eq!(place.turn(&[base64("cookie", 32)], &Test::default(), false).unwrap_err()[0].code, "secret-form");
    assert_eq!(
        place.turn(&[generate("cookie", 32)], &Test::default(), false).unwrap().get("cookie"),
        first.get("cookie")
    );
    assert_eq!(
        place.turn(&[generate("cookie", 20)], &Test::default(), true).unwrap().get("cookie").unwrap().text.len(),
        20
    );
}

#[test]
fn a_length_that_makes_no_sense_is_an_error_with_its_place_even_without_need() {
    for length in [0, -1, 4097, i64::MIN, i64::MAX] {
        for need in [Need::None, Need::AtHand, Need::All] {
            let declared = [generate("x", length), base64("y", length)];
            let wanted = Wanted { secrets: &declared, salts: &[], base: ".".into(), need, new_secrets: false };
            let errors = resolve(&wanted, &mut Secrets::default(), &mut Lock::default(), &Test::default()).unwrap_err();
            assert_eq!(errors.len(), 2);
            assert!(
                errors.iter().all(|error| error.code == "secret-length" && error.labels[0].span == Span::new(3, 4))
            );
        }
    }
}

#[test]
fn values_from_outside_come_as_they_are_but_for_one_final_newline() {
    let place = place();
    let world = Test { env: BTreeMap::from([("SET", "va lue"), ("EMPTY", "")]), ..Test::default() };
    for (name, text) in [("one", "s3cret\n"), ("two", "s3cret\n\n"), ("dos", "s3cret\r\n"), ("none", "s3cret")] {
        place.put(name, text, 0o600);
    }
    let declared = [env("e", "SET"), file("one", "one"), file("two", "two"), file("dos", "dos"), file("none", "none")];
    let values = place.turn(&declared, &world, false).unwrap();
    let text = |name: &str| values.get(name).unwrap().text.clone();
    assert_eq!(text("e"), "va lue");
    assert_eq!([text("one"), text("two"), text("dos"), text("none")], ["s3cret", "s3cret\n", "s3cret", "s3cret"]);
    assert!(values.are_known());
    assert!(!place.text("topo.secrets").contains("s3cret"), "only generated secrets are stored");
    assert!(!place.dir.join("topo.lock").exists());
}

#[test]
fn what_is_missing_outside_is_told_all_at_once_and_only_to_those_who_need_it() {
    let place = place();
    let world = Test { env: BTreeMap::from([("EMPTY", "")]), ..Test::default() };
    place.put("binary", [0xff, 0xfe], 0o600);
    place.put("large", vec![b'a'; (64 << 10) + 1], 0o600);
    place.put("newline", "\n", 0o600);
    let declared = [
        env("a", "UNSET"),
        env("b", "EMPTY"),
        file("c", "nothing"),
        file("d", "."),
        file("e", "binary"),
        file("f", "large"),
        file("g", "newline"),
    ];
    let errors = place.turn(&declared, &world, false).unwrap_err();
    assert_eq!(errors.len(), declared.len());
    for error in &errors {
        assert_eq!((error.code, error.labels[0].span), ("secret-missing", Span::new(5, 6)), "{error:?}");
        assert!(error.help.is_some());
    }
    assert_eq!(place.names(), ["binary", "large", "newline"], "nothing was written");
    for need in [Need::None, Need::AtHand] {
        let wanted =
            Wanted { secrets: &declared, salts: &["s".to_owned()], base: &place.dir, need, new_secrets: false };
        let mut store = place.secrets().unwrap();
        let values = resolve(&wanted, &mut store.secrets, &mut Lock::default(), &world).unwrap();
        assert!(!values.are_known() && values.key().is_none() && values.salt("s") == Some([0; 4]));
        assert!(!store.is_changed());
    }
}

#[test]
fn placeholders_have_the_form_of_what_they_stand_for() {
    let declared = [generate("a", 8), base64("b", 32)];
    let wanted = Wanted { secrets: &declared, salts: &[], base: ".".into(), need: Need::AtHand, new_secrets: false };
    let values = resolve(&wanted, &mut Secrets::default(), &mut Lock::default(), &Test::default()).unwrap();
    assert_eq!((values.get("a").unwrap().text.len(), values.get("b").unwrap().text.len()), (8, 44));
    assert!(!values.are_known());
}

#[test]
fn no_randomness_is_an_error() {
    let place = place();
    let errors = place.turn(&[generate("a", 8)], &Test { dead: true, ..Test::default() }, false).unwrap_err();
    assert_eq!(errors[0].code, "no-randomness");
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn nothing_that_is_not_a_lock_is_taken_for_one() {
    for (text, count) in [
        ("", 1),
        ("// only a comment\n", 1),
        ("\u{0}\u{1}\u{2}", 1),
        ("topology \"srm\"\n", 1),
        ("hacc-lock 2\n", 1),
        ("hacc-lock\n", 1),
        ("hacc-lock \"1\"\n", 1),
        ("hacc-lock 1 {}\n", 1),
        ("hacc-lock 1\naddress \"a\" \"172.30.7.3\"\naddress \"a\" \"172.30.7.4\"\n", 1),
        ("hacc-lock 1\naddress \"a\" \"172.30.7.300\"\nvrid \"a\" 1.5\nport \"a\" \"80\"\nport 1 1\n", 4),
        ("hacc-lock 1\naddress \"a\"\nvrid \"a\" 1 2\nport \"a\" 1 x=2\nsecret \"a\" \"b\"\n", 4),
        ("hacc-lock 1\n(u8)vrid \"a\" 1\nvrid \"a\" (u8)1\nvrid \"b\" 1 { x; }\n", 3),
        ("hacc-lock 1\nvrid \"a\" 99999999999999999999999999\nmagic \"a\"\n", 2),
        ("hacc-lock 1\n<<<<<<< HEAD\nvrid \"a\" 1\n=======\nvrid \"a\" 2\n>>>>>>> other\n", 1),
        ("hacc-lock 1\nvrid \"a\" {\n", 1),
    ] {
        let place = place();
        place.put("topo.lock", text, 0o644);
        let errors = place.lock().err().unwrap_or_else(|| panic!("{text:?} was taken"));
        assert_eq!(errors.len(), count, "{text:?}: {errors:#?}");
        for error in &errors {
            assert!(error.help.is_some(), "{text:?}: {error:?}");
            assert!(!error.labels.is_empty() || error.message.contains("topo.lock"), "{text:?}: {error:?}");
        }
        assert_eq!(place.text("topo.lock"), text);
    }
    let place = place();
    place.put("topo.lock", [0xff], 0o644);
    assert_eq!(place.lock().err().unwrap().len(), 1);
    std::fs::remove_file(place.dir.join("topo.lock")).unwrap();
    std::fs::create_dir(place.dir.join("topo.lock")).unwrap();
    assert_eq!(place.lock().err().unwrap()[0].code, "unreadable");
}

#[test]
fn nothing_that_is_not_a_secret_store_is_taken_for_one_and_no_secret_is_told() {
    for text in [
        "",
        "hush",
        "secret \"a\" \"hush\"\n",
        "hacc-secrets 2\nsecret \"a\" \"hush\"\n",
        "hacc-secrets 1\nsecret \"a\" \"hush\"\nsecret \"a\" \"hush\"\n",
        "hacc-secrets 1\nsecret \"a\" hush=\"hush\"\n",
        "hacc-secrets 1\nsecret \"a\" \"hush\" \"hush\"\n",
        "hacc-secrets 1\nhush \"a\"\n",
        "hacc-secrets 1\nsecret \"a\" \"hush\\q\"\n",
        "hacc-secrets 1\nsecret \"a\" \"hush\n",
        "hacc-secrets 1\nsecret \"a\" #hush\n",
        "hacc-secrets 1\nsecret \"a\" (hush)\"hush\"\n",
        "hacc-secrets 1\nsalt \"a\" \"hush\"\n",
        "hacc-secrets 1\nsalt \"a\" \"hushhush\"\n",
        "hacc-secrets 1\nfingerprint-key \"hush\"\n",
        "hacc-secrets 1\n<<<<<<< HEAD\nsecret \"a\" \"hush\"\n>>>>>>> hush\n",
    ] {
        let place = place();
        place.put("topo.secrets", text, 0o600);
        let errors = place.secrets().err().unwrap_or_else(|| panic!("{text:?} was taken"));
        assert!(!format!("{errors:?}").contains("hush"), "{errors:?}");
        for error in &errors {
            assert!(error.message.contains("topo.secrets") && error.help.is_some() && error.labels.is_empty());
        }
        assert!(text.lines().count() < 2 || errors[0].message.contains("line"), "{errors:?}");
        assert_eq!(place.text("topo.secrets"), text);
    }
}

#[test]
fn a_secret_store_that_others_can_read_is_refused() {
    let place = place();
    place.turn(&[generate("a", 8)], &Test::default(), false).unwrap();
    for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
        place.chmod("topo.secrets", mode);
        let errors = place.secrets().err().unwrap();
        assert_eq!(errors[0].code, "secrets-exposed");
        assert!(errors[0].help.as_ref().unwrap().contains("chmod 600"));
    }
    place.chmod("topo.secrets", 0o400);
    assert!(place.secrets().is_ok());
}

#[test]
fn what_somebody_else_wrote_meanwhile_is_not_lost() {
    let place = place();
    let (mut lock, mut store) = (place.lock().unwrap(), place.secrets().unwrap());
    place.turn(&[generate("other", 8)], &Test::default(), false).unwrap();
    let before = (place.text("topo.lock"), place.text("topo.secrets"));
    let declared = [generate("mine", 8)];
    let wanted = Wanted { secrets: &declared, salts: &[], base: ".".into(), need: Need::All, new_secrets: false };
    resolve(&wanted, &mut store.secrets, &mut lock.lock, &Test::default()).unwrap();
    assert_eq!(save(&store, &lock).unwrap_err()[0].code, "changed-meanwhile");
    assert_eq!((place.text("topo.lock"), place.text("topo.secrets")), before);
    assert_eq!(place.names(), ["topo.lock", "topo.secrets"]);
}

#[test]
fn a_link_is_followed_and_what_a_killed_build_left_is_taken_over() {
    let place = place();
    std::fs::create_dir(place.dir.join("vault")).unwrap();
    place.put("vault/real", "hacc-secrets 1\n", 0o600);
    std::os::unix::fs::symlink("vault/real", place.dir.join("topo.secrets")).unwrap();
    place.put("vault/real.hacc-tmp", "half of it, and longer than what is to come ".repeat(99), 0o644);
    let values = place.turn(&[generate("a", 8)], &Test::default(), false).unwrap();
    assert!(place.text("vault/real").contains(&values.get("a").unwrap().text));
    assert!(!place.text("vault/real").contains("half"));
    assert_eq!(Disk.mode(&place.dir.join("vault/real")).unwrap(), 0o600);
    assert!(place.dir.join("topo.secrets").symlink_metadata().unwrap().is_symlink());
    assert_eq!(place.names(), ["topo.lock", "topo.secrets", "vault"]);
}

#[test]
fn where_nothing_can_be_written_the_secret_is_not_used() {
    let place = place();
    // Not even root can make a file under the name of a folder.
    std::fs::create_dir(place.dir.join("topo.secrets.hacc-tmp")).unwrap();
    let errors = place.turn(&[generate("a", 8)], &Test::default(), false).unwrap_err();
    assert_eq!(errors[0].code, "unwritable");
    assert!(!place.dir.join("topo.lock").exists(), "the lock comes after the secrets");
}

#[test]
fn a_topology_cannot_have_the_name_of_its_lock() {
    let place = place();
    let topology = place.dir.join("topo.lock");
    std::fs::write(&topology, "topology \"t\"\n").unwrap();
    assert_eq!(LockFile::read(&Disk, &mut SourceMap::new(), &topology).err().unwrap()[0].code, "topology-name");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_kept_is_read_back(
        addresses in proptest::collection::btree_map(any::<String>(), any::<std::net::Ipv4Addr>(), 0..5),
        vrids in proptest::collection::btree_map(any::<String>(), any::<i64>(), 0..5),
        ports in proptest::collection::btree_map("\\PC*", any::<i64>(), 0..5),
        names in proptest::collection::btree_set(any::<String>(), 1..5),
    ) {
        let place = place();
        let declared: Vec<Secret> = names.iter().map(|name| generate(name, 20)).collect();
        let (mut lock, mut store) = (place.lock().unwrap(), place.secrets().unwrap());
        (lock.lock.addresses, lock.lock.vrids, lock.lock.ports) = (addresses, vrids, ports);
        let salts: Vec<String> = names.iter().map(|name| format!("salt of {name}")).collect();
        let wanted = Wanted { secrets: &declared, salts: &salts, base: ".".into(), need: Need::All, new_secrets: false };
        resolve(&wanted, &mut store.secrets, &mut lock.lock, &Test::default()).unwrap();
        save(&store, &lock).unwrap();
        let (again, kept) = (place.lock().unwrap(), place.secrets().unwrap());
        prop_assert_eq!(&again.lock, &lock.lock);
        prop_assert!(kept.secrets == store.secrets);
        prop_assert!(!again.is_changed() && !kept.is_changed());
        prop_assert!(place.text("topo.lock").lines().count() <= 3 + 5 * 3 + 5, "one entry is one line");
    }
}
