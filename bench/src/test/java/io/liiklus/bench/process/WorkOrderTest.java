package io.liiklus.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorkOrderTest {

  @Test
  void arguments_makeTheSameOrderAgain() {
    var order = WorkOrder.of("receive").with("topic", "a=b").with("batch", 500);

    var parsed = WorkOrder.parse(order.arguments().toArray(String[]::new));

    assertThat(parsed).isEqualTo(order);
    assertThat(parsed.text("topic")).isEqualTo("a=b");
    assertThat(parsed.number("batch")).isEqualTo(500);
    assertThat(parsed.number("groups", 1)).isEqualTo(1);
  }

  @Test
  void missingValue_isNamed() {
    assertThatThrownBy(() -> WorkOrder.of("receive").text("topic"))
        .hasMessage("receive: topic is missing");
  }
}
