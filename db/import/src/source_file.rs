//! Reads a file of another tool as text.

use std::path::Path;

use revision::Place;

use crate::problem::Problem;

/// The text of a file, without a byte order mark.
pub(crate) fn read(path: &Path) -> Result<String, Problem> {
    let bytes = regular_file::read(path).map_err(|error| Problem::Io { path: path.to_owned(), error })?;
    if [b"\xff\xfe", b"\xfe\xff"].iter().any(|mark| bytes.starts_with(*mark)) {
        return Err(Problem::Utf16 { path: path.to_owned() });
    }
    let bom = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let problem = |at: usize, problem| {
        let before = String::from_utf8_lossy(&bytes[bom..at]);
        Problem::Sql { path: path.to_owned(), place: Place::START.after(&before), problem }
    };
    if let Err(error) = std::str::from_utf8(&bytes[bom..]) {
        let at = bom + error.valid_up_to();
        return Err(problem(at, revision::Problem::NotUtf8 { offset: at as u64 }));
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(problem(at, revision::Problem::NulByte { offset: at as u64 }));
    }
    Ok(String::from_utf8_lossy(&bytes[bom..]).into_owned())
}
