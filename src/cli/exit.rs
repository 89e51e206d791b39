use std::process::ExitCode;

/// How a command ends. The README has the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done; nothing stands against it.
    Fine,
    /// 1: the work could be done, and findings stand against its result.
    Findings,
    /// 2: the work could not be done.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}
