//! Rows to bytes and back: one envelope with a checksum around every value, and in it one form per kind of row. The only file that
//! names the record codec.

use super::catalogue::Family;
use super::error::StoreError;
use super::seam::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The first byte of every value: the layout of the envelope itself.
const ENVELOPE: u8 = 1;
/// Bytes before the payload: envelope, version of the row, checksum.
const HEAD: usize = 6;
/// Bytes of one record at most: above the largest body a webhook may have, far below what would hurt.
pub const RECORD_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A kind of row: how it is written, and how every form it ever had is read.
pub trait Record: Sized {
    /// The version written now. It rises when the fields change; `read` goes on knowing the older ones.
    const VERSION: u8;
    /// The payload.
    fn write(&self) -> Result<Bytes, String>;
    /// A row of this version or an older one; the error says what is wrong with it.
    fn read(version: u8, payload: &[u8]) -> Result<Self, String>;
}

/// Wraps a row for this key. The checksum covers family, key, version and payload, so that a value under a wrong key is noticed too.
pub fn seal<T: Record>(family: Family, key: &[u8], row: &T) -> Result<Bytes, StoreError> {
    let unwritable = |why| StoreError::Unwritable { family: family.name(), why };
    let payload = row.write().map_err(unwritable)?;
    if payload.len() > RECORD_BYTES_MAX {
        return Err(unwritable(format!("it has {} bytes, more than {RECORD_BYTES_MAX}", payload.len())));
    }
    let mut value = Vec::with_capacity(HEAD + payload.len());
    value.extend([ENVELOPE, T::VERSION]);
    value.extend(checksum(family, key, T::VERSION, &payload).to_be_bytes());
    value.extend(payload);
    Ok(value)
}

/// Unwraps the row at this key, verified.
pub fn open<T: Record>(family: Family, key: &[u8], value: &[u8]) -> Result<T, StoreError> {
    unwrap(family, key, value).and_then(|(version, payload)| T::read(version, payload)).map_err(|why| StoreError::Corrupt {
        family: family.name(),
        key: hex::encode(key),
        why,
    })
}

fn unwrap<'a>(family: Family, key: &[u8], value: &'a [u8]) -> Result<(u8, &'a [u8]), String> {
    let (Some(head), Some(payload)) = (value.first_chunk::<HEAD>(), value.get(HEAD..)) else {
        return Err("it is cut short".to_owned());
    };
    let [envelope, version, sum @ ..] = *head;
    if envelope != ENVELOPE {
        return Err(format!("its envelope is {envelope}, this build knows {ENVELOPE}"));
    }
    if u32::from_be_bytes(sum) != checksum(family, key, version, payload) {
        return Err("its checksum is wrong".to_owned());
    }
    Ok((version, payload))
}

fn checksum(family: Family, key: &[u8], version: u8, payload: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    // Lengths first, so that no byte can move from one part to the next unnoticed.
    sum.update(&[family.name().len() as u8]);
    sum.update(family.name().as_bytes());
    sum.update(&(key.len() as u32).to_be_bytes());
    sum.update(key);
    sum.update(&[version]);
    sum.update(payload);
    sum.finalize()
}

fn binary() -> impl bincode::config::Config {
    bincode::config::standard().with_limit::<RECORD_BYTES_MAX>()
}

/// The compact form, for rows only this program writes. It cannot skip a field or gain one: a change of fields is a new version.
pub fn to_binary<T: Serialize>(row: &T) -> Result<Bytes, String> {
    bincode::serde::encode_to_vec(row, binary()).map_err(|error| error.to_string())
}

/// Reads the compact form; bytes left over are a fault.
pub fn from_binary<T: DeserializeOwned>(payload: &[u8]) -> Result<T, String> {
    match bincode::serde::decode_from_slice(payload, binary()) {
        Ok((row, used)) if used == payload.len() => Ok(row),
        Ok((_, used)) => Err(format!("{} bytes are left over", payload.len() - used)),
        Err(error) => Err(error.to_string()),
    }
}

/// JSON, for what people and other programs write.
pub fn to_json<T: Serialize>(row: &T) -> Result<Bytes, String> {
    serde_json::to_vec(row).map_err(|error| error.to_string())
}

/// Reads JSON.
pub fn from_json<T: DeserializeOwned>(payload: &[u8]) -> Result<T, String> {
    serde_json::from_slice(payload).map_err(|error| error.to_string())
}

/// The words for a version that this build cannot read.
pub fn strange(version: u8, known: u8) -> String {
    format!("it is of version {version}, this build knows up to {known}")
}

/// Rows that have had one form so far: `form: to, from; Type = version`.
macro_rules! records {
    ($to:ident, $from:ident: $($row:ty),* $(,)?) => {$(
        impl $crate::store::codec::Record for $row {
            const VERSION: u8 = 1;
            fn write(&self) -> Result<$crate::store::seam::Bytes, String> {
                $crate::store::codec::$to(self)
            }
            fn read(version: u8, payload: &[u8]) -> Result<Self, String> {
                match version {
                    1 => $crate::store::codec::$from(payload),
                    other => Err($crate::store::codec::strange(other, Self::VERSION)),
                }
            }
        }
    )*};
}
pub(crate) use records;

/// A row that says all by being there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present;

impl Record for Present {
    const VERSION: u8 = 1;
    fn write(&self) -> Result<Bytes, String> {
        Ok(Vec::new())
    }
    fn read(version: u8, payload: &[u8]) -> Result<Present, String> {
        match (version, payload) {
            (1, []) => Ok(Present),
            (1, _) => Err("it should be empty".to_owned()),
            _ => Err(strange(version, 1)),
        }
    }
}

/// Bytes as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain(pub Bytes);

impl Record for Plain {
    const VERSION: u8 = 1;
    fn write(&self) -> Result<Bytes, String> {
        Ok(self.0.clone())
    }
    fn read(version: u8, payload: &[u8]) -> Result<Plain, String> {
        if version == 1 { Ok(Plain(payload.to_vec())) } else { Err(strange(version, 1)) }
    }
}
