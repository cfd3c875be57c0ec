//! What a mistyped name may have meant.

/// Returns the candidate most like `name`, if one is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_name_is_suggested() {
        let names = ["prod-eu", "prod-us", "lab"];
        assert_eq!(nearest("prod-ue", names), Some("prod-eu"));
        assert_eq!(nearest("labs", names), Some("lab"));
        assert_eq!(nearest("staging", names), None);
        assert_eq!(nearest("", names), None);
    }
}
