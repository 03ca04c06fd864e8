use proptest::prelude::*;

use super::*;

fn media(max_kb: u32) -> Media {
    let types = vec!["image/*".into(), "application/pdf".into()];
    Media { types, max_kb, blocked_extensions: vec![".Svg".into()], duration_secs: 3600 }
}

fn file(name: &str, mime: &str, size: u64) -> Announcement {
    Announcement { name: name.into(), mime: mime.into(), size }
}

fn code(file: &Announcement) -> u32 {
    file.check(&media(20_480)).map_or_else(|refused| refused.code, |()| 200)
}

#[test]
fn each_rule_has_its_code() {
    for (name, mime, size, expected) in [
        ("bill.png", "image/png", 1, 200),
        ("Bill.PDF", "Application/PDF", 1, 200),
        ("été.été.png", "image/png; q=1", MAX_SIZE, 200),
        ("bill.txt", "text/plain", 1, 4001),
        ("bill.png", "png", 1, 4001),
        ("bill.png", "image/p\u{7f}", 1, 4001),
        ("bill.SVG", "image/svg+xml", 1, 4001),
        ("bill.Exe", "image/png", 1, 4001),
        ("bill.exe ", "image/png", 1, 4001),
        ("bill.png", "image/png", MAX_SIZE + 1, 4002),
        ("", "image/png", 1, 4004),
        ("bill", "image/png", 1, 4004),
        ("bill.", "image/png", 1, 4004),
        (".png", "image/png", 1, 4004),
        ("../bill.png", "image/png", 1, 4004),
        ("a\\bill.png", "image/png", 1, 4004),
        ("bi\nll.png", "image/png", 1, 4004),
        ("bill.png", "image/png", 0, 4102),
    ] {
        assert_eq!(code(&file(name, mime, size)), expected, "{name:?} {mime} {size}");
    }
    let off = Media { types: vec![], ..media(20_480) };
    assert_eq!(file("", "", 0).check(&off).unwrap_err().code, 4000);
}

proptest! {
    #[test]
    fn a_name_is_too_long_from_1024_characters_on(length in 1_000_usize..1_050, wide in any::<bool>()) {
        let name = (if wide { "é" } else { "e" }).repeat(length - 4) + ".png";
        prop_assert_eq!(code(&file(&name, "image/png", 1)), if length < 1_024 { 200 } else { 4005 });
    }

    #[test]
    fn a_size_fits_exactly_up_to_the_smaller_limit(kb in 1_u32..20_000, over in -2_i64..3) {
        let limit = (u64::from(kb) * 1_000).min(10_485_760);
        let size = limit.saturating_add_signed(over);
        let refused = file("a.png", "image/png", size).check(&media(kb));
        prop_assert_eq!(refused.map_err(|why| why.code), if over > 0 { Err(4002) } else { Ok(()) });
    }

    #[test]
    fn whatever_is_announced_nothing_panics_and_nothing_dangerous_passes(
        name in "\\PC{0,12}\\.?[a-zA-Z]{0,4}", mime in "[a-z]{0,6}/?\\PC{0,6}", size in any::<u64>(),
    ) {
        let file = file(&name, &mime, size);
        if file.check(&media(20_480)).is_ok() {
            prop_assert!(!name.contains(['/', '\\']) && name.contains('.'));
            prop_assert!((1..=MAX_SIZE).contains(&size));
            prop_assert!(mime.is_ascii() && mime.starts_with("image/") || mime == "application/pdf");
        }
        let _ = file.check_for_agents();
    }

    #[test]
    fn no_letter_case_gets_a_program_through(nth in any::<prop::sample::Index>(), upper in any::<[bool; 4]>()) {
        let program = EXECUTABLES[nth.index(EXECUTABLES.len())];
        let cased = program.chars().zip(upper.into_iter().cycle());
        let extension: String = cased.map(|(c, up)| if up { c.to_ascii_uppercase() } else { c }).collect();
        prop_assert_eq!(code(&file(&format!("x.{extension}"), "image/png", 1)), 4001);
    }
}
