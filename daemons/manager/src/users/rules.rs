//! Which passwords are taken.

/// The commonest of those that are long enough, in lower case.
const COMMON: [&str; 44] = [
    "000000000000",
    "0123456789ab",
    "1234567890123",
    "123456789012",
    "1234567890ab",
    "1234567891011",
    "12345678910",
    "123456789abc",
    "123456789qwe",
    "12345qwerty12",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "abc123abc123",
    "abcd12345678",
    "abcdefghijkl",
    "administrator",
    "administrator1",
    "adminadminadmin",
    "changemeplease",
    "changeme1234",
    "elkeidelkeid",
    "iloveyou1234",
    "letmein12345",
    "letmeinletmein",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "password@123",
    "p@ssw0rd1234",
    "qazwsxedcrfv",
    "qwer1234qwer",
    "qwerty123456",
    "qwerty1234567",
    "qwertyqwerty",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "welcome12345",
    "welcomewelcome",
    "zaq12wsxcde3",
];
const LEAST: usize = 12;
const MOST: usize = 1_024;
/// Characters that have to be there besides the user's name.
const BESIDE_NAME: usize = 8;
/// Characters that have to differ.
const DIFFERENT: usize = 5;

/// Returns what is wrong with a new password of this user.
pub(crate) fn check_rules(user: &str, password: &str) -> Result<(), &'static str> {
    if !(LEAST..=MOST).contains(&password.chars().count()) {
        return Err("a password has 12 to 1,024 characters");
    }
    let (plain, user) = (password.to_lowercase(), user.to_lowercase());
    if COMMON.contains(&plain.as_str()) {
        return Err("this is one of the passwords that are tried first");
    }
    if user.len() > 2 && plain.contains(&user) {
        let beside = plain.replace(&user, "");
        if beside.chars().count() < BESIDE_NAME {
            return Err("this is little more than the user's name");
        }
    }
    let mut different: Vec<char> = plain.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT {
        return Err("a password has at least 5 different characters");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_guessed_first_is_refused() {
        let long = "x".repeat(1_025);
        for bad in [
            "",
            "short",
            "elevenchars",
            &long,
            "Password1234",
            "QWERTYUIOP12",
            "aaaaaaaaaaaaaaa",
            "abababababababab",
            "alexandra.k1",
            "Alexandra.K2024",
            "1alexandra.kalexandra.k",
        ] {
            assert!(check_rules("alexandra.k", bad).is_err(), "{bad}");
        }
        let longest = "0123456789abcdef".repeat(64);
        for good in ["a new password", "correct horse battery", "kim-and-joseph", &longest] {
            assert_eq!(check_rules("kim", good), Ok(()), "{good}");
        }
        // A name of one letter stands in every password.
        assert_eq!(check_rules("a", "banana papaya"), Ok(()));
    }

    #[test]
    fn the_list_holds_only_what_the_length_would_let_through() {
        for common in COMMON {
            assert_eq!(common, common.to_lowercase());
        }
        assert!(COMMON.iter().filter(|it| it.len() >= LEAST).count() > 40);
    }
}
