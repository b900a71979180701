//! Links the two native modules: napi's symbols for both, run paths to libtorch for training.
//! In: the features and `.libtorch` beside this file. Out: linker arguments.

// A build script has nobody to hand an error to but cargo, which shows a panic well enough.
#![allow(clippy::expect_used)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

// Where the training module finds libtorch at run time, first match wins: this checkout's
// link beside `native/`, then the package of shared libraries in npm's flat layout
// (`node_modules/polytask-<platform>/`) and in a scoped or nested one.
const RUN_PATHS: [&str; 3] =
    ["../.libtorch/lib", "../libtorch-cpu-{platform}/lib", "../../libtorch-cpu-{platform}/lib"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "node")]
    napi_build::setup();
    link_floor();
    if env::var_os("CARGO_FEATURE_TRAIN").is_some() {
        link_libtorch();
    }
}

/// The modules are linked with the folder first in which scripts/floor.js has stand-ins for an
/// older glibc, so that they run there too.
fn link_floor() {
    println!("cargo::rerun-if-env-changed=POLYTASK_FLOOR");
    if let Ok(folder) = env::var("POLYTASK_FLOOR") {
        println!("cargo::rustc-link-arg-cdylib=-L{folder}");
    }
}

fn link_libtorch() {
    let os = variable("CARGO_CFG_TARGET_OS");
    let origin = match os.as_str() {
        "linux" => "$ORIGIN",
        "macos" => "@loader_path",
        // Windows has no run paths: the loader of the module looks there itself.
        _ => return,
    };
    let platform =
        format!("{}-{}", node_platform(&os), node_arch(&variable("CARGO_CFG_TARGET_ARCH")));
    for path in RUN_PATHS {
        let path = path.replace("{platform}", &platform);
        println!("cargo::rustc-link-arg-cdylib=-Wl,-rpath,{origin}/{path}");
    }
    // Cargo cannot aim at the unit tests of a library alone, so this one reaches the module
    // too; written from the binaries' own folder, it says nothing of this machine there.
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", path_for_tests(origin));
    if os == "linux" {
        // RPATH, not RUNPATH: it also serves what libtorch itself asks for, and a stray
        // LD_LIBRARY_PATH does not swap our libtorch for another version.
        println!("cargo::rustc-link-arg=-Wl,--disable-new-dtags");
        // Unloading libtorch crashes in its static destructors.
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
        stand_in_for_cuda();
    }
}

/// torch-sys asks the linker for torch_cuda if the libtorch it was first built against had
/// one, and asks on when `.libtorch` has moved to one without. Nothing of it is ever linked,
/// so an empty archive of that name serves as well.
fn stand_in_for_cuda() {
    let folder = PathBuf::from(variable("OUT_DIR"));
    fs::write(folder.join("libtorch_cuda.a"), "!<arch>\n").expect("OUT_DIR is ours to write to");
    println!("cargo::rustc-link-search=native={}", folder.display());
}

/// From `<target>/<profile>/deps`, where test binaries lie, to `.libtorch/lib`: relative
/// where the target folder is inside this checkout, absolute where it was moved elsewhere.
fn path_for_tests(origin: &str) -> String {
    let checkout = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    // OUT_DIR is <target>/<profile>/build/<package>/out: two deeper than <profile>/deps.
    match out.strip_prefix(&checkout).map(|inside| inside.components().count()) {
        Ok(depth) if depth > 2 => format!("{origin}/{}.libtorch/lib", "../".repeat(depth - 2)),
        _ => Path::join(&checkout, ".libtorch/lib").display().to_string(),
    }
}

fn node_platform(os: &str) -> &str {
    if os == "macos" { "darwin" } else { os }
}

fn node_arch(arch: &str) -> &str {
    match arch {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn variable(name: &str) -> String {
    env::var(name).expect("cargo sets this for every build script")
}
