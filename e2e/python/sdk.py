"""Pusher's Python SDK for the tests: python sdk.py '<JSON of the constructor's arguments>'.

Each line of standard input is a call, ["method", arg, ...]; each line of standard output its outcome, {"value": ...} or
{"error": "type of the exception", "text": "its text"}. Ends with its input.
"""

import json
import sys

from pusher import Pusher


def plain(value):
    # the shared secret of an encrypted channel comes as bytes of base64
    return value.decode("ascii") if isinstance(value, bytes) else str(value)


def call(sdk, method, *arguments):
    try:
        return {"value": getattr(sdk, method)(*arguments)}
    except Exception as error:  # whatever it is, the test compares it
        return {"error": type(error).__name__, "text": str(error)}


def main():
    sdk = Pusher(**json.loads(sys.argv[1]))
    for line in sys.stdin:
        print(json.dumps(call(sdk, *json.loads(line)), default=plain), flush=True)


if __name__ == "__main__":
    main()
