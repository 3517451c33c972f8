package cloud.sealer.core.layer;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a registry's storage, except the blobs that have layers of their own: links,
 * manifests and configurations. The layout is that of the <a
 * href="https://distribution.github.io/distribution/storage-drivers/filesystem/">filesystem
 * driver</a> of the distribution registry.
 */
public final class RegistryTree {
  /** The root of the storage in the rootfs. */
  public static final RootfsPath ROOT = RootfsPath.of("registry/docker/registry/v2");

  private static final Pattern DATA =
      Pattern.compile(
          Pattern.quote(ROOT.value())
              + "/blobs/(sha256|sha512)/[0-9a-f]{2}/([0-9a-f]{64}|[0-9a-f]{128})/data");

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

  /** The blob that a path holds the bytes of. */
  public static Optional<Digest> blobAt(RootfsPath path) {
    Matcher data = DATA.matcher(path.value());
    return data.matches()
        ? Optional.of(new Digest(data.group(1), data.group(2)))
        : Optional.empty();
  }

  /** The link that lets a repository serve a layer or configuration. */
  public static RootfsPath layerLink(String repository, Digest digest) {
    return link(repository, "_layers/" + key(digest));
  }

  /** The link that lets a repository serve a manifest or index by digest. */
  public static RootfsPath revisionLink(String repository, Digest digest) {
    return link(repository, "_manifests/revisions/" + key(digest));
  }

  /** The link that says what a tag of a repository means. */
  public static RootfsPath tagLink(String repository, String tag) {
    return link(repository, "_manifests/tags/" + tag + "/current");
  }

  private static RootfsPath link(String repository, String path) {
    return ROOT.resolve("repositories/" + repository + "/" + path + "/link");
  }

  /** Adds a manifest or configuration itself. */
  public void addBlob(Digest digest, byte[] bytes) {
    file(blob(digest), bytes);
  }

  /** Lets a repository serve a layer or configuration. */
  public void addLayerLink(String repository, Digest digest) {
    link(layerLink(repository, digest), digest);
  }

  /** Lets a repository serve a manifest or index by digest. */
  public void addRevision(String repository, Digest digest) {
    link(revisionLink(repository, digest), digest);
  }

  /** Lets a repository serve a manifest or index by tag. */
  public void addTag(String repository, String tag, Digest digest) {
    link(tagLink(repository, tag), digest);
    link(link(repository, "_manifests/tags/" + tag + "/index/" + key(digest)), digest);
  }

  /** All files with their directories, sorted. */
  public List<FileTree.Entry> entries() {
    return List.copyOf(entries.values());
  }

  private static String key(Digest digest) {
    return digest.algorithm() + "/" + digest.hex();
  }

  private void link(RootfsPath path, Digest digest) {
    file(path, digest.toString().getBytes(StandardCharsets.US_ASCII));
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
