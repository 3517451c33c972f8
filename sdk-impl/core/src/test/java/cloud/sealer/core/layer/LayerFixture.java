package cloud.sealer.core.layer;

import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import com.google.common.hash.Hashing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A store with an open session, and a task whose notices are kept. */
final class LayerFixture implements AutoCloseable {
  final OciLayerStore store;
  final LayerStore.Session session;
  final Task task;
  final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private final TaskTree tasks;

  LayerFixture(Path directory) {
    store = new OciLayerStore(directory);
    session = store.session();
    tasks = new TaskTree(events::add, Clock.systemUTC());
    task = tasks.start(Event.TaskKind.LAYER, "test", -1);
  }

  WrittenLayer write(Compression compression, FileTree.Entry... entries) {
    return new LayerWriter(compression, 0, 2).write(List.of(entries), session, task);
  }

  /** Stores any bytes as a layer. */
  Descriptor store(byte[] bytes) throws IOException {
    Digest digest = Digest.sha256(Hashing.sha256().hashBytes(bytes).toString());
    try (LayerStore.BlobWriter writer = session.write("test")) {
      writer.write(ByteBuffer.wrap(bytes));
      writer.commit(digest);
    }
    return new Descriptor(MediaType.OCI_LAYER, digest, bytes.length);
  }

  byte[] bytes(Descriptor layer) throws IOException {
    try (var in = store.open(layer.digest())) {
      return in.readAllBytes();
    }
  }

  List<TarArchiveEntry> list(Descriptor uncompressed) throws IOException {
    List<TarArchiveEntry> all = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(bytes(uncompressed)), "UTF-8")) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        all.add(e);
      }
    }
    return all;
  }

  static FileTree.Entry file(String path, String content) {
    return file(path, 0644, content);
  }

  static FileTree.Entry file(String path, int mode, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return FileTree.Entry.file(
        RootfsPath.of(path), mode, bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  static FileTree.Entry directory(String path) {
    return FileTree.Entry.directory(RootfsPath.of(path), 0755);
  }

  static FileTree.Entry symlink(String path, String target) {
    return FileTree.Entry.symlink(RootfsPath.of(path), target);
  }

  static FileTree.Entry hardLink(String path, String target) {
    return FileTree.Entry.hardLink(RootfsPath.of(path), RootfsPath.of(target));
  }

  static FileTree.Entry whiteout(String path) {
    return FileTree.Entry.whiteout(RootfsPath.of(path));
  }

  static FileTree.Entry opaque(String path) {
    return new FileTree.Entry(
        RootfsPath.of(path), FileTree.Kind.OPAQUE_DIRECTORY, 0755, 0, "", null, null);
  }

  /** Builds a tar by hand, with whatever an attacker would put in. */
  static final class EvilTar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    EvilTar add(char type, String name, String link, String content) {
      byte[] data = content.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(TarHeader.of(type, name, link, 0644, data.length, 0));
      return raw(data).raw(new byte[TarHeader.padding(data.length)]);
    }

    EvilTar raw(byte[] data) {
      bytes.writeBytes(data);
      return this;
    }

    byte[] end() {
      return raw(new byte[TarHeader.TRAILER]).bytes.toByteArray();
    }
  }

  /** A tar as commons-compress writes it, for what our own headers cannot say. */
  static byte[] foreignTar(TarArchiveEntry entry, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    task.close();
    tasks.close();
    session.close();
    store.close();
  }
}
