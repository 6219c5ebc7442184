# Prints each record of a topic, as a member of a consumer group, until it is interrupted.
#
#   ruby consumer.rb [HOST:PORT [TOPIC [GROUP]]]
require 'LiiklusService_services_pb'

include Com::Github::Bsideup::Liiklus

TARGET = ARGV.fetch(0, 'localhost:6565')
START = ConsumeStart.new(topic: ARGV.fetch(1, 'example'), group: ARGV.fetch(2, 'example-ruby'))
PAUSE_S = 0.5

# Handles records until the call ends. Nil on the queue is the graceful end of the call.
def consume(liiklus)
  requests = Queue.new
  requests << ConsumeRequest.new(start: START)
  liiklus.consume(Enumerator.produce { requests.pop || raise(StopIteration) }) do |reply|
    case reply.reply
    when :records then handle(reply.records, requests)
    when :failure then warn "cannot be read: #{reply.failure.message}"
    end
  end
ensure
  requests << nil
end

def handle(batch, requests)
  batch.records.records.each { |record| puts record.value }
  # Behind the work: at least once. A record whose ack is lost comes again.
  done = PartitionAck.new(partition: batch.partition, up_to: batch.records.records.last.offset)
  requests << ConsumeRequest.new(ack: ConsumeAck.new(partitions: [done]))
end

$stdout.sync = true
trap('INT') { exit }
liiklus = LiiklusService::Stub.new(TARGET, :this_channel_is_insecure)
loop do
  begin
    consume(liiklus)
  # The gateway is away; or a balancer resets the call since it is.
  rescue GRPC::Unavailable, GRPC::Internal => e
    warn "connecting again: #{e.details}"
  end
  sleep PAUSE_S
end
