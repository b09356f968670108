package dev.carillon.server.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file or folder cannot be used, in words for who runs the server. */
public final class FileFailure {
  private FileFailure() {}

  /** The reason alone: messages of Java's exceptions are a path, and need the class' name. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof FileSystemException failure) {
      return failure.getReason() == null ? e.toString() : failure.getReason();
    }
    // A full disk, for example: the system's own words.
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
