"""Measures publishing of 100-byte records by Publish, PublishBatch and PublishStream.

    PYTHONPATH=../../../examples/python/target /usr/bin/python3 publish.py [HOST:PORT [SECONDS]]
"""

import sys
import threading
import time

import grpc

from LiiklusService_pb2 import PublishBatchRequest, PublishRequest
from LiiklusService_pb2_grpc import LiiklusServiceStub

TARGET = sys.argv[1] if len(sys.argv) > 1 else "localhost:6565"
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 5
RECORD = PublishRequest(topic="bench-python", value=b"x" * 100)
CALLS = 64
BATCHES = 8


def batch(records):
    return PublishBatchRequest(requests=[RECORD] * records)


def by_calls(method, make, records, on_their_way):
    """Returns the records of the calls that were answered in time."""
    room = threading.Semaphore(on_their_way)
    done = 0

    def answered(call):
        nonlocal done
        call.result()
        done += records
        room.release()

    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        room.acquire()
        method.future(make(records)).add_done_callback(answered)
    for _ in range(on_their_way):
        room.acquire()
    return done


def by_stream(method, records, on_their_way):
    room = threading.Semaphore(on_their_way)
    end = time.monotonic() + SECONDS

    def requests():
        while time.monotonic() < end:
            room.acquire()
            yield batch(records)

    done = 0
    for reply in method(requests()):
        for result in reply.results:
            if result.HasField("error"):
                raise RuntimeError(result.error.message)
        done += len(reply.results)
        room.release()
    return done


def measure(name, run):
    began, cpu = time.monotonic(), time.process_time()
    done = run()
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    print(f"{name:<24} {done / seconds:>9,.0f}/s {cpu / done * 1e6:>8.1f} us of the client's processor")


with grpc.insecure_channel(TARGET) as channel:
    liiklus = LiiklusServiceStub(channel)
    liiklus.Publish(RECORD, wait_for_ready=True)
    measure("Publish", lambda: by_calls(liiklus.Publish, lambda _: RECORD, 1, CALLS))
    for size in (1, 16, 200):
        measure(
            f"PublishBatch of {size}",
            lambda: by_calls(liiklus.PublishBatch, batch, size, BATCHES),
        )
        measure(
            f"PublishStream of {size}",
            lambda: by_stream(liiklus.PublishStream, size, BATCHES),
        )
