// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.config.FrontdeskConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one embedded server, held exclusively while this is open. Blocking.
 *
 * <pre>
 * dataDir/lock            held by the gateway that runs on this folder
 * dataDir/redis/          0700; append-only file, redis.conf, redis.log
 *   bin/                  the unpacked server
 *   run/redis.sock        0700; in a temporary folder when the path is over 100 bytes
 *   redis.pid             process and socket of the server, to find one left behind
 *   version               the newest version that wrote here
 * </pre>
 */
final class DataFolder implements AutoCloseable {

  /** Paths of unix sockets end at 108 bytes on Linux, 104 on macOS. */
  private static final int LONGEST_SOCKET_PATH = 100;

  private final Path redis;
  private final FileChannel channel;
  private final FileLock lock;
  private final Path socket;

  private DataFolder(Path redis, FileChannel channel, FileLock lock, Path socket) {
    this.redis = redis;
    this.channel = channel;
    this.lock = lock;
    this.socket = socket;
  }

  /**
   * Takes the folder.
   *
   * @throws EmbeddedRedisException when another gateway runs on it, or it is another user's
   */
  static DataFolder take(Path dataDir) {
    try {
      Path folder = Files.createDirectories(dataDir.toAbsolutePath().normalize());
      refuseOfAnother(folder.resolve("redis"));
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = lock(channel);
      if (lock == null) {
        channel.close();
        throw new EmbeddedRedisException(
            "dataDir " + folder + " is in use by another gateway: stop it, or set another dataDir");
      }
      Path redis = owned(folder.resolve("redis"));
      Path socket = owned(redis.resolve("run")).resolve("redis.sock");
      if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
        // createTempDirectory makes it 0700
        socket = Files.createTempDirectory("frontdesk-").resolve("redis.sock");
      }
      return new DataFolder(redis, channel, lock, socket);
    } catch (IOException e) {
      throw new EmbeddedRedisException("dataDir " + dataDir + " cannot be used: " + e);
    }
  }

  /** What root would write there, the user whose store it is could not open any more. */
  private static void refuseOfAnother(Path redis) throws IOException {
    if (!Files.isDirectory(redis)) {
      return;
    }
    UserPrincipal owner = Files.getOwner(redis);
    Path mine = Files.createTempFile(redis, "owner", null);
    UserPrincipal me = Files.getOwner(mine);
    Files.delete(mine);
    if (!me.equals(owner)) {
      throw new EmbeddedRedisException(
          redis + " is of the user " + owner + ", this runs as " + me + ": run it as " + owner);
    }
  }

  /** Whether a gateway holds the folder; leaves everything in it as it is. */
  static boolean isTaken(Path dataDir) throws IOException {
    Path file = dataDir.resolve("lock");
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      return lock == null;
    }
  }

  /** The lock of a file, null when somebody else has it, in this process or another. */
  static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // of this process
    }
  }

  /** A folder that its owner alone may enter. */
  static Path owned(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  Path redis() {
    return redis;
  }

  Path binaries() {
    return redis.resolve("bin");
  }

  Path socket() {
    return socket;
  }

  Path configuration() {
    return redis.resolve("redis.conf");
  }

  Path log() {
    return redis.resolve("redis.log");
  }

  Path processFile() {
    return redis.resolve("redis.pid");
  }

  /**
   * Refuses a server older than the one that wrote here, and records a newer one. 7.0 writes a
   * folder of files that 6.2 silently ignores: it would start empty.
   */
  void writtenBy(RedisBinary binary) {
    Path file = redis.resolve("version");
    try {
      RedisBinary.Version before =
          Files.exists(file) ? RedisBinary.Version.find("v=" + Files.readString(file)) : null;
      if (before != null && binary.version().isOlderThan(before)) {
        throw new EmbeddedRedisException(
            redis
                + " was written by Redis "
                + before
                + ", "
                + binary.path()
                + " is "
                + binary.version()
                + ": install redis-server "
                + before
                + " or newer, or name one in redis.embedded.binary");
      }
      if (before == null || binary.version().compareTo(before) > 0) {
        Files.writeString(file, binary.version() + "\n");
      }
    } catch (IOException e) {
      throw new EmbeddedRedisException(file + " cannot be read or written: " + e);
    }
  }

  /** Writes the server's configuration; read back from the live server after start. */
  void configure(FrontdeskConfig.Embedded embedded, long maxMemory) {
    String text =
        String.join(
            "\n",
            "# written by the gateway at each start",
            "port 0",
            "unixsocket " + quoted(socket),
            "unixsocketperm 700",
            "dir " + quoted(redis),
            "logfile " + quoted(log()),
            "daemonize no",
            "databases 1",
            "appendonly yes",
            "appendfsync " + embedded.appendFsync(),
            // while the file is rewritten, "always" stays always
            "no-appendfsync-on-rewrite no",
            "aof-use-rdb-preamble yes",
            // rows are short: compressing them costs the rewriting more time than the disk it saves
            "rdbcompression no",
            // at most three times what it holds, or 1 GiB: each rewriting takes seconds of a core,
            // and
            // its writes stand in line with the fsyncs that customers wait for
            "auto-aof-rewrite-percentage 200",
            "auto-aof-rewrite-min-size 1gb",
            "save \"\"",
            // Redis keeps each second's longest fsync from 1 ms on, for FsyncWatch
            "latency-monitor-threshold 1",
            "maxmemory " + maxMemory,
            "maxmemory-policy noeviction",
            // state and dedupe hashes stay compact: 37 bytes per remembered id
            "hash-max-ziplist-entries 512",
            "hash-max-ziplist-value 2048",
            "list-max-ziplist-size -2",
            "");
    try {
      Files.writeString(configuration(), text);
    } catch (IOException e) {
      throw new EmbeddedRedisException(configuration() + " cannot be written: " + e);
    }
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(processFile());
      Files.deleteIfExists(socket);
      if (!socket.startsWith(redis)) {
        Files.deleteIfExists(socket.getParent());
      }
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new EmbeddedRedisException(redis + " cannot be left: " + e);
    }
  }
}
