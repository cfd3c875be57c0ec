"""Runs one scenario of an agent; writes lines of JSON, and goes on when it reads a line."""

import argparse
import json
import sys

import scenarios


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


def wait():
    return sys.stdin.readline().rstrip("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", choices=scenarios.ALL)
    parser.add_argument("--grpc", help="AgentCenter's address for agents, HOST:PORT")
    parser.add_argument("--http", help="its HTTP API, HOST:PORT")
    parser.add_argument("--aksk", help="a pair of keys of that API, AK:SK")
    parser.add_argument("--ca", help="authority of AgentCenter's certificate")
    parser.add_argument("--cert", help="the agent's certificate")
    parser.add_argument("--key", help="its key")
    parser.add_argument("--other", help="directory of another authority's certificates")
    parser.add_argument("--id", default="foreign-agent", help="id of the agent")
    options = parser.parse_args()
    scenarios.ALL[options.scenario](scenarios.World(options, tell, wait))
    tell("done")


if __name__ == "__main__":
    main()
