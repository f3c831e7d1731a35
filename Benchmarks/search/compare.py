"""Solves the tables that search-benchmark wrote with HiGHS and compares the optima.

    swift run -c release search-benchmark FOLDER
    pip install highspy && python3 compare.py FOLDER
"""

import json
import pathlib
import sys
import time

import highspy


def solve(problem):
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("threads", 1)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.5)
    rows = [[] for _ in problem["resources"]]
    damages = []
    objective = []
    for group in problem["groups"]:
        variables = []
        for option in group["options"]:
            variable = model.addBinary()
            variables.append(variable)
            damages.append(option["damage"])
            objective.append(option["damage"] * variable)
            for cost in option["costs"]:
                rows[cost["resource"]].append(cost["amount"] * variable)
        model.addConstr(model.qsum(variables) == 1)
    for resource, row in zip(problem["resources"], rows):
        limit = problem["budgets"][resource["budget"]].get("limit")
        if limit is not None and row:
            model.addConstr(model.qsum(row) <= limit - resource["base"])
    start = time.perf_counter()
    model.minimize(model.qsum(objective))
    seconds = time.perf_counter() - start
    if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None, seconds
    values = model.getSolution().col_value
    return sum(damage for damage, value in zip(damages, values) if value > 0.5), seconds


def main():
    differences = 0
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"), key=lambda path: int(path.stem))
    for path in files:
        exchange = json.loads(path.read_text())
        expected, seconds = solve(exchange["problem"])
        found = exchange.get("damage")
        agrees = str(expected) == found if expected is not None else exchange["status"] == "infeasible"
        differences += not agrees
        print(exchange["name"], exchange["status"], found, expected, "agrees" if agrees else "DIFFERS",
              f"ours {exchange['seconds']:.3f} s, HiGHS {seconds:.3f} s", flush=True)
    print(f"{len(files)} compared, {differences} differ")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
