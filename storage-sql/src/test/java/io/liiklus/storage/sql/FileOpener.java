package io.liiklus.storage.sql;

import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;

/** A process that opens the storage of positions in a file, and prints how that went. */
final class FileOpener {

  private FileOpener() {}

  public static void main(String[] args) {
    var settings = TestSettings.of("jdbc:sqlite:" + args[0]);
    try (var storage = new SqlPositionsStorageFactory().open(settings, StorageContext.NONE)) {
      System.out.println("opened, coordinates=" + storage.coordination().isPresent());
    } catch (StorageException refused) {
      System.out.println(refused.kind() + " " + refused.getMessage());
    }
  }
}
