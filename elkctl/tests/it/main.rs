//! Integration tests of the product as a whole.

mod access;
mod backend;
mod changes;
mod contract;
mod crash;
mod directory;
mod fake;
mod foreign;
mod generated;
mod globals;
mod greeting;
mod layers;
mod neighbours;
mod proof;
mod start;
mod terminal;
mod trouble;
mod work;
