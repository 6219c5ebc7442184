// Measures publishing of 100-byte records by Publish, PublishBatch and PublishStream.
//
//   node publish.js [HOST:PORT [SECONDS]]
const { connect } = require('../../../examples/node/liiklus');

const [target = 'localhost:6565', seconds = '5'] = process.argv.slice(2);
const RECORD = { topic: 'bench-node', value: Buffer.alloc(100, 'x') };
const CALLS = 64;
const BATCHES = 8;
const liiklus = connect(target);
const requests = (records) => ({ requests: Array(records).fill(RECORD) });
const isOver = () => performance.now() >= end;
let end;

// Ends with the number of records that were stored.
function byCalls(method, request, records, onTheirWay) {
  return new Promise((resolve, reject) => {
    let done = 0;
    let out = 0;
    const next = () => {
      out++;
      method.call(liiklus, request, (failure) => {
        if (failure) return reject(failure);
        done += records;
        out--;
        if (!isOver()) next();
        else if (out === 0) resolve(done);
      });
    };
    for (let i = 0; i < onTheirWay; i++) next();
  });
}

function byStream(records, onTheirWay) {
  return new Promise((resolve, reject) => {
    let done = 0;
    const call = liiklus.publishStream();
    call.on('error', reject);
    call.on('data', ({ results }) => {
      const refused = results.find(({ error }) => error);
      if (refused) return reject(new Error(refused.error.message));
      done += results.length;
      if (isOver()) call.end();
      else call.write(requests(records));
    });
    call.on('end', () => resolve(done));
    for (let i = 0; i < onTheirWay; i++) call.write(requests(records));
  });
}

async function measure(name, run) {
  const began = performance.now();
  const cpu = process.cpuUsage();
  end = began + seconds * 1000;
  const done = await run();
  const rate = (done / (performance.now() - began)) * 1000;
  const { user, system } = process.cpuUsage(cpu);
  const ofRecord = ((user + system) / done).toFixed(1).padStart(8);
  console.log(`${name.padEnd(24)} ${Math.round(rate)}/s ${ofRecord} us of the client's processor`);
}

async function main() {
  await measure('Publish', () => byCalls(liiklus.publish, RECORD, 1, CALLS));
  for (const size of [1, 16, 200]) {
    await measure(`PublishBatch of ${size}`, () =>
      byCalls(liiklus.publishBatch, requests(size), size, BATCHES),
    );
    await measure(`PublishStream of ${size}`, () => byStream(size, BATCHES));
  }
  liiklus.close();
}

main();
