//! The boundary to Node.js, the only module that knows Node-API. It does four things: own the input, build a task, compute,
//! resolve. Errors cross it as sentences; JavaScript makes the `Error` objects, so that their stacks show the caller.

mod convert;
pub mod methods;
pub mod statics;
pub mod tasks;
