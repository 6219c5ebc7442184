"""Publishes each line of the standard input as a record, in order.

    publisher.py [HOST:PORT [TOPIC]]
"""

import sys
import time

import grpc

from LiiklusService_pb2 import PublishRequest
from LiiklusService_pb2_grpc import LiiklusServiceStub

TARGET = sys.argv[1] if len(sys.argv) > 1 else "localhost:6565"
TOPIC = sys.argv[2] if len(sys.argv) > 2 else "example"
TIMEOUT_S = 10
PAUSE_S = 0.5


def publish(liiklus, line):
    """Returns once the record is stored. One that is sent again may be stored twice."""
    # Records of one key go to one partition and keep their order.
    request = PublishRequest(topic=TOPIC, key=b"lines", value=line.encode())
    while True:
        try:
            return liiklus.Publish(request, timeout=TIMEOUT_S)
        except grpc.RpcError as failure:
            # The gateway is away, or what is behind it. All else is ours to mend.
            if failure.code() not in (
                grpc.StatusCode.UNAVAILABLE,
                grpc.StatusCode.DEADLINE_EXCEEDED,
                grpc.StatusCode.RESOURCE_EXHAUSTED,
            ):
                raise
            print(f"trying again: {failure.details()}", file=sys.stderr)
            time.sleep(PAUSE_S)


def main():
    with grpc.insecure_channel(TARGET) as channel:
        liiklus = LiiklusServiceStub(channel)
        for line in sys.stdin:
            reply = publish(liiklus, line.rstrip("\n"))
            print(f"partition {reply.partition} offset {reply.offset}", flush=True)


if __name__ == "__main__":
    main()
