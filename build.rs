fn main() {
    napi_build::setup();
    // rav1d's assembly refers to its tables by distance, which a shared library can only have to symbols that nothing
    // outside can take the place of.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-Bsymbolic");
    }
}
