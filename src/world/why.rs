use std::io;

use rustix::io::Errno;

/// The cause in plain words, without the number of the error.
pub fn why(error: &io::Error) -> String {
    match Errno::from_io_error(error) {
        Some(Errno::NOSPC) => "the disk is full".to_owned(),
        Some(Errno::DQUOT) => "the disk quota is used up".to_owned(),
        Some(Errno::ROFS) => "the file system is mounted read-only".to_owned(),
        Some(Errno::ACCESS | Errno::PERM) => "permission denied".to_owned(),
        Some(Errno::NOENT) => "there is no such file or folder".to_owned(),
        Some(Errno::NOTDIR) => "it, or a part of its path, is not a folder".to_owned(),
        Some(Errno::LOOP) => "it is a symbolic link".to_owned(),
        Some(Errno::NAMETOOLONG) => "the name is too long for this file system".to_owned(),
        Some(Errno::MFILE | Errno::NFILE) => "too many files are open".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_owned()
        }
    }
}
