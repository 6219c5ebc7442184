package io.liiklus.storage.sql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another gateway, as far as the lock of its file goes. Ends with its standard input. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String[] args) throws IOException {
    try (var channel =
            FileChannel.open(
                Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      var owner = "process " + ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
      System.out.println(lock.isValid() ? "locked" : "not locked");
      int end = System.in.read();
      System.out.println("ended " + end);
    }
  }
}
