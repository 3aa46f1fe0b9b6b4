//! The Content-Type of a file by its name. The aws CLI uses the machine's own list, which may lack fonts and images, or
//! classify JavaScript as text.

/// The type of files of any other kind: the browser downloads them.
const OTHER: &str = "application/octet-stream";

/// The types of the files that Vite emits, and of those that are common in its `public` folder, by extension.
const TYPES: [(&str, &[&str]); 38] = [
    ("text/html; charset=utf-8", &["html", "htm"]),
    ("text/javascript; charset=utf-8", &["js", "mjs", "cjs"]),
    ("text/css; charset=utf-8", &["css"]),
    ("text/plain; charset=utf-8", &["txt"]),
    ("text/markdown; charset=utf-8", &["md"]),
    ("text/csv; charset=utf-8", &["csv"]),
    ("text/vtt; charset=utf-8", &["vtt"]),
    ("application/json", &["json", "map"]),
    ("application/geo+json", &["geojson"]),
    ("application/manifest+json", &["webmanifest"]),
    ("application/wasm", &["wasm"]),
    ("application/xml", &["xml"]),
    ("application/pdf", &["pdf"]),
    ("application/zip", &["zip"]),
    ("image/svg+xml", &["svg"]),
    ("image/png", &["png"]),
    ("image/apng", &["apng"]),
    ("image/jpeg", &["jpg", "jpeg", "jfif", "pjpeg", "pjp"]),
    ("image/gif", &["gif"]),
    ("image/webp", &["webp"]),
    ("image/avif", &["avif"]),
    ("image/jxl", &["jxl"]),
    ("image/bmp", &["bmp"]),
    ("image/x-icon", &["ico", "cur"]),
    ("font/woff2", &["woff2"]),
    ("font/woff", &["woff"]),
    ("font/ttf", &["ttf"]),
    ("font/otf", &["otf"]),
    ("application/vnd.ms-fontobject", &["eot"]),
    ("video/mp4", &["mp4"]),
    ("video/webm", &["webm"]),
    ("video/quicktime", &["mov"]),
    ("audio/ogg", &["ogg", "opus"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/wav", &["wav"]),
    ("audio/flac", &["flac"]),
    ("audio/aac", &["aac"]),
    ("audio/mp4", &["m4a"]),
];

pub(super) fn content_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase());
    TYPES.iter().find(|(_, extensions)| extensions.contains(&extension.as_str())).map_or(OTHER, |(found, _)| found)
}

#[cfg(test)]
mod tests {
    use super::{OTHER, content_type};

    /// The asset types of Vite 8 (`packages/vite/src/node/constants.ts`, `KNOWN_ASSET_TYPES`).
    const VITE: &str = "apng bmp png jpg jpeg jfif pjpeg pjp gif svg ico webp avif cur jxl mp4 webm ogg mp3 wav flac aac \
                        opus mov m4a vtt woff woff2 eot ttf otf webmanifest pdf txt";

    #[test]
    fn every_kind_of_file_that_vite_emits_has_a_type() {
        for extension in VITE.split(' ').chain(["html", "js", "css", "json", "map", "wasm"]) {
            assert_ne!(content_type(&format!("assets/it-D4x.{extension}")), OTHER, "{extension}");
        }
    }

    #[test]
    fn the_last_extension_counts_in_any_case() {
        for (name, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("assets/index-D4x.min.js", "text/javascript; charset=utf-8"),
            ("LOGO.PNG", "image/png"),
            (".well-known/apple-app-site-association", OTHER),
            ("a.json/b", OTHER),
        ] {
            assert_eq!(content_type(name), expected, "{name}");
        }
    }
}
