package io.liiklus.storage.read;

/** Factory of the readers of a storage. Thread-safe. */
public interface LogReaders {

  /**
   * A reader of many logs at their ends.
   *
   * @throws io.liiklus.api.StorageException where none can be opened now
   */
  LogReader openAtTail();

  /**
   * A reader of one log at a time, anywhere. It never waits long for a log that has nothing, since
   * the log that it reads next would wait too.
   *
   * @throws io.liiklus.api.StorageException where none can be opened now
   */
  LogReader openBehind();

  /** Notifies of a fault that no reader met, mostly of the machine: a thread cannot be started. */
  void onFault(Throwable fault);
}
