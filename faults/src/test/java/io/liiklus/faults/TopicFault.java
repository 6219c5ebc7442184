package io.liiklus.faults;

/** A fault of a log: it happens to a topic of its own, with readers of its own. */
interface TopicFault {

  /** Its number and what it is, for people. */
  String title();

  /**
   * Makes the topic, lets it happen, and fails where anything did not go as promised.
   *
   * @param topic a name that nothing had before
   */
  void happen(String topic) throws Exception;
}
