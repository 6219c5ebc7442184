package io.liiklus.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * View that one broker gives its clients of the cluster. The Admin client asks any broker, and
 * brokers learn of a change at different moments, so this asks each by itself. Immutable.
 */
final class BrokerView {

  private static final int TIMEOUT_MS = 2_000;
  private static final int MAX_ANSWER_BYTES = 1 << 24;
  private static final short VERSION = 12;

  private BrokerView() {}

  /** Empty if the broker is away or gives no complete answer. */
  static Optional<Cluster> of(InetSocketAddress broker, List<String> topics) {
    try (var socket = new Socket()) {
      socket.connect(broker, TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      return Optional.of(ask(socket, topics));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Cluster ask(Socket socket, List<String> topics) throws IOException {
    var header = new RequestHeader(ApiKeys.METADATA, VERSION, "liiklus-testing", 1);
    var request = new MetadataRequest.Builder(topics, false).build(VERSION);
    var bytes = request.serializeWithHeader(header);
    var out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(bytes.remaining());
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    out.flush();

    var in = new DataInputStream(socket.getInputStream());
    int size = in.readInt();
    if (size < 0 || size > MAX_ANSWER_BYTES) {
      throw new IOException("not an answer of a broker: " + size + " bytes");
    }
    var answer = ByteBuffer.wrap(in.readNBytes(size));
    return ((MetadataResponse) AbstractResponse.parseResponse(answer, header)).buildCluster();
  }
}
