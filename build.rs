//! Links the native modules.

fn main() {
    if std::env::var_os("CARGO_FEATURE_NODE").is_some() {
        #[cfg(feature = "node")]
        napi_build::setup();
    }
    if std::env::var_os("CARGO_FEATURE_TRAIN").is_some() {
        println!(
            "cargo:rustc-link-arg=-Wl,-rpath,{}/.libtorch/lib",
            std::env::var("CARGO_MANIFEST_DIR").unwrap()
        );
    }
}
