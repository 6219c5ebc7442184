package io.liiklus.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;

class AckBytesTest {

  @Test
  void eachAck_differsInItsOffsetOnly() throws InvalidProtocolBufferException {
    var position = AckRequest.newBuilder().setTopic("orders").setGroup("g").setPartition(7).build();
    var bytes = new AckBytes(position);

    for (long offset = 1; offset <= 300; offset++) {
      assertThat(AckRequest.parseFrom(bytes.next()))
          .isEqualTo(position.toBuilder().setOffset(offset).build());
    }
  }
}
