//! nginx.conf as nginx splits it into words: blanks divide, `;` ends a directive, braces hold a block, `#` at the
//! beginning of a word starts a comment, quotes begin at the beginning of a word and end at a blank, `;`, `{` or `)`, and
//! a backslash keeps the next quote or backslash (`ngx_conf_read_token`).

/// A directive with its block, which is empty where it has none.
#[derive(Debug)]
pub struct Directive {
    pub words: Vec<String>,
    pub block: Vec<Directive>,
}

enum Token {
    Word(String),
    End,
    Open,
    Close,
}

/// The directives of a file.
pub fn read(text: &str) -> Result<Vec<Directive>, String> {
    let tokens = tokens(text)?;
    let mut tokens = tokens.into_iter();
    let conf = block(&mut tokens, 0)?;
    if tokens.next().is_some() { Err("a brace too many".to_owned()) } else { Ok(conf) }
}

fn block(tokens: &mut impl Iterator<Item = Token>, depth: usize) -> Result<Vec<Directive>, String> {
    let mut found = Vec::new();
    let mut words = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Word(word) => words.push(word),
            Token::End | Token::Open if words.is_empty() => return Err("a directive without a name".to_owned()),
            Token::End => found.push(Directive { words: std::mem::take(&mut words), block: Vec::new() }),
            Token::Open => {
                let block = block(tokens, depth + 1)?;
                found.push(Directive { words: std::mem::take(&mut words), block });
            }
            Token::Close if words.is_empty() && depth > 0 => return Ok(found),
            Token::Close => return Err(format!("`}}` after {words:?}")),
        }
    }
    if words.is_empty() && depth == 0 { Ok(found) } else { Err(format!("the file ends inside of {words:?}")) }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' | '\r' => {}
            '#' => while chars.next().is_some_and(|c| c != '\n') {},
            ';' => tokens.push(Token::End),
            '{' => tokens.push(Token::Open),
            '}' => tokens.push(Token::Close),
            quote @ ('"' | '\'') => {
                let mut word = String::new();
                loop {
                    match chars.next() {
                        None => return Err(format!("no end: {word}")),
                        Some('\\') => word.push(chars.next().ok_or("ends with a backslash")?),
                        Some(c) if c == quote => break,
                        Some(c) => word.push(c),
                    }
                }
                if !chars.peek().is_none_or(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | ';' | '{')) {
                    return Err(format!("something follows \"{word}\""));
                }
                tokens.push(Token::Word(word));
            }
            c => {
                let mut word = String::from(c);
                // A `${` is a part of its word.
                while let Some(c) = chars.next_if(|c| !matches!(c, ' ' | '\t' | '\n' | '\r' | ';' | '{')) {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Ok(tokens)
}
