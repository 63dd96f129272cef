//! `/backup`: a snapshot, streamed.
use crate::web::Web;
use crate::web::problem::Trouble;
use axum::extract::State;

/// `GET /backup`
pub async fn snapshot(State(_web): State<Web>) -> Result<(), Trouble> {
    Err(Trouble::fault())
}
