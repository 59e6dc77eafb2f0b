//! The invented modules, the questions of two of their tests, and where and when the sessions are.

use people::Tongue;
use programmes::Theme;
use training::Letter;

/// Code, French and Arabic title, what participants can do at the end, hours, theme, subjects of the diagnosis.
pub(super) type ModuleLine = (
    &'static str,
    (&'static str, &'static str),
    (&'static str, &'static str),
    i64,
    Theme,
    &'static [&'static str],
);

pub(super) const MODULES: &[ModuleLine] = &[
    (
        "GF1",
        ("Tenir la caisse et la banque", "مسك الصندوق والبنك"),
        ("Écrire chaque entrée et sortie, et compter la caisse", "كتابة كل مدخول ومصروف وعد الصندوق"),
        11,
        Theme::Accounting,
        &["boussole-1/E1", "boussole-1/E2", "boussole-1/E5"],
    ),
    (
        "GF2",
        ("Calculer le prix de revient", "حساب ثمن التكلفة"),
        ("Savoir ce que coûte un produit et fixer son prix", "معرفة تكلفة المنتوج وتحديد ثمنه"),
        11,
        Theme::Management,
        &["boussole-1/E8", "boussole-1/G2"],
    ),
    (
        "GV1",
        ("Préparer et tenir l’assemblée", "إعداد الجمع العام وعقده"),
        ("Convoquer, compter le quorum, écrire le procès-verbal", "الدعوة وعد النصاب وكتابة المحضر"),
        6,
        Theme::Governance,
        &["boussole-1/B1", "boussole-1/B2", "boussole-1/B3"],
    ),
    (
        "GV2",
        ("Qui fait quoi au bureau ?", "من يفعل ماذا في المكتب؟"),
        ("Séparer la caisse et la signature, suivre les décisions", "فصل الصندوق عن التوقيع وتتبع القرارات"),
        6,
        Theme::Governance,
        &["boussole-1/B5", "boussole-1/B6"],
    ),
    (
        "QL1",
        ("De bonnes pratiques d’hygiène", "ممارسات النظافة الجيدة"),
        ("Produire proprement et noter ce qui est rejeté", "الإنتاج في نظافة وتدوين ما يُرفض"),
        6,
        Theme::Quality,
        &["boussole-1/F2", "boussole-1/F5"],
    ),
    (
        "CM1",
        ("Vendre à un nouvel acheteur", "البيع لزبون جديد"),
        ("Présenter un produit, ses prix et ses délais", "تقديم المنتوج وأثمانه وآجاله"),
        11,
        Theme::Marketing,
        &["boussole-1/G3", "boussole-1/G4"],
    ),
];

pub(super) type Wording = (&'static str, &'static str);

/// Module, wording, three choices; the first is right where the letter says so.
pub(super) const QUESTIONS: &[(&str, Wording, [Wording; 3], Letter)] = &[
    (
        "GF1",
        ("Quand écrit-on une dépense ?", "متى نكتب المصروف؟"),
        [
            ("Le jour même", "في اليوم نفسه"),
            ("À la fin du mois", "في نهاية الشهر"),
            ("Quand on s’en souvient", "عندما نتذكره"),
        ],
        Letter::A,
    ),
    (
        "GF1",
        ("Que garde-t-on pour chaque dépense ?", "ماذا نحتفظ به لكل مصروف؟"),
        [("Rien", "لا شيء"), ("Une pièce", "وثيقة إثبات"), ("Une photo du vendeur", "صورة البائع")],
        Letter::B,
    ),
    (
        "GF1",
        ("La caisse dit 400, on compte 380. Que fait-on ?", "السجل يقول 400 ونعد 380. ماذا نفعل؟"),
        [
            ("On ajoute 20 de sa poche", "نضيف 20 من جيبنا"),
            ("On efface", "نمحو"),
            ("On écrit l’écart et on cherche", "نكتب الفرق ونبحث"),
        ],
        Letter::C,
    ),
    (
        "GF1",
        ("Qui signe à la banque ?", "من يوقع في البنك؟"),
        [
            ("Deux personnes", "شخصان"),
            ("La trésorière seule", "أمينة المال وحدها"),
            ("N’importe qui", "أي شخص"),
        ],
        Letter::A,
    ),
    (
        "GF1",
        ("Combien de fois compte-t-on la caisse ?", "كم مرة نعد الصندوق؟"),
        [("Une fois par an", "مرة في السنة"), ("Chaque semaine", "كل أسبوع"), ("Jamais", "أبدا")],
        Letter::B,
    ),
    (
        "GV1",
        ("Qui convoque l’assemblée ?", "من يدعو إلى الجمع العام؟"),
        [("Le bureau", "المكتب"), ("Un acheteur", "زبون"), ("Personne", "لا أحد")],
        Letter::A,
    ),
    (
        "GV1",
        ("Qu’écrit-on dans le procès-verbal ?", "ماذا نكتب في المحضر؟"),
        [
            ("Les prix du marché", "أثمان السوق"),
            ("Les décisions et les votes", "القرارات والتصويت"),
            ("Rien", "لا شيء"),
        ],
        Letter::B,
    ),
    (
        "GV1",
        ("Avant de voter, que compte-t-on ?", "ماذا نعد قبل التصويت؟"),
        [("L’argent", "المال"), ("Les produits", "المنتوجات"), ("Les présentes", "الحاضرات")],
        Letter::C,
    ),
    (
        "GV1",
        ("Qui peut lire le procès-verbal ?", "من يمكنه قراءة المحضر؟"),
        [
            ("Toutes les membres", "كل الأعضاء"),
            ("La présidente seule", "الرئيسة وحدها"),
            ("L’acheteur", "الزبون"),
        ],
        Letter::A,
    ),
];

/// Module, commune, first day as days ago, days, first cooperative and how many, language.
pub(super) type SessionLine = (&'static str, &'static str, i64, i64, (usize, usize), Tongue);

/// Eleven sessions that were, one of today, two to come.
pub(super) const SESSIONS: &[SessionLine] = &[
    ("GF1", "08.401.01.07", 480, 2, (1, 4), Tongue::Tachelhit),
    ("GF1", "08.587.01.13", 466, 2, (8, 4), Tongue::Darija),
    ("GV1", "08.401.01.09", 430, 1, (1, 5), Tongue::Tachelhit),
    ("GV1", "08.587.01.01", 412, 1, (8, 5), Tongue::Darija),
    ("GF1", "08.577.01.05", 360, 2, (14, 4), Tongue::Tamazight),
    ("GF2", "08.401.07.07", 331, 2, (3, 4), Tongue::Tachelhit),
    ("QL1", "08.587.09.35", 290, 1, (9, 4), Tongue::Darija),
    ("GV2", "08.577.01.11", 238, 1, (14, 5), Tongue::Tamazight),
    ("CM1", "08.401.01.07", 180, 2, (1, 5), Tongue::Tachelhit),
    ("GF2", "08.577.01.05", 121, 2, (14, 4), Tongue::Tamazight),
    ("CM1", "07.351.01.0", 34, 2, (19, 3), Tongue::Darija),
    ("GV2", "08.587.01.13", 0, 1, (8, 5), Tongue::Darija),
    ("QL1", "08.401.01.09", -3, 1, (1, 6), Tongue::Tachelhit),
    ("GF2", "08.587.01.01", -24, 2, (8, 5), Tongue::Darija),
];
