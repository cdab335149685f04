"""Answers questions, a line of JSON each, by asking a client (see npm/driver.js):

    python3 driver.py boto|aws

Each is a file beside this one with a class Driver.
"""
import importlib
import json
import sys

client = importlib.import_module(sys.argv[1])
kept = {}  # drivers by what they were opened with


def answer(q):
    name = json.dumps(q["open"])
    if name not in kept:
        kept[name] = client.Driver(q["open"])
    method = getattr(kept[name], q["do"], None)
    if method is None:
        return {"unsupported": True}
    try:
        return {"value": method(q)}
    except NotImplementedError:
        return {"unsupported": True}
    except Exception as e:  # whatever a client raises is its answer
        status, code = kept[name].refused(e)
        return {"message": str(e) or type(e).__name__, "status": status, "code": code}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
