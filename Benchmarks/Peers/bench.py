"""Martlet beside PyTorch and JAX: the same steps and operations in turn, round by round, and a table of them.

Each side is a process of its own that does what it is told on its standard input. Before anything is timed, all
have to compute the same from the same numbers; a side's turn begins when the others' threads have gone to sleep.
"""

import argparse
import glob
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time

import cases
import pins
import report
from report import NAMES

HERE = pathlib.Path(__file__).parent
# Of losses, relative.
TOLERANCE = 1e-5
# Of elements, relative to their mean size: whether the same is computed. How exactly is for the tests to say, and sums
# of 20,000 elements differ by their rounding.
OPERATION_TOLERANCE = 1e-4


class Failed(Exception):
    """A side could not do what it was told."""


class Side:
    """A process that measures."""

    def __init__(self, name, options):
        environment = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NPROC"), str(options.threads))
        environment["TORCHINDUCTOR_CACHE_DIR"] = str(pathlib.Path(sys.prefix, "inductor"))
        command = [sys.executable, "-B", str(HERE / "worker.py"), name, str(options.threads)]
        if name == "martlet":
            command = [options.martlet, "serve"]
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )

    def ask(self, *fields):
        print(*fields, sep="\t", file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{NAMES[self.name]} ended at {' '.join(map(str, fields))}")
        if line.startswith("error\t"):
            raise Failed(f"{NAMES[self.name]}: {' '.join(map(str, fields))}: {line[6:].strip()}")
        return line.rstrip("\n")

    def numbers(self, *fields):
        return [float(word) for word in self.ask(*fields).split("\t")]

    def rest(self):
        """Waits until its threads sleep: OpenBLAS's and OpenMP's go on spinning for milliseconds."""
        end = time.monotonic() + 0.2
        pattern = f"/proc/{self.process.pid}/task/*/stat"
        while time.monotonic() < end and any(is_running(path) for path in glob.glob(pattern)):
            time.sleep(0.001)

    def peak_memory(self):
        """The most resident bytes so far; None where the system does not tell."""
        path = pathlib.Path(f"/proc/{self.process.pid}/status")
        if not path.exists():
            return None
        return next(1024 * int(line.split()[1]) for line in path.read_text().splitlines() if "VmHWM" in line)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def is_running(path):
    try:
        return pathlib.Path(path).read_text().rpartition(")")[2].split()[0] == "R"
    except OSError:  # The thread has ended.
        return False


def prepare(side, case):
    if isinstance(case, cases.Step):
        return side.numbers("step", case.name, 4)
    fields = case.name, case.layout, case.rows, case.columns, case.mode, case.values
    return side.numbers("operation", *fields)


def check(case, martlet, peer, name):
    """Stops the run unless both computed the same."""
    is_step = isinstance(case, cases.Step)
    scale = 0 if is_step else statistics.fmean(map(abs, martlet))
    worst = max((abs(a - b) / (max(abs(b), scale) or 1) for a, b in zip(martlet, peer)), default=math.inf)
    if len(martlet) != len(peer) or not worst <= (TOLERANCE if is_step else OPERATION_TOLERANCE):
        sys.exit(
            f"{case.name}: {NAMES[name]} computes something else, by {worst:.1e}: {case}\n"
            f"Martlet  {martlet[:8]}\n{NAMES[name]}  {peer[:8]}"
        )


def plan(side, seconds):
    """How many calls make a sample, and how many samples a turn."""
    calls, taken = 1, side.numbers("time", 1, 1)[0]
    while calls * taken < 1e-3:
        calls = max(calls + 1, int(min(calls * 10, 1.2e-3 / taken)))
        taken = side.numbers("time", calls, 1)[0]
    return calls, max(1, min(9, round(seconds / (calls * taken))))


def measure(sides, case, rounds, seconds):
    """Seconds a call in each round, by side."""
    expected = prepare(sides["martlet"], case)
    plans, missing = {}, []
    for name, side in sides.items():
        try:
            if name != "martlet":
                check(case, expected, prepare(side, case), name)
            side.rest()
            plans[name] = plan(side, seconds)
            side.rest()
        except Failed as failure:
            if name == "martlet" or side.process.poll() is not None:
                raise
            missing.append(str(failure))
    if case.is_large:
        rounds = min(rounds, 3)
    times = {name: [] for name in plans}
    for round in range(rounds):
        order = list(plans)
        # Whoever comes after whom differs from round to round.
        turn = round % len(order)
        for name in order[turn:] + order[:turn]:
            calls, samples = plans[name]
            if samples > 1:
                # Untimed: the caches fill, and the system spreads the threads over the cores again.
                sides[name].numbers("time", calls, samples // 2)
            times[name] += sides[name].numbers("time", calls, samples)
            sides[name].rest()
    return report.Result(case, times, missing)


STEPS_OF_A_PEAK = 20


def start(names, options, rounds):
    """How long a process takes to its first step, and the memory that one needs for each workload."""
    started = report.Started({name: [] for name in names}, {})
    for name in list(names) * rounds:
        begin = time.monotonic()
        side = Side(name, options)
        try:
            side.numbers("step", cases.START.name, 1)
            started.seconds[name].append(time.monotonic() - begin)
        except Failed:  # Told already where the step itself was measured.
            pass
        side.end()
    for case in cases.STEPS:
        peaks = started.memory[case.name] = {}
        # The compiler's own memory is not that of the step.
        for name in (name for name in names if name not in ("compile", "numpy")):
            side = Side(name, options)
            try:
                side.numbers("step", case.name, STEPS_OF_A_PEAK)
                peaks[name] = side.peak_memory()
            except Failed:
                pass
            side.end()
    return started


def seconds_of_others():
    """Processor time that other programs have used so far, up to a constant; None where the system does not tell.

    Right when the sides have ended: only then is their time known.
    """
    try:
        ticks = [int(word) for word in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    except OSError:
        return None
    busy = sum(ticks) - ticks[3] - ticks[4]  # All but idle and waiting for disks.
    return busy / os.sysconf("SC_CLK_TCK") - sum(os.times()[:4])


def arguments():
    parser = argparse.ArgumentParser(prog="make bench-peers", description=__doc__.partition("\n")[0])
    parser.add_argument("sections", nargs="*", help="of steps, operations and breadth (default: all)")
    parser.add_argument("--filter", default="", help="only rows whose name contains this text")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and sizes, without torch.compile")
    parser.add_argument("--full", action="store_true", help="every operation backward on 4·10⁷ elements too")
    parser.add_argument("--rounds", type=int, help="how often each side has its turn (default: 5; quick: 3)")
    parser.add_argument("--json", help="write the run to this file; `make bench-compare` reads it")
    parser.add_argument("--peers", help="of eager, compile, jax and numpy (default: all; quick: without compile)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of each side (default: all)")
    parser.add_argument("--martlet", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.compiles_operations = bool(options.peers)
    options.peers = (options.peers or ("eager,jax,numpy" if options.quick else "eager,compile,jax,numpy")).split(",")
    if unknown := set(options.peers) - set(NAMES):
        parser.error(f"unknown peers: {', '.join(unknown)}")
    options.rounds = options.rounds or (3 if options.quick else 5)
    return options


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def main():
    options = arguments()
    versions = pins.check()
    began, others = time.monotonic(), seconds_of_others()
    sides = {name: Side(name, options) for name in ["martlet", *options.peers]}

    def competitors(case):
        """To compile every operation takes many minutes; NumPy has no gradients and is asked for linear algebra."""
        if isinstance(case, cases.Operation) and case.name in (*cases.BREADTH, *cases.TRANSFORMS):
            return {name: side for name, side in sides.items() if name in ("martlet", "eager")}
        is_for_numpy = isinstance(case, cases.Operation) and case.is_linear_algebra and case.mode == "forward"
        compiles = isinstance(case, cases.Step) or options.compiles_operations
        return {
            name: side
            for name, side in sides.items()
            if not (name == "compile" and not compiles) and not (name == "numpy" and not is_for_numpy)
        }

    results = []
    conditions = json.loads(sides["martlet"].ask("conditions"))
    sections = {
        "steps": (cases.STEPS, 0.1),
        "operations": (cases.operations(options.quick, options.full), 0.006),
        "breadth": (cases.breadth(options.quick), 0.006),
    }
    for section, seconds in (sections[name] for name in options.sections or sections):
        for case in section:
            if options.filter in case.row_name:
                progress(f"{time.monotonic() - began:.0f} s  {case.row_name}")
                results.append(measure(competitors(case), case, options.rounds, seconds))
    # Not at the start, when the peers still load their libraries.
    bandwidth = sides["martlet"].numbers("bandwidth")
    for side in sides.values():
        side.end()
    started = start([name for name in sides if name != "numpy"], options, 1 if options.quick else 3) if not (options.filter or options.sections) else None
    progress("")
    seconds = time.monotonic() - began
    others = None if others is None else max(0, (seconds_of_others() - others) / seconds)
    run = report.Run(conditions, versions, seconds, others, options, list(sides), bandwidth, results, started)
    print(run.text())
    if options.json:
        pathlib.Path(options.json).write_text(run.json())


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"bench-peers: {failure}")
