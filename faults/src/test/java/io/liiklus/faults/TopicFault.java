package io.liiklus.faults;

/** Fault of a log, on a topic of its own and with readers of its own. */
interface TopicFault {

  /** Its number and description, for people. */
  String title();

  /**
   * Makes the topic, lets it happen, and fails where anything did not go as promised.
   *
   * @param topic a name that nothing had before
   */
  void happen(String topic) throws Exception;
}
