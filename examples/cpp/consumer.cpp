// Prints each record of a topic, as a member of a consumer group, until it is interrupted.
//
//   consumer [HOST:PORT [TOPIC [GROUP]]]
#include <chrono>
#include <iostream>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "LiiklusService.grpc.pb.h"

using namespace com::github::bsideup::liiklus;
using namespace std::chrono_literals;

constexpr auto kPause = 500ms;

// Sets the ack of the records.
void handle(const ConsumeRecords& batch, ConsumeRequest& request) {
  // Behind the work: at least once. A record whose ack is lost comes again.
  auto done = request.mutable_ack()->add_partitions();
  done->set_partition(batch.partition());
  for (const auto& record : batch.records().records()) {
    std::cout << record.value() << std::endl;
    done->set_up_to(record.offset());
  }
}

// Handles records until the call ends.
grpc::Status consume(LiiklusService::Stub& liiklus, const ConsumeRequest& start) {
  grpc::ClientContext context;
  auto call = liiklus.Consume(&context);
  call->Write(start);
  for (ConsumeReply reply; call->Read(&reply);) {
    if (reply.has_records()) {
      ConsumeRequest request;
      handle(reply.records(), request);
      call->Write(request);
    } else if (reply.has_failure()) {
      std::cerr << "cannot be read: " << reply.failure().message() << std::endl;
    }
  }
  return call->Finish();
}

int main(int argc, char** argv) {
  auto channel = grpc::CreateChannel(argc > 1 ? argv[1] : "localhost:6565", grpc::InsecureChannelCredentials());
  auto liiklus = LiiklusService::NewStub(channel);
  ConsumeRequest start;
  start.mutable_start()->set_topic(argc > 2 ? argv[2] : "example");
  start.mutable_start()->set_group(argc > 3 ? argv[3] : "example-cpp");
  for (;;) {
    auto status = consume(*liiklus, start);
    // The gateway is away; or a balancer resets the call since it is.
    if (!status.ok() && status.error_code() != grpc::StatusCode::UNAVAILABLE &&
        status.error_code() != grpc::StatusCode::INTERNAL) {
      std::cerr << status.error_message() << std::endl;
      return 1;
    }
    std::cerr << "connecting again: " << status.error_message() << std::endl;
    std::this_thread::sleep_for(kPause);
  }
}
