package io.liiklus.api;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Texts for people about files that cannot be used. Immutable. */
public final class FileFailures {

  private FileFailures() {}

  /** Which file, and why: some reasons are in the type of the failure alone. */
  public static String text(IOException failure) {
    var message = failure.getMessage();
    if (failure instanceof FileSystemException about && about.getReason() == null) {
      return message + ": " + reason(about);
    }
    return message == null ? "an I/O error" : message;
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    return failure instanceof FileAlreadyExistsException
        ? "something else has this name"
        : "an I/O error";
  }
}
