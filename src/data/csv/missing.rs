//! The tokens for missing cells, as the reader calls them. `-` and `.` are read as missing in every
//! column at first: whether a column holds numbers is known only when all of it was read.

pub(super) use super::super::missing::MissingTokens as Missing;
