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
    identity.adopt(OURS);
  }

  @Test
  void sameTopic_isAllRight() {
    identity.require(OURS);
    assertThat(identity.fault()).isEmpty();
  }

  @Test
  void topicThatComesBack_isAllRightAgain() {
    assertThatThrownBy(() -> identity.require(Uuid.ZERO_UUID))
        .hasMessageStartingWith("the positions topic positions was deleted, with");
    assertThat(identity.fault()).isPresent();

    identity.require(OURS);
    assertThat(identity.fault()).isEmpty();
    assertThat(identity.isLost()).isFalse();
  }

  @Test
  void topicThatIsAnotherForLong_isLostForGood() {
    assertThatThrownBy(() -> identity.require(OTHER))
        .hasMessageStartingWith("the positions topic positions was deleted and made anew");
    nowNs += TopicIdentity.CONFIRM_NS;
    assertThatThrownBy(() -> identity.require(OTHER)).isNotNull();

    assertThat(identity.isLost()).isTrue();
    assertThatThrownBy(() -> identity.require(OURS)).isNotNull();
  }

  @Test
  void deletedTopicThatIsMadeAnew_isNamedSo() {
    assertThatThrownBy(() -> identity.require(Uuid.ZERO_UUID)).isNotNull();
    nowNs += TopicIdentity.CONFIRM_NS;
    assertThatThrownBy(() -> identity.require(OTHER)).hasMessageContaining("made anew");
    assertThat(identity.isLost()).isFalse();
  }
}
