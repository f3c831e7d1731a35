"""Compares estimates of neural processors with the vendor compiler's own, network by network.

Usage: python compare.py --dovetail PROGRAM --profiles FOLDER [--oracle FILE] NETWORK.tflite...

Needs ethos-u-vela (requirements.txt). What Vela printed is kept in --oracle, so that a second run asks it nothing.
"""
import argparse
import csv
import importlib.util
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from configurations import all_configurations


def vela(network, accelerator, system, mode):
    """Total and layers of Vela's estimate, or why there is none."""
    package = pathlib.Path(importlib.util.find_spec("ethosu").submodule_search_locations[0])
    program = pathlib.Path(sys.executable).parent / "vela"
    with tempfile.TemporaryDirectory() as folder:
        arguments = [program, network, "--accelerator-config", accelerator, "--system-config", system]
        arguments += ["--memory-mode", mode, "--config", package / "config_files/Arm/vela.ini"]
        arguments += ["--output-dir", folder, "--verbose-performance"]
        run = subprocess.run(arguments, capture_output=True, text=True)
        summary = pathlib.Path(folder) / f"{network.stem}_summary_{system}.csv"
        if run.returncode or not summary.exists():
            return {"error": (run.stderr or run.stdout)[-200:]}
        row = next(csv.DictReader(summary.open()))
        layers = list(csv.DictReader((pathlib.Path(folder) / f"{network.stem}_per-layer.csv").open()))
    return {
        "cycles": int(row["cycles_total"]),
        "layers": [[layer["NNG Operator"], int(float(layer["Op Cycles"]))] for layer in layers],
    }


def dovetail(options, network, accelerator, settings):
    """Total and layers of our estimate, or why there is none."""
    arguments = [options.dovetail, "estimate", network, "--device", accelerator, "--format", "json"]
    arguments += ["--profiles", options.profiles]
    for key, value in settings.items():
        arguments += ["--set", f"{key}={value}"]
    run = subprocess.run(arguments, capture_output=True, text=True)
    try:
        report = json.loads(run.stdout)
        layers = [[layer["name"], layer["cycles"]["total"]] for layer in report["layers"]]
        return {"cycles": report["totals"]["cycles"], "layers": layers}
    except (ValueError, KeyError):
        return {"error": (run.stderr or run.stdout)[-300:]}


def summary(name, errors):
    ordered = sorted(abs(error) for error in errors)
    worst = ordered[-1]
    ninth = ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))]
    inside = sum(error <= 0.15 for error in ordered)
    print(
        f"{name}: {len(ordered)} estimates, median error {statistics.median(ordered):.1%}, 90th percentile {ninth:.1%},"
        f" largest {worst:.1%}, {inside} within 15 %; mean {statistics.mean(errors):+.1%}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dovetail", required=True)
    parser.add_argument("--profiles", required=True)
    parser.add_argument("--oracle", default="oracle.json")
    parser.add_argument("--layers", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("networks", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    kept = pathlib.Path(options.oracle)
    oracle = json.loads(kept.read_text()) if kept.exists() else {}
    everything = []
    by_network = {}
    for accelerator, system, mode, settings in all_configurations():
        if options.only not in f"{accelerator}|{system}|{mode}":
            continue
        errors = []
        for network in options.networks:
            key = f"{accelerator}|{system}|{mode}|{network.stem}"
            if key not in oracle:
                oracle[key] = vela(network, accelerator, system, mode)
                kept.write_text(json.dumps(oracle))
            ours = dovetail(options, network, accelerator, settings)
            if "error" in oracle[key] or "error" in ours:
                print(f"{key}: Vela {oracle[key].get('error', 'has one')!r}, ours {ours.get('error', 'has one')!r}")
                continue
            error = ours["cycles"] / oracle[key]["cycles"] - 1
            errors.append(error)
            by_network.setdefault(network.stem, []).append(error)
            print(f"{key}: Vela {oracle[key]['cycles']}, ours {ours['cycles']} ({error:+.1%})")
            if options.layers:
                for layer in oracle[key]["layers"]:
                    print("    Vela", *layer)
                for layer in ours["layers"]:
                    print("    ours", *layer)
        everything += errors
        if errors:
            summary(f"{accelerator} {system} {mode}", errors)
    for network, errors in by_network.items():
        summary(network, errors)
    summary("all", everything)


if __name__ == "__main__":
    main()
