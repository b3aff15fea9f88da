//! What the rooms of this codec do together.
