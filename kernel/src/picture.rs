//! Photos as pages show them: upright, no larger than a page needs, with nothing in them but the picture. Telephones write
//! the place and the hour into theirs; what is shown to others carries neither.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use crate::{Error, Result};

/// Longest side on a page, in pixels.
const SIDE: u32 = 960;
/// Longest side in a list of many, in pixels.
const SMALL_SIDE: u32 = 420;
/// Pixels a side that a picture may have; more is no photo.
const LARGEST: u32 = 12_000;

/// The picture in these bytes (JPEG or PNG) as a JPEG for pages.
///
/// # Errors
/// At this field of the form, when the bytes are no such picture or one too large to open.
pub fn small(bytes: &[u8], field: &str) -> Result<Vec<u8>> {
    drawn(bytes, SIDE).map_err(|_| Error::field(field.to_owned(), "error.file_kind"))
}

/// A picture that [`small`] drew, smaller still: for lists of many.
///
/// # Errors
/// When the bytes are no picture.
pub fn smaller(bytes: &[u8]) -> Result<Vec<u8>> {
    drawn(bytes, SMALL_SIDE).map_err(Error::internal)
}

fn drawn(bytes: &[u8], side: u32) -> image::ImageResult<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LARGEST), Some(LARGEST));
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(turned);
    if picture.width().max(picture.height()) > side {
        picture = picture.thumbnail(side, side);
    }
    let mut out = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 78);
    picture.to_rgb8().write_with_encoder(encoder)?;
    Ok(out.into_inner())
}
