//! A questionnaire of the invented programme, and what its cooperatives answered over some months.

use kernel::{App, Fields, Id, Lang, Result, Tx, Upload, sql};

use super::{ago, cooperatives, id};

/// Days since it was published.
const PUBLISHED: i64 = 210;
/// Days between two rounds of it.
const ROUND: i64 = 60;

const BUYERS: &[&str] = &[
    "Riad Amane",
    "Épicerie Zitoun",
    "Hôtel La Kasbah",
    "Boutique Tiskiwin",
    "Maison Argane",
    "دار الضيافة",
];
const REMARKS: &[&str] = &[
    "Étal bien tenu, prix affichés",
    "Il manque des étiquettes en arabe",
    "Stock faible avant la saison",
    "المخزون كاف لشهرين",
    "Commande de l’hôtel livrée à temps",
];

/// Instants are told as if they had been lived then.
fn dated(tx: &mut Tx<'_>, days: i64) {
    tx.dated = Some(kernel::now() - days * 86_400_000);
}

pub(super) fn tell(app: &App, tx: &mut Tx<'_>) -> Result<()> {
    let w = app.words.speak(Lang::Fr);
    let programme = id("programme");
    let known = sql("select count(*) from survey where programme = ?").bind(programme);
    if tx.one::<i64>(&known.open("the demonstration"))? == 0 {
        dated(tx, PUBLISHED);
        let bytes = survey::example(w)?;
        let upload = Upload { field: "file".into(), name: "suivi_ventes.xlsx".into(), bytes };
        survey::import(app, tx, w, programme, &upload)?;
    }
    let first = sql("select id from survey where programme = ? order by id").bind(programme);
    let Some(survey) = tx.row(&first.open("the demonstration"), |row| row.take::<Id>())? else {
        return Ok(());
    };
    for n in 0..cooperatives::ALL.len() {
        for round in 0..3 {
            // Some were not asked in each round.
            if (n + round) % 4 != 3 {
                answer(app, tx, survey, n, round)?;
            }
        }
    }
    Ok(())
}

fn answer(app: &App, tx: &mut Tx<'_>, survey: Id, n: usize, round: usize) -> Result<()> {
    let key = id(&format!("survey answer {n} {round}"));
    let there = sql("select count(*) from survey_answer where id = ?").bind(key);
    if tx.one::<i64>(&there.open("the demonstration"))? > 0 {
        return Ok(());
    }
    let days = PUBLISHED - 20 - ROUND * round as i64 - (n as i64 * 7) % 25;
    dated(tx, days);
    let products = [["carpets", "cosmetics"], ["saffron", "dates"], ["dates", "cosmetics"]][n % 3];
    let family = if n.is_multiple_of(2) { "direct" } else { "shops" };
    let channel = [["souk", "fair"], ["grocer", "hotel"]][n % 2][(n / 2) % 2];
    let hard = ["transport", "packing", "transport", "price", "nothing"][(n + round) % 5];
    let amount = 2_400 + (n * 1_730) % 9_000 + round * 850;
    let buyers = (n + round) % 3;
    let mut form = Fields::of([
        ("id", &*key.to_string()),
        ("answer.today", &ago(days).to_string()),
        ("answer.cooperative", &id(&cooperatives::key(n)).to_string()),
        ("answer.sales/products", &products[..1 + n % 2].join(" ")),
        ("answer.sales/family", family),
        ("answer.sales/channel", channel),
        ("answer.sales/amount", &format!("{amount}.50")),
        ("answer.buyers", &buyers.to_string()),
        ("answer.hard", hard),
    ]);
    let mut total = 0;
    for buyer in 0..buyers {
        let orders = 1 + (n + buyer) % 4;
        total += orders;
        form.push(format!("answer.buyer[{}]/name", buyer + 1), BUYERS[(n + buyer * 2) % BUYERS.len()]);
        form.push(format!("answer.buyer[{}]/orders", buyer + 1), orders.to_string());
    }
    form.push("answer.orders_total", total.to_string());
    if n.is_multiple_of(3) {
        form.push("answer.remarks", REMARKS[(n + round) % REMARKS.len()]);
    }
    let account = id(if n % 6 == 4 { "account coach-2" } else { "account coach" });
    survey::put(app, tx, app.words.speak(Lang::Fr), survey, Some(account), &form)
}
