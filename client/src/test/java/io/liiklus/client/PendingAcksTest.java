package io.liiklus.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.PartitionAck;
import org.junit.jupiter.api.Test;

class PendingAcksTest {

  private final PendingAcks acks = new PendingAcks();

  @Test
  void singleRecords_areNamedBehindThePositionAlone() {
    acks.alone(1, 5);
    acks.alone(1, 7);
    acks.upTo(1, 6);
    acks.alone(0, 3);

    assertThat(acks.takeAll())
        .containsExactly(
            PartitionAck.newBuilder().setPartition(0).addOffsets(3).build(),
            PartitionAck.newBuilder().setPartition(1).setUpTo(6).addOffsets(7).build());
    assertThat(acks.isEmpty()).isTrue();
  }

  @Test
  void revokedPartition_isForgotten() {
    acks.upTo(0, 0);
    acks.upTo(1, 2);

    acks.remove(1);

    assertThat(acks.takeAll())
        .containsExactly(PartitionAck.newBuilder().setPartition(0).setUpTo(0).build());
  }
}
