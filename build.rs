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

fn main() {
    println!("cargo::rustc-check-cfg=cfg(vectors)");
    if has_vectors() {
        println!("cargo::rustc-cfg=vectors");
    }
    napi_build::setup();
    #[cfg(feature = "libvips")]
    link_libvips();
    // rav1d's assembly refers to its tables by distance, which a shared library can only have to symbols that nothing
    // outside can take the place of.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-Bsymbolic");
    }
}
