//! The page of the app and its files: open to everybody, since they hold nothing of anybody's; light enough for a village.

use std::io::Write;

use kernel::testing::House;

use super::house::rooms;

#[test]
fn the_app_weighs_little_and_tells_nothing() {
    let house = House::open(rooms());
    let nobody = house.visitor();
    nobody.get("/field").is(303).leads_to("/field/");
    let page = nobody.get("/field/").is(200).text();
    let (_, rest) = page.split_once("data-version=\"").unwrap();
    let version = rest.split('"').next().unwrap();
    let worker = nobody.get("/field/worker.js").is(200).says(version).text();
    let (_, names) = worker.split_once("\"files\":[").unwrap();
    let names: Vec<String> =
        serde_json::from_str(&format!("[{}]", names.split(']').next().unwrap())).unwrap();
    let size = |bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap().len()
    };
    let mut bytes = size(page.as_bytes()) + size(worker.as_bytes());
    for name in &names {
        let file = nobody.get(&format!("/field/app/{version}/{name}")).is(200);
        // Every name that a module imports is among the files.
        for import in file.text().split("from \"./").skip(1) {
            let import = import.split('"').next().unwrap();
            assert!(
                names.iter().any(|there| there == import),
                "{name} imports {import}, which is not served"
            );
        }
        bytes += size(&file.bytes);
    }
    println!("the app, in every language: {bytes} bytes in {} files", names.len() + 2);
    assert!(bytes <= 150_000, "{bytes} bytes");
    nobody.get(&format!("/field/app/{version}/secret.js")).is(404);
    nobody.get("/field/app/0000/main.js").is(404);
    let manifest = nobody.get("/field/manifest.webmanifest").is(200).json();
    assert_eq!((&manifest["start_url"], &manifest["scope"]), (&"/field/".into(), &"/field/".into()));
}
