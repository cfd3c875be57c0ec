//! Integration tests of the product as a whole.

mod layers;
mod proof;
