package io.liiklus.cli;

import io.liiklus.client.GatewayAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where gateways of one deployment listen, with commas between them: the first that answers is
 * used, and another one when it is gone. Immutable.
 *
 * @param all at least one
 */
record GatewayAddresses(List<GatewayAddress> all) {

  /**
   * @throws IllegalArgumentException naming what is allowed
   */
  static GatewayAddresses parse(String text) {
    return new GatewayAddresses(
        Arrays.stream(text.split(",", -1)).map(String::strip).map(GatewayAddress::parse).toList());
  }

  GatewayAddress first() {
    return all.get(0);
  }

  boolean isOne() {
    return all.size() == 1;
  }

  /** Their names, for people. */
  String hosts() {
    return all.stream().map(GatewayAddress::host).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return all.stream().map(GatewayAddress::toString).collect(Collectors.joining(", "));
  }
}
