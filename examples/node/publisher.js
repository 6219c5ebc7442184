// Publishes each line of the standard input as a record, in order.
//
//   node publisher.js [HOST:PORT [TOPIC]]
const readline = require('readline');
const { setTimeout: pause } = require('timers/promises');
const { status } = require('@grpc/grpc-js');
const { connect } = require('./liiklus');

const [target = 'localhost:6565', topic = 'example'] = process.argv.slice(2);
const TIMEOUT_MS = 10_000;
const PAUSE_MS = 500;
// The gateway is away, or what is behind it. All else is ours to mend.
const AGAIN = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.RESOURCE_EXHAUSTED];
const liiklus = connect(target);

const call = (request) =>
  new Promise((resolve, reject) => {
    const deadline = Date.now() + TIMEOUT_MS;
    liiklus.publish(request, { deadline }, (failure, reply) =>
      failure ? reject(failure) : resolve(reply),
    );
  });

// Ends once the record is stored. One that is sent again may be stored twice.
async function publish(line) {
  // Records of one key go to one partition and keep their order.
  const request = { topic, key: Buffer.from('lines'), value: Buffer.from(line) };
  for (;;) {
    try {
      return await call(request);
    } catch (failure) {
      if (!AGAIN.includes(failure.code)) throw failure;
      console.error(`trying again: ${failure.details}`);
      await pause(PAUSE_MS);
    }
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { partition, offset } = await publish(line);
    console.log(`partition ${partition} offset ${offset}`);
  }
  liiklus.close();
}

main();
