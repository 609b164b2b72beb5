"""What a run found: the tables, what was to be reached, and the JSON file."""

import dataclasses
import json
import statistics

import cases

NAMES = {"martlet": "Martlet", "eager": "PyTorch", "compile": "torch.compile", "jax": "JAX", "numpy": "NumPy"}
MEMORY_TARGET = 0.85


@dataclasses.dataclass
class Result:
    """Seconds a call in each round, by side, and what kept a side away."""

    case: object
    times: dict
    missing: list

    def median(self, side):
        return statistics.median(self.times[side]) if side in self.times else None

    def ratio(self, peer):
        """How many times as long the peer took: the median over the rounds."""
        if peer in self.times:
            return statistics.median(p / m for p, m in zip(self.times[peer], self.times["martlet"]))
        return None

    def misses(self):
        """What was to be reached and was not, as texts."""
        time, ratio = self.median("martlet") * 1e6, self.ratio("eager")
        bound = self.case.target if isinstance(self.case, cases.Step) else self.case.time_target
        if bound and time > bound:
            yield f"{duration(time / 1e6)}, ≤ {duration(bound / 1e6)} is to be reached"
        least = self.case.ratio_target if isinstance(self.case, cases.Operation) else 1
        if ratio and ratio < least:
            yield f"PyTorch takes {ratio:.2f} times as long, ≥ {least} is to be reached"

    def speed(self, side):
        """Bytes a second, of what only moves memory."""
        return self.case.bytes_moved * self.case.count / self.median(side) if side in self.times else None


@dataclasses.dataclass
class Started:
    """Seconds to the first step by side, and by workload the most bytes by side."""

    seconds: dict
    memory: dict


@dataclasses.dataclass
class Run:
    conditions: dict
    versions: dict
    seconds: float
    others: float | None
    options: object
    sides: list
    bandwidth: list
    results: list
    started: Started | None

    def of(self, kind):
        return [result for result in self.results if isinstance(result.case, kind)]

    def text(self):
        tables = self.steps(), self.start(), self.peaks(), self.sizes(), self.shapes(), self.memory()
        return "\n\n".join(part for part in (self.head(), *tables, self.busy(), self.missed()) if part)

    def head(self):
        changed = ", changed" if self.conditions["isDirty"] else ""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return (
            f"Martlet {self.conditions['revision']}{changed}, {self.conditions['swift']}; {versions}\n"
            f"{self.conditions['cpu']}, {self.options.threads} threads; {self.conditions['blas']}\n"
            f"medians of {self.options.rounds} rounds in turn, {self.seconds:.0f} s; n×: the peer takes n times as"
            " long, the median over the rounds; ✗: not what is to be reached"
        )

    def steps(self):
        peers = self.sides[1:]
        rows = [
            [result.case.name, *(duration(result.median(side)) for side in self.sides)]
            + [times(result.ratio(peer)) for peer in peers]
            + [mark(f"≤ {result.case.target} µs" if result.case.target else "≤ PyTorch", result)]
            for result in self.of(cases.Step)
        ]
        heads = ["training step", *map(NAMES.get, self.sides), *(f"{NAMES[peer]} ×" for peer in peers)]
        return table([*heads, "to reach"], rows)

    def start(self):
        if not self.started:
            return ""
        rows = []
        for side, taken in self.started.seconds.items():
            target = ""
            if side == "martlet":
                missed = statistics.median(taken) > cases.START_TARGET
                target = f"≤ {duration(cases.START_TARGET)}" + (" ✗" if missed else "")
            if taken:
                rows.append([NAMES[side], duration(statistics.median(taken)), target])
        return table(["start of the process to its first step", "time", "to reach"], rows)

    def peaks(self):
        """The most memory of a process that starts and trains."""
        if not self.started:
            return ""
        sides = list(self.started.seconds)
        rows = [
            [name, *(f"{size / 2**20:.0f} MB" if size else "–" for size in map(peaks.get, sides))]
            for name, peaks in self.started.memory.items()
        ]
        return table(["peak memory of a process, start and steps", *map(NAMES.get, sides)], rows)

    def sizes(self):
        """Operations on the common sizes: Martlet's time, and the peers' as multiples of it."""
        lines = {}
        for result in self.of(cases.Operation):
            case = result.case
            if case.has_common_size:
                lines.setdefault((case.name, case.layout, case.mode), {})[case.count] = result
        rows = [
            [f"{name}, {layout}, {mode}" if layout != "contiguous" else f"{name}, {mode}"]
            + [cell(line.get(count)) for count in cases.ROWS]
            for (name, layout, mode), line in lines.items()
        ]
        heads = [f"{count:,}" for count in cases.ROWS]
        return table([f"operation, n elements: {self.legend()}", *heads], rows)

    def shapes(self):
        """The other operations."""
        rows = [
            [result.case.row_name, cell(result)]
            for result in self.of(cases.Operation)
            if not result.case.has_common_size
        ]
        return table(["operation", self.legend()], rows)

    def legend(self):
        sides = {side: None for result in self.of(cases.Operation) for side in result.times}
        return ", ".join(NAMES[side] + (" ×" if side != "martlet" else "") for side in sides)

    def memory(self):
        copy, triad, read = self.bandwidth
        rows = [
            [result.case.row_name]
            + [f"{result.speed(side) / 1e9:.1f} GB/s" if side in result.times else "–" for side in self.sides]
            + [f"{self.share(result):.0%}" + ("" if self.share(result) >= MEMORY_TARGET else " ✗")]
            for result in self.of(cases.Operation)
            if result.case.bytes_moved
        ]
        head = f"memory: copy {copy / 1e9:.1f} GB/s, triad {triad / 1e9:.1f} GB/s, sum {read / 1e9:.1f} GB/s"
        return head + ("\n\n" + table(["memory", *map(NAMES.get, self.sides), "of that"], rows) if rows else "")

    def share(self, result):
        """Martlet's speed beside the best of what moves memory likewise: what only reads beside a sum."""
        copy, triad, read = self.bandwidth
        return result.speed("martlet") / (read if result.case.only_reads else max(copy, triad))

    def busy(self):
        if (self.others or 0) < 0.05:
            return ""
        return f"busy: other programs took {self.others:.0%} of a processor; the figures may be off"

    def missed(self):
        missed = [f"{result.case.row_name}: {text}" for result in self.results for text in self.misses(result)]
        remarks = [text for result in self.results for text in result.missing]
        return "\n".join([f"{len(missed)} of {len(self.results)} rows miss what is to be reached", *missed, *remarks])

    def misses(self, result):
        yield from result.misses()
        if isinstance(result.case, cases.Operation) and result.case.bytes_moved and self.share(result) < MEMORY_TARGET:
            yield f"{self.share(result):.0%} of the memory's speed, ≥ {MEMORY_TARGET:.0%} is to be reached"

    def json(self):
        """A run as `bench compare` reads it, with the peers' versions and the ratios beside."""
        rows = []
        for result in self.results:
            section = "steps" if isinstance(result.case, cases.Step) else "operations"
            for side, values in result.times.items():
                row = figures(f"{result.case.row_name}, {NAMES[side]}", section, side, "s", values)
                row["timesMartlet"] = result.ratio(side)
                rows.append(row)
        if self.started:
            for side, samples in self.started.seconds.items():
                if samples:
                    rows.append(figures(f"start, {NAMES[side]}", "start", side, "s", samples))
            for name, peaks in self.started.memory.items():
                for side, size in peaks.items():
                    if size:
                        rows.append(figures(f"peak memory, {name}, {NAMES[side]}", "start", side, "bytes", [size]))
        run = {"conditions": self.conditions, "versions": self.versions, "seconds": self.seconds}
        bandwidth = dict(zip(("copy", "triad", "sum"), self.bandwidth))
        run |= {"others": self.others, "bytesPerSecond": bandwidth, "rows": rows}
        return json.dumps(run, indent=1, ensure_ascii=False) + "\n"


def figures(name, section, side, unit, values):
    lower, median, upper = statistics.quantiles(values, method="inclusive") if len(values) > 1 else values * 3
    return {
        "name": name, "section": section, "parameters": {"path": side}, "unit": unit, "median": median,
        "lowerQuartile": lower, "upperQuartile": upper, "samples": len(values),
        "isNoisy": len(values) > 2 and (upper - lower) / median > 0.1,
    }  # fmt: skip


def cell(result):
    """Martlet's time, and the peers' as multiples of it."""
    if result is None:
        return ""
    ratios = [times(result.ratio(side)) for side in result.times if side != "martlet"]
    return mark(" ".join([duration(result.median("martlet")), *ratios]), result)


def mark(text, result):
    return text + (" ✗" if any(result.misses()) else "")


def times(ratio):
    return "–" if ratio is None else f"{digits(ratio)}×"


def duration(seconds):
    if seconds is None:
        return "–"
    for unit, size in ("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3):
        if seconds < 1000 * size:
            return f"{digits(seconds / size)} {unit}"
    return f"{digits(seconds)} s"


def digits(value):
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f}"


def table(heads, rows):
    """A Markdown table, its columns aligned; nothing without rows."""
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    rules = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [
        " | ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths)))
        for row in [heads, rules, *rows]
    ]
    return "\n".join(f"| {line} |" for line in lines)
