package io.liiklus.storage.kafka.positions;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PositionsViewTest {

  private static final GroupId GROUP = new GroupId("group", 1);

  private final PositionsView view = new PositionsView();

  @Test
  void question_isAnsweredOnceTheViewHasComeSoFar() {
    view.apply(List.of(stored(0, 10)), 1);
    assertThat(view.answer(2, () -> view.find("topic", GROUP))).isEmpty();

    view.apply(List.of(stored(0, 5)), 2);
    assertThat(view.answer(2, () -> view.find("topic", GROUP))).contains(Map.of(0, 5L));
  }

  @Test
  void deletedPositions_areGoneWithTheirGroup() {
    view.apply(List.of(stored(0, 10), stored(1, 20)), 2);
    assertThat(view.size()).isEqualTo(2);

    view.apply(List.of(deleted(0), deleted(7)), 4);
    assertThat(view.size()).isEqualTo(1);
    assertThat(view.find("topic", GROUP)).isEqualTo(Map.of(1, 20L));

    view.apply(List.of(deleted(1)), 5);
    assertThat(view.findAll()).isEmpty();
    assertThat(view.findVersions("topic", "group")).isEmpty();
  }

  @Test
  void unknownPositions_areCounted() {
    view.apply(List.of(stored(0, 10)), 1);
    var wanted = new GroupPositions("topic", GROUP, Map.of(0, 11L, 1, 1L, 2, 1L));
    assertThat(view.unknown(wanted)).isEqualTo(2);
  }

  @Test
  void restartedView_isEmptyAndBehindAll() {
    view.apply(List.of(stored(0, 10)), 1);
    view.restart();
    assertThat(view.size()).isZero();
    assertThat(view.answer(1, () -> true)).isEmpty();
    assertThat(view.findAll()).isEmpty();
  }

  private static PositionRecord stored(int partition, long offset) {
    return new PositionRecord(new PositionId("topic", GROUP, partition), OptionalLong.of(offset));
  }

  private static PositionRecord deleted(int partition) {
    return new PositionRecord(new PositionId("topic", GROUP, partition), OptionalLong.empty());
  }
}
