"""Generates vectors.jsonl: Alembic's own results for random revision graphs.

    pip install alembic==1.20.1
    PYTHONHASHSEED=0 python generate.py [GRAPHS] [SEED] > vectors.jsonl

Each line is a graph (in file order) and its cases. Alembic iterates over sets, so some results depend on the hash seed.
The program runs itself again with eight other seeds. Cases whose results differ are omitted, or marked
`tableops-any-order` if only the operations on the version table differ.
"""

import json
import os
import random
import subprocess
import sys
import warnings

from alembic.runtime.migration import HeadMaintainer, MigrationStep
from alembic.script.base import ScriptDirectory
from alembic.script.revision import Revision, RevisionError, RevisionMap
from alembic.util import CommandError

SEEDS = tuple(map(str, range(1, 9)))


def random_graph(rng):
    ids = [f"{rng.getrandbits(48):012x}" for _ in range(rng.randint(2, 9))]
    graph, heads = [], []
    for index, revision in enumerate(ids):
        down, deps = [], []
        if index and rng.random() < 0.85:
            down = [rng.choice(ids[:index])]
            if index > 1 and rng.random() < 0.25:
                other = rng.choice(ids[:index])
                down += [other] if other not in down else []
        if index and rng.random() < 0.12:
            dependency = rng.choice(ids[:index])
            deps = [dependency] if dependency not in down else []
        labels = [f"lab{index}"] if rng.random() < 0.2 else []
        graph.append({"id": revision, "down": down, "deps": deps, "labels": labels})
    rng.shuffle(graph)
    return graph


def map_of(graph):
    revisions = [Revision(r["id"], tuple(r["down"]) or None, tuple(r["deps"]) or None, tuple(r["labels"]) or None) for r in graph]
    revision_map = RevisionMap(lambda: iter(revisions))
    revision_map._revision_map
    return revision_map


class Directory(ScriptDirectory):
    """A script directory without files."""

    def __init__(self, revision_map):
        self.revision_map = revision_map
        for revision in revision_map._revision_map.values():
            if revision is not None:
                revision.module = type("module", (), {"upgrade": None, "downgrade": None})


class Rows(HeadMaintainer):
    """The version table's rows, with a record of the operations on them."""

    def __init__(self, heads):
        self.heads, self.record = set(heads), []

    def _insert_version(self, version):
        assert version not in self.heads
        self.heads.add(version)
        self.record.append(["insert", version])

    def _delete_version(self, version):
        self.heads.remove(version)
        self.record.append(["delete", version])

    def _update_version(self, from_, to_):
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)
        self.record.append(["update", from_, to_])


def plan(steps, heads):
    rows, result = Rows(heads), []
    for step in steps:
        rows.record = []
        rows.update_to_step(step)
        revision = getattr(step, "revision", None)
        result.append({"rev": revision and revision.revision, "table": rows.record, "heads": sorted(rows.heads)})
    return {"plan": result, "heads": sorted(rows.heads)}


def names(revisions):
    return [r if r is None or isinstance(r, str) else r.revision for r in revisions]


def answer(graph, case):
    directory = Directory(map_of(graph))
    command, target, rows = case["cmd"], case.get("target"), tuple(case.get("from", ()))
    try:
        if command == "upgrade":
            return plan(directory._upgrade_revs(target, rows), rows)
        if command == "downgrade":
            return plan(directory._downgrade_revs(target, rows), rows)
        if command == "stamp":
            return plan(directory._stamp_revs((target,), rows), rows)
        if command == "resolve":
            return {"revs": names(directory.get_revisions(target))}
        if command == "walk":
            return {"revs": names(directory.walk_revisions(*target))}
        revision_map = directory.revision_map
        labels = {r["id"]: sorted(revision_map._revision_map[r["id"]].branch_labels) for r in graph}
        ends = {name: sorted(getattr(revision_map, name)) for name in ("heads", "bases")}
        return {**ends, "real_heads": sorted(revision_map._real_heads), "labels": labels}
    except (CommandError, RevisionError) as error:
        return {"error": "CommandError", "message": str(error)}
    except (AssertionError, KeyError, AttributeError, TypeError) as error:
        return {"error": type(error).__name__, "message": ""}


def targets(rng, graph):
    ids = [r["id"] for r in graph]
    labels = [label for r in graph for label in r["labels"]] or ["nolabel"]
    one, label = rng.choice(ids), rng.choice(labels)
    plain = ["head", "heads", "base", "+1", "+2", "-1", "-2", "-9", one, one[:4], one[:2], "zzzz", one + "+1", one + "-1"]
    return plain + [f"{one}@head", f"{label}@base", f"{label}@+1", f"{label}@-1", f"{label}@{one}", f"{label}@heads", label]


def rows_of(rng, graph):
    """Version rows as an upgrade can leave them."""
    directory = Directory(map_of(graph))
    rows = Rows(())
    for _ in range(rng.randint(0, 2)):
        try:
            for step in directory._upgrade_revs(rng.choice([r["id"] for r in graph]), tuple(sorted(rows.heads))):
                rows.update_to_step(step)
        except (CommandError, AssertionError, KeyError):
            break
    return sorted(rows.heads)


def cases(rng, graph):
    yield {"cmd": "map"}
    rows = [rows_of(rng, graph) for _ in range(2)]
    for target in rng.sample(targets(rng, graph), 8):
        yield {"cmd": "resolve", "target": target}
        for command in ("upgrade", "downgrade", "stamp"):
            for start in rows:
                yield {"cmd": command, "from": start, "target": target}
    ends = targets(rng, graph)
    for _ in range(4):
        yield {"cmd": "walk", "target": [rng.choice(ends), rng.choice(ends)]}


def answers(count, seed):
    rng = random.Random(seed)
    while count:
        graph = random_graph(rng)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                map_of(graph)
        except (RevisionError, UserWarning):
            continue
        count -= 1
        answered = []
        for case in cases(rng, graph):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                expect = answer(graph, case)
            if caught:
                expect["warnings"] = [str(warning.message) for warning in caught]
            answered.append({**case, "expect": expect})
        yield {"graph": graph, "cases": answered}


def without_tables(expect):
    steps = [{**step, "table": sorted(len(row) for row in step["table"])} for step in expect.get("plan", ())]
    return {**expect, "plan": steps}


def main():
    count, seed = map(int, (sys.argv[1:] + ["150", "1"][len(sys.argv) - 1 :])[:2])
    lines = list(answers(count, seed))
    if os.environ.get("VECTORS_CHILD"):
        json.dump(lines, sys.stdout)
        return
    others = []
    for hash_seed in SEEDS:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "VECTORS_CHILD": "1"}
        command = [sys.executable, __file__, str(count), str(seed)]
        others.append(json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout))
    for index, line in enumerate(lines):
        kept = []
        for number, case in enumerate(line["cases"]):
            all_answers = [case["expect"]] + [other[index]["cases"][number]["expect"] for other in others]
            if any(one.get("error", "CommandError") != "CommandError" for one in all_answers):
                stability = "alembic-crash"
            elif all(one == all_answers[0] for one in all_answers):
                stability = "exact"
            elif all(without_tables(one) == without_tables(all_answers[0]) for one in all_answers):
                stability = "tableops-any-order"
            else:
                continue
            case["expect"].pop("message", None)
            kept.append({**case, "stability": stability})
        print(json.dumps({"graph": line["graph"], "cases": kept}, separators=(",", ":")))


main()
