package io.liiklus.storage.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicViewTest {

  private static final long OLD = Duration.ofSeconds(16).toNanos();

  private final TopicView view = new TopicView();
  private final GroupDocument document = new GroupDocument();

  @Test
  void unknownTopic_changesNothing() {
    document.partitions.set(3);
    view.enter(document, 0);
    assertThat(document.partitions).hasToString("{3}");
  }

  @Test
  void sameListing_isNoChange() {
    assertThat(view.update(List.of(), 0)).isTrue();
    assertThat(view.update(List.of(part(0)), 0)).isTrue();
    assertThat(view.update(List.of(part(0)), 1)).isFalse();
  }

  @Test
  void child_waitsForItsParents() {
    view.update(List.of(part(0), part(1), part(2, 0, 1)), 0);
    view.enter(document, 0);
    assertThat(document.partitions).hasToString("{0, 1}");
    document.ended.set(0);
    view.enter(document, 0);
    assertThat(document.partitions).hasToString("{0, 1}");
    document.ended.set(1);
    view.enter(document, 0);
    assertThat(document.partitions).hasToString("{0, 1, 2}");
  }

  @Test
  void parent_doesNotReturnBesideItsChild() {
    document.partitions.set(1);
    view.update(List.of(part(0), part(1, 0)), 0);
    view.enter(document, 0);
    assertThat(document.partitions).hasToString("{1}");
  }

  @Test
  void parentThatTheLogHasNoMore_isNotWaitedFor() {
    view.update(List.of(part(5, 4)), 0);
    view.enter(document, 0);
    assertThat(document.partitions).hasToString("{5}");
  }

  @Test
  void partitionThatTheLogHasNoMore_isTakenOut() {
    document.partitions.set(0, 6);
    view.update(List.of(part(2), part(4)), 0);
    view.enter(document, 0);
    // Behind the last one that is known, another gateway may know better.
    assertThat(document.partitions).hasToString("{2, 4, 5}");
  }

  @Test
  void oldView_changesNothing() {
    view.update(List.of(part(0)), 0);
    view.enter(document, OLD);
    assertThat(document.partitions.isEmpty()).isTrue();
  }

  private static LogPartition part(int id, Integer... parents) {
    return new LogPartition(id, Set.of(parents));
  }
}
