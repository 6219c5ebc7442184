package io.liiklus.testing;

import java.net.InetSocketAddress;

/** One broker of a cluster, as a process or as a container. Thread-safe. */
interface KafkaBroker extends AutoCloseable {

  /** Its address for clients, the same for its whole life. */
  InetSocketAddress address();

  /** Its address for clients that log in, the same for its whole life. */
  InetSocketAddress loginAddress();

  /** Starts it, on the data it has. Does not wait until it serves. */
  void start();

  boolean isRunning();

  void kill();

  void stop();

  /** Makes it hang: connections stay, and nothing is answered. */
  void pause();

  void resume();

  /** A file below its data's folder, while it is down. */
  byte[] readData(String file);

  /** Replaces a file below its data's folder, while it is down. */
  void writeData(String file, byte[] bytes);

  /** The end of its log, for failure texts. */
  String logTail();

  /** Kills it and deletes its data. */
  @Override
  void close();
}
