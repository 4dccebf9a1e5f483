#!/usr/bin/env python3
"""Check the public ledger of a Yangguang site without trusting the site. Needs Python 3.8 or later and nothing else.

    verify_ledger.py roots   ROOTS.json [KEPT.json]       is every day the continuation of the day before?
    verify_ledger.py receipt RECEIPT.json ROOTS.json      does the published ledger hold my entry?
    verify_ledger.py export  LEDGER.jsonl ROOTS.json      do these entries give the published roots?

KEPT.json is a copy of ROOTS.json that you, a newspaper or a library kept from earlier: who rewrites the ledger also
rewrites the site, so only what was kept elsewhere shows it. Keep a copy yourself, today.
Exit code 0: all is well. 1: something is wrong; it says what and where. 2: a file cannot be read.

How it works. An entry's hash is SHA-256 of its text. A leaf is SHA-256(00 hash), a node SHA-256(01 left right), as in
RFC 9162. A day's seal is SHA-256 of {"day","previous","root","size"} as JSON with sorted keys and no spaces.
"""
import hashlib
import json
import sys

wrong = []


def sha(data): return hashlib.sha256(data).digest()
def node(left, right): return sha(b"\x01" + left + right)
def leaf(entry_hash): return sha(b"\x00" + bytes.fromhex(entry_hash))
def unhex(path): return [bytes.fromhex(step) for step in path]


def fault(where, what):
    wrong.append(where)
    print(f"WRONG  {where}: {what}")


def walk(place, last, steps, first, second):
    """Climb from a place to the root, in the old tree (or None) and in the new one (RFC 9162, 2.1.3.2, 2.1.4.2)."""
    for step in steps:
        if last == 0:
            return None, None
        if place % 2 or place == last:
            first, second = (node(step, first) if first else None), node(step, second)
            while place and place % 2 == 0:
                place, last = place // 2, last // 2
        else:
            second = node(second, step)
        place, last = place // 2, last // 2
    return (first, second) if last == 0 else (None, None)


def continues(old, new):
    """Say whether the tree of the new day begins with the whole tree of the old one."""
    path, before, after = unhex(new["path"]), bytes.fromhex(old["root"]), bytes.fromhex(new["root"])
    if old["size"] == new["size"]:
        return not path and before == after
    steps = path if old["size"] & (old["size"] - 1) else [before] + path
    place, last = old["size"] - 1, new["size"] - 1
    while place % 2:
        place, last = place // 2, last // 2
    if not steps or not 0 < old["size"] < new["size"]:
        return False
    return walk(place, last, steps[1:], steps[0], steps[0]) == (before, after)


def check_roots(roots, kept=None):
    days, old = roots["days"], None
    for day in days:
        facts = {name: day[name] for name in ("day", "size", "root", "previous")}
        if sha(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hex() != day["seal"]:
            fault(day["day"], "the seal does not fit the day's size, root and previous seal")
        if old and (day["previous"] != old["seal"] or day["day"] <= old["day"]):
            fault(day["day"], "does not follow the day before it")
        if old and not continues(old, day):
            fault(day["day"], f"is no continuation of {old['day']}: earlier entries were changed, dropped or moved")
        old = day
    ours = {day["day"]: day for day in days}
    differing = [day["day"] for day in (kept or {"days": []})["days"]
                 if day["day"] not in ours or ours[day["day"]]["seal"] != day["seal"]]
    for name in differing[:1]:
        fault(name, "the kept copy says otherwise; entries of this day (or the list of days) were rewritten later")
    if len(differing) > 1:
        print(f"       so do the {len(differing) - 1} kept days after it, which stand on it")
    return f"{len(days)} days" + (f", {len(kept['days'])} of them compared with the kept copy" if kept else "")


def check_receipt(receipt, roots):
    proof, where = receipt["proof"], f"{receipt['stream']} #{receipt['seq']}"
    if proof is None:
        fault(where, "the receipt holds no proof yet; fetch it again after its day is closed")
        return where
    day = next((d for d in roots["days"] if d["day"] == proof["day"]), None)
    if day is None or (day["root"], day["size"]) != (proof["root"], proof["size"]):
        fault(where, f"the published root of {proof['day']} is not the one on the receipt")
        return where
    place, last, start = proof["position"], proof["size"] - 1, leaf(receipt["hash"])
    if not 0 <= place <= last or walk(place, last, unhex(proof["path"]), None, start)[1] != bytes.fromhex(day["root"]):
        fault(where, f"this entry is not in the ledger as published for {proof['day']}")
    return f"{where}, place {proof['position']} of {proof['size']} on {proof['day']}"


def check_export(lines, roots):
    """Grow the tree entry by entry; edge holds one hash for each bit of its size."""
    edge, size, heads, days, hidden = [], 0, {}, list(roots["days"]), 0

    def close_days():
        while days and days[0]["size"] == size:
            root = None
            for part in reversed(edge):
                root = part if root is None else node(part, root)
            day = days.pop(0)
            if (root or sha(b"")).hex() != day["root"]:
                fault(day["day"], f"the first {size} entries of the file do not give the root of this day")

    for line in lines:
        entry = json.loads(line)
        if "hash" not in entry:
            continue
        where = f"place {entry['position']}"
        if entry["text"] is None:
            hidden += 1
        else:
            content = json.loads(entry["text"])
            stream, seq = content["stream"], content["seq"]
            where += f" ({stream} #{seq})"
            if sha(entry["text"].encode()).hex() != entry["hash"]:
                fault(where, "altered: the text does not give the hash")
            number, head = heads.get(stream, (0, ""))
            if seq == number + 1 and content["previous"] != head:
                fault(where, "does not follow the entry before it in its chain")
            elif seq != number + 1 and not hidden:
                fault(where, f"out of order or missing: number {number + 1} of its chain should stand here")
            heads[stream] = seq, entry["hash"]
        if entry["position"] is not None:
            if entry["position"] != size:
                fault(where, f"missing or moved: place {size} should stand here")
            cell, number = leaf(entry["hash"]), size
            while number % 2:
                cell, number = node(edge.pop(), cell), number // 2
            edge.append(cell)
            size += 1
            close_days()
    for day in days:
        fault(day["day"], f"published with {day['size']} entries; the file has {size}")
    return f"{size} entries in {len(roots['days'])} days" + (f", {hidden} of them by hash only" if hidden else "")


def main(task="", *files):
    try:
        opened = [open(name, encoding="utf-8") for name in files]
        if task == "roots" and len(files) in (1, 2):
            told = check_roots(*[json.load(file) for file in opened])
        elif task == "receipt" and len(files) == 2:
            roots = json.load(opened[1])
            check_roots(roots)
            told = check_receipt(json.load(opened[0]), roots)
        elif task == "export" and len(files) == 2:
            roots = json.load(opened[1])
            check_roots(roots)
            told = check_export(opened[0], roots)
        else:
            print(__doc__)
            return 2
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"CANNOT READ  {' '.join(files)}: {error!r}")
        return 2
    print(f"{'WRONG' if wrong else 'GOOD '}  {told}; {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
