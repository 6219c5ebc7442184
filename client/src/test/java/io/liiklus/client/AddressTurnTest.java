package io.liiklus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressTurnTest {

  private static AddressTurn of(String... names) {
    return new AddressTurn(Stream.of(names).map(GatewayAddress::parse).toList());
  }

  private static List<String> hosts(AddressTurn turn) {
    return turn.addresses().stream().map(GatewayAddress::host).toList();
  }

  @Test
  void eachTurn_beginsWithTheNextOne() {
    var turn = of("a", "b", "c");
    assertThat(hosts(turn)).containsExactly("a", "b", "c");

    assertThat(turn.next(turn.number())).isTrue();
    assertThat(hosts(turn)).containsExactly("b", "c", "a");

    turn.next(turn.number());
    turn.next(turn.number());
    assertThat(hosts(turn)).containsExactly("a", "b", "c");
    assertThat(turn.name()).isEqualTo("a:6565");
  }

  @Test
  void callsThatEndTogether_takeOneTurn() {
    var turn = of("a", "b");
    int began = turn.number();

    assertThat(turn.next(began)).isTrue();
    assertThat(turn.next(began)).isFalse();
    assertThat(hosts(turn)).containsExactly("b", "a");
  }

  @Test
  void oneAddress_hasTurnsToo() {
    var turn = of("a");

    assertThat(turn.next(turn.number())).isTrue();
    assertThat(hosts(turn)).containsExactly("a");
  }
}
