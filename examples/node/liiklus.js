// The client that grpc-js makes of the wire contract.
const path = require('path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const PROTO = path.join(__dirname, '../../proto/src/main/protobuf/LiiklusService.proto');
// Offsets are 64 bits: as texts they lose none.
const definition = protoLoader.loadSync(PROTO, { keepCase: true, longs: String, oneofs: true });

exports.connect = (target) => {
  const { LiiklusService } = grpc.loadPackageDefinition(definition).com.github.bsideup.liiklus;
  return new LiiklusService(target, grpc.credentials.createInsecure());
};
