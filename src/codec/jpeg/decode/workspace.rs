//! Memory that one image leaves to the next: fresh memory costs page faults, and most files have the same Huffman tables.

use std::sync::Mutex;

use super::fast::{Fast, PLAN, Room, Tables};
use crate::simd::Level;

/// Workspaces that are kept, of 160 KB each.
const KEPT: usize = 4;

static IDLE: Mutex<Vec<Workspace>> = Mutex::new(Vec::new());

/// What the decoding of healthy sequential data needs.
pub(super) struct Workspace {
    pub(super) tables: Tables,
    pub(super) fast: Fast,
    /// The coefficients of a batch of MCUs.
    pub(super) room: Box<Room>,
}

impl Workspace {
    /// One that is idle, or a new one.
    pub(super) fn take() -> Option<Self> {
        let idle = IDLE.lock().ok().and_then(|mut idle| idle.pop());
        let mut workspace = match idle {
            Some(workspace) => workspace,
            None => {
                let room = bytemuck::allocation::try_zeroed_box().ok()?;
                Self { tables: Tables::new()?, fast: Fast::new()?, room }
            }
        };
        workspace.tables.make_room();
        workspace.fast.begin();
        // An image that was not decoded to its end leaves something behind.
        workspace.room.clear(Level::best(), 0..PLAN);
        Some(workspace)
    }

    /// Keeps it for the next image, unless there are enough.
    pub(super) fn give_back(self) {
        if let Ok(mut idle) = IDLE.lock()
            && idle.len() < KEPT
        {
            idle.push(self);
        }
    }
}
