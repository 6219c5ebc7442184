// Publishes each line of the standard input as a record, in order.
//
//   publisher [HOST:PORT [TOPIC]]
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "LiiklusService.grpc.pb.h"

using namespace com::github::bsideup::liiklus;
using namespace std::chrono_literals;

constexpr auto kTimeout = 10s;
constexpr auto kPause = 500ms;

// Whether the gateway is away, or what is behind it. All else is ours to mend.
bool comesBack(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
         status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

// Ends once the record is stored. One that is sent again may be stored twice.
grpc::Status publish(LiiklusService::Stub& liiklus, const PublishRequest& request, PublishReply& reply) {
  for (;;) {
    grpc::ClientContext call;
    call.set_deadline(std::chrono::system_clock::now() + kTimeout);
    auto status = liiklus.Publish(&call, request, &reply);
    if (!comesBack(status)) {
      return status;
    }
    std::cerr << "trying again: " << status.error_message() << std::endl;
    std::this_thread::sleep_for(kPause);
  }
}

int main(int argc, char** argv) {
  auto channel = grpc::CreateChannel(argc > 1 ? argv[1] : "localhost:6565", grpc::InsecureChannelCredentials());
  auto liiklus = LiiklusService::NewStub(channel);
  PublishRequest request;
  request.set_topic(argc > 2 ? argv[2] : "example");
  // Records of one key go to one partition and keep their order.
  request.set_key("lines");
  for (std::string line; std::getline(std::cin, line);) {
    request.set_value(line);
    PublishReply reply;
    auto status = publish(*liiklus, request, reply);
    if (!status.ok()) {
      std::cerr << status.error_message() << std::endl;
      return 1;
    }
    std::cout << "partition " << reply.partition() << " offset " << reply.offset() << std::endl;
  }
}
