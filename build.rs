use std::env;

/// Whether every processor of the target has vectors of 128 bits that `src/simd/` knows.
fn has_vectors() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    let has = |feature: &str| features.split(',').any(|found| found == feature);
    is("CARGO_CFG_TARGET_ARCH", "x86_64") && has("sse4.1")
        || is("CARGO_CFG_TARGET_ARCH", "aarch64") && is("CARGO_CFG_TARGET_ENDIAN", "little") && has("neon")
}

/// Links the system's libvips, on Linux by its path. By its name zig would look in the system's folder for the C library too,
/// of which it has an older one to link with; what libvips needs of the newer one is there when it is loaded.
#[cfg(feature = "libvips")]
fn link_libvips() {
    let by_path = env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux");
    let found = pkg_config::Config::new().atleast_version("8.13").cargo_metadata(!by_path).probe("vips");
    let library =
        found.unwrap_or_else(|error| panic!("the feature libvips needs libvips 8.13 or later and pkg-config: {error}"));
    if !by_path {
        return;
    }
    let folder = pkg_config::get_variable("vips", "libdir").expect("vips.pc has a libdir");
    for name in library.libs {
        println!("cargo::rustc-link-arg={folder}/lib{name}.so");
    }
    println!("cargo::rustc-link-arg=-Wl,--allow-shlib-undefined");
}

/// What the linker needs to know beyond what rustc passes to it.
fn link_arguments(os: &str, env: &str) -> &'static [&'static str] {
    match (os, env) {
        // The assembly of rav1d addresses its tables relative to the code. In a shared library, that takes symbols that no other
        // library can replace.
        ("linux", _) => &["-Wl,-Bsymbolic"],
        // Otherwise the library carries the path at which it was linked.
        ("macos", _) => &["-Wl,-install_name,@rpath/lancet.node"],
        _ => &[],
    }
}

fn main() {
    println!("cargo::rustc-check-cfg=cfg(vectors)");
    if has_vectors() {
        println!("cargo::rustc-cfg=vectors");
    }
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    // With MinGW, napi-build looks for an import library of Node. The feature `dyn-symbols` of napi finds Node's functions when
    // the addon is loaded, so none is needed.
    if target("OS") != "windows" || target("ENV") != "gnu" {
        napi_build::setup();
    }
    #[cfg(feature = "libvips")]
    link_libvips();
    for argument in link_arguments(&target("OS"), &target("ENV")) {
        println!("cargo::rustc-cdylib-link-arg={argument}");
    }
}
