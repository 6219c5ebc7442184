// Prints each record of a topic, as a member of a consumer group, until it is interrupted.
//
//   node consumer.js [HOST:PORT [TOPIC [GROUP]]]
const { setTimeout: pause } = require('timers/promises');
const { status } = require('@grpc/grpc-js');
const { connect } = require('./liiklus');

const [target = 'localhost:6565', topic = 'example', group = 'example-node'] =
  process.argv.slice(2);
const PAUSE_MS = 500;
// The gateway is away; or a balancer resets the call since it is.
const AGAIN = [status.UNAVAILABLE, status.INTERNAL];
const liiklus = connect(target);
let call;

// Handles records until the call ends.
async function consume() {
  call = liiklus.consume();
  call.write({ start: { topic, group } });
  for await (const reply of call) {
    if (reply.records) {
      handle(reply.records);
    } else if (reply.failure) {
      console.error(`cannot be read: ${reply.failure.message}`);
    }
  }
}

function handle({ partition, records: { records } }) {
  for (const { value } of records) {
    console.log(value.toString());
  }
  // Behind the work: at least once. A record whose ack is lost comes again.
  call.write({ ack: { partitions: [{ partition, up_to: records.at(-1).offset }] } });
}

async function main() {
  for (;;) {
    try {
      await consume();
    } catch (failure) {
      if (!AGAIN.includes(failure.code)) throw failure;
      console.error(`connecting again: ${failure.details}`);
    }
    await pause(PAUSE_MS);
  }
}

// The graceful end: acks are stored, and the group is left at once.
process.on('SIGINT', () => {
  call.on('end', () => process.exit());
  call.end();
});

main();
