//! The server, over real sockets.

mod connections;
mod problems;
mod world;
