//! Programs that others wrote judge what Tiwizi hands out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Result;
use crate::browser::install;
use crate::http::Client;
use crate::machine::{cargo, run, scratch, target};
use crate::server::{Server, build, tiwizi};

/// What is judged: the judge, the address, the file it is kept in.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("openapi", "/api/openapi.json", "openapi.json"),
    ("xlsx", "/organisations/export/xlsx", "organisations.xlsx"),
    ("csv", "/organisations/export/csv", "organisations.csv"),
];

/// A Python of its own in this folder of what is built, with what these files ask for.
pub(crate) fn python(folder: &str, requirements: &[&str]) -> Result<PathBuf> {
    let folder = target()?.join(folder);
    if !folder.join("bin/pip").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let python = folder.join("bin/python");
    for file in requirements {
        run(pip(&python).args(["--requirement", file]))?;
    }
    Ok(python)
}

fn pip(python: &Path) -> Command {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip
}

/// Judges the judges, then the documents.
pub(crate) fn judges() -> Result {
    let python = python("xtask/python", &["tests/judges/requirements.txt"])?;
    // What asks for libraries of its own year, which no longer build, and works with today's.
    run(pip(&python).args(["--no-deps", "--requirement", "tests/judges/requirements-alone.txt"]))?;
    let script = |file: &str| {
        let mut judge = Command::new(&python);
        judge.arg(Path::new("tests/judges").join(file));
        judge
    };
    let judge = || script("judges.py");
    run(judge().arg("samples"))?;
    run(script("open_data.py").arg("samples"))?;
    run(script("letters.py").arg("samples"))?;
    run(script("openrosa.py").arg("samples"))?;
    run(script("central.py").arg("samples"))?;
    run(script("market.py").arg("samples"))?;
    run(script("shop.py").arg("samples"))?;
    run(script("invoices.py").arg("samples"))?;
    run(odata()?.arg("samples"))?;
    run(catalogue()?.arg("samples"))?;
    run(cards()?.arg("samples"))?;

    let folder = scratch("judges")?;
    paper(&folder, &judge)?;
    credentials(&folder, &judge)?;
    scores(&folder, &|| script("scoring.py"))?;
    letters(script("letters.py"))?;
    survey(&folder, script("openrosa.py"))?;

    build()?;
    let server = Server::start("demo", &folder.join("data"))?;
    let client = server.sign_in("administrator")?;
    figures(&folder, &server, &script)?;
    for (name, path, file) in DOCUMENTS {
        run(judge().arg(name).arg(fetch(&client, path, &folder, file)?))?;
    }
    run(judge().arg("same").args(["organisations.xlsx", "organisations.csv"].map(|file| folder.join(file))))?;
    let judge_open = || script("open_data.py");
    let programme = open_data(&folder, &Client { cookie: String::new(), ..client.clone() }, &judge_open)?;
    exchange(&folder, &client, &programme, &judge_open)?;
    form(&folder, &client, &judge)?;
    let example = fetch(&client, "/surveys/example", &folder, "example.xlsx")?;
    collect(&client, &programme, &example, script("openrosa.py"))?;
    market(&client, &folder, &|| script("market.py"))?;
    shop(&server, &folder, &|| script("shop.py"))?;
    run(cards()?.args(["pays", &format!("http://{}", server.address), &client.cookie]))?;
    invoices(&client, &folder, &|| script("invoices.py"))?;
    central(&client, &programme, &example, script("central.py"))
}

/// What a camera reads on a label of the demonstration, before and after its product has a number of GS1.
fn market(client: &Client, folder: &Path, judge: &dyn Fn() -> Command) -> Result {
    const PRODUCT: &str = "/products/e46bcc43-b451-8ef4-a723-5ed77c5cfcbc";
    const LOT: &str = "/lots/71b3a0f2-9530-87f7-b157-dfdb6affd561";
    let printed = || -> Result<String> {
        let page: Value = serde_json::from_slice(&client.get(LOT)?.body)?;
        let address = page["address"].as_str().ok_or("no address on a label")?.to_owned();
        let square = fetch(client, &format!("{LOT}/square"), folder, "square.svg")?;
        run(judge().arg("square").arg(square).arg(&address))?;
        Ok(address)
    };
    printed()?;
    let page: Value = serde_json::from_slice(&client.get(PRODUCT)?.body)?;
    let version = page["product"]["version"].to_string();
    let form = [("gtin", "9506000134352"), ("version", version.as_str()), ("_fields", "gtin")];
    client.post(PRODUCT, &form)?;
    run(judge().arg("link").arg(printed()?))?;
    run(judge().arg("events").arg(fetch(client, &format!("{LOT}/epcis"), folder, "lot.jsonld")?))
}

/// The judge of payment by card.
fn cards() -> Result<Command> {
    let mut judge = Command::new("node");
    judge.arg("tests/judges/cards.mjs").env("TIWIZI_MODULES", install("tests/judges", "xtask/judges-node")?);
    Ok(judge)
}

/// The invoices of the demonstration as programs of buyers take them: of a cooperative, of a grouping that exports, and what was
/// taken back; and the ICE on each of them.
fn invoices(client: &Client, folder: &Path, judge: &dyn Fn() -> Command) -> Result {
    let list: Value = serde_json::from_slice(&client.get("/invoices")?.body)?;
    let lines = list["lines"].as_array().ok_or("no invoices")?;
    let kinds: Vec<_> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
    if kinds.len() < 3 || !kinds.contains(&"credit_note") {
        return Err(format!("the demonstration has {kinds:?}").into());
    }
    for line in lines {
        let path = format!("/invoices/{}", line["id"].as_str().ok_or("an invoice without id")?);
        run(judge().arg("ubl").arg(fetch(client, &format!("{path}/ubl"), folder, "invoice.xml")?))?;
        let page: Value = serde_json::from_slice(&client.get(&path)?.body)?;
        run(judge().arg("ice").arg(page["content"]["seller"]["ice"].as_str().ok_or("no ICE")?))?;
    }
    Ok(())
}

/// The judge of what the catalogue tells programs.
fn catalogue() -> Result<Command> {
    let mut judge = Command::new("node");
    judge
        .arg("tests/judges/catalogue.mjs")
        .env("TIWIZI_MODULES", install("tests/judges", "xtask/judges-node")?);
    Ok(judge)
}

/// The catalogue of the demonstration, as search engines, merchants and programs of food fetch it. Its rose water has a number
/// of GS1 by now.
fn shop(server: &Server, folder: &Path, judge: &dyn Fn() -> Command) -> Result {
    const PRODUCT: &str = "/products/e46bcc43-b451-8ef4-a723-5ed77c5cfcbc";
    let nobody = server.visitor();
    let list: Value = serde_json::from_slice(&nobody.get("/catalogue")?.body)?;
    let products = list["products"].as_array().ok_or("no products")?;
    let holder = products.iter().find(|card| PRODUCT.ends_with(card["id"].as_str().unwrap_or("-")));
    let holder = holder.and_then(|card| card["organisation"].as_str()).ok_or("the rose water is not sold")?;
    let page = |path: &str, types: &[&str]| -> Result {
        let file = folder.join("page.html");
        fs::write(&file, nobody.page(path)?)?;
        run(catalogue()?.arg("page").arg(file).args(types))
    };
    for lang in ["fr", "ar", "en"] {
        page(&format!("/catalogue?lang={lang}"), &["ItemList", "BreadcrumbList"])?;
        page(&format!("{PRODUCT}?lang={lang}"), &["Product", "BreadcrumbList"])?;
        page(&format!("/catalogue/cooperatives/{holder}?lang={lang}"), &["Organization", "ItemList"])?;
        run(judge().arg("feed").arg(fetch(
            &nobody,
            &format!("/catalogue/feed.xml?lang={lang}"),
            folder,
            "feed.xml",
        )?))?;
    }
    let told = String::from_utf8(nobody.page(PRODUCT)?)?;
    let link = told.split("\"hasGS1DigitalLink\":\"").nth(1).and_then(|rest| rest.split('"').next());
    run(catalogue()?.arg("link").arg(link.ok_or("no GS1 Digital Link")?))?;
    let graph = fetch(&nobody, &format!("/api/dfc/enterprises/{holder}"), folder, "dfc.json")?;
    run(catalogue()?.arg("dfc").arg(graph))?;
    let list = fetch(&nobody, "/api/dfc/organizations", folder, "organizations.json")?;
    run(catalogue()?.arg("container").arg(list))?;
    run(judge().arg("sitemap").arg(format!("http://{}/sitemap.xml", server.address)))
}

/// A questionnaire with all that is supported, beside what others make of the same spreadsheet.
fn survey(folder: &Path, mut judge: Command) -> Result {
    run(sample("survey")?.arg(folder))?;
    run(judge.arg("survey").arg(folder.join("survey.xlsx")).arg(folder.join("survey.xml")))
}

/// The forms for telephones of a programme, behind a key that is made for the judge.
fn collect(client: &Client, programme: &str, example: &Path, mut judge: Command) -> Result {
    let made = client.post("/field/collect", &[("name", "Judge"), ("programme", programme)])?;
    let page: Value = serde_json::from_slice(&made.body)?;
    let address = page["fresh"]["address"].as_str().ok_or("no key for a telephone")?;
    run(judge.arg(address).arg(example))?;
    let modules = install("tests/judges", "xtask/judges-node")?;
    let mut fills = Command::new("node");
    fills.arg("tests/judges/openrosa.mjs").arg(address);
    run(fills.env("TIWIZI_MODULES", modules).env("TIWIZI_COOKIE", &client.cookie))
}

/// The judge of what tables are like.
fn odata() -> Result<Command> {
    let mut judge = Command::new("node");
    judge.arg("tests/judges/odata.mjs").env("TIWIZI_MODULES", install("tests/judges", "xtask/judges-node")?);
    Ok(judge)
}

/// What programs read and send that were written for ODK Central, with a key that is made for the judge.
fn central(client: &Client, programme: &str, example: &Path, mut judge: Command) -> Result {
    let made = client.post("/field/collect", &[("name", "Judge of tables"), ("programme", programme)])?;
    let page: Value = serde_json::from_slice(&made.body)?;
    let told = |name: &str| page["fresh"][name].as_str().ok_or("no key for a program");
    let shown = [told("server")?, told("login")?, told("key")?];
    run(judge.args(shown).arg(page["fresh"]["project"].to_string()).arg(example))?;
    run(odata()?.args(shown))
}

/// What is judged of the programme that publishes its data: the judge, the file, and a file that it is held against.
const OPEN: &[(&str, &str, Option<&str>)] = &[
    ("hxl", "3w.csv", None),
    ("activity", "iati-activity.xml", None),
    ("organisation", "iati-organisation.xml", None),
    ("package", "datapackage.json", Some("figures.csv")),
];

/// Every figure of every indicator, beside what a second reading of the definitions makes of the exported records: of the
/// demonstration as it is told, and of one that was shaken, so that what its story does not hold is met too.
fn figures(folder: &Path, told: &Server, script: &dyn Fn(&str) -> Command) -> Result {
    let judge = |data: &Path, server: &Server, how: Option<&str>| {
        let records = data.with_extension("records");
        run(tiwizi("export", data)?.arg("records").arg(&records))?;
        run(script("figures.py").arg(&records).args(how).env("TIWIZI_DEMO", server.as_json().to_string()))
    };
    judge(&folder.join("data"), told, None)?;
    let data = folder.join("shaken");
    drop(Server::start("demo", &data)?);
    run(script("figures/shake.py").arg(data.join("tiwizi.db")))?;
    judge(&data, &Server::start("demo", &data)?, Some("shaken"))
}

/// Keeps what an address answers in a file of the folder.
fn fetch(client: &Client, path: &str, folder: &Path, file: &str) -> Result<PathBuf> {
    let answer = client.get(path)?;
    if answer.status != 200 {
        return Err(format!("{path} answers {}", answer.status).into());
    }
    let place = folder.join(file);
    fs::write(&place, answer.body)?;
    Ok(place)
}

/// The file of a programme for a system that adds up figures, of the period that its page begins with.
fn exchange(folder: &Path, client: &Client, programme: &str, judge: &dyn Fn() -> Command) -> Result {
    let page: Value = serde_json::from_slice(&client.get(&format!("/programmes/{programme}/adx"))?.body)?;
    let period = page["period"].as_str().ok_or("no period")?;
    let path = format!("/programmes/{programme}/adx/file?period={period}");
    run(judge().arg("adx").arg(fetch(client, &path, folder, "adx.xml")?))
}

/// The files of the programme of the demonstration and the catalogue that lists them, fetched by nobody in particular.
fn open_data(folder: &Path, nobody: &Client, judge: &dyn Fn() -> Command) -> Result<String> {
    let fetch = |path: &str, file: &str| fetch(nobody, path, folder, file);
    let catalogue = fetch("/open-data/catalogue.jsonld", "catalogue.jsonld")?;
    run(judge().arg("dcat").arg(catalogue))?;
    let list: Value = serde_json::from_slice(&nobody.get("/open-data")?.body)?;
    let id = list["programmes"][0]["id"].as_str().ok_or("no programme publishes its data")?;
    for (name, file, against) in OPEN {
        let mut judge = judge();
        judge.arg(name);
        for file in [Some(*file), *against].into_iter().flatten() {
            judge.arg(fetch(&format!("/programmes/{id}/open-data/{file}"), file)?);
        }
        run(&mut judge)?;
    }
    Ok(id.to_owned())
}

/// The instrument that comes with Tiwizi, as a form that tools for surveys take.
fn form(folder: &Path, client: &Client, judge: &dyn Fn() -> Command) -> Result {
    let list: Value = serde_json::from_slice(&client.get("/instruments")?.body)?;
    let id = list["instruments"][0]["id"].as_str().ok_or("no instrument in the list")?;
    let path = format!("/instruments/{id}/xlsform");
    let file = folder.join("form.xlsx");
    fs::write(&file, client.get(&path)?.body)?;
    run(judge().arg("xlsform").arg(file))
}

/// Letters, as a mail server takes them.
fn letters(mut judge: Command) -> Result {
    run(judge.arg(sample("letters")?.get_program()))
}

/// What Tiwizi makes of many answers to a diagnosis, beside a second reading of the rules of scoring.
fn scores(folder: &Path, judge: &dyn Fn() -> Command) -> Result {
    run(judge().arg("samples"))?;
    let file = folder.join("scores.json");
    run(sample("scores")?.arg(&file))?;
    run(judge().arg(file))
}

/// A sheet of three scripts: its text can be read back, its fonts are inside, its structure is sound.
fn paper(folder: &Path, judge: &dyn Fn() -> Command) -> Result {
    let sheet = folder.join("sheet.pdf");
    run(sample("sheet")?.arg(&sheet))?;
    run(judge().arg("pdf").arg(&sheet).args(SCRIPTS))
}

/// Text of the sample sheet that must come back out of it.
const SCRIPTS: &[&str] =
    &["coopérative « Tifaouine »", "فاطمة", "تعاونية تيفاوين", "ⵜⵉⵡⵉⵣⵉ", "#panic() *étoile* $x$"];

/// Credentials and their list, in the eyes of two implementations that know nothing of each other.
fn credentials(folder: &Path, judge: &dyn Fn() -> Command) -> Result {
    run(sample("badges")?.arg(folder))?;
    let [badge, other, did] = ["badge.json", "badge-web.json", "did.json"].map(|file| folder.join(file));
    run(judge().arg("credential").arg(badge))?;
    run(judge().arg("credential").arg(other).arg(did))?;
    let modules = install("tests/judges", "xtask/judges-node")?;
    run(Command::new("node").arg("tests/judges/credentials.mjs").arg(folder).env("TIWIZI_MODULES", modules))
}

/// The example that writes this sample. Built with the whole workspace: so nothing is built twice after the tests.
fn sample(name: &str) -> Result<Command> {
    run(&mut cargo(&format!("build --quiet --workspace --example sample_{name}")))?;
    Ok(Command::new(target()?.join(format!("debug/examples/sample_{name}"))))
}
