//! Texts cut to what a drawing or a list has room for.

/// A text cut to so many characters, with an ellipsis where something was left out.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A text in lines of so many characters, cut at words, with an ellipsis where something was left out.
pub fn lines(text: &str, most: usize, count: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let fits = lines.last().is_some_and(|line| line.chars().count() + 1 + word.chars().count() <= most);
        if !fits && lines.len() < count {
            lines.push(cut(word, most));
            continue;
        }
        let Some(line) = lines.last_mut() else { break };
        if !fits {
            *line = cut(&format!("{line} {word}…"), most);
            break;
        }
        line.push(' ');
        line.push_str(word);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_words() {
        assert_eq!(
            lines("Ciao Anna, grazie per la richiesta del preventivo di ieri", 26, 2),
            ["Ciao Anna, grazie per la", "richiesta del preventivo…"]
        );
        assert_eq!(lines("Donaudampfschifffahrtsgesellschaftskapitän", 26, 2), ["Donaudampfschifffahrtsges…"]);
        assert_eq!(lines("", 26, 2), Vec::<String>::new());
    }
}
