// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.backup;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A backup as a file: a zip of {@code backup.json} (the {@link BackupLabel}) and {@code store.rdb}
 * (a snapshot as Redis writes it). Its owner alone may read it; it appears under its name when it
 * is whole and on the disk. Blocking.
 */
public final class BackupFile {

  private static final String LABEL = "backup.json";
  private static final String SNAPSHOT = "store.rdb";
  private static final int MAX_LABEL = 1 << 20;
  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final BackupLabel label;

  private BackupFile(Path file, BackupLabel label) {
    this.file = file;
    this.label = label;
  }

  public BackupLabel label() {
    return label;
  }

  /** The bytes and the digest of a snapshot that lies in a file. */
  public static String digestOf(Path snapshot) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(snapshot), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Writes a backup, which gets its name when every byte of it was read back.
   *
   * @throws FileAlreadyExistsException when there is such a file: it is left as it is
   * @throws IOException in one sentence: why it cannot be written there; nothing is left behind
   */
  public static BackupFile write(Path file, BackupLabel label, Path snapshot) throws IOException {
    Path whole = file.toAbsolutePath();
    if (Files.exists(whole)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    try {
      writeWhole(whole, label, snapshot);
      return new BackupFile(file, label);
    } catch (FileSystemException e) {
      throw new IOException(file + " cannot be written: " + reason(e), e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Its message is a path; the reason may be its class alone. */
  private static String reason(FileSystemException e) {
    if (e.getReason() != null) {
      return e.getReason();
    }
    if (e instanceof AccessDeniedException) {
      return "no permission for " + e.getFile();
    }
    if (e instanceof NoSuchFileException) {
      return e.getFile() + " is not there or cannot be made";
    }
    return e instanceof FileAlreadyExistsException
        ? e.getFile() + " is no folder"
        : e.getClass().getSimpleName();
  }

  private static void writeWhole(Path whole, BackupLabel label, Path snapshot) throws IOException {
    Path folder = whole.getParent();
    if (folder != null) {
      Files.createDirectories(folder, owner("rwx------", folder));
    }
    // a name of its own: two backups at once may be asked for the same file
    Path beside = whole.resolveSibling(whole.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Set<OpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel channel = FileChannel.open(beside, fresh, owner("rw-------", beside));
          ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel))) {
        zip.setLevel(Deflater.BEST_SPEED);
        zip.putNextEntry(new ZipEntry(LABEL));
        zip.write(label.encoded().getBytes(StandardCharsets.UTF_8));
        zip.putNextEntry(new ZipEntry(SNAPSHOT));
        Files.copy(snapshot, zip);
        zip.finish();
        zip.flush();
        channel.force(true);
      }
      BackupLabel unused = read(beside);
      if (Files.exists(whole)) {
        throw new FileAlreadyExistsException(whole.toString(), null, "another backup was first");
      }
      Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /**
   * Opens a backup and checks every byte of it.
   *
   * @throws IOException in one sentence: what is missing, cut off, changed or of another version
   */
  public static BackupFile checked(Path file) throws IOException {
    try {
      return new BackupFile(file, read(file));
    } catch (Damaged e) {
      throw cannotBeRestored(file, e);
    }
  }

  /** The label of what was found whole. */
  private static BackupLabel read(Path file) throws IOException {
    try (ZipFile zip = open(file)) {
      BackupLabel label = label(zip);
      MessageDigest digest = sha256();
      long bytes;
      try (InputStream in = new DigestInputStream(entry(zip, SNAPSHOT), digest)) {
        bytes = in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new Damaged(String.valueOf(e.getMessage()), e);
      }
      if (bytes != label.bytes()
          || !label.sha256().equals(HexFormat.of().formatHex(digest.digest()))) {
        throw new Damaged("its snapshot has another checksum than its label says", null);
      }
      return label;
    }
  }

  /** Copies the snapshot to a place of its own, onto the disk; checked once more on the way. */
  public void unpack(Path target) throws IOException {
    MessageDigest digest = sha256();
    Set<OpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (ZipFile zip = open(file);
        InputStream in = new BufferedInputStream(entry(zip, SNAPSHOT), CHUNK);
        FileChannel channel = FileChannel.open(target, fresh, owner("rw-------", target));
        OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest)) {
      in.transferTo(out);
      channel.force(true);
    } catch (Damaged e) {
      throw cannotBeRestored(file, e);
    }
    if (!label.sha256().equals(HexFormat.of().formatHex(digest.digest()))) {
      throw cannotBeRestored(file, new Damaged("it changed while it was read", null));
    }
  }

  private static ZipFile open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new FileNotFoundException(file + " is not there: expected a file that backup wrote");
    }
    try {
      return new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new Damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private static BackupLabel label(ZipFile zip) throws IOException {
    try (InputStream in = entry(zip, LABEL)) {
      return BackupLabel.decode(in.readNBytes(MAX_LABEL));
    } catch (IOException e) {
      throw new Damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private static InputStream entry(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new Damaged("it has no " + name, null);
    }
    return zip.getInputStream(entry);
  }

  private static IOException cannotBeRestored(Path file, Damaged why) {
    return new IOException(file + " cannot be restored: " + why.getMessage(), why);
  }

  /** What is wrong with a file, in a few words. */
  private static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String why, @Nullable Throwable cause) {
      super(why.lines().findFirst().orElse("no reason"), cause);
    }
  }

  private static FileAttribute<?>[] owner(String rights, Path at) {
    return at.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
