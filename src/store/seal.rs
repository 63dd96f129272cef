//! Sealing secrets: XChaCha20-Poly1305 with a key that lies beside the data in a file of its own. Chance comes in as an argument.

use super::error::OpenError;
use super::file;
use crate::base::secret::Secret;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// What a text is sealed with once: 24 bytes from chance, long enough never to repeat.
pub type Nonce = [u8; 24];

/// The key of all secrets in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealKey(Secret<[u8; KEY_BYTES]>);

impl SealKey {
    /// A key of these bytes.
    pub fn new(bytes: [u8; KEY_BYTES]) -> SealKey {
        SealKey(Secret::new(bytes))
    }

    /// Its bytes, for wrapping it in a recovery phrase.
    pub fn reveal(&self) -> &[u8; KEY_BYTES] {
        self.0.reveal()
    }

    /// The key in a file: 64 hexadecimal digits. A file that others can read is refused.
    pub fn read(path: &Path) -> Result<SealKey, OpenError> {
        let refusal = |error: &std::io::Error| file::refusal(path, error);
        let mode = path.metadata().map_err(|error| refusal(&error))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(OpenError::Io { path: path.to_owned(), why: "others can read it; set its mode to 0600".to_owned() });
        }
        let text = Secret::new(std::fs::read_to_string(path).map_err(|error| refusal(&error))?);
        let mut bytes = [0; KEY_BYTES];
        match hex::decode_to_slice(text.reveal().trim(), &mut bytes) {
            Ok(()) => Ok(SealKey::new(bytes)),
            Err(_) => Err(OpenError::Foreign(path.to_owned())),
        }
    }

    /// Writes the key into a new file, readable by its owner alone. One that exists is refused.
    pub fn create(&self, path: &Path) -> Result<(), OpenError> {
        let mut file = file::create_new(path)?;
        let text = Secret::new(format!("{}\n", hex::encode(self.reveal())));
        file.write_all(text.reveal().as_bytes()).and_then(|()| file.sync_all()).map_err(|error| file::refusal(path, &error))?;
        file::sync_folder(path)
    }

    /// Seals a text, bound to its place.
    pub fn seal(&self, nonce: &Nonce, place: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        self.cipher().encrypt(&XNonce::from(*nonce), Payload { msg: text, aad: place }).ok()
    }

    /// Opens a text sealed with this key, nonce and place; nothing where one of them is another.
    pub fn open(&self, nonce: &Nonce, place: &[u8], sealed: &[u8]) -> Option<Secret<Vec<u8>>> {
        self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: place }).ok().map(Secret::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.reveal().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_key_and_at_its_place_only() {
        let (key, nonce) = (SealKey::new([7; 32]), [9; 24]);
        let sealed = key.seal(&nonce, b"here", b"token").expect("sealed");
        assert_eq!(key.open(&nonce, b"here", &sealed).expect("opened").reveal(), b"token");
        assert!(key.open(&nonce, b"there", &sealed).is_none());
        assert!(SealKey::new([8; 32]).open(&nonce, b"here", &sealed).is_none());
        assert!(!sealed.windows(5).any(|part| part == b"token"));
    }

    #[test]
    fn a_key_file_is_private_and_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data.key");
        let key = SealKey::new([7; 32]);
        key.create(&path).expect("created");
        assert_eq!(SealKey::read(&path), Ok(key.clone()));
        assert_eq!(path.metadata().expect("metadata").permissions().mode() & 0o777, 0o600);
        assert_eq!(SealKey::new([8; 32]).create(&path), Err(OpenError::Exists(path.clone())));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("opened to others");
        assert!(SealKey::read(&path).is_err());
    }
}
