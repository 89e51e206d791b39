use super::super::problem::{Problem, shown};
use super::{Kind, Value, string};

/// A kind of quantity: its units and how to speak of it.
struct Quantity {
    wants: &'static str,
    /// Unit, and how many of the smallest unit it is.
    units: &'static [(&'static str, u64)],
    /// The units in words.
    listed: &'static str,
    /// What the result counts.
    whole: &'static str,
    /// Other spellings of units, and what is proposed.
    meant: &'static [(&'static str, &'static str)],
    /// Spellings that could mean two things, and what is proposed.
    ambiguous: &'static [(&'static str, &'static str, &'static str)],
    /// Unit for the proposal where none is written.
    usual: &'static str,
}

const DURATION: Quantity = Quantity {
    wants: "a duration",
    units: &[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)],
    listed: "ms, s, m, h, d",
    whole: "milliseconds",
    meant: &[
        ("sec", "s"),
        ("secs", "s"),
        ("second", "s"),
        ("seconds", "s"),
        ("min", "m"),
        ("mins", "m"),
        ("minute", "m"),
        ("minutes", "m"),
        ("hour", "h"),
        ("hours", "h"),
        ("day", "d"),
        ("days", "d"),
        ("msec", "ms"),
        ("millis", "ms"),
        ("milliseconds", "ms"),
    ],
    ambiguous: &[],
    usual: "s",
};

const SIZE: Quantity = Quantity {
    wants: "a size",
    units: &[
        ("B", 1),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
        ("kB", 1_000),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
    ],
    listed: "B, KiB, MiB, GiB, TiB (powers of 1024), kB, MB, GB, TB (powers of 1000)",
    whole: "bytes",
    meant: &[("ki", "KiB"), ("mi", "MiB"), ("gi", "GiB"), ("ti", "TiB")],
    ambiguous: &[("k", "KiB", "kB"), ("m", "MiB", "MB"), ("g", "GiB", "GB"), ("t", "TiB", "TB")],
    usual: "MiB",
};

/// A duration in milliseconds.
///
/// # Errors
/// Without a unit, with an unknown one, for parts of a millisecond, and beyond 2^64 milliseconds.
pub fn duration(value: Value<'_>) -> Result<u64, Problem> {
    DURATION.read(value)
}

/// A size in bytes.
///
/// # Errors
/// Without a unit, with an unknown or ambiguous one, for parts of a byte, and beyond 2^64 bytes.
pub fn size(value: Value<'_>) -> Result<u64, Problem> {
    SIZE.read(value)
}

impl Quantity {
    fn read(&self, value: Value<'_>) -> Result<u64, Problem> {
        if matches!(value.kind(), Kind::Integer(_) | Kind::BigInteger(_) | Kind::Float(_)) {
            return Err(self.no_unit(value.raw()));
        }
        let text = string(value, self.wants)?;
        let digits = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let (number, rest) = text.split_at(digits);
        let unit = rest.trim_start_matches(' ');
        if text.starts_with('-') {
            return Err(Problem::new(format!("is negative: {}", shown(text)), "less than nothing")
                .help(format!("write {} of zero or more", self.wants)));
        }
        if number.is_empty() {
            return Err(self.unreadable(text));
        }
        if unit.is_empty() {
            return Err(self.no_unit(number));
        }
        let Some((_, factor)) = self.units.iter().find(|(word, _)| *word == unit) else {
            return Err(self.unknown_unit(number, unit));
        };
        if rest.len() != unit.len() {
            return Err(Problem::new("has a space before the unit", "a number and its unit stand together")
                .instead(format!("{number}{unit}")));
        }
        match scaled(number, *factor) {
            Scaled::Fine(amount) => Ok(amount),
            Scaled::Unreadable => Err(self.unreadable(text)),
            Scaled::Fraction => Err(Problem::new(
                format!("is not a whole number of {}", self.whole),
                format!("{} come in whole numbers", self.whole),
            )
            .help(format!("write a whole number of {}", self.whole))),
            Scaled::TooLarge => Err(Problem::new("is too large", format!("more than 2^64 {}", self.whole))),
        }
    }

    fn unreadable(&self, text: &str) -> Problem {
        let example = if self.usual == "s" { "\"5s\"" } else { "\"512MiB\"" };
        Problem::new(format!("is not {}: {}", self.wants, shown(text)), format!("a number and a unit, like {example}"))
            .help(format!("the units are {}", self.listed))
    }

    fn no_unit(&self, number: &str) -> Problem {
        let problem = Problem::new("has no unit", format!("{} of what?", cut(number)))
            .code("missing-unit")
            .help(format!("the units are {}", self.listed));
        let plain = number.len() <= 20 && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if plain { problem.instead(format!("{number}{}", self.usual)) } else { problem }
    }

    fn unknown_unit(&self, number: &str, unit: &str) -> Problem {
        let problem =
            Problem::new(format!("has the unknown unit {}", shown(unit)), format!("not a unit of {}", self.wants))
                .code("unknown-unit")
                .help(format!("the units are {}", self.listed));
        if unit.bytes().any(|b| b.is_ascii_digit()) {
            let problem = Problem::new("has more than one number", "one number and one unit").code("unknown-unit");
            return problem.help(format!("add them up; the units are {}", self.listed));
        }
        let lower = unit.to_lowercase();
        if let Some((_, small, large)) = self.ambiguous.iter().find(|(word, ..)| *word == lower) {
            let problem = Problem::new(format!("has the ambiguous unit {}", shown(unit)), "powers of 1024 or of 1000?");
            return problem.code("unknown-unit").help(format!("write \"{number}{small}\" or \"{number}{large}\""));
        }
        let meant = (self.units.iter().map(|(word, _)| *word).find(|word| word.to_lowercase() == lower))
            .or_else(|| self.meant.iter().find(|(word, _)| *word == lower).map(|(_, meant)| *meant));
        match meant {
            Some(meant) => problem.instead(format!("{number}{meant}")),
            None => problem,
        }
    }
}

enum Scaled {
    Fine(u64),
    Fraction,
    TooLarge,
    Unreadable,
}

/// `number` (digits, perhaps a point and digits) times `factor`, exactly.
fn scaled(number: &str, factor: u64) -> Scaled {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    if whole.is_empty() || fraction.is_some_and(|part| part.is_empty() || part.contains('.')) {
        return Scaled::Unreadable;
    }
    let fraction = fraction.unwrap_or("").trim_end_matches('0');
    // 10^19 is more than any unit has parts.
    if fraction.len() > 19 {
        return Scaled::Fraction;
    }
    let Some(amount) = whole.parse::<u64>().ok().and_then(|whole| whole.checked_mul(factor)) else {
        return Scaled::TooLarge;
    };
    let Some(scale) = u32::try_from(fraction.len()).ok().map(|digits| 10_u128.pow(digits)) else {
        return Scaled::Fraction;
    };
    let part = fraction.parse::<u128>().unwrap_or(0) * u128::from(factor);
    if part % scale != 0 {
        return Scaled::Fraction;
    }
    match u64::try_from(part / scale).ok().and_then(|part| amount.checked_add(part)) {
        Some(amount) => Scaled::Fine(amount),
        None => Scaled::TooLarge,
    }
}

fn cut(number: &str) -> &str {
    number.get(..24).unwrap_or(number)
}
