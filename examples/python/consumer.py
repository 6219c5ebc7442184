"""Prints each record of a topic, as a member of a consumer group, until it is interrupted.

    consumer.py [HOST:PORT [TOPIC [GROUP]]]
"""

import queue
import sys
import time

import grpc

from LiiklusService_pb2 import ConsumeAck, ConsumeRequest, ConsumeStart, PartitionAck
from LiiklusService_pb2_grpc import LiiklusServiceStub

TARGET = sys.argv[1] if len(sys.argv) > 1 else "localhost:6565"
TOPIC = sys.argv[2] if len(sys.argv) > 2 else "example"
GROUP = sys.argv[3] if len(sys.argv) > 3 else "example-python"
PAUSE_S = 0.5
# The gateway is away; or a balancer resets the call since it is.
AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL)


def consume(liiklus):
    """Handles records until the call ends. None on the queue is the graceful end of the call."""
    requests = queue.SimpleQueue()
    requests.put(ConsumeRequest(start=ConsumeStart(topic=TOPIC, group=GROUP)))
    try:
        for reply in liiklus.Consume(iter(requests.get, None)):
            if reply.WhichOneof("reply") == "records":
                handle(reply.records, requests)
            elif reply.WhichOneof("reply") == "failure":
                print(f"cannot be read: {reply.failure.message}", file=sys.stderr)
    finally:
        requests.put(None)


def handle(batch, requests):
    for record in batch.records.records:
        print(record.value.decode(errors="replace"), flush=True)
    # Behind the work: at least once. A record whose ack is lost comes again.
    done = PartitionAck(partition=batch.partition, up_to=batch.records.records[-1].offset)
    requests.put(ConsumeRequest(ack=ConsumeAck(partitions=[done])))


def main():
    with grpc.insecure_channel(TARGET) as channel:
        while True:
            try:
                consume(LiiklusServiceStub(channel))
            except grpc.RpcError as failure:
                if failure.code() not in AGAIN:
                    raise
                print(f"connecting again: {failure.details()}", file=sys.stderr)
            time.sleep(PAUSE_S)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
