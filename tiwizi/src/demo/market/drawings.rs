//! Drawings that stand for photos of the invented products: made by these lines, and saying so.

use std::fmt::Write as _;

/// Width and height.
const SIZE: (i32, i32) = (800, 600);

/// The drawing of a product as SVG.
pub(super) fn drawing(key: &str) -> String {
    let (ground, table, subject) = match key {
        "rose water" => ("#f6dfe2", "#e9c3c8", bottle("#f3b9c2", "#c25470") + &flowers("#c2416b", "#8f2c4d")),
        "rose petals" => ("#f8e6e1", "#ecccc4", bowl("#b98a5e") + &heap("#c9567a", 230)),
        "carpet" => ("#efe4d3", "#d9c7ab", carpet()),
        "saffron" => ("#ece3f2", "#d3c3de", crocus() + &threads()),
        "almonds" => ("#f3e9d8", "#e2cfae", bowl("#9a6a44") + &kernels("#a8703c", "#7d4f27")),
        "couscous" => ("#f7ecd2", "#e9d6a8", bowl("#a4452c") + &heap("#e7c66b", 230)),
        "honey" => ("#fbefcf", "#f0d998", comb() + &jar("#d98e16", "#f3c05a")),
        "cushion" => ("#e6e9f4", "#ccd2e8", cushion()),
        "dates" => ("#f2e6d5", "#dcc5a3", bowl("#c9a15e") + &kernels("#6b3a1f", "#3f2010")),
        "henna" => ("#e8eed8", "#cfdab0", bowl("#8b6b4a") + &heap("#7f8d3a", 230) + &leaves("#5d7a2a")),
        "olive oil" => ("#eaf0da", "#d2ddb3", bottle("#b7b13a", "#6b7a2a") + &leaves("#6b7a2a")),
        "apples" => ("#f7e7df", "#ebcdbf", apples()),
        _ => ("#f4ede1", "#e4d9c8", String::new()),
    };
    let (wide, high) = SIZE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\">\
         <rect width=\"{wide}\" height=\"{high}\" fill=\"{ground}\"/>\
         <path d=\"M0 420Q400 380 800 420V600H0z\" fill=\"{table}\"/>\
         <ellipse cx=\"400\" cy=\"500\" rx=\"270\" ry=\"34\" fill=\"#241c15\" opacity=\".14\"/>{subject}\
         <g fill=\"#5b5047\" font-family=\"Noto Sans\" font-size=\"17\"><text x=\"24\" y=\"580\">Dessin de démonstration</text></g></svg>"
    )
}

fn ellipse(x: f64, y: f64, rx: f64, ry: f64, turn: f64, fill: &str) -> String {
    format!(
        "<ellipse cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{rx}\" ry=\"{ry}\" transform=\"rotate({turn:.0} {x:.1} {y:.1})\" fill=\"{fill}\"/>"
    )
}

fn path(d: &str, fill: &str) -> String {
    format!("<path d=\"{d}\" fill=\"{fill}\"/>")
}

/// A number between 0 and 1 that is the same each time.
fn scattered(at: usize) -> f64 {
    (at as f64 * 0.618_034 + (at * at) as f64 * 0.137).fract()
}

fn bottle(water: &str, label: &str) -> String {
    path("M352 120h96v70q70 40 70 120v150q0 40-40 40H322q-40 0-40-40V310q0-80 70-120z", "#ffffff")
        + &path("M296 310q0-60 60-100h88q60 40 60 100v146q0 30-30 30H326q-30 0-30-30z", water)
        + &path("M344 92h112v44H344z", "#7a4e0e")
        + &format!(
            "<rect x=\"312\" y=\"330\" width=\"176\" height=\"110\" rx=\"8\" fill=\"#fffaf0\"/><path d=\"M400 345l34 40-34 40-34-40z\" fill=\"{label}\"/>"
        )
        + "<path d=\"M314 250v120\" stroke=\"#fff\" stroke-width=\"12\" stroke-linecap=\"round\" opacity=\".6\"/>"
}

fn flowers(petal: &str, heart: &str) -> String {
    let mut out = leaves("#5f7d4a");
    for (x, y, size) in [(205.0, 455.0, 46.0), (610.0, 450.0, 54.0), (560.0, 500.0, 34.0)] {
        for at in 0..7 {
            let turn = f64::from(at) * 51.4;
            let (sin, cos) = turn.to_radians().sin_cos();
            out +=
                &ellipse(x + cos * size * 0.6, y + sin * size * 0.6, size * 0.55, size * 0.42, turn, petal);
        }
        out += &ellipse(x, y, size * 0.42, size * 0.42, 0.0, heart);
    }
    out
}

fn leaves(fill: &str) -> String {
    [(150.0, 480.0, 30.0), (250.0, 505.0, -25.0), (560.0, 510.0, 20.0), (670.0, 485.0, -30.0)]
        .iter()
        .map(|(x, y, turn)| ellipse(*x, *y, 58.0, 17.0, *turn, fill))
        .collect()
}

/// A bowl; what is in it is drawn over its rim.
fn bowl(clay: &str) -> String {
    path("M170 350h460q-10 150-160 165H330Q180 500 170 350z", clay)
        + &path("M196 410q200 40 408 0l-8 26q-196 38-392 0z", "#fffaf0")
        + &ellipse(400.0, 350.0, 230.0, 46.0, 0.0, "#5b3a22")
}

/// A heap of fine grains in a bowl.
fn heap(fill: &str, grains: usize) -> String {
    let mut out = path("M186 350Q300 190 400 196Q500 190 614 350Q400 420 186 350z", fill);
    for at in 0..grains {
        let (along, down) = (scattered(at), scattered(at + 977));
        let x = 215.0 + along * 370.0;
        let top = 200.0 + (x - 400.0).abs() * 0.62;
        let y = top + down * (362.0 - top);
        let tone = if at % 2 == 0 { "#ffffff" } else { "#241c15" };
        out += &format!("<circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"4\" fill=\"{tone}\" opacity=\".16\"/>");
    }
    out
}

/// Dates or almonds in a bowl, one on the other.
fn kernels(fill: &str, dark: &str) -> String {
    let mut out = String::new();
    for row in 0..5 {
        let count = 9 - row * 2;
        for at in 0..count {
            let x = 400.0 + (f64::from(at) - f64::from(count - 1) / 2.0) * 50.0;
            let y = 344.0 - f64::from(row) * 36.0;
            let turn = scattered((row * 11 + at) as usize) * 120.0 - 60.0;
            out += &ellipse(x + 3.0, y + 5.0, 40.0, 20.0, turn, dark);
            out += &ellipse(x, y, 38.0, 18.0, turn, fill);
            out += &ellipse(x - 8.0, y - 5.0, 14.0, 4.0, turn, "#ffffff44");
        }
    }
    out
}

fn crocus() -> String {
    let mut out = path("M396 300q-14 120-6 200h20q8-80-6-200z", "#6b8a4a");
    for (turn, fill) in [(-38, "#8d6bb3"), (38, "#8d6bb3"), (-16, "#a585c8"), (16, "#a585c8"), (0, "#b99ad6")]
    {
        let _ = write!(
            out,
            "<path d=\"M400 330Q340 210 400 110Q460 210 400 330z\" transform=\"rotate({turn} 400 330)\" fill=\"{fill}\"/>"
        );
    }
    for turn in [-12, 0, 12] {
        let _ = write!(
            out,
            "<path d=\"M400 310Q392 220 400 150\" transform=\"rotate({turn} 400 310)\" stroke=\"#c8401c\" stroke-width=\"9\" stroke-linecap=\"round\" fill=\"none\"/>"
        );
    }
    out
}

fn threads() -> String {
    let mut out = ellipse(610.0, 478.0, 120.0, 30.0, 0.0, "#fffaf0");
    for at in 0..46 {
        let (x, y) = (530.0 + scattered(at) * 160.0, 448.0 + scattered(at + 301) * 40.0);
        let (dx, dy) = (scattered(at + 77) * 60.0 - 30.0, scattered(at + 513) * 18.0 - 9.0);
        let _ = write!(
            out,
            "<path d=\"M{x:.0} {y:.0}q{:.0} -9 {dx:.0} {dy:.0}\" stroke=\"#b5331a\" stroke-width=\"4\" stroke-linecap=\"round\" fill=\"none\"/>",
            dx / 2.0
        );
    }
    out
}

fn carpet() -> String {
    let mut out = "<g transform=\"translate(130 70)\"><rect width=\"540\" height=\"440\" fill=\"#a4452c\"/><rect x=\"26\" y=\"26\" width=\"488\" height=\"388\" fill=\"#7a2f1e\"/><rect x=\"40\" y=\"40\" width=\"460\" height=\"360\" fill=\"#b9552f\"/>".to_owned();
    for row in 0..3 {
        for column in 0..4 {
            let (x, y) = (97 + column * 115, 100 + row * 120);
            for (size, fill) in [(54, "#c98a1b"), (38, "#2c3e7b"), (22, "#f4ede1"), (9, "#a4452c")] {
                let _ = write!(
                    out,
                    "<path d=\"M{x} {}l{size} {size}-{size} {size}-{size}-{size}z\" fill=\"{fill}\"/>",
                    y - size
                );
            }
        }
    }
    for at in 0..34 {
        let x = 8 + at * 16;
        let _ = write!(out, "<path d=\"M{x} -22v22M{x} 440v22\" stroke=\"#efe4d3\" stroke-width=\"6\"/>");
    }
    out + "</g>"
}

fn cushion() -> String {
    let mut out =
        path("M190 150Q400 120 610 150Q640 330 610 500Q400 530 190 500Q160 330 190 150z", "#fffaf0");
    for ring in 0..3 {
        let size = 150 - ring * 45;
        let _ = write!(
            out,
            "<path d=\"M400 {}l{size} {size}-{size} {size}-{size}-{size}z\" fill=\"none\" stroke=\"{}\" stroke-width=\"12\" stroke-dasharray=\"16 8\"/>",
            325 - size,
            ["#2c3e7b", "#a4452c", "#c98a1b"][ring as usize]
        );
    }
    for (x, y) in [(240, 200), (560, 200), (240, 450), (560, 450)] {
        let _ = write!(out, "<path d=\"M{x} {}l26 26-26 26-26-26z\" fill=\"#17594a\"/>", y - 26);
    }
    out
}

fn comb() -> String {
    let mut out = String::new();
    for row in 0..4 {
        for column in 0..3 {
            let (x, y) = (80 + column * 62 + row % 2 * 31, 250 + row * 54);
            let _ = write!(
                out,
                "<path d=\"M{x} {y}l30-18 30 18v36l-30 18-30-18z\" fill=\"#e7a928\" stroke=\"#b87811\" stroke-width=\"6\"/>"
            );
        }
    }
    out
}

fn jar(fill: &str, light: &str) -> String {
    format!(
        "<path d=\"M310 190h280v36q40 24 40 74v160q0 40-40 40H310q-40 0-40-40V300q0-50 40-74z\" fill=\"#ffffff\"/><path d=\"M286 300q0-40 34-62h260q34 22 34 62v156q0 30-30 30H316q-30 0-30-30z\" fill=\"{fill}\"/><rect x=\"296\" y=\"140\" width=\"308\" height=\"62\" rx=\"14\" fill=\"#7a4e0e\"/><rect x=\"340\" y=\"310\" width=\"220\" height=\"120\" rx=\"10\" fill=\"#fffaf0\"/><path d=\"M450 326l44 44-44 44-44-44z\" fill=\"{light}\"/><path d=\"M306 290v150\" stroke=\"#fff\" stroke-width=\"12\" stroke-linecap=\"round\" opacity=\".5\"/>"
    )
}

fn apples() -> String {
    let mut out = String::new();
    for (x, y, fill) in [
        (270, 400, "#b63a2b"),
        (530, 400, "#c75a2f"),
        (400, 420, "#a52f2a"),
        (335, 300, "#c8452f"),
        (465, 300, "#b63a2b"),
    ] {
        let _ = write!(
            out,
            "<path d=\"M{x} {}q-40-30-80 10q-20 60 20 110q30 30 60 12q30 18 60-12q40-50 20-110q-40-40-80-10z\" fill=\"{fill}\"/><path d=\"M{x} {}q0-30 16-44\" stroke=\"#5b3a22\" stroke-width=\"8\" fill=\"none\"/>",
            y - 60,
            y - 58
        );
        out += &ellipse(f64::from(x) - 42.0, f64::from(y) - 20.0, 10.0, 24.0, 20.0, "#ffffff55");
    }
    out
}
