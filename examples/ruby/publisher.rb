# Publishes each line of the standard input as a record, in order.
#
#   ruby publisher.rb [HOST:PORT [TOPIC]]
require 'LiiklusService_services_pb'

include Com::Github::Bsideup::Liiklus

TARGET = ARGV.fetch(0, 'localhost:6565')
TOPIC = ARGV.fetch(1, 'example')
TIMEOUT_S = 10
PAUSE_S = 0.5

# Returns once the record is stored. One that is sent again may be stored twice.
def publish(liiklus, line)
  # Records of one key go to one partition and keep their order.
  request = PublishRequest.new(topic: TOPIC, key: 'lines', value: line.b)
  begin
    liiklus.publish(request, deadline: Time.now + TIMEOUT_S)
  rescue GRPC::Unavailable, GRPC::DeadlineExceeded, GRPC::ResourceExhausted => e
    # The gateway is away, or what is behind it. All else is ours to mend.
    warn "trying again: #{e.details}"
    sleep PAUSE_S
    retry
  end
end

$stdout.sync = true
liiklus = LiiklusService::Stub.new(TARGET, :this_channel_is_insecure)
$stdin.each_line(chomp: true) do |line|
  reply = publish(liiklus, line)
  puts "partition #{reply.partition} offset #{reply.offset}"
end
