//! What holds for any text.

use fold::{compact, fold, keys, name_keys, similarity};
use proptest::prelude::*;

/// Any text, or text in the letters that this crate knows.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[ a-zA-Zéèïâ'’3579-]{0,24}", "[ ء-يًٌَُِّْٱگڭ٠-٩ﻻ-]{0,24}", "[ⴰ-ⵯ ]{0,12}"]
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(t in text()) {
        let once = fold(&t);
        prop_assert_eq!(&fold(&once), &once);
        prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
    }

    #[test]
    fn similarity_is_symmetric_and_full_only_for_equal_plain_forms(a in text(), b in text()) {
        prop_assert_eq!(similarity(&a, &b), similarity(&b, &a));
        prop_assert_eq!(similarity(&a, &b) == 100, fold(&a) == fold(&b));
        prop_assert_eq!(similarity(&a, &a), 100);
    }

    #[test]
    fn sound_depends_on_the_plain_form_alone(t in text()) {
        prop_assert_eq!(keys(&t), keys(&fold(&t)));
        prop_assert_eq!(keys(&t).concat(), compact(&t));
        prop_assert_eq!(keys(&t).is_empty(), fold(&t).is_empty());
        prop_assert_eq!(name_keys(&t).is_empty(), fold(&t).is_empty());
    }

    #[test]
    fn case_accents_and_punctuation_are_not_heard(a in "[a-z]{2,9}", b in "[a-z]{2,9}") {
        let plain = keys(&format!("{a} {b}"));
        prop_assert_eq!(&keys(&format!("«{}-{b}».", a.to_uppercase())), &plain);
        prop_assert_eq!(keys(&format!("{a}\u{301}\u{a0}{b}\u{308}")), plain);
    }
}
