//! AgentCenter on real sockets: mutual TLS, HTTP/2, a Manager and a ServiceDiscovery to call.

mod agents;
mod control;
mod identity;
mod limits;
mod results;
mod world;
