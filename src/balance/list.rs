//! All methods there are, those that need the losses alone first.

use super::About;
use super::methods::*;

/// Every method, by the names users know.
pub const METHODS: [&About; 27] = [
    &equal::ABOUT,
    &fixed::ABOUT,
    &uncertainty::ABOUT,
    &imtl_l::ABOUT,
    &dwa::ABOUT,
    &gls::ABOUT,
    &rlw::ABOUT,
    &famo::ABOUT,
    &stch::ABOUT,
    &gradnorm::ABOUT,
    &mgda::ABOUT,
    &pcgrad::ABOUT,
    &gradvac::ABOUT,
    &graddrop::ABOUT,
    &imtl_g::ABOUT,
    &imtl::ABOUT,
    &cagrad::ABOUT,
    &nash::ABOUT,
    &aligned::ABOUT,
    &upgrad::ABOUT,
    &dualproj::ABOUT,
    &fairgrad::ABOUT,
    &db_mtl::ABOUT,
    &excess::ABOUT,
    &moco::ABOUT,
    &sdmgrad::ABOUT,
    &config::ABOUT,
];
