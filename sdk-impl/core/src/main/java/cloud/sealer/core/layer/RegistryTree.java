package cloud.sealer.core.layer;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/**
 * The files of a registry's storage, except the blobs that have layers of their own: links,
 * manifests and configurations. The layout is that of the <a
 * href="https://distribution.github.io/distribution/storage-drivers/filesystem/">filesystem
 * driver</a> of the distribution registry.
 */
public final class RegistryTree {
  /** The root of the storage in the rootfs. */
  public static final RootfsPath ROOT = RootfsPath.of("registry/docker/registry/v2");

  private final TreeMap<RootfsPath, FileTree.Entry> entries = new TreeMap<>();

  /** The path of a blob's bytes. */
  public static RootfsPath blob(Digest digest) {
    return ROOT.resolve(
        "blobs/"
            + digest.algorithm()
            + "/"
            + digest.hex().substring(0, 2)
            + "/"
            + digest.hex()
            + "/data");
  }

  /** Adds a manifest or configuration itself. */
  public void addBlob(Digest digest, byte[] bytes) {
    file(blob(digest), bytes);
  }

  /** Lets a repository serve a layer or configuration. */
  public void addLayerLink(String repository, Digest digest) {
    link(repository, "_layers/" + key(digest), digest);
  }

  /** Lets a repository serve a manifest or index by digest. */
  public void addRevision(String repository, Digest digest) {
    link(repository, "_manifests/revisions/" + key(digest), digest);
  }

  /** Lets a repository serve a manifest or index by tag. */
  public void addTag(String repository, String tag, Digest digest) {
    link(repository, "_manifests/tags/" + tag + "/current", digest);
    link(repository, "_manifests/tags/" + tag + "/index/" + key(digest), digest);
  }

  /** All files with their directories, sorted. */
  public List<FileTree.Entry> entries() {
    return List.copyOf(entries.values());
  }

  private static String key(Digest digest) {
    return digest.algorithm() + "/" + digest.hex();
  }

  private void link(String repository, String path, Digest digest) {
    file(
        ROOT.resolve("repositories/" + repository + "/" + path + "/link"),
        digest.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private void file(RootfsPath path, byte[] bytes) {
    entries.put(
        path, FileTree.Entry.file(path, 0644, bytes.length, () -> new ByteArrayInputStream(bytes)));
    for (RootfsPath parent = path.parent(); !parent.isRoot(); parent = parent.parent()) {
      if (entries.putIfAbsent(parent, FileTree.Entry.directory(parent, 0755)) != null) {
        return;
      }
    }
  }
}
