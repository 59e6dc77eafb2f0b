//! Invented names, French and Arabic side by side.

use kernel::kinds::Multi;

use crate::dice::Dice;

type Pair = (&'static str, &'static str);

const FORMS: &[Pair] = &[
    ("Coopérative", "تعاونية"),
    ("Coopérative agricole", "التعاونية الفلاحية"),
    ("Coopérative féminine", "التعاونية النسوية"),
    ("Coopérative artisanale", "التعاونية الحرفية"),
];

const FIRST: &[Pair] = &[
    ("Tigmi", "تيكمي"),
    ("Tafoukt", "تافوكت"),
    ("Al Amal", "الأمل"),
    ("Ennahda", "النهضة"),
    ("Tamounte", "تامونت"),
    ("Azrou", "أزرو"),
    ("Afoulki", "أفولكي"),
    ("Toudert", "تودرت"),
    ("Al Baraka", "البركة"),
    ("Al Wifaq", "الوفاق"),
    ("Tiwizi", "تيويزي"),
    ("Argana", "أركانة"),
    ("Izouran", "إزوران"),
    ("Tilila", "تيليلا"),
    ("Al Fath", "الفتح"),
    ("Assaada", "السعادة"),
    ("Ennour", "النور"),
    ("Al Massira", "المسيرة"),
    ("Al Kheir", "الخير"),
    ("Annakhil", "النخيل"),
    ("Tamdoult", "تامدولت"),
    ("Ighrem", "إغرم"),
    ("Anarouz", "أناروز"),
    ("Tafraout", "تافراوت"),
    ("Al Qods", "القدس"),
    ("Zahrat", "زهرة"),
    ("Wahat", "واحة"),
    ("Jbal", "جبل"),
    ("Oued", "واد"),
    ("Ighzer", "إغزر"),
    ("Tizi", "تيزي"),
    ("Tasekourt", "تاسكورت"),
    ("Al Andalous", "الأندلس"),
    ("Rahma", "الرحمة"),
    ("Salam", "السلام"),
    ("Ittihad", "الاتحاد"),
    ("Tadamoun", "التضامن"),
    ("Tanmia", "التنمية"),
    ("Ifrane", "إفران"),
    ("Imlil", "إمليل"),
];

const SECOND: &[Pair] = &[
    ("Aït Ourir", "آيت أورير"),
    ("N'Tfarkhine", "نتفرخين"),
    ("Sahel", "الساحل"),
    ("Atlas", "الأطلس"),
    ("Dadès", "دادس"),
    ("Toudgha", "تودغى"),
    ("Draa", "درعة"),
    ("Souss", "سوس"),
    ("Ghris", "غريس"),
    ("Ziz", "زيز"),
    ("M'Goun", "مكون"),
    ("Saghro", "صاغرو"),
    ("Bani", "باني"),
    ("Siroua", "سيروا"),
    ("Rif", "الريف"),
    ("Chaouia", "الشاوية"),
    ("Gharb", "الغرب"),
    ("Doukkala", "دكالة"),
    ("Haouz", "الحوز"),
    ("Tadla", "تادلة"),
    ("Zayane", "زيان"),
    ("Sebou", "سبو"),
    ("Moulouya", "ملوية"),
    ("Zaër", "زعير"),
    ("Rehamna", "الرحامنة"),
    ("Aït Atta", "آيت عطا"),
    ("Aït Baha", "آيت باها"),
    ("Ida Outanane", "إداوتنان"),
    ("Oulad Teïma", "أولاد تايمة"),
    ("Beni Mellal", "بني ملال"),
    ("Imi N'Oulaoune", "إمي نولاون"),
    ("Kelaat", "قلعة"),
    ("Tinejdad", "تنجداد"),
    ("Skoura", "سكورة"),
    ("Agdz", "أكدز"),
    ("Taznakht", "تازناخت"),
];

const THIRD: &[Pair] = &[
    ("pour le safran", "للزعفران"),
    ("des dattes", "للتمور"),
    ("du tapis", "للزربية"),
    ("de l'argan", "لأركان"),
    ("du miel", "للعسل"),
    ("des roses", "للورد"),
    ("du lait", "للحليب"),
    ("de l'olivier", "للزيتون"),
    ("du couscous", "للكسكس"),
    ("des amandes", "للوز"),
    ("de la poterie", "للخزف"),
    ("de la broderie", "للطرز"),
    ("des herbes", "للأعشاب"),
    ("", ""),
    ("", ""),
];

const WOMEN: &[Pair] = &[
    ("Fatima", "فاطمة"),
    ("Aïcha", "عائشة"),
    ("Rqia", "رقية"),
    ("Khadija", "خديجة"),
    ("Zahra", "زهرة"),
    ("Mina", "مينة"),
    ("Hadda", "حادة"),
    ("Saadia", "السعدية"),
    ("Itto", "إيطو"),
    ("Naima", "نعيمة"),
    ("Rabha", "رابحة"),
    ("Latifa", "لطيفة"),
    ("Malika", "مليكة"),
    ("Hafida", "حفيظة"),
    ("Zineb", "زينب"),
    ("Ijja", "إيجة"),
    ("Tamou", "طامو"),
    ("Yamna", "يامنة"),
    ("Meriem", "مريم"),
    ("Samira", "سميرة"),
    ("Hanane", "حنان"),
    ("Kabira", "كبيرة"),
    ("Touria", "ثريا"),
    ("Fadma", "فاضمة"),
];

const MEN: &[Pair] = &[
    ("Mohamed", "محمد"),
    ("Lahcen", "لحسن"),
    ("Brahim", "إبراهيم"),
    ("Hssain", "حساين"),
    ("Ali", "علي"),
    ("Moha", "موحا"),
    ("Abdellah", "عبد الله"),
    ("Said", "سعيد"),
    ("Omar", "عمر"),
    ("Hassan", "حسن"),
    ("Youssef", "يوسف"),
    ("Ahmed", "أحمد"),
    ("Rachid", "رشيد"),
    ("Mustapha", "مصطفى"),
    ("Driss", "إدريس"),
    ("Khalid", "خالد"),
    ("Abderrahmane", "عبد الرحمان"),
];

const FAMILIES: &[Pair] = &[
    ("Aït Lahcen", "آيت لحسن"),
    ("Ouhaddou", "أوحدو"),
    ("Amzil", "أمزيل"),
    ("El Idrissi", "الإدريسي"),
    ("Benali", "بنعلي"),
    ("Oubella", "أوبلا"),
    ("Tazi", "التازي"),
    ("El Fassi", "الفاسي"),
    ("Ait Hammou", "آيت حمو"),
    ("Boukhari", "بخاري"),
    ("Chraïbi", "الشرايبي"),
    ("Ouazzani", "الوزاني"),
    ("Amrani", "العمراني"),
    ("Belkadi", "بلقاضي"),
    ("Zerouali", "الزروالي"),
    ("Ouchen", "أوشن"),
    ("Azzouzi", "العزوزي"),
    ("Bennani", "بناني"),
    ("El Khattabi", "الخطابي"),
    ("Mansouri", "المنصوري"),
    ("Alaoui", "العلوي"),
    ("Berrada", "برادة"),
    ("Filali", "الفيلالي"),
    ("Ghazi", "غازي"),
    ("Hajji", "حجي"),
    ("Jabri", "الجابري"),
    ("Kabbaj", "القباج"),
    ("Lamrini", "لمريني"),
    ("Naciri", "الناصري"),
    ("Ouali", "والي"),
    ("Qadiri", "القادري"),
    ("Rami", "رامي"),
    ("Sebti", "السبتي"),
    ("Tahiri", "الطاهري"),
    ("Ouyahia", "أويحيى"),
    ("Yacoubi", "اليعقوبي"),
    ("Zniber", "زنيبر"),
    ("Imlahi", "إملاحي"),
    ("Oufkir", "أوفقير"),
    ("Taoufik", "توفيق"),
];

fn joined(parts: &[Pair]) -> Multi {
    let side =
        |texts: Vec<&str>| texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    Multi::fr_ar(&side(parts.iter().map(|p| p.0).collect()), &side(parts.iter().map(|p| p.1).collect()))
}

/// The name of a cooperative.
pub(crate) fn cooperative(dice: &mut Dice) -> Multi {
    let parts = [*dice.pick(FORMS), *dice.pick(FIRST), *dice.pick(SECOND), *dice.pick(THIRD)];
    joined(&parts[..if dice.chance(40) { 4 } else { 3 }])
}

/// The name of an institution or a sponsor.
pub(crate) fn institution(dice: &mut Dice) -> Multi {
    joined(&[("Fondation", "مؤسسة"), *dice.pick(FIRST), *dice.pick(SECOND)])
}

/// The name of a person of this sex.
pub(crate) fn person(dice: &mut Dice, woman: bool) -> Multi {
    let name = joined(&[*dice.pick(if woman { WOMEN } else { MEN }), *dice.pick(FAMILIES)]);
    // Lists on paper are often in one script only.
    if dice.chance(50) { name } else { Multi(name.0.into_iter().filter(|(lang, _)| lang == "fr").collect()) }
}

/// The name of a programme.
pub(crate) fn programme(dice: &mut Dice, n: usize) -> Multi {
    let (first, second) = (dice.pick(FIRST), dice.pick(SECOND));
    Multi::fr_ar(
        &format!("Programme {} {} {n}", first.0, second.0),
        &format!("برنامج {} {} {n}", first.1, second.1),
    )
}

/// What somebody looking for one of these names might type first, Latin and Arabic in turn.
pub(crate) fn typed(dice: &mut Dice) -> String {
    let pair = match dice.below(3) {
        0 => dice.pick(FIRST),
        1 => dice.pick(SECOND),
        _ => &("coopérative", "تعاونية"),
    };
    let mut whole: Vec<char> = if dice.chance(50) { pair.0 } else { pair.1 }.chars().collect();
    if pair.0 == "coopérative" {
        // Whoever names the legal form goes on with a name.
        let next = dice.pick(FIRST);
        whole.push(' ');
        whole.extend(next.0.chars().take(2 + dice.below(7)));
        return whole.into_iter().collect();
    }
    whole.truncate(2 + dice.below(7));
    whole.into_iter().collect()
}
