use resvg::{
    tiny_skia::Pixmap,
    usvg::{Options, Tree, tiny_skia_path::Transform},
};

use super::Painter;

/// Draws at 1.5 times its size with both, and fails when a sample differs by more than `most`, or all on average by more than 0.5.
fn alike(body: &str, most: u8) {
    let text = format!("<svg xmlns='http://www.w3.org/2000/svg' width='80' height='60'>{body}</svg>");
    let tree = Tree::from_str(&text, &Options::default()).unwrap();
    let transform = Transform::from_row(1.5, 0.0, 0.0, 1.5, 0.25, 0.5);
    let [mut ours, mut theirs] = [(); 2].map(|()| Pixmap::new(120, 90).unwrap());
    Painter::new().draw(&tree, transform, &mut ours.as_mut()).unwrap();
    resvg::render(&tree, transform, &mut theirs.as_mut());
    let differences: Vec<u8> = ours.data().iter().zip(theirs.data()).map(|(a, b)| a.abs_diff(*b)).collect();
    let worst = differences.iter().copied().max().unwrap();
    let mean = differences.iter().map(|&difference| f64::from(difference)).sum::<f64>() / differences.len() as f64;
    assert!(worst <= most && mean < 0.5, "{worst} at most, {mean} on average: {body}");
    assert!(theirs.data().iter().any(|&sample| sample != 0), "nothing is drawn: {body}");
}

/// A layer that begins elsewhere rounds the place of an edge otherwise, by an eighth of a pixel at most.
const EDGE: u8 = 32;

const GROUND: &str = "<rect width='80' height='60' fill='#8ac'/>";

#[test]
fn clip_paths() {
    let shapes = "<g clip-path='url(#c)'><rect x='5' y='5' width='60' height='40' fill='red'/><circle cx='40' cy='30' r='20' fill='#0508'/></g>";
    for clip in [
        "<clipPath id='c'><circle cx='40' cy='25' r='18'/></clipPath>",
        "<clipPath id='c'><rect x='10' y='10' width='30' height='20'/></clipPath>",
        "<clipPath id='c'><rect width='80' height='60'/></clipPath>",
        "<clipPath id='c'><rect x='10' y='10' width='30' height='20' transform='rotate(20)'/></clipPath>",
        "<clipPath id='c' clipPathUnits='objectBoundingBox'><rect width='0.5' height='1'/></clipPath>",
        "<clipPath id='c'><rect x='10' y='10' width='30' height='20'/><circle cx='40' cy='25' r='9'/></clipPath>",
        "<clipPath id='d'><rect x='20' width='80' height='60'/></clipPath><clipPath id='c' clip-path='url(#d)'><circle cx='30' cy='25' r='18'/></clipPath>",
        "<clipPath id='d'><rect x='20' width='80' height='60'/></clipPath><clipPath id='c'><circle cx='30' cy='25' r='18' clip-path='url(#d)'/><rect width='9' height='60'/></clipPath>",
        "<clipPath id='c'><path d='M0 0h60v50h-60z M10 10h20v20h-20z' clip-rule='evenodd'/></clipPath>",
        "<clipPath id='c'><rect x='12.3' y='7.7' width='30.2' height='20.1' shape-rendering='crispEdges'/></clipPath>",
    ] {
        alike(&format!("{clip}{GROUND}{shapes}"), EDGE);
    }
    alike(&format!("{GROUND}<clipPath id='c'/>{shapes}"), 1);
}

#[test]
fn translucent_groups() {
    let shapes = "<rect x='5' y='5' width='40' height='40' fill='red'/><circle cx='40' cy='30' r='20' fill='#050'/>";
    alike(&format!("{GROUND}<g opacity='0.4'>{shapes}</g>"), EDGE);
    alike(
        &format!("<g opacity='0.4' transform='rotate(10) translate(-20 0)'>{shapes}<g opacity='0.5'>{shapes}</g></g>"),
        EDGE,
    );
    alike(&format!("{GROUND}<g style='isolation:isolate'>{shapes}</g>"), EDGE);
    alike(&format!("{GROUND}<g opacity='0.5'><g style='mix-blend-mode:multiply'>{shapes}</g></g>"), EDGE);
}

#[test]
fn gradients() {
    let stops = "<stop offset='0.1' stop-color='red'/><stop offset='0.5' stop-color='#fff' stop-opacity='0.5'/><stop offset='0.9' stop-color='#00f'/>";
    for spread in ["pad", "reflect", "repeat"] {
        // Where one colour follows the last at once, a place in the table is as wide as the edge.
        let most = if spread == "repeat" { 160 } else { EDGE };
        for attributes in ["x2='0.4' y2='0.3'", "x1='1' x2='0.5' gradientTransform='rotate(30)'"] {
            alike(
                &format!(
                    "{GROUND}<linearGradient id='g' spreadMethod='{spread}' {attributes}>{stops}</linearGradient><circle cx='40' cy='30' r='27' fill='url(#g)' fill-opacity='0.8'/>"
                ),
                most,
            );
        }
        for attributes in [
            "r='0.3'",
            "r='0.4' fx='0.3' fy='0.4'",
            "cx='30' cy='20' r='10' gradientUnits='userSpaceOnUse' gradientTransform='scale(1 2)'",
        ] {
            alike(
                &format!(
                    "{GROUND}<radialGradient id='g' spreadMethod='{spread}' {attributes}>{stops}</radialGradient><path d='M5 5h70v50h-70zm20 20h20v20h-20z' fill-rule='evenodd' fill='url(#g)'/>"
                ),
                most,
            );
        }
    }
}

#[test]
fn other_paints_masks_and_filters() {
    let focus = "<radialGradient id='g' fx='1' fy='0.5'><stop stop-color='red'/><stop offset='1'/></radialGradient>";
    alike(&format!("{focus}<rect width='80' height='60' fill='url(#g)'/>"), EDGE);
    // At the focus all colours meet in one point.
    alike(&format!("{focus}<circle cx='40' cy='30' r='20' stroke='url(#g)' stroke-width='4'/>"), 2 * EDGE);
    alike(
        &format!("{focus}<path d='M5 30H70' stroke='url(#g)' stroke-width='4'/><path d='M5 20H70' stroke='red'/>"),
        EDGE,
    );
    let pattern = "<pattern id='p' width='10' height='10' patternUnits='userSpaceOnUse'><circle cx='5' cy='5' r='3' fill='red'/></pattern>";
    alike(
        &format!("{pattern}<g transform='translate(3.3 4.7)'><rect width='60' height='40' fill='url(#p)'/></g>"),
        EDGE,
    );
    let mask = "<mask id='m'><circle cx='30' cy='25' r='18' fill='#fff' fill-opacity='0.7'/></mask>";
    alike(
        &format!("{mask}{GROUND}<g transform='translate(3.3 4.7)'><rect width='60' height='40' mask='url(#m)'/></g>"),
        EDGE,
    );
    let filter = "<filter id='f'><feGaussianBlur stdDeviation='3'/></filter>";
    alike(
        &format!(
            "{filter}<clipPath id='c'><circle cx='40' cy='25' r='18'/></clipPath><g clip-path='url(#c)'><rect width='60' height='40' filter='url(#f)'/></g>"
        ),
        EDGE,
    );
}
