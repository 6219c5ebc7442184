package io.liiklus.server.gateway;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.SubscribeReply;

/**
 * A client that wants nothing but its records, on a connection of its own: it publishes numbered
 * ones and reads them on a Receive that runs all the time. Confined to the test's thread.
 */
public final class Bystander implements AutoCloseable {

  private static final String KEY = "key";

  private final GatewayClient client;
  private final String topic;
  private final GatewayStream<SubscribeReply> subscription;
  private final GatewayStream<ReceiveReply> receive;
  private long sent;

  public Bystander(Backend backend, Gateway gateway) {
    client = new GatewayClient(gateway.port());
    topic = backend.newTopic();
    int partition = client.publish(topic, KEY, "0").getPartition();
    subscription = client.subscribe(topic, "bystander", 0);
    receive = client.receive(GatewayClient.assignments(subscription).get(partition));
    receive.request(Integer.MAX_VALUE);
    requireNext();
  }

  /** Publishes one more record, and gets it and no other. */
  public void goesOn() {
    var request =
        PublishRequest.newBuilder()
            .setTopic(topic)
            .setKey(bytes(KEY))
            .setValue(bytes(Long.toString(sent)));
    assertThat(client.stub().publish(request.build()).getOffset()).isEqualTo(sent);
    requireNext();
  }

  private void requireNext() {
    var record = receive.next().getRecord();
    assertThat(record.getOffset()).isEqualTo(sent);
    assertThat(record.getValue().toStringUtf8()).isEqualTo(Long.toString(sent));
    assertThat(receive.isEnded()).isFalse();
    assertThat(subscription.isEnded()).isFalse();
    sent++;
  }

  @Override
  public void close() {
    subscription.close();
    client.close();
  }
}
