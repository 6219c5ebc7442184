package io.liiklus.storage.kafka.positions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class TopicIdentityTest {

  private static final Uuid OURS = new Uuid(7, 7);
  private static final Uuid OTHER = new Uuid(8, 8);

  private long nowNs;
  private final TopicIdentity identity = new TopicIdentity("positions", () -> nowNs);

  TopicIdentityTest() {
    identity.adopt(OURS, 1);
  }

  @Test
  void sameTopic_isAllRight() {
    identity.require(OURS, 1);
    assertThat(identity.fault()).isEmpty();
  }

  @Test
  void topicThatComesBack_isAllRightAgain() {
    assertThatThrownBy(() -> identity.require(Uuid.ZERO_UUID, 0))
        .hasMessageStartingWith("the positions topic positions was deleted, with");
    assertThat(identity.fault()).isPresent();

    identity.require(OURS, 1);
    assertThat(identity.fault()).isEmpty();
    assertThat(identity.isLost()).isFalse();
  }

  @Test
  void topicThatIsAnotherForLong_isLostForGood() {
    assertThatThrownBy(() -> identity.require(OTHER, 1))
        .hasMessageStartingWith("the positions topic positions was deleted and made anew");
    nowNs += TopicIdentity.CONFIRM_NS;
    assertThatThrownBy(() -> identity.require(OTHER, 1)).isNotNull();

    assertThat(identity.isLost()).isTrue();
    assertThatThrownBy(() -> identity.require(OURS, 1)).isNotNull();
  }

  @Test
  void topicThatWasGivenPartitions_isLostAtOnce() {
    assertThatThrownBy(() -> identity.require(OURS, 2))
        .hasMessageStartingWith("the positions topic positions was given 2 partitions, and");

    assertThat(identity.isLost()).isTrue();
    assertThat(identity.fault()).isPresent();
    assertThatThrownBy(() -> identity.require(OURS, 1)).hasMessageContaining("2 partitions");
  }

  @Test
  void topicThatHadTheMorePartitionsBefore_isAllRight() {
    identity.adopt(OURS, 3);
    identity.require(OURS, 3);
    assertThat(identity.fault()).isEmpty();
  }

  @Test
  void deletedTopicThatIsMadeAnew_isNamedSo() {
    assertThatThrownBy(() -> identity.require(Uuid.ZERO_UUID, 0)).isNotNull();
    nowNs += TopicIdentity.CONFIRM_NS;
    assertThatThrownBy(() -> identity.require(OTHER, 1)).hasMessageContaining("made anew");
    assertThat(identity.isLost()).isFalse();
  }
}
