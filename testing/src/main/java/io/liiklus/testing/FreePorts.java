package io.liiklus.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Picks ports on which no process listens. Thread-safe.
 *
 * <p>They lie below those that the kernel gives to outgoing connections: a server that is away for
 * a second must find its port free when it returns. For each port the one {@value #BUS_DISTANCE}
 * above is free as well, where a Redis of a cluster opens its bus.
 */
public final class FreePorts {

  static final int BUS_DISTANCE = 10_000;

  private static final int FIRST = 12_000;
  private static final int LAST = 22_000;
  private static final int MAX_ATTEMPTS = 1_000;

  private FreePorts() {}

  /** Returns one free port. */
  public static int pickOne() {
    return pick(1).get(0);
  }

  /** Returns as many different free ports. */
  public static List<Integer> pick(int count) {
    var random = new Random();
    var ports = new ArrayList<Integer>(count);
    for (int attempt = 0; attempt < MAX_ATTEMPTS && ports.size() < count; attempt++) {
      int port = random.nextInt(FIRST, LAST);
      if (!ports.contains(port) && isFree(port) && isFree(port + BUS_DISTANCE)) {
        ports.add(port);
      }
    }
    if (ports.size() < count) {
      throw new IllegalStateException(
          "found fewer than " + count + " free ports from " + FIRST + " to " + LAST);
    }
    return ports;
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
