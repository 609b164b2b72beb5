"""A peer's process: does what bench.py tells it on standard input, in the language of Martlet's `bench serve`."""

import gc
import statistics
import sys
import time

import cases

STEPS = {step.name: step for step in cases.STEPS}


def probe(arrays):
    """At most 64 elements of each array, evenly spaced."""
    flat = [array.reshape(-1) for array in arrays]
    return [float(element) for array in flat for element in array[:: array.size // 64 + 1]]


def measure(call, finish, calls, samples):
    """The median seconds a call; `finish` waits for a result that is still being computed."""
    times = []
    for _ in range(samples):
        start = time.perf_counter()
        for _ in range(calls):
            result = call()
        finish(result)
        times.append((time.perf_counter() - start) / calls)
    return statistics.median(times)


def prepare(peer, command, fields):
    """The call that is to be timed, and what the sides have to agree on."""
    if command == "step":
        call = peer.step(STEPS[fields[0]])
        return call, [call().item() for _ in range(int(fields[1]))]
    name, layout, rows, columns, mode, values = fields
    call, arrays = peer.operation(cases.Operation(name, layout, int(rows), int(columns), mode, values))
    return call, probe(arrays())


def serve(peer):
    gc.disable()
    call = None
    for line in sys.stdin:
        command, *fields = line.rstrip("\n").split("\t")
        if command == "time":
            answer = [measure(call, peer.finish, *map(int, fields))]
        else:
            call = None
            gc.collect()
            try:
                call, answer = prepare(peer, command, fields)
            except Exception as error:
                answer = ["error", str(error).strip().partition("\n")[0]]
        print(*answer, sep="\t", flush=True)


if __name__ == "__main__":
    name, threads = sys.argv[1], int(sys.argv[2])
    if name == "jax":
        import jax_peer

        serve(jax_peer)
    elif name == "numpy":
        import numpy_peer

        serve(numpy_peer)
    else:
        import torch_peer

        serve(torch_peer.Torch(compiles=name == "compile", threads=threads))
